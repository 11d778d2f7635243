//! `GET /v1/customers/{id}`: one customer with meters, codes, bills and recent orders.

use super::list::{CustomerView, view_one};
use super::row;
use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::PathId;
use crate::keys::{Keyring, sign};
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::id::{CustomerId, LabelId, MeterId, WorkOrderId};
use dianma_schema::label::{self, LabelCode, LabelKind};
use dianma_schema::order::{OrderKind, OrderState};
use dianma_schema::permission::Permission;
use serde::Serialize;
use utoipa::ToSchema;

/// Most rows of each list on the page.
const MAX_ROWS: i64 = 200;

/// A meter.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MeterView {
    /// Id.
    pub id: MeterId,
    /// 表号.
    pub meter_number: String,
    /// 1 or 3.
    pub phases: i64,
    /// Multiplier.
    pub multiplier: i64,
    /// Last register reading, Wh.
    pub last_reading_wh: Option<i64>,
    /// When it was read.
    pub last_read_at_ms: Option<i64>,
    /// `installed` or `removed`.
    pub state: String,
}

/// A code of the customer or of a meter.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelView {
    /// Id.
    pub id: LabelId,
    /// Customer, meter or place.
    pub kind: LabelKind,
    /// The meter it is for.
    pub meter_id: Option<MeterId>,
    /// What the printed code says.
    pub text: String,
    /// `valid` or `revoked`.
    pub state: String,
    /// When it was issued.
    pub issued_at_ms: i64,
    /// Edition: a higher one outdates it.
    pub revision: i64,
}

/// A bill.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BillView {
    /// `yyyymm`.
    pub bill_month: i64,
    /// Fen.
    pub amount_fen: i64,
    /// Day key.
    pub due_on: i64,
    /// When it was paid.
    pub paid_at_ms: Option<i64>,
}

/// An order of the customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomerOrderView {
    /// Id.
    pub id: WorkOrderId,
    /// 工单号.
    pub order_number: String,
    /// Kind.
    pub kind: OrderKind,
    /// State.
    pub state: OrderState,
    /// When it was taken in.
    pub taken_in_at_ms: i64,
    /// Complete by.
    pub due_at_ms: Option<i64>,
}

/// The page.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomerPage {
    /// The row of the list.
    #[serde(flatten)]
    pub customer: CustomerView,
    /// Meters, removed ones too.
    pub meters: Vec<MeterView>,
    /// Codes.
    pub labels: Vec<LabelView>,
    /// Bills, newest first.
    pub bills: Vec<BillView>,
    /// Orders, newest first.
    pub orders: Vec<CustomerOrderView>,
}

/// Envelope of [`CustomerPage`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomerBody {
    /// The customer.
    pub customer: CustomerPage,
}

/// One customer.
#[utoipa::path(get, path = "/v1/customers/{id}", tag = "customers", params(("id" = String, Path)), responses(
    (status = 200, body = CustomerBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub async fn customer(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<CustomerId>,
) -> Result<Json<CustomerBody>, ApiError> {
    let is_masked = !actor.may(Permission::UnmaskCustomers);
    let (keys, now_ms) = (app.keys.clone(), app.clock.now_ms());
    let found = app
        .store
        .read(move |tx| read(tx, &keys, now_ms, id, is_masked))
        .await?;
    let customer = found.ok_or_else(ApiError::not_found)?;
    Ok(Json(CustomerBody { customer }))
}

fn read(
    tx: &mut dyn Tx,
    keys: &Keyring,
    now_ms: i64,
    id: CustomerId,
    is_masked: bool,
) -> Result<Option<CustomerPage>, ApiError> {
    let Some(customer) = row::load(tx, id)? else {
        return Ok(None);
    };
    Ok(Some(CustomerPage {
        customer: view_one(tx, customer, is_masked)?,
        meters: meters(tx, id)?,
        labels: labels(tx, keys, now_ms, id)?,
        bills: bills(tx, id)?,
        orders: orders(tx, id)?,
    }))
}

fn meters(tx: &mut dyn Tx, id: CustomerId) -> Result<Vec<MeterView>, StoreError> {
    tx.all(
        "SELECT id, meter_number, phases, multiplier, last_reading_wh, last_read_at_ms, state \
         FROM meters WHERE customer_id = ?1 ORDER BY state, meter_number LIMIT ?2",
        args![id.to_string(), MAX_ROWS],
        |row| {
            Ok(MeterView {
                id: row.parse(0)?,
                meter_number: row.text(1)?,
                phases: row.int(2)?,
                multiplier: row.int(3)?,
                last_reading_wh: row.opt_int(4)?,
                last_read_at_ms: row.opt_int(5)?,
                state: row.text(6)?,
            })
        },
    )
}

fn labels(
    tx: &mut dyn Tx,
    keys: &Keyring,
    now_ms: i64,
    id: CustomerId,
) -> Result<Vec<LabelView>, ApiError> {
    let sources = sign::of_customer(tx, &id.to_string())?;
    let mut views = label_rows(tx, id)?;
    for view in views.iter_mut().filter(|view| view.state == "valid") {
        if let Some(source) = sources.iter().find(|source| source.id == view.id) {
            view.text = sign::text(tx, keys, now_ms, source)?.text;
        }
    }
    Ok(views)
}

/// Revoked labels keep the text of the unsigned version: nothing new is signed for them.
fn label_rows(tx: &mut dyn Tx, id: CustomerId) -> Result<Vec<LabelView>, StoreError> {
    tx.all(
        "SELECT id, kind, meter_id, state, issued_at_ms, revision FROM labels WHERE customer_id = ?1 \
         ORDER BY issued_at_ms DESC, id LIMIT ?2",
        args![id.to_string(), MAX_ROWS],
        |row| {
            let (id, kind) = (row.parse(0)?, row.parse(1)?);
            Ok(LabelView {
                id,
                kind,
                meter_id: row.opt_parse(2)?,
                text: label::encode(LabelCode { kind, id }),
                state: row.text(3)?,
                issued_at_ms: row.int(4)?,
                revision: row.int(5)?,
            })
        },
    )
}

fn bills(tx: &mut dyn Tx, id: CustomerId) -> Result<Vec<BillView>, StoreError> {
    tx.all(
        "SELECT bill_month, amount_fen, due_on, paid_at_ms FROM bills WHERE customer_id = ?1 \
         ORDER BY bill_month DESC LIMIT ?2",
        args![id.to_string(), MAX_ROWS],
        |row| {
            Ok(BillView {
                bill_month: row.int(0)?,
                amount_fen: row.int(1)?,
                due_on: row.int(2)?,
                paid_at_ms: row.opt_int(3)?,
            })
        },
    )
}

fn orders(tx: &mut dyn Tx, id: CustomerId) -> Result<Vec<CustomerOrderView>, StoreError> {
    tx.all(
        "SELECT id, order_number, kind, state, taken_in_at_ms, due_at_ms FROM work_orders \
         WHERE customer_id = ?1 ORDER BY taken_in_at_ms DESC, id LIMIT ?2",
        args![id.to_string(), MAX_ROWS],
        |row| {
            Ok(CustomerOrderView {
                id: row.parse(0)?,
                order_number: row.text(1)?,
                kind: row.parse(2)?,
                state: row.parse(3)?,
                taken_in_at_ms: row.int(4)?,
                due_at_ms: row.opt_int(5)?,
            })
        },
    )
}

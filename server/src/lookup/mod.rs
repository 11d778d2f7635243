//! `POST /v1/lookup`: a phone asks for one customer outside its own archive, by a number or a code it
//! has at hand. Every question is audited; nobody can leaf through customers here.

use crate::app::App;
use crate::args;
use crate::audit;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Json;
use crate::keys::judge;
use crate::store::{StoreError, Tx};
use crate::sync::entries;
use axum::extract::State;
use axum::http::StatusCode;
use dianma_schema::fault;
use dianma_schema::id::{AccountNumber, CustomerId, MeterNumber, WorkOrderId};
use dianma_schema::order::{OrderKind, OrderState};
use dianma_schema::wire::record::CustomerRecord;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// Orders shown with a customer.
const MAX_ORDERS: i64 = 20;

/// One of the three.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct LookupQuestion {
    /// 户号.
    pub account_number: Option<String>,
    /// 表号.
    pub meter_number: Option<String>,
    /// Text of a scanned code.
    pub label_text: Option<String>,
}

/// A meter of the customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LookupMeter {
    /// 表号.
    pub meter_number: String,
    /// Number of phases.
    pub phases: u8,
    /// Multiplier.
    pub multiplier: u32,
    /// Last register reading, Wh.
    pub last_reading_wh: Option<i64>,
}

/// The customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LookupCustomer {
    /// Id.
    pub id: CustomerId,
    /// 户号.
    pub account_number: String,
    /// 户名.
    pub account_name: String,
    /// Phone number.
    pub contact_phone: Option<String>,
    /// Supply address.
    pub supply_address: String,
    /// 台区.
    pub area_name: String,
    /// 供电所.
    pub station_name: String,
    /// 杆号.
    pub pole_number: Option<String>,
    /// Class word.
    pub customer_class: String,
    /// Unpaid amount, fen.
    pub arrears_fen: i64,
    /// Meters.
    pub meters: Vec<LookupMeter>,
}

/// An order of the customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LookupOrder {
    /// Id.
    pub id: WorkOrderId,
    /// 工单号.
    pub order_number: String,
    /// Kind.
    pub kind: OrderKind,
    /// State.
    pub state: OrderState,
    /// Taken in, epoch ms.
    pub taken_in_at_ms: i64,
}

/// The answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LookupBody {
    /// The customer.
    pub customer: LookupCustomer,
    /// Their orders, newest first.
    pub work_orders: Vec<LookupOrder>,
}

/// Look a customer up by account number, meter number or code.
#[utoipa::path(post, path = "/v1/lookup", tag = "phone", request_body = LookupQuestion, responses(
    (status = 200, body = LookupBody), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody),
    (status = 429, body = ErrorBody)))]
pub async fn lookup(
    State(app): State<App>,
    actor: Actor,
    Json(question): Json<LookupQuestion>,
) -> Result<axum::Json<LookupBody>, ApiError> {
    if !app.tries.allows(&format!("lookup:{}", actor.staff_id)) {
        return Err(ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            fault::A_TOO_MANY,
        ));
    }
    let now_ms = app.clock.now_ms();
    let body = app
        .store
        .write(move |tx| find(tx, now_ms, &actor, &question))
        .await?;
    Ok(axum::Json(body))
}

/// Finds and writes down who asked for whom.
pub fn find(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor: &Actor,
    question: &LookupQuestion,
) -> Result<LookupBody, ApiError> {
    let (by, id) = key(tx, question)?;
    let unknown = || ApiError::new(StatusCode::NOT_FOUND, fault::V_UNKNOWN_CUSTOMER);
    let id = id.ok_or_else(unknown)?;
    let body = load(tx, &id)?.ok_or_else(unknown)?;
    let entry = audit::Entry {
        actor_id: &actor.staff_id.to_string(),
        action: "customer_looked_up",
        subject_kind: "customer",
        subject_id: &id,
        detail: json!({ "by": by, "device_id": actor.device_id }),
    };
    audit::append(tx, now_ms, &entry)?;
    Ok(body)
}

/// Which number was given, and the customer's id it leads to.
fn key(
    tx: &mut dyn Tx,
    question: &LookupQuestion,
) -> Result<(&'static str, Option<String>), ApiError> {
    if let Some(text) = &question.account_number {
        let number =
            AccountNumber::parse(text).map_err(|_| ApiError::unprocessable(fault::V_ACCOUNT))?;
        let sql = "SELECT id FROM customers WHERE account_number = ?1";
        let id = tx.first(sql, args![number.as_str()], |row| row.text(0))?;
        return Ok(("account_number", id));
    }
    if let Some(text) = &question.meter_number {
        let number =
            MeterNumber::parse(text).map_err(|_| ApiError::unprocessable(fault::V_METER))?;
        let sql = "SELECT customer_id FROM meters WHERE meter_number = ?1";
        let id = tx.first(sql, args![number.as_str()], |row| row.text(0))?;
        return Ok(("meter_number", id));
    }
    let Some(text) = &question.label_text else {
        let zh = "请给出户号、表号或二维码内容之一";
        return Err(ApiError::field(
            "account_number",
            zh,
            "Give one of the three",
        ));
    };
    let judged = judge::check(tx, 0, text)?;
    let Some((_, label_id, _)) = judged.label().filter(|_| judged.verdict.is_usable()) else {
        let verdict = judged.verdict;
        let (zh, en) = (verdict.sentence_zh(None), verdict.sentence_en(None));
        return Err(ApiError::field("label_text", &zh, &en));
    };
    let id = tx.first(
        "SELECT COALESCE(l.customer_id, m.customer_id) FROM labels l \
         LEFT JOIN meters m ON m.id = l.meter_id WHERE l.id = ?1 AND l.state = 'valid'",
        args![label_id.to_string()],
        |row| row.opt_text(0),
    )?;
    Ok(("label_text", id.flatten()))
}

fn load(tx: &mut dyn Tx, id: &str) -> Result<Option<LookupBody>, StoreError> {
    let sql = format!(
        "SELECT {}, s.name FROM customers c JOIN transformer_areas a ON a.id = c.area_id \
         JOIN stations s ON s.id = c.station_id WHERE c.id = ?1",
        entries::CUSTOMER_COLUMNS
    );
    let found = tx.first(&sql, args![id], |row| {
        Ok((entries::customer(row)?, row.text(13)?))
    })?;
    let Some((record, station_name)) = found else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT {} FROM meters m WHERE m.customer_id = ?1 AND m.state = 'installed' \
         ORDER BY m.meter_number LIMIT 50",
        entries::METER_COLUMNS
    );
    let meters = tx.all(&sql, args![id], entries::meter)?;
    let meters = meters.into_iter().map(|(_, meter)| LookupMeter {
        meter_number: meter.meter_number,
        phases: meter.phases,
        multiplier: meter.multiplier,
        last_reading_wh: meter.last_reading_wh,
    });
    Ok(Some(LookupBody {
        customer: customer(record, station_name, meters.collect()),
        work_orders: orders(tx, id)?,
    }))
}

fn customer(
    record: CustomerRecord,
    station_name: String,
    meters: Vec<LookupMeter>,
) -> LookupCustomer {
    LookupCustomer {
        id: record.id,
        account_number: record.account_number,
        account_name: record.account_name,
        contact_phone: record.contact_phone,
        supply_address: record.address,
        area_name: record.area_name,
        station_name,
        pole_number: record.pole_number,
        customer_class: record.customer_class,
        arrears_fen: record.arrears_fen,
        meters,
    }
}

fn orders(tx: &mut dyn Tx, customer_id: &str) -> Result<Vec<LookupOrder>, StoreError> {
    tx.all(
        "SELECT id, order_number, kind, state, taken_in_at_ms FROM work_orders \
         WHERE customer_id = ?1 ORDER BY taken_in_at_ms DESC LIMIT ?2",
        args![customer_id, MAX_ORDERS],
        |row| {
            Ok(LookupOrder {
                id: row.parse(0)?,
                order_number: row.text(1)?,
                kind: row.parse(2)?,
                state: row.parse(3)?,
                taken_in_at_ms: row.int(4)?,
            })
        },
    )
}

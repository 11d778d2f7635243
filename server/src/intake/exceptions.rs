//! The exceptions list (例外): records that wait for a person, who tries them again, adds what is
//! missing, or ignores them with a reason.

use super::document::Person;
use super::solve::{put_aside, try_again};
use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::clauses::Clauses;
use crate::clock::random;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId, Query};
use crate::mint::Mint;
use crate::orders::{By, act};
use crate::page::{self, Meta};
use crate::store::{Row, StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::id::{AccountNumber, IntakeRecordId, WorkOrderId};
use dianma_schema::intake::{RecordKind, RecordState};
use dianma_schema::masking::{mask_address, mask_name, mask_phone};
use dianma_schema::order::OrderKind;
use dianma_schema::permission::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Filters of the list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordFilter {
    /// `exception`, `used`, `ignored`, `refused`.
    pub state: Option<RecordState>,
    /// Kind of record.
    pub record_kind: Option<RecordKind>,
    /// Door.
    pub source: Option<String>,
    /// Fault code.
    pub fault_code: Option<String>,
    /// Import run.
    pub import_id: Option<String>,
    /// 1 to 200.
    pub limit: Option<i64>,
    /// From the page before.
    pub cursor: Option<String>,
}

/// A raw record as people see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordView {
    /// Id.
    pub id: IntakeRecordId,
    /// Door.
    pub source: String,
    /// Kind.
    pub record_kind: RecordKind,
    /// Key in the source.
    pub source_key: String,
    /// How it stands.
    pub state: RecordState,
    /// Why it waits.
    pub fault_code: Option<FaultCode>,
    /// Chinese: what exactly.
    pub message: Option<String>,
    /// Chinese sentence of the code.
    pub advice: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it came.
    pub received_at_ms: i64,
    /// The order it made.
    pub order_id: Option<WorkOrderId>,
    /// Line of the file.
    pub line: Option<i64>,
    /// The record as it came; telephones masked, other personal data without the right to see it.
    #[schema(value_type = Object)]
    pub raw: serde_json::Value,
}

/// A page of records.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordsBody {
    /// Newest first.
    pub intake_records: Vec<RecordView>,
    /// Paging.
    pub meta: Meta,
}

/// Envelope of one record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordBody {
    /// The record.
    pub intake_record: RecordView,
}

const COLUMNS: &str = "id, source, record_kind, source_key, state, fault_code, message, attempts, \
     received_at_ms, order_id, line, raw";

/// List raw records.
#[utoipa::path(get, path = "/v1/intake_records", tag = "intake", params(RecordFilter), responses(
    (status = 200, body = RecordsBody), (status = 403, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn list(
    State(app): State<App>,
    actor: Actor,
    Query(filter): Query<RecordFilter>,
) -> Result<Json<RecordsBody>, ApiError> {
    let is_masked = !actor.may(Permission::UnmaskCustomers);
    let body = app
        .store
        .read(move |tx| read_page(tx, &filter, is_masked))
        .await?;
    Ok(Json(body))
}

/// One page of the list.
pub fn read_page(
    tx: &mut dyn Tx,
    filter: &RecordFilter,
    is_masked: bool,
) -> Result<RecordsBody, ApiError> {
    let limit = page::limit(filter.limit)?;
    let mut clauses = Clauses::new();
    clauses.add_some("state = ?", filter.state.map(RecordState::as_str));
    clauses.add_some(
        "record_kind = ?",
        filter.record_kind.map(RecordKind::as_str),
    );
    clauses.add_some("source = ?", filter.source.as_ref());
    clauses.add_some("fault_code = ?", filter.fault_code.as_ref());
    clauses.add_some("import_id = ?", filter.import_id.as_ref());
    if let Some([at, id]) = page::read_cursor::<2>(filter.cursor.as_deref())? {
        let at: i64 = at.parse().map_err(|_| page::bad_cursor())?;
        let (at, id) = (clauses.bind(at), clauses.bind(id));
        clauses.add_bound(format!("(received_at_ms, id) < ({at}, {id})"));
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM intake_records{} ORDER BY received_at_ms DESC, id DESC LIMIT {}",
        clauses.sql(),
        limit + 1
    );
    let mut rows = tx.all(&sql, clauses.args(), |row| read_view(row, is_masked))?;
    let meta = page::finish(&mut rows, limit, |row| {
        page::cursor(&[&row.received_at_ms.to_string(), &row.id.to_string()])
    });
    Ok(RecordsBody {
        intake_records: rows,
        meta,
    })
}

fn read_view(row: &Row<'_>, is_masked: bool) -> Result<RecordView, StoreError> {
    let kind: RecordKind = row.parse(2)?;
    let code = row.opt_text(5)?.and_then(|code| FaultCode::find(&code));
    let mut raw: serde_json::Value = serde_json::from_str(&row.text(11)?).unwrap_or_default();
    mask(&mut raw, is_masked);
    Ok(RecordView {
        id: row.parse(0)?,
        source: row.text(1)?,
        record_kind: kind,
        source_key: row.text(3)?,
        state: row.parse(4)?,
        fault_code: code,
        message: row.opt_text(6)?,
        advice: code.map(|code| code.zh().to_owned()),
        attempts: row.int(7)?,
        received_at_ms: row.int(8)?,
        order_id: row.opt_parse(9)?,
        line: row.opt_int(10)?,
        raw,
    })
}

/// Masks by what the column's name says it holds; a free text may hold anything and is cut. Telephones are
/// masked for everybody: `unmask` shows them and is audited.
fn mask(raw: &mut serde_json::Value, is_masked: bool) {
    let Some(object) = raw.as_object_mut() else {
        return;
    };
    for (name, value) in object {
        let Some(text) = value.as_str() else { continue };
        let lower = name.to_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
        let masked = if has(&["phone", "mobile", "电话", "手机", "calling", "来电"]) {
            mask_phone(text)
        } else if !is_masked {
            continue;
        } else if has(&["addr", "地址"]) {
            mask_address(text)
        } else if has(&["tg_name", "org_name", "line_name", "台区", "供电", "线路"]) {
            text.to_owned()
        } else if has(&["name", "户名", "姓名", "申请人", "客户名"]) {
            mask_name(text)
        } else if has(&["content", "内容", "说明", "reason"]) {
            let head: String = text.chars().take(12).collect();
            format!("{}…", mask_address(&head))
        } else {
            text.to_owned()
        };
        *value = serde_json::Value::String(masked);
    }
}

/// Why a record is ignored.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct IgnoreBody {
    /// Kept with the record.
    pub reason: String,
}

/// What a person adds.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct AssignBody {
    /// The right account.
    pub account_number: Option<String>,
    /// The kind of order.
    pub kind: Option<OrderKind>,
}

/// Try a record again.
#[utoipa::path(post, path = "/v1/intake_records/{id}/retry", tag = "intake", params(("id" = String, Path)), responses(
    (status = 200, body = RecordBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub async fn retry(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<IntakeRecordId>,
) -> Result<Json<RecordBody>, ApiError> {
    solve(&app, &actor, id, Person::default()).await
}

/// Decide about a record: the right account, or the kind of order.
#[utoipa::path(post, path = "/v1/intake_records/{id}/assign", tag = "intake", params(("id" = String, Path)),
    request_body = AssignBody, responses((status = 200, body = RecordBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn assign(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<IntakeRecordId>,
    Body(body): Body<AssignBody>,
) -> Result<Json<RecordBody>, ApiError> {
    let account = body
        .account_number
        .as_deref()
        .map(AccountNumber::parse)
        .transpose()
        .map_err(|_| ApiError::unprocessable(fault::V_ACCOUNT))?;
    let person = Person {
        account_number: account.map(String::from),
        kind: body.kind,
    };
    solve(&app, &actor, id, person).await
}

async fn solve(
    app: &App,
    actor: &Actor,
    id: IntakeRecordId,
    person: Person,
) -> Result<Json<RecordBody>, ApiError> {
    let mint = Mint::new(app.clock.now_ms(), random()?);
    let by = By::from(actor);
    app.store
        .write(move |tx| try_again(tx, &mut mint.clone(), &by, id, &person))
        .await?;
    answer(app, actor, id).await
}

/// Ignore a record, with a reason.
#[utoipa::path(post, path = "/v1/intake_records/{id}/ignore", tag = "intake", params(("id" = String, Path)),
    request_body = IgnoreBody, responses((status = 200, body = RecordBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn ignore(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<IntakeRecordId>,
    Body(body): Body<IgnoreBody>,
) -> Result<Json<RecordBody>, ApiError> {
    let reason = act::reason(&body.reason)?;
    let now_ms = app.clock.now_ms();
    let by = By::from(&actor);
    app.store
        .write(move |tx| put_aside(tx, now_ms, &by, id, &reason))
        .await?;
    answer(&app, &actor, id).await
}

async fn answer(
    app: &App,
    actor: &Actor,
    id: IntakeRecordId,
) -> Result<Json<RecordBody>, ApiError> {
    let is_masked = !actor.may(Permission::UnmaskCustomers);
    let sql = format!("SELECT {COLUMNS} FROM intake_records WHERE id = ?1");
    let found = app
        .store
        .read(move |tx| tx.first(&sql, args![id.to_string()], |row| read_view(row, is_masked)))
        .await
        .map_err(|error: StoreError| ApiError::from(error))?;
    let intake_record = found.ok_or_else(ApiError::not_found)?;
    Ok(Json(RecordBody { intake_record }))
}

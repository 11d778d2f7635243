//! The quarantine inbox (隔离收件箱): commands that could not be applied, kept byte for byte until a
//! person says what became of them. Nothing in it is ever deleted.

use crate::app::App;
use crate::args;
use crate::audit;
use crate::auth::Actor;
use crate::clauses::Clauses;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json, PathId, Query};
use crate::page::{self, Meta};
use crate::store::{Notice, Row, StoreError, Tx};
use axum::extract::State;
use dianma_schema::fault::FaultCode;
use dianma_schema::id::{DeviceId, WorkOrderId};
use dianma_schema::order::evidence::EvidenceKind;
use dianma_schema::wire::command::{Body, CommandEnvelope};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Longest remark of the person who resolves, in characters.
const LONGEST_NOTE: usize = 500;

/// One kept command.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuarantineView {
    /// Id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Uuid,
    /// The phone.
    pub device_id: DeviceId,
    /// Whose phone.
    pub staff_name: String,
    /// Its number on that phone.
    pub n: i64,
    /// Why it is here.
    pub code: String,
    /// The same as a sentence, Chinese.
    pub message: String,
    /// What the command wanted, Chinese, as far as it can be read.
    pub summary: String,
    /// The order it names.
    pub order_id: Option<WorkOrderId>,
    /// Its number, when there is such an order.
    pub order_number: Option<String>,
    /// When it came, epoch ms.
    pub received_at_ms: i64,
    /// When a person dealt with it, epoch ms.
    pub resolved_at_ms: Option<i64>,
    /// Who.
    pub resolved_by: Option<String>,
    /// What became of it.
    pub note: Option<String>,
}

/// Envelope of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuarantineBody {
    /// Newest first.
    pub quarantine: Vec<QuarantineView>,
    /// Where the list goes on.
    pub meta: Meta,
}

/// Envelope of one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuarantineItemBody {
    /// The command.
    pub quarantine: QuarantineView,
}

/// What to show.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QuarantineQuery {
    /// Only those nobody has dealt with, or only the others.
    pub is_open: Option<bool>,
    /// Only this phone's.
    pub device_id: Option<DeviceId>,
    /// Page size, up to 200.
    pub limit: Option<i64>,
    /// From `meta.next_cursor`.
    pub cursor: Option<String>,
}

/// What became of a kept command.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Resolution {
    /// In a sentence.
    pub note: String,
}

/// Kept commands, newest first.
#[utoipa::path(get, path = "/v1/quarantine", tag = "exceptions", params(QuarantineQuery), responses(
    (status = 200, body = QuarantineBody), (status = 403, body = ErrorBody)))]
pub async fn list_quarantine(
    State(app): State<App>,
    _: Actor,
    Query(query): Query<QuarantineQuery>,
) -> Result<axum::Json<QuarantineBody>, ApiError> {
    let body = app.store.read(move |tx| list(tx, &query)).await?;
    Ok(axum::Json(body))
}

/// Say what became of a kept command.
#[utoipa::path(post, path = "/v1/quarantine/{id}/resolve", tag = "exceptions",
    params(("id" = String, Path, description = "Id of the kept command")), request_body = Resolution,
    responses((status = 200, body = QuarantineItemBody), (status = 404, body = ErrorBody),
    (status = 422, body = ErrorBody)))]
pub async fn resolve_quarantine(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<Uuid>,
    Json(resolution): Json<Resolution>,
) -> Result<axum::Json<QuarantineItemBody>, ApiError> {
    let now_ms = app.clock.now_ms();
    let quarantine = app
        .store
        .write(move |tx| resolve(tx, now_ms, &actor, id, &resolution.note))
        .await?;
    Ok(axum::Json(QuarantineItemBody { quarantine }))
}

/// Columns of [`view`].
const COLUMNS: &str = "q.id, q.device_id, p.display_name, q.n, q.code, q.envelope, q.received_at_ms, \
     q.resolved_at_ms, (SELECT r.display_name FROM staff r WHERE r.id = q.resolved_by), q.note";
const JOINS: &str = "FROM quarantine q JOIN devices d ON d.id = q.device_id \
     JOIN staff p ON p.id = d.staff_id";

fn list(tx: &mut dyn Tx, query: &QuarantineQuery) -> Result<QuarantineBody, ApiError> {
    let limit = page::limit(query.limit)?;
    let mut clauses = Clauses::new();
    let device_id = query.device_id.map(|id| id.to_string());
    clauses.add_some("q.device_id = ?", device_id);
    match query.is_open {
        Some(true) => clauses.add_fixed("q.resolved_at_ms IS NULL"),
        Some(false) => clauses.add_fixed("q.resolved_at_ms IS NOT NULL"),
        None => {}
    }
    if let Some([at, id]) = page::read_cursor::<2>(query.cursor.as_deref())? {
        let at: i64 = at.parse().map_err(|_| page::bad_cursor())?;
        let (at, id) = (clauses.bind(at), clauses.bind(id));
        clauses.add_bound(format!(
            "(q.received_at_ms < {at} OR (q.received_at_ms = {at} AND q.id < {id}))"
        ));
    }
    let limit_place = clauses.bind(limit + 1);
    let sql = format!(
        "SELECT {COLUMNS} {JOINS}{} ORDER BY q.received_at_ms DESC, q.id DESC LIMIT {limit_place}",
        clauses.sql()
    );
    let mut quarantine = tx.all(&sql, clauses.args(), view)?;
    let meta = page::finish(&mut quarantine, limit, |row| {
        page::cursor(&[&row.received_at_ms.to_string(), &row.id.to_string()])
    });
    name_orders(tx, &mut quarantine)?;
    Ok(QuarantineBody { quarantine, meta })
}

fn resolve(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor: &Actor,
    id: Uuid,
    note: &str,
) -> Result<QuarantineView, ApiError> {
    let note = note.trim();
    if !(1..=LONGEST_NOTE).contains(&note.chars().count()) {
        let zh = "请写明处理结果，最多 500 字";
        return Err(ApiError::field(
            "note",
            zh,
            "Say what became of it, up to 500 characters",
        ));
    }
    let changed = tx.execute(
        "UPDATE quarantine SET resolved_at_ms = ?2, resolved_by = ?3, note = ?4 \
         WHERE id = ?1 AND resolved_at_ms IS NULL",
        args![id.to_string(), now_ms, actor.staff_id.to_string(), note],
    )?;
    let item = load(tx, id)?.ok_or_else(ApiError::not_found)?;
    if changed > 0 {
        tx.notify(Notice::List {
            name: "quarantine".to_owned(),
        });
        let entry = audit::Entry {
            actor_id: &actor.staff_id.to_string(),
            action: "quarantine_resolved",
            subject_kind: "device",
            subject_id: &item.device_id.to_string(),
            detail: json!({ "id": item.id, "n": item.n, "code": item.code }),
        };
        audit::append(tx, now_ms, &entry)?;
    }
    Ok(item)
}

/// One kept command.
pub(super) fn load(tx: &mut dyn Tx, id: Uuid) -> Result<Option<QuarantineView>, StoreError> {
    let sql = format!("SELECT {COLUMNS} {JOINS} WHERE q.id = ?1");
    let mut found = tx.all(&sql, args![id.to_string()], view)?;
    name_orders(tx, &mut found)?;
    Ok(found.pop())
}

fn view(row: &Row<'_>) -> Result<QuarantineView, StoreError> {
    let code = row.text(4)?;
    let raw = row.bytes(5)?;
    let envelope = minicbor::decode::<CommandEnvelope>(&raw).ok();
    Ok(QuarantineView {
        id: row.parse(0)?,
        device_id: row.parse(1)?,
        staff_name: row.text(2)?,
        n: row.int(3)?,
        message: FaultCode::find(&code).map_or_else(|| code.clone(), |code| code.zh().to_owned()),
        code,
        summary: match &envelope {
            Some(envelope) => summary(&envelope.body),
            None => format!("无法识别的内容（{} 字节）", raw.len()),
        },
        order_id: envelope.and_then(|envelope| envelope.order_id),
        order_number: None,
        received_at_ms: row.int(6)?,
        resolved_at_ms: row.opt_int(7)?,
        resolved_by: row.opt_text(8)?,
        note: row.opt_text(9)?,
    })
}

/// What a person reads about a command.
fn summary(body: &Body) -> String {
    if let Some(command) = body.command() {
        return command.zh().to_owned();
    }
    match body {
        Body::Record(values) => format!("现场记录 {} 项", values.len()),
        Body::Evidence(item) => {
            let kind = item.kind.parse::<EvidenceKind>();
            format!("凭证：{}", kind.map_or("未知类型", EvidenceKind::zh))
        }
        Body::Cost(lines) => format!("费用 {} 项", lines.lines.len()),
        Body::Note(text) => format!("备注：{}", text.chars().take(100).collect::<String>()),
        Body::Duty(true) => "上班".to_owned(),
        Body::Duty(false) => "下班".to_owned(),
        Body::RefusalHandled(handled) => format!("处理第 {} 号被拒操作", handled.n),
        _ => String::new(),
    }
}

fn name_orders(tx: &mut dyn Tx, items: &mut [QuarantineView]) -> Result<(), StoreError> {
    for item in items {
        if let Some(id) = item.order_id {
            item.order_number = tx.first(
                "SELECT order_number FROM work_orders WHERE id = ?1",
                args![id.to_string()],
                |row| row.text(0),
            )?;
        }
    }
    Ok(())
}

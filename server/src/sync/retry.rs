//! `POST /v1/quarantine/{id}/retry`: a quarantined command is tried once more, on the word of a person in
//! the office. What was missing may be there by now (the order, a newer server), and work of a retired
//! phone counts when somebody says so. It takes effect at most once.

use super::command::Stop;
use super::quarantine::{QuarantineItemBody, QuarantineView, load};
use super::{batch, stored};
use crate::app::App;
use crate::args;
use crate::audit;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::PathId;
use crate::feed::{self, for_update};
use crate::store::{Notice, Tx};
use crate::text::sha256_hex;
use axum::extract::State;
use dianma_schema::fault;
use dianma_schema::id::DeviceId;
use dianma_schema::wire::command::{Body, CommandEnvelope};
use dianma_schema::wire::sync::{CommandResult, Outcome};
use serde_json::json;
use uuid::Uuid;

/// Stands as the remark of a command that took effect.
const RETRIED: &str = "已重试并生效";

/// Try a kept command again.
#[utoipa::path(post, path = "/v1/quarantine/{id}/retry", tag = "exceptions",
    params(("id" = String, Path, description = "Id of the kept command")),
    responses((status = 200, body = QuarantineItemBody), (status = 403, body = ErrorBody),
    (status = 404, body = ErrorBody), (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn retry_quarantine(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<Uuid>,
) -> Result<axum::Json<QuarantineItemBody>, ApiError> {
    let now_ms = app.clock.now_ms();
    let quarantine = app
        .store
        .write(move |tx| retry(tx, now_ms, &actor, id))
        .await?;
    Ok(axum::Json(QuarantineItemBody { quarantine }))
}

/// A kept command that is still open.
struct Kept {
    device_id: DeviceId,
    raw: Vec<u8>,
    received_at_ms: i64,
    envelope: CommandEnvelope,
}

/// Applies it as its author, marks it resolved, and corrects the stored answer to its number. A refusal
/// changes nothing and says why.
pub fn retry(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor: &Actor,
    id: Uuid,
) -> Result<QuarantineView, ApiError> {
    let kept = open(tx, id)?;
    check(tx, &kept)?;
    let author = author(tx, kept.device_id)?;
    let device_id = kept.device_id;
    let applied = batch::retry(
        tx,
        now_ms,
        &author,
        device_id,
        &kept.envelope,
        kept.received_at_ms,
    );
    let done = applied.map_err(refused)?;
    let version = done
        .order
        .as_ref()
        .map(|order| order.version.unsigned_abs());
    accept(tx, &kept, version)?;
    tx.execute(
        "UPDATE quarantine SET resolved_at_ms = ?2, resolved_by = ?3, note = ?4 WHERE id = ?1",
        args![id.to_string(), now_ms, actor.staff_id.to_string(), RETRIED],
    )?;
    tx.notify(Notice::List {
        name: "quarantine".to_owned(),
    });
    let entry = audit::Entry {
        actor_id: &actor.staff_id.to_string(),
        action: "quarantine_retried",
        subject_kind: "device",
        subject_id: &device_id.to_string(),
        detail: json!({ "id": id, "n": kept.envelope.n }),
    };
    audit::append(tx, now_ms, &entry)?;
    let view = load(tx, id)?.ok_or_else(ApiError::internal)?;
    feed::publish(tx, now_ms, done.changes)?;
    Ok(view)
}

/// Locks the row, so that two people cannot let it take effect twice.
fn open(tx: &mut dyn Tx, id: Uuid) -> Result<Kept, ApiError> {
    let lock = for_update(tx.engine());
    let sql = format!(
        "SELECT device_id, envelope, received_at_ms, resolved_at_ms FROM quarantine WHERE id = ?1{lock}"
    );
    let found = tx.first(&sql, args![id.to_string()], |row| {
        Ok((row.parse(0)?, row.bytes(1)?, row.int(2)?, row.opt_int(3)?))
    })?;
    let (device_id, raw, received_at_ms, resolved) = found.ok_or_else(ApiError::not_found)?;
    if resolved.is_some() {
        return Err(ApiError::conflict(fault::V_DUPLICATE)
            .with_detail("此指令已处理", "this command was dealt with already"));
    }
    let envelope =
        minicbor::decode(&raw).map_err(|_| ApiError::unprocessable(fault::V_UNKNOWN_COMMAND))?;
    Ok(Kept {
        device_id,
        raw,
        received_at_ms,
        envelope,
    })
}

/// Not what took effect before, and not what only made sense at its own moment.
fn check(tx: &mut dyn Tx, kept: &Kept) -> Result<(), ApiError> {
    let taken = stored::taken(tx, kept.device_id, kept.envelope.n)?;
    let hash = sha256_hex(&kept.raw);
    if taken.is_some_and(|taken| taken.hash == hash && taken.outcome == Outcome::Accepted) {
        return Err(ApiError::conflict(fault::V_DUPLICATE)
            .with_detail("此指令当时已生效", "this command took effect at its time"));
    }
    if matches!(kept.envelope.body, Body::Duty(_)) {
        let late = (
            "上下班只在当时有意义，请直接写明处理结果",
            "going on or off duty only made sense at its moment: write down what you decided",
        );
        return Err(ApiError::conflict(fault::S_STATE).with_detail(late.0, late.1));
    }
    Ok(())
}

/// Whose phone it was; also when the person has left meanwhile.
fn author(tx: &mut dyn Tx, device_id: DeviceId) -> Result<Actor, ApiError> {
    let found = tx.first(
        "SELECT p.id, p.display_name, p.role, p.station_id FROM devices d \
         JOIN staff p ON p.id = d.staff_id WHERE d.id = ?1",
        args![device_id.to_string()],
        |row| {
            Ok(Actor {
                staff_id: row.parse(0)?,
                display_name: row.text(1)?,
                role: row.parse(2)?,
                station_id: row.opt_parse(3)?,
                device_id: Some(device_id),
            })
        },
    )?;
    found.ok_or_else(ApiError::not_found)
}

fn refused(stop: Stop) -> ApiError {
    match stop {
        Stop::Refused(refusal) => {
            let error = ApiError::conflict(refusal.code);
            match refusal.detail {
                Some(detail) => error.with_detail(detail.zh, detail.en),
                None => error,
            }
        }
        Stop::Quarantine(code) => ApiError::conflict(code),
        Stop::Store(error) => error.into(),
    }
}

/// From now on the answer to its number is "accepted": the phone may ask again, and later commands that
/// build on it are judged by this.
fn accept(tx: &mut dyn Tx, kept: &Kept, version: Option<u64>) -> Result<(), ApiError> {
    let result = CommandResult {
        n: kept.envelope.n,
        outcome: Outcome::Accepted,
        code: None,
        version,
        detail: None,
        detail_en: None,
    };
    let encoded = minicbor::to_vec(&result).map_err(|_| ApiError::internal())?;
    tx.execute(
        "UPDATE commands SET outcome = ?4, code = NULL, result = ?5 \
         WHERE device_id = ?1 AND n = ?2 AND body_hash = ?3",
        args![
            kept.device_id.to_string(),
            stored::signed(kept.envelope.n),
            sha256_hex(&kept.raw),
            Outcome::Accepted.as_str(),
            encoded
        ],
    )?;
    Ok(())
}

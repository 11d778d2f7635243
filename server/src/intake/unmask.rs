//! Showing a waiting record as it came (查看客户隐私): whoever mends it may have to call the customer. Needs the
//! right, a reason, and is audited; the record does not change.

use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId};
use crate::orders::unmask::{UnmaskBody, write_down};
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use dianma_schema::id::IntakeRecordId;
use serde::Serialize;
use utoipa::ToSchema;

/// The record in full.
#[derive(Clone, Serialize, ToSchema)]
pub struct RawBody {
    /// As it came.
    #[schema(value_type = Object)]
    pub raw: serde_json::Value,
}

impl std::fmt::Debug for RawBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawBody(…)")
    }
}

/// Show a raw record in full.
#[utoipa::path(post, path = "/v1/intake_records/{id}/unmask", tag = "intake",
    params(("id" = IntakeRecordId, Path)), request_body = UnmaskBody, responses(
    (status = 200, body = RawBody), (status = 403, body = ErrorBody),
    (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn unmask_record(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<IntakeRecordId>,
    Body(body): Body<UnmaskBody>,
) -> Result<Json<RawBody>, ApiError> {
    let now_ms = app.clock.now_ms();
    let reader = actor.staff_id.to_string();
    let raw = app
        .store
        .write(move |tx| reveal(tx, now_ms, &reader, id, &body.reason))
        .await?;
    Ok(Json(RawBody { raw }))
}

/// The record as it came, after writing down who wanted it and why.
pub fn reveal(
    tx: &mut dyn Tx,
    now_ms: i64,
    reader_id: &str,
    id: IntakeRecordId,
    why: &str,
) -> Result<serde_json::Value, ApiError> {
    let raw = tx
        .first(
            "SELECT raw FROM intake_records WHERE id = ?1",
            args![id.to_string()],
            |row| row.text(0),
        )?
        .ok_or_else(ApiError::not_found)?;
    write_down(
        tx,
        now_ms,
        reader_id,
        ("intake_record", &id.to_string()),
        why,
    )?;
    Ok(serde_json::from_str(&raw).unwrap_or_default())
}

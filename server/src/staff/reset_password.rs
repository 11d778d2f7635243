//! `POST /v1/staff/{id}/reset_password`: a new generated password, shown once; every session of the
//! person ends.

use crate::app::App;
use crate::args;
use crate::audit;
use crate::auth::sign_in::hash_on_blocking_thread;
use crate::auth::{Actor, password, session};
use crate::clock::random;
use crate::error::{ApiError, ErrorBody};
use crate::extract::PathId;
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use dianma_schema::id::StaffId;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// The new password, to be read out to the person; it is not stored in clear.
#[derive(Serialize, ToSchema)]
pub struct NewPassword {
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

/// Stores the new hash and ends the person's sessions.
pub fn reset(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor_id: &str,
    staff_id: StaffId,
    password_hash: &str,
) -> Result<(), ApiError> {
    let id = staff_id.to_string();
    let changed = tx.execute(
        "UPDATE staff SET password_hash = ?2 WHERE id = ?1",
        args![&id, password_hash],
    )?;
    if changed == 0 {
        return Err(ApiError::not_found());
    }
    session::revoke_all(tx, staff_id, "", now_ms)?;
    audit::append(
        tx,
        now_ms,
        &audit::Entry {
            actor_id,
            action: "reset_password",
            subject_kind: "staff",
            subject_id: &id,
            detail: json!({}),
        },
    )?;
    Ok(())
}

/// Give a person a new password.
#[utoipa::path(post, path = "/v1/staff/{id}/reset_password", tag = "staff", params(("id" = StaffId, Path)), responses(
    (status = 200, body = NewPassword), (status = 404, body = ErrorBody)))]
pub async fn reset_password(
    State(app): State<App>,
    actor: Actor,
    PathId(staff_id): PathId<StaffId>,
) -> Result<Json<NewPassword>, ApiError> {
    let password = password::generated(random()?);
    let hash = hash_on_blocking_thread(password.clone()).await?;
    let now_ms = app.clock.now_ms();
    let actor_id = actor.staff_id.to_string();
    app.store
        .write(move |tx| reset(tx, now_ms, &actor_id, staff_id, &hash))
        .await?;
    Ok(Json(NewPassword { password }))
}

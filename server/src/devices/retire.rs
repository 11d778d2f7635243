//! Retiring a phone: from now on its token opens nothing but its outbox, which goes into quarantine.
//! Work done before a phone was lost or replaced is never thrown away.

use super::list::{self, DeviceView};
use crate::app::App;
use crate::args;
use crate::audit;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::store::{Notice, Tx};
use axum::Json;
use axum::extract::{Path, State};
use dianma_schema::id::DeviceId;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// Envelope of a phone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeviceBody {
    /// The phone.
    pub device: DeviceView,
}

/// Retire a phone.
#[utoipa::path(post, path = "/v1/devices/{id}/retire", tag = "devices",
    params(("id" = DeviceId, Path, description = "Device id")), responses(
    (status = 200, body = DeviceBody), (status = 404, body = ErrorBody)))]
pub async fn retire(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<DeviceId>,
) -> Result<Json<DeviceBody>, ApiError> {
    let now_ms = app.clock.now_ms();
    let device = app
        .store
        .write(move |tx| apply(tx, now_ms, &actor, id))
        .await?;
    Ok(Json(DeviceBody { device }))
}

/// Marks the device; a second time changes nothing.
pub fn apply(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor: &Actor,
    id: DeviceId,
) -> Result<DeviceView, ApiError> {
    let changed = tx.execute(
        "UPDATE devices SET state = 'retired', version = version + 1 \
         WHERE id = ?1 AND state = 'active'",
        args![id.to_string()],
    )?;
    let device = list::one(tx, now_ms, id)?.ok_or_else(ApiError::not_found)?;
    if changed > 0 {
        tx.notify(Notice::List {
            name: "devices".to_owned(),
        });
        let entry = audit::Entry {
            actor_id: &actor.staff_id.to_string(),
            action: "device_retired",
            subject_kind: "device",
            subject_id: &id.to_string(),
            detail: json!({ "staff_id": device.staff_id }),
        };
        audit::append(tx, now_ms, &entry)?;
    }
    Ok(device)
}

//! `GET` and `PUT /v1/dispatch_policy`: whether orders are dispatched without a person, and how. What the
//! policy does is in `automatic.rs`.

use super::rank::Mode;
use crate::app::App;
use crate::args;
use crate::audit;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Json;
use crate::store::{StoreError, Tx};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// Row of `settings` for all orders: the word of a [`Mode`]; `off` or no row = by a person.
const SETTING: &str = "auto_dispatch";
/// Row of `settings` for hazards: `off` = by a person; no row = the nearest.
const HAZARD_SETTING: &str = "auto_dispatch_hazard";
const OFF: &str = "off";

/// Dispatch without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DispatchPolicy {
    /// How every new order is dispatched; absent = a dispatcher does it.
    pub general: Option<Mode>,
    /// Whether a hazard goes to the nearest at once even where a dispatcher does the others.
    pub is_hazard_automatic: bool,
}

/// Answer of both routes.
#[derive(Debug, Serialize, ToSchema)]
pub struct DispatchPolicyBody {
    /// The policy in force.
    pub dispatch_policy: DispatchPolicy,
}

/// The policy in force.
pub fn load(tx: &mut dyn Tx) -> Result<DispatchPolicy, StoreError> {
    let general = match setting(tx, SETTING)?.as_deref() {
        Some("nearest") => Some(Mode::Nearest),
        Some("jurisdiction") => Some(Mode::Jurisdiction),
        _ => None,
    };
    let is_hazard_automatic = setting(tx, HAZARD_SETTING)?.as_deref() != Some(OFF);
    Ok(DispatchPolicy {
        general,
        is_hazard_automatic,
    })
}

fn setting(tx: &mut dyn Tx, name: &str) -> Result<Option<String>, StoreError> {
    tx.first(
        "SELECT value FROM settings WHERE name = ?1",
        args![name],
        |row| row.text(0),
    )
}

/// Puts a policy in force for orders that come from now on.
pub fn save(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor_id: &str,
    policy: DispatchPolicy,
) -> Result<(), StoreError> {
    let before = load(tx)?;
    if before == policy {
        return Ok(());
    }
    let hazard = if policy.is_hazard_automatic {
        Mode::Nearest.as_str()
    } else {
        OFF
    };
    for (name, value) in [
        (SETTING, policy.general.map_or(OFF, Mode::as_str)),
        (HAZARD_SETTING, hazard),
    ] {
        tx.execute(
            "INSERT INTO settings (name, value) VALUES (?1, ?2) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            args![name, value],
        )?;
    }
    let entry = audit::Entry {
        actor_id,
        action: "dispatch_policy_changed",
        subject_kind: "settings",
        subject_id: "dispatch_policy",
        detail: json!({ "before": before, "after": policy }),
    };
    audit::append(tx, now_ms, &entry)
}

/// Read the policy.
#[utoipa::path(get, path = "/v1/dispatch_policy", tag = "dispatch",
    responses((status = 200, body = DispatchPolicyBody), (status = 403, body = ErrorBody)))]
pub async fn dispatch_policy(
    State(app): State<App>,
) -> Result<axum::Json<DispatchPolicyBody>, ApiError> {
    let dispatch_policy = app.store.read(load).await?;
    Ok(axum::Json(DispatchPolicyBody { dispatch_policy }))
}

/// Change the policy.
#[utoipa::path(put, path = "/v1/dispatch_policy", tag = "dispatch", request_body = DispatchPolicy,
    responses((status = 200, body = DispatchPolicyBody), (status = 403, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn change_dispatch_policy(
    State(app): State<App>,
    actor: Actor,
    Json(policy): Json<DispatchPolicy>,
) -> Result<axum::Json<DispatchPolicyBody>, ApiError> {
    let now_ms = app.clock.now_ms();
    let actor_id = actor.staff_id.to_string();
    app.store
        .write(move |tx| save(tx, now_ms, &actor_id, policy))
        .await?;
    Ok(axum::Json(DispatchPolicyBody {
        dispatch_policy: policy,
    }))
}

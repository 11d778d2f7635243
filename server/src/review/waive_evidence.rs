//! Waive evidence (免凭证): a reviewer gives up files that will not come, with a reason.

use super::archive::try_archive;
use crate::app::App;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId};
use crate::feed::Change;
use crate::orders::act::{self, Office, ReasonBody, act};
use crate::orders::page::OrderBody;
use crate::orders::{OrderRow, change};
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::Command;
use serde_json::json;

/// Waive the missing evidence of a work order.
#[utoipa::path(post, path = "/v1/work_orders/{id}/waive_evidence", tag = "review",
    params(("id" = WorkOrderId, Path)), request_body = ReasonBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn waive_evidence(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<ReasonBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, move |tx, office, order| {
        waive(tx, office, order, &body.reason)
    })
    .await
}

/// Gives up what is missing; an approved order is archived at once.
pub fn waive(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
    reason: &str,
) -> Result<Vec<Change>, ApiError> {
    let reason = act::reason(reason)?;
    let missing = order.evidence_expected - order.evidence_arrived;
    let detail = json!({ "reason": reason, "missing": missing });
    let step = office.step(Command::WaiveEvidence, detail);
    let mut changes = change(tx, office.now_ms, order, &step, |order| {
        order.evidence_waived_reason = Some(reason.clone());
    })?;
    changes.extend(try_archive(tx, office.now_ms, order)?);
    Ok(changes)
}

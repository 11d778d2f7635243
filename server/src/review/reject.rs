//! Reject (驳回): the order goes back to the phone with a reason. The service is no longer finished:
//! after the correction the customer signs again.

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

/// Send a work order back.
#[utoipa::path(post, path = "/v1/work_orders/{id}/reject", tag = "review",
    params(("id" = WorkOrderId, Path)), request_body = ReasonBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn reject(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<ReasonBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, move |tx, office, order| {
        send_back(tx, office, order, &body.reason)
    })
    .await
}

/// Sends the order back to its assignee.
pub fn send_back(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
    reason: &str,
) -> Result<Vec<Change>, ApiError> {
    let reason = act::reason(reason)?;
    let step = office.step(Command::Reject, json!({ "reason": reason }));
    change(tx, office.now_ms, order, &step, |order| {
        order.reason = Some(reason.clone());
        order.reject_count += 1;
        order.approved_at_ms = None;
        order.finished_at_ms = None;
        order.evidence_waived_reason = None;
    })
}

//! Restore (恢复): a cancelled order becomes a draft again, with the deadlines it always had.

use super::forget_progress;
use crate::app::App;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId};
use crate::feed::Change;
use crate::orders::act::{Office, VersionBody, act};
use crate::orders::page::OrderBody;
use crate::orders::{OrderRow, change};
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::Command;
use serde_json::json;

/// Restore a cancelled work order.
#[utoipa::path(post, path = "/v1/work_orders/{id}/restore", tag = "dispatch",
    params(("id" = WorkOrderId, Path)), request_body = VersionBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub async fn restore(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<VersionBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, revive).await
}

/// Makes the order a draft again.
pub fn revive(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
) -> Result<Vec<Change>, ApiError> {
    let step = office.step(Command::Restore, json!({}));
    change(tx, office.now_ms, order, &step, |order| {
        forget_progress(order);
        order.arrived_at_ms = None;
        order.place_proof = None;
        order.cancelled_at_ms = None;
        order.reason = None;
    })
}

//! Recall (收回): an order nobody has accepted yet comes back to the drafts.

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

/// Take a work order back.
#[utoipa::path(post, path = "/v1/work_orders/{id}/recall", tag = "dispatch",
    params(("id" = WorkOrderId, Path)), request_body = VersionBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub async fn recall(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<VersionBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, take_back).await
}

/// Takes the order back: it is nobody's and has not been dispatched.
pub fn take_back(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
) -> Result<Vec<Change>, ApiError> {
    let step = office.step(Command::Recall, json!({ "from_id": order.assignee_id }));
    change(tx, office.now_ms, order, &step, |order| {
        forget_progress(order);
    })
}

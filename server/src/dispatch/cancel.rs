//! Cancel (作废): ends an order with a reason, in any state the table allows, also while the phone is
//! offline. The order keeps its assignee, so that late facts of that phone find it.

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

/// Cancel a work order.
#[utoipa::path(post, path = "/v1/work_orders/{id}/cancel", tag = "dispatch",
    params(("id" = WorkOrderId, Path)), request_body = ReasonBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn cancel(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<ReasonBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, move |tx, office, order| {
        void(tx, office, order, &body.reason)
    })
    .await
}

/// Ends the order.
pub fn void(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
    reason: &str,
) -> Result<Vec<Change>, ApiError> {
    let reason = act::reason(reason)?;
    let step = office.step(Command::Cancel, json!({ "reason": reason }));
    change(tx, office.now_ms, order, &step, |order| {
        order.cancelled_at_ms = Some(office.now_ms);
        order.reason = Some(reason.clone());
    })
}

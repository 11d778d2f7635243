//! Approve (审核通过): the verdict on a submitted order. With all evidence there or waived the order is
//! archived in the same transaction; else it waits for the rest.

use super::archive::try_archive;
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
use dianma_schema::fault;
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::{Command, OrderState};
use serde_json::json;

/// Approve a work order.
#[utoipa::path(post, path = "/v1/work_orders/{id}/approve", tag = "review",
    params(("id" = WorkOrderId, Path)), request_body = VersionBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub async fn approve(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<VersionBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, pass).await
}

/// Approves, and archives when nothing is waited for.
pub fn pass(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
) -> Result<Vec<Change>, ApiError> {
    if order.state == OrderState::Submitted && order.approved_at_ms.is_some() {
        return Err(
            ApiError::conflict(fault::S_STATE).with_detail("已审核通过", "approved already")
        );
    }
    let step = office.step(Command::Approve, json!({}));
    let mut changes = change(tx, office.now_ms, order, &step, |order| {
        order.approved_at_ms = Some(office.now_ms);
    })?;
    changes.extend(try_archive(tx, office.now_ms, order)?);
    Ok(changes)
}

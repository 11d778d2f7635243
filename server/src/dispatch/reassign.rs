//! Reassign (转派): an order in somebody's hands goes to another, also while the first one's phone is
//! offline: it learns by the feed that the order left, and late commands are refused with a reason.

use super::assign::{detail, find, keep_decision, rank};
use super::rank::Mode;
use crate::app::App;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId};
use crate::feed::Change;
use crate::orders::act::{self, Office, act};
use crate::orders::page::OrderBody;
use crate::orders::{OrderRow, change};
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use dianma_schema::fault;
use dianma_schema::id::{StaffId, WorkOrderId};
use dianma_schema::order::Command;
use serde::Deserialize;
use utoipa::ToSchema;

/// To whom and why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ReassignBody {
    /// The version the person saw.
    pub version: i64,
    /// The new person.
    pub staff_id: StaffId,
    /// Why.
    pub reason: String,
}

/// Give a work order to another person.
#[utoipa::path(post, path = "/v1/work_orders/{id}/reassign", tag = "dispatch",
    params(("id" = WorkOrderId, Path)), request_body = ReassignBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn reassign(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<ReassignBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, move |tx, office, order| {
        hand_over(tx, office, order, &body)
    })
    .await
}

/// Hands the order over. What the first person did stays on the time line; the next one begins
/// with accepting. The first arrival stays: somebody was on site in time or was not.
pub fn hand_over(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
    body: &ReassignBody,
) -> Result<Vec<Change>, ApiError> {
    let reason = act::reason(&body.reason)?;
    if order.assignee_id == Some(body.staff_id) {
        return Err(ApiError::unprocessable(fault::S_PERSON)
            .with_detail("工单已在此人名下", "the order is with this person already"));
    }
    let ranked = rank(tx, office.now_ms, order, Mode::Nearest)?;
    let chosen = find(&ranked, body.staff_id)?;
    let step = office.step(Command::Reassign, detail(chosen, "manual", Some(&reason)));
    let changes = change(tx, office.now_ms, order, &step, |order| {
        order.assignee_id = Some(body.staff_id);
        order.accepted_at_ms = None;
        order.departed_at_ms = None;
        order.began_at_ms = None;
        order.finished_at_ms = None;
        order.reason = Some(reason.clone());
    })?;
    keep_decision(tx, office, order, "manual", chosen, &ranked)?;
    Ok(changes)
}

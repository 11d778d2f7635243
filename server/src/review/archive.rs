//! Archive (归档): the order is frozen. Its hash goes onto the row, the time line and the audit chain;
//! afterwards only call-backs are added. Happens by itself once an approved order's evidence is there.

use crate::app::App;
use crate::audit;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId};
use crate::feed::Change;
use crate::orders::act::{Office, VersionBody, act};
use crate::orders::commands::Standing;
use crate::orders::page::OrderBody;
use crate::orders::{OrderRow, change, frozen};
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use dianma_schema::fault;
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::{Command, OrderState, lifecycle};
use serde_json::json;

/// Archive a work order.
#[utoipa::path(post, path = "/v1/work_orders/{id}/archive", tag = "review",
    params(("id" = WorkOrderId, Path)), request_body = VersionBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn archive(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<VersionBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, put_away).await
}

/// Archives the order if it is approved and its evidence is there or waived; else does nothing.
/// The caller publishes the changes.
pub fn try_archive(
    tx: &mut dyn Tx,
    now_ms: i64,
    order: &mut OrderRow,
) -> Result<Vec<Change>, ApiError> {
    let standing = Standing::of(order);
    let is_ready = standing.state == OrderState::Submitted
        && standing.is_approved
        && standing.is_evidence_settled();
    if !is_ready {
        return Ok(Vec::new());
    }
    put_away(tx, &Office::system(now_ms), order)
}

/// Freezes the order.
pub fn put_away(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
) -> Result<Vec<Change>, ApiError> {
    lifecycle::apply(order.state, Command::Archive, office.by.role)?;
    let standing = Standing::of(order);
    if !standing.is_approved {
        return Err(ApiError::unprocessable(fault::S_NOT_APPROVED));
    }
    if !standing.is_evidence_settled() {
        return Err(ApiError::conflict(fault::E_NOT_ARRIVED).with_detail(
            format!(
                "应到 {} 件，已到 {} 件",
                order.evidence_expected, order.evidence_arrived
            ),
            format!(
                "{} of {} pieces have arrived",
                order.evidence_arrived, order.evidence_expected
            ),
        ));
    }
    order.archived_at_ms = Some(office.now_ms);
    let frozen = frozen::freeze(tx, order)?;
    let detail = json!({ "archive_hash": frozen.hash, "files": frozen.files });
    let step = office.step(Command::Archive, detail);
    let hash = frozen.hash.clone();
    let changes = change(tx, office.now_ms, order, &step, |order| {
        order.archive_hash = Some(hash);
    })?;
    audit::append(
        tx,
        office.now_ms,
        &audit::Entry {
            actor_id: &office.by.id,
            action: "archived",
            subject_kind: "work_order",
            subject_id: &order.id.to_string(),
            detail: json!({ "archive_hash": frozen.hash }),
        },
    )?;
    Ok(changes)
}

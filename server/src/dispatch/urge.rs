//! Urge (催办): the customer asks again. The open order becomes more pressing; a new one is never made
//! (service rules 2.1).

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
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::{Command, Urgency};
use dianma_schema::time::format_minute;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// Longest note to the electrician that urging adds to, characters.
const MAX_DISPATCH_NOTE: usize = 1_000;

/// What the customer said.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct UrgeBody {
    /// The version the person saw.
    pub version: i64,
    /// What to tell the electrician.
    pub note: Option<String>,
}

/// Urge a work order.
#[utoipa::path(post, path = "/v1/work_orders/{id}/urge", tag = "dispatch",
    params(("id" = WorkOrderId, Path)), request_body = UrgeBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn urge(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<UrgeBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, move |tx, office, order| {
        press(tx, office, order, body.note.as_deref())
    })
    .await
}

/// Raises the urgency by one step, up to urgent, and tells the electrician.
pub fn press(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
    note: Option<&str>,
) -> Result<Vec<Change>, ApiError> {
    let note = act::note("note", note)?;
    let step = office.step(Command::Urge, json!({ "note": note }));
    let line = format!(
        "{} 催办{}",
        format_minute(office.now_ms),
        note.map_or(String::new(), |note| format!("：{note}"))
    );
    change(tx, office.now_ms, order, &step, |order| {
        order.urgency = raised(order.urgency);
        let text = match &order.dispatch_note {
            Some(before) => format!("{line}\n{before}"),
            None => line,
        };
        order.dispatch_note = Some(text.chars().take(MAX_DISPATCH_NOTE).collect());
    })
}

/// A hazard is a matter of words in the report, not of how often somebody calls.
fn raised(urgency: Urgency) -> Urgency {
    match urgency {
        Urgency::Normal => Urgency::Important,
        Urgency::Important | Urgency::Urgent => Urgency::Urgent,
        Urgency::Hazard => Urgency::Hazard,
    }
}

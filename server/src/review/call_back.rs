//! Call-back (回访): a call to the customer after the work. Every try is kept; the order counts as
//! called back once somebody answered.

use crate::app::App;
use crate::args;
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
use dianma_schema::order::{Command, Satisfaction};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// How the call went.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct CallBackBody {
    /// The version the person saw.
    pub version: i64,
    /// Somebody answered.
    pub is_reached: bool,
    /// What they said; only when somebody answered.
    pub satisfaction: Option<Satisfaction>,
    /// Remark.
    pub note: Option<String>,
}

/// Record a call-back.
#[utoipa::path(post, path = "/v1/work_orders/{id}/call_back", tag = "review",
    params(("id" = WorkOrderId, Path)), request_body = CallBackBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn call_back(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<CallBackBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, move |tx, office, order| {
        record(tx, office, order, &body)
    })
    .await
}

/// Keeps the try, and the verdict when somebody answered.
pub fn record(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
    body: &CallBackBody,
) -> Result<Vec<Change>, ApiError> {
    if !body.is_reached && body.satisfaction.is_some() {
        return Err(ApiError::field(
            "satisfaction",
            "没有联系上客户时不能填写满意度",
            "Nobody answered, so nobody can have said it",
        ));
    }
    let note = act::note("note", body.note.as_deref())?;
    let detail = json!({ "is_reached": body.is_reached, "satisfaction": body.satisfaction });
    let step = office.step(Command::CallBack, detail);
    let changes = change(tx, office.now_ms, order, &step, |order| {
        if body.is_reached {
            order.called_back_at_ms = Some(office.now_ms);
            let verdict = body.satisfaction.map(|verdict| verdict.as_str().to_owned());
            order.callback_satisfaction = verdict;
        }
    })?;
    tx.execute(
        "INSERT INTO callbacks (id, order_id, at_ms, by_id, is_reached, satisfaction, note) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        args![
            act::step_id(office.now_ms, order, "callback"),
            order.id.to_string(),
            office.now_ms,
            &office.by.id,
            body.is_reached,
            body.satisfaction.map(Satisfaction::as_str),
            note
        ],
    )?;
    Ok(changes)
}

//! Dispatch (派发): a draft goes to a person, chosen by the dispatcher or by the ranking. What was
//! proposed and who was chosen is kept. The dispatcher's choice is final: a person with blockers
//! gets the order too, and the time line says which blockers there were.

use super::load;
use super::rank::{ByRules, Candidate, Mode, Planner};
use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId};
use crate::feed::Change;
use crate::orders::act::{self, Office, act};
use crate::orders::page::OrderBody;
use crate::orders::{OrderRow, change};
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::fault;
use dianma_schema::id::{StaffId, WorkOrderId};
use dianma_schema::order::Command;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// Candidates kept with a decision; the rest were further down.
const KEPT: usize = 8;

/// Who gets the order.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct DispatchBody {
    /// The version the person saw.
    pub version: i64,
    /// The person; `null` = the best of the ranking.
    pub staff_id: Option<StaffId>,
    /// How people are compared.
    #[serde(default)]
    pub mode: Mode,
    /// What the dispatcher adds for the electrician.
    pub note: Option<String>,
}

/// Dispatch a work order.
#[utoipa::path(post, path = "/v1/work_orders/{id}/dispatch", tag = "dispatch",
    params(("id" = WorkOrderId, Path)), request_body = DispatchBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn dispatch(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<DispatchBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, move |tx, office, order| {
        assign(tx, office, order, &body)
    })
    .await
}

/// Gives the draft to the chosen person, or to the best one.
pub fn assign(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
    body: &DispatchBody,
) -> Result<Vec<Change>, ApiError> {
    let note = act::note("note", body.note.as_deref())?;
    let ranked = rank(tx, office.now_ms, order, body.mode)?;
    let (chosen, mode) = match body.staff_id {
        Some(id) => (find(&ranked, id)?, "manual"),
        None => (best(&ranked)?, body.mode.as_str()),
    };
    let step = office.step(Command::Dispatch, detail(chosen, mode, None));
    let staff_id = chosen.staff_id;
    let changes = change(tx, office.now_ms, order, &step, |order| {
        order.assignee_id = Some(staff_id);
        order.dispatched_at_ms.get_or_insert(office.now_ms);
        if note.is_some() {
            order.dispatch_note = note;
        }
    })?;
    keep_decision(tx, office, order, mode, chosen, &ranked)?;
    Ok(changes)
}

/// Everybody for this order, best first.
pub(super) fn rank(
    tx: &mut dyn Tx,
    now_ms: i64,
    order: &OrderRow,
    mode: Mode,
) -> Result<Vec<Candidate>, StoreError> {
    let (facts, people) = load::facts(tx, now_ms, order)?;
    Ok(ByRules.rank(mode, &facts, &people))
}

/// The named person, who must be an active electrician.
pub(super) fn find(ranked: &[Candidate], id: StaffId) -> Result<&Candidate, ApiError> {
    ranked
        .iter()
        .find(|candidate| candidate.staff_id == id)
        .ok_or_else(|| {
            ApiError::unprocessable(fault::S_PERSON)
                .with_detail("此人不是在用的农电工账号", "not an active electrician")
        })
}

fn best(ranked: &[Candidate]) -> Result<&Candidate, ApiError> {
    ranked
        .first()
        .filter(|candidate| candidate.is_eligible)
        .ok_or_else(|| {
            ApiError::unprocessable(fault::S_PERSON).with_detail(
                "没有符合条件的人员，请人工选择",
                "nobody fits: choose a person",
            )
        })
}

/// What the time line keeps of a choice: who, by which rule, in spite of what.
pub(super) fn detail(chosen: &Candidate, mode: &str, reason: Option<&str>) -> serde_json::Value {
    let warnings: Vec<&str> = chosen
        .blockers
        .iter()
        .map(|blocker| blocker.zh.as_str())
        .collect();
    json!({
        "assignee_id": chosen.staff_id,
        "assignee_name": chosen.display_name,
        "mode": mode,
        "rank": chosen.rank,
        "warnings": warnings,
        "reason": reason,
    })
}

/// Keeps what was proposed beside who was chosen: tuning data, and the answer to "why him?".
pub(super) fn keep_decision(
    tx: &mut dyn Tx,
    office: &Office,
    order: &OrderRow,
    mode: &str,
    chosen: &Candidate,
    ranked: &[Candidate],
) -> Result<(), StoreError> {
    let is_kept = |(place, c): &(usize, &Candidate)| *place < KEPT || c.staff_id == chosen.staff_id;
    let kept: Vec<&Candidate> = ranked
        .iter()
        .enumerate()
        .filter(is_kept)
        .map(|(_, candidate)| candidate)
        .collect();
    let candidates =
        serde_json::to_string(&kept).map_err(|error| StoreError::Engine(error.to_string()))?;
    tx.execute(
        "INSERT INTO dispatch_decisions (id, order_id, at_ms, mode, chosen_staff_id, decided_by, \
         candidates) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        args![
            act::step_id(office.now_ms, order, "decision"),
            order.id.to_string(),
            office.now_ms,
            mode,
            chosen.staff_id.to_string(),
            &office.by.id,
            candidates
        ],
    )?;
    Ok(())
}

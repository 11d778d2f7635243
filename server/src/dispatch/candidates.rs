//! The people an order could go to, ranked and explained, for the dispatcher's choice.

use super::load;
use super::rank::{ByRules, Candidate, Mode, Planner};
use crate::app::App;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{PathId, Query};
use crate::orders::row;
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use dianma_schema::id::WorkOrderId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How to compare people.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CandidatesQuery {
    /// `nearest` (when not given) or `jurisdiction`.
    #[serde(default)]
    pub mode: Mode,
}

/// Everybody, best first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CandidatesBody {
    /// The people.
    pub candidates: Vec<Candidate>,
    /// How they were compared.
    pub mode: Mode,
}

/// Rank the people for a work order.
#[utoipa::path(get, path = "/v1/work_orders/{id}/candidates", tag = "dispatch",
    params(("id" = WorkOrderId, Path), CandidatesQuery), responses(
    (status = 200, body = CandidatesBody), (status = 404, body = ErrorBody)))]
pub async fn candidates(
    State(app): State<App>,
    PathId(id): PathId<WorkOrderId>,
    Query(query): Query<CandidatesQuery>,
) -> Result<Json<CandidatesBody>, ApiError> {
    let now_ms = app.clock.now_ms();
    let mode = query.mode;
    let candidates = app
        .store
        .read(move |tx| ranked(tx, now_ms, id, mode))
        .await?;
    Ok(Json(CandidatesBody { candidates, mode }))
}

/// Everybody for the order, best first.
pub fn ranked(
    tx: &mut dyn Tx,
    now_ms: i64,
    id: WorkOrderId,
    mode: Mode,
) -> Result<Vec<Candidate>, ApiError> {
    let order = row::load(tx, id)?.ok_or_else(ApiError::not_found)?;
    let (facts, people) = load::facts(tx, now_ms, &order)?;
    Ok(ByRules.rank(mode, &facts, &people))
}

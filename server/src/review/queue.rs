//! The review queue: submitted orders, the one whose review is due first at the top, each with what
//! a reviewer must look at closely.

use super::attention::{Attention, AttentionView, Outcome, attention};
use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::clauses::Clauses;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Query;
use crate::orders::summary::{COLUMNS, OrderSummary, TABLES, Viewer, WIDTH};
use crate::page::{self, Meta};
use crate::store::{Row, StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::id::StationId;
use dianma_schema::order::OrderKind;
use dianma_schema::time::HOUR_MS;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Setting: hours within which a submitted order is to be reviewed.
pub const LIMIT_SETTING: &str = "review_limit_h";
/// Used while the setting is absent; a sample figure until the company names its own.
const DEFAULT_LIMIT_H: i64 = 24;

/// What an order in the queue waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Waiting {
    /// A verdict.
    #[default]
    Review,
    /// Approved, files still on their way.
    Evidence,
}

/// Filters of the queue.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct QueueFilter {
    /// `review` (when not given) or `evidence`.
    #[serde(default)]
    #[param(inline)]
    pub waiting: Waiting,
    /// Supply station.
    pub station_id: Option<StationId>,
    /// Kind.
    pub kind: Option<OrderKind>,
    /// Rows of a page, 1 to 200; 50 when not given.
    pub limit: Option<i64>,
    /// `meta.next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// An order of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReviewItem {
    /// What lists show.
    #[serde(flatten)]
    pub summary: OrderSummary,
    /// Review by, epoch ms.
    pub review_due_at_ms: i64,
    /// That time is past.
    pub is_review_overdue: bool,
    /// Approved, epoch ms.
    pub approved_at_ms: Option<i64>,
    /// What to look at closely; empty = nothing stands out.
    pub attention: Vec<AttentionView>,
}

/// A page of the queue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QueueBody {
    /// The orders.
    pub work_orders: Vec<ReviewItem>,
    /// Where to go on.
    pub meta: Meta,
}

/// List the orders that wait for a review.
#[utoipa::path(get, path = "/v1/reviews", tag = "review", params(QueueFilter), responses(
    (status = 200, body = QueueBody), (status = 422, body = ErrorBody)))]
pub async fn reviews(
    State(app): State<App>,
    actor: Actor,
    Query(filter): Query<QueueFilter>,
) -> Result<Json<QueueBody>, ApiError> {
    let viewer = Viewer::new(&actor, app.clock.now_ms());
    let body = app.store.read(move |tx| queue(tx, viewer, &filter)).await?;
    Ok(Json(body))
}

/// A page of the queue. One limit for all, so the oldest submission is due first.
pub fn queue(tx: &mut dyn Tx, viewer: Viewer, filter: &QueueFilter) -> Result<QueueBody, ApiError> {
    let limit = page::limit(filter.limit)?;
    let limit_ms = review_limit_h(tx)? * HOUR_MS;
    let mut all = Clauses::new();
    all.add_fixed("w.state = 'submitted'");
    all.add_fixed("w.submitted_at_ms IS NOT NULL");
    all.add_fixed(match filter.waiting {
        Waiting::Review => "w.approved_at_ms IS NULL",
        Waiting::Evidence => "w.approved_at_ms IS NOT NULL",
    });
    all.add_some(
        "w.station_id = ?",
        filter.station_id.map(|id| id.to_string()),
    );
    all.add_some("w.kind = ?", filter.kind.map(OrderKind::as_str));
    if let Some([at, id]) = page::read_cursor::<2>(filter.cursor.as_deref())? {
        let at: i64 = at.parse().map_err(|_| page::bad_cursor())?;
        let (at, id) = (all.bind(at), all.bind(id));
        all.add_bound(format!("(w.submitted_at_ms, w.id) > ({at}, {id})"));
    }
    let count = all.bind(limit + 1);
    let conditions = all.sql();
    let sql = format!(
        "SELECT {COLUMNS}, w.reject_count, w.place_proof, w.consent_proof, w.approved_at_ms, \
         w.arrived_at_ms, w.finished_at_ms FROM {TABLES}{conditions} \
         ORDER BY w.submitted_at_ms, w.id LIMIT {count}"
    );
    let mut items = tx.all(&sql, all.args(), |row| item(row, viewer, limit_ms))?;
    let meta = page::finish(&mut items, limit, |item| {
        let at = item.summary.submitted_at_ms.unwrap_or(0);
        page::cursor(&[&at.to_string(), &item.summary.id.to_string()])
    });
    Ok(QueueBody {
        work_orders: items,
        meta,
    })
}

fn item(row: &Row<'_>, viewer: Viewer, limit_ms: i64) -> Result<ReviewItem, StoreError> {
    let summary = OrderSummary::read(row, viewer)?;
    let past = |done: Option<i64>, due: Option<i64>| done.zip(due).is_some_and(|(at, by)| at > by);
    let (arrived, finished) = (row.opt_int(WIDTH + 4)?, row.opt_int(WIDTH + 5)?);
    let outcome = Outcome {
        id: summary.id,
        urgency: summary.urgency,
        is_late: past(arrived, summary.arrive_due_at_ms) || past(finished, summary.due_at_ms),
        place_proof: row.opt_text(WIDTH + 1)?,
        consent_proof: row.opt_text(WIDTH + 2)?,
        satisfaction: summary.satisfaction,
        reject_count: row.int(WIDTH)?,
        missing_files: summary.evidence_expected - summary.evidence_arrived,
        total_fen: summary.total_fen,
    };
    let review_due_at_ms = summary.submitted_at_ms.unwrap_or(0) + limit_ms;
    let reasons: Vec<Attention> = attention(&outcome);
    Ok(ReviewItem {
        review_due_at_ms,
        is_review_overdue: viewer.now_ms > review_due_at_ms,
        approved_at_ms: row.opt_int(WIDTH + 3)?,
        attention: reasons.into_iter().map(AttentionView::from).collect(),
        summary,
    })
}

/// Hours within which a submitted order is to be reviewed.
pub fn review_limit_h(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    let stored = tx.first(
        "SELECT value FROM settings WHERE name = ?1",
        args![LIMIT_SETTING],
        |row| row.parse::<i64>(0),
    )?;
    Ok(stored.filter(|hours| *hours > 0).unwrap_or(DEFAULT_LIMIT_H))
}

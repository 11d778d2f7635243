//! Orders that wait for a call-back: handed in during the last thirty days, the customer asked for the
//! work and left a number, nobody has answered yet, fewer than three tries. Oldest first.

use crate::app::App;
use crate::auth::Actor;
use crate::clauses::Clauses;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Query;
use crate::orders::list::OrdersBody;
use crate::orders::summary::{COLUMNS, OrderSummary, TABLES, Viewer};
use crate::page;
use crate::store::{Row, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::id::StationId;
use dianma_schema::order::OrderKind;
use dianma_schema::time::DAY_MS;
use serde::Deserialize;
use utoipa::IntoParams;

/// An older order is not called about any more.
const WINDOW_MS: i64 = 30 * DAY_MS;

/// Filters.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DueFilter {
    /// Supply station.
    pub station_id: Option<StationId>,
    /// Rows of a page, 1 to 200; 50 when not given.
    pub limit: Option<i64>,
    /// `meta.next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// List the orders that wait for a call-back.
#[utoipa::path(get, path = "/v1/callbacks/due", tag = "review", params(DueFilter), responses(
    (status = 200, body = OrdersBody), (status = 422, body = ErrorBody)))]
pub async fn callbacks_due(
    State(app): State<App>,
    actor: Actor,
    Query(filter): Query<DueFilter>,
) -> Result<Json<OrdersBody>, ApiError> {
    let viewer = Viewer::new(&actor, app.clock.now_ms());
    let body = app.store.read(move |tx| due(tx, viewer, &filter)).await?;
    Ok(Json(body))
}

/// The kinds whose customers are called back, as the schema has them.
fn called_back_kinds() -> String {
    let kinds = OrderKind::ALL.iter().filter(|kind| kind.is_called_back());
    let words: Vec<String> = kinds.map(|kind| format!("'{}'", kind.as_str())).collect();
    format!("w.kind IN ({})", words.join(", "))
}

/// A page of them.
pub fn due(tx: &mut dyn Tx, viewer: Viewer, filter: &DueFilter) -> Result<OrdersBody, ApiError> {
    let limit = page::limit(filter.limit)?;
    let mut all = Clauses::new();
    all.add_fixed("w.state IN ('submitted', 'archived')");
    all.add("w.submitted_at_ms >= ?", viewer.now_ms - WINDOW_MS);
    all.add_fixed("w.called_back_at_ms IS NULL");
    all.add_fixed("w.contact_phone IS NOT NULL");
    all.add_bound(called_back_kinds());
    all.add_fixed("(SELECT count(*) FROM callbacks c WHERE c.order_id = w.id) < 3");
    all.add_some(
        "w.station_id = ?",
        filter.station_id.map(|id| id.to_string()),
    );
    if let Some([at, id]) = page::read_cursor::<2>(filter.cursor.as_deref())? {
        let at: i64 = at.parse().map_err(|_| page::bad_cursor())?;
        let (at, id) = (all.bind(at), all.bind(id));
        all.add_bound(format!("(w.submitted_at_ms, w.id) > ({at}, {id})"));
    }
    let count = all.bind(limit + 1);
    let conditions = all.sql();
    let sql = format!(
        "SELECT {COLUMNS} FROM {TABLES}{conditions} ORDER BY w.submitted_at_ms, w.id LIMIT {count}"
    );
    let read = |row: &Row<'_>| OrderSummary::read(row, viewer);
    let mut work_orders = tx.all(&sql, all.args(), read)?;
    let meta = page::finish(&mut work_orders, limit, |order| {
        let at = order.submitted_at_ms.unwrap_or(0);
        page::cursor(&[&at.to_string(), &order.id.to_string()])
    });
    Ok(OrdersBody { work_orders, meta })
}

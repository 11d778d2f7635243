//! Lists of orders: filters, search over indexed columns, keyset paging on two sorts.

use super::summary::{COLUMNS, OrderSummary, TABLES, Viewer};
use crate::app::App;
use crate::auth::Actor;
use crate::clauses::Clauses;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Query, Search};
use crate::page::{self, Meta};
use crate::store::{Row, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::id::{AreaId, StaffId, StationId, half_width};
use dianma_schema::order::{OrderKind, OrderState, Urgency};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Beyond this many the total is not counted.
const COUNTED: i64 = 10_000;
/// Longest search text, characters.
const MAX_SEARCH: usize = 60;

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Earliest deadline first; orders without one last.
    Due,
    /// Newest first.
    #[default]
    TakenIn,
}

/// Filters of the list; all of them must hold.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OrderFilter {
    /// State.
    pub state: Option<OrderState>,
    /// Kind.
    pub kind: Option<OrderKind>,
    /// Supply station.
    pub station_id: Option<StationId>,
    /// Transformer area.
    pub area_id: Option<AreaId>,
    /// Who has it.
    pub assignee_id: Option<StaffId>,
    /// Urgency.
    pub urgency: Option<Urgency>,
    /// Neither archived nor cancelled.
    pub is_open: Option<bool>,
    /// Unfinished and past a deadline (`false`: not so).
    pub overdue: Option<bool>,
    /// `true`: unfinished, three quarters of a limit gone, not yet past it.
    pub soon: Option<bool>,
    /// Taken in at or after, epoch ms.
    pub from_ms: Option<i64>,
    /// Taken in before, epoch ms.
    pub to_ms: Option<i64>,
    /// Start of an order number, account number, meter number, pole number or account name; never in the
    /// address, see [`Search`].
    #[serde(skip)]
    #[param(ignore)]
    pub q: Option<String>,
    /// `due` or `taken_in`.
    #[param(inline)]
    pub sort: Option<Sort>,
    /// Rows of a page, 1 to 200; 50 when not given.
    pub limit: Option<i64>,
    /// `meta.next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// A page of orders.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrdersBody {
    /// The orders.
    pub work_orders: Vec<OrderSummary>,
    /// Where to go on.
    pub meta: Meta,
}

/// List work orders.
#[utoipa::path(get, path = "/v1/work_orders", tag = "orders", params(
    OrderFilter,
    ("x-dianma-search" = Option<String>, Header, description = "Start of an order number, account number, meter number, pole number or account name; percent-encoded UTF-8")
), responses(
    (status = 200, body = OrdersBody), (status = 422, body = ErrorBody)))]
pub async fn list(
    State(app): State<App>,
    actor: Actor,
    Query(mut filter): Query<OrderFilter>,
    Search(text): Search,
) -> Result<Json<OrdersBody>, ApiError> {
    filter.q = text;
    let viewer = Viewer::new(&actor, app.clock.now_ms());
    let page = app
        .store
        .read(move |tx| orders(tx, viewer, &filter))
        .await?;
    Ok(Json(page))
}

/// A page of the orders that pass the filter. The first page also counts them.
pub fn orders(
    tx: &mut dyn Tx,
    viewer: Viewer,
    filter: &OrderFilter,
) -> Result<OrdersBody, ApiError> {
    let limit = page::limit(filter.limit)?;
    let conditions = conditions(filter, viewer)?;
    let total = match filter.cursor {
        None => count(tx, &conditions)?,
        Some(_) => None,
    };
    let (mut rows, sort) = match filter.sort.unwrap_or_default() {
        Sort::Due => (by_due(tx, viewer, &conditions, filter, limit)?, Sort::Due),
        Sort::TakenIn => (
            by_taken_in(tx, viewer, &conditions, filter, limit)?,
            Sort::TakenIn,
        ),
    };
    let mut meta = page::finish(&mut rows, limit, |order| cursor_of(order, sort));
    meta.total = total;
    Ok(OrdersBody {
        work_orders: rows,
        meta,
    })
}

fn cursor_of(order: &OrderSummary, sort: Sort) -> String {
    let id = order.id.to_string();
    match sort {
        Sort::TakenIn => page::cursor(&["taken_in", &order.taken_in_at_ms.to_string(), &id]),
        Sort::Due => {
            let due = order.due_at_ms.map_or(String::new(), |due| due.to_string());
            page::cursor(&["due", &due, &id])
        }
    }
}

/// The position after which a page starts; refused when it belongs to the other sort.
fn start(filter: &OrderFilter, sort: &str) -> Result<Option<(Option<i64>, String)>, ApiError> {
    let Some([of, key, id]) = page::read_cursor::<3>(filter.cursor.as_deref())? else {
        return Ok(None);
    };
    if of != sort {
        return Err(page::bad_cursor());
    }
    let key = match key.as_str() {
        "" => None,
        number => Some(number.parse().map_err(|_| page::bad_cursor())?),
    };
    Ok(Some((key, id)))
}

fn by_taken_in(
    tx: &mut dyn Tx,
    viewer: Viewer,
    conditions: &Clauses,
    filter: &OrderFilter,
    limit: i64,
) -> Result<Vec<OrderSummary>, ApiError> {
    let mut conditions = conditions.clone();
    if let Some((key, id)) = start(filter, "taken_in")? {
        let key = key.ok_or_else(page::bad_cursor)?;
        let (key, id) = (conditions.bind(key), conditions.bind(id));
        conditions.add_bound(format!("(w.taken_in_at_ms, w.id) < ({key}, {id})"));
    }
    let order = "w.taken_in_at_ms DESC, w.id DESC";
    select(tx, viewer, &conditions, order, limit + 1)
}

/// Orders with a deadline first, then those without: two index ranges, the same on both engines,
/// which put NULLs at different ends.
fn by_due(
    tx: &mut dyn Tx,
    viewer: Viewer,
    conditions: &Clauses,
    filter: &OrderFilter,
    limit: i64,
) -> Result<Vec<OrderSummary>, ApiError> {
    let start = start(filter, "due")?;
    let mut rows = Vec::new();
    if !matches!(start, Some((None, _))) {
        let mut dated = conditions.clone();
        dated.add_fixed("w.due_at_ms IS NOT NULL");
        if let Some((Some(key), id)) = &start {
            let (key, id) = (dated.bind(*key), dated.bind(id));
            dated.add_bound(format!("(w.due_at_ms, w.id) > ({key}, {id})"));
        }
        rows = select(tx, viewer, &dated, "w.due_at_ms, w.id", limit + 1)?;
    }
    let missing = limit + 1 - i64::try_from(rows.len()).unwrap_or(limit);
    if missing > 0 {
        let mut undated = conditions.clone();
        undated.add_fixed("w.due_at_ms IS NULL");
        if let Some((None, id)) = start {
            undated.add("w.id > ?", id);
        }
        rows.extend(select(tx, viewer, &undated, "w.id", missing)?);
    }
    Ok(rows)
}

fn select(
    tx: &mut dyn Tx,
    viewer: Viewer,
    conditions: &Clauses,
    order: &'static str,
    limit: i64,
) -> Result<Vec<OrderSummary>, ApiError> {
    let mut conditions = conditions.clone();
    let limit = conditions.bind(limit);
    let filter = conditions.sql();
    let sql = format!("SELECT {COLUMNS} FROM {TABLES}{filter} ORDER BY {order} LIMIT {limit}");
    let read = |row: &Row<'_>| OrderSummary::read(row, viewer);
    Ok(tx.all(&sql, conditions.args(), read)?)
}

fn count(tx: &mut dyn Tx, conditions: &Clauses) -> Result<Option<i64>, ApiError> {
    let mut conditions = conditions.clone();
    let limit = conditions.bind(COUNTED + 1);
    let filter = conditions.sql();
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM work_orders w{filter} LIMIT {limit}) AS found"
    );
    let count = tx.first(&sql, conditions.args(), |row| row.int(0))?;
    Ok(count.filter(|count| *count <= COUNTED))
}

/// Unfinished and past the deadline that counts; `?` is the time now.
const OVERDUE: &str = "w.is_open = 1 AND w.finished_at_ms IS NULL AND (w.due_at_ms <= ? \
     OR (w.arrived_at_ms IS NULL AND w.arrive_due_at_ms <= ?))";
const NOT_OVERDUE: &str = "(w.is_open = 0 OR w.finished_at_ms IS NOT NULL \
     OR (COALESCE(w.due_at_ms > ?, 1 = 1) \
     AND (w.arrived_at_ms IS NOT NULL OR COALESCE(w.arrive_due_at_ms > ?, 1 = 1))))";

/// Three quarters of a limit are gone (`warning::SOON`), none is past; every `?` is the time now.
const SOON: &str = "w.is_open = 1 AND w.finished_at_ms IS NULL \
     AND ((w.due_at_ms - w.taken_in_at_ms) * 3 <= (? - w.taken_in_at_ms) * 4 \
     OR (w.arrived_at_ms IS NULL \
     AND (w.arrive_due_at_ms - w.taken_in_at_ms) * 3 <= (? - w.taken_in_at_ms) * 4))";

fn conditions(filter: &OrderFilter, viewer: Viewer) -> Result<Clauses, ApiError> {
    let mut all = Clauses::new();
    all.add_some("w.state = ?", filter.state.map(OrderState::as_str));
    all.add_some("w.kind = ?", filter.kind.map(OrderKind::as_str));
    all.add_some("w.urgency = ?", filter.urgency.map(Urgency::as_str));
    all.add_some(
        "w.station_id = ?",
        filter.station_id.map(|id| id.to_string()),
    );
    all.add_some("w.area_id = ?", filter.area_id.map(|id| id.to_string()));
    all.add_some(
        "w.assignee_id = ?",
        filter.assignee_id.map(|id| id.to_string()),
    );
    all.add_some("w.is_open = ?", filter.is_open);
    all.add_some("w.taken_in_at_ms >= ?", filter.from_ms);
    all.add_some("w.taken_in_at_ms < ?", filter.to_ms);
    match filter.overdue {
        Some(true) => all.add(OVERDUE, viewer.now_ms),
        Some(false) => all.add(NOT_OVERDUE, viewer.now_ms),
        None => {}
    }
    if filter.soon == Some(true) {
        all.add(NOT_OVERDUE, viewer.now_ms);
        all.add(SOON, viewer.now_ms);
    }
    search(&mut all, filter, viewer)?;
    Ok(all)
}

/// Prefix search over indexed columns, chosen by what the text can be. Names are searched only for
/// those who may see them.
fn search(all: &mut Clauses, filter: &OrderFilter, viewer: Viewer) -> Result<(), ApiError> {
    let text = half_width(filter.q.as_deref().unwrap_or_default());
    let text = text.trim();
    if text.is_empty() {
        return Ok(());
    }
    if text.chars().count() > MAX_SEARCH {
        return Err(ApiError::field(
            "q",
            "查询内容过长",
            "The search text is too long",
        ));
    }
    let upper = text.to_ascii_uppercase();
    let is_number = text.chars().all(|c| c.is_ascii_digit());
    let mut columns = vec![("w.pole_number", text.to_owned())];
    if is_number {
        columns.push(("w.account_number", text.to_owned()));
        columns.push(("w.order_number", format!("GD{text}")));
    }
    if text.is_ascii() {
        columns.push(("w.meter_number", text.to_owned()));
        if upper != text {
            // Typed in lower case, written in capitals.
            columns.push(("w.meter_number", upper.clone()));
            columns.push(("w.pole_number", upper.clone()));
        }
        columns.push(("w.order_number", upper));
    } else if viewer.sees_names() {
        columns.push(("w.account_name", text.to_owned()));
    }
    let ranges: Vec<String> = columns
        .into_iter()
        .map(|(column, prefix)| begins_with(all, column, &prefix))
        .collect();
    all.add_bound(format!("({})", ranges.join(" OR ")));
    Ok(())
}

/// All texts that begin with `prefix`, as a half-open range in byte order.
fn begins_with(all: &mut Clauses, column: &'static str, prefix: &str) -> String {
    let from = all.bind(prefix);
    let to = all.bind(format!("{prefix}{}", char::MAX));
    format!("({column} >= {from} AND {column} < {to})")
}

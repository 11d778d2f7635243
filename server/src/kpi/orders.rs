//! `GET /v1/kpis/{kpi}/orders`: the orders behind a number, each with the reason why it counts.

use super::opened::{CountedIn, CountedOrder, open};
use super::scope::{KpiFilter, Scope};
use crate::app::App;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{PathId, Query};
use crate::orders::summary::{COLUMNS, OrderSummary, TABLES, Viewer};
use crate::page::{self, Meta};
use crate::store::{Tx, Value};
use axum::Json;
use axum::extract::State;
use dianma_schema::id::{AreaId, StaffId, StationId};
use dianma_schema::kpi::Kpi;
use dianma_schema::order::OrderKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// Which orders; the period and filters as in `/v1/kpis`.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OpenedFilter {
    /// `numerator`, `denominator` (when not given) or `missed`.
    pub counted: Option<CountedIn>,
    /// First instant, epoch ms.
    pub from_ms: Option<i64>,
    /// First instant after the period.
    pub to_ms: Option<i64>,
    /// Station.
    pub station_id: Option<StationId>,
    /// Transformer area.
    pub area_id: Option<AreaId>,
    /// Order kind.
    pub kind: Option<OrderKind>,
    /// Person.
    pub staff_id: Option<StaffId>,
    /// Rows of a page, 1 to 200.
    pub limit: Option<i64>,
    /// From the page before.
    pub cursor: Option<String>,
}

/// An order and how it counts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KpiOrder {
    /// The order.
    #[serde(flatten)]
    pub order: OrderSummary,
    /// How it counts.
    #[serde(flatten)]
    pub counted: CountedOrder,
}

/// A page of the orders behind a number.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KpiOrdersBody {
    /// The orders, newest first.
    pub work_orders: Vec<KpiOrder>,
    /// Paging; `total` is how many orders there are.
    pub meta: Meta,
}

/// Puts the summaries to the counted orders.
fn with_summaries(
    tx: &mut dyn Tx,
    viewer: Viewer,
    counted: Vec<CountedOrder>,
) -> Result<Vec<KpiOrder>, ApiError> {
    if counted.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Value> = counted
        .iter()
        .map(|order| (&order.order_id).into())
        .collect();
    let places: Vec<String> = (1..=ids.len()).map(|n| format!("?{n}")).collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE w.id IN ({})",
        places.join(", ")
    );
    let found = tx.all(&sql, &ids, |row| OrderSummary::read(row, viewer))?;
    let mut by_id: BTreeMap<String, OrderSummary> =
        found.into_iter().map(|o| (o.id.to_string(), o)).collect();
    let joined = counted.into_iter().filter_map(|counted| {
        let order = by_id.remove(&counted.order_id)?;
        Some(KpiOrder { order, counted })
    });
    Ok(joined.collect())
}

/// The orders behind a number.
#[utoipa::path(get, path = "/v1/kpis/{kpi}/orders", tag = "numbers", params(("kpi" = Kpi, Path), OpenedFilter),
    responses((status = 200, body = KpiOrdersBody), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn kpi_orders(
    State(app): State<App>,
    actor: Actor,
    PathId(kpi): PathId<Kpi>,
    Query(asked): Query<OpenedFilter>,
) -> Result<Json<KpiOrdersBody>, ApiError> {
    let limit = page::limit(asked.limit)?;
    let filter = KpiFilter {
        from_ms: asked.from_ms,
        to_ms: asked.to_ms,
        station_id: asked.station_id,
        area_id: asked.area_id,
        kind: asked.kind,
        staff_id: asked.staff_id,
    };
    let now_ms = app.clock.now_ms();
    let scope = Scope::new(&filter, now_ms)?;
    let viewer = Viewer::new(&actor, now_ms);
    let counted = asked.counted.unwrap_or_default();
    let cursor = asked.cursor;
    let body = app
        .store
        .read(move |tx| -> Result<KpiOrdersBody, ApiError> {
            let (orders, meta) = open(tx, kpi, counted, &scope, limit, cursor.as_deref())?;
            let work_orders = with_summaries(tx, viewer, orders)?;
            Ok(KpiOrdersBody { work_orders, meta })
        })
        .await?;
    Ok(Json(body))
}

//! `GET /v1/overview`: the console's first page in one answer. Every figure is counted in the
//! database or by the same function as the number of the same name; nothing is kept beside them.

mod trend;

pub use trend::TrendDay;

use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::orders::list::{OrderFilter, Sort, orders};
use crate::orders::summary::{OrderSummary, Viewer};
use crate::store::{StoreError, Tx, Value};
use axum::Json;
use axum::extract::State;
use dianma_schema::kpi::ONLINE_MINUTES;
use dianma_schema::order::{OrderKind, OrderState, Urgency};
use dianma_schema::time::{MINUTE_MS, china_day, china_day_start_ms};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Orders shown of each list.
const SHOWN: i64 = 10;

/// What happened since midnight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Today {
    /// Orders taken in.
    pub taken_in: i64,
    /// Orders handed in.
    pub submitted: i64,
    /// Orders archived.
    pub archived: i64,
}

/// The first page.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Overview {
    /// Orders by state; every state is there.
    pub by_state: BTreeMap<OrderState, i64>,
    /// Open orders by kind; every kind is there.
    pub by_kind: BTreeMap<OrderKind, i64>,
    /// The most pressing overdue orders.
    pub overdue: Vec<OrderSummary>,
    /// Open orders with danger to life or property.
    pub hazard: Vec<OrderSummary>,
    /// Electricians whose phone was heard in the last 15 minutes.
    pub staff_online: i64,
    /// Electricians on duty.
    pub staff_on_duty: i64,
    /// Records waiting for a person.
    pub exceptions: i64,
    /// Orders waiting for a verdict; one that is approved and waits for its last file is not.
    pub review_waiting: i64,
    /// Since midnight.
    pub today: Today,
    /// The last days, oldest first.
    pub trend: Vec<TrendDay>,
}

/// Envelope of [`Overview`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OverviewBody {
    /// The first page.
    pub overview: Overview,
}

/// Gathers the first page as `viewer` may see it.
pub fn gather(tx: &mut dyn Tx, viewer: Viewer) -> Result<Overview, ApiError> {
    let now_ms = viewer.now_ms;
    let pressing = |filter| OrderFilter {
        sort: Some(Sort::Due),
        limit: Some(SHOWN),
        ..filter
    };
    let overdue = pressing(OrderFilter {
        overdue: Some(true),
        ..OrderFilter::default()
    });
    let hazard = pressing(OrderFilter {
        urgency: Some(Urgency::Hazard),
        is_open: Some(true),
        ..OrderFilter::default()
    });
    let heard_after_ms = now_ms - ONLINE_MINUTES * MINUTE_MS;
    Ok(Overview {
        by_kind: by_kind(tx)?,
        overdue: orders(tx, viewer, &overdue)?.work_orders,
        hazard: orders(tx, viewer, &hazard)?.work_orders,
        staff_online: number(
            tx,
            "SELECT count(DISTINCT d.staff_id) FROM devices d JOIN staff p ON p.id = d.staff_id \
             WHERE d.state = 'active' AND p.is_active = 1 AND d.last_seen_at_ms >= ?1",
            args![heard_after_ms],
        )?,
        staff_on_duty: number(
            tx,
            "SELECT count(*) FROM staff \
             WHERE role = 'electrician' AND is_active = 1 AND is_on_duty = 1",
            args![],
        )?,
        exceptions: number(
            tx,
            "SELECT count(*) FROM intake_records WHERE state = 'exception'",
            args![],
        )?,
        review_waiting: number(
            tx,
            "SELECT count(*) FROM work_orders WHERE state = 'submitted' AND approved_at_ms IS NULL",
            args![],
        )?,
        today: today(tx, now_ms)?,
        trend: trend::trend(tx, now_ms)?,
        by_state: by_state(tx)?,
    })
}

fn by_state(tx: &mut dyn Tx) -> Result<BTreeMap<OrderState, i64>, StoreError> {
    let mut counts: BTreeMap<OrderState, i64> = OrderState::ALL.iter().map(|s| (*s, 0)).collect();
    tx.query(
        "SELECT state, count(*) FROM work_orders GROUP BY state",
        args![],
        &mut |row| {
            counts.insert(row.parse(0)?, row.int(1)?);
            Ok(())
        },
    )?;
    Ok(counts)
}

fn by_kind(tx: &mut dyn Tx) -> Result<BTreeMap<OrderKind, i64>, StoreError> {
    let mut counts: BTreeMap<OrderKind, i64> = OrderKind::ALL.iter().map(|k| (*k, 0)).collect();
    tx.query(
        "SELECT kind, count(*) FROM work_orders WHERE is_open = 1 GROUP BY kind",
        args![],
        &mut |row| {
            counts.insert(row.parse(0)?, row.int(1)?);
            Ok(())
        },
    )?;
    Ok(counts)
}

fn today(tx: &mut dyn Tx, now_ms: i64) -> Result<Today, StoreError> {
    let midnight = args![china_day_start_ms(china_day(now_ms))].to_vec();
    Ok(Today {
        taken_in: number(
            tx,
            "SELECT count(*) FROM work_orders WHERE taken_in_at_ms >= ?1",
            &midnight,
        )?,
        submitted: number(
            tx,
            "SELECT count(*) FROM work_orders WHERE submitted_at_ms >= ?1",
            &midnight,
        )?,
        archived: number(
            tx,
            "SELECT count(*) FROM work_orders WHERE archived_at_ms >= ?1",
            &midnight,
        )?,
    })
}

fn number(tx: &mut dyn Tx, sql: &'static str, args: &[Value]) -> Result<i64, StoreError> {
    Ok(tx.first(sql, args, |row| row.int(0))?.unwrap_or(0))
}

/// The first page of the console.
#[utoipa::path(get, path = "/v1/overview", tag = "numbers", responses(
    (status = 200, body = OverviewBody), (status = 401, body = ErrorBody)))]
pub async fn overview(
    State(app): State<App>,
    actor: Actor,
) -> Result<Json<OverviewBody>, ApiError> {
    let viewer = Viewer::new(&actor, app.clock.now_ms());
    let overview = app.store.read(move |tx| gather(tx, viewer)).await?;
    Ok(Json(OverviewBody { overview }))
}

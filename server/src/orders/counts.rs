//! The numbers above the order list: orders by state, and how many open ones want attention. One
//! pass over the open orders, with the same warning levels that the rows show.

use super::warning::{OVERDUE, SOON, Times};
use crate::app::App;
use crate::args;
use crate::error::ApiError;
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::order::{OrderState, Urgency};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// See the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrderCounts {
    /// Orders by state; every state is there.
    pub by_state: BTreeMap<OrderState, i64>,
    /// Unfinished and past a deadline.
    pub overdue: i64,
    /// Unfinished, three quarters of a limit gone, not yet past it.
    pub soon: i64,
    /// Open, with danger to life or property.
    pub hazard: i64,
    /// Waiting to be dispatched.
    pub unassigned: i64,
}

/// Envelope of [`OrderCounts`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CountsBody {
    /// The counts.
    pub counts: OrderCounts,
}

/// Count work orders.
#[utoipa::path(get, path = "/v1/work_orders/counts", tag = "orders", responses(
    (status = 200, body = CountsBody)))]
pub async fn counts(State(app): State<App>) -> Result<Json<CountsBody>, ApiError> {
    let now_ms = app.clock.now_ms();
    let counts = app
        .store
        .read(move |tx| count(tx, now_ms))
        .await
        .map_err(|error: StoreError| ApiError::from(error))?;
    Ok(Json(CountsBody { counts }))
}

/// Counts as of `now_ms`.
pub fn count(tx: &mut dyn Tx, now_ms: i64) -> Result<OrderCounts, StoreError> {
    let mut counts = OrderCounts::default();
    for state in OrderState::ALL {
        counts.by_state.insert(*state, 0);
    }
    tx.query(
        "SELECT state, count(*) FROM work_orders GROUP BY state",
        args![],
        &mut |row| {
            counts.by_state.insert(row.parse(0)?, row.int(1)?);
            Ok(())
        },
    )?;
    counts.unassigned = counts
        .by_state
        .get(&OrderState::Draft)
        .copied()
        .unwrap_or(0);
    tx.query(
        "SELECT state, urgency, taken_in_at_ms, arrive_due_at_ms, due_at_ms, arrived_at_ms, \
         finished_at_ms FROM work_orders WHERE is_open = 1",
        args![],
        &mut |row| {
            let times = Times {
                state: row.parse(0)?,
                taken_in_at_ms: row.int(2)?,
                arrive_due_at_ms: row.opt_int(3)?,
                due_at_ms: row.opt_int(4)?,
                arrived_at_ms: row.opt_int(5)?,
                finished_at_ms: row.opt_int(6)?,
            };
            let urgency: Urgency = row.parse(1)?;
            counts.hazard += i64::from(urgency == Urgency::Hazard);
            if times.finished_at_ms.is_none() {
                let level = times.level(now_ms);
                counts.overdue += i64::from(level == OVERDUE);
                counts.soon += i64::from((SOON..OVERDUE).contains(&level));
            }
            Ok(())
        },
    )?;
    Ok(counts)
}

//! The last days: orders taken in, archived, and overdue as the overdue rate counts them.

use crate::args;
use crate::error::ApiError;
use crate::kpi::{KpiFilter, Scope, each_unit};
use crate::store::{StoreError, Tx};
use dianma_schema::kpi::Kpi;
use dianma_schema::time::{CHINA_OFFSET_MS, DAY_MS, china_day, china_day_start_ms, day_key};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Days shown, today among them.
const DAYS: i64 = 14;

/// One day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrendDay {
    /// Day key, yyyymmdd.
    pub day: i64,
    /// Orders taken in that day.
    pub taken_in: i64,
    /// Orders archived that day.
    pub archived: i64,
    /// Orders due that day and finished late or not at all.
    pub overdue: i64,
}

/// The last days, oldest first; days without anything are there too.
pub(super) fn trend(tx: &mut dyn Tx, now_ms: i64) -> Result<Vec<TrendDay>, ApiError> {
    let today = china_day(now_ms);
    let first = today - DAYS + 1;
    let from_ms = china_day_start_ms(first);
    let taken_in = by_day(
        tx,
        "SELECT (taken_in_at_ms + ?2) / ?3, count(*) FROM work_orders \
         WHERE taken_in_at_ms >= ?1 GROUP BY 1",
        from_ms,
    )?;
    let archived = by_day(
        tx,
        "SELECT (archived_at_ms + ?2) / ?3, count(*) FROM work_orders \
         WHERE archived_at_ms >= ?1 GROUP BY 1",
        from_ms,
    )?;
    let overdue = overdue(tx, from_ms, now_ms)?;
    let at = |days: &BTreeMap<i64, i64>, day| days.get(&day).copied().unwrap_or(0);
    let days = (first..=today).map(|day| TrendDay {
        day: day_key(china_day_start_ms(day)),
        taken_in: at(&taken_in, day),
        archived: at(&archived, day),
        overdue: at(&overdue, day),
    });
    Ok(days.collect())
}

/// Counts by Chinese civil day since 1970.
fn by_day(
    tx: &mut dyn Tx,
    sql: &'static str,
    from_ms: i64,
) -> Result<BTreeMap<i64, i64>, StoreError> {
    let rows = tx.all(sql, args![from_ms, CHINA_OFFSET_MS, DAY_MS], |row| {
        Ok((row.int(0)?, row.int(1)?))
    })?;
    Ok(rows.into_iter().collect())
}

fn overdue(tx: &mut dyn Tx, from_ms: i64, now_ms: i64) -> Result<BTreeMap<i64, i64>, ApiError> {
    let filter = KpiFilter {
        from_ms: Some(from_ms),
        to_ms: Some(now_ms + 1),
        ..KpiFilter::default()
    };
    let scope = Scope::new(&filter, now_ms)?;
    let mut days: BTreeMap<i64, i64> = BTreeMap::new();
    each_unit(tx, &[Kpi::OverdueRate], &scope, &mut |_, unit| {
        *days.entry(china_day(unit.at_ms)).or_default() += unit.above;
    })?;
    Ok(days)
}

//! Duty and presence (人员在线率): quarter hours on duty, and those in which the phone was heard.

use super::scope::Scope;
use super::unit::Unit;
use crate::clauses::Clauses;
use crate::store::{StoreError, Tx};
use dianma_schema::kpi::{DutyFacts, ONLINE_MINUTES, online_tally};
use dianma_schema::time::{MINUTE_MS, china_day_start_ms, day_key, days_from_civil};

/// Length of a presence row, minutes: one contact makes the phone online for this long.
const QUARTER_MINUTES: i64 = ONLINE_MINUTES;
const QUARTER_MS: i64 = QUARTER_MINUTES * MINUTE_MS;

/// One unit for each person and day. Orders have no part in it, so a filter by kind is ignored.
pub(super) fn each_duty_day(
    tx: &mut dyn Tx,
    scope: &Scope,
    each: &mut dyn FnMut(&Unit),
) -> Result<(), StoreError> {
    let to_ms = scope.period.to_ms.min(scope.period.as_of_ms);
    let mut clauses = Clauses::new();
    clauses.add_fixed("q.is_on_duty = 1");
    clauses.add("q.day_key >= ?", day_key(scope.period.from_ms));
    clauses.add("q.day_key <= ?", day_key(to_ms));
    clauses.add("q.quarter >= ?", quarter_from(scope.period.from_ms));
    clauses.add("q.quarter < ?", quarter_from(to_ms));
    clauses.add_some("q.staff_id = ?", scope.staff_id.map(|id| id.to_string()));
    clauses.add_some(
        "p.station_id = ?",
        scope.station_id.map(|id| id.to_string()),
    );
    clauses.add_some(
        "EXISTS (SELECT 1 FROM staff_areas m WHERE m.staff_id = q.staff_id AND m.area_id = ?)",
        scope.area_id.map(|id| id.to_string()),
    );
    let sql = format!(
        "SELECT q.day_key, q.staff_id, p.station_id, count(*), CAST(sum(q.is_online) AS BIGINT) \
         FROM presence q JOIN staff p ON p.id = q.staff_id{} \
         GROUP BY q.day_key, q.staff_id, p.station_id",
        clauses.sql()
    );
    tx.query(&sql, clauses.args(), &mut |row| {
        let tally = online_tally(&[DutyFacts {
            duty_minutes: row.int(3)? * QUARTER_MINUTES,
            online_minutes: row.int(4)? * QUARTER_MINUTES,
        }]);
        let at_ms = day_start_ms(row.int(0)?).max(scope.period.from_ms);
        each(&Unit {
            counts_in_numerator: tally.numerator > 0,
            counts_in_denominator: true,
            above: tally.numerator,
            below: tally.denominator,
            why_zh: "在岗时段",
            why_en: "time on duty",
            at_ms,
            order_id: None,
            taken_in_at_ms: at_ms,
            kind: None,
            station_id: row.opt_text(2)?,
            area_id: None,
            staff_id: Some(row.text(1)?),
        });
        Ok(())
    })
}

/// The first quarter that begins at or after the instant.
fn quarter_from(at_ms: i64) -> i64 {
    at_ms.div_euclid(QUARTER_MS) + i64::from(at_ms.rem_euclid(QUARTER_MS) > 0)
}

fn day_start_ms(key: i64) -> i64 {
    let part = |value: i64| u32::try_from(value).unwrap_or(1);
    china_day_start_ms(days_from_civil(
        key / 10_000,
        part(key / 100 % 100),
        part(key % 100),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_key_leads_back_to_its_midnight() {
        let start = day_start_ms(20_260_504);
        assert_eq!(day_key(start), 20_260_504);
        assert_eq!(day_key(start - 1), 20_260_503);
    }

    #[test]
    fn a_quarter_belongs_to_the_period_that_holds_its_begin() {
        assert_eq!(quarter_from(0), 0);
        assert_eq!(quarter_from(1), 1);
        assert_eq!(quarter_from(QUARTER_MS), 1);
    }
}

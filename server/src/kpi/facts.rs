//! Streams the facts of orders through the counting function, in constant memory.

use super::scope::{Cohort, Scope};
use super::unit::Unit;
use crate::store::{Row, StoreError, Tx};
use dianma_schema::kpi::{Kpi, OrderFacts, count};
use dianma_schema::order::OrderKind;
use dianma_schema::order::record::RecordValues;

/// Columns in the order [`read`] expects. The first call-back try counts, reached or not; who has a number can be called back. The field record is only read where it is needed: fault
/// orders carry the time the power came back.
const SELECT: &str = "SELECT o.id, o.kind, o.state, o.taken_in_at_ms, o.due_at_ms, o.arrive_due_at_ms, \
     o.dispatched_at_ms, o.accepted_at_ms, o.arrived_at_ms, o.finished_at_ms, o.submitted_at_ms, \
     o.archived_at_ms, o.cancelled_at_ms, \
     (SELECT min(c.at_ms) FROM callbacks c WHERE c.order_id = o.id), \
     CASE WHEN o.contact_phone IS NULL THEN 0 ELSE 1 END, o.satisfaction, \
     o.callback_satisfaction, o.reject_count, o.total_fen, o.station_id, o.area_id, o.assignee_id, \
     CASE WHEN o.kind = 'fault_repair' THEN o.record_values ELSE '' END, \
     (SELECT min(e.at_ms) FROM order_events e WHERE e.order_id = o.id \
      AND e.command IN ('approve', 'reject')), \
     (SELECT count(*) FROM order_events e WHERE e.order_id = o.id AND e.command = 'reassign'), \
     (SELECT max(c.is_reached) FROM callbacks c WHERE c.order_id = o.id) FROM work_orders o";

/// Name of the field of a fault record that says when the power came back.
const RESTORED_AT: &str = "restored_at";

/// Every order that counts in any of the numbers.
pub(super) fn each_order(
    tx: &mut dyn Tx,
    kpis: &[Kpi],
    scope: &Scope,
    each: &mut dyn FnMut(Kpi, &Unit),
) -> Result<(), StoreError> {
    let cohorts: Vec<(Kpi, Cohort)> = kpis
        .iter()
        .filter_map(|kpi| Cohort::of(*kpi).map(|cohort| (*kpi, cohort)))
        .collect();
    if cohorts.is_empty() {
        return Ok(());
    }
    let clauses = scope.order_clauses(kpis);
    let sql = format!("{SELECT}{}", clauses.sql());
    tx.query(&sql, clauses.args(), &mut |row| {
        let facts = read(row)?;
        let mut unit = place(row)?;
        for (kpi, cohort) in &cohorts {
            let counted = count(*kpi, &facts, &scope.period);
            if !counted.counts_in_denominator && !counted.counts_in_numerator {
                continue;
            }
            unit.counts_in_numerator = counted.counts_in_numerator;
            unit.counts_in_denominator = counted.counts_in_denominator;
            unit.above = if counted.counts_in_numerator {
                counted.adds
            } else {
                0
            };
            unit.below = i64::from(counted.counts_in_denominator);
            unit.why_zh = counted.why_zh;
            unit.why_en = counted.why_en;
            unit.at_ms = cohort_at_ms(*cohort, &facts);
            each(*kpi, &unit);
        }
        Ok(())
    })
}

/// When the order's event happened; the counting function saw to it that it did.
fn cohort_at_ms(cohort: Cohort, facts: &OrderFacts) -> i64 {
    let at_ms = match cohort {
        Cohort::TakenIn => Some(facts.taken_in_at_ms),
        Cohort::Due => facts.due_at_ms,
        Cohort::Finished => facts.finished_at_ms,
        Cohort::Submitted => facts.submitted_at_ms,
        Cohort::Archived => facts.archived_at_ms,
    };
    at_ms.unwrap_or(facts.taken_in_at_ms)
}

fn read(row: &Row<'_>) -> Result<OrderFacts, StoreError> {
    let kind: OrderKind = row.parse(1)?;
    Ok(OrderFacts {
        kind,
        state: row.parse(2)?,
        // No order is excluded yet: there is no way to approve it.
        is_excluded: false,
        taken_in_at_ms: row.int(3)?,
        due_at_ms: row.opt_int(4)?,
        arrive_due_at_ms: row.opt_int(5)?,
        dispatched_at_ms: row.opt_int(6)?,
        accepted_at_ms: row.opt_int(7)?,
        arrived_at_ms: row.opt_int(8)?,
        finished_at_ms: row.opt_int(9)?,
        submitted_at_ms: row.opt_int(10)?,
        archived_at_ms: row.opt_int(11)?,
        cancelled_at_ms: row.opt_int(12)?,
        called_back_at_ms: row.opt_int(13)?,
        needs_callback: kind.is_called_back() && row.flag(14)?,
        satisfaction: row.opt_parse(15)?,
        callback_satisfaction: row.opt_parse(16)?,
        rejected_count: row.int(17)?,
        charged_fen: row.opt_int(18)?.unwrap_or(0),
        restored_at_ms: restored_at_ms(&row.text(22)?),
        reviewed_at_ms: row.opt_int(23)?,
        reassigned_count: row.int(24)?,
        callback_reached: row.opt_int(25)? == Some(1),
    })
}

fn restored_at_ms(record: &str) -> Option<i64> {
    let values: RecordValues = serde_json::from_str(record).ok()?;
    values.get(RESTORED_AT)?.trim().parse().ok()
}

/// The unit without its numbers.
fn place(row: &Row<'_>) -> Result<Unit, StoreError> {
    Ok(Unit {
        counts_in_numerator: false,
        counts_in_denominator: false,
        above: 0,
        below: 0,
        why_zh: "",
        why_en: "",
        at_ms: 0,
        order_id: Some(row.text(0)?),
        taken_in_at_ms: row.int(3)?,
        kind: Some(row.parse(1)?),
        station_id: row.opt_text(19)?,
        area_id: row.opt_text(20)?,
        staff_id: row.opt_text(21)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dianma_schema::order::record;

    #[test]
    fn the_fault_form_has_the_restore_time() {
        assert!(
            record::form(OrderKind::FaultRepair)
                .field(RESTORED_AT)
                .is_some()
        );
        assert_eq!(
            restored_at_ms(r#"{"restored_at":"1770000000000"}"#),
            Some(1_770_000_000_000)
        );
        assert_eq!(restored_at_ms(r#"{"restored_at":"soon"}"#), None);
        assert_eq!(restored_at_ms(""), None);
    }
}

//! Visits (访问次数): distinct (person, order, day) of arrivals that a scanned code proves.

use super::scope::Scope;
use super::unit::Unit;
use crate::clauses::Clauses;
use crate::store::{StoreError, Tx};
use dianma_schema::time::day_key;

/// Words of the proofs that show somebody stood there.
const PROVEN: &str = "o.place_proof IN ('customer_code', 'meter_code', 'place_code')";

/// Every visit, those of one order together.
pub(super) fn each_visit(
    tx: &mut dyn Tx,
    scope: &Scope,
    each: &mut dyn FnMut(&Unit),
) -> Result<(), StoreError> {
    let mut clauses = Clauses::new();
    clauses.add_fixed("e.command = 'arrive'");
    clauses.add_fixed(PROVEN);
    clauses.add("e.occurred_at_ms >= ?", scope.period.from_ms);
    clauses.add("e.occurred_at_ms < ?", scope.period.to_ms);
    clauses.add("e.occurred_at_ms <= ?", scope.period.as_of_ms);
    scope.add_order_filters(&mut clauses);
    clauses.add_some("e.actor_id = ?", scope.staff_id.map(|id| id.to_string()));
    let sql = format!(
        "SELECT e.order_id, e.actor_id, e.occurred_at_ms, o.taken_in_at_ms, o.kind, o.station_id, \
         o.area_id FROM order_events e JOIN work_orders o ON o.id = e.order_id{} \
         ORDER BY e.order_id, e.actor_id, e.occurred_at_ms",
        clauses.sql()
    );
    let mut last = None;
    tx.query(&sql, clauses.args(), &mut |row| {
        let (order_id, staff_id, at_ms) = (row.text(0)?, row.text(1)?, row.int(2)?);
        let visit = Some((order_id.clone(), staff_id.clone(), day_key(at_ms)));
        if visit == last {
            return Ok(());
        }
        last = visit;
        each(&Unit {
            counts_in_numerator: true,
            counts_in_denominator: true,
            above: 1,
            below: 1,
            why_zh: "经证实到达",
            why_en: "proven arrival",
            at_ms,
            order_id: Some(order_id),
            taken_in_at_ms: row.int(3)?,
            kind: Some(row.parse(4)?),
            station_id: row.opt_text(5)?,
            area_id: row.opt_text(6)?,
            staff_id: Some(staff_id),
        });
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dianma_schema::order::Proof;

    #[test]
    fn the_proofs_are_those_of_the_schema() {
        for proof in Proof::ALL {
            let named = PROVEN.contains(&format!("'{proof}'"));
            assert_eq!(named, proof.proves_place(), "{proof}");
        }
    }
}

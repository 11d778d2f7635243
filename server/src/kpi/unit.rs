//! One thing that a number is made of: an order, a visit, or a day of somebody's duty.

use super::scope::Scope;
use super::{duty, facts, visits};
use crate::store::{StoreError, Tx};
use dianma_schema::kpi::{Kpi, Tally};
use dianma_schema::order::OrderKind;

/// What one thing adds, and where it belongs.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Above the line.
    pub counts_in_numerator: bool,
    /// Below the line.
    pub counts_in_denominator: bool,
    /// Added above the line.
    pub above: i64,
    /// Added below the line.
    pub below: i64,
    /// The reason, Chinese.
    pub why_zh: &'static str,
    /// The reason, English.
    pub why_en: &'static str,
    /// The instant that puts it into the period.
    pub at_ms: i64,
    /// The order, when it is one or part of one.
    pub order_id: Option<String>,
    /// When that order was taken in.
    pub taken_in_at_ms: i64,
    /// Kind of the order.
    pub kind: Option<OrderKind>,
    /// Station.
    pub station_id: Option<String>,
    /// Transformer area.
    pub area_id: Option<String>,
    /// Person.
    pub staff_id: Option<String>,
}

impl Unit {
    /// Adds it to a sum.
    pub fn add_to(&self, tally: &mut Tally) {
        tally.numerator = tally.numerator.saturating_add(self.above);
        tally.denominator = tally.denominator.saturating_add(self.below);
    }
}

/// Hands over every unit that counts in any of the numbers, above or below the line.
pub fn each_unit(
    tx: &mut dyn Tx,
    kpis: &[Kpi],
    scope: &Scope,
    each: &mut dyn FnMut(Kpi, &Unit),
) -> Result<(), StoreError> {
    facts::each_order(tx, kpis, scope, each)?;
    if kpis.contains(&Kpi::VisitCount) {
        visits::each_visit(tx, scope, &mut |unit| each(Kpi::VisitCount, unit))?;
    }
    if kpis.contains(&Kpi::OnlineRate) {
        duty::each_duty_day(tx, scope, &mut |unit| each(Kpi::OnlineRate, unit))?;
    }
    Ok(())
}

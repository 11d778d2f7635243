//! Choosing the service limit for a case: by date of acceptance, then by how exactly the rule names
//! the case. Counting with the rule is [`super::deadline`].

use super::deadline::clamp;
use super::sla_rule::{RuleClash, SlaRule, Stage};
use crate::customer::{AreaClass, CustomerClass};
use crate::order::OrderKind;
use crate::time;

/// What a rule is chosen for.
#[derive(Debug, Clone, Copy)]
pub struct SlaCase<'a> {
    /// Order kind.
    pub kind: OrderKind,
    /// Subtype word of the template; empty = none.
    pub subtype: &'a str,
    /// The pair of events.
    pub stage: Stage,
    /// Area class of the supply point.
    pub area_class: AreaClass,
    /// Customer class.
    pub customer_class: CustomerClass,
    /// Organisation path such as `420000/421300`; empty = unknown.
    pub region: &'a str,
    /// When the request was taken in (受理时间).
    pub accepted_at_ms: i64,
}

impl SlaCase<'_> {
    fn fits(&self, rule: &SlaRule, day: i64) -> bool {
        rule.kind == self.kind
            && rule.stage == self.stage
            && rule.is_valid_on(day)
            && rule
                .subtype
                .as_deref()
                .is_none_or(|subtype| subtype == self.subtype)
            && rule.area_class.is_none_or(|class| class == self.area_class)
            && rule
                .customer_class
                .is_none_or(|class| class == self.customer_class)
            && contains_region(&rule.region, self.region)
    }
}

/// The rule's region is `*`, the case's region itself, or one above it.
fn contains_region(rule: &str, case: &str) -> bool {
    rule == "*"
        || case
            .strip_prefix(rule)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The most exact rule for the case; `None` when none fits, a clash when two fit equally well.
pub fn select<'r>(rules: &'r [SlaRule], case: &SlaCase) -> Result<Option<&'r SlaRule>, RuleClash> {
    let day = time::china_day(clamp(case.accepted_at_ms));
    let mut best: Option<&SlaRule> = None;
    let mut rival: Option<&SlaRule> = None;
    for rule in rules.iter().filter(|rule| case.fits(rule, day)) {
        match best.map(|best| rule.rank().cmp(&best.rank())) {
            None | Some(std::cmp::Ordering::Greater) => (best, rival) = (Some(rule), None),
            Some(std::cmp::Ordering::Equal) => rival = Some(rule),
            Some(std::cmp::Ordering::Less) => {}
        }
    }
    match (best, rival) {
        (Some(first), Some(second)) => Err(RuleClash {
            first: first.id.clone(),
            second: second.id.clone(),
        }),
        (best, _) => Ok(best),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::sla_rule::RULES;
    use proptest::prelude::*;

    #[test]
    fn two_rules_of_equal_rank_are_a_clash() {
        let rule = RULES
            .iter()
            .find(|rule| rule.id == "sample-ad-hoc")
            .unwrap();
        let case = SlaCase {
            kind: OrderKind::AdHoc,
            subtype: "",
            stage: Stage::TakenInToReplied,
            area_class: AreaClass::Rural,
            customer_class: CustomerClass::Resident,
            region: "",
            accepted_at_ms: 1_777_824_000_000,
        };
        let twice = [rule.clone(), rule.clone()];
        assert!(select(&twice, &case).is_err());
        assert_eq!(select(&twice[..1], &case).unwrap(), Some(rule));
        assert_eq!(select(&[], &case).unwrap(), None);
    }

    proptest! {
        #[test]
        fn chosen_rule_fits_and_no_fitting_rule_ranks_higher(
            kind in 0..OrderKind::ALL.len(), area in 0..AreaClass::ALL.len(), stage in 0..Stage::ALL.len(), at_ms in 0i64..2_000_000_000_000,
        ) {
            let case = SlaCase {
                kind: OrderKind::ALL[kind], subtype: "complaint", stage: Stage::ALL[stage], area_class: AreaClass::ALL[area],
                customer_class: CustomerClass::NonResident, region: "320000", accepted_at_ms: at_ms,
            };
            let day = time::china_day(at_ms);
            let fitting = RULES.iter().filter(|rule| case.fits(rule, day));
            prop_assert_eq!(select(&RULES, &case).unwrap().map(SlaRule::rank), fitting.map(SlaRule::rank).max());
        }
    }
}

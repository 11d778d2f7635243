//! Deadlines (服务时限): when an order falls due and how far the count-down has come. One function for
//! phone, server and console; rules are data ([`super::sla_rule`]), chosen by [`super::sla_case`].
//!
//! The rule is the one valid when the request was taken in, also if rules change later. Working-day
//! limits start on the next working day and end with the last one (design, service rules 1.2).

use super::calendar::Calendar;
pub use super::sla_case::{SlaCase, select};
use super::sla_rule::{LimitUnit, RULES, WARN_AT_PERMILLE};
pub use super::sla_rule::{PauseReason, RuleClash, SlaRule, Stage, Statistic};
use crate::customer::{AreaClass, CustomerClass};
use crate::order::OrderKind;
use crate::time::{self, DAY_MS, HOUR_MS, MINUTE_MS};
use serde::{Deserialize, Serialize};

/// Instants are cut to 1970 to about 2280, so that no sum overflows.
const LATEST_MS: i64 = 9_800_000_000_000;

/// Every shipped rule. Empty only if the embedded file is broken, which a test forbids.
pub fn rules() -> &'static [SlaRule] {
    &RULES
}

/// When the limit falls due, counted from `from_ms`, with approved pauses added.
///
/// Working days: the end of the last one; each started day of pause moves it on by a day, always to
/// the end of a working day. A limit that is agreed with the customer never falls due by rule: `i64::MAX`.
pub fn due_at_ms(rule: &SlaRule, calendar: &Calendar, from_ms: i64, paused_ms: i64) -> i64 {
    let from_ms = clamp(from_ms);
    let paused_ms = clamp(paused_ms);
    match rule.limit_unit {
        LimitUnit::Minute => from_ms + paused_ms + rule.limit_value * MINUTE_MS,
        LimitUnit::Hour => from_ms + paused_ms + rule.limit_value * HOUR_MS,
        LimitUnit::Day => from_ms + paused_ms + rule.limit_value * DAY_MS,
        LimitUnit::Agreed => i64::MAX,
        LimitUnit::WorkingDay => {
            let last = calendar.add_working_days(time::china_day(from_ms), rule.limit_value);
            let moved = time::china_day(end_of_day_ms(last) + paused_ms);
            end_of_day_ms(calendar.working_day_from(moved))
        }
    }
}

pub(super) const fn clamp(at_ms: i64) -> i64 {
    if at_ms < 0 {
        0
    } else if at_ms > LATEST_MS {
        LATEST_MS
    } else {
        at_ms
    }
}

/// Last millisecond of a Chinese civil day, so that it prints as 23:59 of that day.
const fn end_of_day_ms(day: i64) -> i64 {
    time::china_day_start_ms(day + 1) - 1
}

/// One deadline of an order, with the sentence shown beside the count-down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deadline {
    /// When it falls due.
    pub due_at_ms: i64,
    /// The rule it comes from; stored with the order.
    pub rule_id: String,
    /// Version of that rule.
    pub rule_version: i64,
    /// `抢修 · 农村 90 分钟到场`.
    pub zh: String,
    /// `Fault repair · Rural: on site within 90 min`.
    pub en: String,
    /// Document and date of the figure.
    pub source: String,
    /// The figure, or the calendar of the year, is not confirmed.
    pub sample: bool,
}

/// The deadlines of an order when it is taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deadlines {
    /// To be on site; `None` when no promise says so, or the time is agreed with the customer.
    pub arrive: Option<Deadline>,
    /// To be done.
    pub complete: Option<Deadline>,
}

/// The deadlines by the shipped rules and calendar. Limits that start on arrival are counted from
/// the arrival deadline: before anybody has arrived, that is the latest they can end in time.
pub fn deadlines(
    kind: OrderKind,
    subtype: &str,
    area_class: AreaClass,
    customer_class: CustomerClass,
    region: &str,
    taken_in_at_ms: i64,
) -> Deadlines {
    let case = SlaCase {
        kind,
        subtype,
        stage: Stage::TakenInToArrived,
        area_class,
        customer_class,
        region,
        accepted_at_ms: taken_in_at_ms,
    };
    let calendar = Calendar::shipped();
    let arrive =
        choose(&case, Stage::TakenInToArrived).map(|rule| deadline(rule, calendar, taken_in_at_ms));
    let on_site_ms = arrive.as_ref().map_or(taken_in_at_ms, |due| due.due_at_ms);
    let complete = Stage::COMPLETING
        .iter()
        .filter_map(|stage| choose(&case, *stage))
        .map(|rule| {
            let from_ms = if rule.stage.starts_on_arrival() {
                on_site_ms
            } else {
                taken_in_at_ms
            };
            (rule.rank(), deadline(rule, calendar, from_ms))
        })
        // The most exact rule wins; of equally exact ones the earlier deadline.
        .max_by_key(|(rank, due)| (*rank, std::cmp::Reverse(due.due_at_ms)))
        .map(|(_, due)| due);
    Deadlines { arrive, complete }
}

/// The shipped rule of a stage, unless it leaves the time to an agreement. A clash cannot be in the
/// shipped file: loading refuses it.
fn choose(case: &SlaCase, stage: Stage) -> Option<&'static SlaRule> {
    let rule = select(&RULES, &SlaCase { stage, ..*case }).ok()??;
    (rule.limit_unit != LimitUnit::Agreed).then_some(rule)
}

fn deadline(rule: &SlaRule, calendar: &Calendar, from_ms: i64) -> Deadline {
    let due_at_ms = due_at_ms(rule, calendar, from_ms, 0);
    let by_estimate = rule.limit_unit == LimitUnit::WorkingDay
        && !calendar.is_certain(time::china_day(due_at_ms));
    Deadline {
        due_at_ms,
        rule_id: rule.id.clone(),
        rule_version: rule.version,
        zh: rule.sentence_zh(),
        en: rule.sentence_en(),
        source: rule.source.clone(),
        sample: rule.sample || by_estimate,
    }
}

/// Warning level 0 (calm) to 4 (due or past) by the default levels.
pub fn warn_level(now_ms: i64, from_ms: i64, due_at_ms: i64) -> u8 {
    warn_level_by(&WARN_AT_PERMILLE, now_ms, from_ms, due_at_ms)
}

/// Warning level by a rule's own levels: how many of them the elapsed share has reached.
pub fn warn_level_by(levels: &[i64; 4], now_ms: i64, from_ms: i64, due_at_ms: i64) -> u8 {
    let span = i128::from(due_at_ms) - i128::from(from_ms);
    let elapsed = i128::from(now_ms) - i128::from(from_ms);
    if span <= 0 {
        return if now_ms >= due_at_ms { 4 } else { 0 };
    }
    levels
        .iter()
        .map(|permille| u8::from(elapsed * 1_000 >= span * i128::from(*permille)))
        .sum()
}

/// The level from which a deadline counts as near.
pub const WARN_SOON: u8 = 2;

/// When a deadline reaches a warning level, 1 to 4, by the default levels.
pub fn level_at_ms(level: u8, from_ms: i64, due_at_ms: i64) -> i64 {
    let step = usize::from(level.saturating_sub(1));
    let permille = WARN_AT_PERMILLE.get(step).copied().unwrap_or(1_000);
    let span = i128::from(due_at_ms) - i128::from(from_ms);
    if span <= 0 {
        return due_at_ms;
    }
    // Rounded up: at that moment the share has been reached.
    let elapsed = (span * i128::from(permille) + 999) / 1_000;
    i64::try_from(i128::from(from_ms) + elapsed).unwrap_or(due_at_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KINDS: &[OrderKind] = OrderKind::ALL;
    const AREAS: &[AreaClass] = AreaClass::ALL;
    const CUSTOMERS: &[CustomerClass] = CustomerClass::ALL;

    fn at(text: &str) -> i64 {
        time::parse_china_time(text).unwrap()
    }

    fn of(kind: OrderKind, subtype: &str, area: AreaClass, region: &str, when: &str) -> Deadlines {
        deadlines(
            kind,
            subtype,
            area,
            CustomerClass::Resident,
            region,
            at(when),
        )
    }

    fn minutes(due: Option<&Deadline>, when: &str) -> i64 {
        (due.unwrap().due_at_ms - at(when)) / MINUTE_MS
    }

    #[test]
    fn rural_fault_has_ninety_minutes_and_four_hours_after_that() {
        let when = "2026-05-04 09:30";
        let due = of(OrderKind::FaultRepair, "", AreaClass::Rural, "", when);
        assert_eq!(minutes(due.arrive.as_ref(), when), 90);
        assert_eq!(minutes(due.complete.as_ref(), when), 90 + 240);
        let arrive = due.arrive.unwrap();
        assert_eq!(arrive.zh, "抢修 · 农村 90 分钟到场");
        assert_eq!(arrive.en, "Fault repair · Rural: on site within 90 min");
        assert!(!arrive.sample && arrive.source.contains("2023-08-08"));
        assert_eq!(due.complete.unwrap().zh, "抢修 · 农村 到场后 4 小时复电");
    }

    #[test]
    fn order_is_judged_by_the_promise_of_its_own_day() {
        let before = of(
            OrderKind::FaultRepair,
            "",
            AreaClass::Urban,
            "",
            "2023-08-07 23:59",
        );
        let after = of(
            OrderKind::FaultRepair,
            "",
            AreaClass::Urban,
            "",
            "2023-08-08 00:00",
        );
        assert_eq!(before.arrive.unwrap().rule_id, "promise-2011-arrive-urban");
        assert_eq!(after.arrive.unwrap().rule_id, "promise-2023-arrive-urban");
        assert!(
            before.complete.unwrap().sample,
            "2011 promised no restore time"
        );
    }

    #[test]
    fn arrival_inside_the_customers_wiring_is_agreed_with_the_customer() {
        let due = of(
            OrderKind::FaultRepair,
            "customer_internal",
            AreaClass::Urban,
            "",
            "2026-05-04",
        );
        assert!(due.arrive.is_none());
        assert_eq!(due.complete.unwrap().rule_id, "sample-internal-fault");
    }

    #[test]
    fn the_longest_region_wins_and_similar_codes_do_not_match() {
        let when = "2026-06-01 10:00";
        let rule = |region: &str| {
            let due = of(OrderKind::NewConnection, "", AreaClass::Urban, region, when);
            due.complete.unwrap().rule_id
        };
        assert_eq!(rule("420000/421300/421321"), "suizhou-connect-resident");
        assert_eq!(rule("420000/421300"), "suizhou-connect-resident");
        assert_eq!(rule("420000/4213009"), "promise-2023-connect-resident");
        assert_eq!(rule("420000"), "promise-2023-connect-resident");
    }

    #[test]
    fn five_working_days_over_a_swapped_weekend_end_late_in_the_evening() {
        let due = of(
            OrderKind::NewConnection,
            "",
            AreaClass::Urban,
            "",
            "2026-02-13 16:00",
        );
        let complete = due.complete.unwrap();
        // 14th is worked, the festival runs to the 23rd, then 24, 25, 26, 27.
        assert_eq!(time::format_minute(complete.due_at_ms), "2026-02-27 23:59");
        assert_eq!(complete.zh, "业扩报装 · 居民 5 个工作日接电");
    }

    #[test]
    fn deadline_in_a_year_without_a_published_calendar_is_a_sample() {
        let due = of(
            OrderKind::NewConnection,
            "",
            AreaClass::Urban,
            "",
            "2027-03-01",
        );
        assert!(due.complete.unwrap().sample);
    }

    #[test]
    fn appliance_damage_is_replied_a_working_day_after_the_visit() {
        let due = of(
            OrderKind::AdHoc,
            "appliance_damage",
            AreaClass::Urban,
            "",
            "2026-05-07 10:00",
        );
        assert_eq!(
            time::format_minute(due.arrive.unwrap().due_at_ms),
            "2026-05-08 10:00"
        );
        // Saturday 9 May is worked.
        assert_eq!(
            time::format_minute(due.complete.unwrap().due_at_ms),
            "2026-05-09 23:59"
        );
    }

    #[test]
    fn pauses_add_to_the_limit() {
        let rule = RULES
            .iter()
            .find(|rule| rule.id == "sample-safety-inspection")
            .unwrap();
        let from = at("2026-05-11 09:00");
        let due = |paused| time::format_minute(due_at_ms(rule, Calendar::shipped(), from, paused));
        assert_eq!(due(0), "2026-05-25 23:59");
        assert_eq!(due(2 * DAY_MS), "2026-05-27 23:59");
        assert_eq!(
            due(5 * DAY_MS),
            "2026-06-01 23:59",
            "a Saturday moves to Monday"
        );
    }

    #[test]
    fn warning_rises_at_half_three_quarters_nine_tenths_and_the_end() {
        let level = |now| warn_level(now, 1_000, 2_000);
        let seen = [0, 1_499, 1_500, 1_750, 1_899, 1_900, 1_999, 2_000, i64::MAX].map(level);
        assert_eq!(seen, [0, 0, 1, 2, 2, 3, 3, 4, 4]);
        assert_eq!(warn_level(5, 10, 10), 0);
        assert_eq!(warn_level(10, 10, 10), 4);
    }

    proptest! {
        #[test]
        fn a_level_begins_at_its_moment_and_not_before(
            level in 1u8..=4, from in 0i64..2_000_000_000_000, span in 1i64..100 * DAY_MS,
        ) {
            let at = level_at_ms(level, from, from + span);
            prop_assert!(warn_level(at, from, from + span) >= level);
            prop_assert!(warn_level(at - 1, from, from + span) < level);
        }

        #[test]
        fn every_case_has_a_complete_deadline_after_the_start(
            kind in 0..KINDS.len(), area in 0..AREAS.len(), customer in 0..CUSTOMERS.len(),
            subtype in prop::sample::select(vec!["", "complaint", "meter_fault", "restore_supply", "no such", "customer_internal"]),
            region in prop::sample::select(vec!["", "*", "320000", "420000/421300", "410000/411600/x", "字"]),
            day in 11_000i64..25_000, ms in 0i64..DAY_MS,
        ) {
            let taken_in = time::china_day_start_ms(day) + ms;
            let due = deadlines(KINDS[kind], subtype, AREAS[area], CUSTOMERS[customer], region, taken_in);
            let complete = due.complete.unwrap();
            prop_assert!(complete.due_at_ms > taken_in);
            if let Some(arrive) = due.arrive {
                prop_assert!(taken_in < arrive.due_at_ms && arrive.due_at_ms < complete.due_at_ms);
            }
            prop_assert!(KINDS[kind] != OrderKind::FaultRepair || complete.zh.starts_with("抢修 · "));
        }

        #[test]
        fn due_never_moves_back_when_the_start_or_the_pause_grows(
            rule in 0usize..40, from in 0i64..2_000_000_000_000, later in 0i64..10 * DAY_MS, paused in 0i64..20 * DAY_MS,
        ) {
            let rule = &RULES[rule % RULES.len()];
            let calendar = Calendar::shipped();
            let due = due_at_ms(rule, calendar, from, 0);
            prop_assert!(due_at_ms(rule, calendar, from + later, 0) >= due);
            let with_pause = due_at_ms(rule, calendar, from, paused);
            prop_assert!(with_pause >= due && due > from);
            prop_assert!(due_at_ms(rule, calendar, from, paused + later) >= with_pause);
        }

        #[test]
        fn hostile_instants_never_panic(a in any::<i64>(), b in any::<i64>(), c in any::<i64>(), rule in 0usize..60) {
            let rule = &RULES[rule % RULES.len()];
            let _ = due_at_ms(rule, Calendar::shipped(), a, b);
            let _ = deadlines(OrderKind::AdHoc, "", AreaClass::Rural, CustomerClass::Resident, "", a);
            prop_assert!(warn_level(a, b, c) <= 4);
        }
    }
}

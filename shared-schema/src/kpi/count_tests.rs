//! Each definition of a number against orders that meet it, miss it, or stay outside.

use super::{Kpi, OrderFacts, Period, count};
use crate::order::Satisfaction;
use crate::order::{OrderKind, OrderState};
use proptest::prelude::*;

const PERIOD: Period = Period {
    from_ms: 1_000,
    to_ms: 2_000,
    as_of_ms: 5_000,
};

const FAULT: OrderFacts = OrderFacts {
    kind: OrderKind::FaultRepair,
    state: OrderState::Archived,
    is_excluded: false,
    taken_in_at_ms: 1_100,
    due_at_ms: Some(1_900),
    arrive_due_at_ms: Some(1_400),
    dispatched_at_ms: Some(1_150),
    accepted_at_ms: Some(1_170),
    arrived_at_ms: Some(1_300),
    restored_at_ms: Some(1_700),
    finished_at_ms: Some(1_800),
    submitted_at_ms: Some(1_850),
    reviewed_at_ms: Some(2_500),
    archived_at_ms: Some(2_600),
    cancelled_at_ms: None,
    reassigned_count: 0,
    rejected_count: 0,
    satisfaction: Some(Satisfaction::Satisfied),
    callback_satisfaction: None,
    needs_callback: true,
    called_back_at_ms: Some(2_700),
    callback_reached: true,
    charged_fen: 0,
};

/// `1/1` above and below the line, `0/1` missed, `-` outside.
fn mark(kpi: Kpi, facts: &OrderFacts) -> &'static str {
    let counted = count(kpi, facts, &PERIOD);
    match (counted.counts_in_numerator, counted.counts_in_denominator) {
        (true, _) => "1/1",
        (false, true) => "0/1",
        (false, false) => "-",
    }
}

#[test]
fn a_good_order_counts_well_everywhere() {
    for (kpi, expected) in [
        (Kpi::CompletionRate, "1/1"),
        (Kpi::OnTimeRate, "1/1"),
        (Kpi::OverdueRate, "0/1"),
        (Kpi::ArrivalOnTimeRate, "1/1"),
        (Kpi::SatisfactionRate, "1/1"),
        (Kpi::CallbackRate, "1/1"),
        (Kpi::CallbackReachedRate, "1/1"),
        (Kpi::FirstPassRate, "1/1"),
        (Kpi::DirectDispatchRate, "1/1"),
        (Kpi::TerminalReplyRate, "1/1"),
        (Kpi::ConnectionOnTimeRate, "-"),
        (Kpi::PaidServiceCount, "-"),
        (Kpi::OnlineRate, "-"),
    ] {
        assert_eq!(mark(kpi, &FAULT), expected, "{kpi}");
    }
}

#[test]
fn means_add_the_time_between_the_events() {
    for (kpi, span_ms) in [
        (Kpi::MeanArrivalTime, 200),
        (Kpi::MeanRepairTime, 600),
        (Kpi::MeanOnSiteRepairTime, 400),
        (Kpi::MeanAcceptTime, 20),
    ] {
        assert_eq!(count(kpi, &FAULT, &PERIOD).adds, span_ms, "{kpi}");
    }
    let contradiction = OrderFacts {
        restored_at_ms: Some(1_000),
        ..FAULT
    };
    assert_eq!(mark(Kpi::MeanRepairTime, &contradiction), "-");
}

#[test]
fn cancelled_before_dispatch_leaves_both_counts_and_after_dispatch_stays_below() {
    let cancelled = OrderFacts {
        state: OrderState::Cancelled,
        cancelled_at_ms: Some(1_200),
        finished_at_ms: None,
        submitted_at_ms: None,
        arrived_at_ms: None,
        ..FAULT
    };
    let before = OrderFacts {
        dispatched_at_ms: None,
        ..cancelled
    };
    for kpi in Kpi::ALL {
        assert_eq!(mark(*kpi, &before), "-", "{kpi}");
    }
    assert_eq!(mark(Kpi::CompletionRate, &cancelled), "0/1");
    assert_eq!(mark(Kpi::OverdueRate, &cancelled), "-");
    assert_eq!(mark(Kpi::ArrivalOnTimeRate, &cancelled), "-");
    let late = OrderFacts {
        cancelled_at_ms: Some(1_950),
        ..cancelled
    };
    assert_eq!(mark(Kpi::OverdueRate, &late), "1/1");
    assert_eq!(mark(Kpi::ArrivalOnTimeRate, &late), "0/1");
}

#[test]
fn overdue_counts_late_and_open_orders_that_were_due() {
    let late = OrderFacts {
        finished_at_ms: Some(1_901),
        ..FAULT
    };
    let open = OrderFacts {
        finished_at_ms: None,
        state: OrderState::Working,
        ..FAULT
    };
    let not_due = OrderFacts {
        due_at_ms: Some(2_000),
        ..open
    };
    let no_limit = OrderFacts {
        due_at_ms: None,
        ..open
    };
    assert_eq!(mark(Kpi::OverdueRate, &late), "1/1");
    assert_eq!(mark(Kpi::OverdueRate, &open), "1/1");
    assert_eq!(mark(Kpi::OverdueRate, &not_due), "-");
    assert_eq!(mark(Kpi::OverdueRate, &no_limit), "-");
    let before_due = Period {
        as_of_ms: 1_850,
        ..PERIOD
    };
    assert!(!count(Kpi::OverdueRate, &open, &before_due).counts_in_denominator);
}

#[test]
fn a_rejected_order_is_not_complete_and_not_first_pass() {
    let rejected = OrderFacts {
        state: OrderState::Rejected,
        rejected_count: 1,
        ..FAULT
    };
    assert_eq!(mark(Kpi::CompletionRate, &rejected), "0/1");
    assert_eq!(mark(Kpi::FirstPassRate, &rejected), "0/1");
}

#[test]
fn the_call_back_goes_before_the_verdict_on_site() {
    let changed = OrderFacts {
        callback_satisfaction: Some(Satisfaction::Dissatisfied),
        ..FAULT
    };
    assert_eq!(mark(Kpi::SatisfactionRate, &changed), "0/1");
    let refused = OrderFacts {
        callback_satisfaction: Some(Satisfaction::Refused),
        ..FAULT
    };
    assert_eq!(mark(Kpi::SatisfactionRate, &refused), "1/1");
    let silent = OrderFacts {
        satisfaction: Some(Satisfaction::Refused),
        ..FAULT
    };
    assert_eq!(mark(Kpi::SatisfactionRate, &silent), "-");
}

#[test]
fn arrival_waits_for_its_limit_before_it_counts_as_missed() {
    let under_way = OrderFacts {
        arrived_at_ms: None,
        finished_at_ms: None,
        state: OrderState::Accepted,
        ..FAULT
    };
    assert_eq!(mark(Kpi::ArrivalOnTimeRate, &under_way), "0/1");
    let early = Period {
        as_of_ms: 1_400,
        ..PERIOD
    };
    assert!(!count(Kpi::ArrivalOnTimeRate, &under_way, &early).counts_in_denominator);
    let agreed = OrderFacts {
        arrive_due_at_ms: None,
        ..FAULT
    };
    assert_eq!(mark(Kpi::ArrivalOnTimeRate, &agreed), "-");
}

#[test]
fn paid_services_and_connections_have_their_own_cohorts() {
    let paid = OrderFacts {
        charged_fen: 4_550,
        ..FAULT
    };
    assert_eq!(mark(Kpi::PaidServiceCount, &paid), "1/1");
    assert_eq!(count(Kpi::PaidServiceAmount, &paid, &PERIOD).adds, 4_550);
    let connection = OrderFacts {
        kind: OrderKind::NewConnection,
        archived_at_ms: Some(1_950),
        ..FAULT
    };
    assert_eq!(mark(Kpi::ConnectionOnTimeRate, &connection), "1/1");
    let late = OrderFacts {
        finished_at_ms: Some(1_920),
        ..connection
    };
    assert_eq!(mark(Kpi::ConnectionOnTimeRate, &late), "0/1");
}

proptest! {
    #[test]
    fn above_the_line_is_always_below_it_and_on_time_complements_overdue(
        taken_in in any::<i64>(), due in proptest::option::of(0i64..3_000), finished in proptest::option::of(0i64..3_000),
        arrived in proptest::option::of(any::<i64>()), state in 0..OrderState::ALL.len(),
    ) {
        let facts = OrderFacts {
            state: OrderState::ALL[state], taken_in_at_ms: taken_in, due_at_ms: due, finished_at_ms: finished,
            arrived_at_ms: arrived, ..FAULT
        };
        for kpi in Kpi::ALL {
            let counted = count(*kpi, &facts, &PERIOD);
            prop_assert!(counted.counts_in_denominator || !counted.counts_in_numerator);
            prop_assert!(!counted.why_zh.is_empty() && counted.adds >= 0);
        }
        let on_time = count(Kpi::OnTimeRate, &facts, &PERIOD);
        let overdue = count(Kpi::OverdueRate, &facts, &PERIOD);
        prop_assert_eq!(on_time.counts_in_denominator, overdue.counts_in_denominator);
        prop_assert!(!(on_time.counts_in_numerator && overdue.counts_in_numerator));
        prop_assert_eq!(
            on_time.counts_in_denominator,
            on_time.counts_in_numerator || overdue.counts_in_numerator
        );
    }
}

//! How one order counts in one number, and why: every figure can be opened down to its orders.

use super::Kpi;
use super::facts::{Counted, OrderFacts, Period};
use crate::order::{OrderKind, OrderState};

const fn outside(why_zh: &'static str, why_en: &'static str) -> Counted {
    Counted {
        counts_in_numerator: false,
        counts_in_denominator: false,
        adds: 0,
        why_zh,
        why_en,
    }
}

const fn missed(why_zh: &'static str, why_en: &'static str) -> Counted {
    Counted {
        counts_in_numerator: false,
        counts_in_denominator: true,
        adds: 0,
        why_zh,
        why_en,
    }
}

const fn met(adds: i64, why_zh: &'static str, why_en: &'static str) -> Counted {
    Counted {
        counts_in_numerator: true,
        counts_in_denominator: true,
        adds,
        why_zh,
        why_en,
    }
}

const OTHER_PERIOD: Counted = outside("不在统计期内", "not in the period");
const NOT_A_FAULT: Counted = outside("不是抢修工单", "not a fault order");

/// How the order counts in the number. Numbers that are not made of orders count nothing here.
pub fn count(kpi: Kpi, facts: &OrderFacts, period: &Period) -> Counted {
    if facts.is_excluded {
        return outside("经批准剔除", "excluded with approval");
    }
    if facts.state == OrderState::Cancelled && facts.dispatched_at_ms.is_none() {
        return outside("派发前已作废", "cancelled before dispatch");
    }
    match kpi {
        Kpi::CompletionRate => completion(facts, period),
        Kpi::OnTimeRate => due(facts, period, true),
        Kpi::OverdueRate => due(facts, period, false),
        Kpi::ArrivalOnTimeRate => arrival(facts, period),
        Kpi::SatisfactionRate => satisfaction(facts, period),
        Kpi::MeanArrivalTime => fault_span(
            facts,
            period,
            Some(facts.taken_in_at_ms),
            facts.arrived_at_ms,
        ),
        Kpi::MeanRepairTime => fault_span(
            facts,
            period,
            Some(facts.taken_in_at_ms),
            facts.restored_at_ms,
        ),
        Kpi::MeanOnSiteRepairTime => {
            fault_span(facts, period, facts.arrived_at_ms, facts.restored_at_ms)
        }
        Kpi::MeanAcceptTime if period.holds(Some(facts.taken_in_at_ms)) => {
            span(period, facts.dispatched_at_ms, facts.accepted_at_ms)
        }
        Kpi::MeanAcceptTime => OTHER_PERIOD,
        Kpi::CallbackRate => callback(facts, period),
        Kpi::CallbackReachedRate => callback_reached(facts, period),
        Kpi::FirstPassRate => first_pass(facts, period),
        Kpi::DirectDispatchRate => direct_dispatch(facts, period),
        Kpi::TerminalReplyRate => terminal_reply(facts, period),
        Kpi::ConnectionOnTimeRate => connection(facts, period),
        Kpi::PaidServiceCount => paid(facts, period, 1),
        Kpi::PaidServiceAmount => paid(facts, period, facts.charged_fen),
        Kpi::OnlineRate | Kpi::VisitCount => {
            outside("此指标不按工单统计", "not counted from orders")
        }
    }
}

fn completion(facts: &OrderFacts, period: &Period) -> Counted {
    let is_done = matches!(facts.state, OrderState::Submitted | OrderState::Archived);
    match (
        period.holds(Some(facts.taken_in_at_ms)),
        is_done && period.has_happened(facts.submitted_at_ms),
    ) {
        (false, _) => OTHER_PERIOD,
        (true, true) => met(1, "已完成", "submitted or archived"),
        (true, false) if facts.state == OrderState::Cancelled => {
            missed("派发后作废", "cancelled after dispatch")
        }
        (true, false) => missed("尚未完成", "not submitted yet"),
    }
}

fn due(facts: &OrderFacts, period: &Period, wants_on_time: bool) -> Counted {
    let Some(due_at_ms) = facts.due_at_ms else {
        return outside("没有时限", "has no time limit");
    };
    if !period.holds(Some(due_at_ms)) {
        return outside("不在统计期内到期", "not due in the period");
    }
    if facts
        .cancelled_at_ms
        .is_some_and(|at_ms| at_ms <= due_at_ms)
    {
        return outside("到期前已作废", "cancelled before it was due");
    }
    let in_time = facts.finished_at_ms.is_some_and(|at_ms| at_ms <= due_at_ms);
    let (zh, en) = match (in_time, period.has_happened(facts.finished_at_ms)) {
        (true, _) => ("时限内终结", "finished in time"),
        (false, true) => ("超时终结", "finished late"),
        (false, false) => ("超时仍未终结", "past due and still open"),
    };
    if in_time == wants_on_time {
        met(1, zh, en)
    } else {
        missed(zh, en)
    }
}

fn arrival(facts: &OrderFacts, period: &Period) -> Counted {
    if facts.kind != OrderKind::FaultRepair {
        return NOT_A_FAULT;
    }
    if !period.holds(Some(facts.taken_in_at_ms)) {
        return OTHER_PERIOD;
    }
    let Some(arrive_due_at_ms) = facts.arrive_due_at_ms else {
        return outside(
            "无到场时限或与客户约定",
            "no arrival limit, or agreed with the customer",
        );
    };
    let ended = [
        facts.cancelled_at_ms,
        facts
            .finished_at_ms
            .filter(|_| facts.arrived_at_ms.is_none()),
    ];
    match facts
        .arrived_at_ms
        .filter(|at_ms| *at_ms <= period.as_of_ms)
    {
        Some(at_ms) if at_ms <= arrive_due_at_ms => met(1, "按时到场", "on site in time"),
        Some(_) => missed("到场超时", "on site late"),
        None if ended
            .iter()
            .flatten()
            .any(|at_ms| *at_ms <= arrive_due_at_ms) =>
        {
            outside("到场时限前已结束", "ended before the arrival limit")
        }
        None if period.as_of_ms > arrive_due_at_ms => {
            missed("超时仍未到场", "past the arrival limit")
        }
        None => outside("尚在到场时限内", "still within the arrival limit"),
    }
}

fn satisfaction(facts: &OrderFacts, period: &Period) -> Counted {
    if !period.holds(facts.finished_at_ms) {
        return OTHER_PERIOD;
    }
    let called = facts
        .callback_satisfaction
        .filter(|verdict| verdict.is_answer());
    match called.or(facts.satisfaction) {
        Some(verdict) if verdict.is_satisfied() => met(1, "客户满意", "the customer is satisfied"),
        Some(verdict) if verdict.is_answer() => {
            missed("客户不满意或一般", "the customer is not satisfied")
        }
        _ => outside("客户未评价", "the customer gave no verdict"),
    }
}

fn fault_span(
    facts: &OrderFacts,
    period: &Period,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
) -> Counted {
    if facts.kind != OrderKind::FaultRepair {
        return NOT_A_FAULT;
    }
    if !period.holds(Some(facts.taken_in_at_ms)) {
        return OTHER_PERIOD;
    }
    span(period, from_ms, to_ms)
}

fn span(period: &Period, from_ms: Option<i64>, to_ms: Option<i64>) -> Counted {
    let (Some(from_ms), Some(to_ms)) = (from_ms, to_ms.filter(|at_ms| *at_ms <= period.as_of_ms))
    else {
        return outside("尚未发生", "has not happened yet");
    };
    match to_ms.checked_sub(from_ms) {
        Some(span_ms) if span_ms >= 0 => met(span_ms, "计入时长", "its time counts"),
        _ => outside("时间先后矛盾，未计入", "its times contradict each other"),
    }
}

fn callback(facts: &OrderFacts, period: &Period) -> Counted {
    if !period.holds(facts.finished_at_ms) {
        OTHER_PERIOD
    } else if !facts.needs_callback {
        outside("不需要回访", "needs no call-back")
    } else if period.has_happened(facts.called_back_at_ms) {
        met(1, "已回访", "called back")
    } else {
        missed("尚未回访", "not called back yet")
    }
}

fn callback_reached(facts: &OrderFacts, period: &Period) -> Counted {
    if !period.holds(facts.finished_at_ms) {
        OTHER_PERIOD
    } else if !period.has_happened(facts.called_back_at_ms) {
        outside("尚未回访", "not called back yet")
    } else if facts.callback_reached {
        met(1, "已联系上客户", "the customer was reached")
    } else {
        missed("未联系上客户", "the customer was not reached")
    }
}

fn first_pass(facts: &OrderFacts, period: &Period) -> Counted {
    if !period.holds(facts.submitted_at_ms) {
        OTHER_PERIOD
    } else if !period.has_happened(facts.reviewed_at_ms) {
        outside("尚未审核", "not reviewed yet")
    } else if facts.rejected_count == 0 {
        met(1, "首次审核通过", "passed its first review")
    } else {
        missed("审核被驳回过", "was sent back by a review")
    }
}

fn direct_dispatch(facts: &OrderFacts, period: &Period) -> Counted {
    if !period.holds(Some(facts.taken_in_at_ms)) {
        OTHER_PERIOD
    } else if !period.has_happened(facts.dispatched_at_ms) {
        outside("尚未派发", "not dispatched yet")
    } else if facts.reassigned_count == 0 {
        met(1, "首派即到位", "the first dispatch stood")
    } else {
        missed("派发后又转派", "was reassigned after dispatch")
    }
}

fn terminal_reply(facts: &OrderFacts, period: &Period) -> Counted {
    if !period.holds(Some(facts.taken_in_at_ms)) {
        OTHER_PERIOD
    } else if !period.has_happened(facts.dispatched_at_ms) {
        outside("尚未派发", "not dispatched yet")
    } else if period.has_happened(facts.submitted_at_ms) {
        met(1, "终端已回单", "the result came from the phone")
    } else {
        missed("终端未回单", "no result from the phone yet")
    }
}

fn connection(facts: &OrderFacts, period: &Period) -> Counted {
    let is_connection = matches!(
        facts.kind,
        OrderKind::NewConnection | OrderKind::AcceptanceEnergization
    );
    if !is_connection {
        return outside("不是业扩工单", "not a connection order");
    }
    if !period.holds(facts.archived_at_ms) {
        return outside("不在统计期内归档", "not archived in the period");
    }
    match (facts.finished_at_ms, facts.due_at_ms) {
        (_, None) => outside("没有时限", "has no time limit"),
        (Some(finished), Some(due)) if finished <= due => met(1, "时限内终结", "finished in time"),
        _ => missed("超时终结", "finished late"),
    }
}

fn paid(facts: &OrderFacts, period: &Period, adds: i64) -> Counted {
    if !period.holds(facts.finished_at_ms) {
        OTHER_PERIOD
    } else if facts.charged_fen > 0 {
        met(adds, "有收费项目", "has charged lines")
    } else {
        outside("没有收费项目", "has no charged line")
    }
}

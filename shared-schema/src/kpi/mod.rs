//! The numbers (指标): names, formulas and units. How one order counts is [`count`]; summing over many
//! orders is a [`Tally`]. No official formula text is public, so these are ours, in a version, and
//! printed next to the number.

mod count;
#[cfg(test)]
mod count_tests;
mod facts;

pub use count::count;
pub use facts::{Counted, OrderFacts, Period};

use crate::text_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Version of all formulas; raised when one of them changes.
pub const FORMULA_VERSION: i64 = 1;

/// A phone counts as online this long after its last contact, minutes.
pub const ONLINE_MINUTES: i64 = 15;

text_enum! {
    /// One number of the board.
    pub enum Kpi {
        0 CompletionRate = "completion_rate", "工单完成率", "Completion rate";
        1 OnTimeRate = "on_time_rate", "工单及时率", "On-time rate";
        2 OverdueRate = "overdue_rate", "工单超期率", "Overdue rate";
        3 ArrivalOnTimeRate = "arrival_on_time_rate", "到达现场及时率", "Arrival on time rate";
        4 SatisfactionRate = "satisfaction_rate", "客户满意率", "Satisfaction rate";
        5 OnlineRate = "online_rate", "人员在线率", "Staff online rate";
        6 VisitCount = "visit_count", "访问次数", "Visit count";
        7 MeanArrivalTime = "mean_arrival_time", "平均到达时长", "Mean arrival time";
        8 MeanRepairTime = "mean_repair_time", "平均修复时长（自受理）", "Mean repair time (from taking in)";
        9 MeanOnSiteRepairTime = "mean_on_site_repair_time", "平均修复时长（自到达）", "Mean repair time (from arrival)";
        10 MeanAcceptTime = "mean_accept_time", "平均接单时长", "Mean accept time";
        11 CallbackRate = "callback_rate", "回访率", "Call-back rate";
        12 CallbackReachedRate = "callback_reached_rate", "回访成功率", "Call-back reached rate";
        13 FirstPassRate = "first_pass_rate", "工单规范率", "First-pass rate";
        14 DirectDispatchRate = "direct_dispatch_rate", "工单直派率", "Direct-dispatch rate";
        15 TerminalReplyRate = "terminal_reply_rate", "终端回单率", "Terminal reply rate";
        16 ConnectionOnTimeRate = "connection_on_time_rate", "业扩时限达标率", "Connection on time rate";
        17 PaidServiceCount = "paid_service_count", "有偿服务次数", "Paid service count";
        18 PaidServiceAmount = "paid_service_amount", "有偿服务金额", "Paid service amount";
    }
}

text_enum! {
    /// What a value is counted in.
    pub enum KpiUnit {
        0 BasisPoints = "basis_points", "万分比", "Basis points";
        1 Milliseconds = "milliseconds", "毫秒", "Milliseconds";
        2 Count = "count", "次", "Count";
        3 Fen = "fen", "分", "Fen";
    }
}

impl Kpi {
    /// Unit of the value.
    pub const fn unit(self) -> KpiUnit {
        match self {
            Self::MeanArrivalTime
            | Self::MeanRepairTime
            | Self::MeanOnSiteRepairTime
            | Self::MeanAcceptTime => KpiUnit::Milliseconds,
            Self::VisitCount | Self::PaidServiceCount => KpiUnit::Count,
            Self::PaidServiceAmount => KpiUnit::Fen,
            _ => KpiUnit::BasisPoints,
        }
    }

    /// Higher is better; `None` when neither is.
    pub const fn higher_is_better(self) -> Option<bool> {
        match self {
            Self::OverdueRate => Some(false),
            Self::VisitCount | Self::PaidServiceCount | Self::PaidServiceAmount => None,
            _ => Some(!matches!(self.unit(), KpiUnit::Milliseconds)),
        }
    }

    /// The formula, Chinese.
    #[rustfmt::skip]
    pub const fn formula_zh(self) -> &'static str {
        match self {
            Self::CompletionRate => "期内受理且截至统计时已完成或归档的工单 ÷ 期内受理的全部工单（派发前作废、经批准剔除的不计）",
            Self::OnTimeRate => "期内到期且在时限前终结服务的工单 ÷ 期内到期的全部工单",
            Self::OverdueRate => "期内到期且超时终结或仍未终结的工单 ÷ 期内到期的全部工单",
            Self::ArrivalOnTimeRate => "期内受理、在到场时限内到达的抢修工单 ÷ 期内受理、有到场时限且已到达或已超时的抢修工单",
            Self::SatisfactionRate => "期内终结、客户评价为非常满意或满意的工单 ÷ 期内终结、客户作出评价的工单（回访评价优先于现场评价）",
            Self::OnlineRate => "在岗且15分钟内与服务器有联系的分钟数 ÷ 在岗分钟数",
            Self::VisitCount => "不同的（人员、工单、到达日）经证实到达次数",
            Self::MeanArrivalTime => "期内受理的抢修工单，（到达时间 − 受理时间）之和 ÷ 已到达的工单数",
            Self::MeanRepairTime => "期内受理的抢修工单，（复电时间 − 受理时间）之和 ÷ 已复电的工单数",
            Self::MeanOnSiteRepairTime => "期内受理的抢修工单，（复电时间 − 到达时间）之和 ÷ 已到达并复电的工单数",
            Self::MeanAcceptTime => "期内受理的工单，（接单时间 − 派发时间）之和 ÷ 已接单的工单数",
            Self::CallbackRate => "期内终结、已回访的工单 ÷ 期内终结、需要回访的工单",
            Self::CallbackReachedRate => "期内终结、回访联系上客户的工单 ÷ 期内终结、已回访的工单",
            Self::FirstPassRate => "期内提交、首次审核即通过的工单 ÷ 期内提交、已审核的工单",
            Self::DirectDispatchRate => "期内受理、首次派发后未转派的工单 ÷ 期内受理、已派发的工单",
            Self::TerminalReplyRate => "期内受理、由手机终端回单的工单 ÷ 期内受理、已派发到手机终端的工单",
            Self::ConnectionOnTimeRate => "期内归档、时限内终结的业扩工单 ÷ 期内归档的业扩工单",
            Self::PaidServiceCount => "期内终结、至少有一项收费的工单数",
            Self::PaidServiceAmount => "期内终结的工单收费金额之和",
        }
    }

    /// The formula, English.
    #[rustfmt::skip]
    pub const fn formula_en(self) -> &'static str {
        match self {
            Self::CompletionRate => "orders taken in and submitted or archived by the as-of time ÷ all orders taken in (without those cancelled before dispatch or excluded with approval)",
            Self::OnTimeRate => "orders due in the period and finished in time ÷ all orders due in the period",
            Self::OverdueRate => "orders due in the period and finished late or still open ÷ all orders due in the period",
            Self::ArrivalOnTimeRate => "fault orders taken in and reached within the limit ÷ fault orders taken in with an arrival limit that were reached or are past it",
            Self::SatisfactionRate => "orders finished whose customer is satisfied or very satisfied ÷ orders finished whose customer answered (a call-back goes before the answer on site)",
            Self::OnlineRate => "duty minutes with a server contact in the last 15 minutes ÷ duty minutes",
            Self::VisitCount => "distinct proven arrivals by person, order and day",
            Self::MeanArrivalTime => "sum of (arrived − taken in) over fault orders taken in ÷ those reached",
            Self::MeanRepairTime => "sum of (restored − taken in) over fault orders taken in ÷ those restored",
            Self::MeanOnSiteRepairTime => "sum of (restored − arrived) over fault orders taken in ÷ those reached and restored",
            Self::MeanAcceptTime => "sum of (accepted − dispatched) over orders taken in ÷ those accepted",
            Self::CallbackRate => "orders finished and called back ÷ orders finished that need a call-back",
            Self::CallbackReachedRate => "orders finished whose call-back reached the customer ÷ orders finished and called back",
            Self::FirstPassRate => "orders submitted that passed their first review ÷ orders submitted and reviewed",
            Self::DirectDispatchRate => "orders taken in and never reassigned after their first dispatch ÷ orders taken in and dispatched",
            Self::TerminalReplyRate => "orders taken in whose result came from a phone ÷ orders taken in and dispatched to a phone",
            Self::ConnectionOnTimeRate => "connection orders archived in the period and finished in time ÷ connection orders archived in the period",
            Self::PaidServiceCount => "orders finished with at least one charged line",
            Self::PaidServiceAmount => "sum of the charges of orders finished",
        }
    }
}

/// Numerator and denominator of a number, summed over orders or people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tally {
    /// Orders, milliseconds, minutes or fen above the line.
    pub numerator: i64,
    /// Orders or minutes below the line.
    pub denominator: i64,
}

impl Tally {
    /// Adds what one order counts; sums stop at the ends of `i64`.
    pub fn add(&mut self, counted: Counted) {
        if counted.counts_in_numerator {
            self.numerator = self.numerator.saturating_add(counted.adds);
        }
        self.denominator = self
            .denominator
            .saturating_add(i64::from(counted.counts_in_denominator));
    }

    /// The value in [`Kpi::unit`]: rates in basis points, means in milliseconds, both rounded down.
    /// `None` when nothing is below the line: never 0 % or 100 %. Counts and sums have no such line.
    pub fn value(self, kpi: Kpi) -> Option<i64> {
        let scale = match kpi.unit() {
            KpiUnit::BasisPoints => 10_000,
            KpiUnit::Milliseconds => 1,
            KpiUnit::Count | KpiUnit::Fen => return Some(self.numerator),
        };
        if self.denominator <= 0 {
            return None;
        }
        i64::try_from(i128::from(self.numerator) * scale / i128::from(self.denominator)).ok()
    }
}

/// One person's duty in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DutyFacts {
    /// Minutes on duty.
    pub duty_minutes: i64,
    /// Minutes of them within [`ONLINE_MINUTES`] after a contact with the server.
    pub online_minutes: i64,
}

/// The tally of [`Kpi::OnlineRate`]. More online than duty minutes count as all of them.
pub fn online_tally(staff: &[DutyFacts]) -> Tally {
    let mut tally = Tally::default();
    for duty in staff.iter().filter(|duty| duty.duty_minutes > 0) {
        let online = duty.online_minutes.clamp(0, duty.duty_minutes);
        tally.numerator = tally.numerator.saturating_add(online);
        tally.denominator = tally.denominator.saturating_add(duty.duty_minutes);
    }
    tally
}

/// The tally of [`Kpi::VisitCount`] over proven arrivals `(staff, order, day key)`: repeats on one day
/// count once, on another day again. The denominator repeats the count, so that tables line up.
pub fn visit_tally<S: Ord, O: Ord>(arrivals: impl IntoIterator<Item = (S, O, i64)>) -> Tally {
    let distinct: BTreeSet<(S, O, i64)> = arrivals.into_iter().collect();
    let visits = i64::try_from(distinct.len()).unwrap_or(i64::MAX);
    Tally {
        numerator: visits,
        denominator: visits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_number_has_a_formula_with_its_line() {
        for kpi in Kpi::ALL {
            let is_share = matches!(kpi.unit(), KpiUnit::BasisPoints | KpiUnit::Milliseconds);
            assert_eq!(kpi.formula_zh().contains('÷'), is_share, "{kpi}");
            assert_eq!(kpi.formula_en().contains('÷'), is_share, "{kpi}");
        }
    }

    #[test]
    fn nothing_below_the_line_has_no_value() {
        assert_eq!(Tally::default().value(Kpi::CompletionRate), None);
        assert_eq!(Tally::default().value(Kpi::MeanRepairTime), None);
        assert_eq!(Tally::default().value(Kpi::VisitCount), Some(0));
        let two_of_three = Tally {
            numerator: 2,
            denominator: 3,
        };
        assert_eq!(two_of_three.value(Kpi::CompletionRate), Some(6_666));
    }

    #[test]
    fn online_rate_is_weighted_by_duty_and_never_above_all() {
        let duty = |duty_minutes, online_minutes| DutyFacts {
            duty_minutes,
            online_minutes,
        };
        let tally = online_tally(&[duty(480, 240), duty(240, 999), duty(0, 10), duty(-5, -5)]);
        assert_eq!(
            tally,
            Tally {
                numerator: 480,
                denominator: 720
            }
        );
        assert_eq!(tally.value(Kpi::OnlineRate), Some(6_666));
    }

    #[test]
    fn a_second_arrival_on_the_same_day_is_the_same_visit() {
        let day = 20_260_504;
        let arrivals = [
            ("a", "o1", day),
            ("a", "o1", day),
            ("a", "o1", day + 1),
            ("b", "o1", day),
            ("a", "o2", day),
        ];
        assert_eq!(visit_tally(arrivals).value(Kpi::VisitCount), Some(4));
    }

    proptest! {
        #[test]
        fn values_never_panic(numerator in any::<i64>(), denominator in any::<i64>(), kpi in 0..Kpi::ALL.len()) {
            let _ = Tally { numerator, denominator }.value(Kpi::ALL[kpi]);
        }
    }
}

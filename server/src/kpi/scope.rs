//! What a number is asked about: the period and the filters, checked once.

use crate::clauses::Clauses;
use crate::error::ApiError;
use dianma_schema::id::{AreaId, StaffId, StationId};
use dianma_schema::kpi::{Kpi, Period};
use dianma_schema::order::OrderKind;
use dianma_schema::time::DAY_MS;
use serde::Deserialize;
use utoipa::IntoParams;

/// Days looked back when no period is given.
const DEFAULT_DAYS: i64 = 30;
/// Longest period, days: three years, so that one question has an end.
const MAX_DAYS: i64 = 1_100;

/// Period and filters, as sent.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct KpiFilter {
    /// First instant, epoch ms; 30 days before the end when not given.
    pub from_ms: Option<i64>,
    /// First instant after the period; now when not given.
    pub to_ms: Option<i64>,
    /// Station of the order, or of the person.
    pub station_id: Option<StationId>,
    /// Transformer area of the order, or one the person looks after.
    pub area_id: Option<AreaId>,
    /// Order kind.
    pub kind: Option<OrderKind>,
    /// The person who did the work.
    pub staff_id: Option<StaffId>,
}

/// A checked question.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Period and as-of time.
    pub period: Period,
    /// See [`KpiFilter`].
    pub station_id: Option<StationId>,
    /// See [`KpiFilter`].
    pub area_id: Option<AreaId>,
    /// See [`KpiFilter`].
    pub kind: Option<OrderKind>,
    /// See [`KpiFilter`].
    pub staff_id: Option<StaffId>,
}

impl Scope {
    /// Checks the filter; `now_ms` is the as-of time.
    pub fn new(filter: &KpiFilter, now_ms: i64) -> Result<Self, ApiError> {
        let to_ms = filter.to_ms.unwrap_or(now_ms);
        let from_ms = filter.from_ms.unwrap_or(to_ms - DEFAULT_DAYS * DAY_MS);
        let length = to_ms.checked_sub(from_ms).unwrap_or(-1);
        if !(1..=MAX_DAYS * DAY_MS).contains(&length) || from_ms < 0 {
            return Err(ApiError::field(
                "from_ms",
                "统计期须从早到晚，且不超过三年",
                "The period must run forward and be at most three years",
            ));
        }
        let period = Period {
            from_ms,
            to_ms,
            as_of_ms: now_ms,
        };
        Ok(Self {
            period,
            station_id: filter.station_id,
            area_id: filter.area_id,
            kind: filter.kind,
            staff_id: filter.staff_id,
        })
    }

    /// The same question about the period of the same length just before (环比), looked at when it
    /// was as old as this one is now.
    #[must_use]
    pub fn before(&self) -> Self {
        let length = self.period.to_ms - self.period.from_ms;
        let period = Period {
            from_ms: self.period.from_ms - length,
            to_ms: self.period.from_ms,
            as_of_ms: self.period.as_of_ms - length,
        };
        Self {
            period,
            ..self.clone()
        }
    }
}

/// The event that puts an order into a period: which column of `work_orders o` it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cohort {
    TakenIn,
    Due,
    Finished,
    Submitted,
    Archived,
}

impl Cohort {
    const ALL: [Self; 5] = [
        Self::TakenIn,
        Self::Due,
        Self::Finished,
        Self::Submitted,
        Self::Archived,
    ];

    /// The cohort of a number; `None` for those that are not counted from order rows.
    pub(super) fn of(kpi: Kpi) -> Option<Self> {
        Some(match kpi {
            Kpi::CompletionRate
            | Kpi::ArrivalOnTimeRate
            | Kpi::MeanArrivalTime
            | Kpi::MeanRepairTime
            | Kpi::MeanOnSiteRepairTime
            | Kpi::MeanAcceptTime
            | Kpi::DirectDispatchRate
            | Kpi::TerminalReplyRate => Self::TakenIn,
            Kpi::OnTimeRate | Kpi::OverdueRate => Self::Due,
            Kpi::SatisfactionRate
            | Kpi::CallbackRate
            | Kpi::CallbackReachedRate
            | Kpi::PaidServiceCount
            | Kpi::PaidServiceAmount => Self::Finished,
            Kpi::FirstPassRate => Self::Submitted,
            Kpi::ConnectionOnTimeRate => Self::Archived,
            Kpi::OnlineRate | Kpi::VisitCount => return None,
        })
    }

    /// A condition that an index answers: orders whose event lies in the period.
    fn condition(self, from: &str, to: &str) -> String {
        let column = match self {
            Self::TakenIn => "o.taken_in_at_ms",
            // The index begins with the open flag.
            Self::Due => {
                return format!(
                    "(o.is_open IN (0, 1) AND o.due_at_ms >= {from} AND o.due_at_ms < {to})"
                );
            }
            Self::Finished => "o.finished_at_ms",
            Self::Submitted => "o.submitted_at_ms",
            Self::Archived => "o.archived_at_ms",
        };
        format!("({column} >= {from} AND {column} < {to})")
    }
}

impl Scope {
    /// Conditions on `work_orders o`: the filters, and any of the numbers' events in the period.
    pub(super) fn order_clauses(&self, kpis: &[Kpi]) -> Clauses {
        let mut clauses = Clauses::new();
        let (from, to) = (
            clauses.bind(self.period.from_ms),
            clauses.bind(self.period.to_ms),
        );
        let cohorts: Vec<String> = Cohort::ALL
            .into_iter()
            .filter(|cohort| kpis.iter().any(|kpi| Cohort::of(*kpi) == Some(*cohort)))
            .map(|cohort| cohort.condition(&from, &to))
            .collect();
        clauses.add_bound(format!("({})", cohorts.join(" OR ")));
        self.add_order_filters(&mut clauses);
        clauses.add_some("o.assignee_id = ?", self.staff_id.map(|id| id.to_string()));
        clauses
    }

    /// Station, area and kind of `work_orders o`.
    pub(super) fn add_order_filters(&self, clauses: &mut Clauses) {
        clauses.add_some("o.station_id = ?", self.station_id.map(|id| id.to_string()));
        clauses.add_some("o.area_id = ?", self.area_id.map(|id| id.to_string()));
        clauses.add_some("o.kind = ?", self.kind.map(OrderKind::as_str));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_periods_that_run_backwards_or_never_end() {
        let with = |from_ms, to_ms| {
            let filter = KpiFilter {
                from_ms: Some(from_ms),
                to_ms: Some(to_ms),
                ..KpiFilter::default()
            };
            Scope::new(&filter, 1_000)
        };
        assert!(with(10, 10).is_err());
        assert!(with(20, 10).is_err());
        assert!(with(i64::MIN, i64::MAX).is_err());
        assert!(with(0, 1_101 * DAY_MS).is_err());
        assert!(with(0, 1_100 * DAY_MS).is_ok());
    }

    #[test]
    fn the_period_before_is_as_long_and_as_ripe() {
        let filter = KpiFilter {
            from_ms: Some(1_000),
            to_ms: Some(1_400),
            ..KpiFilter::default()
        };
        let before = Scope::new(&filter, 1_300).unwrap().before().period;
        assert_eq!(
            (before.from_ms, before.to_ms, before.as_of_ms),
            (600, 1_000, 900)
        );
    }
}

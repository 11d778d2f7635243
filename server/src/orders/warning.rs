//! How pressing an order's clock is: one warning level from its two deadlines. The levels themselves
//! are the schema's (`order::deadline::warn_level`).

use dianma_schema::order::OrderState;
use dianma_schema::order::deadline::warn_level;

/// Level from which an order counts as "soon due": three quarters of the limit are gone.
pub const SOON: u8 = 2;
/// Level of an order that is past a deadline.
pub const OVERDUE: u8 = 4;

/// The times a warning level depends on, all epoch ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// State of the order.
    pub state: OrderState,
    /// Taken in.
    pub taken_in_at_ms: i64,
    /// Be on site by.
    pub arrive_due_at_ms: Option<i64>,
    /// Be done by.
    pub due_at_ms: Option<i64>,
    /// First arrival.
    pub arrived_at_ms: Option<i64>,
    /// Service finished.
    pub finished_at_ms: Option<i64>,
}

impl Times {
    /// 0 calm to 4 past due. The clock stops with the service: a finished order is either late (4)
    /// or calm (0). A cancelled order has no clock.
    pub fn level(&self, now_ms: i64) -> u8 {
        if self.state == OrderState::Cancelled {
            return 0;
        }
        if let Some(finished) = self.finished_at_ms {
            let late = self.due_at_ms.is_some_and(|due| finished > due);
            return if late { OVERDUE } else { 0 };
        }
        let arrival = self
            .arrive_due_at_ms
            .filter(|_| self.arrived_at_ms.is_none());
        [arrival, self.due_at_ms]
            .into_iter()
            .flatten()
            .map(|due| warn_level(now_ms, self.taken_in_at_ms, due))
            .max()
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times() -> Times {
        Times {
            state: OrderState::Dispatched,
            taken_in_at_ms: 0,
            arrive_due_at_ms: Some(100),
            due_at_ms: Some(1_000),
            arrived_at_ms: None,
            finished_at_ms: None,
        }
    }

    #[test]
    fn the_arrival_deadline_counts_until_somebody_has_arrived() {
        assert_eq!(times().level(80), 2);
        assert_eq!(times().level(100), OVERDUE);
        let arrived = Times {
            arrived_at_ms: Some(90),
            ..times()
        };
        assert_eq!(arrived.level(100), 0);
        assert_eq!(arrived.level(950), 3);
    }

    #[test]
    fn the_clock_stops_with_the_service() {
        let finish = |at| Times {
            finished_at_ms: Some(at),
            ..times()
        };
        assert_eq!(finish(1_000).level(9_000), 0);
        assert_eq!(finish(1_001).level(9_000), OVERDUE);
    }

    #[test]
    fn no_deadline_and_no_work_give_no_warning() {
        let free = Times {
            arrive_due_at_ms: None,
            due_at_ms: None,
            ..times()
        };
        assert_eq!(free.level(i64::MAX), 0);
        let cancelled = Times {
            state: OrderState::Cancelled,
            ..times()
        };
        assert_eq!(cancelled.level(i64::MAX), 0);
    }
}

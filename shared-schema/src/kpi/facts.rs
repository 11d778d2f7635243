//! What the numbers are counted from: the facts of one order, the period, and how it counted.

use crate::order::{OrderKind, OrderState, Satisfaction};
use serde::Serialize;

/// What is known of an order when it is counted. Times are when things happened on site, never when
/// data arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderFacts {
    /// Order kind.
    pub kind: OrderKind,
    /// State at the as-of time.
    pub state: OrderState,
    /// Excluded from the numbers with approval, for example a test order.
    pub is_excluded: bool,
    /// When the request was taken in.
    pub taken_in_at_ms: i64,
    /// When it is due; `None` when no limit is known.
    pub due_at_ms: Option<i64>,
    /// When somebody has to be on site.
    pub arrive_due_at_ms: Option<i64>,
    /// First dispatch.
    pub dispatched_at_ms: Option<i64>,
    /// Accepted by the person who did it.
    pub accepted_at_ms: Option<i64>,
    /// First proven arrival.
    pub arrived_at_ms: Option<i64>,
    /// Power back, when the record says so.
    pub restored_at_ms: Option<i64>,
    /// Service finished on site.
    pub finished_at_ms: Option<i64>,
    /// Result handed in.
    pub submitted_at_ms: Option<i64>,
    /// First review given.
    pub reviewed_at_ms: Option<i64>,
    /// Archived.
    pub archived_at_ms: Option<i64>,
    /// Cancelled.
    pub cancelled_at_ms: Option<i64>,
    /// How often it was reassigned after the first dispatch.
    pub reassigned_count: i64,
    /// How often a review sent it back.
    pub rejected_count: i64,
    /// Verdict on site.
    pub satisfaction: Option<Satisfaction>,
    /// Verdict in the call-back; goes before the one on site.
    pub callback_satisfaction: Option<Satisfaction>,
    /// The order needs a call-back.
    pub needs_callback: bool,
    /// First call-back try.
    pub called_back_at_ms: Option<i64>,
    /// A call-back reached the customer.
    pub callback_reached: bool,
    /// Charged to the customer.
    pub charged_fen: i64,
}

/// The period a number is about, and the moment it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First instant.
    pub from_ms: i64,
    /// First instant after it.
    pub to_ms: i64,
    /// The as-of time (统计时间); later events do not count yet.
    pub as_of_ms: i64,
}

impl Period {
    /// The event lies in the period and has happened by the as-of time.
    pub fn holds(&self, at_ms: Option<i64>) -> bool {
        at_ms.is_some_and(|at_ms| {
            (self.from_ms..self.to_ms).contains(&at_ms) && at_ms <= self.as_of_ms
        })
    }

    /// The event has happened by the as-of time.
    pub fn has_happened(&self, at_ms: Option<i64>) -> bool {
        at_ms.is_some_and(|at_ms| at_ms <= self.as_of_ms)
    }
}

/// How an order counts in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counted {
    /// Above the line.
    pub counts_in_numerator: bool,
    /// Below the line.
    pub counts_in_denominator: bool,
    /// What it adds above the line: 1, milliseconds or fen.
    pub adds: i64,
    /// The reason, Chinese.
    pub why_zh: &'static str,
    /// The reason, English.
    pub why_en: &'static str,
}

//! Dispatch (派工): who should get an order and why, and the office's commands that give it, take it
//! back or end it. `rank` is pure; `load` gathers its facts; each command has its file.

pub mod assign;
pub mod automatic;
pub mod cancel;
pub mod candidates;
pub mod load;
pub mod policy;
pub mod rank;
pub mod reason;
pub mod reassign;
pub mod recall;
pub mod restore;
pub mod urge;

pub use automatic::automatic;

/// The order is nobody's and nothing has been done; what was done stays on the time line. The first
/// arrival stays, too: somebody was on site, in time or not.
fn forget_progress(order: &mut crate::orders::OrderRow) {
    order.assignee_id = None;
    order.dispatched_at_ms = None;
    order.accepted_at_ms = None;
    order.departed_at_ms = None;
    order.began_at_ms = None;
    order.finished_at_ms = None;
    order.submitted_at_ms = None;
    order.approved_at_ms = None;
}

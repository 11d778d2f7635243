//! The work order (工单): what kinds there are, which states and commands it knows, what evidence
//! and record each kind needs, and by when.

pub mod kind;
pub mod lifecycle;

pub use kind::{IntakeSource, OrderKind, Urgency};
pub use lifecycle::{Command, OrderState};

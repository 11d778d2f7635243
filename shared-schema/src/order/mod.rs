//! The work order (工单): what kinds there are, which states and commands it knows, what evidence
//! and record each kind needs, and by when.

pub mod calendar;
pub mod deadline;
pub mod evidence;
pub mod kind;
pub mod lifecycle;
pub mod media;
pub mod proof;
pub mod record;
pub mod record_form;
pub mod satisfaction;
pub mod sla_case;
pub mod sla_rule;
pub mod sla_sentence;

pub use deadline::{Deadline, Deadlines};
pub use evidence::{EvidenceKind, EvidenceRequirement};
pub use kind::{IntakeSource, OrderKind, Urgency};
pub use lifecycle::{Command, OrderState};
pub use proof::Proof;
pub use record::RecordValues;
pub use satisfaction::Satisfaction;

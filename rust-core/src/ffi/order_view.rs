//! Orders as screens draw them: every word, amount and deadline is ready to be shown.

use super::cost::CostSheetView;
use super::evidence::EvidenceView;
use super::outbox::RefusalView;
use super::{FaultView, Words};
use std::collections::HashMap;

/// A deadline in words.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct DueView {
    /// Epoch ms, server time.
    pub at_ms: i64,
    /// `calm`, `soon` or `overdue`.
    pub level: String,
    /// Name of the level.
    pub level_name: Words,
    /// "到达还剩 38 分钟".
    pub words: Words,
}

/// Distance and direction in words.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct WayView {
    /// Straight line, metres.
    pub distance_m: i64,
    /// "东北 1.2 公里".
    pub words: Words,
}

/// The single next step.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct NextStepView {
    /// Word of the command it ends in.
    pub command: String,
    /// Its name, for the bar.
    pub name: Words,
    /// `nothing`, `scan`, `hazards`, `record` or `closing`.
    pub ask: String,
    /// What it needs or what is missing; empty when nothing is.
    pub hint: Words,
}

/// An order in a list.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// Id.
    pub id: String,
    /// Human number.
    pub order_number: String,
    /// Word of the kind.
    pub kind: String,
    /// Its name.
    pub kind_name: Words,
    /// Word of the state as the person sees it.
    pub state: String,
    /// Its name.
    pub state_name: Words,
    /// Word of the urgency.
    pub urgency: String,
    /// Its name.
    pub urgency_name: Words,
    /// What the customer asked for.
    pub content: String,
    /// 户号.
    pub account_number: Option<String>,
    /// 户名.
    pub account_name: Option<String>,
    /// Where to go.
    pub address: Option<String>,
    /// The deadline that counts now.
    pub due: Option<DueView>,
    /// How far.
    pub way: Option<WayView>,
    /// What to do next.
    pub next: Option<NextStepView>,
    /// Commands without an answer.
    pub pending: u32,
    /// Refused commands to decide on.
    pub refused: u32,
    /// No longer ours.
    pub has_left: bool,
    /// The customer has closed the service.
    pub is_finished: bool,
}

/// One field of the record form.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// Key.
    pub name: String,
    /// Label.
    pub label: Words,
    /// `text`, `integer`, `decimal_milli`, `choice`, `boolean` or `time`.
    pub kind: String,
    /// Unit behind the value; may be empty.
    pub unit: String,
    /// Must be filled in now.
    pub is_required: bool,
    /// Lowest value: thousandths for decimals, characters for text, milliseconds for times.
    pub min: Option<i64>,
    /// Highest value, counted as `min`.
    pub max: Option<i64>,
    /// Value as stored: text as typed, `true`/`false`, a choice's word, a time as epoch ms.
    pub value: String,
    /// Value as shown: a choice's name, a time's clock.
    pub value_words: Words,
    /// What to choose from, for `choice` and `boolean`.
    pub choices: Vec<ChoiceView>,
    /// What is wrong or missing.
    pub problem: Option<Words>,
}

/// One value to choose from.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct ChoiceView {
    /// Stored word.
    pub value: String,
    /// Name.
    pub name: Words,
}

/// One line of the evidence check-list.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct DemandView {
    /// Slot.
    pub slot: String,
    /// What to take.
    pub name: Words,
    /// `photo`, `audio`, `video` or `signature`.
    pub kind: String,
    /// How many at least.
    pub min_count: u32,
    /// How many there are.
    pub count: u32,
    /// Enough of them.
    pub is_met: bool,
}

/// A command and why it cannot be given.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct CommandView {
    /// Word.
    pub command: String,
    /// Name.
    pub name: Words,
    /// May be given, with what it asks for.
    pub is_allowed: bool,
    /// Why not.
    pub why_not: Option<FaultView>,
}

/// One moment of the time line.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct TimeLineMoment {
    /// "09:42" today, day and clock otherwise.
    pub at: String,
    /// What.
    pub what: Words,
    /// `pending`, `accepted`, `rejected` or `quarantined`; empty for the office's.
    pub status: String,
    /// Its name; empty for the office's.
    pub status_name: Words,
}

/// A remark made here.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct NoteView {
    /// Words.
    pub words: String,
    /// "09:42" today, day and clock otherwise.
    pub at: String,
}

/// What became of an order that is no longer ours.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct DepartureView {
    /// Its human number.
    pub order_number: String,
    /// `reassigned`, `recalled`, `cancelled` or `archived`.
    pub cause: String,
    /// Its name.
    pub cause_name: Words,
    /// What the office said.
    pub reason: Option<String>,
    /// When the phone heard of it.
    pub at: String,
    /// What is kept of the work done here.
    pub kept: Words,
}

/// How the customer can agree that the service is closed.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct ClosingView {
    /// `scan`, `digits`, `signature` or `nobody`; the best first.
    pub ways: Vec<ChoiceView>,
    /// The newest signature drawn for this order; empty when there is none.
    pub signature_sha256: String,
    /// "已签 09:42"; empty when there is none.
    pub signature_words: Words,
    /// Until when the six digits are good; empty when none were sent.
    pub digits_words: Words,
}

/// Everything about one order.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct OrderView {
    /// As in lists.
    pub row: OrderRow,
    /// Customer, for `customer`; none where no customer is known.
    pub customer_id: Option<String>,
    /// Phone number to call.
    pub contact_phone: Option<String>,
    /// 表号.
    pub meter_number: Option<String>,
    /// 杆号.
    pub pole_number: Option<String>,
    /// Latitude of the place, micro-degrees.
    pub latitude_e6: Option<i64>,
    /// Longitude of the place, micro-degrees.
    pub longitude_e6: Option<i64>,
    /// When it was taken in.
    pub taken_in_at: String,
    /// The promise behind the deadline, Chinese.
    pub promise: Option<String>,
    /// Appointment.
    pub appointment_at: Option<String>,
    /// What the office said when it sent the order back or to this person.
    pub reason: Option<String>,
    /// What the dispatcher adds.
    pub dispatch_note: Option<String>,
    /// "12/14 份凭证已到"; empty when none is expected.
    pub evidence_arrival: Words,
    /// The record form.
    pub fields: Vec<FieldView>,
    /// Fields still wrong or missing.
    pub field_problems: u32,
    /// Evidence the kind asks for.
    pub demands: Vec<DemandView>,
    /// Files taken here, oldest first.
    pub evidence: Vec<EvidenceView>,
    /// The cost sheet as saved here.
    pub cost: Option<CostSheetView>,
    /// Remarks made here.
    pub notes: Vec<NoteView>,
    /// Hazards acknowledged, by number.
    pub hazards_acknowledged: Vec<u16>,
    /// What can be done.
    pub commands: Vec<CommandView>,
    /// What happened, oldest first.
    pub time_line: Vec<TimeLineMoment>,
    /// Refused commands to decide on, oldest first.
    pub refusals: Vec<RefusalView>,
    /// How the service can be closed.
    pub closing: ClosingView,
    /// What was begun and not yet given, by name.
    pub drafts: HashMap<String, String>,
    /// What became of it, once it has left.
    pub departure: Option<DepartureView>,
}

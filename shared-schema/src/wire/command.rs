//! What a phone sends: commands (transitions that may be refused) and facts (always stored).
//! The key is (device, n) with a dense n per device; the server stores the encoded bytes and their
//! hash, so a repeat is recognised and a different body under the same number is quarantined.

use crate::geo::Place;
use crate::id::WorkOrderId;
use crate::label::LabelVerdict;
use crate::order::lifecycle;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// Schema version of the payloads below; the server reads older ones too.
pub const SCHEMA_VERSION: u32 = 1;

/// One row of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CommandEnvelope {
    /// Dense per-device number, from 1.
    #[n(0)]
    pub n: u64,
    /// The order it belongs to; absent for device facts.
    #[n(1)]
    pub order_id: Option<WorkOrderId>,
    /// Version of the order the person saw.
    #[n(2)]
    pub base_version: u64,
    /// Phone wall clock when it was done, epoch ms (evidence, not truth).
    #[n(3)]
    pub wall_ms: i64,
    /// Milliseconds since the phone booted, with `boot_id` the check on the wall clock.
    #[n(4)]
    pub elapsed_ms: u64,
    /// Short random number of the phone's boot.
    #[n(5)]
    pub boot_id: u32,
    /// Server clock minus phone clock as last measured, ms; absent when never measured.
    #[n(6)]
    pub clock_offset_ms: Option<i64>,
    /// The payload.
    #[n(7)]
    pub body: Body,
    /// Place where it was done, when known.
    #[n(8)]
    pub place: Option<Place>,
    /// Absent = [`SCHEMA_VERSION`] 1.
    #[n(9)]
    pub schema_version: Option<u32>,
    /// Number of an earlier command of this phone that this one builds on.
    #[n(10)]
    pub depends_on: Option<u64>,
}

/// The payloads. Transition payloads carry what the lifecycle row needs; facts stand alone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Body {
    /// 接单.
    #[n(0)]
    Accept,
    /// 出发.
    #[n(1)]
    Depart,
    /// 到达, with what was scanned (label text, or a typed number with `typed = true`).
    #[n(2)]
    Arrive(#[n(0)] Scan),
    /// 开始处理; numbers of the hazards acknowledged, from the card version named.
    #[n(3)]
    Begin(#[n(0)] HazardsAcknowledged),
    /// 终结服务: second signature and satisfaction.
    #[n(4)]
    Finish(#[n(0)] Closing),
    /// 提交, with the manifest of all evidence.
    #[n(5)]
    Submit,
    /// 挂起: reason and new appointment.
    #[n(6)]
    Suspend(#[n(0)] Suspension),
    /// 恢复处理.
    #[n(7)]
    Resume,
    /// 重做 after a reject.
    #[n(8)]
    Redo,
    /// 申请转派, with a reason.
    #[n(9)]
    RequestReassignment(#[n(0)] String),
    /// Fact: field record values by name; later ones supersede earlier ones field by field.
    #[n(20)]
    Record(#[n(0)] Vec<FieldValue>),
    /// Fact: an evidence file exists, with its hash. Bytes follow on the blob channel.
    #[n(21)]
    Evidence(#[n(0)] EvidenceItem),
    /// Fact: cost lines against a price list version; replaces the earlier sheet.
    #[n(22)]
    Cost(#[n(0)] CostLines),
    /// Fact: a remark.
    #[n(23)]
    Note(#[n(0)] String),
    /// Fact: on or off duty; no order.
    #[n(24)]
    Duty(#[n(0)] bool),
    /// Fact: what to do with a refused command: 0 redo, 1 sent to the dispatcher as a note, 2 kept
    /// as a record only.
    #[n(25)]
    RefusalHandled(#[n(0)] RefusalHandled),
}

impl Body {
    /// The lifecycle command of a transition payload; `None` for facts.
    pub const fn command(&self) -> Option<lifecycle::Command> {
        use lifecycle::Command as C;
        match self {
            Self::Accept => Some(C::Accept),
            Self::Depart => Some(C::Depart),
            Self::Arrive(_) => Some(C::Arrive),
            Self::Begin(_) => Some(C::Begin),
            Self::Finish(_) => Some(C::Finish),
            Self::Submit => Some(C::Submit),
            Self::Suspend(_) => Some(C::Suspend),
            Self::Resume => Some(C::Resume),
            Self::Redo => Some(C::Redo),
            Self::RequestReassignment(_) => Some(C::RequestReassignment),
            Self::Record(_)
            | Self::Evidence(_)
            | Self::Cost(_)
            | Self::Note(_)
            | Self::Duty(_)
            | Self::RefusalHandled(_) => None,
        }
    }
}

/// A proof read from a code or typed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Scan {
    /// The symbol's text, or the number typed.
    #[n(0)]
    pub text: String,
    /// Typed by hand, because no code could be read.
    #[n(1)]
    pub typed: bool,
    /// What the phone made of the code.
    #[n(2)]
    pub checked: Option<Checked>,
    /// The customer's one-time code, given with it.
    #[n(3)]
    pub consent: Option<ConsentGiven>,
    /// Why a number was typed.
    #[n(4)]
    pub reason: Option<String>,
}

/// The phone's own verdict on a code: evidence, the server judges again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Checked {
    /// The verdict.
    #[n(0)]
    pub verdict: LabelVerdict,
    /// When the phone's lists were last known to be the newest, epoch ms.
    #[n(1)]
    pub as_of_ms: Option<i64>,
    /// The text is the number found in a code of an older system.
    #[n(2)]
    pub is_legacy: bool,
    /// Letter of the label's grade, A to F, when the decoder gave one.
    #[n(3)]
    pub grade: Option<String>,
}

/// A one-time code as the customer gave it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ConsentGiven {
    /// Text of the symbol, or six digits.
    #[n(0)]
    pub text: String,
    /// Six digits, typed.
    #[n(1)]
    pub typed: bool,
    /// How many wrong ones were entered before, on this phone for this step.
    #[n(2)]
    pub wrong_before: u32,
}

/// Hazards acknowledged before work.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct HazardsAcknowledged {
    /// Operation card id.
    #[n(0)]
    pub card_id: String,
    /// Its version.
    #[n(1)]
    pub card_version: u32,
    /// Zero-based numbers of the acknowledged hazards.
    #[n(2)]
    pub hazards: Vec<u16>,
}

/// Second signature and the customer's opinion.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Closing {
    /// The customer's code scanned again, when it was.
    #[n(0)]
    pub scan: Option<Scan>,
    /// SHA-256 of a signature drawn on glass, when there is one.
    #[n(1)]
    pub signature_sha256: Option<ByteVec>,
    /// Word of `satisfaction::Satisfaction`.
    #[n(2)]
    pub satisfaction: String,
    /// The customer's own words.
    #[n(3)]
    pub remark: Option<String>,
    /// The customer's one-time code.
    #[n(4)]
    pub consent: Option<ConsentGiven>,
}

/// Why work stops and when it goes on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Suspension {
    /// Reason.
    #[n(0)]
    pub reason: String,
    /// New appointment, epoch ms.
    #[n(1)]
    pub appointment_ms: i64,
}

/// One field of the record form.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct FieldValue {
    /// Field name of the form.
    #[n(0)]
    pub name: String,
    /// Value as text.
    #[n(1)]
    pub value: String,
}

/// A captured file.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct EvidenceItem {
    /// SHA-256 of the bytes: its identity.
    #[n(0)]
    pub sha256: ByteVec,
    /// Which requirement it fills, e.g. `site_before`; `extra` when none.
    #[n(1)]
    pub slot: String,
    /// Word of `order::evidence::EvidenceKind`.
    #[n(2)]
    pub kind: String,
    /// MIME type as sniffed from the bytes.
    #[n(3)]
    pub mime: String,
    /// Size in bytes.
    #[n(4)]
    pub size: u64,
    /// Taken with the app's own camera (class A) or imported from the gallery (class B).
    #[n(5)]
    pub imported: bool,
}

/// Quantities against a price list.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CostLines {
    /// Version of the price list the person saw.
    #[n(0)]
    pub price_list_version: String,
    /// Item code and quantity in thousandths.
    #[n(1)]
    pub lines: Vec<CostLine>,
    /// Total the phone computed, fen; the server computes its own and flags a difference.
    #[n(2)]
    pub total_fen: i64,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CostLine {
    /// Code in the price list.
    #[n(0)]
    pub code: String,
    /// Quantity in thousandths of the unit.
    #[n(1)]
    pub quantity_milli: i64,
}

/// What the person chose for a refused command.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RefusalHandled {
    /// The refused command.
    #[n(0)]
    pub n: u64,
    /// 0 redo on the new state, 1 note to the dispatcher, 2 record only.
    #[n(1)]
    pub choice: u8,
    /// Words for the dispatcher.
    #[n(2)]
    pub note: Option<String>,
}

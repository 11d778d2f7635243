//! The electrician's transitions. Each method fills the payload of its command; whether it may be
//! given is decided in one place for all of them.

use super::{Orders, Saved};
use crate::error::CoreError;
use crate::text::from_hex;
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::wire::command::{Body, Closing, HazardsAcknowledged, Scan, Suspension};

/// What was scanned or typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanInput {
    /// Text of the code, or the number.
    pub text: String,
    /// Typed by hand, because no code could be read.
    pub is_typed: bool,
}

impl From<ScanInput> for Scan {
    fn from(input: ScanInput) -> Self {
        Self {
            text: input.text.trim().to_owned(),
            typed: input.is_typed,
        }
    }
}

/// Second signature and the customer's opinion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingInput {
    /// The customer's code, scanned again.
    pub scan: Option<ScanInput>,
    /// SHA-256 (hexadecimal) of a signature file of this order.
    pub signature_sha256: Option<String>,
    /// Word of the satisfaction.
    pub satisfaction: String,
    /// The customer's own words.
    pub remark: Option<String>,
}

/// Why work stops and when it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspensionInput {
    /// Reason.
    pub reason: String,
    /// New appointment, epoch ms.
    pub appointment_at_ms: i64,
}

impl Orders {
    /// 接单.
    pub fn accept(&self, order: &str, place: Option<Place>) -> Result<Saved, CoreError> {
        self.give(order, place, |_, _| Ok(Body::Accept))
    }

    /// 出发.
    pub fn depart(&self, order: &str, place: Option<Place>) -> Result<Saved, CoreError> {
        self.give(order, place, |_, _| Ok(Body::Depart))
    }

    /// 到达: the first signature.
    pub fn arrive(
        &self,
        order: &str,
        scan: ScanInput,
        place: Option<Place>,
    ) -> Result<Saved, CoreError> {
        self.give(order, place, |_, _| Ok(Body::Arrive(scan.into())))
    }

    /// 开始处理: `hazards` are the zero-based numbers acknowledged on the operation card, which is the
    /// one named or the one that fits the order best.
    pub fn begin(
        &self,
        order: &str,
        card_id: Option<&str>,
        hazards: &[u16],
        place: Option<Place>,
    ) -> Result<Saved, CoreError> {
        self.give(order, place, |db, order| {
            let card = super::costing::card_of(db, &order.record, card_id)?;
            Ok(Body::Begin(HazardsAcknowledged {
                card_id: card.id.clone(),
                card_version: card.version,
                hazards: hazards.to_vec(),
            }))
        })
    }

    /// 终结服务: second signature and satisfaction.
    pub fn finish(
        &self,
        order: &str,
        closing: ClosingInput,
        place: Option<Place>,
    ) -> Result<Saved, CoreError> {
        let signature = match &closing.signature_sha256 {
            Some(text) => Some(
                from_hex(text)
                    .filter(|bytes| bytes.len() == 32)
                    .ok_or_else(|| {
                        CoreError::of(fault::V_FIELD).field(
                            "signature_sha256",
                            "签名文件标识不正确",
                            "not a SHA-256",
                        )
                    })?,
            ),
            None => None,
        };
        self.give(order, place, |_, _| {
            Ok(Body::Finish(Closing {
                scan: closing.scan.map(Scan::from),
                signature_sha256: signature.map(Into::into),
                satisfaction: closing.satisfaction,
                remark: closing.remark.filter(|words| !words.trim().is_empty()),
            }))
        })
    }

    /// 提交.
    pub fn submit(&self, order: &str, place: Option<Place>) -> Result<Saved, CoreError> {
        self.give(order, place, |_, _| Ok(Body::Submit))
    }

    /// 挂起.
    pub fn suspend(
        &self,
        order: &str,
        suspension: SuspensionInput,
        place: Option<Place>,
    ) -> Result<Saved, CoreError> {
        self.give(order, place, |_, _| {
            Ok(Body::Suspend(Suspension {
                reason: suspension.reason,
                appointment_ms: suspension.appointment_at_ms,
            }))
        })
    }

    /// 恢复处理.
    pub fn resume(&self, order: &str, place: Option<Place>) -> Result<Saved, CoreError> {
        self.give(order, place, |_, _| Ok(Body::Resume))
    }

    /// 重做 after a reject.
    pub fn redo(&self, order: &str, place: Option<Place>) -> Result<Saved, CoreError> {
        self.give(order, place, |_, _| Ok(Body::Redo))
    }

    /// 申请转派.
    pub fn request_reassignment(
        &self,
        order: &str,
        reason: &str,
        place: Option<Place>,
    ) -> Result<Saved, CoreError> {
        self.give(order, place, |_, _| {
            Ok(Body::RequestReassignment(reason.to_owned()))
        })
    }
}

//! The electrician's transitions. Each method fills the payload of its command; whether it may be
//! given is decided in one place for all of them.

use super::{Orders, Saved, closing, proof};
use crate::error::CoreError;
use crate::label::consent::{self, ConsentInput};
use crate::text::from_hex;
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::label::consent::ConsentStep;
use dianma_schema::wire::command::{Body, Closing, HazardsAcknowledged, Suspension};

/// What was scanned or typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScanInput {
    /// Text of the code, or the number.
    pub text: String,
    /// Typed by hand, because no code could be read.
    pub is_typed: bool,
    /// Why a number was typed.
    pub reason: Option<String>,
    /// Letter of the label's grade, when the decoder gave one.
    pub grade: Option<String>,
    /// The customer's one-time code, given with it.
    pub consent: Option<ConsentInput>,
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
    /// The customer's one-time code.
    pub consent: Option<ConsentInput>,
}

impl ClosingInput {
    /// A one-time code that was scanned where the customer's label could have been is his consent.
    fn with_scanned_code(mut self) -> Self {
        let is_code = |scan: &ScanInput| !scan.is_typed && closing::is_one_time_code(&scan.text);
        if self.consent.is_none()
            && let Some(scan) = self.scan.take_if(|scan| is_code(scan))
        {
            self.consent = Some(ConsentInput {
                text: scan.text,
                is_typed: false,
            });
        }
        self
    }
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
        let now_ms = self.shared.server_now_ms()?;
        let step = ConsentStep::Arrival;
        let saved = self.give(order, place, |db, order| {
            let mut given = proof::scan_of(db, now_ms, &scan, fault::S_PLACE_PROOF)?;
            if let Some(input) = &scan.consent {
                let code = consent::check(db, now_ms, &order.record, step, input)?;
                consent::note_use(db, &order.record, step, &code)?;
                given.consent = Some(code);
            }
            Ok(Body::Arrive(given))
        });
        self.count_wrong(order, step, saved)
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
        let now_ms = self.shared.server_now_ms()?;
        let step = ConsentStep::Closing;
        let closing = closing.with_scanned_code();
        let saved = self.give(order, place, |db, order| {
            let scan = closing.scan.as_ref();
            let code = match &closing.consent {
                Some(input) => Some(consent::check(db, now_ms, &order.record, step, input)?),
                None => None,
            };
            if let Some(code) = &code {
                consent::note_use(db, &order.record, step, code)?;
            }
            Ok(Body::Finish(Closing {
                scan: match scan {
                    Some(scan) => Some(proof::scan_of(db, now_ms, scan, fault::S_CONSENT)?),
                    None => None,
                },
                signature_sha256: signature.map(Into::into),
                satisfaction: closing.satisfaction,
                remark: closing.remark.filter(|words| !words.trim().is_empty()),
                consent: code,
            }))
        });
        self.count_wrong(order, step, saved)
    }

    /// Wrong digits are counted although the step they were given for left nothing behind.
    fn count_wrong(
        &self,
        order: &str,
        step: ConsentStep,
        saved: Result<Saved, CoreError>,
    ) -> Result<Saved, CoreError> {
        if let Err(error) = &saved
            && error.code() == fault::S_CONSENT_CODE
        {
            self.shared.write(|tx| {
                let order = super::resolve(tx, order)?;
                consent::note_wrong(tx, &order.record, step)
            })?;
        }
        saved
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

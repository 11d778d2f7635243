//! Facts: field records, evidence, costs, remarks, duty. They are never refused for the order's
//! state; the server stores them even when the order has moved on.

use super::costing::price_at;
use super::{Orders, Saved, resolve};
use crate::error::CoreError;
use crate::evidence::{EvidenceStore, StoredFile};
use crate::outbox::{self, NewCommand, Stamp};
use crate::store::facts::{self as own_facts, OwnEvidence};
use crate::store::orders::StoredOrder;
use crate::store::{settings, settings::name};
use crate::text::from_hex;
use dianma_schema::cost::CostInput;
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::order::{EvidenceKind, evidence, record};
use dianma_schema::wire::command::{Body, CostLine, CostLines, EvidenceItem, FieldValue};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A captured file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceInput {
    /// Where it lies now; it is copied.
    pub path: PathBuf,
    /// Requirement it fills; `extra` when none.
    pub slot: String,
    /// Only to say that a picture is a signature; otherwise the bytes tell.
    pub kind: Option<EvidenceKind>,
    /// From the gallery instead of the camera.
    pub is_imported: bool,
}

/// Longest remark, characters.
const LONGEST_NOTE: usize = 2_000;

impl Orders {
    /// 现场记录: fills in fields; a later value replaces an earlier one. Only unknown names and
    /// values that are too long are refused; the rest is checked when the service is finished.
    pub fn record(
        &self,
        order: &str,
        values: &[(String, String)],
        place: Option<Place>,
    ) -> Result<Saved, CoreError> {
        self.give(order, place, |_, order| {
            let form = record::form(order.record.kind);
            for (field, value) in values {
                if form.field(field).is_none() {
                    return Err(bad(field, "表中没有这一项", "no such field in the form"));
                }
                if value.chars().count() > record::LONGEST_VALUE {
                    return Err(bad(field, "内容过长", "the value is too long"));
                }
            }
            let values = values.iter().map(|(name, value)| FieldValue {
                name: name.clone(),
                value: value.trim().to_owned(),
            });
            Ok(Body::Record(values.collect()))
        })
    }

    /// 凭证: copies the file into the store and puts it on the order's manifest.
    pub fn add_evidence(
        &self,
        order: &str,
        input: &EvidenceInput,
        place: Option<Place>,
    ) -> Result<Saved, CoreError> {
        self.put_evidence(order, input, place, EvidenceStore::import)
    }

    /// 凭证, captured by a person on this phone: brought to the size that is sent and checked first.
    pub fn add_captured(
        &self,
        order: &str,
        input: &EvidenceInput,
        place: Option<Place>,
    ) -> Result<Saved, CoreError> {
        self.put_evidence(order, input, place, EvidenceStore::import_captured)
    }

    fn put_evidence(
        &self,
        order: &str,
        input: &EvidenceInput,
        place: Option<Place>,
        import: impl FnOnce(
            &EvidenceStore,
            &Path,
            Option<EvidenceKind>,
        ) -> Result<StoredFile, CoreError>,
    ) -> Result<Saved, CoreError> {
        self.shared.user()?;
        self.shared.read(|db| resolve(db, order).map(|_| ()))?;
        let store = EvidenceStore::new(Arc::clone(&self.shared));
        let file = import(&store, &input.path, input.kind)?;
        self.give(order, place, |_, _| {
            Ok(Body::Evidence(EvidenceItem {
                sha256: file.digest.to_vec().into(),
                slot: input.slot.clone(),
                kind: file.kind.as_str().to_owned(),
                mime: file.mime.to_owned(),
                size: file.size,
                imported: input.is_imported,
            }))
        })
    }

    /// Takes a piece back before the order is submitted: it fulfils nothing any more and stays on the
    /// manifest, so that a reviewer sees what was taken. The signature the service was closed with stays.
    pub fn withdraw_evidence(
        &self,
        order: &str,
        sha256: &str,
        place: Option<Place>,
    ) -> Result<Saved, CoreError> {
        self.give(order, place, |db, order| {
            let own = own_facts::evidence(db, &order.record.id)?;
            let piece = own
                .iter()
                .find(|piece| piece.sha256 == sha256 && piece.slot != evidence::WITHDRAWN)
                .ok_or_else(|| CoreError::of(fault::V_NOT_FOUND).because_of("工单没有这个凭证", "the order has no such evidence"))?;
            if order.left_at_ms.is_some() || !may_withdraw(order, piece, &own) {
                return Err(CoreError::of(fault::S_STATE)
                    .because_of("提交前才能撤下；客户已确认的签名和必拍凭证不能撤下", "only before submitting; not what the customer confirmed and not what must be there"));
            }
            let piece = piece.clone();
            let digest = from_hex(sha256).unwrap_or_default();
            Ok(Body::Evidence(EvidenceItem {
                sha256: digest.into(),
                slot: evidence::WITHDRAWN.to_owned(),
                kind: piece.kind,
                mime: piece.mime,
                size: piece.size,
                imported: piece.is_imported,
            }))
        })
    }

    /// 费用: prices the lines by the list of the day and keeps the sheet; it replaces the earlier one.
    pub fn set_cost(
        &self,
        order: &str,
        lines: &[CostInput],
        place: Option<Place>,
    ) -> Result<Saved, CoreError> {
        let now_ms = self.shared.server_now_ms()?;
        let sheet = price_at(lines, now_ms)?;
        self.give(order, place, |_, _| {
            let lines = sheet.lines.iter().map(|line| CostLine {
                code: line.code.clone(),
                quantity_milli: line.quantity_milli,
            });
            Ok(Body::Cost(CostLines {
                lines: lines.collect(),
                price_list_version: sheet.price_list_version,
                total_fen: sheet.total_fen,
            }))
        })
    }

    /// 备注.
    pub fn note(&self, order: &str, words: &str, place: Option<Place>) -> Result<Saved, CoreError> {
        let words = words.trim();
        if words.is_empty() || words.chars().count() > LONGEST_NOTE {
            return Err(bad(
                "words",
                "备注须为 1 到 2000 字",
                "a remark has 1 to 2000 characters",
            ));
        }
        self.give(order, place, |_, _| Ok(Body::Note(words.to_owned())))
    }

    /// 在岗 or off duty.
    pub fn set_duty(&self, is_on_duty: bool, place: Option<Place>) -> Result<Saved, CoreError> {
        self.shared.user()?;
        let stamp = Stamp::now(self.shared.clock());
        self.shared.write_journaled(|tx| {
            settings::set(tx, name::ON_DUTY, is_on_duty)?;
            let command = NewCommand {
                order_id: None,
                body: Body::Duty(is_on_duty),
                place,
            };
            let (n, entry) = outbox::enqueue(tx, stamp, command)?;
            let saved = Saved {
                n,
                work_order: None,
            };
            Ok((saved, vec![entry]))
        })
    }
}

/// Whether a piece of an order may be taken back now, as both sides see it.
pub(super) fn may_withdraw(order: &StoredOrder, piece: &OwnEvidence, own: &[OwnEvidence]) -> bool {
    let key = |piece: &'_ OwnEvidence| Some((piece.slot.clone(), piece.kind.parse().ok()?));
    let all: Vec<(String, EvidenceKind)> = own.iter().filter_map(key).collect();
    let have: Vec<(&str, EvidenceKind)> = all.iter().map(|(s, k)| (s.as_str(), *k)).collect();
    key(piece).is_some_and(|(slot, kind)| {
        let (order_kind, piece) = (order.record.kind, (slot.as_str(), kind));
        evidence::may_withdraw(order_kind, order.state, order.is_finished, piece, &have)
    })
}

fn bad(field: &str, zh: &str, en: &str) -> CoreError {
    CoreError::of(fault::V_FIELD).field(field, zh, en)
}

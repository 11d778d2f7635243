//! What was proven at a step, as the reviewer sees it later: the proof, its strength, the verdicts of
//! phone and server, and what speaks against it.

use crate::args;
use crate::store::{StoreError, Tx};
use dianma_schema::id::{LabelId, WorkOrderId};
use dianma_schema::label::LabelVerdict;
use dianma_schema::label::consent::ConsentStep;
use dianma_schema::order::proof::{Proof, ProofStrength};
use dianma_schema::wire::command::Scan;

/// What speaks against a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flag {
    /// The fix lies far from the archive's place: a copied label, or a wrong archive.
    PlaceFar,
    /// Another meter of the same customer than the order names.
    OtherMeter,
    /// Revoked or outdated after the phone's lists were made.
    VoidLater,
    /// The one-time code was used before.
    DoubleUse,
    /// Wrong digits were entered before the right ones.
    WrongBefore,
}

impl Flag {
    const fn as_str(self) -> &'static str {
        match self {
            Self::PlaceFar => "place_far",
            Self::OtherMeter => "other_meter",
            Self::VoidLater => "void_later",
            Self::DoubleUse => "double_use",
            Self::WrongBefore => "wrong_before",
        }
    }
}

/// One proof.
#[derive(Clone, Debug)]
pub(super) struct Proven {
    pub(super) proof: Proof,
    /// A signature of ours was checked and held.
    pub(super) is_signed: bool,
    pub(super) verdict: Option<LabelVerdict>,
    pub(super) phone_verdict: Option<LabelVerdict>,
    pub(super) label_id: Option<LabelId>,
    pub(super) revision: Option<u32>,
    pub(super) grade: Option<String>,
    pub(super) distance_m: Option<i64>,
    pub(super) flags: Vec<Flag>,
    pub(super) reason: Option<String>,
}

impl Proven {
    pub(super) fn of(proof: Proof) -> Self {
        Self {
            proof,
            is_signed: false,
            verdict: None,
            phone_verdict: None,
            label_id: None,
            revision: None,
            grade: None,
            distance_m: None,
            flags: Vec::new(),
            reason: None,
        }
    }

    /// Takes over what the phone said about the scan.
    pub(super) fn note_scan(&mut self, scan: &Scan) {
        if let Some(checked) = &scan.checked {
            self.phone_verdict = Some(checked.verdict);
            let letters = ["A", "B", "C", "D", "F"];
            let grade = checked.grade.as_deref();
            self.grade = grade
                .filter(|grade| letters.contains(grade))
                .map(str::to_owned);
        }
    }

    /// A code used twice, or void by the time it was scanned, is worth little whatever it was.
    fn strength(&self) -> ProofStrength {
        let is_spoiled = |flag: &Flag| matches!(flag, Flag::DoubleUse | Flag::VoidLater);
        match self.proof.strength(self.is_signed) {
            ProofStrength::Nothing => ProofStrength::Nothing,
            _ if self.flags.iter().any(is_spoiled) => ProofStrength::Weak,
            strength => strength,
        }
    }

    fn flags(&self) -> String {
        let words: Vec<&str> = self.flags.iter().map(|flag| flag.as_str()).collect();
        words.join(",")
    }

    /// Stores it beside the order; a grade also goes to the label's archive.
    pub(super) fn store(
        &self,
        tx: &mut dyn Tx,
        order_id: WorkOrderId,
        seq: i64,
        part: &str,
        step: ConsentStep,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        tx.execute(
            "INSERT INTO order_proofs (order_id, seq, part, step, proof, strength, verdict, \
             phone_verdict, label_id, revision, grade, distance_m, flags, reason, at_ms) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            args![
                order_id.to_string(),
                seq,
                part,
                step.as_str(),
                self.proof.as_str(),
                self.strength().as_str(),
                self.verdict.map(LabelVerdict::as_str),
                self.phone_verdict.map(LabelVerdict::as_str),
                self.label_id.map(|id| id.to_string()),
                self.revision.map(i64::from),
                self.grade.as_ref(),
                self.distance_m,
                self.flags(),
                self.reason.as_ref(),
                at_ms
            ],
        )?;
        if let (Some(grade), Some(id)) = (&self.grade, self.label_id) {
            tx.execute(
                "UPDATE labels SET grade = ?2, graded_at_ms = ?3 WHERE id = ?1 \
                 AND (graded_at_ms IS NULL OR graded_at_ms < ?3)",
                args![id.to_string(), grade, at_ms],
            )?;
        }
        Ok(())
    }
}

//! What a scanned text is worth on this phone, now and without a network: reading, verdict, and the
//! sentence for the screen.

pub mod consent;

use crate::error::CoreError;
use crate::store::trust;
use dianma_schema::fault;
use dianma_schema::label::judge::{Knowledge, judge};
use dianma_schema::label::{LabelError, LabelKind, LabelVerdict, Reading, read};
use dianma_schema::wire::command::Checked;
use rusqlite::Connection;
use serde::Serialize;

/// A text read and judged.
#[derive(Clone, Debug)]
pub struct LabelCheck {
    /// What it says.
    pub reading: Reading,
    /// What it is worth.
    pub verdict: LabelVerdict,
    /// When the lists were last known to be the newest, epoch ms.
    pub as_of_ms: Option<i64>,
}

/// The verdict as screens and commands show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerdictView {
    /// The verdict.
    pub verdict: LabelVerdict,
    /// Its Chinese name.
    pub verdict_zh: &'static str,
    /// The sentence, Chinese.
    pub sentence: String,
    /// The sentence, English.
    pub sentence_en: String,
    /// May stand as a proof of place.
    pub is_usable: bool,
    /// Date of the lists, epoch ms.
    pub as_of_ms: Option<i64>,
    /// Edition of a signed label.
    pub revision: Option<u32>,
}

/// Reads and judges a text.
pub fn check(db: &Connection, now_ms: i64, text: &str) -> Result<LabelCheck, CoreError> {
    let reading = read(text);
    let as_of_ms = trust::as_of_ms(db)?;
    let verdict = match &reading {
        Reading::Label(label) => {
            let claims = &label.claims;
            let (is_revoked, is_outdated) = trust::is_revoked(db, claims.id, claims.revision)?;
            let keys = trust::keys(db)?;
            let known = Knowledge {
                keys: keys.as_ref(),
                is_revoked,
                is_outdated,
                as_of_ms,
                now_ms,
            };
            judge(label, &known)
        }
        Reading::Consent(code) => code.judge(trust::keys(db)?.as_ref(), now_ms),
        Reading::Unsigned(code) if trust::is_revoked(db, code.id, 0)?.0 => LabelVerdict::Revoked,
        Reading::Unsigned(_) => LabelVerdict::Unsigned,
        Reading::Damaged(_) => LabelVerdict::Broken,
        Reading::Legacy(_) | Reading::Foreign => LabelVerdict::NotOurs,
    };
    Ok(LabelCheck {
        reading,
        verdict,
        as_of_ms,
    })
}

impl LabelCheck {
    /// Kind of one of our codes.
    pub fn kind(&self) -> Option<LabelKind> {
        match &self.reading {
            Reading::Label(label) => Some(label.claims.kind),
            Reading::Unsigned(code) => Some(code.kind),
            _ => None,
        }
    }

    /// The verdict for the screen; none for what carries no claim of being ours.
    pub fn view(&self) -> Option<VerdictView> {
        let revision = match &self.reading {
            Reading::Label(label) => Some(label.claims.revision),
            Reading::Foreign | Reading::Legacy(_) => return None,
            _ => None,
        };
        Some(VerdictView {
            verdict: self.verdict,
            verdict_zh: self.verdict.zh(),
            sentence: self.verdict.sentence_zh(self.as_of_ms),
            sentence_en: self.verdict.sentence_en(self.as_of_ms),
            is_usable: self.verdict.is_usable(),
            as_of_ms: self.as_of_ms,
            revision,
        })
    }

    /// As it travels with a proof.
    pub fn checked(&self, grade: Option<String>) -> Checked {
        Checked {
            verdict: self.verdict,
            as_of_ms: self.as_of_ms,
            is_legacy: matches!(self.reading, Reading::Legacy(_)),
            grade,
        }
    }
}

/// The refusal of a code by its verdict.
pub fn refused(verdict: LabelVerdict, as_of_ms: Option<i64>) -> CoreError {
    CoreError::of(fault::S_LABEL)
        .because_of(
            &verdict.sentence_zh(as_of_ms),
            &verdict.sentence_en(as_of_ms),
        )
        .field(
            "verdict",
            &verdict.sentence_zh(as_of_ms),
            &verdict.sentence_en(as_of_ms),
        )
}

/// What is wrong with a text of ours that cannot be read.
pub const fn damage(error: LabelError) -> (&'static str, &'static str) {
    match error {
        LabelError::NotOurs => ("不是本系统的二维码", "not one of our codes"),
        LabelError::NewerVersion => (
            "二维码版本较新，请更新程序",
            "the code is of a newer version: update the app",
        ),
        LabelError::UnknownKind
        | LabelError::WrongLength
        | LabelError::BadCharacter
        | LabelError::Misread => (
            "二维码没有读全，请重新扫描",
            "the code was not read whole: scan it again",
        ),
    }
}

/// The refusal of a code that does not read.
pub fn damaged(error: LabelError) -> CoreError {
    let (zh, en) = damage(error);
    CoreError::of(fault::S_LABEL).because_of(zh, en)
}

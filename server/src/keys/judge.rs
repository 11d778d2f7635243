//! The server's verdict on a scanned text: the same rules as on the phone, with the lists in force, and
//! since when a label is no longer good, because a phone in a cellar cannot know it yet.

use super::lists::{self, KEY_LIST};
use crate::args;
use crate::store::{StoreError, Tx};
use dianma_schema::id::LabelId;
use dianma_schema::label::judge::{Knowledge, judge};
use dianma_schema::label::keys::KeyList;
use dianma_schema::label::seal::Sealed;
use dianma_schema::label::{LabelKind, LabelVerdict, Reading, read};

/// A text read and judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What it says.
    pub reading: Reading,
    /// What it is worth.
    pub verdict: LabelVerdict,
    /// Since when the label, or this revision of it, is revoked or outdated, epoch ms.
    pub void_since_ms: Option<i64>,
}

impl Judged {
    /// Kind, id and revision of one of our labels; an unsigned one has no revision.
    pub fn label(&self) -> Option<(LabelKind, LabelId, Option<u32>)> {
        match &self.reading {
            Reading::Label(label) => {
                let claims = &label.claims;
                Some((claims.kind, claims.id, Some(claims.revision)))
            }
            Reading::Unsigned(code) => Some((code.kind, code.id, None)),
            _ => None,
        }
    }
}

/// The key list in force. It was signed here: its own signature is not asked again.
pub fn key_list(tx: &mut dyn Tx) -> Result<Option<KeyList>, StoreError> {
    let Some(signed) = lists::newest(tx, KEY_LIST)? else {
        return Ok(None);
    };
    let body = Sealed::from_bytes(&signed.body).map(|sealed| sealed.body);
    let list = body.and_then(|body| minicbor::decode(&body).ok());
    list.map(Some)
        .ok_or_else(|| StoreError::Engine("the key list cannot be read".to_owned()))
}

/// Reads and judges a text.
pub fn check(tx: &mut dyn Tx, now_ms: i64, text: &str) -> Result<Judged, StoreError> {
    let reading = read(text);
    let mut void_since_ms = None;
    let verdict = match &reading {
        Reading::Label(label) => {
            let claims = &label.claims;
            let revoked = void_since(tx, claims.id, 0)?;
            let outdated = void_since(tx, claims.id, i64::from(claims.revision))?;
            void_since_ms = revoked.or(outdated);
            let keys = key_list(tx)?;
            let known = Knowledge {
                keys: keys.as_ref(),
                is_revoked: revoked.is_some(),
                is_outdated: outdated.is_some(),
                as_of_ms: Some(now_ms),
                now_ms,
            };
            judge(label, &known)
        }
        Reading::Consent(code) => code.judge(key_list(tx)?.as_ref(), now_ms),
        Reading::Unsigned(code) => {
            void_since_ms = void_since(tx, code.id, 0)?;
            if void_since_ms.is_some() {
                LabelVerdict::Revoked
            } else {
                LabelVerdict::Unsigned
            }
        }
        Reading::Damaged(_) => LabelVerdict::Broken,
        Reading::Legacy(_) | Reading::Foreign => LabelVerdict::NotOurs,
    };
    Ok(Judged {
        reading,
        verdict,
        void_since_ms,
    })
}

fn void_since(tx: &mut dyn Tx, id: LabelId, revision: i64) -> Result<Option<i64>, StoreError> {
    tx.first(
        "SELECT at_ms FROM label_revocations WHERE label_id = ?1 AND revision = ?2 LIMIT 1",
        args![id.to_string(), revision],
        |row| row.int(0),
    )
}

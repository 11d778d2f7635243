//! Evidence at the door: a captured file goes in by its path, the check-list shows what became of it.

use super::errors::guarded;
use super::{Core, PhoneError, SavedView};
use crate::error::CoreError;
use crate::store::facts::OwnEvidence;
use crate::work::{EvidenceInput, moment};
use dianma_schema::fault;
use dianma_schema::order::EvidenceKind;
use std::path::PathBuf;

/// A captured file.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct CapturedFile {
    /// Where it lies; it is copied, the caller deletes its own.
    pub path: String,
    /// Requirement it fills; `extra` when none.
    pub slot: String,
    /// Word of the kind; needed for a signature, otherwise the bytes tell.
    pub kind: Option<String>,
    /// From the gallery instead of the camera.
    pub is_imported: bool,
}

/// A file of an order.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct EvidenceView {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Requirement it fills.
    pub slot: String,
    /// `photo`, `audio`, `video` or `signature`.
    pub kind: String,
    /// From the gallery.
    pub is_imported: bool,
    /// "09:42" today, day and clock otherwise.
    pub taken_at: String,
    /// Bytes.
    pub size: u64,
    /// Bytes the server has.
    pub sent_bytes: u64,
    /// The server has it in full.
    pub is_uploaded: bool,
    /// Why the upload stopped for good.
    pub fault_code: Option<String>,
}

impl EvidenceView {
    pub(super) fn of(own: OwnEvidence, now_ms: i64) -> Self {
        Self {
            sha256: own.sha256,
            slot: own.slot,
            kind: own.kind,
            is_imported: own.is_imported,
            taken_at: moment(own.taken_at_ms, now_ms),
            size: own.size,
            sent_bytes: own.sent_bytes,
            is_uploaded: own.is_uploaded,
            fault_code: own.fault_code,
        }
    }
}

#[uniffi::export]
impl Core {
    /// Copies a captured file into the store and puts it on the order's manifest.
    pub fn add_evidence(&self, order: String, file: CapturedFile) -> Result<SavedView, PhoneError> {
        let kind = file.kind.as_deref().map(kind).transpose();
        let input = kind.map(|kind| EvidenceInput {
            path: PathBuf::from(file.path),
            slot: file.slot,
            kind,
            is_imported: file.is_imported,
        });
        self.saving(|orders, here| orders.add_evidence(&order, &input?, here))
    }

    /// Where the bytes of a file lie on this phone; none when they are no longer here.
    pub fn evidence_path(&self, sha256: String) -> Result<Option<String>, PhoneError> {
        guarded(|| {
            let path = self.phone().evidence().path(&sha256);
            Ok(path.map(|path| path.to_string_lossy().into_owned()))
        })
    }
}

fn kind(word: &str) -> Result<EvidenceKind, CoreError> {
    word.parse().map_err(|_| {
        CoreError::of(fault::V_FIELD).field("kind", "没有这种凭证", "no such kind of evidence")
    })
}

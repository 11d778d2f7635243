//! Evidence at the door: a captured file goes in by its path, the check-list shows what became of it.

use super::errors::guarded;
use super::sync::megabytes;
use super::{Core, PhoneError, SavedView, Words};
use crate::error::CoreError;
use crate::evidence::Staged;
use crate::store::facts::OwnEvidence;
use crate::work::{EvidenceInput, moment};
use dianma_schema::fault;
use dianma_schema::order::EvidenceKind;
use dianma_schema::order::evidence::WITHDRAWN;
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
    /// Class of the evidence: "A 类 现场拍摄", "B 类 相册导入".
    pub class_name: Words,
    /// "09:42" today, day and clock otherwise.
    pub taken_at: String,
    /// Bytes.
    pub size: u64,
    /// "0.3 MB".
    pub size_words: String,
    /// Taken back: it fulfils nothing any more.
    pub is_withdrawn: bool,
    /// It may be taken back now.
    pub may_withdraw: bool,
    /// Bytes the server has.
    pub sent_bytes: u64,
    /// The server has it in full.
    pub is_uploaded: bool,
    /// Why the upload stopped for good.
    pub fault_code: Option<String>,
    /// "待上传", "已传 40%", "已上传", "上传停止 E-…".
    pub upload_name: Words,
}

impl EvidenceView {
    /// `may_withdraw` is the order's word on a piece of that kind.
    pub(super) fn of(own: OwnEvidence, now_ms: i64, may_withdraw: bool) -> Self {
        let is_withdrawn = own.slot == WITHDRAWN;
        let class_name = if own.is_imported {
            Words::new("B 类 相册导入", "Class B, from the gallery")
        } else {
            Words::new("A 类 现场拍摄", "Class A, taken on site")
        };
        Self {
            class_name,
            upload_name: upload_name(&own),
            sha256: own.sha256,
            slot: own.slot,
            kind: own.kind,
            is_imported: own.is_imported,
            taken_at: moment(own.taken_at_ms, now_ms),
            size: own.size,
            size_words: megabytes(own.size),
            is_withdrawn,
            may_withdraw: may_withdraw && !is_withdrawn,
            sent_bytes: own.sent_bytes,
            is_uploaded: own.is_uploaded,
            fault_code: own.fault_code,
        }
    }
}

/// What a capture is for.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct CapturePurpose {
    /// Requirement it fills; `extra` when none.
    pub slot: String,
    /// Word of the kind.
    pub kind: String,
    /// From the gallery instead of the camera.
    pub is_imported: bool,
}

/// A capture under way.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct CaptureView {
    /// Its name.
    pub token: String,
    /// Where camera or recorder write.
    pub path: String,
    /// Requirement it fills.
    pub slot: String,
    /// Word of the kind.
    pub kind: String,
    /// From the gallery.
    pub is_imported: bool,
    /// When it began: "09:42" today, day and clock otherwise.
    pub begun_at: String,
}

impl CaptureView {
    fn of(staged: Staged, now_ms: i64) -> Self {
        Self {
            path: staged.path.to_string_lossy().into_owned(),
            token: staged.token,
            slot: staged.purpose.slot,
            kind: staged.purpose.kind,
            is_imported: staged.purpose.is_imported,
            begun_at: moment(staged.purpose.begun_at_ms, now_ms),
        }
    }
}

fn upload_name(own: &OwnEvidence) -> Words {
    if own.is_uploaded {
        return Words::new("已上传", "Sent");
    }
    if let Some(code) = &own.fault_code {
        return Words {
            zh: format!("上传停止 {code}"),
            en: format!("Upload stopped {code}"),
        };
    }
    match own.sent_bytes.saturating_mul(100).checked_div(own.size) {
        None | Some(0) => Words::new("待上传", "To send"),
        Some(percent) => Words {
            zh: format!("已传 {percent}%"),
            en: format!("{percent}% sent"),
        },
    }
}

#[uniffi::export]
impl Core {
    /// Copies a captured file into the store and puts it on the order's manifest. A photo is brought to
    /// the size that is sent; what is broken or empty is refused.
    pub fn add_evidence(&self, order: String, file: CapturedFile) -> Result<SavedView, PhoneError> {
        let kind = file.kind.as_deref().map(kind).transpose();
        let input = kind.map(|kind| EvidenceInput {
            path: PathBuf::from(file.path),
            slot: file.slot,
            kind,
            is_imported: file.is_imported,
        });
        self.saving(|orders, here| orders.add_captured(&order, &input?, here))
    }

    /// Makes room and a place for a capture; `free_bytes` is what the platform says is left. What is
    /// written to the path survives the end of the process: see [`Self::left_captures`].
    pub fn begin_capture(
        &self,
        order: String,
        file: CapturePurpose,
        free_bytes: u64,
    ) -> Result<CaptureView, PhoneError> {
        guarded(|| {
            let CapturePurpose {
                slot,
                kind: word,
                is_imported,
            } = file;
            let store = self.phone().evidence();
            let staged = store.stage(&order, &slot, kind(&word)?, is_imported, free_bytes)?;
            Ok(CaptureView::of(staged, self.phone().server_now_ms()?))
        })
    }

    /// The person keeps it: into the store and onto the order's manifest, then the capture is over. When
    /// it fails, the bytes are still there.
    pub fn keep_capture(&self, token: String) -> Result<SavedView, PhoneError> {
        let staged = guarded(|| self.phone().evidence().staged(&token))?;
        let input = guarded(|| {
            Ok(EvidenceInput {
                path: staged.path.clone(),
                slot: staged.purpose.slot.clone(),
                kind: Some(kind(&staged.purpose.kind)?),
                is_imported: staged.purpose.is_imported,
            })
        })?;
        let order = &staged.purpose.order;
        let saved = self.saving(|orders, here| orders.add_captured(order, &input, here))?;
        guarded(|| self.phone().evidence().unstage(&token))?;
        Ok(saved)
    }

    /// The person takes it again or goes away.
    pub fn drop_capture(&self, token: String) -> Result<(), PhoneError> {
        guarded(|| {
            let staged = self.phone().evidence().staged(&token)?;
            self.phone().evidence().unstage(&staged.token)
        })
    }

    /// Captures of an order that were neither kept nor dropped, because the app went away in between.
    pub fn left_captures(&self, order: String) -> Result<Vec<CaptureView>, PhoneError> {
        guarded(|| {
            let left = self.phone().evidence().left(&order)?;
            let now_ms = self.phone().server_now_ms()?;
            let views = left.into_iter().map(|one| CaptureView::of(one, now_ms));
            Ok(views.collect())
        })
    }

    /// Takes a piece back before the order is submitted; the file and the fact stay as a trace.
    pub fn withdraw_evidence(
        &self,
        order: String,
        sha256: String,
    ) -> Result<SavedView, PhoneError> {
        self.saving(|orders, here| orders.withdraw_evidence(&order, &sha256, here))
    }

    /// A small JPEG of a photo or signature; none for sound, film, and files no longer here.
    pub fn thumbnail(&self, sha256: String) -> Result<Option<Vec<u8>>, PhoneError> {
        guarded(|| self.phone().evidence().thumbnail(&sha256))
    }

    /// A file to look at or play until [`Self::return_evidence`]; none when the bytes are no longer here.
    pub fn lend_evidence(&self, sha256: String) -> Result<Option<String>, PhoneError> {
        guarded(|| {
            let path = self.phone().evidence().lend(&sha256)?;
            Ok(path.map(|path| path.to_string_lossy().into_owned()))
        })
    }

    /// Nobody looks any more: a plain copy of what is sealed goes.
    pub fn return_evidence(&self) -> Result<(), PhoneError> {
        guarded(|| self.phone().evidence().take_back())
    }
}

fn kind(word: &str) -> Result<EvidenceKind, CoreError> {
    word.parse().map_err(|_| {
        CoreError::of(fault::V_FIELD).field("kind", "没有这种凭证", "no such kind of evidence")
    })
}

//! How much room evidence takes, and making room: only copies of files that the server has in full go,
//! and only because a person asks; without that they stay until a week after the order was closed.

use super::EvidenceStore;
use crate::error::CoreError;
use crate::store::files;

/// Room taken, bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Database and journal.
    pub store_bytes: u64,
    /// Files the server does not have yet.
    pub waiting_bytes: u64,
    /// Their number.
    pub waiting_files: u32,
    /// Copies of files the server has.
    pub freeable_bytes: u64,
    /// Their number.
    pub freeable_files: u32,
}

impl EvidenceStore {
    /// How much room the phone's data takes.
    pub fn usage(&self) -> Result<Usage, CoreError> {
        let (waiting_files, uploaded) = self
            .shared
            .read(|db| Ok((files::count_kept(db)?, files::uploaded(db)?)))?;
        let mut usage = Usage {
            waiting_files,
            ..Usage::default()
        };
        for sha256 in &uploaded {
            if let Ok(found) = std::fs::metadata(self.shared.evidence_path(sha256)) {
                usage.freeable_bytes += found.len();
                usage.freeable_files += 1;
            }
        }
        let dir = self.shared.with_store(|store| Ok(store.evidence_dir()))?;
        let all = folder_bytes(&dir)?;
        usage.waiting_bytes = all.saturating_sub(usage.freeable_bytes);
        usage.store_bytes = match dir.parent() {
            Some(parent) => folder_bytes(parent)?,
            None => 0,
        };
        Ok(usage)
    }

    /// Removes the copies of files that the server has; returns the bytes that are free now.
    pub fn free_up(&self) -> Result<u64, CoreError> {
        let uploaded = self.shared.read(files::uploaded)?;
        let mut freed = 0;
        for sha256 in &uploaded {
            let path = self.shared.evidence_path(sha256);
            let Ok(found) = std::fs::metadata(&path) else {
                continue;
            };
            std::fs::remove_file(&path)?;
            freed += found.len();
        }
        Ok(freed)
    }
}

/// Bytes of the plain files in a folder, without the folders in it.
fn folder_bytes(folder: &std::path::Path) -> Result<u64, CoreError> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let Ok(found) = entry?.metadata() else {
            continue;
        };
        if found.is_file() {
            bytes += found.len();
        }
    }
    Ok(bytes)
}

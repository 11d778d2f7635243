//! Evidence files on the phone: copied into the store under their hash before anything points to
//! them, so that a manifest never names bytes that are not there. Sending is the sync engine's work.

use crate::error::CoreError;
use crate::phone::Shared;
use crate::store::files;
use crate::store::journal::sync_directory;
use crate::text::hex;
use dianma_schema::fault;
use dianma_schema::order::EvidenceKind;
use dianma_schema::order::evidence::{accepts, sniff};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest file, bytes; the server's limit.
pub const LARGEST_BYTES: u64 = 100 * 1024 * 1024;
/// Enough of a file to tell what it is.
const HEAD_BYTES: usize = 4096;
/// Copied at a time, so that a video does not fill the memory.
const BLOCK_BYTES: usize = 64 * 1024;

/// A file in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredFile {
    /// SHA-256, hexadecimal: its name and identity.
    pub sha256: String,
    /// What it is.
    pub kind: EvidenceKind,
    /// MIME type by its first bytes.
    pub mime: &'static str,
    /// Bytes.
    pub size: u64,
    #[serde(skip)]
    pub(crate) digest: [u8; 32],
}

/// Photos, sound, video.
#[derive(Clone, Debug)]
pub struct EvidenceStore {
    shared: Arc<Shared>,
}

impl EvidenceStore {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Copies a file into the store and tells what it is. With `kind` given, the bytes must fit it
    /// (a signature is drawn as PNG). The same bytes are stored once.
    pub fn import(
        &self,
        source: &Path,
        kind: Option<EvidenceKind>,
    ) -> Result<StoredFile, CoreError> {
        let file = File::open(source).map_err(|error| unreadable(&error))?;
        let size = file.metadata().map_err(|error| unreadable(&error))?.len();
        if size > LARGEST_BYTES {
            return Err(CoreError::of(fault::E_TOO_LARGE));
        }
        let dir = self.shared.with_store(|store| Ok(store.evidence_dir()))?;
        let mut number = [0; 8];
        self.shared
            .with_entropy(|entropy| entropy.fill(&mut number))?;
        let temporary = dir.join(format!("{}.part", hex(&number)));
        let stored = copy(file, &temporary, kind).and_then(|stored| keep(&dir, &temporary, stored));
        if stored.is_err() {
            let _ = std::fs::remove_file(&temporary);
        }
        stored
    }

    /// Where the bytes lie, when they are there.
    pub fn path(&self, sha256: &str) -> Option<PathBuf> {
        let digest: [u8; 32] = crate::text::from_hex(sha256)?.try_into().ok()?;
        let path = self.shared.evidence_path(&digest);
        path.exists().then_some(path)
    }

    /// Files that still have to go up.
    pub fn pending(&self) -> Result<u32, CoreError> {
        self.shared.read(files::count_pending)
    }
}

fn unreadable(error: &std::io::Error) -> CoreError {
    CoreError::of(fault::E_NOT_MEDIA).because(&error.to_string())
}

fn copy(
    mut source: impl Read,
    temporary: &Path,
    kind: Option<EvidenceKind>,
) -> Result<StoredFile, CoreError> {
    let mut target = File::create(temporary)?;
    let (mut hash, mut size) = (Sha256::new(), 0u64);
    let mut head = Vec::with_capacity(HEAD_BYTES);
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let count = source.read(&mut block)?;
        let Some(bytes) = block.get(..count).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        size += bytes.len() as u64;
        if size > LARGEST_BYTES {
            return Err(CoreError::of(fault::E_TOO_LARGE));
        }
        let missing = HEAD_BYTES.saturating_sub(head.len()).min(bytes.len());
        head.extend_from_slice(bytes.get(..missing).unwrap_or_default());
        hash.update(bytes);
        target.write_all(bytes)?;
    }
    target.sync_all()?;
    let (kind, mime) = recognise(&head, kind)?;
    let digest: [u8; 32] = hash.finalize().into();
    Ok(StoredFile {
        sha256: hex(&digest),
        kind,
        mime,
        size,
        digest,
    })
}

fn recognise(
    head: &[u8],
    wanted: Option<EvidenceKind>,
) -> Result<(EvidenceKind, &'static str), CoreError> {
    let found = match wanted {
        Some(kind) => accepts(kind, head).map(|mime| (kind, mime)),
        None => sniff(head),
    };
    found.ok_or_else(|| CoreError::of(fault::E_NOT_MEDIA))
}

fn keep(dir: &Path, temporary: &Path, stored: StoredFile) -> Result<StoredFile, CoreError> {
    let path = dir.join(&stored.sha256);
    std::fs::rename(temporary, &path)?;
    sync_directory(&path)?;
    Ok(stored)
}

//! Evidence files on the phone: copied into the store under their hash before anything points to
//! them, so that a manifest never names bytes that are not there. Sending is the sync engine's work.

mod space;
mod staging;
mod thumbnails;
mod usage;

pub use staging::{Purpose, Staged};
pub use usage::Usage;

use crate::error::CoreError;
use crate::pictures::{self, colour, photo};
use crate::shared::Shared;
use crate::store::files;
use crate::store::journal::sync_directory;
use crate::store::seal::DataKey;
use crate::store::seal::blob::{self, BlobWriter};
use crate::text::hex;
use dianma_schema::fault;
use dianma_schema::order::EvidenceKind;
use dianma_schema::order::evidence::{accepts, sniff};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest file, bytes; the server's limit.
pub const LARGEST_BYTES: u64 = 100 * 1024 * 1024;
/// Enough of a file to tell what it is.
const HEAD_BYTES: usize = 4096;
/// Copied at a time, so that a video does not fill the memory.
const BLOCK_BYTES: usize = 64 * 1024;
/// A recording below this holds no second of sound.
const LEAST_SOUND_BYTES: u64 = 400;

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
        self.take(file, kind)
    }

    fn take(&self, source: impl Read, kind: Option<EvidenceKind>) -> Result<StoredFile, CoreError> {
        let dir = self.shared.with_store(|store| Ok(store.evidence_dir()))?;
        let key = self.shared.data_key();
        let mut number = [0; 8];
        self.shared
            .with_entropy(|entropy| entropy.fill(&mut number))?;
        let temporary = dir.join(format!("{}.part", hex(&number)));
        let stored = copy(source, &temporary, key.as_ref(), kind)
            .and_then(|stored| keep(&dir, &temporary, stored));
        if stored.is_err() {
            let _ = std::fs::remove_file(&temporary);
        }
        stored
    }

    /// Takes what a person captured here: a photo becomes one of the size that is sent, upright and
    /// without the camera's notes; what is broken or empty is refused while it can be taken again.
    pub fn import_captured(
        &self,
        source: &Path,
        kind: Option<EvidenceKind>,
    ) -> Result<StoredFile, CoreError> {
        let head = head(source)?;
        let (found, _) = recognise(&head, kind)?;
        match found {
            EvidenceKind::Photo => {
                let jpeg = photo::prepare(&pictures::read(source)?)?;
                return self.take(jpeg.as_slice(), Some(EvidenceKind::Photo));
            }
            EvidenceKind::Signature if head.starts_with(b"\x89PNG") => {
                colour::from_bytes(&pictures::read(source)?)?;
            }
            EvidenceKind::Audio if source.metadata()?.len() < LEAST_SOUND_BYTES => {
                return Err(CoreError::of(fault::E_NOT_MEDIA)
                    .because_of("没有录到声音", "no sound was recorded"));
            }
            EvidenceKind::Video
                if head.get(4..8) == Some(b"ftyp".as_slice()) && !is_closed(source)? =>
            {
                return Err(CoreError::of(fault::E_NOT_MEDIA)
                    .because_of("录像没有录完", "the film was not finished"));
            }
            _ => {}
        }
        self.import(source, kind)
    }

    /// Where the bytes lie, when they are there; sealed like everything at rest.
    pub fn path(&self, sha256: &str) -> Option<PathBuf> {
        let digest: [u8; 32] = crate::text::from_hex(sha256)?.try_into().ok()?;
        let path = self.shared.evidence_path(&digest);
        path.exists().then_some(path)
    }

    /// A file that a player or viewer can open, when the bytes are there: of what is sealed a plain copy,
    /// until [`Self::take_back`].
    pub fn lend(&self, sha256: &str) -> Result<Option<PathBuf>, CoreError> {
        let Some(path) = self.path(sha256) else {
            return Ok(None);
        };
        let Some(key) = self.shared.data_key() else {
            return Ok(Some(path));
        };
        self.take_back()?;
        let lent = self.lent()?;
        std::fs::create_dir_all(&lent)?;
        let copy = lent.join(sha256.to_ascii_lowercase());
        blob::copy(blob::Blob::open(&path, Some(&key))?, &copy, None)?;
        Ok(Some(copy))
    }

    /// Removes the plain copy that was lent; also at every start, in case nobody could.
    pub fn take_back(&self) -> Result<(), CoreError> {
        match std::fs::remove_dir_all(self.lent()?) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn lent(&self) -> Result<PathBuf, CoreError> {
        self.shared.with_store(|store| Ok(store.dir().join("lent")))
    }

    /// Files that still have to go up.
    pub fn pending(&self) -> Result<u32, CoreError> {
        self.shared.read(files::count_pending)
    }
}

fn unreadable(error: &std::io::Error) -> CoreError {
    CoreError::of(fault::E_NOT_MEDIA).because(&error.to_string())
}

/// The first bytes of a file.
fn head(source: &Path) -> Result<Vec<u8>, CoreError> {
    let file = File::open(source).map_err(|error| unreadable(&error))?;
    let mut head = Vec::with_capacity(HEAD_BYTES);
    file.take(HEAD_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(|error| unreadable(&error))?;
    Ok(head)
}

/// Whether an MP4 or 3GP file holds its index: a recorder that was killed leaves one without it.
fn is_closed(source: &Path) -> Result<bool, CoreError> {
    let mut file = File::open(source)?;
    let size = file.metadata()?.len();
    let mut at = 0;
    // A file holds a handful of boxes; more is no film of a phone.
    for _ in 0..64 {
        let mut box_head = [0; 16];
        file.seek(SeekFrom::Start(at))?;
        if file.read(&mut box_head)? < 8 {
            return Ok(false);
        }
        let [a, b, c, d, name @ .., _, _, _, _, _, _, _, _] = box_head;
        if name == *b"moov" {
            return Ok(true);
        }
        let length = match u64::from(u32::from_be_bytes([a, b, c, d])) {
            1 => u64::from_be_bytes(box_head[8..].try_into().unwrap_or_default()),
            length => length,
        };
        at = at.saturating_add(length.max(8));
        if length == 0 || at >= size {
            return Ok(false);
        }
    }
    Ok(false)
}

fn copy(
    mut source: impl Read,
    temporary: &Path,
    key: Option<&DataKey>,
    kind: Option<EvidenceKind>,
) -> Result<StoredFile, CoreError> {
    let mut target = BlobWriter::create(temporary, key)?;
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
    target.finish()?;
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

//! One chunk of an upload, from the body to the disk: append, fsync, only then count it. The count in
//! the database is what a phone may rely on; bytes beyond it (a crash between the two) are cut off.
//! A lock on the staging file makes two uploads of one hash follow each other, across processes too.

use super::arrive;
use super::folder::{Folder, Hash};
use crate::args;
use crate::error::ApiError;
use crate::store::{Store, StoreError};
use crate::text::hex;
use axum::http::StatusCode;
use dianma_schema::fault;
use dianma_schema::order::evidence::sniff;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};

/// Largest evidence file.
pub const MAX_FILE_BYTES: u64 = 100 * 1024 * 1024;
/// Bytes that tell what a file is.
const HEAD_BYTES: usize = 4_096;
/// Read buffer for hashing.
const BUFFER_BYTES: usize = 64 * 1024;

/// A part of a file as a phone sends it.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Whole file's hash.
    pub hash: Hash,
    /// Where the part begins.
    pub offset: u64,
    /// Size of the whole file.
    pub total: u64,
    /// The part.
    pub bytes: axum::body::Bytes,
}

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that are durably here.
    pub offset: u64,
    /// All of them.
    pub is_complete: bool,
}

/// Why a chunk is refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Go on from here.
    #[error("the upload goes on at {0}")]
    Offset(u64),
    /// The bytes are not those of the hash: the upload starts over.
    #[error("the bytes do not match their hash")]
    Hash,
    /// Neither photo nor sound nor film.
    #[error("the file is no medium")]
    Media,
    /// Over [`MAX_FILE_BYTES`], or empty.
    #[error("the file is too large")]
    Size,
    /// The disk refused.
    #[error("disk: {0}")]
    Disk(#[from] io::Error),
    /// The database refused.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The orders that waited for the file could not be changed.
    #[error("{0}")]
    Orders(#[from] ApiError),
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Offset(_) => Self::conflict(fault::E_OFFSET),
            Refusal::Hash => Self::unprocessable(fault::E_HASH),
            Refusal::Media => Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, fault::E_NOT_MEDIA),
            Refusal::Size => Self::new(StatusCode::PAYLOAD_TOO_LARGE, fault::E_TOO_LARGE),
            Refusal::Disk(error) => {
                tracing::error!(error = %error, "evidence cannot be written");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, fault::X_BUSY)
            }
            Refusal::Store(error) => error.into(),
            Refusal::Orders(error) => error,
        }
    }
}

/// How far the server durably has a file; an unknown one is at 0.
pub fn progress(store: &Store, hash: &Hash) -> Result<Progress, StoreError> {
    let sha256 = hash.as_str().to_owned();
    store.read_blocking(move |tx| {
        let found = tx.first(
            "SELECT received_bytes, is_complete FROM blobs WHERE sha256 = ?1",
            args![&sha256],
            |row| {
                Ok(Progress {
                    offset: row.int(0)?.unsigned_abs(),
                    is_complete: row.flag(1)?,
                })
            },
        )?;
        Ok(found.unwrap_or(Progress {
            offset: 0,
            is_complete: false,
        }))
    })
}

/// Takes a chunk. Blocking: the caller is on a thread that may wait for the disk.
pub fn receive(
    store: &Store,
    folder: &Folder,
    now_ms: i64,
    chunk: &Chunk,
) -> Result<Progress, Refusal> {
    if chunk.total == 0 || chunk.total > MAX_FILE_BYTES {
        return Err(Refusal::Size);
    }
    let path = folder.staging(&chunk.hash);
    Folder::make_parent(&path)?;
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)?;
    file.lock()?;
    if folder.whole(&chunk.hash).exists() {
        std::fs::remove_file(&path).or_else(gone)?;
        return finish(store, folder, now_ms, &chunk.hash);
    }
    let known = progress(store, &chunk.hash)?.offset;
    let size = file.metadata()?.len().min(known);
    file.set_len(size)?;
    if chunk.offset != size {
        return Err(Refusal::Offset(size));
    }
    let end = size + chunk.bytes.len() as u64;
    if end > chunk.total {
        restart(store, &file, now_ms, chunk)?;
        return Err(Refusal::Hash);
    }
    file.seek(SeekFrom::Start(size))?;
    file.write_all(&chunk.bytes)?;
    file.sync_all()?;
    if end < chunk.total {
        count(store, now_ms, chunk, end)?;
        return Ok(Progress {
            offset: end,
            is_complete: false,
        });
    }
    if let Err(refusal) = check(&mut file, &chunk.hash) {
        restart(store, &file, now_ms, chunk)?;
        return Err(refusal);
    }
    let whole = folder.whole(&chunk.hash);
    Folder::make_parent(&whole)?;
    std::fs::rename(&path, &whole)?;
    Folder::sync_parent(&whole)?;
    finish(store, folder, now_ms, &chunk.hash)
}

/// Another upload moved the file into place first.
fn gone(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    }
}

/// Writes down how far the file is.
fn count(store: &Store, now_ms: i64, chunk: &Chunk, received: u64) -> Result<(), StoreError> {
    let sha256 = chunk.hash.as_str().to_owned();
    let (size, received) = (signed(chunk.total), signed(received));
    store.write_blocking(move |tx| {
        tx.execute(
            "INSERT INTO blobs (sha256, size, received_bytes, is_complete, updated_at_ms) \
             VALUES (?1, ?2, ?3, 0, ?4) ON CONFLICT (sha256) DO UPDATE SET size = excluded.size, \
             received_bytes = excluded.received_bytes, updated_at_ms = excluded.updated_at_ms",
            args![&sha256, size, received, now_ms],
        )?;
        Ok(())
    })
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// What came is not what was announced: from the beginning.
fn restart(store: &Store, file: &File, now_ms: i64, chunk: &Chunk) -> Result<(), Refusal> {
    file.set_len(0)?;
    file.sync_all()?;
    Ok(count(store, now_ms, chunk, 0)?)
}

/// The bytes must hash to their name and begin like a medium.
fn check(file: &mut File, hash: &Hash) -> Result<(), Refusal> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    file.seek(SeekFrom::Start(0))?;
    loop {
        let count = file.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        digest.update(read);
    }
    if hex(&digest.finalize()) != hash.as_str() {
        return Err(Refusal::Hash);
    }
    file.seek(SeekFrom::Start(0))?;
    sniff(&head(file)?).map(drop).ok_or(Refusal::Media)
}

fn head(file: &mut File) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    file.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// The file is whole: the manifests learn of it. Safe to run again after a crash in between.
fn finish(store: &Store, folder: &Folder, now_ms: i64, hash: &Hash) -> Result<Progress, Refusal> {
    let mut file = File::open(folder.whole(hash))?;
    let size = file.metadata()?.len();
    let mime = sniff(&head(&mut file)?).map_or("application/octet-stream", |(_, mime)| mime);
    let file = arrive::Arrived {
        sha256: hash.as_str().to_owned(),
        size: signed(size),
        mime,
    };
    store.write_blocking(move |tx| arrive::apply(tx, now_ms, &file))?;
    Ok(Progress {
        offset: size,
        is_complete: true,
    })
}

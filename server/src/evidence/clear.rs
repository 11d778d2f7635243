//! Clearing of files nobody asks for: uploads that stopped two weeks ago, whole files that no
//! manifest has named for a month. Everything a manifest names stays, also one in quarantine that waits
//! for a person.

use super::folder::{Folder, Hash};
use crate::args;
use crate::store::{Store, StoreError};
use dianma_schema::time::DAY_MS;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;

/// An upload without a new byte for so long is given up; the phone starts over if it comes back.
const IDLE_MS: i64 = 14 * DAY_MS;
/// A whole file waits so long for its manifest.
const UNNAMED_MS: i64 = 30 * DAY_MS;
/// Most files in one run.
const MAX_FILES: i64 = 500;

/// What was cleared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    /// Uploads given up.
    pub idle: u32,
    /// Whole files without a manifest.
    pub unnamed: u32,
}

/// One run. Blocking. Rows go first: a file without a row is only disk space, a row without a file
/// would promise bytes that are gone.
pub fn clear(store: &Store, folder: &Folder, now_ms: i64) -> Result<Cleared, StoreError> {
    let mut cleared = Cleared::default();
    for hash in take(store, now_ms - IDLE_MS, false)? {
        cleared.idle += u32::from(remove(&folder.staging(&hash)));
    }
    for hash in take(store, now_ms - UNNAMED_MS, true)? {
        cleared.unnamed += u32::from(remove(&folder.whole(&hash)));
    }
    if cleared != Cleared::default() {
        tracing::info!(
            evidence.idle = cleared.idle,
            evidence.unnamed = cleared.unnamed,
            "evidence files nobody asks for were cleared"
        );
    }
    Ok(cleared)
}

/// Deletes the rows and names the files they stood for.
fn take(store: &Store, before_ms: i64, is_complete: bool) -> Result<Vec<Hash>, StoreError> {
    let gone = store.write_blocking(move |tx| {
        tx.all(
            "DELETE FROM blobs WHERE sha256 IN (SELECT b.sha256 FROM blobs b \
             WHERE b.is_complete = ?2 AND b.updated_at_ms < ?1 \
             AND (b.is_complete = 0 OR NOT EXISTS (SELECT 1 FROM evidence e WHERE e.sha256 = b.sha256)) \
             AND (b.is_complete = 0 OR NOT EXISTS (SELECT 1 FROM quarantine q \
                  WHERE q.sha256 = b.sha256 AND q.resolved_at_ms IS NULL)) \
             ORDER BY b.sha256 LIMIT ?3) RETURNING sha256",
            args![before_ms, is_complete, MAX_FILES],
            |row| row.text(0),
        )
    });
    let gone: Result<Vec<String>, StoreError> = gone;
    Ok(gone?.iter().filter_map(|text| Hash::parse(text)).collect())
}

fn remove(path: &Path) -> bool {
    let removed = OpenOptions::new().write(true).open(path).and_then(|file| {
        // Somebody may be writing right now: then it is not idle.
        match file.try_lock() {
            Ok(()) => std::fs::remove_file(path),
            Err(_) => Err(io::Error::from(io::ErrorKind::WouldBlock)),
        }
    });
    match removed {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => {
            tracing::warn!(error = %error, "an evidence file cannot be cleared");
            false
        }
    }
}

//! Captures under way: what the camera or recorder writes lies in the store's folder from the first
//! byte on, with a note beside it that says what for. An app that dies between shutter and save finds
//! it again; a picture that nobody kept is offered, not lost.

use super::{EvidenceStore, space};
use crate::error::CoreError;
use crate::store::journal::sync_directory;
use crate::text::hex;
use dianma_schema::fault;
use dianma_schema::order::EvidenceKind;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A note without bytes is swept away after so long: its screen was left before the shutter.
const EMPTY_KEPT_MS: i64 = 3_600_000;
/// Most captures looked at.
const MOST_STAGED: usize = 200;

/// What a capture is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// Id of the order.
    pub order: String,
    /// Requirement it fills.
    pub slot: String,
    /// Word of the kind.
    pub kind: String,
    /// From the gallery.
    pub is_imported: bool,
    /// When it began, phone clock, epoch ms.
    pub begun_at_ms: i64,
}

/// A capture under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// Its name.
    pub token: String,
    /// Where its bytes go.
    pub path: PathBuf,
    /// What for.
    pub purpose: Purpose,
}

impl EvidenceStore {
    /// Makes room and a place to write to. `free_bytes` is what the platform says is left.
    pub fn stage(
        &self,
        order: &str,
        slot: &str,
        kind: EvidenceKind,
        is_imported: bool,
        free_bytes: u64,
    ) -> Result<Staged, CoreError> {
        let store = self.shared.with_store(|store| Ok(store.dir().to_owned()))?;
        space::make_room(&store, kind, free_bytes)?;
        let dir = self.captures()?;
        let mut number = [0; 8];
        self.shared
            .with_entropy(|entropy| entropy.fill(&mut number))?;
        let token = hex(&number);
        let purpose = Purpose {
            order: order.to_owned(),
            slot: slot.to_owned(),
            kind: kind.as_str().to_owned(),
            is_imported,
            begun_at_ms: self.shared.clock().wall_ms(),
        };
        let note = serde_json::to_vec(&purpose)
            .map_err(|error| CoreError::of(fault::D_STORE).because(&error.to_string()))?;
        let path = note_path(&dir, &token);
        let mut file = File::create(&path)?;
        file.write_all(&note)?;
        file.sync_all()?;
        sync_directory(&path)?;
        Ok(Staged {
            path: dir.join(&token),
            token,
            purpose,
        })
    }

    /// The capture of a name.
    pub fn staged(&self, token: &str) -> Result<Staged, CoreError> {
        let is_name = !token.is_empty() && token.bytes().all(|b| b.is_ascii_hexdigit());
        let dir = self.captures()?;
        let found = is_name.then(|| read(&dir, token)).flatten();
        found.ok_or_else(|| {
            CoreError::of(fault::V_NOT_FOUND).because_of("没有这次拍摄", "no such capture")
        })
    }

    /// Captures of an order with bytes that nobody kept or dropped, oldest first.
    pub fn left(&self, order: &str) -> Result<Vec<Staged>, CoreError> {
        let dir = self.captures()?;
        let now_ms = self.shared.clock().wall_ms();
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&dir)?.take(MOST_STAGED).flatten() {
            let name = entry.file_name();
            let Some(token) = name.to_str().and_then(|name| name.strip_suffix(".json")) else {
                continue;
            };
            let Some(staged) = read(&dir, token) else {
                continue;
            };
            let has_bytes = staged.path.metadata().is_ok_and(|file| file.len() > 0);
            if has_bytes && staged.purpose.order == order {
                found.push(staged);
            } else if !has_bytes && now_ms - staged.purpose.begun_at_ms > EMPTY_KEPT_MS {
                self.unstage(token)?;
            }
        }
        found.sort_by_key(|staged| staged.purpose.begun_at_ms);
        Ok(found)
    }

    /// Forgets a capture and its bytes.
    pub fn unstage(&self, token: &str) -> Result<(), CoreError> {
        let dir = self.captures()?;
        // The note goes last: without it the bytes would lie there for ever.
        for path in [dir.join(token), note_path(&dir, token)] {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error.into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn captures(&self) -> Result<PathBuf, CoreError> {
        let dir = self
            .shared
            .with_store(|store| Ok(store.dir().join("captures")))?;
        std::fs::create_dir_all(&dir)?;
        Ok(dir)
    }
}

fn note_path(dir: &Path, token: &str) -> PathBuf {
    dir.join(format!("{token}.json"))
}

fn read(dir: &Path, token: &str) -> Option<Staged> {
    let note = std::fs::read(note_path(dir, token)).ok()?;
    Some(Staged {
        token: token.to_owned(),
        path: dir.join(token),
        purpose: serde_json::from_slice(&note).ok()?,
    })
}

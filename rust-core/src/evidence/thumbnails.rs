//! Small pictures of photos and signatures for lists, made when asked for and kept in a folder of
//! bounded size; the least used go first. Losing the folder loses nothing.

use super::EvidenceStore;
use crate::error::CoreError;
use crate::pictures::photo;
use crate::store::seal::{DataKey, blob};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Most thumbnails kept: at about 8 kB each, 2 MB.
const MOST_KEPT: usize = 256;
/// So many go at a time, so that a full folder is not listed for each new one.
const DROPPED_AT_ONCE: usize = 32;

impl EvidenceStore {
    /// A small JPEG of a file here; none for sound and film, and for what is no longer here.
    pub fn thumbnail(&self, sha256: &str) -> Result<Option<Vec<u8>>, CoreError> {
        let Some(original) = self.path(sha256) else {
            return Ok(None);
        };
        let dir = self
            .shared
            .with_store(|store| Ok(store.dir().join("thumbnails")))?;
        let kept = dir.join(sha256.to_ascii_lowercase());
        let key = self.shared.data_key();
        if let Ok(bytes) = blob::read(&kept, key.as_ref()) {
            self.touch(&kept);
            return Ok(Some(bytes));
        }
        let bytes = blob::read(&original, key.as_ref())?;
        let Ok(small) = photo::thumbnail(&bytes) else {
            return Ok(None);
        };
        // A full phone still shows its pictures.
        let _ = keep(&dir, &kept, &small, key.as_ref());
        Ok(Some(small))
    }

    /// Used just now: goes last.
    fn touch(&self, kept: &Path) {
        let wall_ms = u64::try_from(self.shared.clock().wall_ms()).unwrap_or(0);
        let now = std::time::UNIX_EPOCH + std::time::Duration::from_millis(wall_ms);
        let _ = File::options()
            .write(true)
            .open(kept)
            .and_then(|file| file.set_modified(now));
    }
}

fn keep(dir: &Path, kept: &Path, small: &[u8], key: Option<&DataKey>) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let mut all: Vec<(std::time::SystemTime, PathBuf)> = std::fs::read_dir(dir)?
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    if all.len() >= MOST_KEPT {
        all.sort();
        for (_, path) in all.iter().take(DROPPED_AT_ONCE) {
            std::fs::remove_file(path)?;
        }
    }
    let temporary = kept.with_extension("part");
    blob::write(&temporary, small, key)?;
    std::fs::rename(temporary, kept)
}

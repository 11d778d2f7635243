//! Room for a capture: asked before the shutter, so that nobody stands there with half a photo. A
//! reserve file is kept while there is plenty and given up when there is not; unsent work is never
//! deleted to make room.

use crate::error::CoreError;
use dianma_schema::fault;
use dianma_schema::order::EvidenceKind;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

const MEGABYTE: u64 = 1024 * 1024;
/// Kept free for the store itself: its database, journal and their copies while they are rewritten.
const STORE_BYTES: u64 = 24 * MEGABYTE;
/// Size of the reserve: a hundred photos as they are kept.
const RESERVE_BYTES: u64 = 32 * MEGABYTE;
/// The reserve is made only where so much stays free.
const PLENTY_BYTES: u64 = 1024 * MEGABYTE;
const RESERVE: &str = "reserve";

/// What a capture may need, bytes: a photo as it comes from the camera beside the one that is kept, a
/// minute of film, ten minutes of speech.
const fn needed_bytes(kind: EvidenceKind) -> u64 {
    match kind {
        EvidenceKind::Photo => 16 * MEGABYTE,
        EvidenceKind::Video => 48 * MEGABYTE,
        EvidenceKind::Audio => 4 * MEGABYTE,
        EvidenceKind::Signature => MEGABYTE,
    }
}

/// Sees to it that a capture fits, or says how much is missing.
pub fn make_room(store: &Path, kind: EvidenceKind, free_bytes: u64) -> Result<(), CoreError> {
    let needed = needed_bytes(kind) + STORE_BYTES;
    let reserve = store.join(RESERVE);
    if free_bytes >= PLENTY_BYTES {
        // Not having one is no reason to refuse a photo.
        let _ = keep_reserve(&reserve);
        return Ok(());
    }
    if free_bytes >= needed {
        return Ok(());
    }
    let given_up = give_up(&reserve)?;
    if free_bytes + given_up >= needed {
        return Ok(());
    }
    let missing = (needed - free_bytes - given_up).div_ceil(MEGABYTE);
    let (zh, en) = (
        format!("还差 {missing} MB，未上传的凭证不会删除"),
        format!("{missing} MB are missing; unsent evidence is never deleted"),
    );
    Err(CoreError::of(fault::D_DISK).field("space", &zh, &en))
}

fn keep_reserve(path: &Path) -> std::io::Result<()> {
    if path
        .metadata()
        .is_ok_and(|file| file.len() >= RESERVE_BYTES)
    {
        return Ok(());
    }
    // Written out, because a hole in a file reserves nothing.
    let block = vec![0u8; 256 * 1024];
    let mut file = File::create(path)?;
    for _ in 0..RESERVE_BYTES / block.len() as u64 {
        file.write_all(&block)?;
    }
    Ok(())
}

/// Bytes won back.
fn give_up(path: &Path) -> Result<u64, CoreError> {
    let Ok(file) = path.metadata() else {
        return Ok(0);
    };
    std::fs::remove_file(path)?;
    Ok(file.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_kept_in_plenty_given_up_in_need_and_then_the_truth_is_told() {
        let store = tempfile::tempdir().unwrap();
        let reserve = store.path().join(RESERVE);
        let free =
            |megabytes: u64| make_room(store.path(), EvidenceKind::Photo, megabytes * MEGABYTE);
        free(2_000).unwrap();
        assert_eq!(reserve.metadata().unwrap().len(), RESERVE_BYTES);
        free(500).unwrap();
        assert!(reserve.exists());
        free(10).unwrap();
        assert!(!reserve.exists(), "given up for this photo");
        let full = free(10).unwrap_err();
        assert_eq!(full.code(), fault::D_DISK);
        assert!(full.fault().fields[0].message.contains("还差 30 MB"));
        make_room(store.path(), EvidenceKind::Signature, 25 * MEGABYTE).unwrap();
    }
}

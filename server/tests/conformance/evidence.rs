//! Uploads on a real disk: offsets, wrong bytes, two phones at once, crashes in between, clearing.

use axum::body::Bytes;
use dianma_schema::time::DAY_MS;
use dianma_server::args;
use dianma_server::evidence::clear::{self, Cleared};
use dianma_server::evidence::{Chunk, Folder, Hash, Progress, Refusal, progress, receive};
use dianma_server::store::{Store, StoreError};
use dianma_server::text::sha256_hex;

crate::conformance!(
    a_file_comes_in_parts_and_is_whole_at_the_end,
    another_offset_is_told_where_to_go_on,
    wrong_bytes_start_over_and_the_right_ones_then_fit,
    more_bytes_than_announced_start_over,
    a_photo_that_is_no_photo_and_a_giant_are_refused,
    bytes_on_disk_that_were_never_counted_are_cut_off,
    a_lost_staging_file_is_told_as_the_offset_it_really_has,
    two_phones_sending_one_file_at_once_leave_one_whole_file,
    idle_uploads_and_unnamed_files_are_cleared_in_time_and_named_ones_stay,
);

const NOW: i64 = 1_780_000_000_000;

struct Disk {
    store: Store,
    folder: Folder,
    _root: tempfile::TempDir,
}

fn disk(store: &Store) -> Disk {
    let root = tempfile::tempdir().unwrap();
    Disk {
        store: store.clone(),
        folder: Folder::new(root.path()),
        _root: root,
    }
}

fn photo(size: usize) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0];
    bytes.resize(size, 7);
    bytes
}

fn chunk(file: &[u8], from: usize, to: usize) -> Chunk {
    Chunk {
        hash: Hash::parse(&sha256_hex(file)).unwrap(),
        offset: from as u64,
        total: file.len() as u64,
        bytes: Bytes::copy_from_slice(&file[from..to]),
    }
}

impl Disk {
    fn send(&self, chunk: &Chunk) -> Result<Progress, Refusal> {
        receive(&self.store, &self.folder, NOW, chunk)
    }

    fn at(&self, file: &[u8]) -> Progress {
        progress(&self.store, &Hash::parse(&sha256_hex(file)).unwrap()).unwrap()
    }
}

fn a_file_comes_in_parts_and_is_whole_at_the_end(store: &Store) {
    let disk = disk(store);
    let file = photo(2_500);
    assert_eq!(disk.at(&file).offset, 0);
    assert_eq!(disk.send(&chunk(&file, 0, 1_000)).unwrap().offset, 1_000);
    assert_eq!(disk.at(&file).offset, 1_000);
    let end = disk.send(&chunk(&file, 1_000, 2_500)).unwrap();
    assert!(end.is_complete && disk.at(&file).is_complete);
    let hash = Hash::parse(&sha256_hex(&file)).unwrap();
    assert_eq!(std::fs::read(disk.folder.whole(&hash)).unwrap(), file);
    assert!(!disk.folder.staging(&hash).exists());
    // The last part again, because its answer was lost.
    assert!(disk.send(&chunk(&file, 1_000, 2_500)).unwrap().is_complete);
}

fn another_offset_is_told_where_to_go_on(store: &Store) {
    let disk = disk(store);
    let file = photo(900);
    disk.send(&chunk(&file, 0, 300)).unwrap();
    for from in [0, 200, 600] {
        let refusal = disk.send(&chunk(&file, from, 900)).unwrap_err();
        assert!(matches!(refusal, Refusal::Offset(300)), "{refusal}");
    }
}

fn wrong_bytes_start_over_and_the_right_ones_then_fit(store: &Store) {
    let disk = disk(store);
    let file = photo(900);
    let mut wrong = chunk(&file, 0, 900);
    wrong.bytes = Bytes::from(photo(899).into_iter().chain([9]).collect::<Vec<u8>>());
    assert!(matches!(disk.send(&wrong).unwrap_err(), Refusal::Hash));
    assert_eq!(disk.at(&file).offset, 0);
    assert!(disk.send(&chunk(&file, 0, 900)).unwrap().is_complete);
}

fn more_bytes_than_announced_start_over(store: &Store) {
    let disk = disk(store);
    let file = photo(900);
    let mut long = chunk(&file, 0, 900);
    long.total = 800;
    assert!(matches!(disk.send(&long).unwrap_err(), Refusal::Hash));
    assert_eq!(disk.at(&file).offset, 0);
}

fn a_photo_that_is_no_photo_and_a_giant_are_refused(store: &Store) {
    let disk = disk(store);
    let text = "这不是照片".repeat(100).into_bytes();
    let refusal = disk.send(&chunk(&text, 0, text.len())).unwrap_err();
    assert!(matches!(refusal, Refusal::Media));
    let mut giant = chunk(&text, 0, 10);
    giant.total = 101 * 1024 * 1024;
    assert!(matches!(disk.send(&giant).unwrap_err(), Refusal::Size));
}

fn bytes_on_disk_that_were_never_counted_are_cut_off(store: &Store) {
    let disk = disk(store);
    let file = photo(900);
    disk.send(&chunk(&file, 0, 300)).unwrap();
    // A power cut after the append and before the count: the tail may be anything.
    let hash = Hash::parse(&sha256_hex(&file)).unwrap();
    let mut torn = file[..300].to_vec();
    torn.extend([0; 100]);
    std::fs::write(disk.folder.staging(&hash), torn).unwrap();
    assert_eq!(disk.at(&file).offset, 300);
    assert!(disk.send(&chunk(&file, 300, 900)).unwrap().is_complete);
}

fn a_lost_staging_file_is_told_as_the_offset_it_really_has(store: &Store) {
    let disk = disk(store);
    let file = photo(900);
    disk.send(&chunk(&file, 0, 300)).unwrap();
    let hash = Hash::parse(&sha256_hex(&file)).unwrap();
    std::fs::remove_file(disk.folder.staging(&hash)).unwrap();
    let refusal = disk.send(&chunk(&file, 300, 900)).unwrap_err();
    assert!(matches!(refusal, Refusal::Offset(0)));
    assert!(disk.send(&chunk(&file, 0, 900)).unwrap().is_complete);
}

fn two_phones_sending_one_file_at_once_leave_one_whole_file(store: &Store) {
    let disk = disk(store);
    let file = photo(64_000);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut from = 0;
                for _ in 0..500 {
                    let to = (from + 1_000).min(file.len());
                    match disk.send(&chunk(&file, from, to)) {
                        Ok(progress) if progress.is_complete => return,
                        Ok(progress) => from = usize::try_from(progress.offset).unwrap(),
                        Err(Refusal::Offset(offset)) => from = usize::try_from(offset).unwrap(),
                        Err(other) => panic!("{other}"),
                    }
                }
                panic!("the upload does not end");
            });
        }
    });
    let hash = Hash::parse(&sha256_hex(&file)).unwrap();
    assert_eq!(std::fs::read(disk.folder.whole(&hash)).unwrap(), file);
}

fn idle_uploads_and_unnamed_files_are_cleared_in_time_and_named_ones_stay(store: &Store) {
    let disk = disk(store);
    let (whole, half, later) = (photo(900), photo(901), photo(902));
    disk.send(&chunk(&whole, 0, 900)).unwrap();
    disk.send(&chunk(&half, 0, 300)).unwrap();
    receive(
        &disk.store,
        &disk.folder,
        NOW + 16 * DAY_MS,
        &chunk(&later, 0, 300),
    )
    .unwrap();
    let run = |days| clear::clear(&disk.store, &disk.folder, NOW + days * DAY_MS).unwrap();
    assert_eq!(run(13), Cleared::default());
    assert_eq!(
        run(15),
        Cleared {
            idle: 1,
            unnamed: 0
        }
    );
    assert_eq!(run(29), Cleared::default());
    assert_eq!(
        run(31),
        Cleared {
            idle: 1,
            unnamed: 1
        }
    );
    assert_eq!(disk.at(&whole).offset, 0);
    assert!(disk.send(&chunk(&whole, 0, 900)).unwrap().is_complete);
    let blobs = disk.store.read_blocking(|tx| -> Result<i64, StoreError> {
        Ok(tx
            .first("SELECT COUNT(*) FROM blobs", args![], |row| row.int(0))?
            .unwrap_or(0))
    });
    assert_eq!(blobs.unwrap(), 1);
}

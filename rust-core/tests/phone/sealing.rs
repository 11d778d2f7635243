//! At rest everything is sealed; a key store that loses its key, stops answering or meets a copied
//! folder costs at most a sign-in.

use super::storage::{assert_converges, assert_work_is_there, close, unsent_work};
use super::support::keys::{Keys, try_open};
use super::support::records::order_id;
use super::support::server::Server;
use super::support::{Bench, START_MS, TestClock, enrolment};
use dianma_core::entropy::SeededEntropy;
use dianma_core::error::CoreError;
use dianma_core::{Phone, store::outbox_rows};
use dianma_schema::fault;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

fn signed_in(keys: &Arc<Keys>) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let clock = TestClock::new();
    let mut server = Server::new(START_MS);
    let phone = try_open(dir.path(), &clock, keys).unwrap();
    phone.session().enrol(&mut server, &enrolment()).unwrap();
    Bench {
        dir,
        clock,
        server,
        phone,
    }
}

fn with_sealed_work(keys: &Arc<Keys>) -> Bench {
    let bench = unsent_work(signed_in(keys));
    std::fs::remove_file(bench.dir.path().join("camera.jpg")).unwrap();
    let orders = bench.phone.orders();
    let id = order_id(0).to_string();
    orders.keep_draft(&id, "note", "写了一半的话").unwrap();
    bench
}

fn reopen(bench: &mut Bench, keys: &Arc<Keys>) {
    close(bench);
    bench.phone = try_open(bench.dir.path(), &bench.clock, keys).unwrap();
}

fn sign_in(bench: &mut Bench) {
    let session = bench.phone.session();
    session.enrol(&mut bench.server, &enrolment()).unwrap();
}

fn assert_draft_is_there(bench: &Bench) {
    let card = bench.phone.orders().card(&order_id(0).to_string(), None);
    assert_eq!(card.unwrap().drafts["note"], "写了一半的话");
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

fn folders(bench: &Bench, begin: &str) -> usize {
    let entries = std::fs::read_dir(bench.dir.path()).unwrap();
    entries
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().starts_with(begin)
        })
        .count()
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_tree(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn nothing_that_was_said_or_seen_can_be_read_from_the_files() {
    let keys = Keys::new(1);
    let mut bench = with_sealed_work(&keys);
    let shown = bench.phone.orders().show(&order_id(0).to_string()).unwrap();
    let secrets = [
        "未上传的备注".as_bytes(),
        "写了一半的话".as_bytes(),
        shown.summary.content.as_bytes(),
        b"SQLite format 3",
        b"\xFF\xD8\xFF",
        b"generated-token",
        b"DMJ1",
    ];
    for is_closed in [false, true] {
        if is_closed {
            close(&mut bench);
        }
        assert!(files(bench.dir.path()).len() >= 6);
        for secret in secrets {
            let found = holding(bench.dir.path(), secret);
            let words = String::from_utf8_lossy(secret);
            assert_eq!(found, [] as [PathBuf; 0], "{words}");
        }
    }
    // In a plain store the same search finds them.
    let plain = unsent_work(Bench::new());
    let id = order_id(0).to_string();
    plain
        .phone
        .orders()
        .keep_draft(&id, "note", "写了一半的话")
        .unwrap();
    for secret in secrets {
        assert!(!holding(plain.dir.path(), secret).is_empty());
    }
}

fn holding(dir: &Path, words: &[u8]) -> Vec<PathBuf> {
    assert!(!words.is_empty());
    let mut found = files(dir);
    found.retain(|path| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(words.len()).any(|window| window == words)
    });
    found
}

#[test]
fn it_opens_again_and_everything_goes_out() {
    let keys = Keys::new(1);
    let mut bench = with_sealed_work(&keys);
    reopen(&mut bench, &keys);
    assert_work_is_there(&bench);
    assert_draft_is_there(&bench);
    assert_converges(&mut bench);
    assert_eq!(
        bench.server.complete.len(),
        1,
        "the hash the server counted is the file's"
    );
    assert_eq!(bench.phone.restored_at_ms().unwrap(), None);
    let mode = |db: &rusqlite::Connection| -> Result<String, CoreError> {
        Ok(db.query_row("PRAGMA journal_mode", [], |row| row.get(0))?)
    };
    assert_eq!(bench.phone.inspect(mode).unwrap(), "wal");
}

#[test]
fn a_folder_behind_a_symbolic_link_is_the_same_store() {
    let keys = Keys::new(1);
    let mut bench = with_sealed_work(&keys);
    close(&mut bench);
    let beside = tempfile::tempdir().unwrap();
    let link = beside.path().join("user");
    std::os::unix::fs::symlink(bench.dir.path(), &link).unwrap();
    bench.phone = try_open(&link, &bench.clock, &keys).unwrap();
    assert_work_is_there(&bench);
    assert_converges(&mut bench);
}

#[test]
fn without_a_key_store_a_sealed_store_is_refused_and_left_alone() {
    let keys = Keys::new(1);
    let mut bench = with_sealed_work(&keys);
    close(&mut bench);
    let clock = Arc::clone(&bench.clock);
    let error = Phone::open(bench.dir.path(), clock, Box::new(SeededEntropy::new(1))).unwrap_err();
    assert_eq!(error.code(), fault::D_STORE);
    bench.phone = try_open(bench.dir.path(), &bench.clock, &keys).unwrap();
    assert_work_is_there(&bench);
}

#[test]
fn a_key_store_that_lost_its_key_costs_a_sign_in_and_no_work() {
    let keys = Keys::new(1);
    let mut bench = with_sealed_work(&keys);
    keys.number.store(2, Ordering::Relaxed);
    reopen(&mut bench, &keys);
    assert!(bench.phone.session().state().unwrap().is_none());
    assert_eq!(bench.phone.unsent().unwrap().commands, 0);
    // Again and again, before there is a network.
    for number in 3..6 {
        keys.number.store(number, Ordering::Relaxed);
        reopen(&mut bench, &keys);
    }
    assert_eq!(folders(&bench, "locked-"), 1, "empty stores are not kept");
    sign_in(&mut bench);
    let device = bench.server.device.to_string();
    assert_eq!(bench.server.named_device, Some(device), "the same phone");
    assert_work_is_there(&bench);
    assert_draft_is_there(&bench);
    reopen(&mut bench, &keys);
    assert_work_is_there(&bench);
    assert_converges(&mut bench);
    assert_eq!(bench.server.complete.len(), 1);
    assert_eq!(folders(&bench, "locked-") + folders(&bench, "emptied"), 0);
}

#[test]
fn a_key_that_is_found_again_brings_the_work_back_without_a_network() {
    let keys = Keys::new(1);
    let mut bench = with_sealed_work(&keys);
    keys.number.store(2, Ordering::Relaxed);
    reopen(&mut bench, &keys);
    assert!(bench.phone.session().state().unwrap().is_none());
    keys.number.store(1, Ordering::Relaxed);
    reopen(&mut bench, &keys);
    assert_work_is_there(&bench);
    assert_eq!(folders(&bench, "locked-") + folders(&bench, "emptied"), 0);
}

#[test]
fn a_recovery_key_of_another_phone_opens_nothing_and_deletes_nothing() {
    let keys = Keys::new(1);
    let mut bench = with_sealed_work(&keys);
    keys.number.store(2, Ordering::Relaxed);
    reopen(&mut bench, &keys);
    bench.server.recovery_key = Some([8; 32]);
    sign_in(&mut bench);
    assert_eq!(bench.phone.unsent().unwrap().commands, 0);
    bench.server.recovery_key = None;
    sign_in(&mut bench);
    assert_eq!(folders(&bench, "locked-"), 1);
    bench.server.recovery_key = Some([9; 32]);
    sign_in(&mut bench);
    assert_work_is_there(&bench);
}

#[test]
fn what_was_queued_meanwhile_is_not_given_up_for_what_was_put_away() {
    let keys = Keys::new(1);
    let mut bench = with_sealed_work(&keys);
    keys.number.store(2, Ordering::Relaxed);
    reopen(&mut bench, &keys);
    bench.server.recovery_key = None;
    sign_in(&mut bench);
    bench.sync();
    let orders = bench.phone.orders();
    orders.accept(&order_id(2).to_string(), None).unwrap();
    bench.server.recovery_key = Some([9; 32]);
    sign_in(&mut bench);
    assert_eq!(bench.phone.inspect(outbox_rows::count_pending).unwrap(), 1);
    assert_eq!(folders(&bench, "locked-"), 1);
}

#[test]
fn a_key_store_that_does_not_answer_now_changes_nothing() {
    let keys = Keys::new(1);
    let mut bench = with_sealed_work(&keys);
    close(&mut bench);
    keys.is_busy.store(true, Ordering::Relaxed);
    let error = try_open(bench.dir.path(), &bench.clock, &keys).unwrap_err();
    assert!(matches!(error, CoreError::Retry(_)), "{error}");
    assert_eq!(folders(&bench, "locked-"), 0);
    keys.is_busy.store(false, Ordering::Relaxed);
    bench.phone = try_open(bench.dir.path(), &bench.clock, &keys).unwrap();
    assert_work_is_there(&bench);
}

#[test]
fn a_copied_folder_opens_nowhere_else() {
    let bench = with_sealed_work(&Keys::new(1));
    let stolen = tempfile::tempdir().unwrap();
    copy_tree(bench.dir.path(), stolen.path());
    let phone = try_open(stolen.path(), &bench.clock, &Keys::new(7)).unwrap();
    assert!(phone.session().state().unwrap().is_none());
    assert!(phone.orders().show(&order_id(0).to_string()).is_err());
}

#[test]
fn a_plain_store_is_sealed_with_all_its_work_wherever_that_was_cut_short() {
    let mut plain = unsent_work(Bench::new());
    let id = order_id(0).to_string();
    plain
        .phone
        .orders()
        .keep_draft(&id, "note", "写了一半的话")
        .unwrap();
    std::fs::remove_file(plain.dir.path().join("camera.jpg")).unwrap();
    close(&mut plain);
    let keys = Keys::new(1);
    let begun: [fn(&Path); 3] = [
        |_| {},
        |dir| std::fs::write(dir.join("sealed/phone.part"), b"torn").unwrap(),
        |dir| std::fs::write(dir.join("sealed/evidence/sealing.part"), b"torn").unwrap(),
    ];
    for cut in begun {
        let dir = tempfile::tempdir().unwrap();
        // A key was made, then the phone went off.
        drop(try_open(dir.path(), &plain.clock, &keys).unwrap());
        for name in ["phone.db", "outbox.journal", "closed-in-order"] {
            let _ = std::fs::remove_file(dir.path().join("sealed").join(name));
        }
        copy_tree(plain.dir.path(), dir.path());
        cut(dir.path());
        let phone = try_open(dir.path(), &plain.clock, &keys).unwrap();
        let mut server = Server::new(START_MS);
        std::mem::swap(&mut server, &mut plain.server);
        let mut bench = Bench {
            dir,
            clock: Arc::clone(&plain.clock),
            server,
            phone,
        };
        assert_work_is_there(&bench);
        assert_draft_is_there(&bench);
        let left = std::fs::read_dir(bench.dir.path()).unwrap();
        let mut names: Vec<String> = left
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["lock", "sealed"]);
        // It counts as used: nothing takes its place, and a lost key puts it away.
        keys.number.store(2, Ordering::Relaxed);
        reopen(&mut bench, &keys);
        assert_eq!(folders(&bench, "locked-"), 1);
        keys.number.store(1, Ordering::Relaxed);
        reopen(&mut bench, &keys);
        assert_work_is_there(&bench);
        let state = bench.server.state.clone();
        assert_converges(&mut bench);
        plain.server.state = state;
        plain.server.device = bench.server.device;
    }
}

#[test]
fn a_power_cut_between_the_two_renames_is_finished_at_the_next_start() {
    let keys = Keys::new(1);
    let mut bench = with_sealed_work(&keys);
    close(&mut bench);
    let dir = bench.dir.path();
    std::fs::rename(dir.join("sealed"), dir.join("locked-1")).unwrap();
    std::fs::create_dir(dir.join("emptied")).unwrap();
    bench.phone = try_open(dir, &bench.clock, &keys).unwrap();
    assert_work_is_there(&bench);
}

#[test]
fn whatever_is_damaged_what_was_promised_comes_back() {
    let keys = Keys::new(1);
    let mut bench = with_sealed_work(&keys);
    close(&mut bench);
    let sound = tempfile::tempdir().unwrap();
    copy_tree(bench.dir.path(), sound.path());
    let sealed = |name: &str| bench.dir.path().join("sealed").join(name);
    let harms: [(&str, fn(&mut Vec<u8>)); 7] = [
        ("phone.db", |bytes| bytes[..100].fill(0)),
        ("phone.db", |bytes| {
            bytes.iter_mut().skip(5_000).for_each(|byte| *byte ^= 0x5A);
        }),
        ("phone.db", |bytes| bytes.truncate(9_001)),
        ("phone.db", Vec::clear),
        ("outbox.journal", |bytes| bytes.truncate(bytes.len() - 21)),
        ("outbox.journal", Vec::clear),
        ("key", |bytes| bytes.truncate(20)),
    ];
    for (name, harm) in harms {
        std::fs::remove_dir_all(sealed("")).unwrap();
        copy_tree(sound.path(), bench.dir.path());
        let mut bytes = std::fs::read(sealed(name)).unwrap();
        harm(&mut bytes);
        std::fs::write(sealed(name), bytes).unwrap();
        let _ = std::fs::remove_file(sealed("closed-in-order"));
        let phone = try_open(bench.dir.path(), &bench.clock, &keys).unwrap();
        let unsent = phone.unsent().unwrap();
        assert_eq!((unsent.commands, unsent.files), (3, 1), "{name}");
    }
}

#[test]
fn with_both_copies_of_the_key_damaged_nothing_is_deleted() {
    let keys = Keys::new(1);
    for words in [
        "",
        "{",
        "[]",
        "{\"version\":1,\"is_used\":true,\"by_platform\":\"zz\"}",
    ] {
        let mut bench = with_sealed_work(&keys);
        close(&mut bench);
        for name in ["key", "key.copy"] {
            std::fs::write(bench.dir.path().join("sealed").join(name), words).unwrap();
        }
        let phone = try_open(bench.dir.path(), &bench.clock, &keys).unwrap();
        assert_eq!(phone.unsent().unwrap().commands, 0);
        assert_eq!(folders(&bench, "locked-"), 1, "{words}");
    }
}

/// What a killed process leaves is a copy of its files at that moment.
#[test]
fn killed_after_any_step_it_opens_with_all_that_was_promised() {
    let keys = Keys::new(1);
    let bench = with_sealed_work(&keys);
    let orders = bench.phone.orders();
    let id = order_id(0).to_string();
    for number in 0..25 {
        orders.note(&id, &format!("第{number}条"), None).unwrap();
        let copy = tempfile::tempdir().unwrap();
        copy_tree(bench.dir.path(), copy.path());
        let phone = try_open(copy.path(), &bench.clock, &keys).unwrap();
        assert_eq!(phone.unsent().unwrap().commands, 4 + number);
        assert_eq!(phone.restored_at_ms().unwrap(), None);
    }
}

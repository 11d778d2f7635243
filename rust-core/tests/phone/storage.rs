//! The store is never wiped: damage at any place, a torn journal, a lost database, another process.

use super::support::records::{jpeg, order, order_id};
use super::support::{Bench, START_MS, TestClock, open};
use dianma_core::error::CoreError;
use dianma_core::store::outbox_rows::{self, Status};
use dianma_core::store::{Store, facts};
use dianma_core::work::EvidenceInput;
use dianma_schema::order::OrderState;
use std::path::Path;

/// A phone with three unsent commands on order 0 and one answered on order 1.
fn with_unsent_work() -> Bench {
    unsent_work(Bench::new())
}

pub fn unsent_work(mut bench: Bench) -> Bench {
    for number in 0..3 {
        bench.server.put_order(order(number));
    }
    bench.sync();
    let orders = bench.phone.orders();
    orders.accept(&order_id(1).to_string(), None).unwrap();
    bench.sync();
    let id = order_id(0).to_string();
    orders.accept(&id, None).unwrap();
    orders.note(&id, "未上传的备注", None).unwrap();
    let path = bench.dir.path().join("camera.jpg");
    std::fs::write(&path, jpeg(1, 5_000)).unwrap();
    let input = EvidenceInput {
        path,
        slot: "fault_point".to_owned(),
        kind: None,
        is_imported: false,
    };
    orders.add_evidence(&id, &input, None).unwrap();
    bench
}

pub fn close(bench: &mut Bench) {
    let empty = tempfile::tempdir().unwrap();
    bench.phone = open(empty.path(), &bench.clock);
}

pub fn assert_work_is_there(bench: &Bench) {
    let pending = |db: &rusqlite::Connection| outbox_rows::with_status(db, Status::Pending, 0, 99);
    let rows = bench.phone.inspect(pending).unwrap();
    let words: Vec<&str> = rows.iter().map(|row| row.command.as_str()).collect();
    assert_eq!(words, ["accept", "note", "evidence"]);
    let notes = bench
        .phone
        .inspect(|db| facts::notes(db, &order_id(0)))
        .unwrap();
    assert_eq!(notes[0].words, "未上传的备注");
    let files = bench
        .phone
        .inspect(|db| facts::evidence(db, &order_id(0)))
        .unwrap();
    assert!(bench.phone.evidence().path(&files[0].sha256).is_some());
}

/// After damage: everything unsent goes out, the mirror comes back, nothing takes effect twice.
pub fn assert_converges(bench: &mut Bench) {
    let report = bench.sync();
    assert_eq!((report.pending_commands, report.pending_files), (0, 0));
    let words: Vec<u64> = bench.server.state.effects.iter().map(|e| e.n).collect();
    assert_eq!(words, [1, 2, 3, 4]);
    for (number, state) in [(0, OrderState::Accepted), (1, OrderState::Accepted)] {
        let seen = bench
            .phone
            .orders()
            .show(&order_id(number).to_string())
            .unwrap();
        assert_eq!(seen.summary.state, state);
    }
}

#[test]
fn a_damaged_database_is_set_aside_and_unsent_work_comes_back() {
    for (at, length) in [(0, 100), (0, 16), (4_096, 4_096), (20_000, 8_192)] {
        let mut bench = with_unsent_work();
        close(&mut bench);
        let mut bytes = std::fs::read(bench.database()).unwrap();
        bytes[at..at + length].fill(0xA5);
        std::fs::write(bench.database(), &bytes).unwrap();
        std::fs::remove_file(bench.dir.path().join("closed-in-order")).unwrap();
        bench.phone = open(bench.dir.path(), &bench.clock);
        assert_work_is_there(&bench);
        assert_eq!(
            bench.phone.restored_at_ms().unwrap(),
            Some(START_MS),
            "damage at {at}"
        );
        let aside = bench.dir.path().join(format!("damaged-{START_MS}.db"));
        assert_eq!(std::fs::read(aside).unwrap().len(), bytes.len());
        assert_converges(&mut bench);
        bench.phone.confirm_restored().unwrap();
        assert_eq!(bench.phone.restored_at_ms().unwrap(), None);
    }
}

#[test]
fn a_lost_database_comes_back_from_the_journal_with_the_sign_in() {
    let mut bench = with_unsent_work();
    close(&mut bench);
    for suffix in ["", "-wal", "-shm"] {
        let path = bench.dir.path().join(format!("phone.db{suffix}"));
        if path.exists() {
            std::fs::remove_file(path).unwrap();
        }
    }
    bench.phone = open(bench.dir.path(), &bench.clock);
    assert!(bench.phone.session().state().unwrap().unwrap().is_signed_in);
    assert_work_is_there(&bench);
    assert_converges(&mut bench);
}

#[test]
fn answered_commands_of_orders_in_hand_survive_the_loss_as_answered() {
    let mut bench = with_unsent_work();
    bench.sync();
    close(&mut bench);
    std::fs::write(bench.database(), b"not a database").unwrap();
    let _ = std::fs::remove_file(bench.dir.path().join("phone.db-wal"));
    bench.phone = open(bench.dir.path(), &bench.clock);
    assert_eq!(bench.phone.inspect(outbox_rows::count_pending).unwrap(), 0);
    let notes = bench
        .phone
        .inspect(|db| facts::notes(db, &order_id(0)))
        .unwrap();
    assert_eq!(notes.len(), 1, "what was recorded here is still shown");
    bench.phone.orders().refusals().unwrap();
    assert_converges(&mut bench);
}

#[test]
fn a_journal_torn_anywhere_costs_nothing_while_the_database_is_sound() {
    let mut bench = with_unsent_work();
    close(&mut bench);
    let journal = bench.dir.path().join("outbox.journal");
    let whole = std::fs::read(&journal).unwrap();
    for cut in (0..whole.len()).step_by(7) {
        std::fs::write(&journal, &whole[..cut]).unwrap();
        bench.phone = open(bench.dir.path(), &bench.clock);
        assert_work_is_there(&bench);
        close(&mut bench);
        // The journal was made whole again, so losing the database now would cost nothing either.
        let again = std::fs::read(&journal).unwrap();
        assert!(
            again.len() * 10 >= whole.len() * 9,
            "cut {cut}: {}",
            again.len()
        );
    }
}

#[test]
fn a_stop_between_journal_and_commit_keeps_the_work() {
    let mut bench = with_unsent_work();
    close(&mut bench);
    let before = std::fs::read(bench.database()).unwrap();
    bench.phone = open(bench.dir.path(), &bench.clock);
    bench
        .phone
        .orders()
        .depart(&order_id(0).to_string(), None)
        .unwrap();
    close(&mut bench);
    // The database as it was before the last command, the journal with it.
    std::fs::write(bench.database(), before).unwrap();
    let _ = std::fs::remove_file(bench.dir.path().join("phone.db-wal"));
    bench.phone = open(bench.dir.path(), &bench.clock);
    let seen = bench.phone.orders().show(&order_id(0).to_string()).unwrap();
    assert_eq!(seen.outbox.last().unwrap().command, "depart");
    assert_eq!(seen.summary.pending, 4);
    bench
        .phone
        .orders()
        .note(&order_id(0).to_string(), "接着做", None)
        .unwrap();
    bench.sync();
    assert_eq!(bench.server.state.last_n, 6);
}

#[test]
fn a_store_of_a_newer_program_is_refused_and_left_alone() {
    let mut bench = with_unsent_work();
    close(&mut bench);
    let connection = rusqlite::Connection::open(bench.database()).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let error = Store::open(bench.dir.path(), START_MS, None).unwrap_err();
    assert!(matches!(error, CoreError::Report(_)), "{error}");
    let connection = rusqlite::Connection::open(bench.database()).unwrap();
    let count: i64 = connection
        .query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 4);
}

#[test]
fn a_second_opening_waits_for_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let clock = TestClock::new();
    let first = open(dir.path(), &clock);
    let path = dir.path().to_owned();
    let waiting = std::thread::spawn(move || {
        let store = Store::open(&path, START_MS, None).unwrap();
        drop(store);
    });
    assert!(!waiting.is_finished());
    drop(first);
    waiting.join().unwrap();
}

#[test]
fn the_store_is_one_journal_one_database_and_one_folder() {
    let bench = with_unsent_work();
    let mut names: Vec<String> = std::fs::read_dir(bench.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("phone.db-") && name != "camera.jpg")
        .collect();
    names.sort();
    assert_eq!(names, ["evidence", "lock", "outbox.journal", "phone.db"]);
    assert!(Path::new(bench.dir.path()).join("evidence").is_dir());
}

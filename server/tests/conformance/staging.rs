//! Staging databases: rows and reading position move together, a vanished source loses nothing, a new
//! file is read from its beginning, one node reads at a time, rows committed late are not stepped over.

use crate::harness::Database;
use dianma_server::args;
use dianma_server::clock::Clock;
use dianma_server::intake::imports::run::Target;
use dianma_server::intake::staging::Poller;
use dianma_server::intake::staging_source::Staging;
use dianma_server::intake::staging_tables::{init, postgres_ddl};
use dianma_server::store::{Store, StoreError};
use std::path::Path;

crate::conformance!(
    staging_rows_become_archives_and_drafts_once,
    a_vanished_file_is_a_fault_and_nothing_is_lost,
    a_file_made_anew_is_read_from_its_beginning,
    one_node_reads_at_a_time,
    a_row_committed_late_is_not_stepped_over,
);

const NOW_MS: i64 = 1_793_000_000_000;

fn poller(store: &Store, staging: Staging, node: &str, now_ms: i64) -> Poller {
    Poller {
        target: Target {
            store: store.clone(),
            clock: Clock::manual(now_ms),
        },
        staging,
        source: "mis".to_owned(),
        node: node.to_owned(),
    }
}

fn file(store: &Store, path: &Path) -> Poller {
    poller(store, Staging::File(path.to_owned()), "a", NOW_MS)
}

fn write(path: &Path, sql: &str) {
    rusqlite::Connection::open(path)
        .unwrap()
        .execute_batch(sql)
        .unwrap();
}

const ARCHIVE: &str = "INSERT INTO stg_areas (TG_NO, TG_NAME, ORG_NO, ORG_NAME, URBAN_RURAL_FLAG) \
     VALUES ('T1', '测试台区', 'S1', '测试所', '2'); \
     INSERT INTO stg_customers (CONS_NO, CONS_NAME, MOBILE, ELEC_ADDR, TG_NO) \
     VALUES ('4213000001', '测试一', '13800000001', '测试镇1组', 'T1');";
const HOTLINE: &str = "INSERT INTO stg_hotline (APP_NO, CUST_NO, ACCEPT_CONTENT, HANDLE_TIME) \
     VALUES ('H1', '4213000001', '【故障报修】家里没电，空气开关跳闸', '2026-10-26 09:30');";

fn count(store: &Store, sql: &'static str) -> i64 {
    let found = store.read_blocking(move |tx| tx.first(sql, args![], |row| row.int(0)));
    found.map_err(|e: StoreError| e).unwrap().unwrap()
}

const ORDERS: &str = "SELECT count(*) FROM work_orders";
const CUSTOMERS: &str = "SELECT count(*) FROM customers";
const FAULTS: &str = "SELECT count(*) FROM intake_cursors WHERE fault_code = 'S-503-SOURCE'";

fn staging_rows_become_archives_and_drafts_once(store: &Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("staging.sqlite");
    init(&path).unwrap();
    write(&path, ARCHIVE);
    write(&path, HOTLINE);
    let poller = file(store, &path);
    assert_eq!(poller.round().unwrap(), 3);
    assert_eq!((count(store, CUSTOMERS), count(store, ORDERS)), (1, 1));
    assert_eq!(poller.round().unwrap(), 0);
    // The same order under a new key is the same order; a changed customer is an update.
    write(&path, HOTLINE);
    write(&path, &ARCHIVE.replace("13800000001", "13800000002"));
    assert_eq!(poller.round().unwrap(), 3);
    assert_eq!((count(store, CUSTOMERS), count(store, ORDERS)), (1, 1));
    let changed =
        "SELECT count(*) FROM customers WHERE contact_phone = '13800000002' AND version = 2";
    assert_eq!(count(store, changed), 1);
}

fn a_vanished_file_is_a_fault_and_nothing_is_lost(store: &Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("staging.sqlite");
    let away = folder.path().join("away.sqlite");
    init(&path).unwrap();
    write(&path, ARCHIVE);
    let poller = file(store, &path);
    poller.round().unwrap();
    write(&path, HOTLINE);
    write(&path, "PRAGMA wal_checkpoint(TRUNCATE)");
    std::fs::rename(&path, &away).unwrap();
    assert!(poller.round().is_err());
    assert_eq!(count(store, FAULTS), 6);
    std::fs::rename(&away, &path).unwrap();
    assert_eq!(poller.round().unwrap(), 1);
    assert_eq!((count(store, ORDERS), count(store, FAULTS)), (1, 0));
}

fn a_file_made_anew_is_read_from_its_beginning(store: &Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("staging.sqlite");
    init(&path).unwrap();
    write(&path, ARCHIVE);
    file(store, &path).round().unwrap();
    let other = folder.path().join("other.sqlite");
    init(&other).unwrap();
    write(
        &other,
        &ARCHIVE
            .replace("4213000001", "4213000002")
            .replace("测试台区", "测试新台区"),
    );
    assert_eq!(file(store, &other).round().unwrap(), 2);
    assert_eq!(count(store, CUSTOMERS), 2);
}

fn one_node_reads_at_a_time(store: &Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("staging.sqlite");
    init(&path).unwrap();
    write(&path, ARCHIVE);
    let staging = Staging::File(path.clone());
    assert_eq!(file(store, &path).round().unwrap(), 2);
    write(&path, HOTLINE);
    let second = poller(store, staging.clone(), "b", NOW_MS + 1_000);
    assert_eq!(second.round().unwrap(), 0, "the first node holds the duty");
    let later = poller(store, staging, "b", NOW_MS + 200_000);
    assert_eq!(later.round().unwrap(), 1, "the first node has gone quiet");
    assert_eq!(count(store, "SELECT epoch FROM leases"), 2);
}

/// The source is PostgreSQL here, whatever engine is ours.
fn a_row_committed_late_is_not_stepped_over(store: &Store) {
    let source = Database::create();
    let connect = || ::postgres::Client::connect(&source.url, ::postgres::NoTls).unwrap();
    let (mut early, mut late) = (connect(), connect());
    early.batch_execute(&postgres_ddl()).unwrap();
    early.batch_execute(ARCHIVE).unwrap();
    let mis = poller(store, Staging::Postgres(source.url.clone()), "a", NOW_MS);
    assert_eq!(mis.round().unwrap(), 2);
    late.batch_execute(&format!("BEGIN; {HOTLINE}")).unwrap();
    early.batch_execute(&HOTLINE.replace("H1", "H2")).unwrap();
    assert_eq!(
        mis.round().unwrap(),
        0,
        "H2 waits for H1, which has the lower key"
    );
    late.batch_execute("COMMIT").unwrap();
    assert_eq!(mis.round().unwrap(), 2);
    assert_eq!(count(store, ORDERS), 2);
}

//! The visibility gap (ADR "counter row per scope"): eight writers, one poller. A cursor over a plain
//! sequence steps over rows whose transaction is still open and loses them; the feed's rule loses
//! none. The losing rule runs too, so that this test is known to see a loss.

use crate::harness::Database;
use ::postgres::{Client, NoTls};
use dianma_schema::id::StaffId;
use dianma_schema::wire::sync::EntryKind;
use dianma_server::args;
use dianma_server::feed::{self, Change};
use dianma_server::store::{Store, StoreError};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;
use uuid::Uuid;

crate::conformance!(a_poller_misses_no_row_that_eight_writers_publish);

const WRITERS: u64 = 8;
const TRANSACTIONS: u64 = 60;
const POLL_EVERY: Duration = Duration::from_millis(3);
/// Rounds of the losing rule; the first one already loses hundreds of rows.
const ROUNDS: u32 = 5;

fn item(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

/// Everything after the cursor; returns the new cursor.
fn poll(store: &Store, cursor: i64, seen: &mut BTreeSet<String>) -> i64 {
    let scope = feed::user_scope(StaffId(Uuid::nil()));
    let rows = store.read_blocking(move |tx| -> Result<_, StoreError> {
        tx.all(
            "SELECT position, item_id FROM feed WHERE scope = ?1 AND position > ?2 \
             ORDER BY position LIMIT 1000",
            args![&scope, cursor],
            |row| Ok((row.int(0)?, row.text(1)?)),
        )
    });
    rows.unwrap().into_iter().fold(cursor, |_, (position, id)| {
        seen.insert(id);
        position
    })
}

fn publish(store: &Store, next: &AtomicU64, count: u64) {
    let first = next.fetch_add(count, Ordering::SeqCst);
    store
        .write_blocking(move |tx| -> Result<(), StoreError> {
            let scope = feed::user_scope(StaffId(Uuid::nil()));
            let changes = (first..first + count)
                .map(|number| Change::put(scope.clone(), EntryKind::Order, item(number), 1));
            feed::publish(tx, 1, changes.collect())
        })
        .unwrap();
}

fn a_poller_misses_no_row_that_eight_writers_publish(store: &Store) {
    let next = AtomicU64::new(1);
    let is_done = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let poller = scope.spawn(|| {
            let (mut seen, mut cursor) = (BTreeSet::new(), 0);
            while !is_done.load(Ordering::SeqCst) {
                cursor = poll(store, cursor, &mut seen);
                thread::sleep(POLL_EVERY);
            }
            loop {
                let last = cursor;
                cursor = poll(store, cursor, &mut seen);
                if cursor == last {
                    return seen;
                }
            }
        });
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let next = &next;
                scope.spawn(move || {
                    for number in 0..TRANSACTIONS {
                        publish(store, next, 1 + (writer + number) % 3);
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        is_done.store(true, Ordering::SeqCst);
        poller.join().unwrap()
    });
    let written = next.load(Ordering::SeqCst) - 1;
    assert_eq!(seen.len() as u64, written);
}

/// Rows written and rows the poller saw, under `seq > cursor` on a sequence.
fn run_sequence_rule(url: &str) -> (u64, u64) {
    let connect = || Client::connect(url, NoTls).unwrap();
    connect()
        .batch_execute("DROP TABLE IF EXISTS gap; CREATE TABLE gap (seq BIGSERIAL PRIMARY KEY)")
        .unwrap();
    let is_done = AtomicBool::new(false);
    let written = AtomicU64::new(0);
    let seen = thread::scope(|scope| {
        let poller = scope.spawn(|| {
            let (mut client, mut cursor, mut seen) = (connect(), 0_i64, 0_u64);
            loop {
                let was_done = is_done.load(Ordering::SeqCst);
                let sql = "SELECT seq FROM gap WHERE seq > $1 ORDER BY seq";
                for row in client.query(sql, &[&cursor]).unwrap() {
                    cursor = row.get(0);
                    seen += 1;
                }
                if was_done {
                    return seen;
                }
                thread::sleep(POLL_EVERY);
            }
        });
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (connect, written) = (&connect, &written);
                scope.spawn(move || {
                    let mut client = connect();
                    for number in 0..TRANSACTIONS {
                        let count = 1 + (writer + number) % 3;
                        let mut transaction = client.transaction().unwrap();
                        for _ in 0..count {
                            let sql = "INSERT INTO gap DEFAULT VALUES";
                            transaction.execute(sql, &[]).unwrap();
                        }
                        // As any use case that does something between its first row and its commit.
                        thread::sleep(Duration::from_millis((writer * 7 + number * 3) % 5));
                        transaction.commit().unwrap();
                        written.fetch_add(count, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        is_done.store(true, Ordering::SeqCst);
        poller.join().unwrap()
    });
    (written.load(Ordering::SeqCst), seen)
}

#[test]
fn the_sequence_rule_loses_rows_so_this_test_can_see_a_loss() {
    let database = Database::create();
    for _ in 0..ROUNDS {
        let (written, seen) = run_sequence_rule(&database.url);
        if seen < written {
            return;
        }
    }
    panic!("a plain sequence lost nothing: the test does not see the gap it is about");
}

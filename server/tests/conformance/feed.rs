//! The feed: dense positions, self-compaction, checksum equal to the live rows.

use dianma_schema::id::StaffId;
use dianma_schema::wire::sync::{EntryKind, checksum_term};
use dianma_server::args;
use dianma_server::feed::{self, Change};
use dianma_server::store::{Store, StoreError};
use uuid::Uuid;

crate::conformance!(
    positions_are_dense_and_a_change_replaces_its_row,
    a_leave_takes_the_item_out_of_the_checksum,
    the_last_change_of_an_item_in_one_transaction_wins,
);

fn item(n: u8) -> Uuid {
    Uuid::from_bytes([n; 16])
}

fn scope() -> String {
    feed::user_scope(StaffId(item(99)))
}

fn publish(store: &Store, changes: Vec<Change>) {
    store
        .write_blocking(move |tx| -> Result<(), StoreError> {
            feed::publish(tx, 1_000, changes.clone())
        })
        .unwrap();
}

fn put(n: u8, version: i64) -> Change {
    Change::put(scope(), EntryKind::Order, item(n), version)
}

fn rows(store: &Store) -> Vec<(i64, String, i64, String)> {
    let rows = store.read_blocking(|tx| {
        tx.all(
            "SELECT position, item_id, version, op FROM feed WHERE scope = ?1 \
             ORDER BY position LIMIT 100",
            args![scope()],
            |row| Ok((row.int(0)?, row.text(1)?, row.int(2)?, row.text(3)?)),
        )
    });
    rows.map_err(|e: StoreError| e).unwrap()
}

fn head(store: &Store) -> feed::ScopeHead {
    let head = store.read_blocking(|tx| feed::head(tx, &scope()));
    head.map_err(|e: StoreError| e).unwrap().unwrap()
}

fn term(n: u8, version: u64) -> u64 {
    checksum_term(EntryKind::Order, item(n).as_bytes(), version)
}

fn positions_are_dense_and_a_change_replaces_its_row(store: &Store) {
    publish(store, vec![put(1, 1), put(2, 1)]);
    publish(store, vec![put(1, 2)]);
    let rows = rows(store);
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].0, rows[0].1.clone()), (2, item(2).to_string()));
    assert_eq!((rows[1].0, rows[1].2), (3, 2));
    assert_eq!(head(store).checksum, term(1, 2).wrapping_add(term(2, 1)));
}

fn a_leave_takes_the_item_out_of_the_checksum(store: &Store) {
    publish(store, vec![put(1, 1), put(2, 1)]);
    publish(
        store,
        vec![Change::leave(scope(), EntryKind::Order, item(1), 2)],
    );
    assert_eq!(head(store).checksum, term(2, 1));
    publish(store, vec![put(1, 3)]);
    assert_eq!(head(store).checksum, term(2, 1).wrapping_add(term(1, 3)));
}

fn the_last_change_of_an_item_in_one_transaction_wins(store: &Store) {
    let leave = Change::leave(scope(), EntryKind::Order, item(1), 2);
    publish(store, vec![put(1, 1), leave, put(1, 3)]);
    let rows = rows(store);
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].2, rows[0].3.as_str()), (3, "put"));
    assert_eq!(
        head(store),
        feed::ScopeHead {
            position: 1,
            floor: 0,
            checksum: term(1, 3)
        }
    );
}

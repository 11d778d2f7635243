//! The revocation set: labels and outdated revisions go in, nothing ever comes out. Its head is
//! signed at once when the server has the key open, else by `keys publish`.

use super::lists::{self, REVOCATION_HEAD, SignedList};
use crate::args;
use crate::store::{StoreError, Tx};
use dianma_schema::id::LabelId;
use dianma_schema::label::revocations::{MAX_HASHES, RevocationHead, hash};
use ed25519_dalek::SigningKey;

/// Puts a label (`ALL_REVISIONS`) or one of its revisions into the set.
pub fn add(
    tx: &mut dyn Tx,
    now_ms: i64,
    label_id: LabelId,
    revision: u32,
) -> Result<(), StoreError> {
    let serial = next_serial(tx)?;
    tx.execute(
        "INSERT INTO label_revocations (hash, label_id, revision, serial, at_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (hash) DO NOTHING",
        args![
            hash(label_id, revision).cast_signed(),
            label_id.to_string(),
            i64::from(revision),
            serial,
            now_ms
        ],
    )?;
    Ok(())
}

fn next_serial(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    let newest = lists::newest(tx, REVOCATION_HEAD)?;
    Ok(newest.map_or(1, |list| {
        i64::try_from(list.serial).unwrap_or(i64::MAX - 1) + 1
    }))
}

/// Hashes that first stood in a set after `serial`, in no order.
pub fn after(tx: &mut dyn Tx, serial: u64) -> Result<Vec<u64>, StoreError> {
    let serial = i64::try_from(serial).unwrap_or(i64::MAX);
    let most = i64::try_from(MAX_HASHES).unwrap_or(i64::MAX);
    tx.all(
        "SELECT hash FROM label_revocations WHERE serial > ?1 ORDER BY hash LIMIT ?2",
        args![serial, most],
        |row| Ok(row.int(0)?.cast_unsigned()),
    )
}

/// Signs and stores the set as it is now, when it differs from the newest one.
pub fn publish(tx: &mut dyn Tx, now_ms: i64, key: &SigningKey) -> Result<(), StoreError> {
    let newest = lists::newest(tx, REVOCATION_HEAD)?;
    let serial = next_serial(tx)?;
    let pending = tx.first(
        "SELECT COUNT(*) FROM label_revocations WHERE serial >= ?1",
        args![serial],
        |row| row.int(0),
    )?;
    if newest.is_some() && pending.unwrap_or(0) == 0 {
        return Ok(());
    }
    sign(tx, now_ms, key, serial)
}

/// Signs the set again whether it changed or not: after a new revocation key.
pub fn sign_again(tx: &mut dyn Tx, now_ms: i64, key: &SigningKey) -> Result<(), StoreError> {
    let serial = next_serial(tx)?;
    sign(tx, now_ms, key, serial)
}

fn sign(tx: &mut dyn Tx, now_ms: i64, key: &SigningKey, serial: i64) -> Result<(), StoreError> {
    let mut hashes = after(tx, 0)?;
    hashes.sort_unstable();
    let head = RevocationHead::of(serial.unsigned_abs(), now_ms, &hashes);
    let signed = SignedList {
        serial: serial.unsigned_abs(),
        issued_at_ms: now_ms,
        body: head.seal(key),
    };
    lists::store(tx, REVOCATION_HEAD, &signed, false)
}

//! The signed key list: built from the rows, signed with the root, kept with its serial.

use super::{KeyError, rows};
use crate::args;
use crate::store::{StoreError, Tx};
use dianma_schema::label::keys::{KeyEntry, KeyList};
use dianma_schema::label::seal::KeyPurpose;
use ed25519_dalek::SigningKey;

/// Kind of a row in `signed_lists`.
pub const KEY_LIST: &str = "key_list";
/// Kind of a row in `signed_lists`.
pub const REVOCATION_HEAD: &str = "revocation_head";

/// A signed list as stored.
#[derive(Clone, Debug)]
pub struct SignedList {
    /// Its serial.
    pub serial: u64,
    /// When it was signed.
    pub issued_at_ms: i64,
    /// The sealed bytes.
    pub body: Vec<u8>,
}

/// The list in force.
pub fn newest(tx: &mut dyn Tx, kind: &str) -> Result<Option<SignedList>, StoreError> {
    tx.first(
        "SELECT serial, issued_at_ms, body FROM signed_lists WHERE kind = ?1 \
         ORDER BY serial DESC LIMIT 1",
        args![kind],
        |row| {
            Ok(SignedList {
                serial: row.int(0)?.unsigned_abs(),
                issued_at_ms: row.int(1)?,
                body: row.bytes(2)?,
            })
        },
    )
}

/// Key lists a phone with `have` needs: those that hand the root over, and the newest.
pub fn key_lists_after(tx: &mut dyn Tx, have: u64) -> Result<Vec<Vec<u8>>, StoreError> {
    let have = i64::try_from(have).unwrap_or(i64::MAX);
    tx.all(
        "SELECT body FROM signed_lists WHERE kind = 'key_list' AND serial > ?1 AND (is_handover = 1 \
         OR serial = (SELECT MAX(serial) FROM signed_lists WHERE kind = 'key_list')) \
         ORDER BY serial LIMIT 20",
        args![have],
        |row| row.bytes(0),
    )
}

/// Stores a signed list.
pub fn store(
    tx: &mut dyn Tx,
    kind: &str,
    list: &SignedList,
    is_handover: bool,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO signed_lists (kind, serial, issued_at_ms, is_handover, body) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        args![
            kind,
            i64::try_from(list.serial).unwrap_or(i64::MAX),
            list.issued_at_ms,
            is_handover,
            list.body.clone()
        ],
    )?;
    super::trust::note_serials(tx)
}

/// Signs and stores the list of all keys as they are now. `next_root` hands the root over.
pub fn publish(
    tx: &mut dyn Tx,
    now_ms: i64,
    root: &SigningKey,
    next_root: Option<[u8; 32]>,
) -> Result<u64, KeyError> {
    let serial = newest(tx, KEY_LIST)?.map_or(1, |list| list.serial + 1);
    let keys = rows::all(tx)?
        .iter()
        .filter(|row| row.purpose != KeyPurpose::Root)
        .map(rows::KeyRow::entry)
        .collect::<Result<Vec<KeyEntry>, KeyError>>()?;
    let list = KeyList {
        serial,
        issued_at_ms: now_ms,
        keys,
        next_root,
    };
    let signed = SignedList {
        serial,
        issued_at_ms: now_ms,
        body: list.seal(root),
    };
    store(tx, KEY_LIST, &signed, next_root.is_some())?;
    Ok(serial)
}

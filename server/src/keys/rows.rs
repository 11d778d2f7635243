//! Rows of `signing_keys`.

use super::KeyError;
use crate::args;
use crate::store::{StoreError, Tx};
use dianma_schema::label::keys::KeyEntry;
use dianma_schema::label::seal::{KeyId, KeyPurpose, public_key};

/// Most keys read at once.
const MOST: i64 = 500;

/// A key pair as stored.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// Id of the row.
    pub id: String,
    /// What it may sign.
    pub purpose: KeyPurpose,
    /// Short name, as printed.
    pub key_id: String,
    /// Station code; empty for all.
    pub area_code: String,
    /// Public key.
    pub public_key: Vec<u8>,
    /// See `vault`.
    pub sealed_private_key: Vec<u8>,
    /// First civil day.
    pub not_before_day: i64,
    /// Last civil day.
    pub not_after_day: Option<i64>,
    /// `active`, `rotated`, `revoked`.
    pub state: String,
    /// When it was made.
    pub created_at_ms: i64,
}

impl KeyRow {
    /// In use now.
    pub fn is_active(&self) -> bool {
        self.state == "active"
    }

    /// As the signed list names it.
    pub fn entry(&self) -> Result<KeyEntry, KeyError> {
        let key = public_key(&self.public_key).ok_or(KeyError::Damaged("public key"))?;
        let day = |day: i64| u32::try_from(day).map_err(|_| KeyError::Damaged("day"));
        Ok(KeyEntry {
            purpose: self.purpose,
            public_key: key.to_bytes(),
            not_before_day: day(self.not_before_day)?,
            not_after_day: self.not_after_day.map(day).transpose()?,
            area: self.area_code.clone(),
            is_revoked: self.state == "revoked",
        })
    }
}

/// All keys ever made, oldest first.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<KeyRow>, StoreError> {
    tx.all(
        "SELECT id, purpose, key_id, area_code, public_key, sealed_private_key, not_before_day, \
         not_after_day, state, created_at_ms FROM signing_keys ORDER BY created_at_ms, id LIMIT ?1",
        args![MOST],
        |row| {
            Ok(KeyRow {
                id: row.text(0)?,
                purpose: row.parse(1)?,
                key_id: row.text(2)?,
                area_code: row.text(3)?,
                public_key: row.bytes(4)?,
                sealed_private_key: row.bytes(5)?,
                not_before_day: row.int(6)?,
                not_after_day: row.opt_int(7)?,
                state: row.text(8)?,
                created_at_ms: row.int(9)?,
            })
        },
    )
}

/// Stores a new key.
pub fn insert(tx: &mut dyn Tx, row: &KeyRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO signing_keys (id, purpose, key_id, area_code, public_key, sealed_private_key, \
         not_before_day, not_after_day, state, created_at_ms, changed_at_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)",
        args![
            &row.id,
            row.purpose.as_str(),
            &row.key_id,
            &row.area_code,
            row.public_key.clone(),
            row.sealed_private_key.clone(),
            row.not_before_day,
            row.not_after_day,
            &row.state,
            row.created_at_ms
        ],
    )?;
    Ok(())
}

/// Ends a key's use.
pub fn end(
    tx: &mut dyn Tx,
    now_ms: i64,
    id: &str,
    state: &str,
    last_day: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE signing_keys SET state = ?2, not_after_day = COALESCE(not_after_day, ?3), \
         changed_at_ms = ?4 WHERE id = ?1",
        args![id, state, last_day, now_ms],
    )?;
    Ok(())
}

/// Whether a key of this id and purpose is still in use; a server that was started before a rotation
/// still holds the old one.
pub fn is_active(tx: &mut dyn Tx, purpose: KeyPurpose, id: KeyId) -> Result<bool, StoreError> {
    let found = tx.first(
        "SELECT CAST(1 AS BIGINT) FROM signing_keys WHERE key_id = ?1 AND purpose = ?2 \
         AND state = 'active' LIMIT 1",
        args![id.to_string(), purpose.as_str()],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

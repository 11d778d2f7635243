//! What a phone gets of the signed lists: only what it does not have. The serials in force stand in
//! one setting, which an empty poll reads with everything else.

use super::lists::{self, KEY_LIST, REVOCATION_HEAD};
use super::{revocations, rows};
use crate::args;
use crate::store::{StoreError, Tx};
use dianma_schema::label::revocations::pack;
use dianma_schema::label::seal::KeyPurpose;
use dianma_schema::wire::sync::{TrustHave, TrustUpdate};

/// Name of the setting with both serials, `keys.revocations`.
pub const SETTING: &str = "signed_lists";

/// Writes the serials in force down.
pub(super) fn note_serials(tx: &mut dyn Tx) -> Result<(), StoreError> {
    let serial = |list: Option<lists::SignedList>| list.map_or(0, |list| list.serial);
    let keys = serial(lists::newest(tx, KEY_LIST)?);
    let revocations = serial(lists::newest(tx, REVOCATION_HEAD)?);
    tx.execute(
        "INSERT INTO settings (name, value) VALUES (?1, ?2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        args![SETTING, format!("{keys}.{revocations}")],
    )?;
    Ok(())
}

/// Reads the setting.
pub fn serials(text: Option<&str>) -> TrustHave {
    let (keys, revocations) = text
        .and_then(|text| text.split_once('.'))
        .unwrap_or_default();
    TrustHave {
        key_serial: keys.parse().unwrap_or(0),
        revocation_serial: revocations.parse().unwrap_or(0),
    }
}

/// The update for a phone; empty when it has everything.
pub fn update(
    tx: &mut dyn Tx,
    have: TrustHave,
    in_force: TrustHave,
) -> Result<TrustUpdate, StoreError> {
    let needs_keys = have.key_serial < in_force.key_serial;
    let needs_revocations = have.revocation_serial < in_force.revocation_serial;
    let mut update = TrustUpdate::default();
    if needs_keys {
        let roots = rows::all(tx)?;
        let root = roots
            .into_iter()
            .rev()
            .find(|row| row.purpose == KeyPurpose::Root && row.is_active());
        update.root = root.map(|row| row.public_key.into());
        let lists = lists::key_lists_after(tx, have.key_serial)?;
        update.key_lists = Some(lists.into_iter().map(Into::into).collect());
    }
    if needs_revocations && let Some(head) = lists::newest(tx, REVOCATION_HEAD)? {
        update.revocation_head = Some(head.body.into());
        let hashes = revocations::after(tx, have.revocation_serial)?;
        update.revocations = Some(pack(&hashes).into());
        update.is_whole = have.revocation_serial == 0;
    }
    Ok(update)
}

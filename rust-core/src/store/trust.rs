//! The signed lists a phone carries: pinned root, key list, revocation set, and when they were last
//! known to be the newest. A list that fails its check, or is older than the one at hand, changes
//! nothing.

use super::settings::{self, name};
use crate::error::{CoreError, inconsistent};
use dianma_schema::id::LabelId;
use dianma_schema::label::keys::{KeyList, ListError};
use dianma_schema::label::revocations::{self, ALL_REVISIONS, RevocationHead, unpack};
use dianma_schema::label::seal::public_key;
use dianma_schema::wire::sync::{TrustHave, TrustUpdate};
use rusqlite::{Connection, OptionalExtension as _};

/// "Still the newest" is written down at most this often, so that an empty poll writes nothing.
const CONFIRM_STEP_MS: i64 = 600_000;

/// The key list in force.
pub fn keys(db: &Connection) -> Result<Option<KeyList>, CoreError> {
    let body: Option<Vec<u8>> = settings::get(db, name::KEY_LIST)?;
    body.map(|b| minicbor::decode(&b).map_err(|_| inconsistent("settings.key_list")))
        .transpose()
}

fn head(db: &Connection) -> Result<Option<RevocationHead>, CoreError> {
    let body: Option<Vec<u8>> = settings::get(db, name::REVOCATION_HEAD)?;
    body.map(|b| minicbor::decode(&b).map_err(|_| inconsistent("settings.revocation_head")))
        .transpose()
}

/// When the lists were last known to be the newest, epoch ms.
pub fn as_of_ms(db: &Connection) -> Result<Option<i64>, CoreError> {
    settings::get(db, name::LISTS_AS_OF_MS)
}

/// Serials at hand, for the next request.
pub fn have(db: &Connection) -> Result<TrustHave, CoreError> {
    Ok(TrustHave {
        key_serial: keys(db)?.map_or(0, |list| list.serial),
        revocation_serial: head(db)?.map_or(0, |head| head.serial),
    })
}

/// Public root key this phone has pinned.
pub fn root(db: &Connection) -> Result<Option<Vec<u8>>, CoreError> {
    settings::get(db, name::ROOT_KEY)
}

/// Whether a label as a whole, and whether one of its revisions, is in the revocation set.
pub fn is_revoked(db: &Connection, id: LabelId, revision: u32) -> Result<(bool, bool), CoreError> {
    let has = |revision: u32| -> Result<bool, CoreError> {
        let hash = revocations::hash(id, revision).cast_signed();
        let found: Option<i64> = db
            .prepare_cached("SELECT hash FROM revoked_labels WHERE hash = ?1")?
            .query_row([hash], |row| row.get(0))
            .optional()?;
        Ok(found.is_some())
    };
    Ok((has(ALL_REVISIONS)?, has(revision)?))
}

/// The server said at `server_ms` that nothing newer exists.
pub fn confirm(db: &Connection, server_ms: i64) -> Result<(), CoreError> {
    settings::set(db, name::LISTS_AS_OF_MS, server_ms)
}

/// Whether a confirmation is worth a write.
pub fn is_confirmation_due(db: &Connection, server_ms: i64) -> Result<bool, CoreError> {
    let has_list = settings::get::<Vec<u8>>(db, name::KEY_LIST)?.is_some();
    let as_of_ms = as_of_ms(db)?.unwrap_or(0);
    Ok(has_list && server_ms - as_of_ms > CONFIRM_STEP_MS)
}

/// Takes newer lists, each only if it proves itself. The inner error says which check failed; the
/// caller rolls back.
pub fn apply(
    db: &Connection,
    update: &TrustUpdate,
    server_ms: i64,
) -> Result<Result<(), ListError>, CoreError> {
    if let Err(error) = take_key_lists(db, update)? {
        return Ok(Err(error));
    }
    if let Err(error) = take_revocations(db, update)? {
        return Ok(Err(error));
    }
    confirm(db, server_ms)?;
    Ok(Ok(()))
}

/// Lists come oldest first: one that names the next root moves the pin before the next is read.
fn take_key_lists(
    db: &Connection,
    update: &TrustUpdate,
) -> Result<Result<(), ListError>, CoreError> {
    let mut pinned = match (root(db)?, &update.root) {
        (Some(pinned), _) => pinned,
        // The first list of a phone: it signed in to this server over its own connection.
        (None, Some(told)) => told.to_vec(),
        (None, None) => return Ok(Ok(())),
    };
    let mut known = keys(db)?;
    for sealed in update.key_lists.as_deref().unwrap_or(&[]) {
        let Some(key) = public_key(&pinned) else {
            return Ok(Err(ListError::NotSigned));
        };
        let list = match KeyList::open(sealed, &[key], known.as_ref()) {
            Ok(list) => list,
            Err(error) => return Ok(Err(error)),
        };
        if let Some(next) = list.next_root {
            pinned = next.to_vec();
        }
        known = Some(list);
    }
    settings::set(db, name::ROOT_KEY, &pinned)?;
    if let Some(list) = known {
        let body = minicbor::to_vec(&list).map_err(|_| inconsistent("key list"))?;
        settings::set(db, name::KEY_LIST, body)?;
    }
    Ok(Ok(()))
}

fn take_revocations(
    db: &Connection,
    update: &TrustUpdate,
) -> Result<Result<(), ListError>, CoreError> {
    let Some(sealed) = &update.revocation_head else {
        return Ok(Ok(()));
    };
    let Some(keys) = keys(db)? else {
        return Ok(Err(ListError::NotSigned));
    };
    let opened = match RevocationHead::open(sealed, &keys, head(db)?.as_ref()) {
        Ok(opened) => opened,
        Err(error) => return Ok(Err(error)),
    };
    let sent = update.revocations.as_ref().map_or(&[][..], |bytes| bytes);
    let Some(added) = unpack(sent) else {
        return Ok(Err(ListError::Damaged));
    };
    if update.is_whole {
        db.execute("DELETE FROM revoked_labels", [])?;
    }
    let mut insert =
        db.prepare_cached("INSERT INTO revoked_labels (hash) VALUES (?1) ON CONFLICT DO NOTHING")?;
    for hash in added {
        insert.execute([hash.cast_signed()])?;
    }
    if !opened.fits(&all(db)?) {
        return Ok(Err(ListError::Damaged));
    }
    let body = minicbor::to_vec(&opened).map_err(|_| inconsistent("revocation head"))?;
    settings::set(db, name::REVOCATION_HEAD, body)?;
    Ok(Ok(()))
}

/// All hashes in rising order.
fn all(db: &Connection) -> Result<Vec<u64>, CoreError> {
    let mut statement = db.prepare_cached("SELECT hash FROM revoked_labels")?;
    let rows = statement.query_map([], |row| row.get::<_, i64>(0))?;
    let mut hashes = rows
        .map(|row| row.map(i64::cast_unsigned))
        .collect::<Result<Vec<u64>, _>>()?;
    hashes.sort_unstable();
    Ok(hashes)
}

//! Files of a phone that was retired, or whose person was disabled. What it had captured before is still
//! taken: the manifest was acknowledged, or lies in quarantine, and a photo without its bytes proves
//! nothing. Nothing else opens: a hash nobody announced, a file taken afterwards, an endless stream of
//! announced ones are refused, and what comes is shown to nobody before a person accepts its manifest.

use crate::args;
use crate::auth::Actor;
use crate::error::ApiError;
use crate::store::Tx;
use dianma_schema::fault;
use dianma_schema::id::DeviceId;

/// Bytes taken on the word of quarantined manifests, of one phone.
const MOST_ANNOUNCED_BYTES: i64 = 2 * 1024 * 1024 * 1024;

/// Whether the phone may still send the file. `size` is the whole file's, as far as it is known.
pub fn may_send(
    tx: &mut dyn Tx,
    actor: &Actor,
    device_id: DeviceId,
    sha256: &str,
    size: u64,
) -> Result<(), ApiError> {
    let device = device_id.to_string();
    let blocked = tx.first(
        "SELECT d.state, p.is_active FROM devices d JOIN staff p ON p.id = d.staff_id WHERE d.id = ?1",
        args![&device],
        |row| Ok((row.text(0)? != "active", !row.flag(1)?)),
    )?;
    let Some((is_retired, is_disabled)) = blocked else {
        return Err(ApiError::unauthorized());
    };
    if !is_retired && !is_disabled {
        return Ok(());
    }
    if is_accepted(tx, &device, sha256)? {
        return Ok(());
    }
    let mut until_ms = i64::MAX;
    if is_retired {
        until_ms = until_ms.min(audited(tx, "device", &device, "device_retired")?);
    }
    if is_disabled {
        let person = actor.staff_id.to_string();
        until_ms = until_ms.min(audited(tx, "staff", &person, "deactivated")?);
    }
    if is_announced(tx, &device, sha256, until_ms)? {
        return within_bounds(tx, &device, sha256, size);
    }
    Err(ApiError::forbidden(fault::A_DEVICE_REVOKED))
}

/// The manifest is an accepted fact of this phone.
fn is_accepted(tx: &mut dyn Tx, device: &str, sha256: &str) -> Result<bool, ApiError> {
    let found = tx.first(
        "SELECT 1 FROM evidence WHERE sha256 = ?1 AND device_id = ?2 LIMIT 1",
        args![sha256, device],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// The manifest waits for a person, and the file was taken in time.
fn is_announced(
    tx: &mut dyn Tx,
    device: &str,
    sha256: &str,
    until_ms: i64,
) -> Result<bool, ApiError> {
    let found = tx.first(
        "SELECT 1 FROM quarantine WHERE sha256 = ?1 AND device_id = ?2 \
         AND resolved_at_ms IS NULL AND taken_at_ms <= ?3 LIMIT 1",
        args![sha256, device, until_ms],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// When it happened, by the audit log, which nobody can rewrite; never = at the beginning of time.
fn audited(tx: &mut dyn Tx, kind: &str, id: &str, action: &str) -> Result<i64, ApiError> {
    let at_ms = tx.first(
        "SELECT at_ms FROM audit WHERE subject_kind = ?1 AND subject_id = ?2 AND action = ?3 \
         ORDER BY seq DESC LIMIT 1",
        args![kind, id, action],
        |row| row.int(0),
    )?;
    Ok(at_ms.unwrap_or(0))
}

/// A stolen phone must not fill the disk with files it announces itself.
fn within_bounds(tx: &mut dyn Tx, device: &str, sha256: &str, size: u64) -> Result<(), ApiError> {
    let others = tx.first(
        "SELECT CAST(COALESCE(SUM(b.size), 0) AS BIGINT) FROM blobs b WHERE b.sha256 <> ?2 AND b.sha256 IN \
         (SELECT q.sha256 FROM quarantine q WHERE q.device_id = ?1 AND q.resolved_at_ms IS NULL)",
        args![device, sha256],
        |row| row.int(0),
    )?;
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    if others.unwrap_or(0).saturating_add(size) <= MOST_ANNOUNCED_BYTES {
        return Ok(());
    }
    Err(ApiError::forbidden(fault::A_DEVICE_REVOKED))
}

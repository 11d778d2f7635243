//! Sessions: 256-bit opaque tokens, stored as SHA-256. A console session's CSRF token is derived from
//! its token, so that several tabs share it; a phone's session belongs to its device.

use super::Actor;
use crate::args;
use crate::store::{StoreError, Tx};
use crate::text::{hex, sha256_hex};
use dianma_schema::id::{DeviceId, StaffId};
use dianma_schema::time::{DAY_MS, HOUR_MS};

/// A console session ends after a shift and a half.
const CONSOLE_LIFE_MS: i64 = 12 * HOUR_MS;
/// A phone's token ends when nobody used it for this long; capture goes on without it.
const DEVICE_LIFE_MS: i64 = 90 * DAY_MS;

/// Which door a session belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// Browser, by cookie.
    Console,
    /// Phone, by bearer.
    Device,
}

/// A live session.
#[derive(Clone, Debug)]
pub struct Session {
    /// The person.
    pub actor: Actor,
    /// Which door.
    pub kind: SessionKind,
    /// The phone was retired or the person disabled: what was done before may still be handed in
    /// (see `Access::Outbox`), nothing else.
    pub is_blocked: bool,
}

/// A new token as text, and what is stored of it.
#[derive(Clone)]
pub struct NewToken {
    /// Given to the client once.
    pub text: String,
    /// Stored.
    pub hash: String,
}

impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewToken(…)")
    }
}

impl NewToken {
    /// From 32 random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        let text = hex(&random);
        let hash = sha256_hex(text.as_bytes());
        Self { text, hash }
    }
}

/// Opens a console session.
pub fn open_console(
    tx: &mut dyn Tx,
    staff_id: StaffId,
    token: &NewToken,
    now_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sessions (token_hash, staff_id, created_at_ms, expires_at_ms) \
         VALUES (?1, ?2, ?3, ?4)",
        args![
            &token.hash,
            staff_id.to_string(),
            now_ms,
            now_ms + CONSOLE_LIFE_MS
        ],
    )?;
    Ok(())
}

/// Opens a phone's session.
pub fn open_device(
    tx: &mut dyn Tx,
    staff_id: StaffId,
    device_id: DeviceId,
    token: &NewToken,
    now_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sessions (token_hash, staff_id, device_id, created_at_ms, expires_at_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        args![
            &token.hash,
            staff_id.to_string(),
            device_id.to_string(),
            now_ms,
            now_ms + DEVICE_LIFE_MS
        ],
    )?;
    Ok(())
}

/// The live session of a token; `None` when unknown, ended or revoked.
pub fn find(tx: &mut dyn Tx, token_hash: &str, now_ms: i64) -> Result<Option<Session>, StoreError> {
    tx.first(
        "SELECT s.staff_id, p.display_name, p.role, p.station_id, s.device_id, p.is_active, d.state \
         FROM sessions s JOIN staff p ON p.id = s.staff_id \
         LEFT JOIN devices d ON d.id = s.device_id \
         WHERE s.token_hash = ?1 AND s.expires_at_ms > ?2 AND s.revoked_at_ms IS NULL",
        args![token_hash, now_ms],
        |row| {
            let device_id = row.opt_parse(4)?;
            let kind = if device_id.is_some() {
                SessionKind::Device
            } else {
                SessionKind::Console
            };
            Ok(Session {
                actor: Actor {
                    staff_id: row.parse(0)?,
                    display_name: row.text(1)?,
                    role: row.parse(2)?,
                    station_id: row.opt_parse(3)?,
                    device_id,
                },
                kind,
                is_blocked: !row.flag(5)? || row.opt_text(6)?.is_some_and(|s| s != "active"),
            })
        },
    )
}

/// Ends a session.
pub fn revoke(tx: &mut dyn Tx, token_hash: &str, now_ms: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sessions SET revoked_at_ms = ?2 WHERE token_hash = ?1 AND revoked_at_ms IS NULL",
        args![token_hash, now_ms],
    )?;
    Ok(())
}

/// Ends every session of a phone.
pub fn revoke_device(tx: &mut dyn Tx, device_id: DeviceId, now_ms: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sessions SET revoked_at_ms = ?2 WHERE device_id = ?1 AND revoked_at_ms IS NULL",
        args![device_id.to_string(), now_ms],
    )?;
    Ok(())
}

/// The CSRF token of a console session: whoever can read it can read the page, which a foreign site
/// cannot.
pub fn csrf_token(token: &str) -> String {
    sha256_hex(format!("csrf:{token}").as_bytes())
}

/// Ends every session of a person, except one (the one that changed the password).
pub fn revoke_all(
    tx: &mut dyn Tx,
    staff_id: StaffId,
    except_hash: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sessions SET revoked_at_ms = ?2 \
         WHERE staff_id = ?1 AND token_hash <> ?3 AND revoked_at_ms IS NULL",
        args![staff_id.to_string(), now_ms, except_hash],
    )?;
    Ok(())
}

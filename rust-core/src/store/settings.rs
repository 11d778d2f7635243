//! Small named values of the store: counters, clock offset, the sign-in.

use crate::error::CoreError;
use rusqlite::{Connection, OptionalExtension as _, types::FromSql, types::ToSql};

/// Names in use; one list, so that none is used twice.
pub mod name {
    /// Next free command number.
    pub const NEXT_N: &str = "next_n";
    /// Send again from this number: the server was restored from an older backup.
    pub const RESEND_FROM: &str = "resend_from";
    /// Encoded sign-in.
    pub const SESSION: &str = "session";
    /// Server clock minus phone clock, ms.
    pub const CLOCK_OFFSET_MS: &str = "clock_offset_ms";
    /// Half the round trip of that measurement, ms.
    pub const CLOCK_ERROR_MS: &str = "clock_error_ms";
    /// Boot the offset was measured in.
    pub const CLOCK_BOOT_ID: &str = "clock_boot_id";
    /// Newest server time seen, epoch ms; the offline lease never runs backwards past it.
    pub const SERVER_SEEN_MS: &str = "server_seen_ms";
    /// Word of the network class.
    pub const NET_CLASS: &str = "net_class";
    /// When the store was damaged and restored, epoch ms, until a person has seen it.
    pub const RESTORED_AT_MS: &str = "restored_at_ms";
    /// Public root key this phone has pinned.
    pub const ROOT_KEY: &str = "root_key";
    /// Encoded `label::keys::KeyList` in force.
    pub const KEY_LIST: &str = "key_list";
    /// Encoded `label::revocations::RevocationHead` of the set in `revoked_labels`.
    pub const REVOCATION_HEAD: &str = "revocation_head";
    /// When the server last said that both are the newest, its epoch ms.
    pub const LISTS_AS_OF_MS: &str = "lists_as_of_ms";
    /// What was looked up last on this phone, JSON.
    pub const RECENT_LOOKUPS: &str = "recent_lookups";
    /// Own duty state as last set on this phone.
    pub const ON_DUTY: &str = "on_duty";
    /// Keys of the alerts that were told, one a line.
    pub const ALERTS_TOLD: &str = "alerts_told";
    /// Chinese day, `YYYYMMDD`, of the count below.
    pub const MOBILE_DAY: &str = "mobile_day";
    /// Bytes of files sent by mobile radio on that day.
    pub const MOBILE_BYTES: &str = "mobile_bytes";
    /// Signed record of a newer version of the app.
    pub const RELEASE: &str = "release";
    /// When the server was last asked for one, its epoch ms.
    pub const RELEASE_ASKED_AT_MS: &str = "release_asked_at_ms";
    /// When the phone last tried to ask by itself, server epoch ms.
    pub const RELEASE_SOUGHT_AT_MS: &str = "release_sought_at_ms";
    /// Sign-ins this phone has left and the server does not know of yet, JSON.
    pub const LEFT_SESSIONS: &str = "left_sessions";
}

/// Reads a value.
pub fn get<T: FromSql>(connection: &Connection, name: &str) -> Result<Option<T>, CoreError> {
    Ok(connection
        .prepare_cached("SELECT value FROM settings WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

/// Writes a value.
pub fn set(connection: &Connection, name: &str, value: impl ToSql) -> Result<(), CoreError> {
    connection
        .prepare_cached(
            "INSERT INTO settings (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute((name, value))?;
    Ok(())
}

/// Removes a value.
pub fn clear(connection: &Connection, name: &str) -> Result<(), CoreError> {
    connection
        .prepare_cached("DELETE FROM settings WHERE name = ?1")?
        .execute([name])?;
    Ok(())
}

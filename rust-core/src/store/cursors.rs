//! How far each scope has been read, and its checksum. A cursor moves only in the transaction that
//! applied the page it belongs to.

use crate::error::{CoreError, inconsistent};
use dianma_schema::wire::sync::{Cursor, ScopeKind};
use rusqlite::{Connection, OptionalExtension as _};

/// One row of `cursors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRow {
    /// Which stream.
    pub scope: ScopeKind,
    /// Incarnation; 0 = read from scratch.
    pub epoch: u32,
    /// Last position applied.
    pub position: u64,
    /// Wrapping sum over the live rows.
    pub checksum: u64,
    /// Rows put since the last reset carry this number.
    pub mark: i64,
    /// A reset is under way: what keeps an older mark is swept after the last page.
    pub is_resetting: bool,
    /// Checksum failures in a row.
    pub mismatches: i64,
}

impl ScopeRow {
    /// The cursor as sent.
    pub const fn cursor(&self) -> Cursor {
        Cursor {
            scope: self.scope,
            epoch: self.epoch,
            position: self.position,
        }
    }
}

/// The row of a scope; a scope never read starts from scratch.
pub fn load(db: &Connection, scope: ScopeKind) -> Result<ScopeRow, CoreError> {
    let found = db
        .prepare_cached(
            "SELECT epoch, position, checksum, mark, is_resetting, mismatches FROM cursors
             WHERE scope = ?1",
        )?
        .query_row([scope as i64], |row| {
            Ok(ScopeRow {
                scope,
                epoch: row.get(0)?,
                position: row.get::<_, i64>(1)?.cast_unsigned(),
                checksum: row.get::<_, i64>(2)?.cast_unsigned(),
                mark: row.get(3)?,
                is_resetting: row.get(4)?,
                mismatches: row.get(5)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or(ScopeRow {
        scope,
        epoch: 0,
        position: 0,
        checksum: 0,
        mark: 0,
        is_resetting: false,
        mismatches: 0,
    }))
}

/// Writes the row.
pub fn save(db: &Connection, row: &ScopeRow) -> Result<(), CoreError> {
    db.prepare_cached(
        "INSERT INTO cursors (scope, epoch, position, checksum, mark, is_resetting, mismatches)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (scope) DO UPDATE SET epoch = excluded.epoch, position = excluded.position,
           checksum = excluded.checksum, mark = excluded.mark,
           is_resetting = excluded.is_resetting, mismatches = excluded.mismatches",
    )?
    .execute((
        row.scope as i64,
        row.epoch,
        row.position.cast_signed(),
        row.checksum.cast_signed(),
        row.mark,
        row.is_resetting,
        row.mismatches,
    ))?;
    Ok(())
}

/// All cursors, in the order of the scopes.
pub fn all(db: &Connection) -> Result<Vec<Cursor>, CoreError> {
    ScopeKind::ALL
        .iter()
        .map(|scope| load(db, *scope).map(|row| row.cursor()))
        .collect()
}

/// The scope of a stored number.
pub fn scope_of(number: i64) -> Result<ScopeKind, CoreError> {
    ScopeKind::ALL
        .iter()
        .copied()
        .find(|scope| *scope as i64 == number)
        .ok_or_else(|| inconsistent("scope"))
}

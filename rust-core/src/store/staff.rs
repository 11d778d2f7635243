//! The signed-in person as the server knows him: name, station, duty.

use super::orders::Live;
use crate::error::{CoreError, inconsistent};
use dianma_schema::id::StaffId;
use dianma_schema::wire::record::StaffRecord;
use rusqlite::{Connection, OptionalExtension as _};
use uuid::Uuid;

/// The record of a person.
pub fn find(db: &Connection, id: &StaffId) -> Result<Option<StaffRecord>, CoreError> {
    let body: Option<Vec<u8>> = db
        .prepare_cached("SELECT record FROM mirror_staff WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    body.map(|b| minicbor::decode(&b).map_err(|_| inconsistent("mirror_staff.record")))
        .transpose()
}

/// Writes the record. Returns what the row counted for before.
pub fn put(
    db: &Connection,
    scope: i64,
    mark: i64,
    version: u64,
    record: &StaffRecord,
) -> Result<Option<Live>, CoreError> {
    let old = live(db, &record.id)?;
    let body = minicbor::to_vec(record).map_err(|_| inconsistent("staff record"))?;
    db.prepare_cached(
        "INSERT INTO mirror_staff (id, scope, version, mark, record) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, version = excluded.version,
           mark = excluded.mark, record = excluded.record",
    )?
    .execute((
        record.id.0.as_bytes(),
        scope,
        version.cast_signed(),
        mark,
        body,
    ))?;
    Ok(old)
}

/// Removes the record. Returns what the row counted for.
pub fn leave(db: &Connection, id: &StaffId) -> Result<Option<Live>, CoreError> {
    let old = live(db, id)?;
    db.prepare_cached("DELETE FROM mirror_staff WHERE id = ?1")?
        .execute([id.0.as_bytes()])?;
    Ok(old)
}

fn live(db: &Connection, id: &StaffId) -> Result<Option<Live>, CoreError> {
    Ok(db
        .prepare_cached("SELECT scope, version FROM mirror_staff WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| {
            Ok(Live {
                scope: row.get(0)?,
                version: row.get::<_, i64>(1)?.cast_unsigned(),
            })
        })
        .optional()?)
}

/// Ids of rows of a scope with another mark: not seen since the reset began.
pub fn unmarked(db: &Connection, scope: i64, mark: i64) -> Result<Vec<StaffId>, CoreError> {
    let mut statement =
        db.prepare_cached("SELECT id FROM mirror_staff WHERE scope = ?1 AND mark <> ?2")?;
    let rows = statement.query_map((scope, mark), |row| {
        Ok(StaffId(Uuid::from_bytes(row.get(0)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

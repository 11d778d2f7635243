//! The mirror of labelled places: meter boxes, poles, transformer areas.

use super::orders::Live;
use crate::error::{CoreError, inconsistent};
use dianma_schema::id::{LabelId, PlaceId};
use dianma_schema::wire::record::PlaceRecord;
use rusqlite::{Connection, OptionalExtension as _};
use uuid::Uuid;

/// The place whose code this is.
pub fn find_label(db: &Connection, id: &LabelId) -> Result<Option<PlaceRecord>, CoreError> {
    let body: Option<Vec<u8>> = db
        .prepare_cached("SELECT record FROM mirror_places WHERE label_id = ?1 LIMIT 1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    body.map(|b| minicbor::decode(&b).map_err(|_| inconsistent("mirror_places.record")))
        .transpose()
}

/// Writes a place. Returns what the row counted for before.
pub fn put(
    db: &Connection,
    scope: i64,
    mark: i64,
    version: u64,
    record: &PlaceRecord,
) -> Result<Option<Live>, CoreError> {
    let old = live(db, &record.id)?;
    let body = minicbor::to_vec(record).map_err(|_| inconsistent("place record"))?;
    db.prepare_cached(
        "INSERT INTO mirror_places (id, scope, version, mark, label_id, record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, version = excluded.version,
           mark = excluded.mark, label_id = excluded.label_id, record = excluded.record",
    )?
    .execute((
        record.id.0.as_bytes(),
        scope,
        version.cast_signed(),
        mark,
        record.label_id.as_ref().map(|id| id.0.as_bytes()),
        body,
    ))?;
    Ok(old)
}

/// Removes a place. Returns what the row counted for.
pub fn leave(db: &Connection, id: &PlaceId) -> Result<Option<Live>, CoreError> {
    let old = live(db, id)?;
    db.prepare_cached("DELETE FROM mirror_places WHERE id = ?1")?
        .execute([id.0.as_bytes()])?;
    Ok(old)
}

fn live(db: &Connection, id: &PlaceId) -> Result<Option<Live>, CoreError> {
    Ok(db
        .prepare_cached("SELECT scope, version FROM mirror_places WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| {
            Ok(Live {
                scope: row.get(0)?,
                version: row.get::<_, i64>(1)?.cast_unsigned(),
            })
        })
        .optional()?)
}

/// Ids of rows of a scope with another mark: not seen since the reset began.
pub fn unmarked(db: &Connection, scope: i64, mark: i64) -> Result<Vec<PlaceId>, CoreError> {
    let mut statement =
        db.prepare_cached("SELECT id FROM mirror_places WHERE scope = ?1 AND mark <> ?2")?;
    let rows = statement.query_map((scope, mark), |row| {
        Ok(PlaceId(Uuid::from_bytes(row.get(0)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

//! Own facts: what this phone recorded for an order. They are a projection of the outbox, written in
//! the same transaction, and can be rebuilt from it.

use super::outbox_rows::key;
use crate::error::{CoreError, inconsistent};
use crate::text::hex;
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::evidence::WITHDRAWN;
use dianma_schema::wire::command::{
    Body, CommandEnvelope, CostLines, EvidenceItem, HazardsAcknowledged,
};
use rusqlite::{Connection, OptionalExtension as _};
use serde::Serialize;
use std::collections::BTreeMap;

/// One own evidence file of an order, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnEvidence {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Requirement it fills.
    pub slot: String,
    /// Word of the evidence kind.
    pub kind: String,
    /// MIME type as sniffed.
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// From the gallery.
    pub is_imported: bool,
    /// Phone clock.
    pub taken_at_ms: i64,
    /// Bytes the server has confirmed on disk.
    pub sent_bytes: u64,
    /// The server has it in full.
    pub is_uploaded: bool,
    /// Why the upload stopped for good.
    pub fault_code: Option<String>,
}

/// A remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnNote {
    /// Command number.
    pub n: u64,
    /// Words.
    pub words: String,
    /// Phone clock.
    pub at_ms: i64,
}

/// Writes what a command adds to the own facts. Later commands supersede earlier ones.
pub fn project(db: &Connection, envelope: &CommandEnvelope) -> Result<(), CoreError> {
    let Some(order) = &envelope.order_id else {
        return Ok(());
    };
    match &envelope.body {
        Body::Record(values) => {
            for value in values {
                put_value(db, order, envelope.n, &value.name, &value.value)?;
            }
            Ok(())
        }
        Body::Cost(lines) => put_encoded(db, PUT_COST, order, envelope.n, lines),
        Body::Begin(hazards) => put_encoded(db, PUT_HAZARDS, order, envelope.n, hazards),
        Body::Note(words) => put_note(db, order, envelope, words),
        Body::Evidence(item) => put_evidence(db, order, envelope, item),
        _ => Ok(()),
    }
}

const PUT_COST: &str = "INSERT INTO own_costs (order_id, sheet, n) VALUES (?1, ?2, ?3)
    ON CONFLICT (order_id) DO UPDATE SET sheet = excluded.sheet, n = excluded.n";
const PUT_HAZARDS: &str = "INSERT INTO own_hazards (order_id, acknowledged, n) VALUES (?1, ?2, ?3)
    ON CONFLICT (order_id) DO UPDATE SET acknowledged = excluded.acknowledged, n = excluded.n";

fn put_encoded(
    db: &Connection,
    sql: &str,
    order: &WorkOrderId,
    n: u64,
    value: &impl minicbor::Encode<()>,
) -> Result<(), CoreError> {
    let bytes = minicbor::to_vec(value).map_err(|_| inconsistent("own fact"))?;
    db.prepare_cached(sql)?
        .execute((key(order), bytes, n.cast_signed()))?;
    Ok(())
}

fn put_value(
    db: &Connection,
    order: &WorkOrderId,
    n: u64,
    name: &str,
    value: &str,
) -> Result<(), CoreError> {
    db.prepare_cached(
        "INSERT INTO own_values (order_id, name, value, n) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (order_id, name) DO UPDATE SET value = excluded.value, n = excluded.n",
    )?
    .execute((key(order), name, value, n.cast_signed()))?;
    Ok(())
}

fn put_note(
    db: &Connection,
    order: &WorkOrderId,
    envelope: &CommandEnvelope,
    words: &str,
) -> Result<(), CoreError> {
    db.prepare_cached(
        "INSERT INTO own_notes (order_id, n, words, at_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (order_id, n) DO UPDATE SET words = excluded.words",
    )?
    .execute((
        key(order),
        envelope.n.cast_signed(),
        words,
        envelope.wall_ms,
    ))?;
    Ok(())
}

fn put_evidence(
    db: &Connection,
    order: &WorkOrderId,
    envelope: &CommandEnvelope,
    item: &EvidenceItem,
) -> Result<(), CoreError> {
    if item.slot == WITHDRAWN {
        // The row keeps the number of its first manifest: the bytes wait for that one.
        db.prepare_cached(
            "UPDATE OR REPLACE own_evidence SET slot = ?3 WHERE order_id = ?1 AND sha256 = ?2",
        )?
        .execute((key(order), item.sha256.as_slice(), WITHDRAWN))?;
    } else {
        // The same file taken into use again.
        db.prepare_cached(
            "DELETE FROM own_evidence WHERE order_id = ?1 AND sha256 = ?2 AND slot = ?3",
        )?
        .execute((key(order), item.sha256.as_slice(), WITHDRAWN))?;
    }
    db.prepare_cached(
        "INSERT INTO own_evidence (order_id, sha256, slot, kind, mime, size, is_imported,
           taken_at_ms, n) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
    )?
    .execute((
        key(order),
        item.sha256.as_slice(),
        &item.slot,
        &item.kind,
        &item.mime,
        item.size.cast_signed(),
        item.imported,
        envelope.wall_ms,
        envelope.n.cast_signed(),
    ))?;
    super::files::register(db, order, item)
}

/// Field values, by name.
pub fn values(db: &Connection, order: &WorkOrderId) -> Result<BTreeMap<String, String>, CoreError> {
    let mut statement =
        db.prepare_cached("SELECT name, value FROM own_values WHERE order_id = ?1")?;
    let rows = statement.query_map([key(order)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The cost lines as last saved.
pub fn cost(db: &Connection, order: &WorkOrderId) -> Result<Option<CostLines>, CoreError> {
    decoded(db, "SELECT sheet FROM own_costs WHERE order_id = ?1", order)
}

/// The hazards acknowledged at the last begin.
pub fn hazards(
    db: &Connection,
    order: &WorkOrderId,
) -> Result<Option<HazardsAcknowledged>, CoreError> {
    decoded(
        db,
        "SELECT acknowledged FROM own_hazards WHERE order_id = ?1",
        order,
    )
}

fn decoded<T: for<'b> minicbor::Decode<'b, ()>>(
    db: &Connection,
    sql: &str,
    order: &WorkOrderId,
) -> Result<Option<T>, CoreError> {
    let bytes: Option<Vec<u8>> = db
        .prepare_cached(sql)?
        .query_row([key(order)], |row| row.get(0))
        .optional()?;
    bytes
        .map(|b| minicbor::decode(&b).map_err(|_| inconsistent("own fact")))
        .transpose()
}

/// Remarks, oldest first.
pub fn notes(db: &Connection, order: &WorkOrderId) -> Result<Vec<OwnNote>, CoreError> {
    let mut statement =
        db.prepare_cached("SELECT n, words, at_ms FROM own_notes WHERE order_id = ?1 ORDER BY n")?;
    let rows = statement.query_map([key(order)], |row| {
        Ok(OwnNote {
            n: row.get::<_, i64>(0)?.cast_unsigned(),
            words: row.get(1)?,
            at_ms: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Evidence, oldest first.
pub fn evidence(db: &Connection, order: &WorkOrderId) -> Result<Vec<OwnEvidence>, CoreError> {
    let mut statement = db.prepare_cached(
        "SELECT e.sha256, e.slot, e.kind, e.mime, e.size, e.is_imported, e.taken_at_ms,
           f.sent_bytes, f.uploaded_at_ms IS NOT NULL, f.fault_code
         FROM own_evidence e JOIN evidence_files f ON f.sha256 = e.sha256
         WHERE e.order_id = ?1 ORDER BY e.n",
    )?;
    let rows = statement.query_map([key(order)], |row| {
        Ok(OwnEvidence {
            sha256: hex(&row.get::<_, Vec<u8>>(0)?),
            slot: row.get(1)?,
            kind: row.get(2)?,
            mime: row.get(3)?,
            size: row.get::<_, i64>(4)?.cast_unsigned(),
            is_imported: row.get(5)?,
            taken_at_ms: row.get(6)?,
            sent_bytes: row.get::<_, i64>(7)?.cast_unsigned(),
            is_uploaded: row.get(8)?,
            fault_code: row.get(9)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

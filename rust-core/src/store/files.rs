//! Rows of evidence files: what still has to go up, how far it got. The bytes lie in the `evidence`
//! directory under their hash and are deleted only after the server has them and the order has been
//! closed for a week.

use super::orders;
use super::outbox_rows::key;
use crate::error::CoreError;
use crate::sync::policy::{self, Freight, Hold, Link};
use dianma_schema::fault;
use dianma_schema::id::WorkOrderId;
use dianma_schema::time::DAY_MS;
use dianma_schema::wire::command::EvidenceItem;
use rusqlite::{Connection, Row};

/// The local copy stays this long after the order was closed.
const KEEP_CLOSED_MS: i64 = 7 * DAY_MS;

/// A file that has to go up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileJob {
    /// Identity.
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: u64,
    /// Bytes the server has confirmed, as far as the phone knows.
    pub sent_bytes: u64,
}

/// Notes a file of an order; a file known already keeps its progress and takes the nearer deadline.
pub fn register(
    db: &Connection,
    order: &WorkOrderId,
    item: &EvidenceItem,
) -> Result<(), CoreError> {
    let due_at_ms =
        orders::find(db, order)?.map_or(i64::MAX, |o| orders::due_at_ms(&o.record, o.state));
    db.prepare_cached(
        "INSERT INTO evidence_files (sha256, size, mime, due_at_ms, sent_bytes)
         VALUES (?1, ?2, ?3, ?4, 0)
         ON CONFLICT (sha256) DO UPDATE SET due_at_ms = min(due_at_ms, excluded.due_at_ms),
           order_closed_at_ms = NULL",
    )?
    .execute((
        item.sha256.as_slice(),
        item.size.cast_signed(),
        &item.mime,
        due_at_ms,
    ))?;
    Ok(())
}

/// The next file to send of those the network policy lets go: small ones before large ones,
/// then the nearest deadline, then the smaller. Files whose upload stopped for good are passed over, never
/// removed, and so is a file whose manifest the server has not taken yet. One whose manifest lies in
/// quarantine goes up: a person who accepts the manifest wants to see the picture.
pub fn next(db: &Connection, link: &Link) -> Result<Option<FileJob>, CoreError> {
    let mut statement = db.prepare_cached(
        "SELECT f.size, f.sent_bytes, f.mime, f.is_asked, f.sha256 FROM evidence_files f
         WHERE f.uploaded_at_ms IS NULL AND f.fault_code IS NULL
           AND NOT EXISTS (SELECT 1 FROM own_evidence e JOIN outbox o ON o.n = e.n
                           WHERE e.sha256 = f.sha256 AND o.status IN ('pending', 'rejected'))
         ORDER BY f.size > ?1, f.due_at_ms, f.size, f.sha256",
    )?;
    let mut rows = statement.query([policy::SMALL_BYTES.cast_signed()])?;
    while let Some(row) = rows.next()? {
        let file = freight(row)?;
        if policy::hold(link, &file).is_none() {
            return Ok(Some(FileJob {
                sha256: row.get(4)?,
                size: file.size,
                sent_bytes: file.sent_bytes,
            }));
        }
    }
    Ok(None)
}

/// Reads `size, sent_bytes, mime, is_asked` from the first columns.
fn freight(row: &Row<'_>) -> Result<Freight, rusqlite::Error> {
    let mime: String = row.get(2)?;
    Ok(Freight {
        size: row.get::<_, i64>(0)?.cast_unsigned(),
        sent_bytes: row.get::<_, i64>(1)?.cast_unsigned(),
        is_recording: !mime.starts_with("image/"),
        is_asked: row.get(3)?,
    })
}

/// A person wants this file to be sent now; `V-404-NONE` when the phone has none of that digest.
pub fn set_asked(db: &Connection, sha256: &[u8; 32]) -> Result<(), CoreError> {
    let changed = db
        .prepare_cached("UPDATE evidence_files SET is_asked = 1 WHERE sha256 = ?1")?
        .execute([sha256])?;
    if changed == 0 {
        return Err(CoreError::of(fault::V_NOT_FOUND));
    }
    Ok(())
}

/// Files that still have to go up.
pub fn count_pending(db: &Connection) -> Result<u32, CoreError> {
    Ok(db
        .prepare_cached(
            "SELECT count(*) FROM evidence_files WHERE uploaded_at_ms IS NULL AND fault_code IS NULL",
        )?
        .query_row([], |row| row.get(0))?)
}

/// Files that still have to go up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// How many.
    pub files: u32,
    /// Bytes of them the server does not have.
    pub bytes: u64,
    /// Why all of them wait, in a word for the first; none when one of them may go.
    pub hold: Option<Hold>,
}

/// Files that still have to go up, as the network policy sees them.
pub fn pending(db: &Connection, link: &Link) -> Result<Pending, CoreError> {
    let mut statement = db.prepare_cached(
        "SELECT size, sent_bytes, mime, is_asked FROM evidence_files
         WHERE uploaded_at_ms IS NULL AND fault_code IS NULL",
    )?;
    let mut found = Pending::default();
    let mut may_go = false;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let file = freight(row)?;
        found.files += 1;
        found.bytes += file.size.saturating_sub(file.sent_bytes);
        let hold = policy::hold(link, &file);
        may_go |= hold.is_none();
        found.hold = found.hold.or(hold);
    }
    found.hold = found.hold.filter(|_| !may_go);
    Ok(found)
}

/// The server has confirmed so many bytes.
pub fn set_sent(db: &Connection, sha256: &[u8; 32], sent_bytes: u64) -> Result<(), CoreError> {
    db.prepare_cached("UPDATE evidence_files SET sent_bytes = ?2 WHERE sha256 = ?1")?
        .execute((sha256, sent_bytes.cast_signed()))?;
    Ok(())
}

/// The server has it in full.
pub fn set_uploaded(db: &Connection, sha256: &[u8; 32], now_ms: i64) -> Result<(), CoreError> {
    db.prepare_cached(
        "UPDATE evidence_files SET sent_bytes = size, uploaded_at_ms = ?2, fault_code = NULL
         WHERE sha256 = ?1",
    )?
    .execute((sha256, now_ms))?;
    Ok(())
}

/// The upload stopped for good; the local file stays.
pub fn set_fault(db: &Connection, sha256: &[u8; 32], code: &str) -> Result<(), CoreError> {
    db.prepare_cached("UPDATE evidence_files SET fault_code = ?2 WHERE sha256 = ?1")?
        .execute((sha256, code))?;
    Ok(())
}

/// What the server did not want of a retired phone is offered again: a person may have accepted its
/// manifest meanwhile, or the phone is in service again.
pub fn offer_again(db: &Connection) -> Result<(), CoreError> {
    db.prepare_cached("UPDATE evidence_files SET fault_code = NULL WHERE fault_code = ?1")?
        .execute([fault::A_DEVICE_REVOKED.as_str()])?;
    Ok(())
}

/// The order has left the phone: the keeping time of its files starts when no other order in hand
/// uses them.
pub fn close_order(db: &Connection, order: &WorkOrderId, now_ms: i64) -> Result<(), CoreError> {
    db.prepare_cached(
        "UPDATE evidence_files SET order_closed_at_ms = ?2
         WHERE sha256 IN (SELECT sha256 FROM own_evidence WHERE order_id = ?1)
           AND NOT EXISTS (SELECT 1 FROM own_evidence e JOIN mirror_orders m ON m.id = e.order_id
                           WHERE e.sha256 = evidence_files.sha256 AND e.order_id <> ?1
                             AND m.left_at_ms IS NULL)",
    )?
    .execute((key(order), now_ms))?;
    Ok(())
}

/// Files the server does not have, those whose upload stopped for good among them.
pub fn count_kept(db: &Connection) -> Result<u32, CoreError> {
    Ok(db
        .prepare_cached("SELECT count(*) FROM evidence_files WHERE uploaded_at_ms IS NULL")?
        .query_row([], |row| row.get(0))?)
}

/// Files the server has in full.
pub fn uploaded(db: &Connection) -> Result<Vec<[u8; 32]>, CoreError> {
    let mut statement = db.prepare_cached(
        "SELECT sha256 FROM evidence_files WHERE uploaded_at_ms IS NOT NULL ORDER BY sha256",
    )?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A file that is still on its way, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOnTheWay {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Word of the evidence kind.
    pub kind: String,
    /// Order.
    pub order_id: WorkOrderId,
    /// Its human number, while it is on the phone.
    pub order_number: Option<String>,
    /// What the network policy looks at.
    pub freight: Freight,
    /// Why the upload stopped for good.
    pub fault_code: Option<String>,
}

/// Files that are not at the server yet, stopped ones first.
pub fn on_the_way(db: &Connection, limit: u32) -> Result<Vec<FileOnTheWay>, CoreError> {
    let mut statement = db.prepare_cached(
        "SELECT f.size, f.sent_bytes, f.mime, f.is_asked, f.sha256, e.kind, e.order_id, f.fault_code
         FROM evidence_files f JOIN own_evidence e ON e.sha256 = f.sha256
         WHERE f.uploaded_at_ms IS NULL
         GROUP BY f.sha256 ORDER BY f.fault_code IS NULL, f.due_at_ms, f.sha256 LIMIT ?1",
    )?;
    let rows = statement.query_map([limit], |row| {
        Ok(FileOnTheWay {
            freight: freight(row)?,
            sha256: crate::text::hex(&row.get::<_, [u8; 32]>(4)?),
            kind: row.get(5)?,
            order_id: super::outbox_rows::order_id(row.get(6)?),
            order_number: None,
            fault_code: row.get(7)?,
        })
    })?;
    let mut found = rows.collect::<Result<Vec<_>, _>>()?;
    for file in &mut found {
        let order = orders::find(db, &file.order_id)?;
        file.order_number = order.map(|order| order.record.order_number);
    }
    Ok(found)
}

/// Files whose local copy may go now: uploaded, and their orders closed for a week.
pub fn expired(db: &Connection, now_ms: i64) -> Result<Vec<[u8; 32]>, CoreError> {
    let mut statement = db.prepare_cached(
        "SELECT sha256 FROM evidence_files
         WHERE uploaded_at_ms IS NOT NULL AND order_closed_at_ms < ?1",
    )?;
    let rows = statement.query_map([now_ms - KEEP_CLOSED_MS], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets a file whose local copy is gone, and what pointed to it.
pub fn forget(db: &Connection, sha256: &[u8; 32]) -> Result<(), CoreError> {
    db.prepare_cached("DELETE FROM own_evidence WHERE sha256 = ?1")?
        .execute([sha256])?;
    db.prepare_cached("DELETE FROM evidence_files WHERE sha256 = ?1")?
        .execute([sha256])?;
    Ok(())
}

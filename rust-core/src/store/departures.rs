//! Orders that have left the phone, with the reason the server gave: the person sees what became of an
//! order that is no longer there.

use super::outbox_rows::{key, order_id};
use crate::error::{CoreError, inconsistent};
use dianma_schema::id::WorkOrderId;
use dianma_schema::time::DAY_MS;
use dianma_schema::wire::sync::{LeaveCause, Left};
use rusqlite::{Connection, Row};
use serde::Serialize;

/// Longer nobody asks.
const KEEP_MS: i64 = 30 * DAY_MS;

/// An order that has left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Departure {
    /// The order.
    pub order_id: WorkOrderId,
    /// Its number.
    pub order_number: String,
    /// What became of it.
    pub cause: LeaveCause,
    /// In words, Chinese.
    pub cause_zh: &'static str,
    /// What the office said.
    pub reason: Option<String>,
    /// When the phone heard of it, epoch ms, phone clock.
    pub left_at_ms: i64,
}

/// Notes a departure; the newest word on an order counts. Old ones go.
pub fn note(
    db: &Connection,
    order: (&WorkOrderId, &str),
    left: &Left,
    now_ms: i64,
) -> Result<(), CoreError> {
    db.prepare_cached("DELETE FROM departures WHERE left_at_ms < ?1")?
        .execute([now_ms - KEEP_MS])?;
    db.prepare_cached(
        "INSERT INTO departures (order_id, order_number, cause, reason, left_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (order_id) DO UPDATE SET cause = excluded.cause, reason = excluded.reason,
           left_at_ms = excluded.left_at_ms",
    )?
    .execute((
        key(order.0),
        order.1,
        left.cause.as_str(),
        &left.reason,
        now_ms,
    ))?;
    Ok(())
}

/// The order is back.
pub fn forget(db: &Connection, order: &WorkOrderId) -> Result<(), CoreError> {
    db.prepare_cached("DELETE FROM departures WHERE order_id = ?1")?
        .execute([key(order)])?;
    Ok(())
}

/// What became of an order that has left.
pub fn find(db: &Connection, order: &WorkOrderId) -> Result<Option<Departure>, CoreError> {
    let mut statement = db.prepare_cached(
        "SELECT order_id, order_number, cause, reason, left_at_ms FROM departures WHERE order_id = ?1",
    )?;
    let mut rows = statement.query([key(order)])?;
    rows.next()?.map(read).transpose()
}

/// The newest departures the phone has heard of since then.
pub fn newest(db: &Connection, since_ms: i64, limit: u32) -> Result<Vec<Departure>, CoreError> {
    let mut statement = db.prepare_cached(
        "SELECT order_id, order_number, cause, reason, left_at_ms FROM departures
         WHERE left_at_ms >= ?1 ORDER BY left_at_ms DESC, order_number DESC LIMIT ?2",
    )?;
    let mut rows = statement.query((since_ms, limit))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

fn read(row: &Row<'_>) -> Result<Departure, CoreError> {
    let word: String = row.get(2)?;
    let cause: LeaveCause = word.parse().map_err(|_| inconsistent("departures.cause"))?;
    Ok(Departure {
        order_id: order_id(row.get(0)?),
        order_number: row.get(1)?,
        cause,
        cause_zh: cause.zh(),
        reason: row.get(3)?,
        left_at_ms: row.get(4)?,
    })
}

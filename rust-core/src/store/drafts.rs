//! Drafts: what a person has begun and not yet given, by order and name: a reason half typed, hazards
//! ticked, quantities of a sheet. Saved as it is typed, so that no screen holds the only copy; gone once
//! the command it belongs to is queued.

use super::outbox_rows::key;
use crate::error::CoreError;
use dianma_schema::id::WorkOrderId;
use dianma_schema::time::DAY_MS;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Drafts of orders that are no longer here are kept so long, ms.
const KEEP_MS: i64 = 30 * DAY_MS;

/// Keeps a draft; an empty one is removed.
pub fn put(
    db: &Connection,
    order: &WorkOrderId,
    name: &str,
    words: &str,
    now_ms: i64,
) -> Result<(), CoreError> {
    if words.is_empty() {
        db.prepare_cached("DELETE FROM drafts WHERE order_id = ?1 AND name = ?2")?
            .execute((key(order), name))?;
        return Ok(());
    }
    db.prepare_cached(
        "INSERT INTO drafts (order_id, name, words, at_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (order_id, name) DO UPDATE SET words = excluded.words, at_ms = excluded.at_ms",
    )?
    .execute((key(order), name, words, now_ms))?;
    Ok(())
}

/// Drafts of an order, by name.
pub fn of_order(
    db: &Connection,
    order: &WorkOrderId,
) -> Result<BTreeMap<String, String>, CoreError> {
    let mut statement = db.prepare_cached("SELECT name, words FROM drafts WHERE order_id = ?1")?;
    let rows = statement.query_map([key(order)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets the drafts of a topic: `suspend` and everything under `suspend.`.
pub fn forget(db: &Connection, order: &WorkOrderId, topic: &str) -> Result<(), CoreError> {
    db.prepare_cached(
        "DELETE FROM drafts WHERE order_id = ?1 AND (name = ?2 OR name GLOB ?2 || '.*')",
    )?
    .execute((key(order), topic))?;
    Ok(())
}

/// Forgets drafts of orders that have long left.
pub fn prune(db: &Connection, now_ms: i64) -> Result<(), CoreError> {
    db.prepare_cached(
        "DELETE FROM drafts WHERE at_ms < ?1
         AND NOT EXISTS (SELECT 1 FROM mirror_orders m WHERE m.id = drafts.order_id)",
    )?
    .execute([now_ms - KEEP_MS])?;
    Ok(())
}

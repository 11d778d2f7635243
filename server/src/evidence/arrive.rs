//! A file is here in full: its manifest rows, and the orders that waited for it.

use crate::args;
use crate::error::ApiError;
use crate::feed;
use crate::orders::By;
use crate::orders::change::{EventTimes, touch};
use crate::orders::row;
use crate::review;
use crate::store::Tx;
use dianma_schema::id::WorkOrderId;
use serde_json::json;

/// A whole file.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Its hash.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// What the first bytes say it is.
    pub mime: &'static str,
}

/// Marks blob and manifests; each open order that named the file counts it once.
pub fn apply(tx: &mut dyn Tx, now_ms: i64, file: &Arrived) -> Result<(), ApiError> {
    tx.execute(
        "INSERT INTO blobs (sha256, size, received_bytes, mime, is_complete, updated_at_ms) \
         VALUES (?1, ?2, ?2, ?3, 1, ?4) ON CONFLICT (sha256) DO UPDATE SET size = excluded.size, \
         received_bytes = excluded.received_bytes, mime = excluded.mime, is_complete = 1, \
         updated_at_ms = excluded.updated_at_ms",
        args![&file.sha256, file.size, file.mime, now_ms],
    )?;
    let waiting = tx.all(
        "SELECT order_id, is_late FROM evidence WHERE sha256 = ?1 AND has_arrived = 0 \
         ORDER BY order_id LIMIT 1000",
        args![&file.sha256],
        |row| Ok((row.parse::<WorkOrderId>(0)?, row.flag(1)?)),
    )?;
    tx.execute(
        "UPDATE evidence SET has_arrived = 1, mime = ?2 WHERE sha256 = ?1 AND has_arrived = 0",
        args![&file.sha256, file.mime],
    )?;
    let mut changes = Vec::new();
    for (order_id, is_late) in waiting {
        changes.extend(count(tx, now_ms, order_id, is_late, &file.sha256)?);
    }
    Ok(feed::publish(tx, now_ms, changes)?)
}

/// A closed order is frozen: late files lie beside it. An approved one that has them all is archived.
fn count(
    tx: &mut dyn Tx,
    now_ms: i64,
    order_id: WorkOrderId,
    is_late: bool,
    sha256: &str,
) -> Result<Vec<feed::Change>, ApiError> {
    let Some(mut order) = row::load_for_update(tx, order_id)? else {
        return Ok(Vec::new());
    };
    if order.state.is_final() {
        return Ok(Vec::new());
    }
    let before = order.clone();
    if !is_late {
        order.evidence_arrived += 1;
    }
    let times = EventTimes {
        at_ms: now_ms,
        occurred_at_ms: now_ms,
        uncertainty_ms: 0,
    };
    let detail = json!({ "fact": "evidence_arrived", "sha256": sha256 });
    let mut changes = touch(
        tx,
        now_ms,
        &before,
        &mut order,
        &By::system(),
        times,
        &detail,
    )?;
    changes.extend(review::try_archive(tx, now_ms, &mut order)?);
    Ok(changes)
}

//! Bounded keeping of what has done its service: answers to commands that phones have confirmed, and leave
//! entries of the feed. For how long is dated data (`dianma_schema::retention`).
//!
//! Of the commands only those go whose content the order's time line has. What lies beside an order (a late
//! fact of a closed one), what was refused and what is in quarantine stays.

use crate::args;
use crate::feed;
use crate::store::{StoreError, Tx};
use dianma_schema::retention::{Kept, RetentionRule, keep_from_ms};

/// Most devices in one run, and most commands of one looked at.
const MOST_DEVICES: i64 = 200;
const MOST_COMMANDS: i64 = 2_000;

/// What one run deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Stored commands with their answers.
    pub commands: usize,
    /// Leave entries.
    pub leaves: usize,
}

/// One run, by the rules valid now. What it leaves comes in the next one.
pub fn compact(
    tx: &mut dyn Tx,
    now_ms: i64,
    rules: &[RetentionRule],
) -> Result<Compacted, StoreError> {
    let mut done = Compacted::default();
    if let Some(before_ms) = keep_from_ms(rules, Kept::CommandResults, now_ms) {
        done.commands = commands(tx, before_ms)?;
    }
    if let Some(before_ms) = keep_from_ms(rules, Kept::Leaves, now_ms) {
        done.leaves = feed::forget_leaves(tx, before_ms)?;
    }
    Ok(done)
}

/// Devices whose next command to look at is confirmed and old: numbers and times grow together.
fn commands(tx: &mut dyn Tx, before_ms: i64) -> Result<usize, StoreError> {
    let devices = tx.all(
        "SELECT d.id, d.compacted_n, d.acked_n FROM devices d WHERE d.acked_n > d.compacted_n \
         AND (SELECT c.received_at_ms FROM commands c WHERE c.device_id = d.id \
              AND c.n > d.compacted_n ORDER BY c.n LIMIT 1) < ?1 ORDER BY d.id LIMIT ?2",
        args![before_ms, MOST_DEVICES],
        |row| Ok((row.text(0)?, row.int(1)?, row.int(2)?)),
    )?;
    let mut gone = 0;
    for (device_id, after, acked_n) in devices {
        gone += device(tx, &device_id, (after, acked_n), before_ms)?;
    }
    Ok(gone)
}

fn device(
    tx: &mut dyn Tx,
    device_id: &str,
    (after, acked_n): (i64, i64),
    before_ms: i64,
) -> Result<usize, StoreError> {
    let old = tx.all(
        "SELECT n, received_at_ms FROM commands WHERE device_id = ?1 AND n > ?2 AND n <= ?3 \
         ORDER BY n LIMIT ?4",
        args![device_id, after, acked_n, MOST_COMMANDS],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )?;
    let to = old
        .iter()
        .take_while(|(_, received)| *received < before_ms)
        .last()
        .map_or(after, |(n, _)| *n);
    let gone = tx.execute(
        "DELETE FROM commands WHERE device_id = ?1 AND n > ?2 AND n <= ?3 AND outcome = 'accepted' \
         AND (order_id IS NULL OR EXISTS (SELECT 1 FROM order_events e \
              WHERE e.order_id = commands.order_id AND e.device_id = commands.device_id \
              AND e.at_ms = commands.received_at_ms))",
        args![device_id, after, to],
    )?;
    tx.execute(
        "UPDATE devices SET compacted_n = ?2 WHERE id = ?1 AND compacted_n < ?2",
        args![device_id, to],
    )?;
    Ok(usize::try_from(gone).unwrap_or(usize::MAX))
}

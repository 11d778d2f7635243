//! A new sign-in may make this phone a new device for the server, whose numbers start at 1 again.
//! Unsent work goes along under new numbers; nothing is dropped.

use super::word;
use crate::error::{CoreError, inconsistent};
use crate::store::outbox_rows::{self, OutboxRow, Status};
use crate::store::settings;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Refused commands of an earlier device number are kept above this, to be decided on; they are
/// never sent again.
pub const EARLIER_DEVICE: u64 = 1 << 40;

/// Gives pending commands the numbers 1, 2, 3 … and moves undecided refusals out of the way.
/// Accepted ones are forgotten: they belong to the device number that is no more.
pub fn renumber(db: &Connection) -> Result<(), CoreError> {
    let pending = outbox_rows::with_status(db, Status::Pending, 0, u32::MAX)?;
    db.execute(
        "DELETE FROM outbox WHERE status = 'pending' OR status = 'accepted' OR handled IS NOT NULL",
        [],
    )?;
    db.execute(
        "UPDATE outbox SET n = n + ?1 WHERE n < ?1",
        [EARLIER_DEVICE.cast_signed()],
    )?;
    let mut numbers = BTreeMap::new();
    for (row, n) in pending.into_iter().zip(1..) {
        numbers.insert(row.n, n);
        put_again(db, row, n, &numbers)?;
    }
    let next = u64::try_from(numbers.len()).unwrap_or(u64::MAX) + 1;
    settings::set(db, settings::name::NEXT_N, next.cast_signed())?;
    settings::clear(db, settings::name::RESEND_FROM)
}

/// Numbers given out from now on are above `last_n`: the phone's store may be older than what the server
/// has of this device (restored from a copy), and a number means one command for ever.
pub fn number_above(db: &Connection, last_n: u64) -> Result<(), CoreError> {
    let next: i64 = settings::get(db, settings::name::NEXT_N)?.unwrap_or(1);
    let above = last_n.saturating_add(1).cast_signed();
    settings::set(db, settings::name::NEXT_N, next.max(above))
}

fn put_again(
    db: &Connection,
    row: OutboxRow,
    n: u64,
    numbers: &BTreeMap<u64, u64>,
) -> Result<(), CoreError> {
    let mut envelope = row.envelope;
    envelope.n = n;
    envelope.depends_on = envelope
        .depends_on
        .and_then(|old| numbers.get(&old).copied());
    let body = minicbor::to_vec(&envelope).map_err(|_| inconsistent("command"))?;
    outbox_rows::insert(db, &envelope, &body, word(&envelope.body))?;
    db.prepare_cached("UPDATE own_evidence SET n = ?2 WHERE n = ?1 AND order_id = ?3")?
        .execute((
            row.n.cast_signed(),
            n.cast_signed(),
            envelope.order_id.as_ref().map(outbox_rows::key),
        ))?;
    Ok(())
}

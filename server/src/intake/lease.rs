//! Leases: among several nodes one does a background duty at a time. Each take-over raises the epoch,
//! and work done under a lost lease is refused inside its own transaction.

use crate::args;
use crate::feed::for_update;
use crate::store::{StoreError, Tx};

/// Who holds a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Duty.
    pub name: String,
    /// Node.
    pub holder: String,
    /// Fencing number.
    pub epoch: i64,
}

/// Takes or renews a duty; `None` while another node holds it.
pub fn hold(
    tx: &mut dyn Tx,
    now_ms: i64,
    name: &str,
    holder: &str,
    life_ms: i64,
) -> Result<Option<Lease>, StoreError> {
    let epoch = tx.first(
        "INSERT INTO leases (name, holder, epoch, until_ms) VALUES (?1, ?2, 1, ?4) \
         ON CONFLICT (name) DO UPDATE SET \
         epoch = CASE WHEN leases.holder = excluded.holder THEN leases.epoch \
         ELSE leases.epoch + 1 END, holder = excluded.holder, until_ms = excluded.until_ms \
         WHERE leases.holder = excluded.holder OR leases.until_ms < ?3 RETURNING epoch",
        args![name, holder, now_ms, now_ms + life_ms],
        |row| row.int(0),
    )?;
    Ok(epoch.map(|epoch| Lease {
        name: name.to_owned(),
        holder: holder.to_owned(),
        epoch,
    }))
}

/// Whether the lease is still ours; locks it until the end of the transaction.
pub fn is_held(tx: &mut dyn Tx, lease: &Lease) -> Result<bool, StoreError> {
    let lock = for_update(tx.engine());
    let sql = format!("SELECT holder, epoch FROM leases WHERE name = ?1{lock}");
    let found = tx.first(&sql, args![&lease.name], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })?;
    Ok(found.is_some_and(|(holder, epoch)| holder == lease.holder && epoch == lease.epoch))
}

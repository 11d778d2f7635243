//! Forgetting of old leave entries. A phone that was away for longer cannot be told what to put away, so
//! the scope's floor rises and its cursor starts over.

use super::for_update;
use crate::args;
use crate::store::{StoreError, Tx};

/// Most scopes and entries of a scope in one run.
const MOST_SCOPES: i64 = 200;
const MOST_ENTRIES: i64 = 5_000;

/// Deletes leave entries older than an instant, scopes in sorted order as [`super::publish`] locks them.
/// Returns how many went.
pub fn forget_leaves(tx: &mut dyn Tx, before_ms: i64) -> Result<usize, StoreError> {
    let scopes = tx.all(
        "SELECT DISTINCT scope FROM feed WHERE op = 'leave' AND at_ms < ?1 ORDER BY scope LIMIT ?2",
        args![before_ms, MOST_SCOPES],
        |row| row.text(0),
    )?;
    let mut gone = 0;
    for scope in scopes {
        gone += forget_in(tx, &scope, before_ms)?;
    }
    Ok(gone)
}

fn forget_in(tx: &mut dyn Tx, scope: &str, before_ms: i64) -> Result<usize, StoreError> {
    // The counter row is held first: nobody publishes in the scope meanwhile.
    let lock = for_update(tx.engine());
    let sql = format!("SELECT floor FROM scopes WHERE scope = ?1{lock}");
    let floor = tx.first(&sql, args![scope], |row| row.int(0))?.unwrap_or(0);
    let gone = tx.all(
        "DELETE FROM feed WHERE scope = ?1 AND position IN (SELECT f.position FROM feed f \
         WHERE f.scope = ?1 AND f.op = 'leave' AND f.at_ms < ?2 ORDER BY f.position LIMIT ?3) \
         RETURNING position",
        args![scope, before_ms, MOST_ENTRIES],
        |row| row.int(0),
    )?;
    let highest = gone.iter().copied().max().unwrap_or(0);
    tx.execute(
        "UPDATE scopes SET floor = ?2 WHERE scope = ?1",
        args![scope, floor.max(highest)],
    )?;
    Ok(gone.len())
}

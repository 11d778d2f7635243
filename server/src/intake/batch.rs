//! A batch of records of one kind, from a file or a staging table: archives as one write, documents
//! one by one; then bills that became overdue; then the feed, last.

use super::record::{Incoming, Received};
use super::{archive, collection, document};
use crate::feed;
use crate::mint::Mint;
use crate::orders::By;
use crate::store::{StoreError, Tx};

/// Takes a batch in; all records are of one kind.
pub fn receive(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    batch: &[Incoming],
) -> Result<Vec<Received>, StoreError> {
    let Some(first) = batch.first() else {
        return Ok(Vec::new());
    };
    let (answers, changes) = if first.kind.is_archive() {
        let mut archived = archive::receive(tx, mint, first.kind, batch)?;
        let settled = collection::settle_paid(tx, mint.now_ms(), &archived.billed)?;
        archived.changes.extend(settled);
        let drafted = collection::draft_overdue(tx, mint, Some(&archived.billed))?;
        archived.changes.extend(drafted);
        (archived.answers, archived.changes)
    } else {
        document::receive(tx, mint, by, batch)?
    };
    feed::publish(tx, mint.now_ms(), changes)?;
    Ok(answers)
}

//! Writes the pages of an answer into the mirror: entries, the end of a reset, the checksum of a scope.
//! A page and its cursor go into one transaction.

use super::message::{Applied, Notice};
use crate::error::{CoreError, inconsistent};
use crate::store::cursors::{self, ScopeRow};
use crate::store::orders::Live;
use crate::store::{customers, departures, orders, places, staff};
use dianma_schema::fault;
use dianma_schema::id::{CustomerId, PlaceId, StaffId, WorkOrderId};
use dianma_schema::wire::sync::{Entry, EntryKind, EntryOp, Page, checksum_term};
use rusqlite::Connection;
use uuid::Uuid;

/// After this many checksum failures in a row a scope is left alone until the next page.
const MOST_MISMATCHES: i64 = 3;

impl ScopeRow {
    pub(super) fn add(&mut self, kind: EntryKind, id: &[u8], version: u64) {
        self.checksum = self.checksum.wrapping_add(checksum_term(kind, id, version));
    }

    pub(super) fn subtract(&mut self, kind: EntryKind, id: &[u8], version: u64) {
        self.checksum = self.checksum.wrapping_sub(checksum_term(kind, id, version));
    }
}

pub(super) fn apply_page(
    db: &Connection,
    page: &Page,
    now_ms: i64,
    applied: &mut Applied,
) -> Result<(), CoreError> {
    let mut row = cursors::load(db, page.scope)?;
    if page.reset && !is_continuation(&row, page) {
        row.mark += 1;
        row.is_resetting = true;
    }
    for entry in &page.entries {
        apply_entry(db, &mut row, entry, now_ms)?;
    }
    row.epoch = page.epoch;
    row.position = page.position;
    if page.more {
        applied.more_pages = true;
    } else {
        if row.is_resetting {
            sweep(db, &mut row, now_ms)?;
        }
        check_sum(&mut row, page, applied);
    }
    cursors::save(db, &row)
}

/// A server may say "reset" on every page of one snapshot; only the first page starts it.
const fn is_continuation(row: &ScopeRow, page: &Page) -> bool {
    row.is_resetting && row.epoch == page.epoch && page.position > row.position
}

fn apply_entry(
    db: &Connection,
    row: &mut ScopeRow,
    entry: &Entry,
    now_ms: i64,
) -> Result<(), CoreError> {
    let id = Uuid::from_slice(&entry.id).map_err(|_| bad_entry("id"))?;
    let old = match entry.op {
        EntryOp::Put => put(db, row, entry, id)?,
        EntryOp::Leave => leave(db, entry, id, now_ms)?,
    };
    if let Some(live) = old.filter(|live| live.scope == row.scope as i64) {
        row.subtract(entry.kind, &entry.id, live.version);
    }
    if entry.op == EntryOp::Put {
        row.add(entry.kind, &entry.id, entry.version);
    }
    Ok(())
}

fn bad_entry(what: &str) -> CoreError {
    CoreError::of(fault::N_NOT_OURS).because(what)
}

fn put(
    db: &Connection,
    row: &ScopeRow,
    entry: &Entry,
    id: Uuid,
) -> Result<Option<Live>, CoreError> {
    let body = entry.body.as_ref().ok_or_else(|| bad_entry("body"))?;
    let (scope, version) = (row.scope as i64, entry.version);
    match entry.kind {
        EntryKind::Order => {
            let record: dianma_schema::wire::record::OrderRecord = decode(body)?;
            same_id(record.id.0, id)?;
            departures::forget(db, &record.id)?;
            orders::put(db, scope, row.mark, version, &record)
        }
        EntryKind::Customer => {
            let record: dianma_schema::wire::record::CustomerRecord = decode(body)?;
            same_id(record.id.0, id)?;
            customers::put(db, scope, row.mark, version, &record)
        }
        EntryKind::Staff => {
            let record: dianma_schema::wire::record::StaffRecord = decode(body)?;
            same_id(record.id.0, id)?;
            staff::put(db, scope, row.mark, version, &record)
        }
        EntryKind::Place => {
            let record: dianma_schema::wire::record::PlaceRecord = decode(body)?;
            same_id(record.id.0, id)?;
            places::put(db, scope, row.mark, version, &record)
        }
    }
}

fn decode<T: for<'b> minicbor::Decode<'b, ()>>(body: &[u8]) -> Result<T, CoreError> {
    minicbor::decode(body).map_err(|_| bad_entry("record"))
}

fn same_id(record: Uuid, entry: Uuid) -> Result<(), CoreError> {
    if record == entry {
        Ok(())
    } else {
        Err(bad_entry("record of another id"))
    }
}

fn leave(db: &Connection, entry: &Entry, id: Uuid, now_ms: i64) -> Result<Option<Live>, CoreError> {
    match entry.kind {
        EntryKind::Order => {
            let id = WorkOrderId(id);
            if let (Some(left), Some(order)) = (&entry.left, orders::find(db, &id)?) {
                let order = (&id, order.record.order_number.as_str());
                departures::note(db, order, left, now_ms)?;
            }
            orders::leave(db, &id, now_ms)
        }
        EntryKind::Customer => customers::leave(db, &CustomerId(id)),
        EntryKind::Staff => staff::leave(db, &StaffId(id)),
        EntryKind::Place => places::leave(db, &PlaceId(id)),
    }
}

/// End of a reset: what no page named has left.
fn sweep(db: &Connection, row: &mut ScopeRow, now_ms: i64) -> Result<(), CoreError> {
    let scope = row.scope as i64;
    for id in orders::unmarked(db, scope, row.mark)? {
        if let Some(live) = orders::leave(db, &id, now_ms)? {
            row.subtract(EntryKind::Order, id.0.as_bytes(), live.version);
        }
    }
    for id in customers::unmarked(db, scope, row.mark)? {
        if let Some(live) = customers::leave(db, &id)? {
            row.subtract(EntryKind::Customer, id.0.as_bytes(), live.version);
        }
    }
    for id in staff::unmarked(db, scope, row.mark)? {
        if let Some(live) = staff::leave(db, &id)? {
            row.subtract(EntryKind::Staff, id.0.as_bytes(), live.version);
        }
    }
    for id in places::unmarked(db, scope, row.mark)? {
        if let Some(live) = places::leave(db, &id)? {
            row.subtract(EntryKind::Place, id.0.as_bytes(), live.version);
        }
    }
    row.is_resetting = false;
    Ok(())
}

/// A different checksum means the mirror is wrong: this scope alone is read again from scratch.
fn check_sum(row: &mut ScopeRow, page: &Page, applied: &mut Applied) {
    let Some(expected) = page.checksum else {
        return;
    };
    if expected == row.checksum {
        row.mismatches = 0;
        return;
    }
    row.mismatches += 1;
    applied.notices.push(Notice {
        detail: Some(page.scope.zh().to_owned()),
        detail_en: Some(page.scope.en().to_owned()),
        ..Notice::of(fault::X_CHECKSUM)
    });
    if row.mismatches <= MOST_MISMATCHES {
        row.epoch = 0;
        row.position = 0;
        applied.more_pages = true;
    }
}

/// The sum over what is really in the tables; tests compare it with the one kept along.
pub fn full_checksum(db: &Connection, scope: i64) -> Result<u64, CoreError> {
    let mut sum: u64 = 0;
    for (kind, sql) in [
        (
            EntryKind::Order,
            "SELECT id, version FROM mirror_orders WHERE scope = ?1 AND left_at_ms IS NULL",
        ),
        (
            EntryKind::Customer,
            "SELECT id, version FROM mirror_customers WHERE scope = ?1",
        ),
        (
            EntryKind::Staff,
            "SELECT id, version FROM mirror_staff WHERE scope = ?1",
        ),
        (
            EntryKind::Place,
            "SELECT id, version FROM mirror_places WHERE scope = ?1",
        ),
    ] {
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query([scope])?;
        while let Some(row) = rows.next()? {
            let id: Vec<u8> = row.get(0)?;
            let version =
                u64::try_from(row.get::<_, i64>(1)?).map_err(|_| inconsistent("version"))?;
            sum = sum.wrapping_add(checksum_term(kind, &id, version));
        }
    }
    Ok(sum)
}

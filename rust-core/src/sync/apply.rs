//! Writes what the server answered: results, then pages. A page and its cursor go into one
//! transaction. Nothing here touches own facts, files or pending commands of the outbox.

use super::message::{Applied, Notice};
use crate::error::{CoreError, inconsistent};
use crate::store::cursors::{self, ScopeRow};
use crate::store::journal::JournalEntry;
use crate::store::orders::Live;
use crate::store::outbox_rows::{self, OutboxRow, Status, Verdict};
use crate::store::{Store, customers, departures, orders, places, settings, staff, trust};
use dianma_schema::fault;
use dianma_schema::id::{CustomerId, PlaceId, StaffId, WorkOrderId};
use dianma_schema::wire::sync::{
    CommandResult, Entry, EntryKind, EntryOp, Outcome, Page, SyncResponse, checksum_term,
};
use rusqlite::Connection;
use uuid::Uuid;

/// After this many checksum failures in a row a scope is left alone until the next page.
const MOST_MISMATCHES: i64 = 3;

/// Stores an answer. `now_ms` is the phone's wall clock.
pub fn apply(
    store: &mut Store,
    response: &SyncResponse,
    now_ms: i64,
) -> Result<Applied, CoreError> {
    let mut applied = Applied {
        next_poll_s: response.next_poll_s,
        ..Applied::default()
    };
    if let Some(code) = &response.fault {
        applied.notices.push(notice(code, None));
    }
    results(
        store,
        response.results.as_deref().unwrap_or(&[]),
        now_ms,
        &mut applied,
    )?;
    if let Some(from) = response.resend_from {
        let has_it = store.write(|tx| resend_from(tx, from))?;
        applied.is_wedged = !has_it;
        applied.more_pages = has_it;
        applied.is_fruitless = response.results.is_none();
    }
    for page in response.pages.as_deref().unwrap_or(&[]) {
        store.write(|tx| apply_page(tx, page, now_ms, &mut applied))?;
    }
    take_lists(store, response, &mut applied)?;
    applied.pending_commands = store.read(outbox_rows::count_pending)?;
    if applied.is_wedged {
        applied.notices.push(Notice::of(fault::D_STORE));
    }
    Ok(applied)
}

/// Takes newer signed lists, or notes that there are none. Lists that fail their check change nothing
/// and are reported.
fn take_lists(
    store: &mut Store,
    response: &SyncResponse,
    applied: &mut Applied,
) -> Result<(), CoreError> {
    let server_ms = response.server_ms;
    let Some(update) = &response.trust else {
        return Ok(());
    };
    if update.is_empty() {
        if store.read(|db| trust::is_confirmation_due(db, server_ms))? {
            store.write(|tx| trust::confirm(tx, server_ms))?;
        }
        return Ok(());
    }
    let refused = CoreError::of(fault::X_LISTS);
    let taken = store.write(|tx| {
        trust::apply(tx, update, server_ms)?.map_err(|error| refused.because(&error.to_string()))
    });
    match taken {
        Err(error) if error.code() == fault::X_LISTS => {
            applied.notices.push(Notice {
                detail: error.fault().detail.clone(),
                ..Notice::of(fault::X_LISTS)
            });
            Ok(())
        }
        other => other,
    }
}

fn notice(code: &str, detail: Option<String>) -> Notice {
    let known = fault::FaultCode::find(code).unwrap_or(fault::X_INTERNAL);
    Notice {
        detail,
        ..Notice::of(known)
    }
}

fn results(
    store: &mut Store,
    results: &[CommandResult],
    now_ms: i64,
    applied: &mut Applied,
) -> Result<(), CoreError> {
    if results.is_empty() {
        return Ok(());
    }
    store.write_journaled(|tx| {
        let mut entries = Vec::new();
        for result in results {
            if let Some(entry) = settle(tx, result, now_ms, applied)? {
                entries.push(entry);
            }
        }
        move_resend(tx, results)?;
        orders::remove_settled(tx)?;
        Ok(((), entries))
    })
}

/// Stores one verdict; `None` when it was stored before.
fn settle(
    db: &Connection,
    result: &CommandResult,
    now_ms: i64,
    applied: &mut Applied,
) -> Result<Option<JournalEntry>, CoreError> {
    let status = match result.outcome {
        Outcome::Accepted => Status::Accepted,
        Outcome::Rejected => Status::Rejected,
        Outcome::Quarantined => Status::Quarantined,
    };
    let Some(row) = outbox_rows::find(db, result.n)? else {
        return Ok(None);
    };
    if is_known(&row, status, result) {
        return Ok(None);
    }
    let verdict = Verdict {
        n: result.n,
        status,
        code: result.code.as_deref(),
        detail: result.detail.as_deref(),
        version: result.version,
        at_ms: now_ms,
    };
    outbox_rows::settle(db, &verdict)?;
    if let Some(order) = &row.order_id {
        if status == Status::Accepted {
            move_version(db, order, result.version)?;
        }
        orders::refold(db, order)?;
    }
    if let (Some(code), true) = (&result.code, status != Status::Accepted) {
        applied.notices.push(notice(code, result.detail.clone()));
    }
    Ok(Some(JournalEntry::Settled(
        result.n,
        status.as_str().to_owned(),
        result.code.clone(),
        result.version,
    )))
}

fn is_known(row: &OutboxRow, status: Status, result: &CommandResult) -> bool {
    row.status == status && row.code == result.code && row.result_version == result.version
}

/// The order's newest known version grows with its own commands, and the checksum with it.
fn move_version(
    db: &Connection,
    order: &WorkOrderId,
    version: Option<u64>,
) -> Result<(), CoreError> {
    let (Some(version), Some(live)) = (version, orders::live(db, order)?) else {
        return Ok(());
    };
    if version <= live.version {
        return Ok(());
    }
    orders::raise_version(db, order, version)?;
    let mut row = cursors::load(db, cursors::scope_of(live.scope)?)?;
    let id = outbox_rows::key(order);
    row.subtract(EntryKind::Order, id, live.version);
    row.add(EntryKind::Order, id, version);
    cursors::save(db, &row)
}

impl ScopeRow {
    fn add(&mut self, kind: EntryKind, id: &[u8], version: u64) {
        self.checksum = self.checksum.wrapping_add(checksum_term(kind, id, version));
    }

    fn subtract(&mut self, kind: EntryKind, id: &[u8], version: u64) {
        self.checksum = self.checksum.wrapping_sub(checksum_term(kind, id, version));
    }
}

/// Notes where to send again from; `false` when the phone no longer holds that number.
fn resend_from(db: &Connection, from: u64) -> Result<bool, CoreError> {
    settings::set(db, settings::name::RESEND_FROM, from.cast_signed())?;
    let next: i64 = settings::get(db, settings::name::NEXT_N)?.unwrap_or(1);
    Ok(from >= next.cast_unsigned() || outbox_rows::find(db, from)?.is_some())
}

/// Results move the resend mark up; past the last number it is gone.
fn move_resend(db: &Connection, results: &[CommandResult]) -> Result<(), CoreError> {
    let Some(from) = settings::get::<i64>(db, settings::name::RESEND_FROM)? else {
        return Ok(());
    };
    let done = results.iter().map(|r| r.n.cast_signed()).max().unwrap_or(0);
    if done < from {
        return Ok(());
    }
    let next: i64 = settings::get(db, settings::name::NEXT_N)?.unwrap_or(1);
    if done + 1 >= next {
        settings::clear(db, settings::name::RESEND_FROM)
    } else {
        settings::set(db, settings::name::RESEND_FROM, done + 1)
    }
}

fn apply_page(
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

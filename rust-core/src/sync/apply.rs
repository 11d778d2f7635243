//! Writes what the server answered: results here, then [`pages`]. Nothing here touches own facts, files
//! or pending commands of the outbox.

use super::message::{Applied, Notice};
use super::pages;
use crate::error::CoreError;
use crate::store::cursors;
use crate::store::journal::JournalEntry;
use crate::store::outbox_rows::{self, OutboxRow, Status, Verdict};
use crate::store::{Store, orders, settings, trust};
use dianma_schema::fault;
use dianma_schema::id::WorkOrderId;
use dianma_schema::wire::sync::{CommandResult, EntryKind, Outcome, SyncResponse};
use rusqlite::Connection;

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
        applied.notices.push(notice(code));
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
        store.write(|tx| pages::apply_page(tx, page, now_ms, &mut applied))?;
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
                detail_en: error.fault().detail_en.clone(),
                ..Notice::of(fault::X_LISTS)
            });
            Ok(())
        }
        other => other,
    }
}

fn notice(code: &str) -> Notice {
    Notice::of(fault::FaultCode::find(code).unwrap_or(fault::X_INTERNAL))
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
        detail_en: result.detail_en.as_deref(),
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
        applied.notices.push(Notice {
            detail: result.detail.clone(),
            detail_en: result.detail_en.clone(),
            ..notice(code)
        });
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

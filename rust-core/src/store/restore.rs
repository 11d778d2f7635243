//! From the database to the journal and back: which entries the journal must hold, and how a fresh
//! database gets outbox, own facts and sign-in from them.

use super::journal::JournalEntry;
use super::outbox_rows::{self, Status, Verdict};
use super::{facts, orders, settings};
use crate::error::{CoreError, inconsistent};
use crate::outbox::word;
use dianma_schema::wire::command::CommandEnvelope;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// What must be in the journal: the sign-in, the next number, every command that is pending or
/// refused or belongs to an order in hand, and the answers to them.
pub fn journal_entries(db: &Connection) -> Result<Vec<JournalEntry>, CoreError> {
    let mut entries = Vec::new();
    if let Some(session) = settings::get::<Vec<u8>>(db, settings::name::SESSION)? {
        entries.push(JournalEntry::Session(session.into()));
    }
    let next: i64 = settings::get(db, settings::name::NEXT_N)?.unwrap_or(1);
    entries.push(JournalEntry::Base(next.cast_unsigned()));
    let mut statement = db.prepare_cached(
        "SELECT n, body, status, code, result_version FROM outbox
         WHERE status = 'pending' OR (status <> 'accepted' AND handled IS NULL)
            OR order_id IN (SELECT id FROM mirror_orders) ORDER BY n",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let n = row.get::<_, i64>(0)?.cast_unsigned();
        entries.push(JournalEntry::Put(n, row.get::<_, Vec<u8>>(1)?.into()));
        let status: String = row.get(2)?;
        if status != Status::Pending.as_str() {
            let version: Option<i64> = row.get(4)?;
            let version = version.map(i64::cast_unsigned);
            entries.push(JournalEntry::Settled(n, status, row.get(3)?, version));
        }
    }
    Ok(entries)
}

/// Whether the journal as read holds all that is wanted. Answers may be missing: the server gives
/// them again.
pub fn is_covered(wanted: &[JournalEntry], read: &[JournalEntry]) -> bool {
    let wanted = Collected::of(wanted);
    let read = Collected::of(read);
    let has_commands = wanted
        .puts
        .iter()
        .all(|(n, put)| read.puts.get(n) == Some(put));
    has_commands && read.session == wanted.session && read.next >= wanted.next
}

/// Journal entries by number; the last one of a number counts.
#[derive(Default)]
struct Collected<'a> {
    session: Option<&'a [u8]>,
    next: u64,
    puts: BTreeMap<u64, &'a [u8]>,
    settled: BTreeMap<u64, (&'a str, Option<&'a str>, Option<u64>)>,
}

impl<'a> Collected<'a> {
    fn of(entries: &'a [JournalEntry]) -> Self {
        let mut all = Self::default();
        for entry in entries {
            match entry {
                JournalEntry::Session(bytes) => all.session = Some(bytes),
                JournalEntry::Base(next) => all.next = all.next.max(*next),
                JournalEntry::Put(n, body) => {
                    all.next = all.next.max(n + 1);
                    all.puts.insert(*n, body);
                }
                JournalEntry::Settled(n, status, code, version) => {
                    all.settled.insert(*n, (status, code.as_deref(), *version));
                }
            }
        }
        all
    }
}

/// Fills a fresh database. A command whose answer is not in the journal is pending again; sending it
/// twice is harmless, the server answers a number it knows with the stored result.
pub fn from_journal(db: &Connection, entries: &[JournalEntry]) -> Result<(), CoreError> {
    let all = Collected::of(entries);
    if let Some(session) = all.session {
        settings::set(db, settings::name::SESSION, session)?;
    }
    settings::set(db, settings::name::NEXT_N, all.next.max(1).cast_signed())?;
    for (n, body) in &all.puts {
        take_over(db, body)?;
        if let Some((status, code, version)) = all.settled.get(n) {
            let verdict = Verdict {
                n: *n,
                status: status.parse().map_err(|_| inconsistent("journal status"))?,
                code: *code,
                detail: None,
                detail_en: None,
                version: *version,
                at_ms: 0,
            };
            outbox_rows::settle(db, &verdict)?;
        }
    }
    Ok(())
}

/// Takes over commands with numbers a sound database has not given out: the program was stopped
/// between the journal and the commit. The person had pressed the button, so the work counts.
pub fn adopt(db: &Connection, entries: &[JournalEntry]) -> Result<(), CoreError> {
    let next: i64 = settings::get(db, settings::name::NEXT_N)?.unwrap_or(1);
    let mut next = next.cast_unsigned();
    let all = Collected::of(entries);
    for (n, body) in all.puts.range(next..) {
        if *n != next {
            break;
        }
        let envelope = take_over(db, body)?;
        if let Some(order) = &envelope.order_id {
            orders::refold(db, order)?;
        }
        next += 1;
    }
    settings::set(db, settings::name::NEXT_N, next.cast_signed())
}

fn take_over(db: &Connection, body: &[u8]) -> Result<CommandEnvelope, CoreError> {
    let envelope: CommandEnvelope =
        minicbor::decode(body).map_err(|_| inconsistent("journal command"))?;
    outbox_rows::insert(db, &envelope, body, word(&envelope.body))?;
    facts::project(db, &envelope)?;
    Ok(envelope)
}

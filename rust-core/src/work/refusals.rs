//! Refused commands: shown until a person has decided on each. Three ways out, none of which throws
//! the work away: do it again on the new state, tell the dispatcher, or keep it as a record.

use super::view::OutboxEntry;
use super::{Orders, Saved, give_in, resolve};
use crate::error::CoreError;
use crate::outbox::{self, NewCommand, Stamp, renumber};
use crate::store::journal::JournalEntry;
use crate::store::orders;
use crate::store::outbox_rows::{self, OutboxRow, Status};
use dianma_schema::fault;
use dianma_schema::id::WorkOrderId;
use dianma_schema::text_enum;
use dianma_schema::wire::command::{Body, RefusalHandled};
use rusqlite::Connection;
use serde::Serialize;

text_enum! {
    /// What a person does with a refused command.
    pub enum Choice {
        0 Redo = "redo", "按新状态重做", "Redo on the new state";
        1 Note = "note", "转调度备注", "Send to the dispatcher as a note";
        2 RecordOnly = "record_only", "仅存为记录", "Keep as a record only";
    }
}

/// A refused command with what it was about.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// The command and the server's words.
    #[serde(flatten)]
    pub entry: OutboxEntry,
    /// The earlier refused command this one hangs on, when that is why.
    pub depends_on: Option<u64>,
    /// What can be done with it.
    pub choices: Vec<&'static str>,
}

impl Orders {
    /// Refused commands nobody has decided on, oldest first.
    pub fn refusals(&self) -> Result<Vec<Refusal>, CoreError> {
        self.shared.user()?;
        self.shared.read(|db| {
            let rows = outbox_rows::open_refusals(db, 1_000)?;
            rows.iter().map(|row| read(db, row)).collect()
        })
    }

    /// Decides on a refused command. Redo gives the same command again, checked against the state
    /// of now; when that does not fit, nothing changes and the fault says why.
    pub fn handle_refusal(
        &self,
        n: u64,
        choice: Choice,
        words: Option<&str>,
    ) -> Result<Saved, CoreError> {
        let user = self.shared.user()?;
        let now_ms = self.shared.server_now_ms()?;
        let stamp = Stamp::now(self.shared.clock());
        self.shared.write_journaled(|tx| {
            let row = open_refusal(tx, n)?;
            let mut entries = vec![handled(tx, stamp, &row, choice, words)?];
            let mut saved = Saved {
                n,
                work_order: None,
            };
            outbox_rows::set_handled(tx, n, choice as u8)?;
            if let Some(order) = &row.order_id {
                orders::refold(tx, order)?;
                orders::remove_settled(tx)?;
            }
            if choice == Choice::Redo {
                let (again, entry) = match &row.order_id {
                    Some(id) => {
                        let order = resolve(tx, &id.to_string())?;
                        let body = row.envelope.body.clone();
                        give_in(tx, &user, now_ms, stamp, &order, body, row.envelope.place)?
                    }
                    None => device_fact_again(tx, stamp, &row)?,
                };
                saved = again;
                entries.push(entry);
            }
            Ok((saved, entries))
        })
    }
}

/// Refused commands of an order nobody has decided on, oldest first.
pub fn of_order(db: &Connection, order: &WorkOrderId) -> Result<Vec<Refusal>, CoreError> {
    let rows = outbox_rows::of_order(db, order)?;
    let open = rows.iter().filter(|row| is_open(row));
    open.map(|row| read(db, row)).collect()
}

fn read(db: &Connection, row: &OutboxRow) -> Result<Refusal, CoreError> {
    Ok(Refusal {
        entry: OutboxEntry::read(db, row)?,
        depends_on: row.envelope.depends_on,
        choices: Choice::ALL.iter().map(|choice| choice.as_str()).collect(),
    })
}

fn is_open(row: &OutboxRow) -> bool {
    matches!(row.status, Status::Rejected | Status::Quarantined) && row.handled.is_none()
}

fn open_refusal(db: &Connection, n: u64) -> Result<OutboxRow, CoreError> {
    let row = outbox_rows::find(db, n)?.filter(is_open);
    row.ok_or_else(|| {
        CoreError::of(fault::V_NOT_FOUND).because_of(
            "没有这条待处理的被拒操作",
            "no such refused command waits here",
        )
    })
}

/// The fact that tells the server what was decided. A refusal of an earlier device number is told
/// in words: the server does not know that number as ours.
fn handled(
    db: &Connection,
    stamp: Stamp,
    row: &OutboxRow,
    choice: Choice,
    words: Option<&str>,
) -> Result<JournalEntry, CoreError> {
    let is_earlier = row.n > renumber::EARLIER_DEVICE;
    let body = match (is_earlier, &row.order_id) {
        (true, Some(_)) => Body::Note(format!(
            "{}：{}（{}）{}",
            choice.zh(),
            outbox::word_zh(&row.command),
            row.code.as_deref().unwrap_or(""),
            words.unwrap_or(""),
        )),
        _ => Body::RefusalHandled(RefusalHandled {
            n: row.n,
            choice: choice as u8,
            note: words.map(str::to_owned),
        }),
    };
    let command = NewCommand {
        order_id: row.order_id,
        body,
        place: None,
    };
    Ok(outbox::enqueue(db, stamp, command)?.1)
}

fn device_fact_again(
    db: &Connection,
    stamp: Stamp,
    row: &OutboxRow,
) -> Result<(Saved, JournalEntry), CoreError> {
    let command = NewCommand {
        order_id: None,
        body: row.envelope.body.clone(),
        place: row.envelope.place,
    };
    let (n, entry) = outbox::enqueue(db, stamp, command)?;
    let saved = Saved {
        n,
        work_order: None,
    };
    Ok((saved, entry))
}

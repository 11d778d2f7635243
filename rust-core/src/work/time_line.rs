//! The time line of an order on the phone: what the office set, what was done here and what became of
//! it. Everything is read from the order's record and the outbox; nothing is kept twice.

use crate::error::CoreError;
use crate::outbox::{word_en, word_zh};
use crate::store::orders::StoredOrder;
use crate::store::outbox_rows::{self, OutboxRow, Status};
use dianma_schema::order::{Command, OrderState};
use rusqlite::Connection;
use serde::Serialize;

/// One moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// When, epoch ms; phone clock for what was done here.
    pub at_ms: i64,
    /// What, Chinese.
    pub zh: String,
    /// What, English.
    pub en: String,
    /// Where it stands, for what was done here.
    pub status: Option<Status>,
}

/// Moments of an order, oldest first. Records and photos are many and shown elsewhere; they are left out.
pub fn of(db: &Connection, order: &StoredOrder) -> Result<Vec<Moment>, CoreError> {
    let record = &order.record;
    let mut moments = vec![Moment {
        at_ms: record.taken_in_at_ms,
        zh: "受理".to_owned(),
        en: "Taken in".to_owned(),
        status: None,
    }];
    for row in outbox_rows::of_order(db, &record.id)? {
        moments.extend(of_row(&row));
    }
    moments.sort_by_key(|moment| moment.at_ms);
    Ok(moments)
}

/// The record keeps one reason for everything. It is the office's when the order was sent back or given
/// to this person, also while it is redone; a suspension's is the person's own.
pub fn office_reason(db: &Connection, order: &StoredOrder) -> Result<Option<String>, CoreError> {
    let record = &order.record;
    let rows = outbox_rows::of_order(db, &record.id)?;
    let last = rows
        .iter()
        .filter(|row| row.status.is_standing())
        .rfind(|row| matches!(row.command.as_str(), "redo" | "suspend"));
    let is_redone = last.is_some_and(|row| row.command == "redo");
    let is_office = matches!(record.state, OrderState::Rejected | OrderState::Reassigned);
    let reason = record.reason.clone().filter(|_| is_office || is_redone);
    Ok(reason.filter(|words| !words.trim().is_empty()))
}

fn of_row(row: &OutboxRow) -> Option<Moment> {
    let word = row.command.as_str();
    if !matches!(word, "note" | "cost") && word.parse::<Command>().is_err() {
        return None;
    }
    Some(Moment {
        at_ms: row.created_at_ms,
        zh: word_zh(word).to_owned(),
        en: word_en(word).to_owned(),
        status: Some(row.status),
    })
}

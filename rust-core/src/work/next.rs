//! The single next step of an order: what the bar at the bottom of the card says, what it asks for,
//! and what is still missing. The lifecycle table decides; this file only puts it into words.

use super::needs;
use crate::error::CoreError;
use crate::outbox;
use crate::session::SessionRecord;
use crate::store::orders::StoredOrder;
use crate::store::{facts, outbox_rows};
use dianma_schema::order::{Command, EvidenceKind, OrderState, evidence, record};
use dianma_schema::text_enum;
use rusqlite::Connection;
use serde::Serialize;

text_enum! {
    /// What a step asks the person for before the command can be given.
    pub enum Ask {
        0 Nothing = "nothing", "直接操作", "Nothing";
        1 Scan = "scan", "扫描现场码", "Scan the place code";
        2 Hazards = "hazards", "确认危险点", "Acknowledge the hazards";
        3 Record = "record", "填写记录和凭证", "Fill in record and evidence";
        4 Closing = "closing", "客户签名和评价", "Customer's signature and opinion";
    }
}

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// The command it ends in.
    pub command: Command,
    /// What it asks for.
    pub ask: Ask,
    /// What is missing, Chinese; empty when nothing is.
    pub hint_zh: String,
    /// English.
    pub hint_en: String,
}

/// The next step of an order as the person sees it; none when the office has the next word.
pub fn of(
    db: &Connection,
    user: &SessionRecord,
    order: &StoredOrder,
) -> Result<Option<NextStep>, CoreError> {
    if order.left_at_ms.is_some() || order.record.assignee_id != Some(user.staff_id) {
        return Ok(None);
    }
    let Some(command) = command(db, order)? else {
        return Ok(None);
    };
    if needs::check_state(order, command).is_err() {
        return Ok(None);
    }
    let (ask, (hint_zh, hint_en)) = match command {
        Command::Arrive => (
            Ask::Scan,
            words("扫描客户码或表计码", "scan the code on site"),
        ),
        Command::Begin => (
            Ask::Hazards,
            words("先确认危险点", "acknowledge the hazards first"),
        ),
        Command::Finish => finishing(db, order)?,
        _ => (Ask::Nothing, words("", "")),
    };
    Ok(Some(NextStep {
        command,
        ask,
        hint_zh,
        hint_en,
    }))
}

fn words(zh: &str, en: &str) -> (String, String) {
    (zh.to_owned(), en.to_owned())
}

fn command(db: &Connection, order: &StoredOrder) -> Result<Option<Command>, CoreError> {
    Ok(match order.state {
        OrderState::Dispatched | OrderState::Reassigned => Some(Command::Accept),
        OrderState::Accepted if has_departed(db, order)? => Some(Command::Arrive),
        OrderState::Accepted => Some(Command::Depart),
        OrderState::Arrived => Some(Command::Begin),
        OrderState::Working if order.is_finished => Some(Command::Submit),
        OrderState::Working => Some(Command::Finish),
        OrderState::Rejected => Some(Command::Redo),
        OrderState::Suspended => Some(Command::Resume),
        OrderState::Draft
        | OrderState::Submitted
        | OrderState::Archived
        | OrderState::Cancelled => None,
    })
}

/// Departed since the order was last accepted or resumed, as far as this phone knows.
fn has_departed(db: &Connection, order: &StoredOrder) -> Result<bool, CoreError> {
    let rows = outbox_rows::of_order(db, &order.record.id)?;
    let depart = outbox::word(&dianma_schema::wire::command::Body::Depart);
    let last = rows
        .iter()
        .filter(|row| row.status.is_standing())
        .rfind(|row| matches!(row.command.as_str(), "accept" | "resume" | "depart"));
    Ok(last.is_some_and(|row| row.command == depart))
}

/// Before the customer closes: what of record and evidence is missing.
fn finishing(db: &Connection, order: &StoredOrder) -> Result<(Ask, (String, String)), CoreError> {
    let kind = order.record.kind;
    let fields = record::check(kind, &facts::values(db, &order.record.id)?).len();
    let own = facts::evidence(db, &order.record.id)?;
    let have: Vec<(&str, EvidenceKind)> = own
        .iter()
        .filter_map(|item| Some((item.slot.as_str(), item.kind.parse().ok()?)))
        .collect();
    let files = evidence::missing(kind, &have).len();
    Ok(match (fields, files) {
        (0, 0) => (
            Ask::Closing,
            words("请客户签名并评价", "ask for signature and opinion"),
        ),
        (0, files) => (
            Ask::Record,
            (
                format!("还差 {files} 项凭证"),
                format!("{files} evidence items missing"),
            ),
        ),
        (fields, 0) => (
            Ask::Record,
            (
                format!("还差 {fields} 项记录"),
                format!("{fields} record fields missing"),
            ),
        ),
        (fields, files) => (
            Ask::Record,
            (
                format!("还差 {fields} 项记录、{files} 项凭证"),
                format!("{fields} fields and {files} evidence items missing"),
            ),
        ),
    })
}

//! The outbox and refused commands at the door: what is on its way, what came back, what to do.

use super::errors::guarded;
use super::sync::SyncStrip;
use super::words::words_of;
use super::{Core, PhoneError, SavedView, Words};
use crate::error::CoreError;
use crate::store::outbox_rows::Status;
use crate::work::{Choice, OutboxEntry, Refusal, moment};
use dianma_schema::fault::{self, FaultCode};

/// A queued command.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct OutboxRowView {
    /// Number.
    pub n: u64,
    /// Order; none for device facts.
    pub order_id: Option<String>,
    /// Its human number, while it is on the phone.
    pub order_number: Option<String>,
    /// What was done.
    pub what: Words,
    /// "09:42" today, day and clock otherwise.
    pub at: String,
    /// `pending`, `accepted`, `rejected` or `quarantined`.
    pub status: String,
    /// Its name.
    pub status_name: Words,
    /// Fault code when refused; empty otherwise.
    pub code: String,
    /// The code's sentence; empty otherwise.
    pub sentence: Words,
    /// Who changed what meanwhile, Chinese.
    pub detail: Option<String>,
    /// A person has decided on it.
    pub is_handled: bool,
}

/// A refused command and what can be done.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct RefusalView {
    /// The command.
    pub row: OutboxRowView,
    /// The earlier refused command this one hangs on.
    pub depends_on: Option<u64>,
    /// What can be done, best first.
    pub choices: Vec<super::order_view::ChoiceView>,
}

/// The sync screen.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct OutboxView {
    /// The strip.
    pub strip: SyncStrip,
    /// Refused commands nobody has decided on, oldest first.
    pub refusals: Vec<RefusalView>,
    /// Everything queued, newest first.
    pub rows: Vec<OutboxRowView>,
}

#[uniffi::export]
impl Core {
    /// The sync screen; `before` pages through the rows.
    pub fn outbox(&self, before: Option<u64>, limit: u32) -> Result<OutboxView, PhoneError> {
        guarded(|| {
            let orders = self.phone().orders();
            let now_ms = self.now_ms()?;
            let refusals = orders.refusals()?.into_iter();
            let refusals = refusals.map(|r| refusal_view(r, now_ms)).collect();
            let rows = orders.outbox(before, limit)?.into_iter();
            Ok(OutboxView {
                strip: self.strip_view()?,
                refusals,
                rows: rows.map(|entry| row(entry, now_ms)).collect(),
            })
        })
    }

    /// Decides on a refused command: `redo`, `note` or `record_only`, with words for the dispatcher.
    pub fn handle_refusal(
        &self,
        n: u64,
        choice: String,
        words: Option<String>,
    ) -> Result<SavedView, PhoneError> {
        self.saving(|orders, _| {
            let choice: Choice = choice.parse().map_err(|_| {
                CoreError::of(fault::V_FIELD).field("choice", "没有这个选项", "no such choice")
            })?;
            orders.handle_refusal(n, choice, words.as_deref())
        })
    }
}

pub(super) fn refusal_view(refusal: Refusal, now_ms: i64) -> RefusalView {
    RefusalView {
        row: row(refusal.entry, now_ms),
        depends_on: refusal.depends_on,
        choices: choices(),
    }
}

fn choices() -> Vec<super::order_view::ChoiceView> {
    let all = Choice::ALL
        .iter()
        .map(|choice| super::order_view::ChoiceView {
            value: choice.as_str().to_owned(),
            name: words_of!(*choice),
        });
    all.collect()
}

fn row(entry: OutboxEntry, now_ms: i64) -> OutboxRowView {
    let known = entry.code.as_deref().and_then(FaultCode::find);
    OutboxRowView {
        n: entry.n,
        order_id: entry.order_id.map(|id| id.to_string()),
        order_number: entry.order_number,
        what: Words::new(entry.command_zh, crate::outbox::word_en(&entry.command)),
        at: moment(entry.at_ms, now_ms),
        status: Status::as_str(entry.status).to_owned(),
        status_name: words_of!(entry.status),
        sentence: known.map_or_else(Words::default, |code| words_of!(code)),
        code: entry.code.unwrap_or_default(),
        detail: entry.detail,
        is_handled: entry.handled.is_some(),
    }
}

//! The outbox and refused commands at the door: what is on its way, what came back, what to do.

use super::errors::guarded;
use super::sync::{SyncStrip, megabytes};
use super::words::words_of;
use super::{Core, PhoneError, SavedView, Words};
use crate::error::CoreError;
use crate::store::files::{self, FileOnTheWay};
use crate::store::outbox_rows::Status;
use crate::sync::policy::{self, Freight, Hold, Link};
use crate::work::{Choice, OutboxEntry, Refusal, moment};
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::order::EvidenceKind;

/// Files listed.
const MOST_FILES: u32 = 200;

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
    /// Who changed what meanwhile.
    pub detail: Option<Words>,
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

/// A photo, recording, video or signature that is not at the server yet.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct FileRowView {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// "照片".
    pub what: Words,
    /// Order.
    pub order_id: String,
    /// Its human number, while it is on the phone.
    pub order_number: Option<String>,
    /// "已传 0.4 / 1.2 MB", or what it waits for.
    pub progress: Words,
    /// It waits only for the data plan's sake: a person may send it now.
    pub can_send_now: bool,
    /// Why the upload stopped for good; empty while it goes on.
    pub sentence: Words,
    /// The code of that; empty likewise.
    pub code: String,
}

/// The sync screen.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct OutboxView {
    /// The strip.
    pub strip: SyncStrip,
    /// Refused commands nobody has decided on, oldest first.
    pub refusals: Vec<RefusalView>,
    /// Files that are not at the server yet, at most 200, stopped ones first.
    pub files: Vec<FileRowView>,
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
            let link = self.phone().link()?;
            let files = self
                .phone()
                .inspect(|db| files::on_the_way(db, MOST_FILES))?;
            Ok(OutboxView {
                files: files
                    .into_iter()
                    .map(|file| file_row(file, &link))
                    .collect(),
                strip: self.strip_view()?,
                refusals,
                rows: rows.map(|entry| row(entry, now_ms)).collect(),
            })
        })
    }

    /// Sends a file that waits for a better network or another day with the next exchange.
    pub fn send_file_now(&self, sha256: String) -> Result<(), PhoneError> {
        guarded(|| {
            self.phone().send_file_now(&sha256)?;
            self.written();
            Ok(())
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

fn file_row(file: FileOnTheWay, link: &Link) -> FileRowView {
    let kind: Option<EvidenceKind> = file.kind.parse().ok();
    let stopped = file.fault_code.as_deref().and_then(FaultCode::find);
    let hold = policy::hold(link, &file.freight).filter(|_| stopped.is_none());
    let progress = match (stopped, hold) {
        (Some(_), _) => Words::same(&megabytes(file.freight.size)),
        (None, hold) => progress(&file.freight, hold),
    };
    FileRowView {
        sha256: file.sha256,
        what: kind.map_or_else(|| Words::same(&file.kind), |kind| words_of!(kind)),
        order_id: file.order_id.to_string(),
        order_number: file.order_number,
        progress,
        can_send_now: hold.is_some() && policy::sends_files(link.net),
        sentence: stopped.map_or_else(Words::default, |code| words_of!(code)),
        code: file.fault_code.unwrap_or_default(),
    }
}

/// How far a file has come, or what it waits for.
fn progress(file: &Freight, hold: Option<Hold>) -> Words {
    let size = megabytes(file.size);
    let so_far = if file.sent_bytes > 0 {
        let sent = megabytes(file.sent_bytes);
        Words {
            zh: format!("已传 {sent} / {size}"),
            en: format!("{sent} of {size} sent"),
        }
    } else {
        Words::same(&size)
    };
    match hold {
        Some(hold) => Words {
            zh: format!("{}，{}", so_far.zh, hold.zh()),
            en: format!("{}, {}", so_far.en, hold.en()),
        },
        None if file.sent_bytes > 0 => so_far,
        None => Words {
            zh: format!("待上传 {size}"),
            en: format!("{size} to send"),
        },
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
        detail: Words::of(entry.detail, entry.detail_en),
        is_handled: entry.handled.is_some(),
    }
}

//! Drafts at an order: kept while they are typed, forgotten in the transaction that queues what they
//! were for. The names before the first dot are topics; what belongs to which command is one list.

use super::{Orders, resolve};
use crate::error::CoreError;
use crate::store::drafts;
use dianma_schema::fault;
use dianma_schema::id::WorkOrderId;
use dianma_schema::wire::command::Body;
use rusqlite::Connection;

/// Longest draft, characters.
const LONGEST: usize = 2_000;
/// Longest name of a draft, characters.
const LONGEST_NAME: usize = 80;

impl Orders {
    /// Keeps what was begun; empty words forget it.
    pub fn keep_draft(&self, order: &str, name: &str, words: &str) -> Result<(), CoreError> {
        self.shared.user()?;
        if name.chars().count() > LONGEST_NAME || words.chars().count() > LONGEST {
            return Err(CoreError::of(fault::V_FIELD).field(
                name,
                "最多 2000 字",
                "at most 2000 characters",
            ));
        }
        let now_ms = self.shared.clock().wall_ms();
        self.shared.write(|tx| {
            let order = resolve(tx, order)?;
            drafts::put(tx, &order.record.id, name, words, now_ms)
        })
    }

    /// Forgets the drafts of a topic.
    pub fn forget_drafts(&self, order: &str, topic: &str) -> Result<(), CoreError> {
        self.shared.user()?;
        self.shared.write(|tx| {
            let order = resolve(tx, order)?;
            drafts::forget(tx, &order.record.id, topic)
        })
    }
}

/// Forgets the drafts a queued body was made of.
pub fn spend(db: &Connection, order: &WorkOrderId, body: &Body) -> Result<(), CoreError> {
    let topic = match body {
        Body::Begin(_) => "hazard",
        Body::Finish(_) => "closing",
        Body::Suspend(_) => "suspend",
        Body::RequestReassignment(_) => "reassign",
        Body::Note(_) => "note",
        Body::Cost(_) => "cost",
        _ => return Ok(()),
    };
    drafts::forget(db, order, topic)
}

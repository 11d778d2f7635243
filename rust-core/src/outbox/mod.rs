//! The outbox (发件箱): queues a command or fact with its dense number, its time evidence and its
//! second copy, in the transaction that also moves what the person sees.

pub mod fold;
pub mod renumber;

use crate::clock::Clock;
use crate::error::{CoreError, inconsistent};
use crate::store::journal::JournalEntry;
use crate::store::outbox_rows::{self, Status};
use crate::store::{facts, orders, settings};
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::evidence::WITHDRAWN;
use dianma_schema::time::DAY_MS;
use dianma_schema::wire::command::{Body, CommandEnvelope};
use dianma_schema::wire::sync::MAX_COMMAND_BYTES;
use rusqlite::Connection;

pub use renumber::{number_above, renumber};

/// Accepted rows are kept this long: they heal a server restored from an older backup.
const KEEP_ACCEPTED_MS: i64 = 14 * DAY_MS;

/// What is to be queued.
#[derive(Clone, Debug)]
pub struct NewCommand {
    /// The order; none for device facts.
    pub order_id: Option<WorkOrderId>,
    /// The payload.
    pub body: Body,
    /// Where it was done, when known.
    pub place: Option<Place>,
}

/// The time evidence of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Phone wall clock, epoch ms.
    pub wall_ms: i64,
    /// Since boot.
    pub elapsed_ms: u64,
    /// Which boot.
    pub boot_id: u32,
}

impl Stamp {
    /// Reads the clocks.
    pub fn now(clock: &dyn Clock) -> Self {
        Self {
            wall_ms: clock.wall_ms(),
            elapsed_ms: clock.elapsed_ms(),
            boot_id: clock.boot_id(),
        }
    }
}

/// Queues a command inside the caller's transaction. The caller hands the entry to the journal.
pub fn enqueue(
    db: &Connection,
    stamp: Stamp,
    new: NewCommand,
) -> Result<(u64, JournalEntry), CoreError> {
    let n: i64 = settings::get(db, settings::name::NEXT_N)?.unwrap_or(1);
    settings::set(db, settings::name::NEXT_N, n + 1)?;
    let n = n.cast_unsigned();
    let word = word(&new.body);
    let envelope = CommandEnvelope {
        n,
        base_version: base_version(db, new.order_id.as_ref())?,
        depends_on: depends_on(db, &new)?,
        order_id: new.order_id,
        wall_ms: stamp.wall_ms,
        elapsed_ms: stamp.elapsed_ms,
        boot_id: stamp.boot_id,
        clock_offset_ms: settings::get(db, settings::name::CLOCK_OFFSET_MS)?,
        body: new.body,
        place: new.place,
        schema_version: None,
    };
    let body = minicbor::to_vec(&envelope).map_err(|_| inconsistent("command"))?;
    if body.len() > MAX_COMMAND_BYTES {
        return Err(CoreError::of(fault::V_TOO_LARGE));
    }
    outbox_rows::insert(db, &envelope, &body, word)?;
    facts::project(db, &envelope)?;
    if let Some(order) = &envelope.order_id {
        orders::refold(db, order)?;
    }
    Ok((n, JournalEntry::Put(n, body.into())))
}

fn base_version(db: &Connection, order: Option<&WorkOrderId>) -> Result<u64, CoreError> {
    let Some(order) = order else {
        return Ok(0);
    };
    Ok(orders::find(db, order)?.map_or(0, |order| order.version))
}

/// A transition builds on the last unanswered transition of the same order; facts stand alone.
fn depends_on(db: &Connection, new: &NewCommand) -> Result<Option<u64>, CoreError> {
    let (Some(order), Some(_)) = (&new.order_id, new.body.command()) else {
        return Ok(None);
    };
    let rows = outbox_rows::of_order(db, order)?;
    let last = rows
        .iter()
        .rfind(|row| row.status == Status::Pending && row.envelope.body.command().is_some());
    Ok(last.map(|row| row.n))
}

/// The word a payload is stored and shown under.
pub fn word(body: &Body) -> &'static str {
    match body {
        Body::Accept => "accept",
        Body::Depart => "depart",
        Body::Arrive(_) => "arrive",
        Body::Begin(_) => "begin",
        Body::Finish(_) => "finish",
        Body::Submit => "submit",
        Body::Suspend(_) => "suspend",
        Body::Resume => "resume",
        Body::Redo => "redo",
        Body::RequestReassignment(_) => "request_reassignment",
        Body::Record(_) => "record",
        Body::Evidence(item) if item.slot == WITHDRAWN => "evidence_withdrawn",
        Body::Evidence(_) => "evidence",
        Body::Cost(_) => "cost",
        Body::Note(_) => "note",
        Body::Duty(_) => "duty",
        Body::RefusalHandled(_) => "refusal_handled",
    }
}

/// The Chinese name of a stored word.
pub fn word_zh(word: &str) -> &'static str {
    match word {
        "record" => "现场记录",
        "evidence" => "凭证",
        "evidence_withdrawn" => "撤下凭证",
        "cost" => "费用",
        "note" => "备注",
        "duty" => "在岗状态",
        "refusal_handled" => "处理被拒操作",
        other => other
            .parse::<dianma_schema::order::Command>()
            .map_or("操作", dianma_schema::order::Command::zh),
    }
}

/// The English name of a stored word.
pub fn word_en(word: &str) -> &'static str {
    match word {
        "record" => "Field record",
        "evidence" => "Evidence",
        "evidence_withdrawn" => "Evidence taken back",
        "cost" => "Cost sheet",
        "note" => "Remark",
        "duty" => "Duty",
        "refusal_handled" => "Refusal handled",
        other => other
            .parse::<dianma_schema::order::Command>()
            .map_or("Action", dianma_schema::order::Command::en),
    }
}

/// Forgets accepted rows after 14 days, unless the order's record does not show them yet. Pending
/// and refused rows are never forgotten here.
pub fn prune(db: &Connection, now_ms: i64) -> Result<usize, CoreError> {
    Ok(db
        .prepare_cached(
            "DELETE FROM outbox WHERE status = 'accepted' AND settled_at_ms < ?1
             AND NOT EXISTS (SELECT 1 FROM mirror_orders m WHERE m.id = outbox.order_id
                             AND m.record_version < outbox.result_version)",
        )?
        .execute([now_ms - KEEP_ACCEPTED_MS])?)
}

//! A phone's outbox, taken in one transaction: a savepoint per command, a stored result per number,
//! the feed last. This file is the protocol (replay, gap, same number, what stops a batch); what a
//! command means is in `command.rs`.

use super::command::{self, Done, Stop};
use super::incoming::Incoming;
use super::occurred::Derivation;
use super::own::{self, Own};
use super::stored::{self, DeviceTouch, Verdict};
use crate::auth::Actor;
use crate::error::Detail;
use crate::feed::{self, Change};
use crate::orders::{By, OrderRow};
use crate::store::{StoreError, Tx, savepoint};
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::id::{DeviceId, StaffId, WorkOrderId};
use dianma_schema::wire::command::{Body, CommandEnvelope};
use dianma_schema::wire::sync::{CommandResult, MAX_COMMANDS, Outcome, SyncRequest};
use std::collections::BTreeMap;

/// What becomes of a batch.
#[derive(Debug, Default)]
pub struct Reply {
    /// One per command looked at.
    pub results: Vec<CommandResult>,
    /// The phone must send again from here.
    pub resend_from: Option<u64>,
    /// A fault of the whole exchange.
    pub fault: Option<FaultCode>,
    /// Commands were left for the next request.
    pub is_cut: bool,
    /// Changes of this batch the phone need not be told.
    pub own: Vec<Own>,
}

/// State of a batch while it is applied.
pub(super) struct Batch {
    pub(super) now_ms: i64,
    pub(super) by: By,
    pub(super) staff_id: StaffId,
    pub(super) device_id: DeviceId,
    pub(super) is_on_duty: bool,
    /// Orders as this batch has left them; loaded and locked once.
    pub(super) orders: BTreeMap<WorkOrderId, OrderRow>,
    /// Feed changes of all commands, published once at the end.
    pub(super) changes: Vec<Change>,
    /// Verdicts given in this batch, for commands that build on them.
    pub(super) verdicts: BTreeMap<u64, (Outcome, Option<u64>)>,
    /// A person in the office vouches for the command: it is the order's, whoever has the order now.
    pub(super) is_vouched: bool,
    times: Derivation,
    touch: DeviceTouch,
    /// Orders as they were before this batch.
    before: BTreeMap<WorkOrderId, OrderRow>,
}

impl Batch {
    fn new(
        now_ms: i64,
        actor: &Actor,
        device_id: DeviceId,
        device: stored::DeviceRow,
        wall_ms: Option<i64>,
    ) -> Self {
        Self {
            now_ms,
            by: By::from(actor),
            staff_id: actor.staff_id,
            device_id,
            is_on_duty: device.is_on_duty,
            orders: BTreeMap::new(),
            changes: Vec::new(),
            verdicts: BTreeMap::new(),
            is_vouched: false,
            times: Derivation::new(now_ms, wall_ms),
            touch: DeviceTouch {
                last_n: device.last_n,
                chain: device.chain,
                ..DeviceTouch::default()
            },
            before: BTreeMap::new(),
        }
    }
}

/// One quarantined command, tried again on the word of a person in the office. `actor` is whose phone it
/// was; the caller publishes the changes and keeps the verdict.
pub(super) fn retry(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor: &Actor,
    device_id: DeviceId,
    envelope: &CommandEnvelope,
    received_at_ms: i64,
) -> Result<Done, Stop> {
    let Some(device) = stored::lock_device(tx, device_id)? else {
        return Err(Stop::Quarantine(fault::V_NOT_FOUND));
    };
    let mut batch = Batch::new(now_ms, actor, device_id, device, None);
    batch.is_vouched = true;
    let occurred = Derivation::new(received_at_ms, None).next(envelope);
    savepoint(tx, |tx| command::apply(tx, &batch, envelope, occurred))
}

/// What is done with one command.
enum Step {
    Answer(CommandResult),
    Gap,
    Later(FaultCode),
}

/// Takes the commands of a request. A store error undoes everything: the phone sends again.
pub fn apply(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor: &Actor,
    device_id: DeviceId,
    request: &SyncRequest,
) -> Result<Reply, StoreError> {
    let Some(device) = stored::lock_device(tx, device_id)? else {
        return Err(StoreError::Refused(
            "a session without its device".to_owned(),
        ));
    };
    let (is_blocked, last_n) = (device.is_blocked, device.last_n);
    let mut batch = Batch::new(now_ms, actor, device_id, device, request.wall_ms);
    let mut reply = Reply {
        fault: is_blocked.then_some(fault::A_DEVICE_REVOKED),
        ..Reply::default()
    };
    let sent = request.commands.as_deref().unwrap_or_default();
    reply.is_cut = sent.len() > MAX_COMMANDS;
    let commands = read_all(tx, &batch, sent)?;
    for (n, command) in &commands {
        match step(tx, &mut batch, is_blocked, *n, command)? {
            Step::Answer(result) => reply.results.push(result),
            Step::Gap => {
                reply.resend_from = Some(batch.touch.last_n + 1);
                break;
            }
            Step::Later(code) => {
                reply.fault = Some(code);
                reply.is_cut = true;
                break;
            }
        }
    }
    if commands.is_empty() && request.acked_n > last_n {
        // The server was restored from a backup: the phone offers its tail again (sync design §4).
        reply.resend_from = Some(last_n + 1);
    }
    reply.own = close(tx, batch, request)?;
    Ok(reply)
}

/// Reads the commands and settles their numbers: one whose number cannot be read stands between its
/// neighbours, because numbers are dense.
fn read_all<'a>(
    tx: &mut dyn Tx,
    batch: &Batch,
    sent: &'a [minicbor::bytes::ByteVec],
) -> Result<Vec<(u64, Incoming<'a>)>, StoreError> {
    let read: Vec<Incoming<'a>> = sent
        .iter()
        .take(MAX_COMMANDS)
        .map(|raw| Incoming::read(raw))
        .collect();
    let known = read
        .iter()
        .enumerate()
        .find_map(|(at, command)| command.n?.checked_sub(at as u64));
    let first = match (known, read.first()) {
        (Some(first), _) => first,
        (None, None) => batch.touch.last_n + 1,
        (None, Some(command)) => {
            // Nothing tells its number: it is the last one again, or the next one.
            let last = stored::taken(tx, batch.device_id, batch.touch.last_n)?;
            let is_again = last.is_some_and(|last| last.hash == command.hash);
            batch.touch.last_n + u64::from(!is_again)
        }
    };
    let mut next = first;
    let numbered = read.into_iter().map(|command| {
        let n = command.n.unwrap_or(next);
        next = n.saturating_add(1);
        (n, command)
    });
    Ok(numbered.collect())
}

fn step(
    tx: &mut dyn Tx,
    batch: &mut Batch,
    is_blocked: bool,
    n: u64,
    command: &Incoming<'_>,
) -> Result<Step, StoreError> {
    let next = batch.touch.last_n + 1;
    if n > next {
        return Ok(Step::Gap);
    }
    if n < next {
        return replay(tx, batch, n, command).map(Step::Answer);
    }
    let (result, occurred_at_ms, order_id) = match &command.envelope {
        Err(code) => (
            quarantined(tx, batch, n, *code, command.raw)?,
            batch.now_ms,
            None,
        ),
        Ok(envelope) => {
            let occurred = batch.times.next(envelope);
            batch.touch.skew_ms = Some(occurred.skew_ms);
            let result = if is_blocked {
                quarantined(tx, batch, n, fault::A_DEVICE_REVOKED, command.raw)?
            } else {
                match decide(tx, batch, envelope, occurred, command.raw)? {
                    Ok(result) => result,
                    Err(code) => return Ok(Step::Later(code)),
                }
            };
            if let (Outcome::Quarantined, Body::Evidence(item)) = (result.outcome, &envelope.body) {
                stored::name_file(tx, batch.device_id, n, &item.sha256, occurred.at_ms)?;
            }
            locate(batch, envelope, occurred.at_ms, is_blocked);
            (result, occurred.at_ms, envelope.order_id)
        }
    };
    let verdict = Verdict {
        result: &result,
        order_id,
        received_at_ms: batch.now_ms,
        occurred_at_ms,
    };
    let chain = batch.touch.chain.as_deref();
    batch.touch.chain = Some(stored::keep(tx, batch.device_id, command, verdict, chain)?);
    batch.touch.last_n = n;
    Ok(Step::Answer(result))
}

/// A number taken before: the stored result, if it is the same command; otherwise two phones share
/// one identity, and both commands go before a person.
fn replay(
    tx: &mut dyn Tx,
    batch: &Batch,
    n: u64,
    command: &Incoming<'_>,
) -> Result<CommandResult, StoreError> {
    let taken = stored::taken(tx, batch.device_id, n)?;
    match taken {
        Some(taken) if taken.hash == command.hash => Ok(taken.result),
        other => {
            if let Some(first) = other {
                let code = fault::S_SAME_NUMBER.as_str();
                stored::quarantine(tx, batch.now_ms, batch.device_id, n, code, &first.envelope)?;
            }
            quarantined(tx, batch, n, fault::S_SAME_NUMBER, command.raw)
        }
    }
}

fn quarantined(
    tx: &mut dyn Tx,
    batch: &Batch,
    n: u64,
    code: FaultCode,
    raw: &[u8],
) -> Result<CommandResult, StoreError> {
    stored::quarantine(tx, batch.now_ms, batch.device_id, n, code.as_str(), raw)?;
    Ok(CommandResult {
        n,
        outcome: Outcome::Quarantined,
        code: Some(code.as_str().to_owned()),
        version: None,
        detail: None,
        detail_en: None,
    })
}

/// Applies one command in its savepoint and words the verdict. `Err(code)` = not now.
fn decide(
    tx: &mut dyn Tx,
    batch: &mut Batch,
    envelope: &CommandEnvelope,
    occurred: super::occurred::Occurred,
    raw: &[u8],
) -> Result<Result<CommandResult, FaultCode>, StoreError> {
    let n = envelope.n;
    let outcome = savepoint(tx, |tx| command::apply(tx, batch, envelope, occurred));
    let mut depends = None;
    let result = match outcome {
        Ok(done) => accepted(n, batch, done),
        Err(Stop::Refused(refusal)) => {
            depends = Some(refusal.root.unwrap_or(n));
            let (detail, detail_en) = both(refusal.detail);
            CommandResult {
                n,
                outcome: Outcome::Rejected,
                code: Some(refusal.code.as_str().to_owned()),
                version: envelope
                    .order_id
                    .and_then(|id| batch.orders.get(&id))
                    .map(|order| order.version.unsigned_abs()),
                detail,
                detail_en,
            }
        }
        Err(Stop::Quarantine(code)) => quarantined(tx, batch, n, code, raw)?,
        Err(Stop::Store(StoreError::Busy)) => return Ok(Err(fault::X_BUSY)),
        Err(Stop::Store(error @ (StoreError::Conflict(_) | StoreError::Refused(_)))) => {
            return Err(error);
        }
        Err(Stop::Store(error)) => {
            // It would fail the same way for ever: a person looks at it, the next ones go on.
            tracing::error!(error = %error, command.n = n, "a command failed in the store");
            quarantined(tx, batch, n, fault::X_INTERNAL, raw)?
        }
    };
    batch.verdicts.insert(n, (result.outcome, depends));
    Ok(Ok(result))
}

fn accepted(n: u64, batch: &mut Batch, done: Done) -> CommandResult {
    let version = done
        .order
        .as_ref()
        .map(|order| order.version.unsigned_abs());
    if let Some(order) = done.order {
        batch.orders.insert(order.id, *order);
    }
    if let Some(before) = done.before {
        batch.before.entry(before.id).or_insert(*before);
    }
    batch.changes.extend(done.changes);
    batch.is_on_duty = done.is_on_duty.unwrap_or(batch.is_on_duty);
    let (code, said) = done.remark.unzip();
    let (detail, detail_en) = both(said);
    CommandResult {
        n,
        outcome: Outcome::Accepted,
        code: code.map(|code| code.as_str().to_owned()),
        version,
        detail,
        detail_en,
    }
}

fn both(detail: Option<Detail>) -> (Option<String>, Option<String>) {
    detail.map(|detail| (detail.zh, detail.en)).unzip()
}

/// Where people are is kept on duty only.
fn locate(batch: &mut Batch, envelope: &CommandEnvelope, at_ms: i64, is_blocked: bool) {
    let place = envelope
        .place
        .and_then(|place| dianma_schema::geo::Place::new(place.latitude_e6, place.longitude_e6));
    if let (Some(place), true, false) = (place, batch.is_on_duty, is_blocked) {
        batch.touch.place = Some((place.latitude_e6, place.longitude_e6, at_ms));
    }
}

/// The end of the transaction: device row, then the feed.
fn close(tx: &mut dyn Tx, batch: Batch, request: &SyncRequest) -> Result<Vec<Own>, StoreError> {
    stored::touch_device(tx, batch.now_ms, batch.device_id, request, &batch.touch)?;
    let moves = feed::publish_moves(tx, batch.now_ms, batch.changes)?;
    Ok(own::find(
        &moves,
        batch.staff_id,
        batch.before,
        batch.orders,
    ))
}

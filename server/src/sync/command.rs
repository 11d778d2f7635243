//! What a command of a phone does: a transition that may be refused, or a fact that is stored
//! whatever happened to the order meanwhile.

use super::batch::Batch;
use super::occurred::Occurred;
use super::{fact, stored, transition};
use crate::error::{ApiError, Detail};
use crate::feed::Change;
use crate::orders::{OrderRow, row};
use crate::store::{StoreError, Tx};
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::id::WorkOrderId;
use dianma_schema::wire::command::CommandEnvelope;
use dianma_schema::wire::sync::Outcome;

/// How deep a chain of refused commands is followed to its root.
const MAX_CHAIN: usize = 200;

/// What an accepted command leaves.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The order as it is now.
    pub(super) order: Option<Box<OrderRow>>,
    /// The order as it was stored.
    pub(super) before: Option<Box<OrderRow>>,
    /// For the feed.
    pub(super) changes: Vec<Change>,
    /// The person went on or off duty.
    pub(super) is_on_duty: Option<bool>,
    /// Accepted, and yet something should be said (a clock that is off, a differing total).
    pub(super) remark: Option<(FaultCode, Detail)>,
}

/// A refusal the electrician sees.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: FaultCode,
    /// Who changed what, or what is missing.
    pub(super) detail: Option<Detail>,
    /// The refused command this one was built on.
    pub(super) root: Option<u64>,
}

/// Why a command has no effect.
#[derive(Debug)]
pub(super) enum Stop {
    /// A transition is refused; its facts stay.
    Refused(Refusal),
    /// A fact that fits nowhere: kept for a person.
    Quarantine(FaultCode),
    /// The store failed.
    Store(StoreError),
}

impl Stop {
    pub(super) fn refuse(code: FaultCode, detail: Option<Detail>) -> Self {
        Self::Refused(Refusal {
            code,
            detail,
            root: None,
        })
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        if error.code == fault::X_INTERNAL {
            return Self::Store(StoreError::Engine(
                "the order could not be changed".to_owned(),
            ));
        }
        if error.code == fault::X_BUSY {
            return Self::Store(StoreError::Busy);
        }
        Self::refuse(error.code, error.detail)
    }
}

/// Applies one command; the caller holds the savepoint.
pub(super) fn apply(
    tx: &mut dyn Tx,
    batch: &Batch,
    envelope: &CommandEnvelope,
    occurred: Occurred,
) -> Result<Done, Stop> {
    let mut done = match envelope.body.command() {
        Some(command) => {
            check_dependency(tx, batch, envelope)?;
            transition::apply(tx, batch, envelope, command, occurred)?
        }
        None => fact::apply(tx, batch, envelope, occurred)?,
    };
    if done.remark.is_none() && occurred.is_clock_off() {
        let minutes = (occurred.skew_ms / dianma_schema::time::MINUTE_MS).abs();
        let said = Detail::new(
            format!("手机时间相差 {minutes} 分钟"),
            format!("the phone's clock is {minutes} minutes off"),
        );
        done.remark = Some((fault::D_CLOCK, said));
    }
    Ok(done)
}

/// The order of a command: as this batch left it, or loaded and locked.
pub(super) fn load_order(
    tx: &mut dyn Tx,
    batch: &Batch,
    id: WorkOrderId,
) -> Result<Option<OrderRow>, StoreError> {
    match batch.orders.get(&id) {
        Some(order) => Ok(Some(order.clone())),
        None => row::load_for_update(tx, id),
    }
}

/// A step built on a refused one is refused with a pointer to the first of the chain, not with a
/// puzzle of its own.
fn check_dependency(
    tx: &mut dyn Tx,
    batch: &Batch,
    envelope: &CommandEnvelope,
) -> Result<(), Stop> {
    let Some(on) = envelope.depends_on else {
        return Ok(());
    };
    let root = match batch.verdicts.get(&on) {
        Some((Outcome::Accepted, _)) => return Ok(()),
        Some((_, root)) => root.unwrap_or(on),
        None => match stored_root(tx, batch, on)? {
            Some(root) => root,
            None => return Ok(()),
        },
    };
    Err(Stop::Refused(Refusal {
        code: fault::S_DEPENDS,
        detail: Some(Detail::new(
            format!("第 {root} 号操作未被接受"),
            format!("number {root} was not accepted"),
        )),
        root: Some(root),
    }))
}

/// The first refused command of the chain that ends in `on`; `None` when `on` was accepted.
fn stored_root(tx: &mut dyn Tx, batch: &Batch, mut on: u64) -> Result<Option<u64>, StoreError> {
    let mut root = None;
    for _ in 0..MAX_CHAIN {
        let Some(taken) = stored::taken(tx, batch.device_id, on)? else {
            break;
        };
        if taken.outcome == Outcome::Accepted {
            break;
        }
        root = Some(on);
        let before = minicbor::decode::<CommandEnvelope>(&taken.envelope)
            .ok()
            .and_then(|envelope| envelope.depends_on);
        match before {
            Some(before) if taken.code.as_deref() == Some(fault::S_DEPENDS.as_str()) => on = before,
            _ => break,
        }
    }
    Ok(root)
}

//! What a transition of the phone needs besides the state (see `lifecycle::Need`), each with its own
//! fault code: the phone's own checks are a courtesy, these decide.

use super::batch::Batch;
use super::command::Stop;
use super::proof;
use super::proven::{Flag, Proven};
use crate::args;
use crate::error::Detail;
use crate::labels::consent::{self as codes, Redeemed};
use crate::orders::OrderRow;
use crate::store::{StoreError, Tx};
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::label::consent::ConsentStep;
use dianma_schema::order::evidence::{self, EvidenceKind};
use dianma_schema::order::lifecycle::{self, Command, Need};
use dianma_schema::order::proof::Proof;
use dianma_schema::order::record;
use dianma_schema::order::satisfaction::Satisfaction;
use dianma_schema::wire::command::{Body, Closing, CommandEnvelope, ConsentGiven};

/// Longest reason taken, in characters.
const LONGEST_REASON: usize = 500;

/// What the command gave, checked.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) place_proof: Option<Proven>,
    /// At closing, or given with the arrival.
    pub(super) consent_proof: Option<Proven>,
    pub(super) satisfaction: Option<Satisfaction>,
    pub(super) reason: Option<String>,
    pub(super) appointment_at_ms: Option<i64>,
    /// Card id and version whose hazards were acknowledged.
    pub(super) card: Option<String>,
}

/// Checks every need of the command's row; the first one missing refuses it.
pub(super) fn check(
    tx: &mut dyn Tx,
    batch: &Batch,
    order: &OrderRow,
    command: Command,
    envelope: &CommandEnvelope,
    at_ms: i64,
) -> Result<Given, Stop> {
    let mut given = Given::default();
    let needs = lifecycle::transition(command).map_or(&[][..], |row| row.needs);
    for need in needs {
        check_one(tx, batch, order, *need, envelope, at_ms, &mut given)?;
    }
    Ok(given)
}

fn check_one(
    tx: &mut dyn Tx,
    batch: &Batch,
    order: &OrderRow,
    need: Need,
    envelope: &CommandEnvelope,
    at_ms: i64,
    given: &mut Given,
) -> Result<(), Stop> {
    match (need, &envelope.body) {
        (Need::PlaceProof, Body::Arrive(scan)) => {
            let found = proof::place(tx, batch.now_ms, order, scan, envelope.place)?;
            given.place_proof = Some(found);
            if let Some(code) = &scan.consent {
                // Consent at arrival is more than is asked for: a wrong one does not undo the arrival.
                given.consent_proof =
                    redeem(tx, batch, order, ConsentStep::Arrival, code, at_ms)?.ok();
            }
        }
        (Need::HazardsAcknowledged, Body::Begin(acknowledged)) => {
            given.card = Some(super::record::check_hazards(order, acknowledged)?);
        }
        (Need::RecordComplete, _) => check_record(order)?,
        (Need::EvidenceManifest, _) => check_manifest(tx, order)?,
        (Need::ConsentProof, Body::Finish(closing)) => {
            given.consent_proof = Some(consent(tx, batch, order, closing, at_ms)?);
        }
        (Need::Satisfaction, Body::Finish(closing)) => {
            let word = closing.satisfaction.parse();
            given.satisfaction = Some(word.map_err(|_| refuse(fault::S_SATISFACTION))?);
        }
        (Need::Reason, Body::Suspend(suspension)) => {
            given.reason = Some(reason(&suspension.reason)?);
        }
        (Need::Reason, Body::RequestReassignment(text)) => given.reason = Some(reason(text)?),
        (Need::NewAppointment, Body::Suspend(suspension)) => {
            if suspension.appointment_ms <= at_ms {
                return Err(refuse(fault::S_APPOINTMENT));
            }
            given.appointment_at_ms = Some(suspension.appointment_ms);
        }
        (Need::Finished, _) if order.finished_at_ms.is_none() => {
            return Err(refuse(fault::S_NOT_FINISHED));
        }
        (Need::NotFinished, _) if order.finished_at_ms.is_some() => {
            return Err(refuse(fault::S_FINISHED));
        }
        // The caller has compared the assignee; the order's own change does so again.
        (Need::Assignee | Need::Finished | Need::NotFinished, _) => {}
        _ => return Err(refuse(fault::S_NEED)),
    }
    Ok(())
}

fn refuse(code: FaultCode) -> Stop {
    Stop::refuse(code, None)
}

fn reason(text: &str) -> Result<String, Stop> {
    let text = text.trim();
    if text.is_empty() {
        return Err(refuse(fault::S_REASON));
    }
    Ok(text.chars().take(LONGEST_REASON).collect())
}

fn check_record(order: &OrderRow) -> Result<(), Stop> {
    let values = super::record::read(order)?;
    let problems = record::check(order.kind, &values);
    if problems.is_empty() {
        return Ok(());
    }
    // Five sentences fill the phone's card; the rest shows when these are mended.
    let sentences = problems.into_iter().take(5).map(|p| (p.zh, p.en));
    let (zh, en): (Vec<String>, Vec<String>) = sentences.unzip();
    let said = Detail::new(zh.join("；"), en.join("; "));
    Err(Stop::refuse(fault::S_RECORD, Some(said)))
}

fn check_manifest(tx: &mut dyn Tx, order: &OrderRow) -> Result<(), Stop> {
    let have = tx.all(
        "SELECT slot, kind FROM evidence WHERE order_id = ?1 AND is_late = 0 LIMIT 1000",
        args![order.id.to_string()],
        |row| Ok((row.text(0)?, row.parse::<EvidenceKind>(1)?)),
    )?;
    let have: Vec<(&str, EvidenceKind)> = have.iter().map(|(s, k)| (s.as_str(), *k)).collect();
    let missing = evidence::missing(order.kind, &have);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.iter().map(|d| (d.zh.as_str(), d.en.as_str()));
    let (zh, en): (Vec<&str>, Vec<&str>) = names.unzip();
    let said = Detail::new(zh.join("、"), en.join(", "));
    Err(Stop::refuse(fault::E_MISSING, Some(said)))
}

/// A one-time code, the customer's code scanned again, or a signature in the manifest. Where no
/// customer is known, nobody can be asked: the event says so.
fn consent(
    tx: &mut dyn Tx,
    batch: &Batch,
    order: &OrderRow,
    closing: &Closing,
    at_ms: i64,
) -> Result<Proven, Stop> {
    let mut refusal = fault::S_CONSENT;
    if let Some(code) = &closing.consent {
        match redeem(tx, batch, order, ConsentStep::Closing, code, at_ms)? {
            Ok(proven) => return Ok(proven),
            Err(code) => refusal = code,
        }
    }
    if let Some(scan) = &closing.scan
        && let Some(proven) = proof::consent(tx, batch.now_ms, order, scan)?
    {
        return Ok(proven);
    }
    if let Some(sha256) = &closing.signature_sha256
        && has_signature(tx, order, sha256)?
    {
        return Ok(Proven::of(Proof::Signature));
    }
    if order.customer_id.is_none() {
        return Ok(Proven::of(Proof::None));
    }
    Err(refuse(refusal))
}

/// Redeems a one-time code; the inner error is the code of the refusal.
fn redeem(
    tx: &mut dyn Tx,
    batch: &Batch,
    order: &OrderRow,
    step: ConsentStep,
    given: &ConsentGiven,
    at_ms: i64,
) -> Result<Result<Proven, FaultCode>, Stop> {
    let device = batch.device_id.to_string();
    let redeemed = codes::redeem(tx, at_ms, order.id, step, given, &device)?;
    Ok(match redeemed {
        Redeemed::Refused(code) => Err(code),
        Redeemed::Taken { is_double } => {
            let mut proven = Proven::of(if given.typed {
                Proof::ConsentDigits
            } else {
                Proof::ConsentCode
            });
            proven.is_signed = true;
            proven.flags.extend(is_double.then_some(Flag::DoubleUse));
            let was_wrong = given.wrong_before > 0;
            proven.flags.extend(was_wrong.then_some(Flag::WrongBefore));
            Ok(proven)
        }
    })
}

fn has_signature(tx: &mut dyn Tx, order: &OrderRow, sha256: &[u8]) -> Result<bool, StoreError> {
    let found = tx.first(
        "SELECT 1 FROM evidence WHERE order_id = ?1 AND sha256 = ?2 AND kind = 'signature' \
         AND is_late = 0",
        args![order.id.to_string(), crate::text::hex(sha256)],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

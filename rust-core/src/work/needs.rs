//! Whether a command may be given now: lifecycle row, then every need of the row with its own fault
//! code. The server checks the same again; checking here spares the person a refusal hours later.

use super::{costing, proof};
use crate::error::CoreError;
use crate::session::SessionRecord;
use crate::store::facts;
use crate::store::orders::StoredOrder;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::order::lifecycle::{self, Command, Need};
use dianma_schema::order::{EvidenceKind, Satisfaction, evidence, record};
use dianma_schema::permission::Role;
use dianma_schema::wire::command::{Body, Closing, HazardsAcknowledged};
use rusqlite::Connection;

/// Refuses a command that cannot be given; facts are always taken.
pub fn check(
    db: &Connection,
    user: &SessionRecord,
    now_ms: i64,
    order: &StoredOrder,
    body: &Body,
) -> Result<(), CoreError> {
    let Some(command) = body.command() else {
        return Ok(());
    };
    check_state(order, command)?;
    let needs = lifecycle::transition(command).map_or(&[][..], |row| row.needs);
    needs
        .iter()
        .try_for_each(|need| check_need(db, user, now_ms, order, body, *need))
}

/// Refuses a command the lifecycle does not allow in the state seen.
pub fn check_state(order: &StoredOrder, command: Command) -> Result<(), CoreError> {
    lifecycle::apply(order.state, command, Role::Electrician)
        .map(|_| ())
        .map_err(|_| {
            let zh = format!("工单现为“{}”，不能{}", order.state.zh(), command.zh());
            let en = format!(
                "the order is {}: {} is not possible",
                order.state.en(),
                command.en()
            );
            CoreError::of(fault::S_STATE).because_of(&zh, &en)
        })
}

fn check_need(
    db: &Connection,
    user: &SessionRecord,
    now_ms: i64,
    order: &StoredOrder,
    body: &Body,
    need: Need,
) -> Result<(), CoreError> {
    match (need, body) {
        (Need::Reason, Body::Suspend(s)) => require(!s.reason.trim().is_empty(), fault::S_REASON),
        (Need::Reason, Body::RequestReassignment(reason)) => {
            require(!reason.trim().is_empty(), fault::S_REASON)
        }
        (Need::NewAppointment, Body::Suspend(s)) => {
            require(s.appointment_ms > now_ms, fault::S_APPOINTMENT)
        }
        (Need::PlaceProof, Body::Arrive(scan)) => proof::place(db, &order.record, scan),
        (Need::HazardsAcknowledged, Body::Begin(given)) => check_hazards(db, order, given),
        (Need::ConsentProof, Body::Finish(closing)) => check_consent(db, order, closing),
        (Need::Satisfaction, Body::Finish(closing)) => require(
            closing.satisfaction.parse::<Satisfaction>().is_ok(),
            fault::S_SATISFACTION,
        ),
        (standing, _) => check_standing(db, user, order, standing),
    }
}

/// Needs that hang on the order alone, not on what is given with the command.
pub fn check_standing(
    db: &Connection,
    user: &SessionRecord,
    order: &StoredOrder,
    need: Need,
) -> Result<(), CoreError> {
    match need {
        Need::Assignee => require(
            order.record.assignee_id == Some(user.staff_id) && order.left_at_ms.is_none(),
            fault::S_NOT_ASSIGNEE,
        ),
        Need::Finished => require(order.is_finished, fault::S_NOT_FINISHED),
        Need::NotFinished => require(!order.is_finished, fault::S_FINISHED),
        Need::RecordComplete => check_record(db, order),
        Need::EvidenceManifest => check_evidence(db, order),
        // Given with the command, or not the electrician's to fulfil.
        Need::Person
        | Need::Reason
        | Need::NewAppointment
        | Need::PlaceProof
        | Need::HazardsAcknowledged
        | Need::ConsentProof
        | Need::Satisfaction
        | Need::Approved
        | Need::EvidenceArrived => Ok(()),
    }
}

fn require(is_met: bool, code: FaultCode) -> Result<(), CoreError> {
    if is_met {
        Ok(())
    } else {
        Err(CoreError::of(code))
    }
}

fn check_record(db: &Connection, order: &StoredOrder) -> Result<(), CoreError> {
    let values = facts::values(db, &order.record.id)?;
    let problems = record::check(order.record.kind, &values);
    if problems.is_empty() {
        return Ok(());
    }
    let error = CoreError::of(fault::S_RECORD);
    Err(problems
        .iter()
        .fold(error, |error, p| error.field(&p.field, &p.zh, &p.en)))
}

fn check_evidence(db: &Connection, order: &StoredOrder) -> Result<(), CoreError> {
    let own = facts::evidence(db, &order.record.id)?;
    let have: Vec<(&str, EvidenceKind)> = own
        .iter()
        .filter_map(|item| Some((item.slot.as_str(), item.kind.parse().ok()?)))
        .collect();
    let missing = evidence::missing(order.record.kind, &have);
    if missing.is_empty() {
        return Ok(());
    }
    let error = CoreError::of(fault::E_MISSING);
    Err(missing.iter().fold(error, |error, demand| {
        error.field(&demand.slot, &demand.zh, &demand.en)
    }))
}

fn check_hazards(
    db: &Connection,
    order: &StoredOrder,
    given: &HazardsAcknowledged,
) -> Result<(), CoreError> {
    let card = costing::card_of(db, &order.record, Some(&given.card_id))?;
    let missing = (0u16..)
        .zip(&card.hazards)
        .filter(|(number, _)| !given.hazards.contains(number));
    let mut error = None;
    for (number, hazard) in missing {
        let so_far = error.unwrap_or_else(|| CoreError::of(fault::S_HAZARDS));
        let field = format!("hazards[{number}]");
        error = Some(so_far.field(&field, &hazard.name.zh, &hazard.name.en));
    }
    error.map_or(Ok(()), Err)
}

fn check_consent(db: &Connection, order: &StoredOrder, closing: &Closing) -> Result<(), CoreError> {
    if let Some(signature) = &closing.signature_sha256 {
        let wanted = crate::text::hex(signature);
        let own = facts::evidence(db, &order.record.id)?;
        let is_there = own.iter().any(|item| {
            item.sha256 == wanted
                && item.kind == EvidenceKind::Signature.as_str()
                && item.slot != evidence::WITHDRAWN
        });
        return require(is_there, fault::S_CONSENT);
    }
    match &closing.scan {
        // Where no customer is known, nobody can be asked; the time line will say so.
        _ if order.record.customer_id.is_none() => Ok(()),
        // Checked when it was given; the digits are judged by the server.
        _ if closing.consent.is_some() => Ok(()),
        Some(scan) => proof::consent(db, &order.record, scan),
        None => Err(CoreError::of(fault::S_CONSENT)),
    }
}

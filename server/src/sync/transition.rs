//! A transition a phone asks for: assignee, state, needs, then the one way an order changes, with
//! the columns this command sets. Times are those of the site, not of the receipt.

use super::batch::Batch;
use super::command::{Done, Stop, load_order};
use super::need::{self, Given};
use super::occurred::Occurred;
use crate::args;
use crate::error::Detail;
use crate::orders::{OrderRow, Step, change};
use crate::store::{StoreError, Tx};
use dianma_schema::fault;
use dianma_schema::label::consent::ConsentStep;
use dianma_schema::order::lifecycle::{self, Command};
use dianma_schema::permission::Role;
use dianma_schema::time::format_minute;
use dianma_schema::wire::command::CommandEnvelope;
use serde_json::json;

/// Checks and applies; the caller stores the verdict.
pub(super) fn apply(
    tx: &mut dyn Tx,
    batch: &Batch,
    envelope: &CommandEnvelope,
    command: Command,
    occurred: Occurred,
) -> Result<Done, Stop> {
    let loaded = match envelope.order_id {
        Some(id) => load_order(tx, batch, id)?,
        None => None,
    };
    let Some(mut order) = loaded else {
        return Err(Stop::refuse(fault::V_NOT_FOUND, None));
    };
    if order.assignee_id != Some(batch.staff_id) {
        return Err(Stop::refuse(fault::S_NOT_ASSIGNEE, last_event(tx, &order)?));
    }
    if lifecycle::apply(order.state, command, Role::Electrician).is_err() {
        return Err(Stop::refuse(fault::S_STATE, last_event(tx, &order)?));
    }
    let given = need::check(tx, batch, &order, command, envelope, occurred.at_ms)?;
    let step = Step {
        command,
        by: batch.by.clone(),
        expected_version: None,
        occurred_at_ms: occurred.at_ms,
        uncertainty_ms: occurred.uncertainty_ms,
        detail: detail(envelope, &given, occurred),
    };
    let proofs = [
        ("place", given.place_proof.clone()),
        ("consent", given.consent_proof.clone()),
    ];
    let before = order.clone();
    let changes = change(tx, batch.now_ms, &mut order, &step, |order| {
        edit(order, command, given, occurred.at_ms);
    })?;
    let at_step = if command == Command::Arrive {
        ConsentStep::Arrival
    } else {
        ConsentStep::Closing
    };
    for (part, proven) in proofs {
        if let Some(proven) = proven {
            proven.store(tx, order.id, order.version, part, at_step, occurred.at_ms)?;
        }
    }
    Ok(Done {
        order: Some(Box::new(order)),
        before: Some(Box::new(before)),
        changes,
        ..Done::default()
    })
}

/// Who did what last, for the red card on the phone.
fn last_event(tx: &mut dyn Tx, order: &OrderRow) -> Result<Option<Detail>, StoreError> {
    let last = tx.first(
        "SELECT actor_name, command, at_ms FROM order_events \
         WHERE order_id = ?1 AND command <> 'fact' ORDER BY seq DESC LIMIT 1",
        args![order.id.to_string()],
        |row| Ok((row.text(0)?, row.text(1)?, row.int(2)?)),
    )?;
    Ok(last.map(|(name, command, at_ms)| {
        let (zh, en) = command
            .parse::<Command>()
            .map_or(("登记", "recorded"), |command| {
                (command.zh(), command.en())
            });
        let when = format_minute(at_ms);
        Detail::new(
            format!("{when} {name}{zh}，现为{}", order.state.zh()),
            format!("{when} {name}: {en}, now {}", order.state.en()),
        )
    }))
}

fn detail(envelope: &CommandEnvelope, given: &Given, occurred: Occurred) -> serde_json::Value {
    let mut detail = json!({ "n": envelope.n });
    let mut add = |name: &str, value: serde_json::Value| detail[name] = value;
    let proven = given.place_proof.as_ref().or(given.consent_proof.as_ref());
    if let Some(proven) = proven {
        add("proof", json!(proven.proof));
    }
    if let Some(reason) = &given.reason {
        add("reason", json!(reason));
    }
    if let Some(card) = &given.card {
        add("card", json!(card));
    }
    if let Some(satisfaction) = given.satisfaction {
        add("satisfaction", json!(satisfaction));
    }
    if occurred.is_clock_off() {
        add("clock", json!(fault::D_CLOCK));
        add("skew_ms", json!(occurred.skew_ms));
    }
    detail
}

/// The columns of a command. The first arrival and the first beginning count for the promises; what
/// can happen again (accepting after a reassignment, finishing after a redo) keeps its last time.
fn edit(order: &mut OrderRow, command: Command, given: Given, at_ms: i64) {
    match command {
        Command::Accept => order.accepted_at_ms = Some(at_ms),
        Command::Depart => order.departed_at_ms = Some(at_ms),
        Command::Arrive => {
            order.arrived_at_ms.get_or_insert(at_ms);
            order.place_proof = given.place_proof.map(|p| p.proof.as_str().to_owned());
        }
        Command::Begin => {
            order.began_at_ms.get_or_insert(at_ms);
        }
        Command::Finish => {
            order.finished_at_ms = Some(at_ms);
            order.consent_proof = given.consent_proof.map(|p| p.proof.as_str().to_owned());
            order.satisfaction = given.satisfaction.map(|word| word.as_str().to_owned());
        }
        Command::Submit => order.submitted_at_ms = Some(at_ms),
        Command::Suspend => {
            order.reason = given.reason;
            order.appointment_at_ms = given.appointment_at_ms;
        }
        // Reopened: the customer confirms again when the work is mended.
        Command::Redo => order.finished_at_ms = None,
        Command::RequestReassignment => order.reason = given.reason,
        _ => {}
    }
}

//! What a person sees: summaries for lists, the whole order with own facts, the commands and what
//! they still need, and the outbox in words. Names of fields as in the console's API.

use super::facts::may_withdraw;
use super::needs;
use crate::error::{CoreError, Fault};
use crate::outbox::word_zh;
use crate::session::SessionRecord;
use crate::store::facts::{self, OwnEvidence, OwnNote};
use crate::store::orders::{self, StoredOrder};
use crate::store::outbox_rows::{self, OutboxRow, Status};
use dianma_schema::geo::Place;
use dianma_schema::id::{CustomerId, StaffId, WorkOrderId};
use dianma_schema::order::lifecycle::{self, Command, Transition};
use dianma_schema::order::{OrderKind, OrderState, Urgency, evidence, record, record_form};
use dianma_schema::permission::Role;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderSummary {
    /// Id.
    pub id: WorkOrderId,
    /// Human number.
    pub order_number: String,
    /// Kind.
    pub kind: OrderKind,
    /// Its Chinese name.
    pub kind_zh: &'static str,
    /// Subtype; empty when none.
    pub subtype: String,
    /// State as the person sees it: with pending commands on top.
    pub state: OrderState,
    /// Its Chinese name.
    pub state_zh: &'static str,
    /// State as the server last said.
    pub server_state: OrderState,
    /// Urgency.
    pub urgency: Urgency,
    /// Newest version known.
    pub version: u64,
    /// What the customer asked for.
    pub content: String,
    /// 户号.
    pub account_number: Option<String>,
    /// 户名.
    pub account_name: Option<String>,
    /// Where to go.
    pub address: Option<String>,
    /// Arrive by.
    pub arrive_due_at_ms: Option<i64>,
    /// Complete by.
    pub due_at_ms: Option<i64>,
    /// The nearest deadline has passed, by server time.
    pub is_overdue: bool,
    /// Assignee.
    pub assignee_id: Option<StaffId>,
    /// Second signature given, as the person sees it.
    pub is_finished: bool,
    /// Commands without an answer.
    pub pending: u32,
    /// Refused commands to decide on.
    pub refused: u32,
    /// No longer ours; kept until everything on it is settled.
    pub has_left: bool,
}

impl OrderSummary {
    /// The summary of a stored order; `now_ms` is server time.
    pub fn of(order: &StoredOrder, now_ms: i64) -> Self {
        let record = &order.record;
        let is_open = order.state.is_with_electrician();
        Self {
            id: record.id,
            order_number: record.order_number.clone(),
            kind: record.kind,
            kind_zh: record.kind.zh(),
            subtype: record.subtype.clone(),
            state: order.state,
            state_zh: order.state.zh(),
            // Accepted steps are not sent back: without a pending one the person sees what the server has.
            server_state: if order.pending == 0 {
                order.state
            } else {
                record.state
            },
            urgency: record.urgency,
            version: order.version,
            content: record.content.clone(),
            account_number: record.account_number.clone(),
            account_name: record.account_name.clone(),
            address: record.address.clone(),
            arrive_due_at_ms: record.arrive_due_at_ms,
            due_at_ms: record.due_at_ms,
            is_overdue: is_open && orders::due_at_ms(record, order.state) < now_ms,
            assignee_id: record.assignee_id,
            is_finished: order.is_finished,
            pending: order.pending,
            refused: order.refused,
            has_left: order.left_at_ms.is_some(),
        }
    }
}

/// A command an electrician could give, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommandState {
    /// Word.
    pub command: Command,
    /// Chinese name.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
    /// May be given now, with what it asks for.
    pub is_allowed: bool,
    /// The fault it would give.
    pub why_not: Option<Fault>,
    /// What it asks for.
    pub needs: Vec<&'static str>,
}

/// Evidence the kind of order asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Demand {
    /// Slot.
    pub slot: String,
    /// What to take, Chinese.
    pub zh: String,
    /// What to take, English.
    pub en: String,
    /// Kind of file.
    pub kind: &'static str,
    /// How many at least.
    pub min_count: usize,
    /// How many there are.
    pub count: usize,
}

/// Everything about one order.
#[derive(Clone, Debug, Serialize)]
pub struct OrderDetail {
    /// As in lists.
    #[serde(flatten)]
    pub summary: OrderSummary,
    /// Customer, when known.
    pub customer_id: Option<CustomerId>,
    /// Phone number to call.
    pub contact_phone: Option<String>,
    /// 表号.
    pub meter_number: Option<String>,
    /// 杆号.
    pub pole_number: Option<String>,
    /// Place.
    pub place: Option<Place>,
    /// Taken in.
    pub taken_in_at_ms: i64,
    /// The promise behind the deadline.
    pub promise: Option<String>,
    /// Appointment.
    pub appointment_at_ms: Option<i64>,
    /// Reason of the last reject, reassignment or cancel.
    pub reason: Option<String>,
    /// What the dispatcher adds.
    pub dispatch_note: Option<String>,
    /// Files the server has in full.
    pub evidence_arrived: u32,
    /// Files on the manifest.
    pub evidence_expected: u32,
    /// The record form, for drawing.
    pub form: &'static record_form::Form,
    /// Values filled in here.
    pub record: BTreeMap<String, String>,
    /// What is still wrong or missing in them.
    pub record_problems: Vec<record::RecordProblem>,
    /// Cost lines as saved here.
    pub cost: Option<CostView>,
    /// Remarks made here.
    pub notes: Vec<OwnNote>,
    /// Files taken here.
    pub evidence: Vec<OwnEvidence>,
    /// Hashes of those that may be taken back now.
    pub withdrawable: Vec<String>,
    /// Files the order needs.
    pub evidence_demands: Vec<Demand>,
    /// Hazards acknowledged, by number.
    pub hazards_acknowledged: Vec<u16>,
    /// What can be done.
    pub commands: Vec<CommandState>,
    /// Everything queued for it.
    pub outbox: Vec<OutboxEntry>,
}

/// Cost lines as saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CostView {
    /// Price list.
    pub price_list_version: String,
    /// Code and quantity in thousandths.
    pub lines: Vec<(String, i64)>,
    /// Total, fen.
    pub total_fen: i64,
}

/// A queued command in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutboxEntry {
    /// Number.
    pub n: u64,
    /// Order.
    pub order_id: Option<WorkOrderId>,
    /// Its human number, while it is on the phone.
    pub order_number: Option<String>,
    /// Word.
    pub command: String,
    /// Chinese name.
    pub command_zh: &'static str,
    /// Where it stands.
    pub status: Status,
    /// Its Chinese name.
    pub status_zh: &'static str,
    /// Fault code when refused.
    pub code: Option<String>,
    /// The code's sentence.
    pub message: Option<&'static str>,
    /// Who changed what meanwhile.
    pub detail: Option<String>,
    /// English.
    pub detail_en: Option<String>,
    /// Queued, phone clock.
    pub at_ms: i64,
    /// What the person chose: 0 redo, 1 note, 2 record only.
    pub handled: Option<u8>,
}

impl OutboxEntry {
    /// A row in words.
    pub fn read(db: &Connection, row: &OutboxRow) -> Result<Self, CoreError> {
        let order = match &row.order_id {
            Some(id) => orders::find(db, id)?,
            None => None,
        };
        let known = row
            .code
            .as_deref()
            .and_then(dianma_schema::fault::FaultCode::find);
        Ok(Self {
            n: row.n,
            order_id: row.order_id,
            order_number: order.map(|order| order.record.order_number),
            command: row.command.clone(),
            command_zh: word_zh(&row.command),
            status: row.status,
            status_zh: row.status.zh(),
            code: row.code.clone(),
            message: known.map(dianma_schema::fault::FaultCode::zh),
            detail: row.detail.clone(),
            detail_en: row.detail_en.clone(),
            at_ms: row.created_at_ms,
            handled: row.handled,
        })
    }
}

impl OrderDetail {
    /// Reads everything about an order.
    pub fn read(
        db: &Connection,
        order: &StoredOrder,
        user: &SessionRecord,
        now_ms: i64,
    ) -> Result<Self, CoreError> {
        let record = &order.record;
        let values = facts::values(db, &record.id)?;
        let own = facts::evidence(db, &record.id)?;
        let rows = outbox_rows::of_order(db, &record.id)?;
        Ok(Self {
            summary: OrderSummary::of(order, now_ms),
            contact_phone: record.contact_phone.clone(),
            meter_number: record.meter_number.clone(),
            pole_number: record.pole_number.clone(),
            place: record.place,
            taken_in_at_ms: record.taken_in_at_ms,
            customer_id: record.customer_id,
            promise: record.promise.clone(),
            appointment_at_ms: record.appointment_at_ms,
            reason: record.reason.clone(),
            dispatch_note: record.dispatch_note.clone(),
            evidence_arrived: record.evidence_arrived,
            evidence_expected: record.evidence_expected,
            form: record::form(record.kind),
            record_problems: record::check(record.kind, &values),
            record: values,
            cost: cost(db, &record.id)?,
            notes: facts::notes(db, &record.id)?,
            evidence_demands: demands(record.kind, &own),
            withdrawable: own
                .iter()
                .filter(|piece| order.left_at_ms.is_none() && may_withdraw(order, piece, &own))
                .map(|piece| piece.sha256.clone())
                .collect(),
            evidence: own,
            hazards_acknowledged: facts::hazards(db, &record.id)?
                .map_or_else(Vec::new, |given| given.hazards),
            commands: commands(db, order, user)?,
            outbox: rows
                .iter()
                .map(|row| OutboxEntry::read(db, row))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn cost(db: &Connection, order: &WorkOrderId) -> Result<Option<CostView>, CoreError> {
    Ok(facts::cost(db, order)?.map(|sheet| CostView {
        price_list_version: sheet.price_list_version,
        lines: sheet
            .lines
            .into_iter()
            .map(|line| (line.code, line.quantity_milli))
            .collect(),
        total_fen: sheet.total_fen,
    }))
}

fn demands(kind: OrderKind, own: &[OwnEvidence]) -> Vec<Demand> {
    let count = |demand: &evidence::EvidenceRequirement| {
        own.iter()
            .filter(|item| item.slot == demand.slot && item.kind == demand.kind.as_str())
            .count()
    };
    evidence::required(kind)
        .iter()
        .map(|demand| Demand {
            slot: demand.slot.clone(),
            zh: demand.zh.clone(),
            en: demand.en.clone(),
            kind: demand.kind.as_str(),
            min_count: demand.min_count,
            count: count(demand),
        })
        .collect()
}

/// All commands of an electrician, in the order of the table.
fn commands(
    db: &Connection,
    order: &StoredOrder,
    user: &SessionRecord,
) -> Result<Vec<CommandState>, CoreError> {
    lifecycle::TABLE
        .iter()
        .filter(|row| row.roles.contains(&Role::Electrician))
        .map(|row| command_state(db, order, user, row))
        .collect()
}

fn command_state(
    db: &Connection,
    order: &StoredOrder,
    user: &SessionRecord,
    row: &Transition,
) -> Result<CommandState, CoreError> {
    let verdict = needs::check_state(order, row.command).and_then(|()| {
        row.needs
            .iter()
            .try_for_each(|need| needs::check_standing(db, user, order, *need))
    });
    let why_not = match verdict {
        Ok(()) => None,
        Err(error) if error.code() == dianma_schema::fault::D_STORE => return Err(error),
        Err(error) => Some(error.fault().clone()),
    };
    Ok(CommandState {
        command: row.command,
        zh: row.command.zh(),
        en: row.command.en(),
        is_allowed: why_not.is_none(),
        why_not,
        needs: row.needs.iter().map(|need| need.as_str()).collect(),
    })
}

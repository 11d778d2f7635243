//! The page of one order: everything the console shows about it, in one read.

use super::card_view::{self, CardRef};
use super::commands::{self, CommandView, Standing};
use super::frozen;
use super::parts::{self, CallbackView, DecisionView, EventView, EvidenceView, RejectedCommand};
use super::proofs::{self, ProofView};
use super::record_view::{RecordField, record};
use super::row::{self, OrderRow};
use super::summary::{COLUMNS, OrderSummary, TABLES, Viewer};
use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::PathId;
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::geo::Place;
use dianma_schema::id::{CustomerId, WorkOrderId};
use dianma_schema::masking::mask_phone;
use dianma_schema::order::Satisfaction;
use serde::Serialize;
use utoipa::ToSchema;

/// An order with everything that hangs on it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderDetail {
    /// What lists show.
    #[serde(flatten)]
    pub summary: OrderSummary,
    /// Telephone, masked for everybody; `unmask` shows it and is audited.
    pub contact_phone: Option<String>,
    /// 表号.
    pub meter_number: Option<String>,
    /// 杆号.
    pub pole_number: Option<String>,
    /// Where.
    pub place: Option<Place>,
    /// Template that made it.
    pub template: Option<String>,
    /// Why that template.
    #[schema(value_type = Option<Object>)]
    pub match_detail: Option<serde_json::Value>,
    /// What the dispatcher adds.
    pub dispatch_note: Option<String>,
    /// Of the last reject, reassignment, cancel or suspension.
    pub reason: Option<String>,
    /// Customer in the archive.
    pub customer_id: Option<CustomerId>,
    /// Appointment, epoch ms.
    pub appointment_at_ms: Option<i64>,
    /// First dispatch.
    pub dispatched_at_ms: Option<i64>,
    /// Accepted.
    pub accepted_at_ms: Option<i64>,
    /// Departed.
    pub departed_at_ms: Option<i64>,
    /// Arrived.
    pub arrived_at_ms: Option<i64>,
    /// Work begun.
    pub began_at_ms: Option<i64>,
    /// Service finished.
    pub finished_at_ms: Option<i64>,
    /// Approved.
    pub approved_at_ms: Option<i64>,
    /// Archived.
    pub archived_at_ms: Option<i64>,
    /// Cancelled.
    pub cancelled_at_ms: Option<i64>,
    /// Customer reached by a call-back.
    pub called_back_at_ms: Option<i64>,
    /// What the customer said in the call-back.
    pub callback_satisfaction: Option<Satisfaction>,
    /// How presence at the place was proven.
    pub place_proof: Option<String>,
    /// How the customer's consent was proven.
    pub consent_proof: Option<String>,
    /// What was proven at each step, how strong it is, and what speaks against it.
    pub proofs: Vec<ProofView>,
    /// Times it was sent back.
    pub reject_count: i64,
    /// Why missing evidence was waived.
    pub evidence_waived_reason: Option<String>,
    /// The field record.
    pub record: Vec<RecordField>,
    /// The cost sheet as the server computed it.
    #[schema(value_type = Option<Object>)]
    pub cost_sheet: Option<serde_json::Value>,
    /// The manifest.
    pub evidence: Vec<EvidenceView>,
    /// The time line.
    pub events: Vec<EventView>,
    /// Refused commands of phones.
    pub rejected_commands: Vec<RejectedCommand>,
    /// Who was proposed and chosen.
    pub dispatch_decisions: Vec<DecisionView>,
    /// Call-backs.
    pub callbacks: Vec<CallbackView>,
    /// What the reader may do, and why not the rest.
    pub commands: Vec<CommandView>,
    /// The operation card: the one the job was begun with, else the one that fits.
    pub card: Option<CardRef>,
    /// SHA-256 of the frozen order.
    pub archive_hash: Option<String>,
    /// The archived order still has that hash; `null` when it is not archived.
    pub is_archive_intact: Option<bool>,
}

/// Envelope of [`OrderDetail`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderBody {
    /// The order.
    pub work_order: OrderDetail,
}

/// Read a work order.
#[utoipa::path(get, path = "/v1/work_orders/{id}", tag = "orders",
    params(("id" = WorkOrderId, Path)), responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody)))]
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
) -> Result<Json<OrderBody>, ApiError> {
    let viewer = Viewer::new(&actor, app.clock.now_ms());
    let work_order = app
        .store
        .read(move |tx| detail(tx, viewer, id))
        .await
        .map_err(|error: StoreError| ApiError::from(error))?
        .ok_or_else(ApiError::not_found)?;
    Ok(Json(OrderBody { work_order }))
}

/// The summary of one order.
pub fn summary(
    tx: &mut dyn Tx,
    viewer: Viewer,
    id: WorkOrderId,
) -> Result<Option<OrderSummary>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE w.id = ?1");
    tx.first(&sql, args![id.to_string()], |row| {
        OrderSummary::read(row, viewer)
    })
}

/// The page of one order.
pub fn detail(
    tx: &mut dyn Tx,
    viewer: Viewer,
    id: WorkOrderId,
) -> Result<Option<OrderDetail>, StoreError> {
    let Some(summary) = summary(tx, viewer, id)? else {
        return Ok(None);
    };
    let Some(order) = row::load(tx, id)? else {
        return Ok(None);
    };
    assemble(tx, viewer, order, summary).map(Some)
}

fn assemble(
    tx: &mut dyn Tx,
    viewer: Viewer,
    order: OrderRow,
    summary: OrderSummary,
) -> Result<OrderDetail, StoreError> {
    let id = order.id;
    let standing = Standing::of(&order);
    let events = parts::events(tx, id)?;
    Ok(OrderDetail {
        summary,
        contact_phone: order.contact_phone.as_deref().map(mask_phone),
        place: order.place(),
        record: record(order.kind, &json_column(&order.record_values, 53)?),
        cost_sheet: json_option(order.cost_sheet.as_deref(), 54)?,
        match_detail: json_option(order.match_detail.as_deref(), 9)?,
        evidence: parts::evidence(tx, id, order.kind)?,
        card: card_view::card(tx, &order, &events)?,
        events,
        rejected_commands: parts::rejected_commands(tx, id)?,
        dispatch_decisions: parts::decisions(tx, id)?,
        callbacks: parts::callbacks(tx, id)?,
        commands: commands::views(standing, viewer.role),
        callback_satisfaction: satisfaction(order.callback_satisfaction.as_deref())?,
        meter_number: order.meter_number,
        pole_number: order.pole_number,
        template: order.template,
        dispatch_note: order.dispatch_note,
        reason: order.reason,
        customer_id: order.customer_id,
        appointment_at_ms: order.appointment_at_ms,
        dispatched_at_ms: order.dispatched_at_ms,
        accepted_at_ms: order.accepted_at_ms,
        departed_at_ms: order.departed_at_ms,
        arrived_at_ms: order.arrived_at_ms,
        began_at_ms: order.began_at_ms,
        finished_at_ms: order.finished_at_ms,
        approved_at_ms: order.approved_at_ms,
        archived_at_ms: order.archived_at_ms,
        cancelled_at_ms: order.cancelled_at_ms,
        called_back_at_ms: order.called_back_at_ms,
        place_proof: order.place_proof,
        consent_proof: order.consent_proof,
        proofs: proofs::proofs(tx, id)?,
        reject_count: order.reject_count,
        evidence_waived_reason: order.evidence_waived_reason,
        archive_hash: order.archive_hash,
        is_archive_intact: frozen::is_intact(tx, id)?,
    })
}

fn json_column<T: serde::de::DeserializeOwned>(text: &str, column: usize) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Inconsistent {
        column,
        expected: "JSON",
        found: error.to_string(),
    })
}

fn json_option(text: Option<&str>, column: usize) -> Result<Option<serde_json::Value>, StoreError> {
    text.map(|text| json_column(text, column)).transpose()
}

fn satisfaction(word: Option<&str>) -> Result<Option<Satisfaction>, StoreError> {
    word.map(str::parse)
        .transpose()
        .map_err(|_| StoreError::Inconsistent {
            column: 47,
            expected: "a satisfaction word",
            found: "another word".to_owned(),
        })
}

//! From a request to a draft: the kind with its reasons, the customer or the place, open orders of the
//! same account; then dispatch without a person where the settings ask for it. How a draft is filled
//! is `orders::draft`; an urge goes to the open order instead, see `urging`.

use super::decide::{Category, Choice, Decided, decide};
use super::urging::urge;
use crate::args;
use crate::customers::areas;
use crate::customers::row::CustomerRow;
use crate::dispatch::automatic::{Sent, automatic};
use crate::error::ApiError;
use crate::feed::Change;
use crate::intake::imports::inputs::Problem;
use crate::mint::Mint;
use crate::orders::draft::{Request as DraftRequest, build};
use crate::orders::{By, OrderRow, create};
use crate::store::{StoreError, Tx};
use dianma_schema::customer::AreaClass;
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::id::{AreaId, CustomerId, StationId, WorkOrderId};
use dianma_schema::intake::RecordOutcome;
use dianma_schema::order::{IntakeSource, OrderKind, Urgency};
use serde_json::json;

/// How far ahead of our clock a source's time of acceptance may be before ours is taken instead.
const MAX_AHEAD_MS: i64 = 5 * 60_000;

/// A request from any door, validated.
#[derive(Clone, Debug)]
pub struct Request {
    /// Door.
    pub source: IntakeSource,
    /// Key in the source.
    pub source_key: Option<String>,
    /// The customer, when known.
    pub customer: Option<CustomerRow>,
    /// Who calls.
    pub caller_name: Option<String>,
    /// Digits.
    pub contact_phone: Option<String>,
    /// Where, when it is not the supply address.
    pub address: Option<String>,
    /// What is asked for.
    pub content: String,
    /// A person's choice of the kind.
    pub kind: Option<OrderKind>,
    /// `kind/subtype` of the source's business type.
    pub work: Option<String>,
    /// Class of the source.
    pub category: Option<Category>,
    /// How pressing, by the source or the agent.
    pub urgency: Option<Urgency>,
    /// Class of the place when no customer tells it.
    pub area_class: Option<AreaClass>,
    /// Area code when no customer tells it.
    pub area_code: Option<String>,
    /// Station code when no customer tells it.
    pub station_code: Option<String>,
    /// When the source took it in.
    pub taken_in_at_ms: Option<i64>,
    /// Agreed with the customer.
    pub appointment_at_ms: Option<i64>,
    /// Number of an order about the same thing (同类工单号), ours or the source's.
    pub similar_order: Option<String>,
    /// Place, when no customer tells it.
    pub place: Option<Place>,
}

/// What came of a request.
#[derive(Debug)]
pub struct Taken {
    /// Created, attached, noted.
    pub outcome: RecordOutcome,
    /// The order.
    pub order: Option<(WorkOrderId, String)>,
    /// Chinese remark.
    pub message: Option<String>,
    /// For the end of the transaction.
    pub changes: Vec<Change>,
}

/// Takes a request in. The inner error is for a person to solve.
pub fn take_in(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    request: &Request,
) -> Result<Result<Taken, Problem>, StoreError> {
    let kind = request.kind;
    let decided = decide(
        &request.content,
        request.category,
        request.work.as_deref(),
        kind,
    );
    match &decided.choice {
        Choice::Draft { kind, subtype } => {
            draft(tx, mint, by, request, &decided, (*kind, subtype)).map(Ok)
        }
        Choice::Urge => urge(tx, mint.now_ms(), by, request),
        Choice::Noted(remark) => Ok(Ok(Taken {
            outcome: RecordOutcome::Noted,
            order: None,
            message: Some((*remark).to_owned()),
            changes: Vec::new(),
        })),
        Choice::Unclear(why) => Ok(Err(Problem::new(fault::V_NO_TEMPLATE, why))),
    }
}

/// Area and station of a request that names no customer of ours.
fn place_by_codes(
    tx: &mut dyn Tx,
    request: &Request,
) -> Result<(Option<AreaId>, Option<StationId>), StoreError> {
    if request.customer.is_some() {
        return Ok((None, None));
    }
    let code = request.area_code.as_deref().unwrap_or_default();
    let area = areas::by_code(tx, [code].into_iter())?.remove(code);
    let station_id = match (&area, &request.station_code) {
        (None, Some(code)) => areas::station_by_code(tx, code)?,
        _ => None,
    };
    Ok((area.map(|area| area.id), station_id))
}

fn draft(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    request: &Request,
    decided: &Decided,
    (kind, subtype): (OrderKind, &str),
) -> Result<Taken, StoreError> {
    let (area_id, station_id) = place_by_codes(tx, request)?;
    let similar = similar_orders(tx, request, kind)?;
    let mut detail = decided.detail();
    if let Some(object) = detail.as_object_mut()
        && !similar.is_empty()
    {
        object.insert("similar_orders".to_owned(), json!(similar));
    }
    let wanted = DraftRequest {
        subtype: subtype.to_owned(),
        urgency: urgency(request, decided),
        source_key: request.source_key.clone(),
        template: decided.decision.template.clone(),
        match_detail: Some(detail),
        customer_id: request.customer.as_ref().map(|customer| customer.id),
        account_name: request.caller_name.clone(),
        contact_phone: request.contact_phone.clone(),
        address: request.address.clone(),
        area_id,
        station_id,
        area_class: request.area_class,
        place: request.place,
        appointment_at_ms: request.appointment_at_ms,
        created_by: by.id.clone(),
        ..DraftRequest::new(
            WorkOrderId(mint.next_id()),
            kind,
            request.source,
            request.content.clone(),
            taken_in_at_ms(request, mint.now_ms()),
        )
    };
    let mut order = build(tx, wanted)?;
    let event = json!({ "source": request.source.as_str(), "decided_by": decided.by });
    create(tx, mint.now_ms(), &mut order, by, &event)?;
    let sent = send_out(tx, mint.now_ms(), &mut order)?;
    let similar = similar
        .first()
        .map(|number| format!("该户另有同类在办工单 {number}"));
    let remarks: Vec<String> = similar.into_iter().chain(sent.remark).collect();
    Ok(Taken {
        outcome: RecordOutcome::Created,
        order: Some((order.id, order.order_number)),
        message: (!remarks.is_empty()).then(|| remarks.join("；")),
        changes: sent.changes,
    })
}

/// A danger in the words counts for more than what the source says.
fn urgency(request: &Request, decided: &Decided) -> Urgency {
    if decided.decision.urgent {
        Urgency::Hazard
    } else {
        request.urgency.unwrap_or(Urgency::Normal)
    }
}

/// The source's time, unless it makes no sense.
fn taken_in_at_ms(request: &Request, now_ms: i64) -> i64 {
    request
        .taken_in_at_ms
        .filter(|at| *at > 0 && *at <= now_ms + MAX_AHEAD_MS)
        .unwrap_or(now_ms)
}

/// Dispatches the new draft when the settings ask for it. A rule that refuses leaves the draft to the
/// dispatcher: the request is never lost over it.
fn send_out(tx: &mut dyn Tx, now_ms: i64, order: &mut OrderRow) -> Result<Sent, StoreError> {
    match automatic(tx, now_ms, order) {
        Ok(sent) => Ok(sent),
        Err(refusal) => {
            let problem = refused(refusal)?;
            Ok(Sent {
                changes: Vec::new(),
                remark: Some(format!("没有自动派工：{}", problem.detail)),
            })
        }
    }
}

/// Numbers of open orders of the same kind and customer, and of the order the source names.
fn similar_orders(
    tx: &mut dyn Tx,
    request: &Request,
    kind: OrderKind,
) -> Result<Vec<String>, StoreError> {
    let customer = request.customer.as_ref().map(|c| c.id.to_string());
    tx.all(
        "SELECT order_number FROM work_orders \
         WHERE (customer_id = ?1 AND kind = ?2 AND is_open = 1) \
         OR order_number = ?3 OR (source_key = ?3 AND source = ?4) \
         ORDER BY taken_in_at_ms DESC LIMIT 5",
        args![
            customer.unwrap_or_default(),
            kind.as_str(),
            request.similar_order.as_deref().unwrap_or("-"),
            request.source.as_str()
        ],
        |row| row.text(0),
    )
}

/// Open orders of a customer, most recent first.
pub fn open_orders(
    tx: &mut dyn Tx,
    customer_id: CustomerId,
) -> Result<Vec<WorkOrderId>, StoreError> {
    tx.all(
        "SELECT id FROM work_orders WHERE customer_id = ?1 AND is_open = 1 \
         ORDER BY taken_in_at_ms DESC, id LIMIT 20",
        args![customer_id.to_string()],
        |row| row.parse(0),
    )
}

/// What a person can solve stays a problem; what only a developer can solve stays an error.
pub(super) fn refused(refusal: ApiError) -> Result<Problem, StoreError> {
    if refusal.status.is_server_error() {
        return Err(StoreError::Engine(refusal.to_string()));
    }
    let detail = refusal
        .detail
        .map_or_else(|| refusal.code.zh().to_owned(), |detail| detail.zh);
    Ok(Problem::new(refusal.code, detail))
}

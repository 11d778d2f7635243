//! From a request to a draft: the customer, the kind with its reasons, the deadlines of the day it
//! was taken in, open orders of the same account. An urge goes to the open order instead.

use super::decide::{Category, Choice, Decided, decide};
use crate::args;
use crate::customers::row::CustomerRow;
use crate::customers::{areas, find};
use crate::dispatch::urge::press;
use crate::error::ApiError;
use crate::feed::Change;
use crate::intake::imports::inputs::Problem;
use crate::mint::Mint;
use crate::orders::act::Office;
use crate::orders::row::load_for_update;
use crate::orders::{By, OrderRow, create};
use crate::store::{StoreError, Tx};
use dianma_schema::customer::{AreaClass, CustomerClass};
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::id::{AreaId, CustomerId, StationId, WorkOrderId};
use dianma_schema::intake::RecordOutcome;
use dianma_schema::order::deadline::deadlines;
use dianma_schema::order::{IntakeSource, OrderKind, OrderState, Urgency};
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

/// Where the work is and what the promises depend on.
struct Site {
    area_id: Option<AreaId>,
    station_id: Option<StationId>,
    area_class: AreaClass,
    customer_class: CustomerClass,
    meter_number: Option<String>,
    place: Option<Place>,
}

fn site(tx: &mut dyn Tx, request: &Request) -> Result<Site, StoreError> {
    if let Some(customer) = &request.customer {
        let class = find::area_class(tx, customer.area_id)?;
        let place = customer.latitude_e6.zip(customer.longitude_e6);
        return Ok(Site {
            area_id: Some(customer.area_id),
            station_id: Some(customer.station_id),
            area_class: class.unwrap_or(AreaClass::Rural),
            customer_class: customer.customer_class,
            meter_number: find::meter_of(tx, customer.id)?,
            place: place
                .and_then(|(lat, lon)| Place::new(lat, lon))
                .or(request.place),
        });
    }
    let code = request.area_code.as_deref().unwrap_or_default();
    let area = areas::by_code(tx, [code].into_iter())?.remove(code);
    let station_id = match (&area, &request.station_code) {
        (Some(area), _) => Some(area.station_id),
        (None, Some(code)) => areas::station_by_code(tx, code)?,
        (None, None) => None,
    };
    // Rural is the middle promise; a person corrects it in the draft.
    let class = area.map(|area| area.class).or(request.area_class);
    Ok(Site {
        area_id: area.map(|area| area.id),
        station_id,
        area_class: class.unwrap_or(AreaClass::Rural),
        customer_class: CustomerClass::Resident,
        meter_number: None,
        place: request.place,
    })
}

fn draft(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    request: &Request,
    decided: &Decided,
    (kind, subtype): (OrderKind, &str),
) -> Result<Taken, StoreError> {
    let site = site(tx, request)?;
    let similar = similar_orders(tx, request, kind)?;
    let mut detail = decided.detail();
    if let Some(object) = detail.as_object_mut()
        && !similar.is_empty()
    {
        object.insert("similar_orders".to_owned(), json!(similar));
    }
    let mut order = row(mint, request, &site, (kind, subtype));
    order.template.clone_from(&decided.decision.template);
    order.match_detail = Some(detail.to_string());
    order.created_by.clone_from(&by.id);
    if decided.decision.urgent {
        order.urgency = Urgency::Hazard;
    }
    let event = json!({ "source": request.source.as_str(), "decided_by": decided.by });
    create(tx, mint.now_ms(), &mut order, by, &event)?;
    Ok(Taken {
        outcome: RecordOutcome::Created,
        order: Some((order.id, order.order_number)),
        message: similar
            .first()
            .map(|number| format!("该户另有同类在办工单 {number}")),
        changes: Vec::new(),
    })
}

/// A new order row without number: `orders::create` gives it one.
fn row(
    mint: &mut Mint,
    request: &Request,
    site: &Site,
    (kind, subtype): (OrderKind, &str),
) -> OrderRow {
    let now_ms = mint.now_ms();
    let taken_in_at_ms = request
        .taken_in_at_ms
        .filter(|at| *at > 0 && *at <= now_ms + MAX_AHEAD_MS)
        .unwrap_or(now_ms);
    let due = deadlines(
        kind,
        subtype,
        site.area_class,
        site.customer_class,
        "",
        taken_in_at_ms,
    );
    let earlier = [&due.arrive, &due.complete]
        .into_iter()
        .flatten()
        .min_by_key(|deadline| deadline.due_at_ms);
    let rule = |deadline: &dianma_schema::order::deadline::Deadline| {
        format!("{}@{}", deadline.rule_id, deadline.rule_version)
    };
    let customer = request.customer.as_ref();
    let caller = request.caller_name.clone();
    let phone = request.contact_phone.clone();
    OrderRow {
        kind,
        subtype: subtype.to_owned(),
        urgency: request.urgency.unwrap_or(Urgency::Normal),
        source: request.source,
        source_key: request.source_key.clone(),
        content: request.content.clone(),
        customer_id: customer.map(|c| c.id),
        account_number: customer.map(|c| c.account_number.clone()),
        account_name: customer.map(|c| c.account_name.clone()).or(caller),
        contact_phone: phone.or_else(|| customer.and_then(|c| c.contact_phone.clone())),
        address: request
            .address
            .clone()
            .or_else(|| customer.map(|c| c.supply_address.clone())),
        meter_number: site.meter_number.clone(),
        pole_number: customer.and_then(|c| c.pole_number.clone()),
        area_id: site.area_id,
        station_id: site.station_id,
        area_class: site.area_class.as_str().to_owned(),
        latitude_e6: site.place.map(|p| p.latitude_e6),
        longitude_e6: site.place.map(|p| p.longitude_e6),
        taken_in_at_ms,
        appointment_at_ms: request.appointment_at_ms,
        arrive_due_at_ms: due.arrive.as_ref().map(|d| d.due_at_ms),
        arrive_rule: due.arrive.as_ref().map(rule),
        due_at_ms: due.complete.as_ref().map(|d| d.due_at_ms),
        due_rule: due.complete.as_ref().map(rule),
        promise: earlier.map(|deadline| deadline.zh.clone()),
        ..blank(WorkOrderId(mint.next_id()), kind)
    }
}

/// A draft with nothing in it yet.
fn blank(id: WorkOrderId, kind: OrderKind) -> OrderRow {
    OrderRow {
        id,
        order_number: String::new(),
        kind,
        subtype: String::new(),
        state: OrderState::Draft,
        urgency: Urgency::Normal,
        source: IntakeSource::Counter,
        source_key: None,
        template: None,
        match_detail: None,
        content: String::new(),
        customer_id: None,
        account_number: None,
        account_name: None,
        contact_phone: None,
        address: None,
        meter_number: None,
        pole_number: None,
        area_id: None,
        station_id: None,
        area_class: AreaClass::Rural.as_str().to_owned(),
        latitude_e6: None,
        longitude_e6: None,
        assignee_id: None,
        dispatch_note: None,
        reason: None,
        taken_in_at_ms: 0,
        appointment_at_ms: None,
        arrive_due_at_ms: None,
        arrive_rule: None,
        due_at_ms: None,
        due_rule: None,
        promise: None,
        dispatched_at_ms: None,
        accepted_at_ms: None,
        departed_at_ms: None,
        arrived_at_ms: None,
        began_at_ms: None,
        finished_at_ms: None,
        submitted_at_ms: None,
        approved_at_ms: None,
        archived_at_ms: None,
        cancelled_at_ms: None,
        called_back_at_ms: None,
        place_proof: None,
        consent_proof: None,
        satisfaction: None,
        callback_satisfaction: None,
        reject_count: 0,
        evidence_expected: 0,
        evidence_arrived: 0,
        evidence_waived_reason: None,
        total_fen: None,
        record_values: "{}".to_owned(),
        cost_sheet: None,
        archive_hash: None,
        version: 0,
        created_by: String::new(),
        updated_at_ms: 0,
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

/// The order the urge is about: the one named, else the only sensible one of the account.
fn urged(tx: &mut dyn Tx, request: &Request) -> Result<Option<WorkOrderId>, StoreError> {
    if let Some(number) = &request.similar_order {
        let named = tx.first(
            "SELECT id FROM work_orders WHERE is_open = 1 AND (order_number = ?1 \
             OR source_key = ?1) ORDER BY taken_in_at_ms DESC LIMIT 1",
            args![number],
            |row| row.parse(0),
        )?;
        if named.is_some() {
            return Ok(named);
        }
    }
    match &request.customer {
        Some(customer) => Ok(open_orders(tx, customer.id)?.first().copied()),
        None => Ok(None),
    }
}

fn urge(
    tx: &mut dyn Tx,
    now_ms: i64,
    by: &By,
    request: &Request,
) -> Result<Result<Taken, Problem>, StoreError> {
    let not_open = || {
        Problem::new(
            fault::V_NO_TEMPLATE,
            "催办的工单不在办：请人工核对后选择类型",
        )
    };
    let Some(id) = urged(tx, request)? else {
        return Ok(Err(not_open()));
    };
    let Some(mut order) = load_for_update(tx, id)? else {
        return Ok(Err(not_open()));
    };
    let office = Office {
        now_ms,
        by: by.clone(),
        version: None,
    };
    let note: String = request.content.chars().take(200).collect();
    let message = format!("已并入在办工单 {}", order.order_number);
    match press(tx, &office, &mut order, Some(&note)) {
        Ok(changes) => Ok(Ok(Taken {
            outcome: RecordOutcome::Attached,
            order: Some((order.id, order.order_number)),
            message: Some(message),
            changes,
        })),
        Err(refusal) => refused(refusal).map(Err),
    }
}

/// What a person can solve stays a problem; what only a developer can solve stays an error.
fn refused(refusal: ApiError) -> Result<Problem, StoreError> {
    if refusal.status.is_server_error() {
        return Err(StoreError::Engine(refusal.to_string()));
    }
    let detail = refusal
        .detail
        .unwrap_or_else(|| refusal.code.zh().to_owned());
    Ok(Problem::new(refusal.code, detail))
}

//! Builds drafts: what intake knows plus what the archive knows about the customer, with the
//! deadlines of the promise that is in force when the request is taken in. `create` stores them.

use super::row::OrderRow;
use crate::args;
use crate::store::{StoreError, Tx};
use dianma_schema::customer::{AreaClass, CustomerClass};
use dianma_schema::geo::Place;
use dianma_schema::id::{AreaId, CustomerId, StationId, WorkOrderId};
use dianma_schema::order::deadline::{Deadline, deadlines};
use dianma_schema::order::{IntakeSource, OrderKind, OrderState, Urgency};

/// Setting: administrative region of the company, e.g. `420000/421300`; narrows service limits.
pub const REGION_SETTING: &str = "region";

/// What a request says. Fields that the customer's archive row fills may stay empty.
#[derive(Clone, Debug)]
pub struct Request {
    /// Id of the order to be.
    pub id: WorkOrderId,
    /// Kind.
    pub kind: OrderKind,
    /// Subtype; empty when none.
    pub subtype: String,
    /// Urgency.
    pub urgency: Urgency,
    /// The door it came in by.
    pub source: IntakeSource,
    /// Key in the source.
    pub source_key: Option<String>,
    /// Template that decided the kind.
    pub template: Option<String>,
    /// Why that template.
    pub match_detail: Option<serde_json::Value>,
    /// What is asked for.
    pub content: String,
    /// The customer in the archive.
    pub customer_id: Option<CustomerId>,
    /// Name given by the caller; the archive's counts when there is a customer.
    pub account_name: Option<String>,
    /// Number to call back; the archive's when empty.
    pub contact_phone: Option<String>,
    /// Where to go; the archive's when empty.
    pub address: Option<String>,
    /// Meter named in the request; the customer's first installed one when empty.
    pub meter_number: Option<String>,
    /// Pole named in the request; the archive's when empty.
    pub pole_number: Option<String>,
    /// Transformer area, when there is no customer.
    pub area_id: Option<AreaId>,
    /// Supply station, when there is neither customer nor area.
    pub station_id: Option<StationId>,
    /// Class of the place, when there is neither customer nor area.
    pub area_class: Option<AreaClass>,
    /// Where the caller says it is; the archive's place of the customer counts for more.
    pub place: Option<Place>,
    /// Taken in, epoch ms: decides which promise counts.
    pub taken_in_at_ms: i64,
    /// Appointment, epoch ms.
    pub appointment_at_ms: Option<i64>,
    /// Staff id or `system`.
    pub created_by: String,
}

impl Request {
    /// A request with nothing but a kind and its words.
    pub fn new(
        id: WorkOrderId,
        kind: OrderKind,
        source: IntakeSource,
        content: String,
        taken_in_at_ms: i64,
    ) -> Self {
        Self {
            id,
            kind,
            subtype: String::new(),
            urgency: Urgency::Normal,
            source,
            source_key: None,
            template: None,
            match_detail: None,
            content,
            customer_id: None,
            account_name: None,
            contact_phone: None,
            address: None,
            meter_number: None,
            pole_number: None,
            area_id: None,
            station_id: None,
            area_class: None,
            place: None,
            taken_in_at_ms,
            appointment_at_ms: None,
            created_by: "system".to_owned(),
        }
    }
}

/// A draft of the request; `orders::create` gives it its number and stores it.
pub fn build(tx: &mut dyn Tx, request: Request) -> Result<OrderRow, StoreError> {
    let customer = match request.customer_id {
        Some(id) => customer(tx, id)?,
        None => None,
    };
    let area = match customer.as_ref().map(|c| c.area_id).or(request.area_id) {
        Some(id) => area(tx, id)?,
        None => None,
    };
    let class = customer
        .as_ref()
        .map_or(CustomerClass::Resident, |c| c.class);
    let mut order = blank(request);
    if let Some(customer) = customer {
        customer.fill(&mut order);
    }
    if let Some(area) = area {
        order.area_id = Some(area.id);
        order.station_id = Some(area.station_id);
        area.class.as_str().clone_into(&mut order.area_class);
        if order.place().is_none() {
            order.latitude_e6 = area.place.map(|place| place.latitude_e6);
            order.longitude_e6 = area.place.map(|place| place.longitude_e6);
        }
    }
    let region = region(tx)?;
    set_deadlines(&mut order, class, &region);
    Ok(order)
}

/// Sets the deadlines by kind, subtype, area and customer class, as of the time it was taken in.
pub(super) fn set_deadlines(order: &mut OrderRow, class: CustomerClass, region: &str) {
    let area_class = order.area_class.parse().unwrap_or(AreaClass::Rural);
    let due = deadlines(
        order.kind,
        &order.subtype,
        area_class,
        class,
        region,
        order.taken_in_at_ms,
    );
    let rule = |deadline: &Deadline| format!("{} v{}", deadline.rule_id, deadline.rule_version);
    order.arrive_due_at_ms = due.arrive.as_ref().map(|deadline| deadline.due_at_ms);
    order.arrive_rule = due.arrive.as_ref().map(rule);
    order.due_at_ms = due.complete.as_ref().map(|deadline| deadline.due_at_ms);
    order.due_rule = due.complete.as_ref().map(rule);
    order.promise = [due.arrive, due.complete]
        .into_iter()
        .flatten()
        .min_by_key(|deadline| deadline.due_at_ms)
        .map(|deadline| deadline.zh);
}

/// The company's region; empty when not set.
pub(super) fn region(tx: &mut dyn Tx) -> Result<String, StoreError> {
    let region = tx.first(
        "SELECT value FROM settings WHERE name = ?1",
        args![REGION_SETTING],
        |row| row.text(0),
    )?;
    Ok(region.unwrap_or_default())
}

/// The class of an order's customer; resident when unknown, as most are.
pub(super) fn customer_class(
    tx: &mut dyn Tx,
    order: &OrderRow,
) -> Result<CustomerClass, StoreError> {
    let class = tx.first(
        "SELECT customer_class FROM customers WHERE id = ?1",
        args![
            order
                .customer_id
                .map(|id| id.to_string())
                .unwrap_or_default()
        ],
        |row| row.parse(0),
    )?;
    Ok(class.unwrap_or(CustomerClass::Resident))
}

struct Customer {
    account_number: String,
    account_name: String,
    contact_phone: Option<String>,
    supply_address: String,
    class: CustomerClass,
    area_id: AreaId,
    pole_number: Option<String>,
    latitude_e6: Option<i64>,
    longitude_e6: Option<i64>,
    meter_number: Option<String>,
}

impl Customer {
    /// The archive's words where the request has none.
    fn fill(self, order: &mut OrderRow) {
        order.account_number = Some(self.account_number);
        order.account_name = Some(self.account_name);
        order.contact_phone = order.contact_phone.take().or(self.contact_phone);
        order.address.get_or_insert(self.supply_address);
        order.meter_number = order.meter_number.take().or(self.meter_number);
        order.pole_number = order.pole_number.take().or(self.pole_number);
        if self.latitude_e6.is_some() && self.longitude_e6.is_some() {
            order.latitude_e6 = self.latitude_e6;
            order.longitude_e6 = self.longitude_e6;
        }
    }
}

fn customer(tx: &mut dyn Tx, id: CustomerId) -> Result<Option<Customer>, StoreError> {
    tx.first(
        "SELECT c.account_number, c.account_name, c.contact_phone, c.supply_address, \
         c.customer_class, c.area_id, c.pole_number, c.latitude_e6, c.longitude_e6, \
         (SELECT min(m.meter_number) FROM meters m \
         WHERE m.customer_id = c.id AND m.state = 'installed') \
         FROM customers c WHERE c.id = ?1",
        args![id.to_string()],
        |row| {
            Ok(Customer {
                account_number: row.text(0)?,
                account_name: row.text(1)?,
                contact_phone: row.opt_text(2)?,
                supply_address: row.text(3)?,
                class: row.parse(4)?,
                area_id: row.parse(5)?,
                pole_number: row.opt_text(6)?,
                latitude_e6: row.opt_int(7)?,
                longitude_e6: row.opt_int(8)?,
                meter_number: row.opt_text(9)?,
            })
        },
    )
}

struct Area {
    id: AreaId,
    station_id: StationId,
    class: AreaClass,
    place: Option<Place>,
}

fn area(tx: &mut dyn Tx, id: AreaId) -> Result<Option<Area>, StoreError> {
    tx.first(
        "SELECT station_id, area_class, latitude_e6, longitude_e6 FROM transformer_areas \
         WHERE id = ?1",
        args![id.to_string()],
        |row| {
            let place = row.opt_int(2)?.zip(row.opt_int(3)?);
            Ok(Area {
                id,
                station_id: row.parse(0)?,
                class: row.parse(1)?,
                place: place.and_then(|(latitude, longitude)| Place::new(latitude, longitude)),
            })
        },
    )
}

/// The request as a row, nothing looked up. Where nothing tells the class of the place it counts as
/// rural: this is a county's system, and a rural limit is the general one there.
pub fn blank(request: Request) -> OrderRow {
    let area_class = request.area_class.unwrap_or(AreaClass::Rural);
    OrderRow {
        id: request.id,
        order_number: String::new(),
        kind: request.kind,
        subtype: request.subtype,
        state: OrderState::Draft,
        urgency: request.urgency,
        source: request.source,
        source_key: request.source_key,
        template: request.template,
        match_detail: request.match_detail.map(|detail| detail.to_string()),
        content: request.content,
        customer_id: request.customer_id,
        account_number: None,
        account_name: request.account_name,
        contact_phone: request.contact_phone,
        address: request.address,
        meter_number: request.meter_number,
        pole_number: request.pole_number,
        area_id: None,
        station_id: request.station_id,
        area_class: area_class.as_str().to_owned(),
        latitude_e6: request.place.map(|place| place.latitude_e6),
        longitude_e6: request.place.map(|place| place.longitude_e6),
        assignee_id: None,
        dispatch_note: None,
        reason: None,
        taken_in_at_ms: request.taken_in_at_ms,
        appointment_at_ms: request.appointment_at_ms,
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
        created_by: request.created_by,
        updated_at_ms: request.taken_in_at_ms,
    }
}

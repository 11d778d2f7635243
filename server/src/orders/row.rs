//! The `work_orders` row: one struct, one column list, one checked conversion. Derived columns
//! (urgency rank, day key, open flag) are computed here and nowhere else.

use crate::args;
use crate::feed::for_update;
use crate::store::{Row, StoreError, Tx, Value};
use dianma_schema::geo::Place;
use dianma_schema::id::{AreaId, CustomerId, StaffId, StationId, WorkOrderId};
use dianma_schema::order::{IntakeSource, OrderKind, OrderState, Urgency};
use dianma_schema::time::day_key;

/// Columns in the order [`OrderRow::read`] expects.
pub const COLUMNS: &str = "id, order_number, kind, subtype, state, urgency, source, source_key, template, \
     match_detail, content, customer_id, account_number, account_name, contact_phone, \
     address, meter_number, pole_number, area_id, station_id, area_class, latitude_e6, \
     longitude_e6, assignee_id, dispatch_note, reason, taken_in_at_ms, appointment_at_ms, \
     arrive_due_at_ms, arrive_rule, due_at_ms, due_rule, promise, dispatched_at_ms, \
     accepted_at_ms, departed_at_ms, arrived_at_ms, began_at_ms, finished_at_ms, \
     submitted_at_ms, approved_at_ms, archived_at_ms, cancelled_at_ms, called_back_at_ms, \
     place_proof, consent_proof, satisfaction, callback_satisfaction, reject_count, \
     evidence_expected, evidence_arrived, evidence_waived_reason, total_fen, record_values, \
     cost_sheet, archive_hash, version, created_by, updated_at_ms";

/// A stored work order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// Id.
    pub id: WorkOrderId,
    /// 工单号.
    pub order_number: String,
    /// Kind.
    pub kind: OrderKind,
    /// Subtype; empty when none.
    pub subtype: String,
    /// State.
    pub state: OrderState,
    /// Urgency.
    pub urgency: Urgency,
    /// The door it came in by.
    pub source: IntakeSource,
    /// Key in the source.
    pub source_key: Option<String>,
    /// Template that made it.
    pub template: Option<String>,
    /// JSON: why that template.
    pub match_detail: Option<String>,
    /// What was asked for.
    pub content: String,
    /// Customer id.
    pub customer_id: Option<CustomerId>,
    /// Account number.
    pub account_number: Option<String>,
    /// Account name.
    pub account_name: Option<String>,
    /// Contact phone.
    pub contact_phone: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Meter number.
    pub meter_number: Option<String>,
    /// Pole number.
    pub pole_number: Option<String>,
    /// Area id.
    pub area_id: Option<AreaId>,
    /// Station id.
    pub station_id: Option<StationId>,
    /// urban, rural, remote.
    pub area_class: String,
    /// Latitude e6.
    pub latitude_e6: Option<i64>,
    /// Longitude e6.
    pub longitude_e6: Option<i64>,
    /// Assignee id.
    pub assignee_id: Option<StaffId>,
    /// Dispatch note.
    pub dispatch_note: Option<String>,
    /// Of the last reject, reassign, cancel or suspend.
    pub reason: Option<String>,
    /// Taken in at ms.
    pub taken_in_at_ms: i64,
    /// Appointment at ms.
    pub appointment_at_ms: Option<i64>,
    /// Arrive due at ms.
    pub arrive_due_at_ms: Option<i64>,
    /// Arrive rule.
    pub arrive_rule: Option<String>,
    /// Due at ms.
    pub due_at_ms: Option<i64>,
    /// Due rule.
    pub due_rule: Option<String>,
    /// Sentence of the earlier deadline.
    pub promise: Option<String>,
    /// Dispatched at ms.
    pub dispatched_at_ms: Option<i64>,
    /// Accepted at ms.
    pub accepted_at_ms: Option<i64>,
    /// Departed at ms.
    pub departed_at_ms: Option<i64>,
    /// Arrived at ms.
    pub arrived_at_ms: Option<i64>,
    /// Began at ms.
    pub began_at_ms: Option<i64>,
    /// Finished at ms.
    pub finished_at_ms: Option<i64>,
    /// Submitted at ms.
    pub submitted_at_ms: Option<i64>,
    /// Approved at ms.
    pub approved_at_ms: Option<i64>,
    /// Archived at ms.
    pub archived_at_ms: Option<i64>,
    /// Cancelled at ms.
    pub cancelled_at_ms: Option<i64>,
    /// Called back at ms.
    pub called_back_at_ms: Option<i64>,
    /// Place proof.
    pub place_proof: Option<String>,
    /// Consent proof.
    pub consent_proof: Option<String>,
    /// Satisfaction.
    pub satisfaction: Option<String>,
    /// Callback satisfaction.
    pub callback_satisfaction: Option<String>,
    /// Reject count.
    pub reject_count: i64,
    /// Evidence expected.
    pub evidence_expected: i64,
    /// Evidence arrived.
    pub evidence_arrived: i64,
    /// Evidence waived reason.
    pub evidence_waived_reason: Option<String>,
    /// Total fen.
    pub total_fen: Option<i64>,
    /// JSON object of the field record.
    pub record_values: String,
    /// JSON of the cost sheet as the server computed it.
    pub cost_sheet: Option<String>,
    /// SHA-256 of the frozen order.
    pub archive_hash: Option<String>,
    /// Grows by one with every event.
    pub version: i64,
    /// Staff id or `system`.
    pub created_by: String,
    /// Updated at ms.
    pub updated_at_ms: i64,
}

impl OrderRow {
    /// Reads a row selected with [`COLUMNS`].
    pub fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parse(0)?,
            order_number: row.text(1)?,
            kind: row.parse(2)?,
            subtype: row.text(3)?,
            state: row.parse(4)?,
            urgency: row.parse(5)?,
            source: row.parse(6)?,
            source_key: row.opt_text(7)?,
            template: row.opt_text(8)?,
            match_detail: row.opt_text(9)?,
            content: row.text(10)?,
            customer_id: row.opt_parse(11)?,
            account_number: row.opt_text(12)?,
            account_name: row.opt_text(13)?,
            contact_phone: row.opt_text(14)?,
            address: row.opt_text(15)?,
            meter_number: row.opt_text(16)?,
            pole_number: row.opt_text(17)?,
            area_id: row.opt_parse(18)?,
            station_id: row.opt_parse(19)?,
            area_class: row.text(20)?,
            latitude_e6: row.opt_int(21)?,
            longitude_e6: row.opt_int(22)?,
            assignee_id: row.opt_parse(23)?,
            dispatch_note: row.opt_text(24)?,
            reason: row.opt_text(25)?,
            taken_in_at_ms: row.int(26)?,
            appointment_at_ms: row.opt_int(27)?,
            arrive_due_at_ms: row.opt_int(28)?,
            arrive_rule: row.opt_text(29)?,
            due_at_ms: row.opt_int(30)?,
            due_rule: row.opt_text(31)?,
            promise: row.opt_text(32)?,
            dispatched_at_ms: row.opt_int(33)?,
            accepted_at_ms: row.opt_int(34)?,
            departed_at_ms: row.opt_int(35)?,
            arrived_at_ms: row.opt_int(36)?,
            began_at_ms: row.opt_int(37)?,
            finished_at_ms: row.opt_int(38)?,
            submitted_at_ms: row.opt_int(39)?,
            approved_at_ms: row.opt_int(40)?,
            archived_at_ms: row.opt_int(41)?,
            cancelled_at_ms: row.opt_int(42)?,
            called_back_at_ms: row.opt_int(43)?,
            place_proof: row.opt_text(44)?,
            consent_proof: row.opt_text(45)?,
            satisfaction: row.opt_text(46)?,
            callback_satisfaction: row.opt_text(47)?,
            reject_count: row.int(48)?,
            evidence_expected: row.int(49)?,
            evidence_arrived: row.int(50)?,
            evidence_waived_reason: row.opt_text(51)?,
            total_fen: row.opt_int(52)?,
            record_values: row.text(53)?,
            cost_sheet: row.opt_text(54)?,
            archive_hash: row.opt_text(55)?,
            version: row.int(56)?,
            created_by: row.text(57)?,
            updated_at_ms: row.int(58)?,
        })
    }

    /// The place, when both coordinates are known.
    pub fn place(&self) -> Option<Place> {
        Place::new(self.latitude_e6?, self.longitude_e6?)
    }

    /// The columns of [`update_facts`], from another version of the order.
    fn take_facts(&mut self, from: &Self) {
        self.evidence_expected = from.evidence_expected;
        self.evidence_arrived = from.evidence_arrived;
        self.total_fen = from.total_fen;
        self.record_values.clone_from(&from.record_values);
        self.cost_sheet.clone_from(&from.cost_sheet);
    }

    /// The columns of [`update_step`], from another version of the order.
    fn take_step(&mut self, from: &Self) {
        self.state = from.state;
        self.reason.clone_from(&from.reason);
        self.appointment_at_ms = from.appointment_at_ms;
        self.accepted_at_ms = from.accepted_at_ms;
        self.departed_at_ms = from.departed_at_ms;
        self.arrived_at_ms = from.arrived_at_ms;
        self.began_at_ms = from.began_at_ms;
        self.finished_at_ms = from.finished_at_ms;
        self.submitted_at_ms = from.submitted_at_ms;
        self.place_proof.clone_from(&from.place_proof);
        self.consent_proof.clone_from(&from.consent_proof);
        self.satisfaction.clone_from(&from.satisfaction);
    }

    fn values(&self) -> Vec<Value> {
        args![
            self.id.to_string(),
            &self.order_number,
            self.kind.as_str(),
            &self.subtype,
            self.state.as_str(),
            self.urgency.as_str(),
            self.source.as_str(),
            self.source_key.as_ref(),
            self.template.as_ref(),
            self.match_detail.as_ref(),
            &self.content,
            self.customer_id.map(|id| id.to_string()),
            self.account_number.as_ref(),
            self.account_name.as_ref(),
            self.contact_phone.as_ref(),
            self.address.as_ref(),
            self.meter_number.as_ref(),
            self.pole_number.as_ref(),
            self.area_id.map(|id| id.to_string()),
            self.station_id.map(|id| id.to_string()),
            &self.area_class,
            self.latitude_e6,
            self.longitude_e6,
            self.assignee_id.map(|id| id.to_string()),
            self.dispatch_note.as_ref(),
            self.reason.as_ref(),
            self.taken_in_at_ms,
            self.appointment_at_ms,
            self.arrive_due_at_ms,
            self.arrive_rule.as_ref(),
            self.due_at_ms,
            self.due_rule.as_ref(),
            self.promise.as_ref(),
            self.dispatched_at_ms,
            self.accepted_at_ms,
            self.departed_at_ms,
            self.arrived_at_ms,
            self.began_at_ms,
            self.finished_at_ms,
            self.submitted_at_ms,
            self.approved_at_ms,
            self.archived_at_ms,
            self.cancelled_at_ms,
            self.called_back_at_ms,
            self.place_proof.as_ref(),
            self.consent_proof.as_ref(),
            self.satisfaction.as_ref(),
            self.callback_satisfaction.as_ref(),
            self.reject_count,
            self.evidence_expected,
            self.evidence_arrived,
            self.evidence_waived_reason.as_ref(),
            self.total_fen,
            &self.record_values,
            self.cost_sheet.as_ref(),
            self.archive_hash.as_ref(),
            self.version,
            &self.created_by,
            self.updated_at_ms,
            self.urgency as i64,
            day_key(self.taken_in_at_ms),
            !self.state.is_final()
        ]
        .to_vec()
    }
}

/// An order by id.
pub fn load(tx: &mut dyn Tx, id: WorkOrderId) -> Result<Option<OrderRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM work_orders WHERE id = ?1");
    tx.first(&sql, args![id.to_string()], OrderRow::read)
}

/// An order by id, locked until the commit, for a change.
pub fn load_for_update(tx: &mut dyn Tx, id: WorkOrderId) -> Result<Option<OrderRow>, StoreError> {
    let lock = for_update(tx.engine());
    let sql = format!("SELECT {COLUMNS} FROM work_orders WHERE id = ?1{lock}");
    tx.first(&sql, args![id.to_string()], OrderRow::read)
}

/// Writes a new order.
pub(super) fn insert(tx: &mut dyn Tx, order: &OrderRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO work_orders (id, order_number, kind, subtype, state, urgency, source, source_key, template, \
             match_detail, content, customer_id, account_number, account_name, contact_phone, \
             address, meter_number, pole_number, area_id, station_id, area_class, latitude_e6, \
             longitude_e6, assignee_id, dispatch_note, reason, taken_in_at_ms, appointment_at_ms, \
             arrive_due_at_ms, arrive_rule, due_at_ms, due_rule, promise, dispatched_at_ms, \
             accepted_at_ms, departed_at_ms, arrived_at_ms, began_at_ms, finished_at_ms, \
             submitted_at_ms, approved_at_ms, archived_at_ms, cancelled_at_ms, called_back_at_ms, \
             place_proof, consent_proof, satisfaction, callback_satisfaction, reject_count, \
             evidence_expected, evidence_arrived, evidence_waived_reason, total_fen, record_values, \
             cost_sheet, archive_hash, version, created_by, updated_at_ms, urgency_rank, \
             taken_in_day, is_open) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, \
             ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, \
             ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49, ?50, ?51, ?52, ?53, \
             ?54, ?55, ?56, ?57, ?58, ?59, ?60, ?61, ?62)",
        &order.values(),
    )?;
    Ok(())
}

/// Writes a changed order back, touching no more indexes than the change needs: a fact (a record, a
/// file, a cost sheet) touches none, a step on site those of state and times. SQLite rewrites every
/// index that a statement names, changed or not; there are sixteen.
pub(super) fn update(
    tx: &mut dyn Tx,
    before: &OrderRow,
    order: &OrderRow,
) -> Result<(), StoreError> {
    let mut probe = before.clone();
    probe.version = order.version;
    probe.updated_at_ms = order.updated_at_ms;
    let mut with_step = probe.clone();
    probe.take_facts(order);
    if probe == *order {
        return update_facts(tx, order);
    }
    with_step.take_step(order);
    if with_step == *order && before.state.is_final() == order.state.is_final() {
        return update_step(tx, order);
    }
    update_whole(tx, order)
}

fn update_facts(tx: &mut dyn Tx, order: &OrderRow) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE work_orders SET evidence_expected = ?2, evidence_arrived = ?3, total_fen = ?4, \
         record_values = ?5, cost_sheet = ?6, version = ?7, updated_at_ms = ?8 WHERE id = ?1",
        args![
            order.id.to_string(),
            order.evidence_expected,
            order.evidence_arrived,
            order.total_fen,
            &order.record_values,
            order.cost_sheet.as_ref(),
            order.version,
            order.updated_at_ms
        ],
    )?;
    Ok(())
}

fn update_step(tx: &mut dyn Tx, order: &OrderRow) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE work_orders SET state = ?2, reason = ?3, appointment_at_ms = ?4, \
         accepted_at_ms = ?5, departed_at_ms = ?6, arrived_at_ms = ?7, began_at_ms = ?8, \
         finished_at_ms = ?9, submitted_at_ms = ?10, place_proof = ?11, consent_proof = ?12, \
         satisfaction = ?13, version = ?14, updated_at_ms = ?15 WHERE id = ?1",
        args![
            order.id.to_string(),
            order.state.as_str(),
            order.reason.as_ref(),
            order.appointment_at_ms,
            order.accepted_at_ms,
            order.departed_at_ms,
            order.arrived_at_ms,
            order.began_at_ms,
            order.finished_at_ms,
            order.submitted_at_ms,
            order.place_proof.as_ref(),
            order.consent_proof.as_ref(),
            order.satisfaction.as_ref(),
            order.version,
            order.updated_at_ms
        ],
    )?;
    Ok(())
}

/// Writes every column back.
pub(super) fn update_whole(tx: &mut dyn Tx, order: &OrderRow) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE work_orders SET order_number = ?2, kind = ?3, subtype = ?4, state = ?5, urgency = ?6, source = ?7, \
             source_key = ?8, template = ?9, match_detail = ?10, content = ?11, customer_id = ?12, \
             account_number = ?13, account_name = ?14, contact_phone = ?15, address = ?16, \
             meter_number = ?17, pole_number = ?18, area_id = ?19, station_id = ?20, area_class = \
             ?21, latitude_e6 = ?22, longitude_e6 = ?23, assignee_id = ?24, dispatch_note = ?25, \
             reason = ?26, taken_in_at_ms = ?27, appointment_at_ms = ?28, arrive_due_at_ms = ?29, \
             arrive_rule = ?30, due_at_ms = ?31, due_rule = ?32, promise = ?33, dispatched_at_ms = \
             ?34, accepted_at_ms = ?35, departed_at_ms = ?36, arrived_at_ms = ?37, began_at_ms = \
             ?38, finished_at_ms = ?39, submitted_at_ms = ?40, approved_at_ms = ?41, archived_at_ms \
             = ?42, cancelled_at_ms = ?43, called_back_at_ms = ?44, place_proof = ?45, \
             consent_proof = ?46, satisfaction = ?47, callback_satisfaction = ?48, reject_count = \
             ?49, evidence_expected = ?50, evidence_arrived = ?51, evidence_waived_reason = ?52, \
             total_fen = ?53, record_values = ?54, cost_sheet = ?55, archive_hash = ?56, version = \
             ?57, created_by = ?58, updated_at_ms = ?59, urgency_rank = ?60, taken_in_day = ?61, \
             is_open = ?62 \
             WHERE id = ?1",
        &order.values(),
    )?;
    Ok(())
}

//! What the feed carries to phones: orders and customers as immutable versions.

use crate::geo::Place;
use crate::id::{CustomerId, LabelId, PlaceId, StaffId, WorkOrderId};
use crate::label::LabelKind;
use crate::label::consent::ConsentCheck;
use crate::order::{OrderKind, OrderState, Urgency};
use minicbor::{Decode, Encode};

/// A work order as a phone holds it. Times are epoch ms.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrderRecord {
    /// Id.
    #[n(0)]
    pub id: WorkOrderId,
    /// Human number.
    #[n(1)]
    pub order_number: String,
    /// Kind.
    #[n(2)]
    pub kind: OrderKind,
    /// Subtype within the kind, e.g. `outage`; empty when none.
    #[n(3)]
    pub subtype: String,
    /// State.
    #[n(4)]
    pub state: OrderState,
    /// Urgency.
    #[n(5)]
    pub urgency: Urgency,
    /// Version, from 1.
    #[n(6)]
    pub version: u64,
    /// What the customer asked for.
    #[n(7)]
    pub content: String,
    /// The customer, when known.
    #[n(8)]
    pub customer_id: Option<CustomerId>,
    /// 户号.
    #[n(9)]
    pub account_number: Option<String>,
    /// 户名.
    #[n(10)]
    pub account_name: Option<String>,
    /// Phone number to call.
    #[n(11)]
    pub contact_phone: Option<String>,
    /// Where to go.
    #[n(12)]
    pub address: Option<String>,
    /// 表号.
    #[n(13)]
    pub meter_number: Option<String>,
    /// 杆号.
    #[n(14)]
    pub pole_number: Option<String>,
    /// Place.
    #[n(15)]
    pub place: Option<Place>,
    /// When it was taken in.
    #[n(16)]
    pub taken_in_at_ms: i64,
    /// Arrive by.
    #[n(17)]
    pub arrive_due_at_ms: Option<i64>,
    /// Complete by.
    #[n(18)]
    pub due_at_ms: Option<i64>,
    /// The promise behind the earlier deadline, Chinese.
    #[n(19)]
    pub promise: Option<String>,
    /// Appointment.
    #[n(20)]
    pub appointment_at_ms: Option<i64>,
    /// Assignee; the mirror of another's order is never sent.
    #[n(21)]
    pub assignee_id: Option<StaffId>,
    /// Reason of the last reject, reassignment or cancel.
    #[n(22)]
    pub reason: Option<String>,
    /// What the dispatcher adds.
    #[n(23)]
    pub dispatch_note: Option<String>,
    /// Service was finished (second signature).
    #[n(24)]
    pub is_finished: bool,
    /// Evidence files the server has in full.
    #[n(25)]
    pub evidence_arrived: u32,
    /// Evidence files the manifest names.
    #[n(26)]
    pub evidence_expected: u32,
    /// What to check a customer's one-time codes with, once some were made.
    #[n(27)]
    pub consent: Option<Vec<ConsentCheck>>,
}

/// A customer with meters and label ids, for lookup without a network.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CustomerRecord {
    /// Id.
    #[n(0)]
    pub id: CustomerId,
    /// Version.
    #[n(1)]
    pub version: u64,
    /// 户号.
    #[n(2)]
    pub account_number: String,
    /// 户名.
    #[n(3)]
    pub account_name: String,
    /// Phone number.
    #[n(4)]
    pub contact_phone: Option<String>,
    /// Supply address.
    #[n(5)]
    pub address: String,
    /// 台区 name.
    #[n(6)]
    pub area_name: String,
    /// 杆号.
    #[n(7)]
    pub pole_number: Option<String>,
    /// Word of `customer::CustomerClass`.
    #[n(8)]
    pub customer_class: String,
    /// Place.
    #[n(9)]
    pub place: Option<Place>,
    /// Unpaid amount, fen.
    #[n(10)]
    pub arrears_fen: i64,
    /// Meters.
    #[n(11)]
    pub meters: Vec<MeterRecord>,
    /// The customer's own code.
    #[n(12)]
    pub label_id: Option<LabelId>,
}

/// A meter at a customer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MeterRecord {
    /// 表号.
    #[n(0)]
    pub meter_number: String,
    /// Number of phases.
    #[n(1)]
    pub phases: u8,
    /// Multiplier.
    #[n(2)]
    pub multiplier: u32,
    /// Last register reading, Wh; absent when never read.
    #[n(3)]
    pub last_reading_wh: Option<i64>,
    /// The code on the meter.
    #[n(4)]
    pub label_id: Option<LabelId>,
}

/// The signed-in person, for the phone's profile page and duty state.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StaffRecord {
    /// Id.
    #[n(0)]
    pub id: StaffId,
    /// Version.
    #[n(1)]
    pub version: u64,
    /// Name shown.
    #[n(2)]
    pub display_name: String,
    /// Station name.
    #[n(3)]
    pub station_name: String,
    /// On duty.
    #[n(4)]
    pub is_on_duty: bool,
}

/// A labelled piece of equipment that serves several customers: meter box, pole, transformer area.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PlaceRecord {
    /// Id.
    #[n(0)]
    pub id: PlaceId,
    /// Version.
    #[n(1)]
    pub version: u64,
    /// What it is.
    #[n(2)]
    pub kind: LabelKind,
    /// Box number, 杆号 or 台区 code.
    #[n(3)]
    pub number: String,
    /// 台区 name.
    #[n(4)]
    pub area_name: String,
    /// Place.
    #[n(5)]
    pub place: Option<Place>,
    /// Its code.
    #[n(6)]
    pub label_id: Option<LabelId>,
    /// 表号 of the meters in a box.
    #[n(7)]
    pub meter_numbers: Vec<String>,
}

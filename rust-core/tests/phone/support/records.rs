//! Generated records. Names, numbers and addresses are made up from counters.

use super::START_MS;
use dianma_schema::id::{CustomerId, LabelId, StaffId, WorkOrderId};
use dianma_schema::order::{OrderKind, OrderState, Urgency};
use dianma_schema::wire::record::{CustomerRecord, MeterRecord, OrderRecord};

pub fn staff_id() -> StaffId {
    StaffId::new(1, [9; 10])
}

pub fn order_id(number: u32) -> WorkOrderId {
    WorkOrderId::new(i64::from(number) + 1, [1; 10])
}

pub fn customer_id(number: u32) -> CustomerId {
    CustomerId::new(i64::from(number) + 1, [2; 10])
}

pub fn label_id(number: u32) -> LabelId {
    LabelId::new(i64::from(number) + 1, [3; 10])
}

pub fn account(number: u32) -> String {
    format!("42{number:08}")
}

/// A dispatched order of the generated person; a fault repair unless changed.
pub fn order(number: u32) -> OrderRecord {
    OrderRecord {
        id: order_id(number),
        order_number: format!("GD20260504-{number:05}"),
        kind: OrderKind::FaultRepair,
        subtype: String::new(),
        state: OrderState::Dispatched,
        urgency: Urgency::Normal,
        version: 2,
        content: "生成内容：停电".to_owned(),
        customer_id: Some(customer_id(number)),
        account_number: Some(account(number)),
        account_name: Some(format!("生成户{number}")),
        contact_phone: Some("10000000000".to_owned()),
        address: Some(format!("生成镇{number}号")),
        meter_number: Some(format!("3000{number:06}")),
        pole_number: Some(format!("生成线{number:03}杆")),
        place: None,
        taken_in_at_ms: START_MS - 600_000 + i64::from(number),
        arrive_due_at_ms: Some(START_MS + 3_600_000 + i64::from(number)),
        due_at_ms: Some(START_MS + 4 * 3_600_000 + i64::from(number)),
        promise: None,
        appointment_at_ms: None,
        assignee_id: Some(staff_id()),
        reason: None,
        dispatch_note: None,
        is_finished: false,
        evidence_arrived: 0,
        evidence_expected: 0,
        consent: None,
    }
}

pub fn customer(number: u32) -> CustomerRecord {
    CustomerRecord {
        id: customer_id(number),
        version: 1,
        account_number: account(number),
        account_name: format!("生成户{number}"),
        contact_phone: Some("10000000000".to_owned()),
        address: format!("生成镇{number}号"),
        area_name: "生成台区".to_owned(),
        pole_number: Some(format!("生成线{number:03}杆")),
        customer_class: "residential".to_owned(),
        place: None,
        arrears_fen: 0,
        meters: vec![MeterRecord {
            meter_number: format!("3000{number:06}"),
            phases: 1,
            multiplier: 1,
            last_reading_wh: Some(1_000),
            label_id: Some(label_id(1_000_000 + number)),
        }],
        label_id: Some(label_id(number)),
    }
}

/// A file that is a picture by its first bytes.
pub fn jpeg(seed: u8, size: usize) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0];
    let tail = (bytes.len()..size).map(|at| u8::try_from(at * 31 % 251).unwrap() ^ seed);
    let tail: Vec<u8> = tail.collect();
    bytes.extend(tail);
    bytes
}

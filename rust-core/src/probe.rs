//! Probes of a packaged library: a host loads it, calls each with a folder and reads the result, 0 for
//! good. They show that store, work, decoder and unwinder run where the library was built for; the rules
//! themselves are tested elsewhere. Everything in here is generated.

use crate::clock::{Clock as _, SystemClock};
use crate::entropy::SystemEntropy;
use crate::error::CoreError;
use crate::phone::Phone;
use crate::scan::{GreyPlane, Limit, Options, decode};
use crate::session::{KeyFile, SessionRecord};
use crate::store::orders;
use crate::work::{ClosingInput, EvidenceInput, KeyFacts, ScanInput};
use dianma_schema::fault;
use dianma_schema::id::{DeviceId, StaffId, WorkOrderId};
use dianma_schema::order::evidence::{EvidenceKind, required};
use dianma_schema::order::record_form::{FieldKind, FormField};
use dianma_schema::order::{OrderKind, OrderState, Urgency, record};
use dianma_schema::quantity::format_milli;
use dianma_schema::wire::record::OrderRecord;
use std::ffi::{CStr, c_char, c_int};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

const METER_NUMBER: &str = "SM00000001";
/// A QR code of version 1-M that says [`CODE_TEXT`].
const MODULES: [&[u8; 21]; 21] = [
    b"#######.##....#######",
    b"#.....#...##..#.....#",
    b"#.###.#...#.#.#.###.#",
    b"#.###.#.###...#.###.#",
    b"#.###.#.###.#.#.###.#",
    b"#.....#.#.##..#.....#",
    b"#######.#.#.#.#######",
    b"........#####........",
    b"#...#.###.##.#####..#",
    b".#..##.#..###..#..#..",
    b".######.##.#..###.#.#",
    b"#..#.....#...##.####.",
    b"..#.#.#.###.###..#..#",
    b"........##..###...##.",
    b"#######.###.##...##..",
    b"#.....#..#.##..#..###",
    b"#.###.#.#.##..####.##",
    b"#.###.#..####......##",
    b"#.###.#..#.#..#####..",
    b"#.....#......#####..#",
    b"#######.##..###...###",
];
const CODE_TEXT: &str = "DIANMA";
/// Pixels of one module and of the margin in the drawn picture.
const MODULE_PIXELS: usize = 6;
const MARGIN_PIXELS: usize = 40;

/// A panic is caught: unwinding works.
///
/// # Panics
/// Inside only.
#[unsafe(no_mangle)]
pub extern "C" fn dianma_probe_panic(_folder: *const c_char) -> c_int {
    let caught = std::panic::catch_unwind(|| {
        let nothing: &[u8] = &[];
        assert!(!nothing.is_empty(), "provoked");
    });
    c_int::from(caught.is_ok())
}

/// A store opens, keeps what was written and opens again.
#[unsafe(no_mangle)]
pub extern "C" fn dianma_probe_store(folder: *const c_char) -> c_int {
    outcome(folder, "store", |folder| {
        fill(&open(folder)?)?;
        let again = open(folder)?;
        let page = again.orders().list(None, None, 10)?;
        expect(page.work_orders.len() == 1)
    })
}

/// A whole order offline: from accepting to submitting.
#[unsafe(no_mangle)]
pub extern "C" fn dianma_probe_job(folder: *const c_char) -> c_int {
    outcome(folder, "job", |folder| {
        let phone = open(folder)?;
        let order = fill(&phone)?;
        work(&phone, &order, folder)?;
        let detail = phone.orders().show(&order)?;
        expect(detail.summary.state == OrderState::Submitted && detail.summary.pending > 0)
    })
}

/// Fills a plain store with so many orders, for measuring. The folder is the store's own.
#[unsafe(no_mangle)]
pub extern "C" fn dianma_probe_fill(folder: *const c_char, orders: c_int) -> c_int {
    outcome(folder, "", |folder| {
        let clock = Arc::new(SystemClock::new());
        let phone = Phone::open(folder, clock, Box::new(SystemEntropy))?;
        fill(&phone)?;
        let staff_id = StaffId(Uuid::from_u128(2));
        let now_ms = SystemClock::new().wall_ms();
        let first = generated_order(staff_id, now_ms);
        phone.shared().write(|tx| {
            for number in 1..i64::from(orders) {
                let order = OrderRecord {
                    id: WorkOrderId(Uuid::from_u128(3 + u128::from(number.unsigned_abs()))),
                    order_number: format!("20260101{:06}", number + 1),
                    kind: kind_of(number),
                    due_at_ms: Some(now_ms + 60_000 * number),
                    ..first.clone()
                };
                orders::put(tx, 0, 0, 1, &order)?;
            }
            Ok(())
        })
    })
}

fn kind_of(number: i64) -> OrderKind {
    let all = OrderKind::ALL;
    let at = usize::try_from(number).unwrap_or(0) % all.len();
    all.get(at).copied().unwrap_or(OrderKind::AdHoc)
}

/// A drawn code is read.
#[unsafe(no_mangle)]
pub extern "C" fn dianma_probe_code(_folder: *const c_char) -> c_int {
    let (picture, side) = drawn();
    let watch = SystemClock::new();
    let Ok(plane) = GreyPlane::new(&picture, side, side, side) else {
        return 2;
    };
    let report = decode(&plane, &Options::default(), &Limit::none(&watch));
    let is_read = report.codes.iter().any(|code| code.text == CODE_TEXT);
    c_int::from(!is_read)
}

/// Grey rows of the code and their length.
fn drawn() -> (Vec<u8>, usize) {
    let side = MODULES.len() * MODULE_PIXELS + 2 * MARGIN_PIXELS;
    let module = |pixel: usize| {
        let inside = pixel.checked_sub(MARGIN_PIXELS)? / MODULE_PIXELS;
        (inside < MODULES.len()).then_some(inside)
    };
    let pixel = |index: usize| {
        let at = module(index % side).zip(module(index / side));
        let is_dark = at.is_some_and(|(x, y)| {
            let row = MODULES.get(y).and_then(|row| row.get(x));
            row == Some(&b'#')
        });
        if is_dark { 20 } else { 235 }
    };
    ((0..side * side).map(pixel).collect(), side)
}

fn outcome(
    folder: *const c_char,
    name: &str,
    probe: impl FnOnce(&Path) -> Result<(), CoreError>,
) -> c_int {
    if folder.is_null() {
        return 2;
    }
    // SAFETY: the host passes a string that ends with a zero and outlives the call.
    let text = unsafe { CStr::from_ptr(folder) };
    let folder = PathBuf::from(text.to_string_lossy().as_ref()).join(name);
    match probe(&folder) {
        Ok(()) => 0,
        Err(error) => {
            // The host sees a number; whoever reads its output sees why. Not being able to say it is no fault.
            let _ = writeln!(std::io::stderr(), "{name}: {error:?}");
            1
        }
    }
}

fn expect(is_true: bool) -> Result<(), CoreError> {
    if is_true {
        Ok(())
    } else {
        Err(CoreError::of(fault::D_STORE))
    }
}

fn open(folder: &Path) -> Result<Phone, CoreError> {
    std::fs::create_dir_all(folder)?;
    let clock = Arc::new(SystemClock::new());
    let keys = Arc::new(KeyFile::open(&folder.join("probe.key"))?);
    Phone::open_sealed(folder, clock, Box::new(SystemEntropy), keys)
}

/// A person signed in and one order dispatched to him; returns its id.
fn fill(phone: &Phone) -> Result<String, CoreError> {
    let now_ms = SystemClock::new().wall_ms();
    let staff_id = StaffId(Uuid::from_u128(2));
    let order = generated_order(staff_id, now_ms);
    let session = SessionRecord {
        device_id: DeviceId(Uuid::from_u128(1)),
        staff_id,
        login_name: "generated".to_owned(),
        display_name: "生成".to_owned(),
        station_name: "生成供电所".to_owned(),
        server: "https://probe.invalid".to_owned(),
        token: Some("generated".to_owned()),
        lease_days: 14,
        signed_in_at_ms: now_ms,
        pin_hash: None,
        wrong_pins: 0,
    };
    phone.shared().write_journaled(|tx| {
        orders::put(tx, 0, 0, 1, &order)?;
        Ok(((), vec![session.save(tx)?]))
    })?;
    Ok(order.id.to_string())
}

fn generated_order(staff_id: StaffId, now_ms: i64) -> OrderRecord {
    OrderRecord {
        id: WorkOrderId(Uuid::from_u128(3)),
        order_number: "20260101000001".to_owned(),
        kind: OrderKind::AdHoc,
        subtype: String::new(),
        state: OrderState::Dispatched,
        urgency: Urgency::Normal,
        version: 1,
        content: "生成的工单".to_owned(),
        customer_id: None,
        account_number: None,
        account_name: None,
        contact_phone: None,
        address: Some("生成村一组".to_owned()),
        meter_number: Some(METER_NUMBER.to_owned()),
        pole_number: None,
        place: None,
        taken_in_at_ms: now_ms,
        arrive_due_at_ms: None,
        due_at_ms: Some(now_ms + 86_400_000),
        promise: None,
        appointment_at_ms: None,
        assignee_id: Some(staff_id),
        reason: None,
        dispatch_note: None,
        is_finished: false,
        evidence_arrived: 0,
        evidence_expected: 0,
        consent: None,
    }
}

fn work(phone: &Phone, order: &str, folder: &Path) -> Result<(), CoreError> {
    let orders = phone.orders();
    orders.accept(order, None)?;
    orders.depart(order, None)?;
    let scan = ScanInput {
        text: METER_NUMBER.to_owned(),
        is_typed: true,
        ..ScanInput::default()
    };
    orders.arrive(order, scan, None)?;
    let card = phone.costing().card_of_order(order, &KeyFacts::new())?;
    let hazards: Vec<u16> = (0u16..)
        .zip(&card.matched.card.hazards)
        .map(|(n, _)| n)
        .collect();
    orders.begin(order, None, &hazards, None)?;
    let now_ms = phone.server_now_ms()?;
    let form = record::form(OrderKind::AdHoc);
    let values: Vec<(String, String)> = form
        .fields
        .iter()
        .map(|field| (field.name.clone(), value(field, now_ms)))
        .collect();
    orders.record(order, &values, None)?;
    for demand in required(OrderKind::AdHoc) {
        for piece in 0..demand.min_count {
            let path = folder.join(format!("{}-{piece}", demand.slot));
            std::fs::write(&path, media(demand.kind, piece))?;
            let input = EvidenceInput {
                path,
                slot: demand.slot.clone(),
                kind: Some(demand.kind),
                is_imported: false,
            };
            orders.add_evidence(order, &input, None)?;
        }
    }
    let closing = ClosingInput {
        scan: None,
        signature_sha256: None,
        satisfaction: "satisfied".to_owned(),
        remark: None,
        consent: None,
    };
    orders.finish(order, closing, None)?;
    orders.submit(order, None)?;
    Ok(())
}

fn value(field: &FormField, now_ms: i64) -> String {
    let low = field.min.unwrap_or(1);
    let middle = field.max.map_or(low, |max| low + (max - low) / 2);
    match field.kind {
        FieldKind::Text => "生成的记录内容，仅供试运行".to_owned(),
        FieldKind::Integer => middle.to_string(),
        FieldKind::DecimalMilli => format_milli(middle),
        FieldKind::Boolean => "true".to_owned(),
        FieldKind::Time => now_ms.to_string(),
        FieldKind::Choice => field
            .choices
            .first()
            .map_or_else(String::new, |choice| choice.value.clone()),
    }
}

/// A file that begins as its kind does.
fn media(kind: EvidenceKind, piece: usize) -> Vec<u8> {
    let head: &[u8] = match kind {
        EvidenceKind::Photo => b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00",
        EvidenceKind::Audio => b"#!AMR\n",
        EvidenceKind::Video => b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
        EvidenceKind::Signature => b"\x89PNG\r\n\x1A\n\x00\x00\x00\rIHDR",
    };
    let mut bytes = head.to_vec();
    bytes.extend_from_slice(format!("{piece:0>64}").as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CString;

    #[test]
    fn probes_are_good_on_this_machine() {
        let folder = tempfile::tempdir().unwrap();
        let text = CString::new(folder.path().to_str().unwrap()).unwrap();
        assert_eq!(dianma_probe_panic(text.as_ptr()), 0);
        assert_eq!(dianma_probe_store(text.as_ptr()), 0);
        assert_eq!(dianma_probe_job(text.as_ptr()), 0);
        assert_eq!(dianma_probe_code(text.as_ptr()), 0);
    }

    #[test]
    fn a_filled_store_has_all_orders() {
        let folder = tempfile::tempdir().unwrap();
        let text = CString::new(folder.path().to_str().unwrap()).unwrap();
        assert_eq!(dianma_probe_fill(text.as_ptr(), 30), 0);
        let phone = open(folder.path()).unwrap();
        assert_eq!(
            phone
                .orders()
                .list(None, None, 50)
                .unwrap()
                .work_orders
                .len(),
            30
        );
    }
}

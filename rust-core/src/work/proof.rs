//! Whether a scanned code or a typed number belongs to the order: at arrival it proves the place, at
//! closing the customer's consent. Codes the phone cannot place are left to the server; forged,
//! revoked, outdated and expired ones are refused here.

use super::ScanInput;
use crate::error::CoreError;
use crate::label;
use crate::store::{customers, places};
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::id::{LabelId, half_width};
use dianma_schema::label::payload::{LabelClaims, tag};
use dianma_schema::label::{LabelKind, LabelVerdict, Reading};
use dianma_schema::wire::command::Scan;
use dianma_schema::wire::record::{CustomerRecord, OrderRecord};
use rusqlite::Connection;

/// Longest number or reason typed, characters.
const LONGEST_TYPED: usize = 200;

/// What is queued of an input: the code and its verdict, or the number. Of a code of an older system
/// only the number stays; what is not ours at all is refused with `refusal`, without its text.
pub fn scan_of(
    db: &Connection,
    now_ms: i64,
    input: &ScanInput,
    refusal: FaultCode,
) -> Result<Scan, CoreError> {
    let reason = input.reason.as_deref().map(str::trim);
    let reason = reason.filter(|words| !words.is_empty()).map(cut);
    if input.is_typed {
        return Ok(Scan {
            text: cut(&half_width(input.text.trim())),
            typed: true,
            reason,
            ..Scan::default()
        });
    }
    let check = label::check(db, now_ms, &input.text)?;
    let text = match &check.reading {
        Reading::Foreign => {
            return Err(not_ours(refusal));
        }
        Reading::Damaged(error) => {
            return Err(label::damaged(*error));
        }
        Reading::Legacy(code) => code.number().to_owned(),
        Reading::Label(_) | Reading::Unsigned(_) | Reading::Consent(_) => {
            input.text.trim().to_owned()
        }
    };
    Ok(Scan {
        text,
        checked: Some(check.checked(input.grade.clone())),
        reason,
        ..Scan::default()
    })
}

fn not_ours(refusal: FaultCode) -> CoreError {
    let (zh, en) = (
        LabelVerdict::NotOurs.sentence_zh(None),
        LabelVerdict::NotOurs.sentence_en(None),
    );
    CoreError::of(refusal).because_of(&zh, &en)
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST_TYPED).collect()
}

/// Any code of the customer, his meters or the place; or a typed number of them.
pub fn place(db: &Connection, order: &OrderRecord, scan: &Scan) -> Result<(), CoreError> {
    let customer = customer_of(db, order)?;
    let is_legacy = scan.checked.as_ref().is_some_and(|c| c.is_legacy);
    if scan.typed || is_legacy {
        if is_number_of(order, customer.as_ref(), &scan.text) {
            return Ok(());
        }
        return Err(CoreError::of(fault::S_PLACE_PROOF).because_of(
            "号码与工单不符，请核对现场",
            "the number is not this order's: check where you are",
        ));
    }
    check_verdict(scan)?;
    match dianma_schema::label::read(&scan.text) {
        Reading::Label(read) => {
            check_tag(order, customer.as_ref(), &read.claims)?;
            known_place(
                db,
                order,
                customer.as_ref(),
                read.claims.kind,
                read.claims.id,
            )
        }
        Reading::Unsigned(code) => known_place(db, order, customer.as_ref(), code.kind, code.id),
        Reading::Consent(_) => Err(CoreError::of(fault::S_PLACE_PROOF).because_of(
            "这是同意码，不是现场标签，请扫描表计、表箱或客户码",
            "a consent code is no proof of place: scan meter, box or card",
        )),
        Reading::Legacy(_) | Reading::Damaged(_) | Reading::Foreign => {
            Err(label::refused(LabelVerdict::NotOurs, None))
        }
    }
}

/// The customer's own code. Typing proves nothing about the customer's will.
pub fn consent(db: &Connection, order: &OrderRecord, scan: &Scan) -> Result<(), CoreError> {
    if scan.typed {
        return Err(CoreError::of(fault::S_CONSENT).because_of(
            "手工输入不能代替客户签名",
            "typing cannot stand for the customer's signature",
        ));
    }
    check_verdict(scan)?;
    let customer = customer_of(db, order)?;
    let (kind, id) = match dianma_schema::label::read(&scan.text) {
        Reading::Label(read) => (read.claims.kind, read.claims.id),
        Reading::Unsigned(code) => (code.kind, code.id),
        _ => {
            return Err(CoreError::of(fault::S_CONSENT)
                .because_of("请扫描客户本人的二维码", "scan the customer's own code"));
        }
    };
    if kind != LabelKind::Customer {
        return Err(CoreError::of(fault::S_CONSENT)
            .because_of("请扫描客户本人的二维码", "scan the customer's own code"));
    }
    known_label(db, order, customer.as_ref(), id, fault::S_CONSENT)
}

/// Commands queued by an older app carry no verdict; the server judges those.
fn check_verdict(scan: &Scan) -> Result<(), CoreError> {
    match &scan.checked {
        Some(checked) if !checked.verdict.is_usable() => {
            Err(label::refused(checked.verdict, checked.as_of_ms))
        }
        _ => Ok(()),
    }
}

fn customer_of(db: &Connection, order: &OrderRecord) -> Result<Option<CustomerRecord>, CoreError> {
    if let Some(id) = &order.customer_id {
        return customers::find(db, id);
    }
    match &order.account_number {
        Some(number) => customers::find_account(db, number),
        None => Ok(None),
    }
}

/// A code made for another account, meter or pole than the order names is a copy, or a visit to the
/// wrong place. Any meter of the customer will do: the order names one of them.
fn check_tag(
    order: &OrderRecord,
    customer: Option<&CustomerRecord>,
    claims: &LabelClaims,
) -> Result<(), CoreError> {
    let meters = customer.iter().flat_map(|customer| &customer.meters);
    let named: Vec<&String> = match claims.kind {
        LabelKind::Customer => order.account_number.iter().collect(),
        LabelKind::Pole => order.pole_number.iter().collect(),
        LabelKind::Meter => meters
            .map(|meter| &meter.meter_number)
            .chain(&order.meter_number)
            .collect(),
        _ => Vec::new(),
    };
    let fits = named
        .iter()
        .any(|number| tag(claims.kind, number) == claims.tag);
    match named.first() {
        Some(number) if !fits => {
            let zh = format!("{}与工单不符，应为 {number}", claims.kind.zh());
            let en = format!(
                "{} of another place: it should be {number}",
                claims.kind.en()
            );
            Err(CoreError::of(fault::S_PLACE_PROOF).because_of(&zh, &en))
        }
        _ => Ok(()),
    }
}

fn known_place(
    db: &Connection,
    order: &OrderRecord,
    customer: Option<&CustomerRecord>,
    kind: LabelKind,
    id: LabelId,
) -> Result<(), CoreError> {
    if kind.is_shared_place() {
        return shared_place(db, order, customer, &id);
    }
    known_label(db, order, customer, id, fault::S_PLACE_PROOF)
}

/// A box must hold a meter of the order, an area must be the customer's.
fn shared_place(
    db: &Connection,
    order: &OrderRecord,
    customer: Option<&CustomerRecord>,
    id: &LabelId,
) -> Result<(), CoreError> {
    let Some(place) = places::find_label(db, id)? else {
        return Ok(());
    };
    let fits = match place.kind {
        LabelKind::MeterBox => {
            let meters = customer.iter().flat_map(|c| &c.meters);
            let mut numbers = meters.map(|m| &m.meter_number).chain(&order.meter_number);
            place.meter_numbers.is_empty() || numbers.any(|n| place.meter_numbers.contains(n))
        }
        LabelKind::Pole => order
            .pole_number
            .as_ref()
            .or(customer.and_then(|c| c.pole_number.as_ref()))
            .is_none_or(|pole| *pole == place.number),
        _ => customer.is_none_or(|customer| customer.area_name == place.area_name),
    };
    if fits {
        return Ok(());
    }
    let (kind, number) = (place.kind, &place.number);
    let zh = format!("扫到的是{} {number}，与工单地点不符", kind.zh());
    let en = format!("{} {number} is not at the order's place", kind.en());
    Err(CoreError::of(fault::S_PLACE_PROOF).because_of(&zh, &en))
}

/// A label of another customer is refused; one the phone cannot place is for the server to judge.
fn known_label(
    db: &Connection,
    order: &OrderRecord,
    customer: Option<&CustomerRecord>,
    id: LabelId,
    refusal: FaultCode,
) -> Result<(), CoreError> {
    let Some(owner) = customers::find_label(db, &id)? else {
        return Ok(());
    };
    let is_own = match customer {
        Some(customer) => owner.id == customer.id,
        None => order
            .account_number
            .as_deref()
            .is_none_or(|n| n == owner.account_number),
    };
    if is_own {
        return Ok(());
    }
    Err(CoreError::of(refusal).because_of(
        "扫到的是另一位客户的二维码，请核对现场",
        "this code belongs to another customer: check where you are",
    ))
}

/// A number on the order or of the customer's meters. Without a customer, what was typed is compared
/// by the server, which knows the whole area.
fn is_number_of(order: &OrderRecord, customer: Option<&CustomerRecord>, text: &str) -> bool {
    let number = half_width(text.trim());
    if number.is_empty() {
        return false;
    }
    let on_order = [
        &order.account_number,
        &order.meter_number,
        &order.pole_number,
    ];
    let meters = customer.iter().flat_map(|customer| &customer.meters);
    let mut numbers = on_order
        .into_iter()
        .flatten()
        .chain(meters.map(|meter| &meter.meter_number));
    order.customer_id.is_none() || numbers.any(|known| *known == number)
}

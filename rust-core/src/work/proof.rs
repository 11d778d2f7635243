//! Whether a scanned code or a typed number belongs to the order: at arrival it proves the place, at
//! closing the customer's consent. Labels the phone does not know are left to the server.

use crate::error::CoreError;
use crate::store::customers;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::id::half_width;
use dianma_schema::label::{self, LabelCode, LabelError, LabelKind};
use dianma_schema::wire::command::Scan;
use dianma_schema::wire::record::{CustomerRecord, OrderRecord};
use rusqlite::Connection;

/// Any code of the customer, his meters or the place; or a typed number of them.
pub fn place(db: &Connection, order: &OrderRecord, scan: &Scan) -> Result<(), CoreError> {
    let customer = customer_of(db, order)?;
    match label::parse(&scan.text) {
        Ok(code) => known_label(db, order, customer.as_ref(), code, fault::S_PLACE_PROOF),
        Err(LabelError::NotOurs)
            if scan.typed && is_number_of(order, customer.as_ref(), &scan.text) =>
        {
            Ok(())
        }
        Err(error) => Err(refused(fault::S_PLACE_PROOF, error)),
    }
}

/// The customer's own code. Typing proves nothing about the customer's will.
pub fn consent(db: &Connection, order: &OrderRecord, scan: &Scan) -> Result<(), CoreError> {
    if scan.typed {
        return Err(CoreError::of(fault::S_CONSENT).because("手工输入不能代替客户签名"));
    }
    let customer = customer_of(db, order)?;
    match label::parse(&scan.text) {
        Ok(code) if code.kind == LabelKind::Customer => {
            known_label(db, order, customer.as_ref(), code, fault::S_CONSENT)
        }
        Ok(_) => Err(CoreError::of(fault::S_CONSENT).because("请扫描客户本人的二维码")),
        Err(error) => Err(refused(fault::S_CONSENT, error)),
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

/// A label of another customer is refused; one the phone cannot place is for the server to judge.
fn known_label(
    db: &Connection,
    order: &OrderRecord,
    customer: Option<&CustomerRecord>,
    code: LabelCode,
    refusal: FaultCode,
) -> Result<(), CoreError> {
    let owner = customers::find_label(db, &code.id)?;
    let Some(owner) = owner else {
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
    Err(CoreError::of(refusal).because("扫到的是另一位客户的二维码，请核对现场"))
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

fn refused(code: FaultCode, error: LabelError) -> CoreError {
    let detail = match error {
        LabelError::NotOurs => "扫描内容不是本系统的二维码，号码也与工单不符",
        LabelError::NewerVersion => "二维码版本较新，请更新程序",
        LabelError::UnknownKind
        | LabelError::WrongLength
        | LabelError::BadCharacter
        | LabelError::Misread => "二维码没有读全，请重新扫描",
    };
    CoreError::of(code).because(detail)
}

//! Finding the one customer a request is about: by account number, meter number, label text, or a
//! telephone number that only one customer has.

use super::row::{self, COLUMNS, CustomerRow};
use crate::args;
use crate::keys::judge;
use crate::store::{StoreError, Tx};
use dianma_schema::customer::AreaClass;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::id::{AccountNumber, AreaId, CustomerId, LabelId};

/// Digits at the head of an account number that name the supply company's district.
const DISTRICT_DIGITS: usize = 4;

/// A customer by account number.
pub fn by_account(tx: &mut dyn Tx, account: &str) -> Result<Option<CustomerRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM customers c WHERE c.account_number = ?1");
    tx.first(&sql, args![account], CustomerRow::read)
}

/// A customer by meter number.
pub fn by_meter(tx: &mut dyn Tx, meter: &str) -> Result<Option<CustomerRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM meters m JOIN customers c ON c.id = m.customer_id \
         WHERE m.meter_number = ?1"
    );
    tx.first(&sql, args![meter.to_ascii_uppercase()], CustomerRow::read)
}

/// The customer with this telephone number, if there is exactly one.
pub fn by_phone(tx: &mut dyn Tx, phone: &str) -> Result<Option<CustomerRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM customers c WHERE c.contact_phone = ?1 ORDER BY c.id LIMIT 2"
    );
    let mut found = tx.all(&sql, args![phone], CustomerRow::read)?;
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// The customer of a label id, while the label is valid.
pub fn by_label(tx: &mut dyn Tx, id: LabelId) -> Result<Option<CustomerRow>, StoreError> {
    let found: Option<CustomerId> = tx
        .first(
            "SELECT customer_id FROM labels WHERE id = ?1 AND state = 'valid'",
            args![id.to_string()],
            |row| row.opt_parse(0),
        )?
        .flatten();
    match found {
        Some(id) => row::load(tx, id),
        None => Ok(None),
    }
}

/// Why a request names no customer of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotOurs {
    /// `V-422-ACCOUNT`, `V-404-CUSTOMER` or `V-422-AREA`.
    pub code: FaultCode,
    /// Chinese, without personal data.
    pub detail: String,
}

impl NotOurs {
    fn new(code: FaultCode, detail: &str) -> Self {
        Self {
            code,
            detail: detail.to_owned(),
        }
    }
}

/// Checks an account number against the archive. A number whose district nobody in the archive has
/// belongs to another company; a number of our district that is missing is a typing error or a
/// customer not imported yet.
pub fn check_account(
    tx: &mut dyn Tx,
    text: &str,
) -> Result<Result<CustomerRow, NotOurs>, StoreError> {
    let Ok(account) = AccountNumber::parse(text) else {
        return Ok(Err(NotOurs::new(
            fault::V_ACCOUNT,
            "户号应为 6 到 20 位数字",
        )));
    };
    if let Some(customer) = by_account(tx, account.as_str())? {
        return Ok(Ok(customer));
    }
    Ok(Err(if is_our_district(tx, account.as_str())? {
        NotOurs::new(fault::V_UNKNOWN_CUSTOMER, "户号不在客户档案中")
    } else {
        NotOurs::new(fault::V_NOT_THIS_AREA, "户号不属于本公司供电区域")
    }))
}

fn is_our_district(tx: &mut dyn Tx, account: &str) -> Result<bool, StoreError> {
    let district: String = account.chars().take(DISTRICT_DIGITS).collect();
    let Some(end) = super::terms::prefix_end(&district) else {
        return Ok(false);
    };
    let found = tx.first(
        "SELECT CAST(1 AS BIGINT) FROM customers WHERE account_number >= ?1 AND account_number < ?2 LIMIT 1",
        args![district, end],
        |row| row.int(0),
    )?;
    // In an empty archive nothing can be told about districts.
    Ok(found.is_some() || !has_customers(tx)?)
}

fn has_customers(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    let sql = "SELECT CAST(1 AS BIGINT) FROM customers LIMIT 1";
    let found = tx.first(sql, args![], |row| row.int(0))?;
    Ok(found.is_some())
}

/// Checks the text of a scanned or sent code against the archive of labels.
pub fn check_label(
    tx: &mut dyn Tx,
    text: &str,
) -> Result<Result<CustomerRow, NotOurs>, StoreError> {
    // Labels carry no expiry: the time does not matter.
    let judged = judge::check(tx, 0, text)?;
    let Some((_, id, _)) = judged.label().filter(|_| judged.verdict.is_usable()) else {
        return Ok(Err(NotOurs::new(
            fault::V_NOT_THIS_AREA,
            &judged.verdict.sentence_zh(None),
        )));
    };
    let found = by_label(tx, id)?;
    Ok(found.ok_or_else(|| NotOurs::new(fault::V_NOT_THIS_AREA, "此二维码未发行或已吊销")))
}

/// Class of an area, for deadlines.
pub fn area_class(tx: &mut dyn Tx, id: AreaId) -> Result<Option<AreaClass>, StoreError> {
    tx.first(
        "SELECT area_class FROM transformer_areas WHERE id = ?1",
        args![id.to_string()],
        |row| row.parse(0),
    )
}

/// The first installed meter of a customer.
pub fn meter_of(tx: &mut dyn Tx, id: CustomerId) -> Result<Option<String>, StoreError> {
    tx.first(
        "SELECT meter_number FROM meters WHERE customer_id = ?1 AND state = 'installed' \
         ORDER BY meter_number LIMIT 1",
        args![id.to_string()],
        |row| row.text(0),
    )
}

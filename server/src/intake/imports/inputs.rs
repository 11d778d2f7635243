//! From the fields of a record to typed input: areas, customers, meters, bills. What is not valid
//! becomes a problem with a stable code; single values are read in `values`.

use super::mapping::Fields;
use super::values::{
    account, amount, integer, meter, month, optional, phone, place, reading, required, time, word,
};
use crate::customers::areas::AreaInput;
use crate::customers::bills::BillInput;
use crate::customers::meters::MeterInput;
use crate::customers::write::CustomerInput;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::intake::RecordKind;
use dianma_schema::time::day_key;

/// Why a record cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable code.
    pub code: FaultCode,
    /// Chinese, without personal data.
    pub detail: String,
}

impl Problem {
    /// A problem with its detail.
    pub fn new(code: FaultCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}

/// The fields a record of the kind may have.
pub const fn fields(kind: RecordKind) -> &'static [&'static str] {
    match kind {
        RecordKind::Areas => &[
            "area_code",
            "area_name",
            "station_code",
            "station_name",
            "area_class",
            "feeder_name",
            "latitude",
            "longitude",
        ],
        RecordKind::Customers => &[
            "account_number",
            "account_name",
            "contact_phone",
            "supply_address",
            "customer_class",
            "supply_state",
            "area_code",
            "pole_number",
            "meter_number",
            "latitude",
            "longitude",
        ],
        RecordKind::Meters => &[
            "meter_number",
            "account_number",
            "phases",
            "multiplier",
            "last_reading_kwh",
            "last_read_at",
            "state",
        ],
        RecordKind::Arrears => &[
            "account_number",
            "bill_month",
            "amount",
            "due_on",
            "paid_at",
        ],
        RecordKind::Business | RecordKind::Hotline | RecordKind::Request => &[
            "order_number",
            "work",
            "account_number",
            "caller_name",
            "contact_phone",
            "calling_number",
            "address",
            "content",
            "category",
            "urgency",
            "area_class",
            "area_code",
            "station_code",
            "taken_in_at",
            "appointment_at",
            "similar_order",
            "source",
            "latitude",
            "longitude",
        ],
    }
}

/// A transformer area.
pub fn area(fields: &Fields) -> Result<AreaInput, Problem> {
    Ok(AreaInput {
        area_code: required(fields, "area_code", 40)?,
        area_name: required(fields, "area_name", 80)?,
        station_code: required(fields, "station_code", 40)?,
        station_name: optional(fields, "station_name", 80)?.unwrap_or_default(),
        area_class: word(fields, "area_class")?
            .ok_or_else(|| Problem::new(fault::V_FIELD, "area_class 为空"))?,
        feeder_name: optional(fields, "feeder_name", 80)?.unwrap_or_default(),
        place: place(fields)?,
    })
}

/// A customer.
pub fn customer(fields: &Fields) -> Result<CustomerInput, Problem> {
    let class = word(fields, "customer_class")?;
    let state = word(fields, "supply_state")?;
    Ok(CustomerInput {
        account_number: account(fields)?,
        account_name: required(fields, "account_name", 100)?,
        contact_phone: phone(fields.get("contact_phone")),
        supply_address: required(fields, "supply_address", 200)?,
        customer_class: class.ok_or_else(|| Problem::new(fault::V_FIELD, "customer_class 为空"))?,
        supply_state: state.ok_or_else(|| Problem::new(fault::V_FIELD, "supply_state 为空"))?,
        area_code: required(fields, "area_code", 40)?,
        pole_number: optional(fields, "pole_number", 40)?,
        place: place(fields)?,
        meter_number: meter(fields)?,
    })
}

/// A meter.
pub fn meter_row(fields: &Fields) -> Result<MeterInput, Problem> {
    let number = meter(fields)?.ok_or_else(|| Problem::new(fault::V_METER, "表号为空"))?;
    Ok(MeterInput {
        meter_number: number,
        account_number: account(fields)?,
        phases: integer(fields, "phases", 1..=3)?,
        multiplier: integer(fields, "multiplier", 1..=1_000_000)?,
        last_reading_wh: reading(fields)?,
        last_read_at_ms: time(fields, "last_read_at")?,
        is_installed: fields.get("state") != Some("removed"),
    })
}

/// A bill.
pub fn bill(fields: &Fields) -> Result<BillInput, Problem> {
    let due_at = time(fields, "due_on")?;
    let due_at = due_at.ok_or_else(|| Problem::new(fault::V_DATE, "缴费截止日为空"))?;
    Ok(BillInput {
        account_number: account(fields)?,
        bill_month: month(fields)?,
        amount_fen: amount(fields)?,
        due_on: day_key(due_at),
        paid_at_ms: time(fields, "paid_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(field in prop::sample::select(vec![
            "account_number", "meter_number", "due_on", "bill_month", "amount", "latitude",
            "longitude", "phases", "multiplier", "last_reading_kwh", "contact_phone"]),
            text in "\\PC{0,30}|[0-9.\\-]{0,30}") {
            let mut fields = Fields::default();
            fields.set(field, &text);
            fields.set("longitude", &text);
            let _ = (area(&fields), customer(&fields), meter_row(&fields), bill(&fields));
        }
    }
}

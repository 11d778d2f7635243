//! A code or number in hand: the customer, the meter and the related orders at once, from the phone's
//! own archive; on request from the server, which writes down who asked.

use super::{CustomerView, Lookup};
use crate::error::CoreError;
use crate::store::{customers, orders};
use crate::sync::driver::checked;
use crate::sync::transport::{Method, Request, Transport};
use crate::work::OrderSummary;
use dianma_schema::fault;
use dianma_schema::id::half_width;
use dianma_schema::label::{self, LabelError, LabelKind};
use dianma_schema::wire::record::CustomerRecord;
use rusqlite::Connection;
use serde::Serialize;

/// Most related orders shown.
const MOST_ORDERS: u32 = 50;

/// What a code led to.
#[derive(Clone, Debug, Serialize)]
pub struct ScanResult {
    /// Kind of our code; none for a plain number.
    pub label_kind: Option<LabelKind>,
    /// The customer.
    pub customer: Option<CustomerView>,
    /// The meter meant, when the code or number is a meter's.
    pub meter_number: Option<String>,
    /// Orders of the customer on this phone, newest first.
    pub work_orders: Vec<OrderSummary>,
}

impl Lookup {
    /// Looks a scanned text or typed number up on the phone.
    pub fn scan(&self, text: &str) -> Result<ScanResult, CoreError> {
        self.shared.user_with_lease()?;
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| {
            let (label_kind, record) = resolve(db, text)?;
            let Some(record) = record else {
                return Err(CoreError::of(fault::V_UNKNOWN_CUSTOMER)
                    .because("本机客户档案中没有，可联网查询"));
            };
            let found = orders::of_account(db, &record.account_number, MOST_ORDERS)?;
            Ok(ScanResult {
                label_kind,
                meter_number: meter_meant(&record, text),
                work_orders: found.iter().map(|o| OrderSummary::of(o, now_ms)).collect(),
                customer: Some(record.into()),
            })
        })
    }

    /// Asks the server about a customer outside the phone's archive. Blocking on the network.
    pub fn scan_online(
        &self,
        transport: &mut dyn Transport,
        text: &str,
    ) -> Result<serde_json::Value, CoreError> {
        self.shared.user_with_lease()?;
        let text = half_width(text.trim());
        let key = match label::parse(&text) {
            Err(LabelError::NotOurs) if text.bytes().all(|b| b.is_ascii_digit()) => {
                "account_number"
            }
            Err(LabelError::NotOurs) => "meter_number",
            _ => "label_text",
        };
        let token = self.shared.token()?;
        let request = Request {
            method: Method::Post,
            path: "/v1/lookup".to_owned(),
            token: Some(token.ok_or_else(|| CoreError::of(fault::A_SIGN_IN))?),
            content_type: Some("application/json"),
            headers: Vec::new(),
            body: serde_json::json!({ key: text }).to_string().into_bytes(),
        };
        let answer = checked(transport.exchange(&request), &[200])
            .map_err(|failure| CoreError::of(failure.code))?;
        serde_json::from_slice(&answer.body)
            .map_err(|error| CoreError::of(fault::N_NOT_OURS).because(&error.to_string()))
    }
}

/// The kind of our code, and the customer a text leads to in the phone's archive.
pub fn resolve(
    db: &Connection,
    text: &str,
) -> Result<(Option<LabelKind>, Option<CustomerRecord>), CoreError> {
    match label::parse(text) {
        Ok(code) => Ok((Some(code.kind), customers::find_label(db, &code.id)?)),
        Err(LabelError::NotOurs) => {
            let number = half_width(text.trim());
            let by_account = customers::find_account(db, &number)?;
            match by_account {
                Some(found) => Ok((None, Some(found))),
                None => Ok((None, customers::find_meter(db, &number)?)),
            }
        }
        Err(error) => {
            let (zh, en) = ("二维码没有读全或版本较新，请重新扫描", error.to_string());
            Err(CoreError::of(fault::V_FIELD).field("text", zh, &en))
        }
    }
}

fn meter_meant(record: &CustomerRecord, text: &str) -> Option<String> {
    let label = label::parse(text).ok().map(|code| code.id);
    let number = half_width(text.trim());
    let meant = record.meters.iter().find(|meter| {
        (label.is_some() && meter.label_id == label)
            || meter.meter_number.eq_ignore_ascii_case(&number)
    });
    meant.map(|meter| meter.meter_number.clone())
}

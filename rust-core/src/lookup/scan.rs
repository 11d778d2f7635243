//! A code or number in hand: the customer, the meter and the related orders at once, from the phone's
//! own archive; on request from the server, which writes down who asked.

use super::{CustomerView, Lookup};
use crate::error::CoreError;
use crate::label::{self, LabelCheck, VerdictView};
use crate::store::{customers, orders, places};
use crate::sync::asked::ask;
use crate::sync::transport::{Method, Request, Transport};
use crate::work::OrderSummary;
use dianma_schema::fault;
use dianma_schema::id::{AccountNumber, CustomerId, MeterNumber, half_width};
use dianma_schema::label::{LabelKind, LabelVerdict, Reading, read};
use dianma_schema::wire::record::CustomerRecord;
use rusqlite::Connection;
use serde::Serialize;

/// Most related orders shown.
const MOST_ORDERS: u32 = 50;
/// Most customers shown of a shared place.
const MOST_CUSTOMERS: usize = 50;

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
    /// What one of our codes is worth.
    pub label: Option<VerdictView>,
    /// The box, pole or area of a place code.
    pub place: Option<PlaceView>,
    /// Customers at that place.
    pub customers: Vec<CustomerView>,
    /// Personal parts of a code of an older system that were dropped, in Chinese.
    pub dropped: Vec<&'static str>,
}

/// A labelled place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceView {
    /// What it is.
    pub kind: LabelKind,
    /// Its Chinese name.
    pub kind_zh: &'static str,
    /// Its number.
    pub number: String,
    /// 台区.
    pub area_name: String,
}

impl ScanResult {
    fn of(check: &LabelCheck) -> Self {
        let dropped = match &check.reading {
            Reading::Legacy(code) => code.dropped.iter().map(|part| part.zh()).collect(),
            _ => Vec::new(),
        };
        Self {
            label_kind: check.kind(),
            customer: None,
            meter_number: None,
            work_orders: Vec::new(),
            label: check.view(),
            place: None,
            customers: Vec::new(),
            dropped,
        }
    }
}

impl Lookup {
    /// Looks a scanned text or typed number up on the phone. A forged code opens nothing; a revoked,
    /// outdated or expired one is shown with its verdict.
    pub fn scan(&self, text: &str) -> Result<ScanResult, CoreError> {
        self.shared.user_with_lease()?;
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| {
            let check = label::check(db, now_ms, text)?;
            if check.verdict == LabelVerdict::Broken {
                return Err(match &check.reading {
                    Reading::Damaged(error) => {
                        let (zh, en) = label::damage(*error);
                        CoreError::of(fault::V_FIELD).field("text", zh, en)
                    }
                    _ => label::refused(check.verdict, check.as_of_ms),
                });
            }
            let mut found = ScanResult::of(&check);
            let record = resolve(db, &check, text, &mut found)?;
            if let Some(record) = record {
                let orders = orders::of_account(db, &record.account_number, MOST_ORDERS)?;
                found.meter_number = meter_meant(&record, &check, text);
                found.work_orders = orders.iter().map(|o| OrderSummary::of(o, now_ms)).collect();
                found.customer = Some(record.into());
            } else if found.place.is_none() && !is_void(check.verdict) {
                return Err(CoreError::of(fault::V_UNKNOWN_CUSTOMER).because_of(
                    "本机客户档案中没有，可联网查询",
                    "not in this phone's archive; the server can be asked",
                ));
            }
            Ok(found)
        })
    }

    /// Asks the server about a customer outside the phone's archive. Blocking on the network.
    pub fn scan_online(
        &self,
        transport: &mut dyn Transport,
        text: &str,
    ) -> Result<serde_json::Value, CoreError> {
        self.shared.user_with_lease()?;
        let (key, text) = question(text)?;
        let token = self.shared.token()?;
        let request = Request {
            method: Method::Post,
            path: "/v1/lookup".to_owned(),
            token: Some(token.ok_or_else(|| CoreError::of(fault::A_SIGN_IN))?),
            content_type: Some("application/json"),
            headers: Vec::new(),
            body: serde_json::json!({ key: text }).to_string().into_bytes(),
        };
        let answer = ask(transport, &request, &[200])?;
        serde_json::from_slice(&answer.body)
            .map_err(|error| CoreError::of(fault::N_NOT_OURS).because(&error.to_string()))
    }
}

/// One of ours that no longer counts: that is the answer, whether or not it still leads to a customer.
const fn is_void(verdict: LabelVerdict) -> bool {
    matches!(
        verdict,
        LabelVerdict::Revoked | LabelVerdict::Outdated | LabelVerdict::Expired
    )
}

/// What the server is asked: of a code of an older system only its number leaves the phone.
fn question(text: &str) -> Result<(&'static str, String), CoreError> {
    match read(text) {
        Reading::Label(_) | Reading::Unsigned(_) => Ok(("label_text", text.trim().to_owned())),
        Reading::Legacy(code) => Ok(match &code.meter_number {
            Some(number) => ("meter_number", number.as_str().to_owned()),
            None => ("account_number", code.number().to_owned()),
        }),
        Reading::Foreign => {
            let number = half_width(text.trim());
            if number.bytes().all(|b| b.is_ascii_digit()) && AccountNumber::parse(&number).is_ok() {
                Ok(("account_number", number))
            } else if MeterNumber::parse(&number).is_ok() {
                Ok(("meter_number", number))
            } else {
                Err(label::refused(LabelVerdict::NotOurs, None))
            }
        }
        Reading::Consent(_) | Reading::Damaged(_) => {
            Err(label::refused(LabelVerdict::Broken, None))
        }
    }
}

/// The customer a judged text leads to in the phone's archive.
pub fn customer_of(
    db: &Connection,
    check: &LabelCheck,
    text: &str,
) -> Result<Option<CustomerRecord>, CoreError> {
    resolve(db, check, text, &mut ScanResult::of(check))
}

fn resolve(
    db: &Connection,
    check: &LabelCheck,
    text: &str,
    found: &mut ScanResult,
) -> Result<Option<CustomerRecord>, CoreError> {
    let (kind, id) = match &check.reading {
        Reading::Label(read) => (read.claims.kind, read.claims.id),
        Reading::Unsigned(code) => (code.kind, code.id),
        Reading::Legacy(code) => return by_number(db, code.number()),
        Reading::Consent(code) => {
            return match orders::find(db, &code.claims.order_id)?.map(|o| o.record) {
                Some(order) => match &order.account_number {
                    Some(number) => customers::find_account(db, number),
                    None => Ok(None),
                },
                None => Ok(None),
            };
        }
        Reading::Foreign | Reading::Damaged(_) => {
            return by_number(db, &half_width(text.trim()));
        }
    };
    if !kind.is_shared_place() {
        return customers::find_label(db, &id);
    }
    if let Some(place) = places::find_label(db, &id)? {
        let meters = place.meter_numbers.iter().take(MOST_CUSTOMERS);
        for number in meters {
            if let Some(customer) = customers::find_meter(db, number)? {
                found.customers.push(customer.into());
            }
        }
        found.place = Some(PlaceView {
            kind: place.kind,
            kind_zh: place.kind.zh(),
            number: place.number,
            area_name: place.area_name,
        });
    }
    Ok(None)
}

/// By account number, meter number, or the id that search results carry.
fn by_number(db: &Connection, number: &str) -> Result<Option<CustomerRecord>, CoreError> {
    if let Some(found) = customers::find_account(db, number)? {
        return Ok(Some(found));
    }
    match number.parse::<CustomerId>() {
        Ok(id) => customers::find(db, &id),
        Err(_) => customers::find_meter(db, number),
    }
}

fn meter_meant(record: &CustomerRecord, check: &LabelCheck, text: &str) -> Option<String> {
    let label = match &check.reading {
        Reading::Label(read) => Some(read.claims.id),
        Reading::Unsigned(code) => Some(code.id),
        _ => None,
    };
    let number = match &check.reading {
        Reading::Legacy(code) => code.number().to_owned(),
        _ => half_width(text.trim()),
    };
    let meant = record.meters.iter().find(|meter| {
        (label.is_some() && meter.label_id == label)
            || meter.meter_number.eq_ignore_ascii_case(&number)
    });
    meant.map(|meter| meter.meter_number.clone())
}

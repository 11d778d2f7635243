//! Lookup without a network: one search box over orders and customers, and codes scanned on site.
//! Closed when the lease on customer data is over; orders in hand stay open through their own list.

mod judge;
mod online;
mod outcome;
mod plan;
mod probe;
mod query;
mod recent;
mod scan;
mod statements;

pub use judge::{Meaning, Verdict};
pub use online::{OnlineCustomer, OnlineOrder};
pub use outcome::{Outcome, Pair, Trust, is_number};
pub use query::{Field, Filter, MatchMode, SearchQuery};
pub use recent::Recent;
pub use scan::ScanResult;
pub use statements::plan_statements;

use crate::error::CoreError;
use crate::shared::Shared;
use crate::store::{customers, orders};
use crate::work::OrderSummary;
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::wire::record::CustomerRecord;
use plan::Group;
use probe::Cursor;
use query::Terms;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Why something was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Which field fits.
    pub field: Field,
    /// Its Chinese name.
    pub field_zh: &'static str,
    /// How it fits.
    pub mode: MatchMode,
    /// Its Chinese name.
    pub mode_zh: &'static str,
}

/// A customer as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerView {
    /// Id.
    pub id: String,
    /// 户号.
    pub account_number: String,
    /// 户名.
    pub account_name: String,
    /// Phone number.
    pub contact_phone: Option<String>,
    /// Supply address.
    pub supply_address: String,
    /// 台区.
    pub area_name: String,
    /// 杆号.
    pub pole_number: Option<String>,
    /// Word of the customer class.
    pub customer_class: String,
    /// Unpaid, fen.
    pub arrears_fen: i64,
    /// Meters with last reading.
    pub meters: Vec<MeterView>,
    /// Where it is; not told by the server about a customer of another station.
    #[serde(default)]
    pub place: Option<Place>,
    /// A code of the customer's own was issued.
    #[serde(default)]
    pub has_label: bool,
}

/// A meter as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterView {
    /// 表号.
    pub meter_number: String,
    /// Phases.
    pub phases: u8,
    /// Multiplier.
    pub multiplier: u32,
    /// Last register reading, Wh.
    pub last_reading_wh: Option<i64>,
    /// A code on the meter was issued.
    #[serde(default)]
    pub has_label: bool,
}

impl From<CustomerRecord> for CustomerView {
    fn from(record: CustomerRecord) -> Self {
        let meters = record.meters.into_iter().map(|meter| MeterView {
            meter_number: meter.meter_number,
            phases: meter.phases,
            multiplier: meter.multiplier,
            last_reading_wh: meter.last_reading_wh,
            has_label: meter.label_id.is_some(),
        });
        Self {
            id: record.id.to_string(),
            account_number: record.account_number,
            account_name: record.account_name,
            contact_phone: record.contact_phone,
            supply_address: record.address,
            area_name: record.area_name,
            pole_number: record.pole_number,
            customer_class: record.customer_class,
            arrears_fen: record.arrears_fen,
            meters: meters.collect(),
            place: record.place,
            has_label: record.label_id.is_some(),
        }
    }
}

/// One hit of a group.
#[derive(Clone, Debug, Serialize)]
pub struct Hit<T> {
    /// Why.
    #[serde(rename = "match")]
    pub reason: Option<Reason>,
    /// What.
    #[serde(flatten)]
    pub item: T,
}

/// Hits of one group and where its next page starts.
#[derive(Clone, Debug, Serialize)]
pub struct HitPage<T> {
    /// Best first: exact, prefix, tail, substring.
    pub hits: Vec<Hit<T>>,
    /// Give it back for more; none = that was all.
    pub next_cursor: Option<String>,
}

/// What a search found, by group.
#[derive(Clone, Debug, Serialize)]
pub struct SearchResult {
    /// Orders in hand.
    pub work_orders: HitPage<OrderSummary>,
    /// Customers of the station; empty when a time range or order number was asked for.
    pub customers: HitPage<CustomerView>,
}

/// Search and scan.
#[derive(Clone, Debug)]
pub struct Lookup {
    pub(crate) shared: Arc<Shared>,
}

impl Lookup {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// One box or single fields, over orders and customers.
    pub fn search(&self, query: &SearchQuery) -> Result<SearchResult, CoreError> {
        self.shared.user_with_lease()?;
        let terms = Terms::of(query)?;
        let limit = query.limit.clamp(1, 200) as usize;
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| {
            let mut work_orders = page(None);
            if query.wants_orders {
                let cursor = read_cursor(query.order_cursor.as_deref())?;
                let found = probe::run(db, Group::Orders, &terms, cursor, limit)?;
                work_orders.next_cursor = found.next.map(|c| c.to_text());
                for (doc_id, reason) in found.hits {
                    let order = orders::find_document(db, doc_id)?;
                    let item = order.map(|order| OrderSummary::of(&order, now_ms));
                    work_orders
                        .hits
                        .extend(item.map(|item| Hit { reason, item }));
                }
            }
            let mut customers = page(None);
            if query.wants_customers && !terms.is_about_orders_only() {
                let cursor = read_cursor(query.customer_cursor.as_deref())?;
                let found = probe::run(db, Group::Customers, &terms, cursor, limit)?;
                customers.next_cursor = found.next.map(|c| c.to_text());
                for (doc_id, reason) in found.hits {
                    let item = customers::find_document(db, doc_id)?.map(CustomerView::from);
                    customers.hits.extend(item.map(|item| Hit { reason, item }));
                }
            }
            Ok(SearchResult {
                work_orders,
                customers,
            })
        })
    }
}

const fn page<T>(next_cursor: Option<String>) -> HitPage<T> {
    HitPage {
        hits: Vec::new(),
        next_cursor,
    }
}

fn read_cursor(text: Option<&str>) -> Result<Cursor, CoreError> {
    match text {
        None => Ok(Cursor::start()),
        Some(text) => Cursor::from_text(text).ok_or_else(|| {
            CoreError::of(fault::V_FIELD).field("cursor", "翻页标记无效", "not a cursor")
        }),
    }
}

//! Search and the customer page at the door: from the phone's own archive, on request from the server.

use super::errors::guarded;
use super::words::words_of;
use super::{Core, OrderRow, PhoneError, Words};
use crate::lookup::{CustomerView, MeterView, OnlineOrder, Reason, ScanResult, SearchQuery};
use crate::work::moment;
use dianma_schema::customer::CustomerClass;
use dianma_schema::money::format_yuan;
use dianma_schema::quantity::format_milli;

/// A search.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct LookupQuery {
    /// The box: order, account, meter or pole number, name, phone, address.
    pub text: String,
    /// Where the orders go on.
    pub order_cursor: Option<String>,
    /// Where the customers go on.
    pub customer_cursor: Option<String>,
    /// Hits per group, at most 200.
    pub limit: u32,
}

/// An order found.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct OrderHit {
    /// The order.
    pub row: OrderRow,
    /// Which field fits and how.
    pub reason: Words,
}

/// A customer found.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct CustomerHit {
    /// The customer.
    pub customer: CustomerPage,
    /// Which field fits and how.
    pub reason: Words,
}

/// What a search found.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct LookupPage {
    /// Orders in hand.
    pub orders: Vec<OrderHit>,
    /// More orders.
    pub order_cursor: Option<String>,
    /// Customers of the station.
    pub customers: Vec<CustomerHit>,
    /// More customers.
    pub customer_cursor: Option<String>,
}

/// A meter.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct MeterPage {
    /// 表号.
    pub meter_number: String,
    /// "三相 ×30".
    pub make: Words,
    /// "1234.5 kWh"; none when never read.
    pub last_reading: Option<String>,
    /// "上次示数 1234.5 kWh", or plainly that there is none.
    pub reading: Words,
    /// "已发表计码" or "还没有表计码".
    pub label: Words,
    /// The meter whose code or number led here.
    pub is_meant: bool,
}

/// A customer with everything the phone knows.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct CustomerPage {
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
    /// Customer class.
    pub customer_class: Words,
    /// "欠费 128.50 元"; empty when nothing is unpaid.
    pub arrears: Words,
    /// Something is unpaid.
    pub has_arrears: bool,
    /// Meters.
    pub meters: Vec<MeterPage>,
    /// Orders of the customer on this phone, newest first.
    pub orders: Vec<OrderRow>,
    /// What was scanned: "客户码", "表计码"; empty for a number.
    pub scanned: Words,
    /// "已发客户码" or "还没有客户码".
    pub label: Words,
    /// Micro-degrees WGS-84; none when not surveyed.
    pub latitude_e6: Option<i64>,
    /// Micro-degrees WGS-84.
    pub longitude_e6: Option<i64>,
    /// Asked of the server just now: not kept on this phone.
    pub is_online: bool,
    /// Station, when asked of the server; empty otherwise.
    pub station_name: String,
    /// Orders, when asked of the server.
    pub past_orders: Vec<PastOrder>,
}

/// An order of a customer of another station.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct PastOrder {
    /// Human number.
    pub order_number: String,
    /// Name of the kind.
    pub kind_name: Words,
    /// Name of the state.
    pub state_name: Words,
    /// Day and clock it was taken in.
    pub taken_in_at: String,
}

/// What was looked up last on this phone.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct RecentView {
    /// Texts typed into the box, newest first.
    pub texts: Vec<String>,
    /// Customers opened, newest first.
    pub customers: Vec<CustomerPage>,
}

#[uniffi::export]
impl Core {
    /// One box over orders and customers.
    pub fn search(&self, query: LookupQuery) -> Result<LookupPage, PhoneError> {
        guarded(|| {
            let found = self.phone().lookup().search(&SearchQuery {
                limit: query.limit,
                order_cursor: query.order_cursor,
                customer_cursor: query.customer_cursor,
                ..SearchQuery::of(&query.text)
            })?;
            let orders = found.work_orders.hits.into_iter().map(|hit| OrderHit {
                row: hit.item.into(),
                reason: reason(hit.reason.as_ref()),
            });
            let customers = found.customers.hits.into_iter().map(|hit| CustomerHit {
                reason: reason(hit.reason.as_ref()),
                customer: hit.item.into(),
            });
            Ok(LookupPage {
                orders: orders.collect(),
                order_cursor: found.work_orders.next_cursor,
                customers: customers.collect(),
                customer_cursor: found.customers.next_cursor,
            })
        })
    }

    /// What was looked up last; empty at first.
    pub fn recent_lookups(&self) -> Result<RecentView, PhoneError> {
        guarded(|| {
            let recent = self.phone().lookup().recent()?;
            Ok(RecentView {
                texts: recent.texts,
                customers: recent
                    .customers
                    .into_iter()
                    .map(CustomerPage::from)
                    .collect(),
            })
        })
    }

    /// A typed text led somewhere: it is offered again.
    pub fn remember_search(&self, text: String) -> Result<(), PhoneError> {
        guarded(|| self.phone().lookup().remember_text(&text))
    }

    /// A customer of the archive was opened.
    pub fn remember_customer(&self, customer: String) -> Result<(), PhoneError> {
        guarded(|| match customer.parse() {
            Ok(id) => self.phone().lookup().remember_customer(&id),
            Err(_) => Ok(()),
        })
    }

    /// Forgets what was looked up.
    pub fn forget_lookups(&self) -> Result<(), PhoneError> {
        guarded(|| self.phone().lookup().forget_recent())
    }

    /// Asks the server about a customer of another station, by account number, meter number or code; the
    /// server writes down who asked. Blocking on the network.
    pub fn ask_customer(&self, text: String) -> Result<CustomerPage, PhoneError> {
        guarded(|| {
            let mut transport = self.transport()?;
            let found = self.phone().lookup().ask_server(&mut transport, &text)?;
            let mut page = CustomerPage::from(found.customer);
            page.is_online = true;
            page.station_name = found.station_name;
            let now_ms = self.now_ms()?;
            let orders = found.work_orders.into_iter();
            page.past_orders = orders.map(|order| past(&order, now_ms)).collect();
            Ok(page)
        })
    }

    /// The customer of a scanned text, a typed number or an id, from the phone's archive.
    pub fn customer(&self, text: String) -> Result<CustomerPage, PhoneError> {
        guarded(|| {
            let found = self.phone().lookup().scan(&text)?;
            customer_page(found)
        })
    }
}

fn customer_page(found: ScanResult) -> Result<CustomerPage, crate::error::CoreError> {
    let Some(customer) = found.customer else {
        return Err(crate::error::CoreError::of(
            dianma_schema::fault::V_UNKNOWN_CUSTOMER,
        ));
    };
    let mut page = CustomerPage::from(customer);
    for meter in &mut page.meters {
        meter.is_meant = found.meter_number.as_ref() == Some(&meter.meter_number);
    }
    page.orders = found.work_orders.into_iter().map(OrderRow::from).collect();
    page.scanned = found
        .label_kind
        .map_or_else(Words::default, |kind| words_of!(kind));
    Ok(page)
}

fn past(order: &OnlineOrder, now_ms: i64) -> PastOrder {
    PastOrder {
        order_number: order.order_number.clone(),
        kind_name: words_of!(order.kind),
        state_name: words_of!(order.state),
        taken_in_at: moment(order.taken_in_at_ms, now_ms),
    }
}

fn label(has_label: bool, zh: &str, en: &str) -> Words {
    if has_label {
        Words {
            zh: format!("已发{zh}"),
            en: format!("{en} issued"),
        }
    } else {
        Words {
            zh: format!("还没有{zh}"),
            en: format!("No {en} yet"),
        }
    }
}

fn reason(reason: Option<&Reason>) -> Words {
    reason.map_or_else(Words::default, |reason| Words {
        zh: format!("{} {}", reason.field_zh, reason.mode_zh),
        en: format!("{} {}", reason.field.en(), reason.mode.en()),
    })
}

impl From<CustomerView> for CustomerPage {
    fn from(customer: CustomerView) -> Self {
        let class: Option<CustomerClass> = customer.customer_class.parse().ok();
        let owed = format_yuan(customer.arrears_fen);
        let has_arrears = customer.arrears_fen > 0;
        let arrears = Words {
            zh: format!("欠费 {owed} 元"),
            en: format!("¥{owed} unpaid"),
        };
        Self {
            id: customer.id,
            account_number: customer.account_number,
            account_name: customer.account_name,
            contact_phone: customer.contact_phone,
            supply_address: customer.supply_address,
            area_name: customer.area_name,
            pole_number: customer.pole_number,
            customer_class: class
                .map_or_else(|| Words::same(&customer.customer_class), |c| words_of!(c)),
            arrears: if has_arrears {
                arrears
            } else {
                Words::default()
            },
            has_arrears,
            meters: customer.meters.into_iter().map(MeterPage::from).collect(),
            orders: Vec::new(),
            scanned: Words::default(),
            label: label(customer.has_label, "客户码", "customer code"),
            latitude_e6: customer.place.map(|place| place.latitude_e6),
            longitude_e6: customer.place.map(|place| place.longitude_e6),
            is_online: false,
            station_name: String::new(),
            past_orders: Vec::new(),
        }
    }
}

impl From<MeterView> for MeterPage {
    fn from(meter: MeterView) -> Self {
        let (zh, en) = if meter.phases >= 3 {
            ("三相", "three-phase")
        } else {
            ("单相", "single-phase")
        };
        let times = if meter.multiplier > 1 {
            format!(" ×{}", meter.multiplier)
        } else {
            String::new()
        };
        let last_reading = meter
            .last_reading_wh
            .map(|wh| format!("{} kWh", format_milli(wh)));
        let reading = last_reading.as_ref().map_or_else(
            || Words::new("没有示数记录", "No reading on record"),
            |reading| Words {
                zh: format!("上次示数 {reading}"),
                en: format!("Last reading {reading}"),
            },
        );
        Self {
            reading,
            label: label(meter.has_label, "表计码", "meter code"),
            last_reading,
            meter_number: meter.meter_number,
            make: Words {
                zh: format!("{zh}{times}"),
                en: format!("{en}{times}"),
            },
            is_meant: false,
        }
    }
}

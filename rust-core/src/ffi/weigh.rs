//! A scan at the door: what a text means for what the person is about to do, in words, and where it
//! leads. The screen shows it, hands the text on, or opens what it led to.

use super::errors::guarded;
use super::{Core, OrderRow, PhoneError, Words};
use crate::error::CoreError;
use crate::lookup::{CustomerView, Outcome, Pair, ScanResult, Trust, is_number};
use crate::work::{OrderSummary, ScanInput};
use dianma_schema::enrol_code::EnrolCode;
use dianma_schema::fault;
use dianma_schema::label::consent::ConsentStep;
use dianma_schema::label::{Reading, read};

/// A customer a scan led to.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct LeadCustomer {
    /// Id.
    pub id: String,
    /// 户号.
    pub account_number: String,
    /// 户名.
    pub account_name: String,
    /// Supply address.
    pub supply_address: String,
}

/// What a scan came to.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct ScanOutcome {
    /// `good`, `doubt` or `bad`.
    pub trust: String,
    /// One or two words: 有效, 已吊销, 非本公司码.
    pub headline: Words,
    /// What it means and what to do, with the date of the lists where it counts.
    pub sentence: Words,
    /// What and whose it is; empty when unknown.
    pub subject: Words,
    /// Stable code where the order refuses it.
    pub code: Option<String>,
    /// Going on with it makes sense.
    pub is_usable: bool,
    /// What to hand on.
    pub text: String,
    /// It is a number, typed or from a bar code: as `arrive` wants to know.
    pub is_typed: bool,
    /// Opens by itself: `customer`, `order`, or `choose` from what there is; empty when it leads nowhere.
    pub opens: String,
    /// Customers, at a shared place several.
    pub customers: Vec<LeadCustomer>,
    /// Orders of the customer that are in hand.
    pub orders: Vec<OrderRow>,
    /// This phone does not know it; the server may: `ask_customer` takes the text.
    pub may_ask_server: bool,
}

#[uniffi::export]
impl Core {
    /// Weighs a scanned text or a typed number for a purpose: `lookup`, `arrive`, `finish` or `enrol`;
    /// the middle two name the order.
    pub fn weigh(
        &self,
        purpose: String,
        order: Option<String>,
        text: String,
        is_typed: bool,
    ) -> Result<ScanOutcome, PhoneError> {
        guarded(|| match (purpose.as_str(), order) {
            ("enrol", _) => Ok(enrolment(text)),
            ("arrive", Some(order)) => self.proof(&order, ConsentStep::Arrival, text, is_typed),
            ("finish", Some(order)) => self.proof(&order, ConsentStep::Closing, text, is_typed),
            ("lookup", _) => self.leading(text, is_typed),
            _ => Err(CoreError::of(fault::V_FIELD).field(
                "purpose",
                "没有这种用途",
                "no such purpose",
            )),
        })
    }
}

impl Core {
    /// The archive says what it is; the order has the last word.
    fn proof(
        &self,
        order: &str,
        step: ConsentStep,
        text: String,
        is_typed: bool,
    ) -> Result<ScanOutcome, CoreError> {
        let outcome = self.phone().lookup().weigh(&text)?;
        let is_bars = matches!(read(&text), Reading::Foreign) && is_number(&text);
        let scan = ScanInput {
            text: text.clone(),
            is_typed: is_typed || is_bars,
            ..ScanInput::default()
        };
        let is_typed = scan.is_typed;
        let mut view = view(outcome, text, is_typed);
        match self.phone().orders().weigh(order, step, &scan) {
            Ok(()) if !view.is_usable => {
                view.trust = String::from(Trust::Doubt.as_str());
                view.headline = Words::new("与工单相符", "Fits the order");
                view.sentence = Words::new(
                    "号码与工单相符，作弱凭证记录。",
                    "The number is on the order; recorded as a weak proof.",
                );
                view.is_usable = true;
            }
            Ok(()) => {}
            Err(error) => refuse(&mut view, &error),
        }
        Ok(view)
    }

    fn leading(&self, text: String, is_typed: bool) -> Result<ScanOutcome, CoreError> {
        let outcome = self.phone().lookup().weigh(&text)?;
        let lead = self.phone().lookup().lead(&text);
        let is_good = outcome.trust == Trust::Good;
        let mut view = view(outcome, text, is_typed);
        if let Some(lead) = lead {
            (view.customers, view.orders) = found(lead);
        } else if let Ok(order) = self.phone().orders().show(&view.text) {
            view.trust = String::from(Trust::Good.as_str());
            view.headline = Words::new("工单号", "Order number");
            view.sentence = Words::default();
            view.orders = vec![order.summary.into()];
            view.is_usable = true;
        }
        let is_sure = is_good || view.customers.is_empty();
        view.opens = String::from(match (view.orders.len(), view.customers.len()) {
            (0, 0) => "",
            (1, _) if is_sure => "order",
            (0, 1) if is_sure => "customer",
            _ => "choose",
        });
        let is_ours = view.is_usable || is_number(&view.text);
        view.may_ask_server = is_ours && view.opens.is_empty();
        Ok(view)
    }
}

fn view(outcome: Outcome, text: String, is_typed: bool) -> ScanOutcome {
    let words = |(zh, en): Pair| Words { zh, en };
    ScanOutcome {
        trust: outcome.trust.as_str().to_owned(),
        is_usable: outcome.trust != Trust::Bad,
        headline: words(outcome.headline),
        sentence: words(outcome.sentence),
        subject: words(outcome.subject),
        code: None,
        text: text.trim().to_owned(),
        is_typed: is_typed || outcome.is_number,
        opens: String::new(),
        customers: Vec::new(),
        orders: Vec::new(),
        may_ask_server: false,
    }
}

/// What the order says against it, in the order's words; what was wrong with the code itself stays.
fn refuse(view: &mut ScanOutcome, error: &CoreError) {
    let fault = error.fault();
    if view.is_usable {
        view.headline = Words::new("不能用于本工单", "Not for this order");
        let (zh, en) = (fault.detail.clone(), fault.detail_en.clone());
        view.sentence = Words {
            zh: zh.unwrap_or_else(|| fault.message.to_owned()),
            en: en.unwrap_or_else(|| fault.message_en.to_owned()),
        };
    }
    view.trust = String::from(Trust::Bad.as_str());
    view.code = Some(fault.code.as_str().to_owned());
    view.is_usable = false;
}

/// Customers of a lead, and the orders still in hand.
fn found(lead: ScanResult) -> (Vec<LeadCustomer>, Vec<OrderRow>) {
    let is_in_hand = |order: &OrderSummary| order.state.is_with_electrician() && !order.has_left;
    let customers = lead.customer.into_iter().chain(lead.customers);
    let orders = lead.work_orders.into_iter().filter(is_in_hand);
    (
        customers.map(LeadCustomer::from).collect(),
        orders.map(OrderRow::from).collect(),
    )
}

/// Nobody is signed in yet: the code's own form is all there is to judge.
fn enrolment(text: String) -> ScanOutcome {
    let code = EnrolCode::parse(&text);
    let (trust, headline, sentence) = if let Some(code) = code {
        (
            Trust::Good,
            Words::new("已读到登记码", "Enrolment code read"),
            Words::same(&code.server),
        )
    } else {
        (
            Trust::Bad,
            Words::new("不是登记码", "Not an enrolment code"),
            Words::new(
                "请扫描电脑上“手机终端”页的登记码，或返回手动填写。",
                "Scan the enrolment code shown in the console, or go back and type.",
            ),
        )
    };
    ScanOutcome {
        is_usable: trust == Trust::Good,
        trust: trust.as_str().to_owned(),
        headline,
        sentence,
        subject: Words::default(),
        code: None,
        text: text.trim().to_owned(),
        is_typed: false,
        opens: String::new(),
        customers: Vec::new(),
        orders: Vec::new(),
        may_ask_server: false,
    }
}

impl From<CustomerView> for LeadCustomer {
    fn from(customer: CustomerView) -> Self {
        Self {
            id: customer.id,
            account_number: customer.account_number,
            account_name: customer.account_name,
            supply_address: customer.supply_address,
        }
    }
}

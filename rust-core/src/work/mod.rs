//! Work orders on the phone: lists and cards of the orders in hand, the electrician's actions and
//! facts, and what to do with refused commands. Every action is checked against the lifecycle table
//! and its needs before anything is queued, and is on disk twice when the call returns.

mod actions;
mod alerts;
mod closing;
mod costing;
mod costs;
mod drafts;
mod due;
mod facts;
mod needs;
mod next;
mod proof;
mod refusals;
mod time_line;
pub mod times;
mod today;
mod view;
mod way;
mod weigh;

pub use actions::{ClosingInput, ScanInput, SuspensionInput};
pub use alerts::{Alert, AlertKind, Alerts};
pub use closing::{ClosingOffer, ConsentWay};
pub use costing::{CardLine, CardView, Costing, KeyFacts, price_at};
pub use costs::{FactChoice, SheetRow, SheetStand, fact_choices, shown_facts};
pub use due::{Due, DueLevel, moment, span};
pub use facts::EvidenceInput;
pub use next::{Ask, NextStep};
pub use refusals::{Choice, Refusal};
pub use time_line::Moment;
pub use today::{TodayFilter, TodayPage, TodayQuery, TodayRow, TodaySort};
pub use view::{CommandState, CostView, Demand, OrderDetail, OrderSummary, OutboxEntry};
pub use way::Way;

use crate::error::CoreError;
use crate::outbox::{self, NewCommand, Stamp};
use crate::session::SessionRecord;
use crate::shared::Shared;
use crate::store::departures;
pub use crate::store::departures::Departure;
use crate::store::orders::{self, StoredOrder};
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::OrderState;
use dianma_schema::wire::command::Body;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A page of orders and where the next one starts.
#[derive(Clone, Debug, Serialize)]
pub struct OrderPage {
    /// Nearest deadline first.
    pub work_orders: Vec<OrderSummary>,
    /// Give it to the next call; none = that was all.
    pub next_cursor: Option<String>,
}

/// One order with everything its card shows.
#[derive(Clone, Debug, Serialize)]
pub struct OrderCard {
    /// The order itself.
    pub detail: OrderDetail,
    /// Its row in the list of the day.
    pub row: TodayRow,
    /// What happened, oldest first.
    pub time_line: Vec<Moment>,
    /// What the office said when it sent the order back or to this person; not the person's own words.
    pub office_reason: Option<String>,
    /// Refused commands nobody has decided on, oldest first.
    pub refusals: Vec<Refusal>,
    /// What proofs of consent can be given.
    pub closing: ClosingOffer,
    /// What was begun and not yet given, by name.
    pub drafts: BTreeMap<String, String>,
    /// What became of it, once it has left.
    pub departure: Option<Departure>,
    /// Server time it was read at, epoch ms.
    pub now_ms: i64,
}

/// What an action left behind.
#[derive(Clone, Debug, Serialize)]
pub struct Saved {
    /// Number of the queued command.
    pub n: u64,
    /// The order as it is seen now; none for device facts.
    pub work_order: Option<OrderSummary>,
}

/// Orders in hand.
#[derive(Clone, Debug)]
pub struct Orders {
    shared: Arc<Shared>,
}

impl Orders {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Orders, nearest deadline first, with keyset paging.
    pub fn list(
        &self,
        state: Option<OrderState>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<OrderPage, CoreError> {
        self.shared.user()?;
        let now_ms = self.shared.server_now_ms()?;
        let limit = limit.clamp(1, 500);
        let after = cursor.map_or(Ok((i64::MIN, 0)), read_cursor)?;
        let found = self
            .shared
            .read(|db| orders::by_deadline(db, state, after, limit))?;
        let is_full = found.len() == limit as usize;
        let next_cursor = found.last().filter(|_| is_full).map(|last| {
            format!(
                "{}.{}",
                orders::due_at_ms(&last.record, last.state),
                last.doc_id
            )
        });
        Ok(OrderPage {
            work_orders: found.iter().map(|o| OrderSummary::of(o, now_ms)).collect(),
            next_cursor,
        })
    }

    /// Orders that have left during the last month, newest first, with what became of them.
    pub fn departures(&self, limit: u32) -> Result<Vec<Departure>, CoreError> {
        self.shared.user()?;
        self.shared
            .read(|db| departures::newest(db, 0, limit.clamp(1, 500)))
    }

    /// Everything about one order: the record, own facts, commands and what they still need.
    pub fn show(&self, order: &str) -> Result<OrderDetail, CoreError> {
        let user = self.shared.user()?;
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| {
            let order = resolve(db, order)?;
            OrderDetail::read(db, &order, &user, now_ms)
        })
    }

    /// Everything about one order with its head as in the list of the day and its time line.
    pub fn card(&self, order: &str, here: Option<Place>) -> Result<OrderCard, CoreError> {
        let user = self.shared.user()?;
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| {
            let order = resolve(db, order)?;
            let id = &order.record.id;
            let detail = OrderDetail::read(db, &order, &user, now_ms)?;
            Ok(OrderCard {
                row: TodayRow::read(db, &order, &user, here, now_ms)?,
                time_line: time_line::of(db, &order)?,
                office_reason: time_line::office_reason(db, &order)?,
                refusals: refusals::of_order(db, id)?,
                closing: closing::offer(&order, &detail.evidence, now_ms),
                drafts: crate::store::drafts::of_order(db, id)?,
                departure: departures::find(db, id)?.filter(|_| order.left_at_ms.is_some()),
                detail,
                now_ms,
            })
        })
    }

    /// What became of an order that has left, with the files of it that still have to go up.
    pub fn departure(&self, order: &str) -> Result<Option<(Departure, u32)>, CoreError> {
        self.shared.user()?;
        let Ok(id) = order.parse::<WorkOrderId>() else {
            return Ok(None);
        };
        self.shared.read(|db| {
            let Some(departure) = departures::find(db, &id)? else {
                return Ok(None);
            };
            let own = crate::store::facts::evidence(db, &id)?;
            let waiting = own.iter().filter(|file| !file.is_uploaded).count();
            Ok(Some((
                departure,
                u32::try_from(waiting).unwrap_or(u32::MAX),
            )))
        })
    }

    /// What is queued and what became of it, newest first, below number `before`.
    pub fn outbox(&self, before: Option<u64>, limit: u32) -> Result<Vec<OutboxEntry>, CoreError> {
        self.shared.user()?;
        self.shared.read(|db| {
            let rows = crate::store::outbox_rows::newest(
                db,
                before.unwrap_or(u64::MAX),
                limit.clamp(1, 1_000),
            )?;
            rows.iter().map(|row| OutboxEntry::read(db, row)).collect()
        })
    }

    /// Checks and queues an order's command in one transaction.
    fn give(
        &self,
        order: &str,
        place: Option<Place>,
        body: impl FnOnce(&Connection, &StoredOrder) -> Result<Body, CoreError>,
    ) -> Result<Saved, CoreError> {
        let user = self.shared.user()?;
        let now_ms = self.shared.server_now_ms()?;
        let stamp = Stamp::now(self.shared.clock());
        self.shared.write_journaled(|tx| {
            let order = resolve(tx, order)?;
            let body = body(tx, &order)?;
            let (saved, entry) = give_in(tx, &user, now_ms, stamp, &order, body, place)?;
            Ok((saved, vec![entry]))
        })
    }
}

/// Checks a body against the order and queues it.
fn give_in(
    db: &Connection,
    user: &SessionRecord,
    now_ms: i64,
    stamp: Stamp,
    order: &StoredOrder,
    body: Body,
    place: Option<Place>,
) -> Result<(Saved, crate::store::journal::JournalEntry), CoreError> {
    needs::check(db, user, now_ms, order, &body)?;
    let command = NewCommand {
        order_id: Some(order.record.id),
        body,
        place,
    };
    drafts::spend(db, &order.record.id, &command.body)?;
    let (n, entry) = outbox::enqueue(db, stamp, command)?;
    let seen = orders::find(db, &order.record.id)?;
    let work_order = seen.map(|order| OrderSummary::of(&order, now_ms));
    Ok((Saved { n, work_order }, entry))
}

/// An order by id or human number.
fn resolve(db: &Connection, order: &str) -> Result<StoredOrder, CoreError> {
    let found = match order.parse::<WorkOrderId>() {
        Ok(id) => orders::find(db, &id)?,
        Err(_) => orders::find_number(db, order.trim())?,
    };
    found.ok_or_else(|| {
        CoreError::of(fault::V_NOT_FOUND)
            .because_of("本机没有这张工单", "the order is not on this phone")
    })
}

fn read_cursor(cursor: &str) -> Result<(i64, i64), CoreError> {
    let parts = cursor
        .split_once('.')
        .and_then(|(due, id)| Some((due.parse().ok()?, id.parse().ok()?)));
    parts.ok_or_else(|| {
        CoreError::of(fault::V_FIELD).field("cursor", "翻页标记无效", "not a cursor")
    })
}

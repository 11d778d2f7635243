//! The list of the day: the orders in hand by what is due, near or new, with one next step each and
//! the figures of every filter, in one reading of the store.

use super::due::{self, Due};
use super::next::{self, NextStep};
use super::way::{self, Way};
use super::{OrderSummary, Orders, read_cursor};
use crate::error::CoreError;
use crate::session::SessionRecord;
use crate::store::orders::{self, StoredOrder};
use dianma_schema::geo::Place;
use dianma_schema::order::OrderState;
use dianma_schema::text_enum;
use dianma_schema::time::{china_day, china_day_start_ms};
use rusqlite::Connection;
use serde::Serialize;

text_enum! {
    /// Which orders the list shows.
    pub enum TodayFilter {
        0 Open = "open", "待办", "To do";
        1 Today = "today", "今日", "Today";
        2 Overdue = "overdue", "超期", "Overdue";
        3 New = "new", "待接", "New";
        4 Underway = "underway", "在办", "Underway";
        5 Rejected = "rejected", "驳回", "Rejected";
        6 Suspended = "suspended", "挂起", "Suspended";
        7 Done = "done", "已交", "Done";
        8 All = "all", "全部", "All";
    }
}

text_enum! {
    /// What the list is sorted by.
    pub enum TodaySort {
        0 Due = "due", "按时限", "By deadline";
        1 Nearest = "nearest", "按距离", "By distance";
        2 Newest = "newest", "按接到时间", "Newest first";
    }
}

impl TodayFilter {
    /// An order in this state can be shown; for the filters by time see [`Self::shows`].
    const fn admits(self, state: OrderState) -> bool {
        use OrderState as S;
        match self {
            Self::Open | Self::Today | Self::Overdue => state.is_with_electrician(),
            Self::New => matches!(state, S::Dispatched | S::Reassigned),
            Self::Underway => matches!(state, S::Accepted | S::Arrived | S::Working),
            Self::Rejected => matches!(state, S::Rejected),
            Self::Suspended => matches!(state, S::Suspended),
            Self::Done => matches!(state, S::Submitted | S::Archived | S::Cancelled),
            Self::All => true,
        }
    }

    /// The order is shown. Today: due or appointed before the day is over, what is late included.
    fn shows(self, order: &StoredOrder, now_ms: i64) -> bool {
        let due_at_ms = orders::due_at_ms(&order.record, order.state);
        let is_in_time = match self {
            Self::Today => {
                let tomorrow_ms = china_day_start_ms(china_day(now_ms) + 1);
                let appointed_ms = order.record.appointment_at_ms.unwrap_or(i64::MAX);
                due_at_ms.min(appointed_ms) < tomorrow_ms
            }
            Self::Overdue => due_at_ms < now_ms,
            _ => true,
        };
        is_in_time && self.admits(order.state)
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct TodayQuery {
    /// Which orders.
    pub filter: TodayFilter,
    /// In which order.
    pub sort: TodaySort,
    /// Where the person is, for distances.
    pub here: Option<Place>,
    /// Where the page goes on.
    pub cursor: Option<String>,
    /// Orders per page.
    pub limit: u32,
}

/// One order of the list.
#[derive(Clone, Debug, Serialize)]
pub struct TodayRow {
    /// As in every list.
    #[serde(flatten)]
    pub summary: OrderSummary,
    /// The deadline that counts now.
    pub due: Option<Due>,
    /// How far, when both places are known.
    pub way: Option<Way>,
    /// What to do next.
    pub next: Option<NextStep>,
}

/// A page of the list.
#[derive(Clone, Debug, Serialize)]
pub struct TodayPage {
    /// Orders.
    pub rows: Vec<TodayRow>,
    /// Give it to the next call; none = that was all.
    pub next_cursor: Option<String>,
    /// Orders behind every filter, in the order of the filters.
    pub counts: Counts,
}

/// Orders behind every filter, in the order of the filters.
type Counts = Vec<(TodayFilter, u32)>;
/// Orders with their sort keys.
type Keyed = Vec<(i64, StoredOrder)>;

impl Orders {
    /// The list of the day.
    pub fn today(&self, query: &TodayQuery) -> Result<TodayPage, CoreError> {
        let user = self.shared.user()?;
        let now_ms = self.shared.server_now_ms()?;
        let after = query
            .cursor
            .as_deref()
            .map_or(Ok((i64::MIN, 0)), read_cursor)?;
        self.shared.read(|db| {
            let limit = query.limit.clamp(1, 500) as usize;
            let (mut found, counts) = sorted(db, query, now_ms)?;
            found.retain(|(key, order)| (*key, order.doc_id) > after);
            let is_more = found.len() > limit;
            found.truncate(limit);
            let last = found.last().filter(|_| is_more);
            let next_cursor = last.map(|(key, order)| format!("{key}.{}", order.doc_id));
            let rows = found
                .iter()
                .map(|(_, order)| TodayRow::read(db, order, &user, query.here, now_ms))
                .collect::<Result<_, _>>()?;
            Ok(TodayPage {
                rows,
                next_cursor,
                counts,
            })
        })
    }
}

impl TodayRow {
    /// A row with everything a list or the head of a card shows.
    pub fn read(
        db: &Connection,
        order: &StoredOrder,
        user: &SessionRecord,
        here: Option<Place>,
        now_ms: i64,
    ) -> Result<Self, CoreError> {
        let is_open = order.state.is_with_electrician() && order.left_at_ms.is_none();
        let place = order.record.place;
        Ok(Self {
            summary: OrderSummary::of(order, now_ms),
            due: due::of(&order.record, order.state, now_ms).filter(|_| is_open),
            way: here
                .zip(place)
                .map(|(here, there)| way::between(here, there)),
            next: next::of(db, user, order)?,
        })
    }
}

/// The orders of a filter with their sort keys, lowest first; ties by row number. Gives the figures
/// of all filters too: those of open orders are counted from the orders themselves, read once.
fn sorted(db: &Connection, query: &TodayQuery, now_ms: i64) -> Result<(Keyed, Counts), CoreError> {
    let (open, closed): (Vec<OrderState>, Vec<OrderState>) = OrderState::ALL
        .iter()
        .partition(|state| state.is_with_electrician());
    let mut found = orders::in_states(db, &open)?;
    let counts = counts(db, &found, now_ms)?;
    if closed.iter().any(|state| query.filter.admits(*state)) {
        found.append(&mut orders::in_states(db, &closed)?);
    }
    let shown = found
        .into_iter()
        .filter(|order| query.filter.shows(order, now_ms));
    let mut keyed: Keyed = shown.map(|order| (key(&order, query), order)).collect();
    keyed.sort_by_key(|(key, order)| (*key, order.doc_id));
    Ok((keyed, counts))
}

fn key(order: &StoredOrder, query: &TodayQuery) -> i64 {
    match query.sort {
        TodaySort::Due => orders::due_at_ms(&order.record, order.state),
        TodaySort::Newest => -order.record.taken_in_at_ms,
        TodaySort::Nearest => query
            .here
            .zip(order.record.place)
            .map_or(i64::MAX, |(here, there)| here.distance_m(there)),
    }
}

fn counts(db: &Connection, open: &[StoredOrder], now_ms: i64) -> Result<Counts, CoreError> {
    let by_state = orders::count_by_state(db)?;
    let count = |filter: TodayFilter| match filter {
        TodayFilter::Done | TodayFilter::All => {
            let shown = by_state.iter().filter(|(state, _)| filter.admits(*state));
            shown.map(|(_, count)| count).sum()
        }
        _ => {
            let shown = open.iter().filter(|order| filter.shows(order, now_ms));
            u32::try_from(shown.count()).unwrap_or(u32::MAX)
        }
    };
    Ok(TodayFilter::ALL.iter().map(|f| (*f, count(*f))).collect())
}

//! The list of the day, one order, and everything an electrician does to it. Each method is on disk
//! twice when it returns; the network is never waited for.

use super::cost::saved_sheet;
use super::errors::guarded;
use super::order_view::{ChoiceView, DepartureView, OrderRow, OrderView};
use super::sync::SyncStrip;
use super::words::words_of;
use super::{Core, PhoneError, SessionView, Words};
use crate::error::CoreError;
use crate::label::consent::ConsentInput;
use crate::work::{
    ClosingInput, Orders, Saved, ScanInput, SuspensionInput, TodayFilter, TodayQuery, TodaySort,
};
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::order::Satisfaction;

/// What the list shows.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct TodayRequest {
    /// `open`, `today`, `overdue`, `new`, `underway`, `rejected`, `suspended`, `done` or `all`.
    pub filter: String,
    /// `due`, `nearest` or `newest`.
    pub sort: String,
    /// Where the page goes on; none = from the start.
    pub cursor: Option<String>,
    /// Orders per page, at most 500.
    pub limit: u32,
}

/// A filter with the number of orders behind it.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct FilterCount {
    /// Word.
    pub filter: String,
    /// Name.
    pub name: Words,
    /// Orders.
    pub count: u32,
}

/// The first screen in one query: list, filters, strip, session.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct TodayView {
    /// Orders of this page.
    pub rows: Vec<OrderRow>,
    /// Give it to the next call; none = that was all.
    pub next_cursor: Option<String>,
    /// Every filter with its figure.
    pub filters: Vec<FilterCount>,
    /// The strip about unsent work.
    pub strip: SyncStrip,
    /// Who is signed in.
    pub session: SessionView,
    /// The phone knows where it is: distances are shown.
    pub knows_place: bool,
}

/// What an action left behind.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Number of the queued command.
    pub n: u64,
    /// State of the order as it is seen now; empty for device facts.
    pub state: String,
    /// Its name.
    pub state_name: Words,
}

#[uniffi::export]
impl Core {
    /// The first screen.
    pub fn today(&self, request: TodayRequest) -> Result<TodayView, PhoneError> {
        guarded(|| {
            let here = self.here();
            let page = self.phone().orders().today(&TodayQuery {
                filter: word(&request.filter, "filter")?,
                sort: word(&request.sort, "sort")?,
                here,
                cursor: request.cursor,
                limit: request.limit,
            })?;
            let filters = page.counts.into_iter().map(|(filter, count)| FilterCount {
                filter: TodayFilter::as_str(filter).to_owned(),
                name: words_of!(filter),
                count,
            });
            Ok(TodayView {
                filters: filters.collect(),
                rows: page.rows.into_iter().map(OrderRow::from).collect(),
                next_cursor: page.next_cursor,
                strip: self.strip_view()?,
                session: self.session_view()?,
                knows_place: here.is_some(),
            })
        })
    }

    /// The ways the list can be sorted.
    pub fn today_sorts(&self) -> Vec<ChoiceView> {
        let sorts = TodaySort::ALL.iter().map(|sort| ChoiceView {
            value: sort.as_str().to_owned(),
            name: words_of!(*sort),
        });
        sorts.collect()
    }

    /// Everything about one order, by id or human number.
    pub fn order(&self, order: String) -> Result<OrderView, PhoneError> {
        guarded(|| {
            let card = self.phone().orders().card(&order, self.here())?;
            let cost = card.detail.cost.as_ref().map(saved_sheet);
            Ok(OrderView::of(card, cost))
        })
    }

    /// 接单.
    pub fn accept(&self, order: String) -> Result<SavedView, PhoneError> {
        self.saving(|orders, here| orders.accept(&order, here))
    }

    /// 出发.
    pub fn depart(&self, order: String) -> Result<SavedView, PhoneError> {
        self.saving(|orders, here| orders.depart(&order, here))
    }

    /// 到达: the first signature, by scan or by a typed number.
    pub fn arrive(
        &self,
        order: String,
        text: String,
        is_typed: bool,
    ) -> Result<SavedView, PhoneError> {
        let scan = ScanInput {
            text,
            is_typed,
            ..ScanInput::default()
        };
        self.saving(|orders, here| orders.arrive(&order, scan, here))
    }

    /// 开始处理 with the hazards acknowledged on a card; none = the card that fits best.
    pub fn begin(
        &self,
        order: String,
        card_id: Option<String>,
        hazards: Vec<u16>,
    ) -> Result<SavedView, PhoneError> {
        self.saving(|orders, here| orders.begin(&order, card_id.as_deref(), &hazards, here))
    }

    /// 现场记录: one field, as it is typed. An empty value clears it.
    pub fn record_field(
        &self,
        order: String,
        name: String,
        value: String,
    ) -> Result<SavedView, PhoneError> {
        self.saving(|orders, here| orders.record(&order, &[(name, value)], here))
    }

    /// 备注.
    pub fn note(&self, order: String, words: String) -> Result<SavedView, PhoneError> {
        self.saving(|orders, here| orders.note(&order, &words, here))
    }

    /// 终结服务: the customer's code scanned again or a signature file, and the opinion's word.
    pub fn finish(
        &self,
        order: String,
        scanned_text: Option<String>,
        signature_sha256: Option<String>,
        satisfaction: String,
        remark: Option<String>,
    ) -> Result<SavedView, PhoneError> {
        let closing = ClosingInput {
            scan: scanned_text.map(|text| ScanInput {
                text,
                ..ScanInput::default()
            }),
            signature_sha256,
            satisfaction,
            remark,
            consent: None,
        };
        self.saving(|orders, here| orders.finish(&order, closing, here))
    }

    /// 终结服务 with the customer's one-time code: six digits typed, or its symbol scanned.
    pub fn finish_with_code(
        &self,
        order: String,
        code: String,
        is_typed: bool,
        satisfaction: String,
        remark: Option<String>,
    ) -> Result<SavedView, PhoneError> {
        let consent = ConsentInput {
            text: code,
            is_typed,
        };
        let closing = ClosingInput {
            scan: None,
            signature_sha256: None,
            satisfaction,
            remark,
            consent: Some(consent),
        };
        self.saving(|orders, here| orders.finish(&order, closing, here))
    }

    /// Keeps what is being typed or ticked at an order, by a name of the screen's; empty words forget
    /// it. Gone by itself once the command it was for is given (topics before the first dot: `hazard`,
    /// `closing`, `suspend`, `reassign`, `note`, `cost`).
    pub fn keep_draft(&self, order: String, name: String, words: String) -> Result<(), PhoneError> {
        guarded(|| self.phone().orders().keep_draft(&order, &name, &words))
    }

    /// Forgets the drafts of a topic.
    pub fn forget_drafts(&self, order: String, topic: String) -> Result<(), PhoneError> {
        guarded(|| self.phone().orders().forget_drafts(&order, &topic))
    }

    /// What became of an order that has left this phone; none when the phone knows nothing of it.
    pub fn departure(&self, order: String) -> Result<Option<DepartureView>, PhoneError> {
        guarded(|| {
            let found = self.phone().orders().departure(&order)?;
            let now_ms = self.now_ms()?;
            Ok(found.map(|(left, waiting)| DepartureView::of(left, waiting, now_ms)))
        })
    }

    /// The opinions a customer can give.
    pub fn satisfactions(&self) -> Vec<ChoiceView> {
        let all = Satisfaction::ALL.iter().map(|value| ChoiceView {
            value: value.as_str().to_owned(),
            name: words_of!(*value),
        });
        all.collect()
    }

    /// 提交.
    pub fn submit(&self, order: String) -> Result<SavedView, PhoneError> {
        self.saving(|orders, here| orders.submit(&order, here))
    }

    /// 挂起 until a new appointment.
    pub fn suspend(
        &self,
        order: String,
        reason: String,
        appointment_at_ms: i64,
    ) -> Result<SavedView, PhoneError> {
        let suspension = SuspensionInput {
            reason,
            appointment_at_ms,
        };
        self.saving(|orders, here| orders.suspend(&order, suspension, here))
    }

    /// 恢复处理.
    pub fn resume(&self, order: String) -> Result<SavedView, PhoneError> {
        self.saving(|orders, here| orders.resume(&order, here))
    }

    /// 重做 after a reject.
    pub fn redo(&self, order: String) -> Result<SavedView, PhoneError> {
        self.saving(|orders, here| orders.redo(&order, here))
    }

    /// 申请转派.
    pub fn request_reassignment(
        &self,
        order: String,
        reason: String,
    ) -> Result<SavedView, PhoneError> {
        self.saving(|orders, here| orders.request_reassignment(&order, &reason, here))
    }
}

impl Core {
    /// Runs an action with the place it is done at; unsent work is on its way afterwards.
    pub(super) fn saving(
        &self,
        act: impl FnOnce(&Orders, Option<Place>) -> Result<Saved, CoreError>,
    ) -> Result<SavedView, PhoneError> {
        guarded(|| {
            let saved = act(&self.phone().orders(), self.here())?;
            self.written();
            Ok(SavedView::from(saved))
        })
    }
}

impl From<Saved> for SavedView {
    fn from(saved: Saved) -> Self {
        let state = saved.work_order.map(|order| order.state);
        Self {
            n: saved.n,
            state: state.map_or("", |s| s.as_str()).to_owned(),
            state_name: state.map_or_else(Words::default, |s| words_of!(s)),
        }
    }
}

fn word<T: std::str::FromStr>(text: &str, field: &str) -> Result<T, CoreError> {
    text.parse()
        .map_err(|_| CoreError::of(fault::V_FIELD).field(field, "没有这个选项", "no such choice"))
}

//! From the core's orders to what screens draw: the mirrors of [`super::order_view`] filled in.

use super::cost::CostSheetView;
use super::evidence::EvidenceView;
use super::order_view::{
    ChoiceView, ClosingView, CommandView, DemandView, DepartureView, DueView, FieldView,
    NextStepView, NoteView, OrderRow, OrderView, TimeLineMoment, WayView,
};
use super::outbox::refusal_view;
use super::words::words_of;
use super::{FaultView, Words};
use crate::store::facts::OwnNote;
use crate::store::outbox_rows::Status;
use crate::work::{
    ClosingOffer, CommandState, Demand, Departure, Due, DueLevel, Moment, NextStep, OrderCard,
    OrderDetail, OrderSummary, TodayRow, Way, moment,
};
use dianma_schema::order::record_form::FormField;

impl From<Due> for DueView {
    fn from(due: Due) -> Self {
        Self {
            at_ms: due.at_ms,
            level: DueLevel::as_str(due.level).to_owned(),
            level_name: words_of!(due.level),
            words: Words {
                zh: due.zh,
                en: due.en,
            },
        }
    }
}

impl From<Way> for WayView {
    fn from(way: Way) -> Self {
        Self {
            distance_m: way.distance_m,
            words: Words {
                zh: way.zh,
                en: way.en,
            },
        }
    }
}

impl From<NextStep> for NextStepView {
    fn from(next: NextStep) -> Self {
        Self {
            command: next.command.as_str().to_owned(),
            name: words_of!(next.command),
            ask: next.ask.as_str().to_owned(),
            hint: Words {
                zh: next.hint_zh,
                en: next.hint_en,
            },
        }
    }
}

impl From<OrderSummary> for OrderRow {
    fn from(order: OrderSummary) -> Self {
        Self {
            id: order.id.to_string(),
            order_number: order.order_number,
            kind: order.kind.as_str().to_owned(),
            kind_name: words_of!(order.kind),
            state: order.state.as_str().to_owned(),
            state_name: words_of!(order.state),
            urgency: order.urgency.as_str().to_owned(),
            urgency_name: words_of!(order.urgency),
            content: order.content,
            account_number: order.account_number,
            account_name: order.account_name,
            address: order.address,
            due: None,
            way: None,
            next: None,
            pending: order.pending,
            refused: order.refused,
            has_left: order.has_left,
            is_finished: order.is_finished,
        }
    }
}

impl From<TodayRow> for OrderRow {
    fn from(row: TodayRow) -> Self {
        Self {
            due: row.due.map(DueView::from),
            way: row.way.map(WayView::from),
            next: row.next.map(NextStepView::from),
            ..Self::from(row.summary)
        }
    }
}

impl From<CommandState> for CommandView {
    fn from(state: CommandState) -> Self {
        Self {
            command: state.command.as_str().to_owned(),
            name: Words::new(state.zh, state.en),
            is_allowed: state.is_allowed,
            why_not: state.why_not.as_ref().map(FaultView::from),
        }
    }
}

impl From<Demand> for DemandView {
    fn from(demand: Demand) -> Self {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            name: Words {
                zh: demand.zh,
                en: demand.en,
            },
            kind: demand.kind.to_owned(),
            is_met: demand.count >= demand.min_count,
            min_count: count(demand.min_count),
            count: count(demand.count),
            slot: demand.slot,
        }
    }
}

impl OrderView {
    pub(super) fn of(card: OrderCard, cost: Option<CostSheetView>) -> Self {
        let (detail, now_ms) = (card.detail, card.now_ms);
        let at = |at_ms: i64| moment(at_ms, now_ms);
        let own = detail.evidence.clone();
        let pieces = own.iter().map(|piece| {
            let may_withdraw = detail.withdrawable.contains(&piece.sha256);
            EvidenceView::of(piece.clone(), now_ms, may_withdraw)
        });
        let pieces = pieces.collect();
        let fields = detail.form.fields.iter();
        let fields = fields.map(|f| field(f, &detail, now_ms)).collect();
        Self {
            row: card.row.into(),
            latitude_e6: detail.place.map(|place| place.latitude_e6),
            longitude_e6: detail.place.map(|place| place.longitude_e6),
            taken_in_at: at(detail.taken_in_at_ms),
            promise: detail.promise,
            appointment_at: detail.appointment_at_ms.map(at),
            reason: card.office_reason,
            dispatch_note: detail.dispatch_note,
            evidence_arrival: arrival(detail.evidence_arrived, detail.evidence_expected),
            field_problems: u32::try_from(detail.record_problems.len()).unwrap_or(u32::MAX),
            fields,
            demands: detail
                .evidence_demands
                .into_iter()
                .map(DemandView::from)
                .collect(),
            evidence: pieces,
            cost,
            notes: detail.notes.into_iter().map(|n| note(n, now_ms)).collect(),
            hazards_acknowledged: detail.hazards_acknowledged,
            commands: detail.commands.into_iter().map(CommandView::from).collect(),
            time_line: card
                .time_line
                .into_iter()
                .map(|m| time_line(m, now_ms))
                .collect(),
            refusals: card
                .refusals
                .into_iter()
                .map(|refusal| refusal_view(refusal, now_ms))
                .collect(),
            closing: closing(&card.closing, now_ms),
            drafts: card.drafts.into_iter().collect(),
            departure: card.departure.map(|departure| {
                let waiting = own.iter().filter(|file| !file.is_uploaded).count();
                let waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
                DepartureView::of(departure, waiting, now_ms)
            }),
            customer_id: detail.customer_id.map(|id| id.to_string()),
            contact_phone: detail.contact_phone,
            meter_number: detail.meter_number,
            pole_number: detail.pole_number,
        }
    }
}

impl DepartureView {
    pub(super) fn of(departure: Departure, waiting_files: u32, now_ms: i64) -> Self {
        let (zh, en) = if waiting_files == 0 {
            (String::new(), String::new())
        } else {
            (
                format!("，还有 {waiting_files} 个文件会继续上传"),
                format!("; {waiting_files} files still go up"),
            )
        };
        Self {
            order_number: departure.order_number,
            cause: departure.cause.as_str().to_owned(),
            cause_name: words_of!(departure.cause),
            reason: departure.reason.filter(|words| !words.is_empty()),
            at: moment(departure.left_at_ms, now_ms),
            kept: Words {
                zh: format!("您在这张工单上做过的记录和照片都保留着{zh}。"),
                en: format!("What you recorded and photographed for it is kept{en}."),
            },
        }
    }
}

fn closing(offer: &ClosingOffer, now_ms: i64) -> ClosingView {
    let ways = offer.ways.iter().map(|way| ChoiceView {
        value: way.as_str().to_owned(),
        name: words_of!(*way),
    });
    let signed = offer.signature.as_ref();
    let signature_words = signed.map_or_else(Words::default, |(_, at_ms)| {
        let at = moment(*at_ms, now_ms);
        Words {
            zh: format!("已签 {at}"),
            en: format!("Signed {at}"),
        }
    });
    let digits_words = offer
        .digits_until_ms
        .map_or_else(Words::default, |until_ms| {
            let until = moment(until_ms, now_ms);
            Words {
                zh: format!("同意码已发给客户，{until} 前有效"),
                en: format!("A code was sent to the customer, good until {until}"),
            }
        });
    ClosingView {
        ways: ways.collect(),
        signature_sha256: signed.map_or_else(String::new, |(sha256, _)| sha256.clone()),
        signature_words,
        digits_words,
    }
}

fn field(field: &FormField, detail: &OrderDetail, now_ms: i64) -> FieldView {
    use dianma_schema::order::record_form::FieldKind as K;
    let value = detail.record.get(&field.name).cloned().unwrap_or_default();
    let choice = field.choices.iter().find(|choice| choice.value == value);
    let value_words = match (field.kind, choice) {
        (K::Choice, Some(choice)) => Words::new(&choice.zh, &choice.en),
        (K::Boolean, _) if value == "true" => Words::new("是", "Yes"),
        (K::Boolean, _) if value == "false" => Words::new("否", "No"),
        (K::Time, _) => Words::same(
            &value
                .parse()
                .map_or_else(|_| String::new(), |at| moment(at, now_ms)),
        ),
        _ => Words::same(&value),
    };
    let problem = detail
        .record_problems
        .iter()
        .find(|p| p.field == field.name);
    FieldView {
        name: field.name.clone(),
        label: Words::new(&field.zh, &field.en),
        kind: field.kind.as_str().to_owned(),
        unit: field.unit.clone(),
        min: field.min,
        max: field.max,
        is_required: field.required || problem.is_some_and(|_| value.is_empty()),
        value,
        value_words,
        choices: choices(field),
        problem: problem.map(|p| Words::new(&p.zh, &p.en)),
    }
}

/// What to choose from; a yes-or-no field too.
fn choices(field: &FormField) -> Vec<ChoiceView> {
    use dianma_schema::order::record_form::FieldKind as K;
    let choice = |value: &str, zh: &str, en: &str| ChoiceView {
        value: value.to_owned(),
        name: Words::new(zh, en),
    };
    if field.kind == K::Boolean {
        return vec![choice("true", "是", "Yes"), choice("false", "否", "No")];
    }
    let all = field.choices.iter();
    all.map(|c| choice(&c.value, &c.zh, &c.en)).collect()
}

fn arrival(arrived: u32, expected: u32) -> Words {
    if expected == 0 {
        return Words::default();
    }
    Words {
        zh: format!("{arrived}/{expected} 份凭证已到"),
        en: format!("{arrived} of {expected} files arrived"),
    }
}

fn note(note: OwnNote, now_ms: i64) -> NoteView {
    NoteView {
        at: moment(note.at_ms, now_ms),
        words: note.words,
    }
}

fn time_line(entry: Moment, now_ms: i64) -> TimeLineMoment {
    TimeLineMoment {
        at: moment(entry.at_ms, now_ms),
        what: Words {
            zh: entry.zh,
            en: entry.en,
        },
        status: entry.status.map_or("", Status::as_str).to_owned(),
        status_name: entry.status.map_or_else(Words::default, |s| words_of!(s)),
    }
}

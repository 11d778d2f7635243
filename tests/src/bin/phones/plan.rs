//! What an electrician does next with an order, and how long it takes him: a pure function of what his
//! phone shows and of the seed. Knows nothing of stores and networks.

use dianma_core::entropy::SeededEntropy;
use dianma_core::work::OrderDetail;
use dianma_schema::order::OrderState;
use std::ops::Range;

/// One act on an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Accept,
    AskReassignment,
    Depart,
    Arrive,
    Suspend,
    Resume,
    Begin,
    Record,
    /// A file for the demand of this number.
    Evidence(usize),
    Cost,
    Finish,
    Submit,
    Redo,
    /// After a reject: a remark and one more photo.
    Supplement,
}

/// Of a hundred orders: the electrician asks for another person.
const ASKS_OF_100: u64 = 4;
/// Of a hundred orders: the customer is not at home.
const SUSPENDS_OF_100: u64 = 8;
/// Of a hundred orders: something is charged.
const COSTS_OF_100: u64 = 45;

impl Act {
    /// How long it takes at pace 1, seconds.
    pub const fn seconds(self) -> Range<u64> {
        match self {
            Self::Accept => 40..160,
            Self::AskReassignment | Self::Finish => 60..180,
            Self::Depart => 60..240,
            Self::Arrive | Self::Record => 300..900,
            Self::Suspend => 300..600,
            Self::Resume => 10..60,
            Self::Begin => 30..90,
            Self::Evidence(_) => 40..120,
            Self::Cost => 60..120,
            Self::Submit => 30..60,
            Self::Redo | Self::Supplement => 120..300,
        }
    }

    /// Done at once for any order, not only for the one he is at.
    pub const fn is_at_once(self) -> bool {
        matches!(self, Self::Accept | Self::AskReassignment | Self::Resume)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::AskReassignment => "ask",
            Self::Depart => "depart",
            Self::Arrive => "arrive",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Begin => "begin",
            Self::Record => "record",
            Self::Evidence(_) => "evidence",
            Self::Cost => "cost",
            Self::Finish => "finish",
            Self::Submit => "submit",
            Self::Redo => "redo",
            Self::Supplement => "supplement",
        }
    }
}

/// Decisions that depend on seed, person and order only, so that a run can be repeated.
#[derive(Clone, Debug)]
pub struct Chance {
    seed: u64,
}

impl Chance {
    /// The decisions of one person.
    pub fn new(seed: u64, login_name: &str) -> Self {
        Self {
            seed: mix(seed, login_name),
        }
    }

    /// A number below `bound`, the same for the same order and question.
    pub fn below(&self, bound: u64, order_number: &str, question: &str) -> u64 {
        let seed = mix(mix(self.seed, order_number), question);
        SeededEntropy::new(seed).next_number() % bound.max(1)
    }

    /// Whether it happens to this order.
    pub fn of_100(&self, share: u64, order_number: &str, question: &str) -> bool {
        self.below(100, order_number, question) < share
    }

    /// How long an act takes, ms.
    pub fn duration_ms(&self, act: Act, order_number: &str, pace: u32) -> i64 {
        let range = act.seconds();
        let more = self.below(range.end - range.start, order_number, act.word());
        let ms = (range.start + more) * 1_000 / u64::from(pace.max(1));
        i64::try_from(ms).unwrap_or(i64::MAX)
    }
}

/// FNV-1a, started from `seed`.
fn mix(seed: u64, text: &str) -> u64 {
    text.bytes()
        .fold(seed ^ 0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        })
}

/// What he does next; `None` when the order waits for somebody else.
pub fn next_act(order: &OrderDetail, chance: &Chance) -> Option<Act> {
    let number = &order.summary.order_number;
    let did = |word: &str| order.outbox.iter().any(|entry| entry.command == word);
    match order.summary.state {
        OrderState::Dispatched | OrderState::Reassigned => {
            let asks = chance.of_100(ASKS_OF_100, number, "asks");
            Some(if asks && !did("request_reassignment") {
                Act::AskReassignment
            } else {
                Act::Accept
            })
        }
        OrderState::Accepted if !is_under_way(order) => Some(Act::Depart),
        OrderState::Accepted => {
            let suspends = chance.of_100(SUSPENDS_OF_100, number, "suspends");
            Some(if suspends && !did("suspend") {
                Act::Suspend
            } else {
                Act::Arrive
            })
        }
        OrderState::Arrived => Some(Act::Begin),
        OrderState::Working => Some(at_work(order, chance)),
        OrderState::Suspended => Some(Act::Resume),
        OrderState::Rejected => Some(Act::Redo),
        OrderState::Draft
        | OrderState::Submitted
        | OrderState::Archived
        | OrderState::Cancelled => None,
    }
}

/// He departed and nothing has stopped him since.
fn is_under_way(order: &OrderDetail) -> bool {
    let last = |words: &[&str]| {
        let entries = order.outbox.iter();
        let fitting = entries.filter(|entry| words.contains(&entry.command.as_str()));
        fitting.map(|entry| entry.n).max().unwrap_or(0)
    };
    last(&["depart"]) > last(&["accept", "resume", "suspend"])
}

fn at_work(order: &OrderDetail, chance: &Chance) -> Act {
    if needs_supplement(order) {
        return Act::Supplement;
    }
    if order.summary.is_finished {
        return Act::Submit;
    }
    if !order.record_problems.is_empty() {
        return Act::Record;
    }
    let missing = order.evidence_demands.iter();
    if let Some(at) = missing
        .clone()
        .position(|demand| demand.count < demand.min_count)
    {
        return Act::Evidence(at);
    }
    let number = &order.summary.order_number;
    if order.cost.is_none() && chance.of_100(COSTS_OF_100, number, "costs") {
        return Act::Cost;
    }
    Act::Finish
}

/// Sent back, and nothing was added since he took it up again.
fn needs_supplement(order: &OrderDetail) -> bool {
    let last = |word: &str| {
        let entries = order.outbox.iter().filter(|entry| entry.command == word);
        entries.map(|entry| entry.n).max()
    };
    last("redo").is_some_and(|redo| last("note").is_none_or(|note| note < redo))
}

/// How far ahead an appointment is put at pace 1, ms.
const APPOINTMENT_MS: i64 = 4 * 3_600_000;
/// An appointment is never nearer than this, ms: clocks differ.
const NEAREST_APPOINTMENT_MS: i64 = 60_000;

/// The new appointment of an order that is suspended now.
pub fn appointment_ms(now_ms: i64, pace: u32) -> i64 {
    now_ms + (APPOINTMENT_MS / i64::from(pace.max(1))).max(NEAREST_APPOINTMENT_MS)
}

/// When a suspended order goes on: at the appointment, which the phone knows as its own before the
/// server has confirmed it.
pub fn resume_at_ms(order: &OrderDetail, pace: u32) -> i64 {
    let own = order.outbox.iter().filter(|e| e.command == "suspend");
    let own_ms = own.map(|entry| appointment_ms(entry.at_ms, pace)).max();
    own_ms.max(order.appointment_at_ms).unwrap_or(0)
}

/// Which order he is at, of those that need him on site: the smallest goes first.
pub fn focus_rank(order: &OrderDetail) -> (u8, i64, i64) {
    let stage = match order.summary.state {
        OrderState::Working => 0,
        OrderState::Arrived => 1,
        OrderState::Accepted if is_under_way(order) => 2,
        OrderState::Rejected => 3,
        _ => 4,
    };
    let urgency = -i64::from(order.summary.urgency as u8);
    (stage, urgency, order.summary.due_at_ms.unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_repeat_for_the_same_seed_person_and_order() {
        let draw = |seed, login: &str| Chance::new(seed, login).below(1_000_000, "GD1", "asks");
        assert_eq!(draw(1, "e01"), draw(1, "e01"));
        assert_ne!(draw(1, "e01"), draw(2, "e01"));
        assert_ne!(draw(1, "e01"), draw(1, "e02"));
    }

    #[test]
    fn a_hundred_times_the_pace_takes_a_hundredth_of_the_time() {
        let chance = Chance::new(7, "e01");
        let slow = chance.duration_ms(Act::Arrive, "GD1", 1);
        assert!((300_000..900_000).contains(&slow));
        assert_eq!(chance.duration_ms(Act::Arrive, "GD1", 100), slow / 100);
    }

    #[test]
    fn shares_are_about_as_named() {
        let chance = Chance::new(7, "e01");
        let hits = (0..10_000).filter(|n| chance.of_100(8, &n.to_string(), "suspends"));
        assert!((600..1_000).contains(&hits.count()));
    }
}

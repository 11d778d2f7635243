//! Twenty days planned in advance: who asks for what, when somebody goes there, what goes wrong. Pure;
//! the same seed and end give the same plan. What the plan says is done by `deeds.rs`.

use super::county::{CUSTOMERS, town_of};
use super::names::TOWNS;
use super::people::{ELECTRICIANS, skills};
use super::random::Random;
use super::texts::{self, KINDS, Wish};
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::{IntakeSource, OrderKind, Satisfaction, Urgency};
use dianma_schema::time::{
    CHINA_OFFSET_MS, DAY_MS, HOUR_MS, MINUTE_MS, china_day, china_day_start_ms,
};

/// Requests on a day.
const A_DAY: i64 = 60;
/// Requests by hour of the day: mornings and evenings are busy, nights are not.
const HOURS: [(i64, i64); 17] = [
    (0, 1),
    (3, 1),
    (6, 3),
    (7, 6),
    (8, 11),
    (9, 12),
    (10, 10),
    (11, 8),
    (13, 5),
    (14, 7),
    (15, 8),
    (16, 7),
    (17, 6),
    (18, 8),
    (19, 8),
    (20, 6),
    (22, 2),
];

/// One order to be.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) id: WorkOrderId,
    pub(super) customer: usize,
    pub(super) kind: OrderKind,
    pub(super) wish: Wish,
    pub(super) source: IntakeSource,
    pub(super) taken_in_at_ms: i64,
    /// Number of the electrician meant to get it.
    pub(super) electrician: usize,
    /// Seed of what is written down on site.
    pub(super) seed: u64,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    TakeIn,
    /// By hand to the planned person, or the best of the ranking.
    Dispatch {
        is_by_hand: bool,
    },
    /// To a colleague.
    Reassign,
    Cancel,
    /// Accepted and under way.
    SetOut,
    /// Arrived and begun; typed when no code could be read.
    Begin {
        is_typed: bool,
    },
    /// Record, evidence, costs, second signature, handed in.
    HandIn {
        is_paid: bool,
        verdict: Satisfaction,
    },
    SendBack,
    /// Mended after a review, handed in again.
    HandInAgain {
        verdict: Satisfaction,
    },
    Approve,
    CallBack {
        verdict: Option<Satisfaction>,
    },
}

/// When, which job, what. `at_ms` is when it happened; phones tell it up to `late_ms` later.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) at_ms: i64,
    pub(super) late_ms: i64,
    pub(super) job: usize,
    pub(super) deed: Deed,
}

/// The jobs, and their steps in order of time; steps after `end_ms` have not happened.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) jobs: Vec<Job>,
    pub(super) steps: Vec<Step>,
}

/// Plans `days` days up to `end_ms`.
pub(super) fn plan(seed: u64, days: i64, end_ms: i64) -> Plan {
    let mut random = Random::of(seed, 4);
    let mut plan = Plan {
        jobs: Vec::new(),
        steps: Vec::new(),
    };
    let today = china_day(end_ms);
    for day in today - days + 1..=today {
        for _ in 0..A_DAY + random.between(-6, 6) {
            let hour = random.weighted(&HOURS);
            let at_ms = china_day_start_ms(day) + hour * HOUR_MS + random.between(0, HOUR_MS - 1);
            let number = plan.jobs.len();
            let job = job(&mut random, at_ms);
            Life::new(&mut random, number, &job).live(&mut plan.steps);
            plan.jobs.push(job);
        }
    }
    plan.steps
        .retain(|step| step.at_ms + step.late_ms <= end_ms);
    // Stable: steps of one job that fall together keep their order.
    plan.steps.sort_by_key(|step| step.at_ms + step.late_ms);
    plan
}

fn job(random: &mut Random, at_ms: i64) -> Job {
    let kind = random.weighted(&KINDS);
    let customer = random.index(CUSTOMERS);
    Job {
        id: WorkOrderId::new(at_ms, random.bytes()),
        customer,
        kind,
        wish: random.pick(texts::of_kind(kind)),
        source: texts::source(random, kind),
        taken_in_at_ms: at_ms,
        electrician: electrician(random, customer, kind),
        seed: random.next(),
    }
}

/// Who looks after the customer's area, or the next colleague of the town who can do it.
fn electrician(random: &mut Random, customer: usize, kind: OrderKind) -> usize {
    let area = customer % super::county::AREAS;
    let a_town = ELECTRICIANS / TOWNS.len();
    let first = area / TOWNS.len() + usize::from(random.chance(150));
    (0..a_town)
        .map(|next| town_of(area) + TOWNS.len() * ((first + next) % a_town))
        .find(|number| skills(*number).contains(&kind))
        .unwrap_or(town_of(area))
}

/// The steps of one job.
struct Life<'a> {
    random: &'a mut Random,
    job: usize,
    is_pressing: bool,
    kind: OrderKind,
    is_called_back: bool,
    at_ms: i64,
}

impl<'a> Life<'a> {
    fn new(random: &'a mut Random, number: usize, job: &Job) -> Self {
        Self {
            random,
            job: number,
            is_pressing: job.kind == OrderKind::FaultRepair || job.wish.urgency > Urgency::Normal,
            kind: job.kind,
            is_called_back: job.kind.is_called_back(),
            at_ms: job.taken_in_at_ms,
        }
    }

    fn step(&mut self, steps: &mut Vec<Step>, deed: Deed, late_ms: i64) {
        steps.push(Step {
            at_ms: self.at_ms,
            late_ms,
            job: self.job,
            deed,
        });
    }

    fn minutes(&mut self, from: i64, to: i64) {
        self.at_ms += self.random.mostly_low(from * 60, to * 60) * 1_000;
    }

    /// Work that can wait is done in working hours.
    fn wait_for_daylight(&mut self) {
        let hour = (self.at_ms + CHINA_OFFSET_MS).rem_euclid(DAY_MS) / HOUR_MS;
        let wait = match hour {
            0..8 => 8 - hour,
            18..24 => 32 - hour,
            _ => return,
        };
        self.at_ms += wait * HOUR_MS + self.random.between(0, 90) * MINUTE_MS;
    }

    /// One phone in eight was out of reach and told it later.
    fn lateness(&mut self) -> i64 {
        if self.random.chance(125) {
            self.random.between(10, 240) * MINUTE_MS
        } else {
            self.random.between(1, 20) * 1_000
        }
    }

    fn live(mut self, steps: &mut Vec<Step>) {
        self.step(steps, Deed::TakeIn, 0);
        if self.random.chance(15) {
            self.minutes(2, 90);
            return self.step(steps, Deed::Cancel, 0);
        }
        if self.is_pressing {
            self.minutes(1, 12);
        } else {
            self.minutes(5, 180);
            self.wait_for_daylight();
        }
        let is_by_hand = self.random.chance(700);
        self.step(steps, Deed::Dispatch { is_by_hand }, 0);
        if self.random.chance(45) {
            self.minutes(5, 60);
            self.step(steps, Deed::Reassign, 0);
        } else if self.random.chance(12) {
            self.minutes(10, 200);
            return self.step(steps, Deed::Cancel, 0);
        }
        self.go(steps);
    }

    fn go(mut self, steps: &mut Vec<Step>) {
        if self.random.chance(25) {
            // Forgotten on the phone: this is what the overdue list is for.
            self.at_ms += self.random.between(2, 6) * DAY_MS;
        }
        self.minutes(1, if self.is_pressing { 10 } else { 120 });
        self.step(steps, Deed::SetOut, 2_000);
        if self.is_pressing {
            self.minutes(12, 130);
        } else {
            self.minutes(20, 30 * 60);
            self.wait_for_daylight();
        }
        let late_ms = self.lateness();
        let is_typed = self.random.chance(80);
        self.step(steps, Deed::Begin { is_typed }, late_ms);
        self.at_ms += late_ms;
        let longest = match self.kind {
            OrderKind::NewConnection | OrderKind::AcceptanceEnergization => 300,
            OrderKind::FaultRepair => 200,
            _ => 90,
        };
        self.minutes(15, longest);
        let late_ms = self.lateness();
        let is_paid = self.random.chance(if self.kind == OrderKind::FaultRepair {
            300
        } else {
            80
        });
        let verdict = self.verdict();
        self.step(steps, Deed::HandIn { is_paid, verdict }, late_ms);
        self.at_ms += late_ms;
        self.review(steps);
    }

    fn review(mut self, steps: &mut Vec<Step>) {
        self.minutes(15, 600);
        self.wait_for_daylight();
        if self.random.chance(75) {
            self.step(steps, Deed::SendBack, 0);
            self.minutes(30, 600);
            let (late_ms, verdict) = (self.lateness(), self.verdict());
            self.step(steps, Deed::HandInAgain { verdict }, late_ms);
            self.at_ms += late_ms;
            self.minutes(20, 400);
        }
        self.step(steps, Deed::Approve, 0);
        if self.is_called_back && self.random.chance(820) {
            self.minutes(60, 2_000);
            self.wait_for_daylight();
            let verdict = self.random.chance(860).then(|| self.verdict());
            self.step(steps, Deed::CallBack { verdict }, 0);
        }
    }

    fn verdict(&mut self) -> Satisfaction {
        self.random.weighted(&[
            (Satisfaction::VerySatisfied, 38),
            (Satisfaction::Satisfied, 47),
            (Satisfaction::Fair, 7),
            (Satisfaction::Dissatisfied, 3),
            (Satisfaction::Refused, 5),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const END: i64 = 1_780_000_000_000;

    #[test]
    fn twenty_days_hold_about_twelve_hundred_orders_of_every_kind() {
        let plan = plan(1, 20, END);
        let taken_in = plan.steps.iter().filter(|s| s.deed == Deed::TakeIn).count();
        assert!((1_000..1_350).contains(&taken_in), "{taken_in}");
        let kinds: BTreeSet<OrderKind> = plan.jobs.iter().map(|job| job.kind).collect();
        assert_eq!(kinds.len(), OrderKind::ALL.len());
        assert!(
            plan.steps
                .is_sorted_by_key(|step| step.at_ms + step.late_ms)
        );
        assert!(
            plan.steps
                .iter()
                .all(|step| step.at_ms + step.late_ms <= END)
        );
    }

    #[test]
    fn the_same_seed_plans_the_same_days() {
        let text = |seed| format!("{:?}", plan(seed, 3, END));
        assert_eq!(text(7), text(7));
        assert_ne!(text(7), text(8));
    }

    #[test]
    fn everybody_gets_only_what_they_can_do() {
        for job in plan(3, 5, END).jobs {
            assert!(skills(job.electrician).contains(&job.kind), "{job:?}");
        }
    }
}

//! Ranks people for one order: by distance or by jurisdiction, with workload, skill, duty, device and
//! reachability, every point explained. Pure: facts come in, no clock, no I/O. Points are a design of
//! ours: 10 points are about one minute that the customer waits.

use super::reason::{Blocker, Reason};
use dianma_schema::geo::Place;
use dianma_schema::id::StaffId;
use dianma_schema::order::{OrderKind, Urgency};
use dianma_schema::time::{HOUR_MS, MINUTE_MS};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use utoipa::ToSchema;

/// How people are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// 就近: travel time first.
    #[default]
    Nearest,
    /// 按辖区: the person who looks after the transformer area first, then the station.
    Jurisdiction,
}

impl Mode {
    /// The word stored with decisions and settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::Jurisdiction => "jurisdiction",
        }
    }
}

/// What of the order matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderFacts {
    /// Kind: asks for a skill.
    pub kind: OrderKind,
    /// Urgency.
    pub urgency: Urgency,
    /// Where, when known.
    pub place: Option<Place>,
    /// Time of the ranking, epoch ms.
    pub now_ms: i64,
}

/// Whose area the order lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Jurisdiction {
    /// Another station's.
    Other,
    /// The person's station's.
    Station,
    /// The person looks after the transformer area.
    Area,
}

/// What of an active electrician matters.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each with its own reason or blocker"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFacts {
    /// Id: breaks ties.
    pub staff_id: StaffId,
    /// Name shown.
    pub display_name: String,
    /// On duty.
    pub is_on_duty: bool,
    /// Has the order already.
    pub is_current: bool,
    /// Kinds the person may do.
    pub skills: Vec<OrderKind>,
    /// Has an active phone.
    pub has_device: bool,
    /// The phone was last heard, epoch ms.
    pub last_seen_at_ms: Option<i64>,
    /// Where the person starts from.
    pub place: Option<Place>,
    /// The place is a recent fix of the phone, else the station's.
    pub is_place_recent: bool,
    /// Whose area the order lies in.
    pub jurisdiction: Jurisdiction,
    /// Orders in hand, by urgency (index = rank).
    pub open_by_urgency: [i64; 4],
    /// Standing at a job right now.
    pub is_at_work: bool,
}

/// A person with their score and its reasons.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each with its own reason or blocker"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    /// Id.
    pub staff_id: StaffId,
    /// Name shown.
    pub display_name: String,
    /// Sum of the reasons' points.
    pub score: i64,
    /// From 1; people with blockers come after all others.
    pub rank: i64,
    /// Nothing rules the person out.
    pub is_eligible: bool,
    /// Straight line to the order, metres.
    pub distance_m: Option<i64>,
    /// Orders in hand.
    pub open_orders: i64,
    /// On duty.
    pub is_on_duty: bool,
    /// Heard in the last quarter hour.
    pub is_online: bool,
    /// Last heard, epoch ms.
    pub last_seen_at_ms: Option<i64>,
    /// May do this kind.
    pub has_skill: bool,
    /// Looks after the area, or belongs to its station.
    pub in_jurisdiction: bool,
    /// Why this score.
    pub reasons: Vec<Reason>,
    /// Why not proposed.
    pub blockers: Vec<Blocker>,
}

/// The seam for better planners: the rules below today, the optimiser later.
pub trait Planner {
    /// Everybody in order: eligible people best first, then the others.
    fn rank(&self, mode: Mode, order: &OrderFacts, people: &[PersonFacts]) -> Vec<Candidate>;
}

/// Ranks by the rules of this file.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByRules;

impl Planner for ByRules {
    fn rank(&self, mode: Mode, order: &OrderFacts, people: &[PersonFacts]) -> Vec<Candidate> {
        let mut ranked: Vec<Candidate> = people
            .iter()
            .map(|person| candidate(mode, order, person))
            .collect();
        ranked.sort_by_key(|c| (!c.is_eligible, Reverse(c.score), c.staff_id));
        for (rank, candidate) in (1..).zip(&mut ranked) {
            candidate.rank = rank;
        }
        ranked
    }
}

/// A phone heard this recently counts as online (service rules §9, online rate).
pub const ONLINE_MS: i64 = 15 * MINUTE_MS;
/// Roads are longer than the straight line: factor 1.35, 28 km/h, one minute to set off
/// (dispatch design 1.2); metres a second in thousandths.
const DETOUR_PERMILLE: i64 = 1_350;
const SPEED_MM_S: i64 = 7_778;
const SET_OFF_S: i64 = 60;
/// Points of a person who stands at the order.
const AT_THE_PLACE: i64 = 1_000;
/// Points when a distance is not known: as if about an hour away.
const PLACE_UNKNOWN: i64 = 400;
/// Points of an order in hand, by urgency.
const LOAD: [i64; 4] = [-60, -90, -150, -240];
/// Points of somebody in the middle of a job.
const AT_WORK: i64 = -150;

fn candidate(mode: Mode, order: &OrderFacts, person: &PersonFacts) -> Candidate {
    let distance_m = match (order.place, person.place) {
        (Some(there), Some(here)) => Some(here.distance_m(there)),
        _ => None,
    };
    let is_online = person
        .last_seen_at_ms
        .is_some_and(|seen| order.now_ms - seen <= ONLINE_MS);
    let reasons = vec![
        travel(distance_m, person.is_place_recent),
        jurisdiction(mode, person.jurisdiction),
        workload(person),
        reach(order, person),
    ];
    let blockers = blockers(order, person);
    Candidate {
        staff_id: person.staff_id,
        display_name: person.display_name.clone(),
        score: reasons.iter().map(|reason| reason.points).sum(),
        rank: 0,
        is_eligible: blockers.is_empty(),
        distance_m,
        open_orders: person.open_by_urgency.iter().sum(),
        is_on_duty: person.is_on_duty,
        is_online,
        last_seen_at_ms: person.last_seen_at_ms,
        has_skill: person.skills.contains(&order.kind),
        in_jurisdiction: person.jurisdiction != Jurisdiction::Other,
        reasons,
        blockers,
    }
}

/// Estimated seconds on the road.
fn travel_s(distance_m: i64) -> i64 {
    distance_m.saturating_mul(DETOUR_PERMILLE) / SPEED_MM_S + SET_OFF_S
}

fn travel(distance_m: Option<i64>, is_recent: bool) -> Reason {
    let Some(distance_m) = distance_m else {
        return Reason::new(
            "distance",
            PLACE_UNKNOWN,
            "位置未知，按约一小时路程计".to_owned(),
            "Place not known, taken as about an hour away".to_owned(),
        );
    };
    let seconds = travel_s(distance_m);
    let minutes = (seconds + 30) / 60;
    let points = (AT_THE_PLACE - seconds / 6).max(-AT_THE_PLACE);
    let kilometres = format!("{}.{}", distance_m / 1_000, distance_m % 1_000 / 100);
    let (from_zh, from_en) = if is_recent {
        ("按最近位置", "from the last fix")
    } else {
        ("从供电所算起", "from the station")
    };
    Reason::new(
        "distance",
        points,
        format!("直线 {kilometres} 公里，约 {minutes} 分钟（{from_zh}）"),
        format!("{kilometres} km straight, about {minutes} min ({from_en})"),
    )
}

fn jurisdiction(mode: Mode, jurisdiction: Jurisdiction) -> Reason {
    let weight = match mode {
        Mode::Nearest => 1,
        Mode::Jurisdiction => 20,
    };
    let (points, zh, en) = match jurisdiction {
        Jurisdiction::Area => (100, "台区负责人", "Looks after the transformer area"),
        Jurisdiction::Station => (50, "本所人员", "Belongs to the station"),
        Jurisdiction::Other => (0, "非本辖区", "Outside the jurisdiction"),
    };
    Reason::new(
        "jurisdiction",
        points * weight,
        zh.to_owned(),
        en.to_owned(),
    )
}

fn workload(person: &PersonFacts) -> Reason {
    let open: i64 = person.open_by_urgency.iter().sum();
    let mut points: i64 = person
        .open_by_urgency
        .iter()
        .zip(LOAD)
        .map(|(count, each)| count * each)
        .sum();
    let (mut zh, mut en) = match open {
        0 => ("手上没有工单".to_owned(), "No orders in hand".to_owned()),
        1 => ("手上 1 张工单".to_owned(), "1 order in hand".to_owned()),
        _ => (
            format!("手上 {open} 张工单"),
            format!("{open} orders in hand"),
        ),
    };
    if person.is_at_work {
        points += AT_WORK;
        zh.push_str("，正在现场");
        en.push_str(", at a job now");
    }
    Reason::new("workload", points, zh, en)
}

/// Points for being reachable; they count double when the order cannot wait.
fn reach(order: &OrderFacts, person: &PersonFacts) -> Reason {
    let weight = if order.urgency >= Urgency::Urgent {
        2
    } else {
        1
    };
    let Some(seen) = person.last_seen_at_ms else {
        return Reason::new(
            "online",
            -200 * weight,
            "手机从未联机".to_owned(),
            "The phone was never heard".to_owned(),
        );
    };
    let silent_ms = (order.now_ms - seen).max(0);
    let (points, zh, en) = if silent_ms <= ONLINE_MS {
        (100, "手机在线".to_owned(), "Phone online".to_owned())
    } else if silent_ms < HOUR_MS {
        let minutes = silent_ms / MINUTE_MS;
        let zh = format!("{minutes} 分钟前联机");
        (0, zh, format!("Heard {minutes} min ago"))
    } else {
        let hours = silent_ms / HOUR_MS;
        let points = if hours < 24 { -100 } else { -200 };
        let zh = format!("{hours} 小时前联机");
        (points, zh, format!("Heard {hours} h ago"))
    };
    Reason::new("online", points * weight, zh, en)
}

fn blockers(order: &OrderFacts, person: &PersonFacts) -> Vec<Blocker> {
    let kind = order.kind;
    let all = [
        (
            person.is_current,
            "current",
            "工单已在此人名下".to_owned(),
            "Has the order already".to_owned(),
        ),
        (
            !person.skills.contains(&kind),
            "skill",
            format!("技能不符：未登记{}", kind.zh()),
            format!("Not qualified for {}", kind.en()),
        ),
        (
            !person.is_on_duty,
            "shift",
            "不在岗".to_owned(),
            "Off duty".to_owned(),
        ),
        (
            !person.has_device,
            "device",
            "没有可用的手机终端".to_owned(),
            "No active phone".to_owned(),
        ),
    ];
    all.into_iter()
        .filter(|(applies, ..)| *applies)
        .map(|(_, code, zh, en)| Blocker::new(code, zh, en))
        .collect()
}

#[cfg(test)]
#[path = "rank_tests.rs"]
mod tests;

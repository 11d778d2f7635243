//! Properties and examples of the ranking.

use super::*;
use proptest::prelude::*;

const NOW: i64 = 1_800_000_000_000;

fn order() -> OrderFacts {
    OrderFacts {
        kind: OrderKind::FaultRepair,
        urgency: Urgency::Urgent,
        place: Place::new(31_700_000, 113_300_000),
        now_ms: NOW,
    }
}

fn person(n: u8) -> PersonFacts {
    PersonFacts {
        staff_id: StaffId::new(1, [n; 10]),
        display_name: format!("测试员{n}"),
        is_on_duty: true,
        is_current: false,
        skills: vec![OrderKind::FaultRepair],
        has_device: true,
        last_seen_at_ms: Some(NOW - MINUTE_MS),
        place: Place::new(31_700_000, 113_300_000),
        is_place_recent: true,
        jurisdiction: Jurisdiction::Station,
        open_by_urgency: [0; 4],
        is_at_work: false,
    }
}

fn first(mode: Mode, people: &[PersonFacts]) -> StaffId {
    ByRules.rank(mode, &order(), people)[0].staff_id
}

#[test]
fn the_nearer_of_two_equal_people_is_first() {
    let far = PersonFacts {
        place: Place::new(31_800_000, 113_300_000),
        ..person(1)
    };
    assert_eq!(first(Mode::Nearest, &[far, person(2)]), person(2).staff_id);
}

#[test]
fn jurisdiction_beats_distance_only_in_its_own_mode() {
    let owner = PersonFacts {
        place: Place::new(31_800_000, 113_300_000),
        jurisdiction: Jurisdiction::Area,
        ..person(1)
    };
    let near = PersonFacts {
        jurisdiction: Jurisdiction::Other,
        ..person(2)
    };
    let people = [owner.clone(), near.clone()];
    assert_eq!(first(Mode::Jurisdiction, &people), owner.staff_id);
    assert_eq!(first(Mode::Nearest, &people), near.staff_id);
}

#[test]
fn a_loaded_neighbour_loses_to_a_free_person_a_little_further() {
    let loaded = PersonFacts {
        open_by_urgency: [3, 0, 2, 0],
        ..person(1)
    };
    let free = PersonFacts {
        place: Place::new(31_730_000, 113_300_000),
        ..person(2)
    };
    let winner = free.staff_id;
    assert_eq!(first(Mode::Nearest, &[loaded, free]), winner);
}

#[test]
fn each_missing_condition_is_its_own_blocker() {
    type Spoil = fn(&mut PersonFacts);
    let cases: [(&str, Spoil); 4] = [
        ("current", |p| p.is_current = true),
        ("skill", |p| p.skills = vec![OrderKind::BillCollection]),
        ("shift", |p| p.is_on_duty = false),
        ("device", |p| p.has_device = false),
    ];
    for (code, spoil) in cases {
        let mut person = person(1);
        spoil(&mut person);
        let ranked = ByRules.rank(Mode::Nearest, &order(), &[person]);
        let codes: Vec<&str> = ranked[0].blockers.iter().map(|b| b.code.as_str()).collect();
        assert_eq!(codes, [code]);
        assert!(!ranked[0].is_eligible);
    }
}

#[test]
fn travel_of_ten_kilometres_is_about_half_an_hour() {
    // 10 km × 1.35 at 28 km/h and a minute to set off.
    assert_eq!(travel_s(10_000), 1_795);
    assert!(travel(Some(10_000), true).zh.contains("约 30 分钟"));
}

fn any_person() -> impl Strategy<Value = PersonFacts> {
    let flags = prop::array::uniform6(any::<bool>());
    let place = prop::option::of((-90_000_000i64..=90_000_000, -180_000_000i64..=180_000_000));
    let seen = prop::option::of(0..NOW + HOUR_MS);
    let load = prop::array::uniform4(0i64..30);
    (any::<u8>(), flags, place, seen, load, 0..3u8).prop_map(|(n, flags, place, seen, load, of)| {
        PersonFacts {
            staff_id: StaffId::new(1, [n; 10]),
            display_name: String::new(),
            is_on_duty: flags[0],
            is_current: flags[1],
            skills: if flags[2] {
                vec![OrderKind::FaultRepair]
            } else {
                vec![]
            },
            has_device: flags[3],
            last_seen_at_ms: seen,
            place: place.and_then(|(lat, lon)| Place::new(lat, lon)),
            is_place_recent: flags[4],
            jurisdiction: match of {
                0 => Jurisdiction::Other,
                1 => Jurisdiction::Station,
                _ => Jurisdiction::Area,
            },
            open_by_urgency: load,
            is_at_work: flags[5],
        }
    })
}

proptest! {
    #[test]
    fn points_sum_to_the_score_and_nobody_blocked_stands_before_an_eligible_one(
        people in prop::collection::vec(any_person(), 0..40),
        by_jurisdiction in any::<bool>(),
    ) {
        let mode = if by_jurisdiction { Mode::Jurisdiction } else { Mode::Nearest };
        let ranked = ByRules.rank(mode, &order(), &people);
        prop_assert_eq!(ranked.len(), people.len());
        for candidate in &ranked {
            let sum: i64 = candidate.reasons.iter().map(|reason| reason.points).sum();
            prop_assert_eq!(candidate.score, sum);
            prop_assert_eq!(candidate.is_eligible, candidate.blockers.is_empty());
        }
        for pair in ranked.windows(2) {
            prop_assert!(pair[0].is_eligible || !pair[1].is_eligible);
            prop_assert!(pair[0].is_eligible != pair[1].is_eligible || pair[0].score >= pair[1].score);
            prop_assert_eq!(pair[0].rank + 1, pair[1].rank);
        }
    }

    #[test]
    fn the_order_people_come_in_changes_nothing(
        mut people in prop::collection::vec(any_person(), 0..20),
    ) {
        people.sort_by_key(|p| p.staff_id);
        people.dedup_by_key(|p| p.staff_id);
        let forward = ByRules.rank(Mode::Nearest, &order(), &people);
        people.reverse();
        prop_assert_eq!(forward, ByRules.rank(Mode::Nearest, &order(), &people));
    }
}

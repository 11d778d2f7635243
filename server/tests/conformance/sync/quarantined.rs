//! What was put before a person: tried again, and the files of phones that are blocked.

use super::fixture::{County, NOW, Phone, evidence, record};
use dianma_schema::fault;
use dianma_schema::id::StaffId;
use dianma_schema::order::{OrderKind, OrderState};
use dianma_schema::permission::Role;
use dianma_schema::wire::command::{Body, CommandEnvelope};
use dianma_schema::wire::sync::Outcome;
use dianma_server::args;
use dianma_server::auth::Actor;
use dianma_server::devices::retire;
use dianma_server::error::ApiError;
use dianma_server::evidence::retired::may_send;
use dianma_server::staff::update::{StaffChange, update};
use dianma_server::store::{Store, StoreError};
use dianma_server::sync::quarantine::QuarantineView;
use dianma_server::sync::retry::retry;
use uuid::Uuid;

crate::conformance!(
    work_of_a_retired_phone_counts_when_a_person_says_so,
    a_retry_takes_effect_once_and_a_refused_one_changes_nothing,
    a_fact_of_somebody_else_is_taken_beside_the_order,
    a_retired_phone_sends_what_it_had_captured_and_nothing_else,
    files_of_a_disabled_person_follow_the_same_rule,
);

fn office() -> Actor {
    Actor {
        staff_id: StaffId::new(NOW, [90; 10]),
        display_name: "生成管理员".to_owned(),
        role: Role::Administrator,
        station_id: None,
        device_id: None,
    }
}

/// Ids of what waits, in the order of the phone's numbers.
fn waiting(county: &County) -> Vec<Uuid> {
    let found = county.store.read_blocking(|tx| {
        tx.all(
            "SELECT id FROM quarantine WHERE resolved_at_ms IS NULL ORDER BY n, received_at_ms LIMIT 50",
            args![],
            |row| row.parse(0),
        )
    });
    found.map_err(|e: StoreError| e).unwrap()
}

fn again(county: &County, id: Uuid) -> Result<QuarantineView, ApiError> {
    let actor = office();
    county
        .store
        .write_blocking(move |tx| retry(tx, NOW + 1_000, &actor, id))
}

fn retire_at(county: &County, phone: &Phone, at_ms: i64) {
    let device_id = phone.device_id;
    county.write(move |tx| retire::apply(tx, at_ms, &office(), device_id));
}

fn work_of_a_retired_phone_counts_when_a_person_says_so(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    retire_at(&county, &phone, NOW);
    let accept = phone.command(Some(order), Body::Accept);
    let mut depart = phone.command(Some(order), Body::Depart);
    depart.depends_on = Some(accept.n);
    let commands = [accept, depart];
    let reply = phone.push(&county, &commands);
    assert_eq!(reply.results[1].outcome, Outcome::Quarantined);
    for id in waiting(&county) {
        let item = again(&county, id).unwrap();
        assert_eq!(item.resolved_by, None, "the administrator has no row here");
        assert!(item.resolved_at_ms.is_some() && item.note.is_some());
    }
    let order = county.load(order);
    assert_eq!(order.state, OrderState::Accepted);
    assert_eq!(order.departed_at_ms, Some(NOW - 60_000), "when it happened");
    assert!(waiting(&county).is_empty());
    // The phone that asks again hears the new word.
    let reply = phone.push(&county, &commands);
    for result in &reply.results {
        assert_eq!(result.outcome, Outcome::Accepted, "{result:?}");
    }
    assert_eq!(county.load(order.id).version, order.version);
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'quarantine_retried'";
    assert_eq!(county.count(sql), 2);
    let verdict = county.write(|tx| Ok(dianma_server::audit::verify(tx)?));
    assert_eq!(verdict.broken_at, None);
}

fn a_retry_takes_effect_once_and_a_refused_one_changes_nothing(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    // One number, two contents: the first took effect, the second could still be right.
    let accept = phone.command(Some(order), Body::Accept);
    let other = CommandEnvelope {
        body: Body::Note("生成的备注".to_owned()),
        ..accept.clone()
    };
    phone.push(&county, &[accept]);
    phone.push(&county, &[other]);
    let ids = waiting(&county);
    assert_eq!(ids.len(), 2);
    let mut codes: Vec<Result<QuarantineView, ApiError>> =
        ids.iter().map(|id| again(&county, *id)).collect();
    codes.sort_by_key(Result::is_err);
    assert!(codes[0].is_ok());
    assert_eq!(codes[1].as_ref().unwrap_err().code, fault::V_DUPLICATE);
    assert_eq!(county.load(order).version, 4, "accept and note, once each");
    let done = codes[0].as_ref().unwrap().id;
    assert_eq!(again(&county, done).unwrap_err().code, fault::V_DUPLICATE);
    // A step that does not fit: the state decides, whoever asks.
    retire_at(&county, &phone, NOW);
    let submit = phone.command(Some(order), Body::Submit);
    let duty = phone.command(None, Body::Duty(true));
    phone.push(&county, &[submit, duty]);
    let late: Vec<Uuid> = waiting(&county)
        .into_iter()
        .filter(|id| !ids.contains(id))
        .collect();
    assert_eq!(late.len(), 2);
    for id in late {
        assert_eq!(again(&county, id).unwrap_err().code, fault::S_STATE);
    }
    assert_eq!(county.load(order).version, 4);
    let verdict = county.write(|tx| Ok(dianma_server::audit::verify(tx)?));
    assert_eq!(verdict.broken_command, None, "a retry breaks no chain");
}

fn a_fact_of_somebody_else_is_taken_beside_the_order(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut stranger = Phone::enrol(&county, 1, 31);
    let fact = stranger.command(Some(order), record(&[("measures", "生成的措施")]));
    let reply = stranger.push(&county, &[fact]);
    assert_eq!(
        reply.results[0].code.as_deref(),
        Some(fault::S_NOT_ASSIGNEE.as_str())
    );
    again(&county, waiting(&county)[0]).unwrap();
    let stored = county.load(order);
    assert_eq!(stored.record_values, "{}", "late facts change nothing");
    assert_eq!(stored.version, 3, "and stand on the time line");
}

/// Whether the phone may send the file named by a seed.
fn may(county: &County, phone: &Phone, seed: u8, size: u64) -> bool {
    let (actor, device_id) = (phone.actor.clone(), phone.device_id);
    let sha256 = format!("{seed:02x}").repeat(32);
    let answer = county
        .store
        .read_blocking(move |tx| may_send(tx, &actor, device_id, &sha256, size));
    match answer {
        Ok(()) => true,
        Err(error) => {
            assert_eq!(error.code, fault::A_DEVICE_REVOKED);
            false
        }
    }
}

fn a_retired_phone_sends_what_it_had_captured_and_nothing_else(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let mut other = Phone::enrol(&county, 0, 31);
    phone.accepted(&county, order, vec![evidence(1, "site", "photo")]);
    other.accepted(&county, order, vec![evidence(2, "site", "photo")]);
    assert!(may(&county, &phone, 9, 1), "an active phone sends anything");
    retire_at(&county, &phone, NOW - 30_000);
    // Captured before (a minute ago) and announced too late; captured after.
    let before = phone.command(Some(order), evidence(3, "site", "photo"));
    let mut after = phone.command(Some(order), evidence(4, "site", "photo"));
    after.wall_ms = NOW - 10_000;
    phone.push(&county, &[before, after]);
    assert!(may(&county, &phone, 1, 1_000), "its manifest was accepted");
    assert!(
        may(&county, &phone, 3, 1_000),
        "taken before the retirement"
    );
    assert!(!may(&county, &phone, 4, 1_000), "taken after it");
    assert!(!may(&county, &phone, 2, 1_000), "another phone's");
    assert!(!may(&county, &phone, 9, 1_000), "never announced");
    assert!(!may(&county, &phone, 3, 3 << 30), "no end of bytes");
    // A person vouches for the late one: its bytes are wanted now.
    for id in waiting(&county) {
        again(&county, id).unwrap();
    }
    assert!(may(&county, &phone, 4, 1_000));
    assert_eq!(county.count("SELECT COUNT(*) FROM evidence"), 4);
}

fn files_of_a_disabled_person_follow_the_same_rule(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    phone.accepted(&county, order, vec![evidence(1, "site", "photo")]);
    let staff_id = phone.actor.staff_id;
    county.write(move |tx| {
        let change = StaffChange {
            version: 1,
            is_active: Some(false),
            ..StaffChange::default()
        };
        update(tx, NOW - 30_000, "system", staff_id, &change)
    });
    let before = phone.command(Some(order), evidence(3, "site", "photo"));
    let mut after = phone.command(Some(order), evidence(4, "site", "photo"));
    after.wall_ms = NOW - 10_000;
    let reply = phone.push(&county, &[before, after]);
    assert_eq!(reply.results[0].outcome, Outcome::Quarantined);
    assert!(may(&county, &phone, 1, 1_000) && may(&county, &phone, 3, 1_000));
    assert!(!may(&county, &phone, 4, 1_000));
}

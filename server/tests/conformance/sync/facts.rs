//! Facts are never lost: late ones are marked and change nothing, odd ones wait for a person.

use super::fixture::{County, NOW, Phone, evidence, record, whole_job};
use dianma_schema::fault;
use dianma_schema::order::OrderKind;
use dianma_schema::order::evidence::WITHDRAWN;
use dianma_schema::wire::command::{Body, EvidenceItem};
use dianma_schema::wire::sync::Outcome;
use dianma_server::store::Store;

crate::conformance!(
    work_done_offline_on_a_reassigned_order_keeps_its_facts_and_refuses_its_steps,
    facts_about_orders_nobody_gave_to_this_person_wait_for_a_person,
    later_record_values_win_field_by_field_and_an_empty_one_takes_back,
    the_same_file_named_twice_is_one_piece_of_evidence,
    a_piece_taken_back_fulfils_nothing_and_stays_listed,
    odd_facts_are_kept_for_a_person_not_dropped,
    duty_is_a_fact_of_the_person_and_keeps_the_place_only_while_it_lasts,
    a_clock_minutes_off_is_noted_and_decides_nothing,
);

fn work_done_offline_on_a_reassigned_order_keeps_its_facts_and_refuses_its_steps(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let commands: Vec<_> = whole_job(&county)
        .into_iter()
        .map(|body| phone.command(Some(order), body))
        .collect();
    county.reassign(order);
    let reply = phone.push(&county, &commands);
    for (command, result) in commands.iter().zip(&reply.results) {
        if command.body.command().is_some() {
            assert_eq!(result.code.as_deref(), Some(fault::S_NOT_ASSIGNEE.as_str()));
            assert!(result.detail.as_ref().unwrap().contains("生成派工员转派"));
        } else {
            assert_eq!(result.outcome, Outcome::Accepted, "{result:?}");
        }
    }
    let stored = county.load(order);
    assert_eq!(stored.record_values, "{}");
    assert_eq!(stored.evidence_expected, 0);
    assert_eq!(
        county.count("SELECT COUNT(*) FROM evidence WHERE is_late = 1"),
        1
    );
    let late = "SELECT COUNT(*) FROM order_events WHERE detail LIKE '%is_late%' \
                AND detail LIKE '%生成的处理措施%'";
    assert_eq!(county.count(late), 1);
}

fn facts_about_orders_nobody_gave_to_this_person_wait_for_a_person(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut stranger = Phone::enrol(&county, 1, 31);
    let result = stranger.give(&county, order, Body::Note("生成".to_owned()));
    assert_eq!(result.outcome, Outcome::Quarantined);
    assert_eq!(result.code.as_deref(), Some(fault::S_NOT_ASSIGNEE.as_str()));
    let unknown = dianma_schema::id::WorkOrderId::new(NOW, [99; 10]);
    let result = stranger.give(&county, unknown, Body::Note("生成".to_owned()));
    assert_eq!(result.code.as_deref(), Some(fault::V_NOT_FOUND.as_str()));
    assert_eq!(county.count("SELECT COUNT(*) FROM quarantine"), 2);
}

fn later_record_values_win_field_by_field_and_an_empty_one_takes_back(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    phone.accepted(
        &county,
        order,
        vec![
            record(&[
                ("measures", "一"),
                ("result", "solved"),
                ("contacted", "true"),
            ]),
            record(&[("measures", "二"), ("contacted", "")]),
        ],
    );
    let values = county.load(order).record_values;
    assert_eq!(values, r#"{"measures":"二","result":"solved"}"#);
}

fn the_same_file_named_twice_is_one_piece_of_evidence(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    phone.accepted(
        &county,
        order,
        vec![evidence(1, "site", "photo"), evidence(1, "site", "photo")],
    );
    let stored = county.load(order);
    assert_eq!((stored.evidence_expected, stored.version), (1, 3));
}

fn a_piece_taken_back_fulfils_nothing_and_stays_listed(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let job = whole_job(&county);
    let taken = job.iter().find(|body| matches!(body, Body::Evidence(_)));
    let Some(Body::Evidence(item)) = taken.cloned() else {
        panic!("a job without evidence");
    };
    let back = Body::Evidence(EvidenceItem {
        slot: WITHDRAWN.to_owned(),
        ..item.clone()
    });
    let at = job.iter().position(|body| matches!(body, Body::Finish(_)));
    let (before, closing) = job.split_at(at.unwrap());
    phone.accepted(&county, order, before.to_vec());
    phone.accepted(&county, order, vec![back.clone(), back.clone()]);
    let listed = "SELECT COUNT(*) FROM evidence WHERE slot = 'withdrawn' AND is_late = 0";
    assert_eq!(county.count(listed), 1);
    let told = "SELECT COUNT(*) FROM order_events WHERE detail LIKE '%evidence_withdrawn%'";
    assert_eq!(county.count(told), 1, "once in the time line");
    let refused = phone.give(&county, order, closing[0].clone());
    assert_eq!(refused.code.as_deref(), Some(fault::E_MISSING.as_str()));
    phone.accepted(
        &county,
        order,
        vec![Body::Evidence(item), closing[0].clone()],
    );
    let late = phone.give(&county, order, back);
    assert_eq!(late.outcome, Outcome::Accepted, "a fact is never refused");
    assert_eq!(county.count(listed), 0, "and changes nothing any more");
}

fn odd_facts_are_kept_for_a_person_not_dropped(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let long = "长".repeat(2_001);
    let odd = vec![
        evidence(1, "site", "hologram"),
        evidence(1, "", "photo"),
        record(&[("measures", &long)]),
        record(&[("", "生成")]),
    ];
    for body in odd {
        let result = phone.give(&county, order, body);
        assert_eq!(result.outcome, Outcome::Quarantined);
        assert_eq!(result.code.as_deref(), Some(fault::V_FIELD.as_str()));
    }
    assert_eq!(county.count("SELECT COUNT(*) FROM quarantine"), 4);
    assert_eq!(county.load(order).version, 2);
}

fn duty_is_a_fact_of_the_person_and_keeps_the_place_only_while_it_lasts(store: &Store) {
    let county = County::new(store);
    let mut phone = Phone::enrol(&county, 0, 30);
    let place = dianma_schema::geo::Place::new(30_000_000, 110_000_000);
    let mut off = phone.command(None, Body::Duty(false));
    off.place = place;
    phone.push(&county, &[off]);
    assert_eq!(
        county.count("SELECT COUNT(*) FROM devices WHERE latitude_e6 IS NOT NULL"),
        0
    );
    let mut on = phone.command(None, Body::Duty(true));
    on.place = place;
    phone.push(&county, &[on]);
    assert_eq!(county.count("SELECT latitude_e6 FROM devices"), 30_000_000);
    assert_eq!(
        county.count("SELECT COUNT(*) FROM staff WHERE is_on_duty = 1"),
        1
    );
    let quarter = "SELECT COUNT(*) FROM presence WHERE is_on_duty = 1 AND is_online = 1";
    assert_eq!(county.count(quarter), 1);
}

fn a_clock_minutes_off_is_noted_and_decides_nothing(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let mut accept = phone.command(Some(order), Body::Accept);
    accept.wall_ms = NOW + 3_600_000;
    accept.clock_offset_ms = Some(-3_660_000);
    let reply = phone.push(&county, &[accept]);
    assert_eq!(reply.results[0].outcome, Outcome::Accepted);
    assert_eq!(
        reply.results[0].code.as_deref(),
        Some(fault::D_CLOCK.as_str())
    );
    assert_eq!(county.load(order).accepted_at_ms, Some(NOW - 60_000));
    assert_eq!(
        county.count("SELECT clock_offset_ms FROM devices"),
        -3_660_000
    );
}

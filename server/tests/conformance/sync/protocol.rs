//! Each row of the outbox table (sync design §2).

use super::fixture::{County, Phone, encoded, record, whole_job};
use dianma_schema::fault;
use dianma_schema::order::{OrderKind, OrderState};
use dianma_schema::wire::command::Body;
use dianma_schema::wire::sync::Outcome;
use dianma_server::args;
use dianma_server::store::Store;

crate::conformance!(
    a_whole_job_in_one_batch_ends_submitted,
    a_number_taken_before_gets_its_stored_result_and_no_second_effect,
    a_gap_stops_the_batch_and_names_the_number_to_send_from,
    a_permanent_refusal_takes_its_number_and_blocks_nobody,
    another_command_under_the_same_number_puts_both_before_a_person,
    what_cannot_be_decoded_is_kept_and_the_next_ones_go_on,
    an_unreadable_command_sent_alone_twice_is_taken_once,
    steps_on_a_refused_one_point_to_it_while_facts_stay,
    a_retired_phone_hands_in_its_outbox_into_quarantine,
    a_row_that_cannot_be_read_quarantines_its_command_and_the_rest_goes_on,
);

fn a_whole_job_in_one_batch_ends_submitted(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let commands: Vec<_> = whole_job(&county)
        .into_iter()
        .map(|body| phone.command(Some(order), body))
        .collect();
    let reply = phone.push(&county, &commands);
    for result in &reply.results {
        assert_eq!(result.outcome, Outcome::Accepted, "{result:?}");
    }
    let order = county.load(order);
    assert_eq!(order.state, OrderState::Submitted);
    assert_eq!(order.place_proof.as_deref(), Some("customer_code"));
    assert_eq!(order.consent_proof.as_deref(), Some("customer_code"));
    assert_eq!(order.version, 2 + 8);
    assert_eq!(reply.results.last().unwrap().version, Some(10));
    assert_eq!(order.arrived_at_ms, Some(super::fixture::NOW - 60_000));
}

fn a_number_taken_before_gets_its_stored_result_and_no_second_effect(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let accept = phone.command(Some(order), Body::Accept);
    let refused = phone.command(Some(order), Body::Submit);
    let first = phone.push(&county, &[accept.clone(), refused.clone()]);
    let again = phone.push(&county, &[accept, refused]);
    let bytes = |results| minicbor::to_vec::<&Vec<_>>(results).unwrap();
    assert_eq!(bytes(&first.results), bytes(&again.results));
    assert_eq!(first.results[1].outcome, Outcome::Rejected);
    assert_eq!(county.load(order).version, 3);
    assert_eq!(county.count("SELECT COUNT(*) FROM commands"), 2);
}

fn a_gap_stops_the_batch_and_names_the_number_to_send_from(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let first = phone.command(Some(order), Body::Accept);
    let _lost = phone.command(Some(order), Body::Depart);
    let third = phone.command(Some(order), Body::Note("生成".to_owned()));
    let reply = phone.push(&county, &[first, third]);
    assert_eq!(reply.results.len(), 1);
    assert_eq!(reply.resend_from, Some(2));
    assert_eq!(county.count("SELECT last_n FROM devices"), 1);
}

fn a_permanent_refusal_takes_its_number_and_blocks_nobody(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let submit = phone.command(Some(order), Body::Submit);
    let accept = phone.command(Some(order), Body::Accept);
    let reply = phone.push(&county, &[submit, accept]);
    assert_eq!(reply.results[0].outcome, Outcome::Rejected);
    assert_eq!(
        reply.results[0].code.as_deref(),
        Some(fault::S_STATE.as_str())
    );
    assert!(reply.results[0].detail.as_ref().unwrap().contains("派发"));
    assert_eq!(reply.results[1].outcome, Outcome::Accepted);
    assert_eq!(county.load(order).state, OrderState::Accepted);
}

fn another_command_under_the_same_number_puts_both_before_a_person(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let accept = phone.command(Some(order), Body::Accept);
    let mut other = accept.clone();
    other.body = Body::Note("生成的另一部手机".to_owned());
    phone.push(&county, &[accept]);
    for _ in 0..2 {
        let reply = phone.push(&county, &[other.clone()]);
        assert_eq!(reply.results[0].outcome, Outcome::Quarantined);
        assert_eq!(
            reply.results[0].code.as_deref(),
            Some(fault::S_SAME_NUMBER.as_str())
        );
    }
    assert_eq!(county.count("SELECT COUNT(*) FROM quarantine"), 2);
    assert_eq!(county.load(order).version, 3);
}

fn what_cannot_be_decoded_is_kept_and_the_next_ones_go_on(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let _unreadable = phone.command(Some(order), Body::Accept);
    let accept = encoded(&phone.command(Some(order), Body::Accept));
    let reply = phone.push_raw(&county, vec![vec![0xFF, 1, 2], accept.clone()]);
    assert_eq!(reply.results[0].n, 1);
    assert_eq!(reply.results[0].outcome, Outcome::Quarantined);
    assert_eq!(
        reply.results[0].code.as_deref(),
        Some(fault::V_UNKNOWN_COMMAND.as_str())
    );
    assert_eq!(reply.results[1].outcome, Outcome::Accepted);
    let again = phone.push_raw(&county, vec![vec![0xFF, 1, 2], accept]);
    assert_eq!(again.results, reply.results);
    assert_eq!(county.count("SELECT COUNT(*) FROM quarantine"), 1);
}

fn an_unreadable_command_sent_alone_twice_is_taken_once(store: &Store) {
    let county = County::new(store);
    let phone = Phone::enrol(&county, 0, 30);
    for _ in 0..2 {
        let reply = phone.push_raw(&county, vec![vec![0xFF]]);
        assert_eq!(reply.results[0].n, 1);
    }
    assert_eq!(county.count("SELECT last_n FROM devices"), 1);
}

fn steps_on_a_refused_one_point_to_it_while_facts_stay(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    phone.accepted(&county, order, vec![Body::Accept]);
    let mut begin = phone.command(Some(order), Body::Begin(super::fixture::hazards()));
    begin.depends_on = Some(1);
    let mut finish = phone.command(Some(order), Body::Submit);
    finish.depends_on = Some(begin.n);
    let mut fact = phone.command(Some(order), record(&[("measures", "生成的措施")]));
    fact.depends_on = Some(begin.n);
    let reply = phone.push(&county, &[begin.clone(), finish.clone(), fact]);
    assert_eq!(
        reply.results[0].code.as_deref(),
        Some(fault::S_STATE.as_str())
    );
    assert_eq!(
        reply.results[1].code.as_deref(),
        Some(fault::S_DEPENDS.as_str())
    );
    assert_eq!(
        reply.results[1].detail.as_deref(),
        Some("第 2 号操作未被接受")
    );
    assert_eq!(reply.results[2].outcome, Outcome::Accepted);
    // In a later batch the chain is followed through the stored verdicts to its root.
    let mut later = phone.command(Some(order), Body::Submit);
    later.depends_on = Some(finish.n);
    let reply = phone.push(&county, &[later]);
    assert_eq!(
        reply.results[0].detail.as_deref(),
        Some("第 2 号操作未被接受")
    );
}

fn a_retired_phone_hands_in_its_outbox_into_quarantine(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    county.write(|tx| {
        tx.execute("UPDATE devices SET state = 'retired'", args![])?;
        Ok(())
    });
    let accept = phone.command(Some(order), Body::Accept);
    let reply = phone.push(&county, &[accept]);
    assert_eq!(reply.fault, Some(fault::A_DEVICE_REVOKED));
    assert_eq!(reply.results[0].outcome, Outcome::Quarantined);
    assert_eq!(county.load(order).state, OrderState::Dispatched);
    assert_eq!(county.count("SELECT COUNT(*) FROM quarantine"), 1);
}

fn a_row_that_cannot_be_read_quarantines_its_command_and_the_rest_goes_on(store: &Store) {
    let county = County::new(store);
    let broken = county.order(20, OrderKind::AdHoc);
    let sound = county.order(21, OrderKind::AdHoc);
    county.write(move |tx| {
        tx.execute(
            "UPDATE work_orders SET urgency = 'nonsense' WHERE id = ?1",
            args![broken.to_string()],
        )?;
        Ok(())
    });
    let mut phone = Phone::enrol(&county, 0, 30);
    let first = phone.command(Some(broken), Body::Accept);
    let second = phone.command(Some(sound), Body::Accept);
    let reply = phone.push(&county, &[first, second]);
    assert_eq!(reply.results[0].outcome, Outcome::Quarantined);
    assert_eq!(
        reply.results[0].code.as_deref(),
        Some(fault::X_INTERNAL.as_str())
    );
    assert_eq!(reply.results[1].outcome, Outcome::Accepted);
}

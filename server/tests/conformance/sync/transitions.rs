//! What each step of the phone needs, decided by the server.

use super::fixture::code;
use super::fixture::{County, NOW, Phone, closing, evidence, scan, whole_job};
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::id::LabelId;
use dianma_schema::label::LabelKind;
use dianma_schema::order::{OrderKind, OrderState};
use dianma_schema::wire::command::{Body, Closing, HazardsAcknowledged, Scan, Suspension};
use dianma_schema::wire::sync::{CommandResult, Outcome};
use dianma_server::store::Store;

crate::conformance!(
    arrival_needs_a_code_or_number_of_this_customer,
    a_typed_account_number_is_a_weaker_proof_of_place,
    beginning_needs_the_hazards_of_the_card,
    finishing_asks_for_record_evidence_consent_and_opinion_in_turn,
    a_signature_in_the_manifest_is_consent,
    suspending_needs_a_reason_and_an_appointment_to_come,
);

fn assert_refused(result: &CommandResult, code: FaultCode) {
    assert_eq!(result.outcome, Outcome::Rejected, "{result:?}");
    assert_eq!(result.code.as_deref(), Some(code.as_str()), "{result:?}");
}

fn typed(text: &str) -> Body {
    Body::Arrive(Scan {
        text: text.to_owned(),
        typed: true,
        ..Scan::default()
    })
}

fn arrival_needs_a_code_or_number_of_this_customer(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    phone.accepted(&county, order, vec![Body::Accept]);
    let unknown = code(LabelKind::Customer, LabelId::new(NOW, [77; 10]));
    for body in [
        Body::Arrive(scan("weixin://generated")),
        Body::Arrive(scan(&unknown)),
        typed("3300000002"),
        typed(" "),
    ] {
        let result = phone.give(&county, order, body);
        assert_refused(&result, fault::S_PLACE_PROOF);
        assert!(result.detail.is_some());
    }
    let meter = code(LabelKind::Meter, LabelId::new(NOW, [8; 10]));
    phone.accepted(&county, order, vec![Body::Arrive(scan(&meter))]);
    assert_eq!(
        county.load(order).place_proof.as_deref(),
        Some("meter_code")
    );
}

fn a_typed_account_number_is_a_weaker_proof_of_place(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    phone.accepted(
        &county,
        order,
        vec![Body::Accept, typed("３３００００００01")],
    );
    assert_eq!(county.load(order).place_proof.as_deref(), Some("typed"));
}

fn beginning_needs_the_hazards_of_the_card(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    phone.accepted(&county, order, vec![Body::Accept, typed("3300000001")]);
    let nothing = HazardsAcknowledged {
        card_id: String::new(),
        card_version: 1,
        hazards: Vec::new(),
    };
    let result = phone.give(&county, order, Body::Begin(nothing));
    assert_refused(&result, fault::S_HAZARDS);
}

fn finishing_asks_for_record_evidence_consent_and_opinion_in_turn(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let mut steps = whole_job(&county);
    let submit = steps.pop().unwrap();
    let finish = steps.pop().unwrap();
    let photo = steps.pop().unwrap();
    let record = steps.pop().unwrap();
    phone.accepted(&county, order, steps);
    let result = phone.give(&county, order, finish.clone());
    assert_refused(&result, fault::S_RECORD);
    assert!(result.detail.unwrap().contains("现场核实情况"));
    phone.accepted(&county, order, vec![record]);
    let result = phone.give(&county, order, finish.clone());
    assert_refused(&result, fault::E_MISSING);
    assert_eq!(result.detail.as_deref(), Some("现场照片"));
    assert!(result.detail_en.unwrap().is_ascii());
    phone.accepted(&county, order, vec![photo]);
    let meter = code(LabelKind::Meter, LabelId::new(NOW, [8; 10]));
    let result = phone.give(&county, order, Body::Finish(closing(&meter)));
    assert_refused(&result, fault::S_CONSENT);
    let silent = Closing {
        satisfaction: "delighted".to_owned(),
        ..closing(&county.customer_code)
    };
    let result = phone.give(&county, order, Body::Finish(silent));
    assert_refused(&result, fault::S_SATISFACTION);
    let result = phone.give(&county, order, submit.clone());
    assert_refused(&result, fault::S_NOT_FINISHED);
    phone.accepted(&county, order, vec![finish, submit]);
}

fn a_signature_in_the_manifest_is_consent(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let mut steps = whole_job(&county);
    steps.truncate(6);
    steps.push(evidence(9, "consent", "signature"));
    phone.accepted(&county, order, steps);
    let signed = Closing {
        scan: None,
        signature_sha256: Some(vec![9; 32].into()),
        satisfaction: "satisfied".to_owned(),
        remark: None,
        consent: None,
    };
    phone.accepted(&county, order, vec![Body::Finish(signed)]);
    assert_eq!(
        county.load(order).consent_proof.as_deref(),
        Some("signature")
    );
}

fn suspending_needs_a_reason_and_an_appointment_to_come(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    phone.accepted(&county, order, vec![Body::Accept]);
    let suspend = |reason: &str, appointment_ms| {
        Body::Suspend(Suspension {
            reason: reason.to_owned(),
            appointment_ms,
        })
    };
    let result = phone.give(&county, order, suspend(" ", NOW + 1));
    assert_refused(&result, fault::S_REASON);
    let result = phone.give(&county, order, suspend("客户不在", NOW - 120_000));
    assert_refused(&result, fault::S_APPOINTMENT);
    phone.accepted(
        &county,
        order,
        vec![suspend("客户不在", NOW + 1), Body::Resume],
    );
    let stored = county.load(order);
    assert_eq!(stored.state, OrderState::Accepted);
    assert_eq!(stored.appointment_at_ms, Some(NOW + 1));
}

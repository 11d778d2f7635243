//! The electrician's whole job without a network, and every need with its own fault code.

use super::support::records::{customer, jpeg, label_id, order, order_id};
use super::support::{Bench, START_MS};
use dianma_core::error::CoreError;
use dianma_core::work::{ClosingInput, EvidenceInput, KeyFacts, ScanInput, SuspensionInput};
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::label::{LabelCode, LabelKind, encode};
use dianma_schema::order::record_form::{FieldKind, FormField};
use dianma_schema::order::{EvidenceKind, OrderKind, OrderState, evidence, record};

pub fn id() -> String {
    order_id(1).to_string()
}

fn code(kind: LabelKind, number: u32) -> ScanInput {
    ScanInput {
        text: encode(LabelCode {
            kind,
            id: label_id(number),
        }),
        is_typed: false,
        ..ScanInput::default()
    }
}

pub fn with_order(kind: OrderKind) -> Bench {
    let mut bench = Bench::new();
    bench.server.put_customer(&customer(1));
    bench.server.put_customer(&customer(2));
    let record = dianma_schema::wire::record::OrderRecord { kind, ..order(1) };
    bench.server.put_order(record);
    bench.sync();
    bench
}

fn closing(scan: Option<ScanInput>) -> ClosingInput {
    ClosingInput {
        scan,
        signature_sha256: None,
        satisfaction: "satisfied".to_owned(),
        remark: None,
        consent: None,
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, CoreError>) -> FaultCode {
    result.unwrap_err().code()
}

fn queued(bench: &Bench) -> u32 {
    bench
        .phone
        .inspect(dianma_core::store::outbox_rows::count_pending)
        .unwrap()
}

fn begin(bench: &Bench) {
    let orders = bench.phone.orders();
    orders.accept(&id(), None).unwrap();
    orders.depart(&id(), None).unwrap();
    orders
        .arrive(&id(), code(LabelKind::Meter, 1_000_001), None)
        .unwrap();
    let card = bench
        .phone
        .costing()
        .card_of_order(&id(), &KeyFacts::new())
        .unwrap();
    let all: Vec<u16> = (0..u16::try_from(card.matched.card.hazards.len()).unwrap()).collect();
    orders.begin(&id(), None, &all, None).unwrap();
}

/// A plausible value for a field.
fn value(field: &FormField) -> String {
    let low = field.min.unwrap_or(1);
    match field.kind {
        FieldKind::Text => "生成文字内容".to_owned(),
        FieldKind::Choice => field.choices[0].value.clone(),
        FieldKind::Boolean => "true".to_owned(),
        FieldKind::Time => START_MS.to_string(),
        FieldKind::Integer => low.to_string(),
        FieldKind::DecimalMilli => dianma_schema::quantity::format_milli(low),
    }
}

fn fill(bench: &Bench, kind: OrderKind) {
    let form = record::form(kind);
    let values: Vec<(String, String)> = form
        .fields
        .iter()
        .map(|field| (field.name.clone(), value(field)))
        .collect();
    bench.phone.orders().record(&id(), &values, None).unwrap();
}

fn photograph(bench: &Bench, kind: OrderKind) {
    for (number, demand) in evidence::required(kind).iter().enumerate() {
        let path = bench.dir.path().join("capture.bin");
        let bytes = match demand.kind {
            EvidenceKind::Signature => {
                let mut png = vec![0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
                png.extend([u8::try_from(number).unwrap(); 100]);
                png
            }
            EvidenceKind::Audio => [b"#!AMR\n".as_slice(), &[0; 100]].concat(),
            _ => jpeg(u8::try_from(number).unwrap(), 2_000),
        };
        std::fs::write(&path, bytes).unwrap();
        let is_signature = demand.kind == EvidenceKind::Signature;
        let input = EvidenceInput {
            path,
            slot: demand.slot.clone(),
            kind: is_signature.then_some(EvidenceKind::Signature),
            is_imported: false,
        };
        for _ in 0..demand.min_count {
            bench
                .phone
                .orders()
                .add_evidence(&id(), &input, None)
                .unwrap();
        }
    }
}

#[test]
fn every_kind_goes_the_whole_way_without_a_network() {
    for kind in OrderKind::ALL {
        let mut bench = with_order(*kind);
        begin(&bench);
        fill(&bench, *kind);
        photograph(&bench, *kind);
        let orders = bench.phone.orders();
        let detail = orders.show(&id()).unwrap();
        assert!(
            detail.record_problems.is_empty(),
            "{kind}: {:?}",
            detail.record_problems
        );
        orders
            .finish(&id(), closing(Some(code(LabelKind::Customer, 1))), None)
            .unwrap();
        orders.submit(&id(), None).unwrap();
        drop(orders);
        bench.restart();
        let seen = bench.phone.orders().show(&id()).unwrap();
        assert_eq!(seen.summary.state, OrderState::Submitted, "{kind}");
        assert_eq!(seen.summary.server_state, OrderState::Dispatched, "{kind}");
        bench.sync();
        assert_eq!(
            bench.server.state.orders[&order_id(1)].state,
            OrderState::Submitted
        );
        assert!(
            bench.phone.orders().refusals().unwrap().is_empty(),
            "{kind}"
        );
    }
}

#[test]
fn each_missing_need_has_its_own_code_and_queues_nothing() {
    let bench = with_order(OrderKind::FaultRepair);
    let orders = bench.phone.orders();
    assert_eq!(refused(orders.depart(&id(), None)), fault::S_STATE);
    assert_eq!(refused(orders.submit(&id(), None)), fault::S_STATE);
    assert_eq!(
        refused(orders.request_reassignment(&id(), "  ", None)),
        fault::S_REASON
    );
    assert_eq!(queued(&bench), 0);
    orders.accept(&id(), None).unwrap();
    let stranger = code(LabelKind::Customer, 2);
    assert_eq!(
        refused(orders.arrive(&id(), stranger, None)),
        fault::S_PLACE_PROOF
    );
    let typed = |text: &str, is_typed| ScanInput {
        text: text.to_owned(),
        is_typed,
        ..ScanInput::default()
    };
    for scan in [
        typed("4200000002", true),
        typed("4200000001", false),
        typed("", true),
    ] {
        assert_eq!(
            refused(orders.arrive(&id(), scan, None)),
            fault::S_PLACE_PROOF
        );
    }
    let late = SuspensionInput {
        reason: "客户不在".to_owned(),
        appointment_at_ms: START_MS - 1,
    };
    assert_eq!(
        refused(orders.suspend(&id(), late, None)),
        fault::S_APPOINTMENT
    );
    orders
        .arrive(&id(), typed("4200000001", true), None)
        .unwrap();
    let error = orders.begin(&id(), None, &[0], None).unwrap_err();
    assert_eq!(error.code(), fault::S_HAZARDS);
    assert!(
        error
            .fault()
            .fields
            .iter()
            .all(|f| f.field != "hazards[0]" && !f.message.is_empty())
    );
    assert!(refused(orders.begin(&id(), Some("no-such-card"), &[0], None)) == fault::V_NOT_FOUND);
    assert_eq!(queued(&bench), 2);
}

#[test]
fn finishing_asks_for_record_evidence_consent_and_opinion() {
    let bench = with_order(OrderKind::FaultRepair);
    begin(&bench);
    let orders = bench.phone.orders();
    let good = || closing(Some(code(LabelKind::Customer, 1)));
    let error = orders.finish(&id(), good(), None).unwrap_err();
    assert_eq!(error.code(), fault::S_RECORD);
    assert!(!error.fault().fields.is_empty());
    fill(&bench, OrderKind::FaultRepair);
    let error = orders.finish(&id(), good(), None).unwrap_err();
    assert_eq!(error.code(), fault::E_MISSING);
    photograph(&bench, OrderKind::FaultRepair);
    assert_eq!(
        refused(orders.finish(&id(), closing(None), None)),
        fault::S_CONSENT
    );
    let meter = closing(Some(code(LabelKind::Meter, 1_000_001)));
    assert_eq!(refused(orders.finish(&id(), meter, None)), fault::S_CONSENT);
    let foreign = ClosingInput {
        signature_sha256: Some("00".repeat(32)),
        ..closing(None)
    };
    assert_eq!(
        refused(orders.finish(&id(), foreign, None)),
        fault::S_CONSENT
    );
    let unknown = ClosingInput {
        satisfaction: "delighted".to_owned(),
        ..good()
    };
    assert_eq!(
        refused(orders.finish(&id(), unknown, None)),
        fault::S_SATISFACTION
    );
    assert_eq!(refused(orders.submit(&id(), None)), fault::S_NOT_FINISHED);
    orders.finish(&id(), good(), None).unwrap();
    assert_eq!(
        refused(orders.finish(&id(), good(), None)),
        fault::S_FINISHED
    );
}

#[test]
fn a_signature_drawn_on_glass_is_consent() {
    let bench = with_order(OrderKind::FaultRepair);
    begin(&bench);
    fill(&bench, OrderKind::FaultRepair);
    photograph(&bench, OrderKind::FaultRepair);
    let path = bench.dir.path().join("signature.png");
    std::fs::write(
        &path,
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 9, 9],
    )
    .unwrap();
    let input = EvidenceInput {
        path,
        slot: "extra".to_owned(),
        kind: Some(EvidenceKind::Signature),
        is_imported: false,
    };
    let orders = bench.phone.orders();
    orders.add_evidence(&id(), &input, None).unwrap();
    let own = orders.show(&id()).unwrap().evidence;
    let signature = own.iter().find(|item| item.kind == "signature").unwrap();
    let signed = ClosingInput {
        signature_sha256: Some(signature.sha256.clone()),
        ..closing(None)
    };
    orders.finish(&id(), signed, None).unwrap();
}

#[test]
fn a_rejected_order_is_redone_and_signed_again() {
    let mut bench = with_order(OrderKind::BillCollection);
    begin(&bench);
    fill(&bench, OrderKind::BillCollection);
    photograph(&bench, OrderKind::BillCollection);
    let good = || closing(Some(code(LabelKind::Customer, 1)));
    bench.phone.orders().finish(&id(), good(), None).unwrap();
    bench.phone.orders().submit(&id(), None).unwrap();
    bench.sync();
    bench.server.change_order(order_id(1), |order| {
        order.state = OrderState::Rejected;
        order.reason = Some("照片不清".to_owned());
    });
    bench.sync();
    let seen = bench.phone.orders().show(&id()).unwrap();
    assert_eq!(seen.reason.as_deref(), Some("照片不清"));
    let orders = bench.phone.orders();
    orders.redo(&id(), None).unwrap();
    assert_eq!(refused(orders.submit(&id(), None)), fault::S_NOT_FINISHED);
    orders.finish(&id(), good(), None).unwrap();
    orders.submit(&id(), None).unwrap();
    bench.sync();
    assert_eq!(
        bench.server.state.orders[&order_id(1)].state,
        OrderState::Submitted
    );
}

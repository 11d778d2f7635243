//! What stands before the work and around it: which screen to pass first, signing out, codes of the
//! console, what was looked up last, room on the phone, the diagnosis.

use super::support::records::{account, customer, customer_id, jpeg, order, order_id};
use super::support::{Bench, enrolment};
use dianma_core::error::CoreError;
use dianma_core::lookup::Recent;
use dianma_core::session::{CodeEnrolment, Gate};
use dianma_core::work::EvidenceInput;
use dianma_schema::enrol_code::EnrolCode;
use dianma_schema::fault;
use dianma_schema::id::StaffId;

fn gate(bench: &Bench) -> Gate {
    bench.phone.session().state().unwrap().unwrap().gate
}

fn with_work() -> Bench {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    for number in 1..4 {
        bench.server.put_customer(&customer(number));
    }
    bench.sync();
    bench
}

#[test]
fn each_state_leads_to_its_screen() {
    let mut bench = with_work();
    assert_eq!(gate(&bench), Gate::SetPin);
    bench.phone.session().set_pin("135790").unwrap();
    assert_eq!(gate(&bench), Gate::Open);
    bench.phone.session().lock();
    assert_eq!(gate(&bench), Gate::Unlock);
    bench.phone.session().unlock("135790").unwrap();
    bench.phone.session().sign_out().unwrap();
    assert_eq!(gate(&bench), Gate::SignIn);
    // Without a network the PIN still opens the orders in hand.
    bench.phone.session().unlock("135790").unwrap();
    assert_eq!(gate(&bench), Gate::Open);
    bench
        .phone
        .orders()
        .accept(&order_id(1).to_string(), None)
        .unwrap();
    bench.restart();
    for _ in 0..5 {
        bench.phone.session().unlock("000000").unwrap_err();
    }
    assert_eq!(gate(&bench), Gate::SignIn, "locked out");
    assert_eq!(
        bench
            .phone
            .session()
            .state()
            .unwrap()
            .unwrap()
            .pin_tries_left,
        0
    );
    bench
        .phone
        .session()
        .enrol(&mut bench.server, &enrolment())
        .unwrap();
    assert_eq!(gate(&bench), Gate::Open);
}

#[test]
fn signed_out_without_a_pin_nothing_is_open() {
    let bench = with_work();
    bench.phone.session().sign_out().unwrap();
    assert_eq!(gate(&bench), Gate::SignIn);
    let closed = bench.phone.orders().list(None, None, 10).unwrap_err();
    assert_eq!(closed.code(), fault::A_SIGN_IN);
}

#[test]
fn signing_out_is_refused_with_figures_while_work_is_unsent() {
    let mut bench = with_work();
    bench.phone.session().may_sign_out().unwrap();
    bench
        .phone
        .orders()
        .accept(&order_id(1).to_string(), None)
        .unwrap();
    let refused = bench.phone.session().may_sign_out().unwrap_err();
    assert_eq!(refused.code(), fault::S_UNSENT);
    assert!(refused.fault().fields[0].message.starts_with("1 项操作"));
    bench.sync();
    bench.phone.session().may_sign_out().unwrap();
}

#[test]
fn a_pin_is_changed_by_the_one_in_use_and_wrong_ones_count() {
    let bench = with_work();
    let session = bench.phone.session();
    session.set_pin("135790").unwrap();
    let wrong = session.change_pin("111111", "246800").unwrap_err();
    assert!(matches!(wrong, CoreError::Unlock(_)));
    assert_eq!(session.state().unwrap().unwrap().pin_tries_left, 4);
    session.change_pin("135790", "246800").unwrap();
    session.lock();
    session.unlock("135790").unwrap_err();
    session.unlock("246800").unwrap();
}

#[test]
fn a_code_signs_in_and_keeps_unsent_work() {
    let mut bench = with_work();
    bench
        .phone
        .orders()
        .accept(&order_id(1).to_string(), None)
        .unwrap();
    bench.phone.session().sign_out().unwrap();
    let code = EnrolCode::new("https://gd.example", &"0a".repeat(16)).unwrap();
    let by_code = CodeEnrolment {
        code,
        model: "test".to_owned(),
        os_version: "test".to_owned(),
    };
    let signed_in = bench
        .phone
        .session()
        .enrol_by_code(&mut bench.server, &by_code)
        .unwrap();
    assert_eq!(signed_in.login_name, "generated");
    assert_eq!(signed_in.server, "https://gd.example");
    assert_eq!(bench.sync().pending_commands, 0);
}

#[test]
fn what_was_looked_up_comes_back_newest_first_and_goes_with_the_person() {
    let mut bench = with_work();
    let lookup = bench.phone.lookup();
    assert_eq!(lookup.recent().unwrap(), Recent::default());
    for text in ["甲", " 乙 ", "甲", "  "] {
        lookup.remember_text(text).unwrap();
    }
    lookup.remember_customer(&customer_id(2)).unwrap();
    lookup.remember_customer(&customer_id(99)).unwrap();
    let recent = lookup.recent().unwrap();
    assert_eq!(recent.texts, ["甲", "乙"]);
    let numbers: Vec<&str> = recent
        .customers
        .iter()
        .map(|c| c.account_number.as_str())
        .collect();
    assert_eq!(
        numbers,
        [account(2)],
        "one that is not in the archive is left out"
    );
    for number in 0..30 {
        lookup.remember_text(&number.to_string()).unwrap();
    }
    assert_eq!(lookup.recent().unwrap().texts.len(), 12);
    bench.server.staff = StaffId::new(7, [7; 10]);
    bench
        .phone
        .session()
        .enrol(&mut bench.server, &enrolment())
        .unwrap();
    assert_eq!(bench.phone.lookup().recent().unwrap(), Recent::default());
}

#[test]
fn a_customer_is_found_by_the_id_that_results_carry() {
    let bench = with_work();
    let found = bench
        .phone
        .lookup()
        .scan(&customer_id(2).to_string())
        .unwrap();
    assert_eq!(found.customer.unwrap().account_number, account(2));
    let unknown = bench
        .phone
        .lookup()
        .scan(&customer_id(99).to_string())
        .unwrap_err();
    assert!(matches!(unknown, CoreError::NotFound(_)));
}

#[test]
fn only_files_the_server_has_are_freed() {
    let mut bench = with_work();
    let add = |bench: &Bench, seed: u8| {
        let path = bench.dir.path().join("camera.bin");
        std::fs::write(&path, jpeg(seed, 50_000)).unwrap();
        let input = EvidenceInput {
            path,
            slot: "fault_point".to_owned(),
            kind: None,
            is_imported: false,
        };
        let id = order_id(1).to_string();
        bench
            .phone
            .orders()
            .add_evidence(&id, &input, None)
            .unwrap();
    };
    add(&bench, 1);
    bench.sync();
    add(&bench, 2);
    let evidence = bench.phone.evidence();
    let usage = evidence.usage().unwrap();
    assert_eq!((usage.freeable_files, usage.waiting_files), (1, 1));
    assert_eq!(
        (usage.freeable_bytes, usage.waiting_bytes),
        (50_000, 50_000)
    );
    assert!(usage.store_bytes > 0);
    assert_eq!(evidence.free_up().unwrap(), 50_000);
    assert_eq!(evidence.usage().unwrap().freeable_bytes, 0);
    let files = bench
        .phone
        .orders()
        .show(&order_id(1).to_string())
        .unwrap()
        .evidence;
    let uploaded: Vec<bool> = files.iter().map(|file| file.is_uploaded).collect();
    assert_eq!(uploaded, [true, false], "the check-list still knows");
    assert_eq!(bench.sync().pending_files, 0, "the other one goes up");
}

#[test]
fn the_diagnosis_names_nobody() {
    let mut bench = with_work();
    let id = order_id(1).to_string();
    bench
        .phone
        .orders()
        .note(&id, "生成备注内容", None)
        .unwrap();
    bench.phone.session().set_pin("135790").unwrap();
    bench.phone.session().lock();
    let text = bench.phone.diagnosis(&["model X\u{7}".to_owned()]).unwrap();
    let shown = customer(1);
    let order = order(1);
    for personal in [
        "生成备注内容",
        "生成甲",
        "生成所",
        "generated",
        &shown.account_name,
        &shown.account_number,
        &shown.address,
        &order.content,
        &order.order_number,
        &id,
    ] {
        assert!(!text.contains(personal), "{personal} in\n{text}");
    }
    assert!(text.contains("model X\n"), "{text}");
    assert!(text.contains(" note pending -"), "{text}");
    assert!(text.contains("unsent commands=1"), "{text}");
    bench.sync();
}

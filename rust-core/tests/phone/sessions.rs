//! Sign-in, PIN, lock-out, lease, changing hands.

use super::support::records::{account, customer, order, order_id, staff_id};
use super::support::{Bench, enrolment, open};
use dianma_core::error::CoreError;
use dianma_core::lookup::SearchQuery;
use dianma_core::session::SessionRecord;
use dianma_core::store::outbox_rows;
use dianma_core::sync::transport::{Answer, Method, Request, Transport, Unreachable};
use dianma_schema::fault;
use dianma_schema::id::{DeviceId, StaffId};
use dianma_schema::order::OrderState;

fn with_pin() -> Bench {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.server.put_customer(&customer(1));
    bench.sync();
    bench.phone.session().set_pin("135790").unwrap();
    bench.restart();
    bench
}

#[test]
fn nothing_is_shown_before_sign_in_or_pin() {
    let dir = tempfile::tempdir().unwrap();
    let bench = with_pin();
    let empty = open(dir.path(), &bench.clock);
    assert_eq!(
        empty.orders().list(None, None, 10).unwrap_err().code(),
        fault::A_SIGN_IN
    );
    assert!(empty.session().state().unwrap().is_none());
    assert_eq!(
        bench
            .phone
            .orders()
            .list(None, None, 10)
            .unwrap_err()
            .code(),
        fault::A_UNLOCK
    );
    let locked = bench.phone.lookup().scan(&account(1)).unwrap_err();
    assert!(matches!(locked, CoreError::Unlock(_)));
    bench.phone.session().unlock("135790").unwrap();
    assert_eq!(
        bench
            .phone
            .orders()
            .list(None, None, 10)
            .unwrap()
            .work_orders
            .len(),
        1
    );
}

#[test]
fn five_wrong_pins_lock_until_the_password_is_given() {
    let mut bench = with_pin();
    for tries in 1..=5 {
        let error = bench.phone.session().unlock("000000").unwrap_err();
        let expected = if tries < 5 {
            fault::A_UNLOCK
        } else {
            fault::A_LOCKED
        };
        assert_eq!(error.code(), expected, "try {tries}");
        // Restarting the app gives no further tries.
        bench.restart();
    }
    assert_eq!(
        bench.phone.session().unlock("135790").unwrap_err().code(),
        fault::A_LOCKED
    );
    bench
        .phone
        .session()
        .enrol(&mut bench.server, &enrolment())
        .unwrap();
    bench.restart();
    bench.phone.session().unlock("135790").unwrap();
}

#[test]
fn a_right_pin_forgets_the_wrong_ones() {
    let mut bench = with_pin();
    for _ in 0..3 {
        for _ in 0..4 {
            bench.phone.session().unlock("111111").unwrap_err();
        }
        bench.phone.session().unlock("135790").unwrap();
        bench.restart();
    }
}

#[test]
fn refuses_pins_that_are_no_pins() {
    let bench = Bench::new();
    for bad in ["", "123", "abcdef", "1234567890123", "12 34", "一二三四"] {
        let error = bench.phone.session().set_pin(bad).unwrap_err();
        assert!(matches!(error, CoreError::FixInput(_)), "{bad}");
    }
}

#[test]
fn after_two_weeks_lookup_closes_and_orders_in_hand_go_on() {
    let mut bench = with_pin();
    bench.phone.session().unlock("135790").unwrap();
    bench.clock.pass_ms(13 * 86_400_000);
    bench.phone.lookup().scan(&account(1)).unwrap();
    bench.clock.pass_ms(2 * 86_400_000);
    let error = bench.phone.lookup().scan(&account(1)).unwrap_err();
    assert_eq!(error.code(), fault::A_LEASE);
    let error = bench
        .phone
        .lookup()
        .search(&SearchQuery::of("生成"))
        .unwrap_err();
    assert_eq!(error.code(), fault::A_LEASE);
    bench
        .phone
        .orders()
        .accept(&order_id(1).to_string(), None)
        .unwrap();
    bench.server.now_ms += 15 * 86_400_000;
    bench.sync();
    bench.phone.lookup().scan(&account(1)).unwrap();
}

#[test]
fn turning_the_clock_back_does_not_lengthen_the_lease_before_sign_in() {
    let mut bench = with_pin();
    bench.phone.session().unlock("135790").unwrap();
    bench.clock.turn_wall_ms(-400 * 86_400_000);
    let state = bench.phone.session().state().unwrap().unwrap();
    assert!(!state.is_lease_over);
    assert_eq!(state.lease_until_ms, bench.server.now_ms + 14 * 86_400_000);
    let report = bench.sync();
    assert!(
        report
            .notices
            .iter()
            .any(|notice| notice.code == "D-409-CLOCK")
    );
}

#[test]
fn a_new_device_number_takes_unsent_work_along() {
    let mut bench = Bench::new();
    for number in 0..3 {
        bench.server.put_order(order(number));
    }
    bench.sync();
    let orders = bench.phone.orders();
    orders.accept(&order_id(0).to_string(), None).unwrap();
    bench.sync();
    orders.accept(&order_id(1).to_string(), None).unwrap();
    orders.depart(&order_id(1).to_string(), None).unwrap();
    orders
        .note(&order_id(2).to_string(), "未上传", None)
        .unwrap();
    // The server knows this phone under another number now, and none of its commands.
    bench.server.device = DeviceId::new(2, [6; 10]);
    bench.server.state.last_n = 0;
    bench
        .phone
        .session()
        .enrol(&mut bench.server, &enrolment())
        .unwrap();
    let rows = bench.phone.orders().outbox(None, 10).unwrap();
    let numbers: Vec<u64> = rows.iter().rev().map(|row| row.n).collect();
    assert_eq!(numbers, [1, 2, 3]);
    bench.sync();
    assert_eq!(bench.phone.inspect(outbox_rows::count_pending).unwrap(), 0);
    let sent = &bench.server.state.effects[1..];
    let chain: Vec<(u64, Option<u64>)> = sent.iter().map(|e| (e.n, e.depends_on)).collect();
    assert_eq!(chain, [(1, None), (2, Some(1)), (3, None)]);
    let seen = bench.phone.orders().show(&order_id(1).to_string()).unwrap();
    assert_eq!(seen.summary.state, OrderState::Accepted);
}

#[test]
fn signing_in_again_repeats_a_lost_command_under_its_number() {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.sync();
    let orders = bench.phone.orders();
    orders.accept(&order_id(1).to_string(), None).unwrap();
    bench.server.lose_answers = 1;
    bench.sync();
    bench.phone.session().sign_out().unwrap();
    bench
        .phone
        .session()
        .enrol(&mut bench.server, &enrolment())
        .unwrap();
    orders.depart(&order_id(1).to_string(), None).unwrap();
    assert_eq!(bench.sync().pending_commands, 0);
    let sent: Vec<u64> = bench.server.state.effects.iter().map(|e| e.n).collect();
    assert_eq!(sent, [1, 2], "once each");
}

#[test]
fn a_store_older_than_the_server_goes_on_above_its_numbers() {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.sync();
    let id = order_id(1).to_string();
    bench.phone.orders().accept(&id, None).unwrap();
    // A copy of the store from before two more commands that the server has.
    bench.sync();
    bench.server.state.last_n = 3;
    bench
        .phone
        .session()
        .enrol(&mut bench.server, &enrolment())
        .unwrap();
    bench.phone.orders().depart(&id, None).unwrap();
    assert_eq!(bench.sync().pending_commands, 0);
    assert_eq!(bench.server.state.effects.last().unwrap().n, 4);
}

#[test]
fn another_person_waits_until_the_first_one_has_sent_everything() {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.sync();
    bench
        .phone
        .orders()
        .accept(&order_id(1).to_string(), None)
        .unwrap();
    bench.server.staff = StaffId::new(7, [7; 10]);
    let error = bench
        .phone
        .session()
        .enrol(&mut bench.server, &enrolment())
        .unwrap_err();
    assert_eq!(error.code(), fault::A_OTHER_UNSENT);
    let owner = bench
        .phone
        .inspect(SessionRecord::load)
        .unwrap()
        .unwrap()
        .staff_id;
    assert_eq!(owner, staff_id(), "nothing changed");
    bench.sync();
    bench
        .phone
        .session()
        .enrol(&mut bench.server, &enrolment())
        .unwrap();
    let owner = bench
        .phone
        .inspect(SessionRecord::load)
        .unwrap()
        .unwrap()
        .staff_id;
    assert_eq!(owner, bench.server.staff);
}

#[test]
fn signing_out_keeps_unsent_work() {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.sync();
    bench
        .phone
        .orders()
        .accept(&order_id(1).to_string(), None)
        .unwrap();
    bench.phone.session().sign_out().unwrap();
    bench.restart();
    let report = bench.sync();
    assert_eq!((report.requests, report.pending_commands), (0, 1));
    bench
        .phone
        .session()
        .enrol(&mut bench.server, &enrolment())
        .unwrap();
    assert_eq!(bench.sync().pending_commands, 0);
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let bench = with_pin();
    let session = bench.phone.inspect(SessionRecord::load).unwrap().unwrap();
    let text = format!("{session:?} {:?} {:?}", enrolment(), bench.phone);
    for secret in ["generated-token", "generated-password", "argon2id"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

/// Remembers what it was asked; answers the same to everything.
struct Gate {
    answer: Result<u16, Unreachable>,
    asked: Vec<(Method, String, Option<String>)>,
}

impl Transport for Gate {
    fn exchange(&mut self, request: &Request) -> Result<Answer, Unreachable> {
        let asked = (request.method, request.path.clone(), request.token.clone());
        self.asked.push(asked);
        Ok(Answer {
            status: self.answer?,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: Vec::new(),
        })
    }
}

#[test]
fn signing_out_ends_the_servers_session_once_it_is_reached() {
    let mut bench = with_pin();
    bench.phone.session().unlock("135790").unwrap();
    let token = bench.phone.bearer_token().unwrap();
    assert!(token.is_some());
    bench.phone.session().sign_out().unwrap();
    assert!(bench.phone.bearer_token().unwrap().is_none());
    bench.restart();
    let session = bench.phone.session();
    let left = session.left().unwrap();
    assert_eq!(left.len(), 1, "it outlives the process");
    let mut gate = Gate {
        answer: Err(Unreachable::Offline),
        asked: Vec::new(),
    };
    session.end_left(&mut gate, &left[0]).unwrap_err();
    assert_eq!(session.left().unwrap(), left, "kept until the server heard");
    gate.answer = Ok(503);
    session.end_left(&mut gate, &left[0]).unwrap_err();
    gate.answer = Ok(204);
    session.end_left(&mut gate, &left[0]).unwrap();
    let path = "/v1/sessions/current".to_owned();
    assert_eq!(gate.asked[2], (Method::Delete, path, token));
    assert!(session.left().unwrap().is_empty());
    session.sign_out().unwrap();
    assert!(session.left().unwrap().is_empty(), "nothing to end twice");
}

#[test]
fn a_session_the_server_no_longer_knows_is_over() {
    let bench = Bench::new();
    let session = bench.phone.session();
    session.sign_out().unwrap();
    let left = session.left().unwrap();
    let mut gate = Gate {
        answer: Ok(401),
        asked: Vec::new(),
    };
    session.end_left(&mut gate, &left[0]).unwrap();
    assert!(session.left().unwrap().is_empty());
}

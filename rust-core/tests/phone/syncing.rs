//! Push and pull against the reference server: idempotence, resend, reset, checksum, loss.

use super::support::records::{account, customer, order, order_id};
use super::support::{Bench, START_MS};
use dianma_core::error::CoreError;
use dianma_core::store::{cursors, outbox_rows};
use dianma_core::sync::{Event, apply};
use dianma_core::work::{Choice, SuspensionInput};
use dianma_schema::order::OrderState;
use dianma_schema::wire::sync::{NetClass, ScopeKind};

fn state_of(bench: &Bench, number: u32) -> OrderState {
    let order = bench
        .phone
        .orders()
        .show(&order_id(number).to_string())
        .unwrap();
    order.summary.state
}

fn pending(bench: &Bench) -> u32 {
    bench.phone.inspect(outbox_rows::count_pending).unwrap()
}

fn count(bench: &Bench, sql: &str) -> i64 {
    let read = |db: &rusqlite::Connection| -> Result<i64, CoreError> {
        Ok(db.query_row(sql, [], |row| row.get(0))?)
    };
    bench.phone.inspect(read).unwrap()
}

/// The kept checksum equals what is in the tables, and the server's.
fn assert_same_mirror(bench: &Bench) {
    for scope in ScopeKind::ALL {
        let kept = bench.phone.inspect(|db| cursors::load(db, *scope)).unwrap();
        let full = |db: &rusqlite::Connection| apply::full_checksum(db, *scope as i64);
        let full = bench.phone.inspect(full).unwrap();
        assert_eq!(kept.checksum, full, "{scope}");
        assert_eq!(full, bench.server.checksum(*scope), "{scope}");
    }
}

#[test]
fn pulls_orders_and_customers_page_by_page() {
    let mut bench = Bench::new();
    bench.server.page_entries = 7;
    for number in 0..30 {
        bench.server.put_order(order(number));
        bench.server.put_customer(&customer(number));
    }
    let report = bench.sync();
    assert_eq!(report.entries_received, 60);
    assert_eq!(report.requests, 5);
    assert_same_mirror(&bench);
    let again = bench.sync();
    assert_eq!((again.requests, again.entries_received), (1, 0));
}

#[test]
fn an_accepted_order_shows_at_once_and_stays_after_the_answer() {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.sync();
    bench
        .phone
        .orders()
        .accept(&order_id(1).to_string(), None)
        .unwrap();
    assert_eq!(state_of(&bench, 1), OrderState::Accepted);
    assert_eq!(pending(&bench), 1);
    bench.sync();
    assert_eq!(state_of(&bench, 1), OrderState::Accepted);
    assert_eq!(pending(&bench), 0);
    assert_same_mirror(&bench);
}

#[test]
fn a_lost_answer_makes_no_second_effect() {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.sync();
    bench
        .phone
        .orders()
        .accept(&order_id(1).to_string(), None)
        .unwrap();
    bench
        .phone
        .orders()
        .note(&order_id(1).to_string(), "备注", None)
        .unwrap();
    bench.server.lose_answers = 1;
    let report = bench.sync();
    assert_eq!(
        report.pending_commands, 2,
        "nothing is settled without a stored answer"
    );
    assert!(report.next_run_ms > 0);
    bench.sync();
    assert_eq!(pending(&bench), 0);
    assert_eq!(bench.server.state.effects.len(), 2);
    assert_same_mirror(&bench);
}

#[test]
fn the_same_answer_twice_changes_nothing() {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.sync();
    bench
        .phone
        .orders()
        .accept(&order_id(1).to_string(), None)
        .unwrap();
    let before = bench.server.state.clone();
    bench.sync();
    let settled = count(&bench, "SELECT sum(settled_at_ms) FROM outbox");
    bench.clock.pass_ms(1_000);
    // The server forgot the phone's acknowledgement and offers its results again.
    bench.server.restore(before);
    bench.sync();
    bench.sync();
    assert_eq!(state_of(&bench, 1), OrderState::Accepted);
    assert_eq!(bench.server.state.effects.len(), 1);
    assert_eq!(
        count(&bench, "SELECT sum(settled_at_ms) FROM outbox"),
        settled
    );
    assert_same_mirror(&bench);
}

#[test]
fn a_server_restored_from_a_backup_heals_from_the_phone() {
    let mut bench = Bench::new();
    for number in 0..3 {
        bench.server.put_order(order(number));
    }
    bench.sync();
    bench
        .phone
        .orders()
        .accept(&order_id(0).to_string(), None)
        .unwrap();
    bench.sync();
    let backup = bench.server.state.clone();
    bench
        .phone
        .orders()
        .accept(&order_id(1).to_string(), None)
        .unwrap();
    bench
        .phone
        .orders()
        .accept(&order_id(2).to_string(), None)
        .unwrap();
    bench.sync();
    assert_eq!(bench.server.state.last_n, 3);
    bench.server.restore(backup);
    bench
        .phone
        .orders()
        .note(&order_id(1).to_string(), "恢复后", None)
        .unwrap();
    bench.sync();
    bench.sync();
    assert_eq!(
        bench.server.state.last_n, 4,
        "commands 2 and 3 were offered again"
    );
    for number in 0..3 {
        assert_eq!(
            bench.server.state.orders[&order_id(number)].state,
            OrderState::Accepted
        );
    }
    assert_eq!(pending(&bench), 0);
    assert_same_mirror(&bench);
}

#[test]
fn a_reset_sweeps_the_mirror_and_never_the_outbox() {
    let mut bench = Bench::new();
    bench.server.page_entries = 4;
    for number in 0..10 {
        bench.server.put_order(order(number));
        bench.server.put_customer(&customer(number));
    }
    bench.sync();
    bench
        .phone
        .orders()
        .accept(&order_id(3).to_string(), None)
        .unwrap();
    let id = order_id(3).to_string();
    let values = [("fault_cause".to_owned(), "生成".to_owned())];
    let named = bench.phone.orders().record(&id, &values, None).is_ok();
    bench.server.lose_requests = 1;
    bench.sync();
    // While offline: another incarnation of the database, in which half of it is gone.
    let mut other = bench.server.state.clone();
    other.epoch += 10;
    bench.server.restore(other);
    for number in [3, 5, 7] {
        bench.server.remove_order(order_id(number));
        bench.server.remove_customer(&customer(number));
    }
    let before = pending(&bench);
    let body = "SELECT count(*) FROM outbox WHERE status = 'pending'";
    assert_eq!(count(&bench, body), i64::from(before));
    bench.sync();
    assert_eq!(count(&bench, "SELECT count(*) FROM mirror_customers"), 7);
    assert_eq!(
        count(&bench, "SELECT count(*) FROM outbox"),
        i64::from(before)
    );
    assert!(bench.server.state.last_n == u64::from(before) && (named || before == 1));
    assert_same_mirror(&bench);
}

#[test]
fn a_wrong_checksum_resets_that_scope_alone_and_does_not_loop() {
    let mut bench = Bench::new();
    for number in 0..5 {
        bench.server.put_order(order(number));
        bench.server.put_customer(&customer(number));
    }
    bench.sync();
    bench.server.break_checksum_of = Some(ScopeKind::Station);
    bench.server.put_customer(&customer(6));
    let report = bench.sync();
    assert!(report.requests <= 5, "{}", report.requests);
    assert!(
        report
            .notices
            .iter()
            .any(|notice| notice.code == "X-409-SUM")
    );
    let cursor = |scope| bench.phone.inspect(|db| cursors::load(db, scope)).unwrap();
    assert_eq!(cursor(ScopeKind::User).mismatches, 0);
    bench.server.break_checksum_of = None;
    bench.server.put_customer(&customer(7));
    bench.sync();
    assert_same_mirror(&bench);
}

#[test]
fn an_order_taken_away_stays_visible_until_its_refusal_is_decided() {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.sync();
    let id = order_id(1).to_string();
    bench.phone.orders().accept(&id, None).unwrap();
    bench
        .server
        .change_order(order_id(1), |order| order.assignee_id = None);
    bench.server.remove_order(order_id(1));
    bench.sync();
    let seen = bench.phone.orders().show(&id).unwrap();
    assert!(seen.summary.has_left);
    let refusals = bench.phone.orders().refusals().unwrap();
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].entry.code.as_deref(), Some("S-403-ASSIGNEE"));
    assert!(refusals[0].entry.message.is_some());
    let n = refusals[0].entry.n;
    let redo = bench
        .phone
        .orders()
        .handle_refusal(n, Choice::Redo, None)
        .unwrap_err();
    assert!(
        matches!(redo, CoreError::NotNow(_) | CoreError::NotFound(_)),
        "{redo}"
    );
    assert_eq!(
        bench.phone.orders().refusals().unwrap().len(),
        1,
        "a failed redo decides nothing"
    );
    bench
        .phone
        .orders()
        .handle_refusal(n, Choice::Note, Some("已到现场"))
        .unwrap();
    bench.sync();
    assert!(bench.phone.orders().refusals().unwrap().is_empty());
    assert_eq!(pending(&bench), 0);
    assert!(
        bench.phone.orders().show(&id).is_err(),
        "settled, so the row may go"
    );
    assert_same_mirror(&bench);
}

#[test]
fn a_refused_step_can_be_redone_on_the_new_state() {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.sync();
    let id = order_id(1).to_string();
    bench.phone.orders().accept(&id, None).unwrap();
    // Meanwhile the office recalls the order and gives it out again after the refusal.
    bench
        .server
        .change_order(order_id(1), |order| order.state = OrderState::Suspended);
    bench.sync();
    assert_eq!(state_of(&bench, 1), OrderState::Suspended);
    bench
        .server
        .change_order(order_id(1), |order| order.state = OrderState::Dispatched);
    bench.sync();
    let n = bench.phone.orders().refusals().unwrap()[0].entry.n;
    bench
        .phone
        .orders()
        .handle_refusal(n, Choice::Redo, None)
        .unwrap();
    bench.sync();
    assert_eq!(state_of(&bench, 1), OrderState::Accepted);
    assert!(bench.phone.orders().refusals().unwrap().is_empty());
}

#[test]
fn dependants_name_the_step_they_build_on() {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.sync();
    let id = order_id(1).to_string();
    let orders = bench.phone.orders();
    let first = orders.accept(&id, None).unwrap();
    let second = orders.depart(&id, None).unwrap();
    orders.note(&id, "备注", None).unwrap();
    let suspension = SuspensionInput {
        reason: "生成原因".to_owned(),
        appointment_at_ms: START_MS + 86_400_000,
    };
    orders.suspend(&id, suspension, None).unwrap();
    bench.sync();
    let sent: Vec<Option<u64>> = bench
        .server
        .state
        .effects
        .iter()
        .map(|envelope| envelope.depends_on)
        .collect();
    assert_eq!(sent, [None, Some(first.n), None, Some(second.n)]);
    let versions: Vec<u64> = bench
        .server
        .state
        .effects
        .iter()
        .map(|envelope| envelope.base_version)
        .collect();
    assert_eq!(versions, [2, 2, 2, 2]);
}

#[test]
fn a_bad_token_stops_the_exchange_and_not_the_work() {
    let mut bench = Bench::new();
    bench.server.put_order(order(1));
    bench.sync();
    bench.server.refuse_token = true;
    let report = bench.sync();
    assert!(
        report
            .notices
            .iter()
            .any(|notice| notice.code == "A-401-SIGN-IN")
    );
    bench
        .phone
        .orders()
        .accept(&order_id(1).to_string(), None)
        .unwrap();
    assert_eq!(pending(&bench), 1);
    bench.server.refuse_token = false;
    bench.sync();
    assert_eq!(pending(&bench), 0);
}

#[test]
fn an_empty_poll_is_small_and_one_request() {
    let mut bench = Bench::new();
    bench.phone.set_net_class(NetClass::Gprs).unwrap();
    for number in 0..50 {
        bench.server.put_order(order(number));
        bench.server.put_customer(&customer(number));
    }
    let mut sync = bench.phone.sync().unwrap();
    sync.run(&mut bench.server, Event::Kick).unwrap();
    bench.server.body_bytes.clear();
    let report = sync.run(&mut bench.server, Event::Timer).unwrap();
    assert_eq!(report.requests, 1);
    assert!(
        bench.server.body_bytes[0] <= 40,
        "{:?}",
        bench.server.body_bytes
    );
    assert!(report.bytes_down <= 30, "{}", report.bytes_down);
}

#[test]
fn a_thousand_commands_cost_at_most_sixty_bytes_each() {
    let mut bench = Bench::new();
    for number in 0..250 {
        bench.server.put_order(order(number));
    }
    bench.sync();
    bench.server.body_bytes.clear();
    let orders = bench.phone.orders();
    for number in 0..250 {
        let id = order_id(number).to_string();
        bench.clock.pass_ms(61_003);
        orders.accept(&id, None).unwrap();
        orders.depart(&id, None).unwrap();
        orders.note(&id, "已联系客户", None).unwrap();
        orders.request_reassignment(&id, "路远", None).unwrap();
    }
    let report = bench.sync();
    assert_eq!(bench.server.state.effects.len(), 1_000);
    let bytes: usize = bench.server.body_bytes.iter().sum();
    assert!(
        bytes <= 60 * 1_000,
        "{bytes} bytes in {} requests",
        report.requests
    );
}

#[test]
fn any_page_size_and_any_loss_end_in_the_same_mirror() {
    for seed in 1..12u32 {
        let mut bench = Bench::new();
        bench.server.page_entries = (seed as usize % 5) + 1;
        for round in 0..8u32 {
            for number in 0..6 {
                let choice = (seed * 7 + round * 13 + number * 5) % 6;
                match choice {
                    0 => bench.server.put_order(order(number + round)),
                    1 => bench.server.put_customer(&customer(number)),
                    2 => bench.server.remove_customer(&customer(number)),
                    3 if bench.server.state.orders.contains_key(&order_id(number)) => {
                        bench
                            .server
                            .change_order(order_id(number), |o| o.content.push('改'));
                    }
                    _ => {}
                }
            }
            bench.server.lose_answers = (seed + round) % 2;
            bench.sync();
            if round % 3 == seed % 3 {
                bench.restart();
            }
        }
        bench.sync();
        bench.sync();
        assert_same_mirror(&bench);
    }
}

#[test]
fn a_first_pull_does_not_hold_everything_in_memory_at_once() {
    let mut bench = Bench::new();
    bench.server.page_entries = 500;
    for number in 0..3_000 {
        bench.server.put_order(order(number));
    }
    let report = bench.sync();
    assert_eq!(report.entries_received, 3_000);
    assert_eq!(report.requests, 6);
    let found = bench.phone.lookup().scan(&account(5));
    assert!(found.is_err(), "no customer archive was sent");
    assert_same_mirror(&bench);
}

//! Push against the reference server: idempotence, resend, refusals, a restored server.

use super::pulling::assert_same_mirror;
use super::support::records::{order, order_id};
use super::support::{Bench, START_MS};
use dianma_core::error::CoreError;
use dianma_core::store::outbox_rows;
use dianma_core::work::{Choice, SuspensionInput};
use dianma_schema::order::OrderState;

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
    let refused = bench.phone.orders().refusals().unwrap().remove(0).entry;
    assert_eq!(refused.detail.as_deref(), Some("生成：调度已改"));
    let english = refused.detail_en.as_deref();
    assert_eq!(english, Some("generated: dispatch changed it"));
    let n = refused.n;
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

//! Random sequences of actions, office changes, losses and restarts: what the person sees is always
//! reached by legal steps, and in the end phone and server agree.

use super::support::Bench;
use super::support::records::{order, order_id};
use dianma_core::store::outbox_rows;
use dianma_core::work::SuspensionInput;
use dianma_schema::order::OrderState;
use dianma_schema::order::lifecycle::{self, Command};
use dianma_schema::permission::Role;
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
enum Move {
    Act(Command, u32),
    Note(u32),
    Office(OrderState, u32),
    Leave(u32),
    Sync,
    LoseRequest,
    LoseAnswer,
    Restart,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let commands = [
        Command::Accept,
        Command::Depart,
        Command::Suspend,
        Command::Resume,
        Command::Redo,
        Command::Submit,
        Command::RequestReassignment,
    ];
    let office = [
        OrderState::Dispatched,
        OrderState::Rejected,
        OrderState::Cancelled,
    ];
    let act = (prop::sample::select(commands.to_vec()), 0..3u32);
    let one = prop_oneof![
        8 => act.prop_map(|(command, number)| Move::Act(command, number)),
        2 => (0..3u32).prop_map(Move::Note),
        2 => (prop::sample::select(office.to_vec()), 0..3u32).prop_map(|(s, n)| Move::Office(s, n)),
        1 => (0..3u32).prop_map(Move::Leave),
        4 => Just(Move::Sync),
        1 => Just(Move::LoseRequest),
        2 => Just(Move::LoseAnswer),
        1 => Just(Move::Restart),
    ];
    prop::collection::vec(one, 1..40)
}

fn act(bench: &Bench, command: Command, number: u32) -> bool {
    let (orders, id) = (bench.phone.orders(), order_id(number).to_string());
    let result = match command {
        Command::Accept => orders.accept(&id, None),
        Command::Depart => orders.depart(&id, None),
        Command::Resume => orders.resume(&id, None),
        Command::Redo => orders.redo(&id, None),
        Command::Submit => orders.submit(&id, None),
        Command::RequestReassignment => orders.request_reassignment(&id, "生成原因", None),
        _ => {
            let suspension = SuspensionInput {
                reason: "生成原因".to_owned(),
                appointment_at_ms: super::support::START_MS + 1_000_000_000,
            };
            orders.suspend(&id, suspension, None)
        }
    };
    result.is_ok()
}

/// States an electrician can reach from a state, with itself.
fn reachable(from: OrderState) -> BTreeSet<OrderState> {
    let (mut reached, mut open) = (BTreeSet::from([from]), vec![from]);
    while let Some(state) = open.pop() {
        for row in lifecycle::allowed(state, Role::Electrician) {
            if let Ok(next) = lifecycle::apply(state, row.command, Role::Electrician)
                && reached.insert(next)
            {
                open.push(next);
            }
        }
    }
    reached
}

fn assert_legal(bench: &Bench) {
    for seen in bench
        .phone
        .orders()
        .list(None, None, 100)
        .unwrap()
        .work_orders
    {
        assert!(
            reachable(seen.server_state).contains(&seen.state),
            "{} cannot be reached from {}",
            seen.state,
            seen.server_state
        );
        if seen.pending == 0 {
            assert_eq!(seen.state, seen.server_state);
        }
    }
}

fn run(bench: &mut Bench, moves: &[Move]) -> u64 {
    let mut promised = 0;
    for step in moves {
        match step {
            Move::Act(command, number) => promised += u64::from(act(bench, *command, *number)),
            Move::Note(number) => {
                let id = order_id(*number).to_string();
                promised += u64::from(bench.phone.orders().note(&id, "生成", None).is_ok());
            }
            Move::Office(state, number) => {
                bench
                    .server
                    .change_order(order_id(*number), |order| order.state = *state);
            }
            Move::Leave(number) => bench.server.remove_order(order_id(*number)),
            Move::Sync => {
                bench.sync();
            }
            Move::LoseRequest => bench.server.lose_requests = 1,
            Move::LoseAnswer => bench.server.lose_answers = 1,
            Move::Restart => bench.restart(),
        }
        assert_legal(bench);
    }
    promised
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_promised_is_lost_or_doubled_and_no_state_is_illegal(moves in moves()) {
        let mut bench = Bench::new();
        (0..3).for_each(|number| bench.server.put_order(order(number)));
        bench.sync();
        let promised = run(&mut bench, &moves);
        bench.server.lose_requests = 0;
        bench.server.lose_answers = 0;
        bench.sync();
        bench.sync();
        prop_assert_eq!(bench.phone.inspect(outbox_rows::count_pending).unwrap(), 0);
        let numbers: Vec<u64> = bench.server.state.effects.iter().map(|e| e.n).collect();
        prop_assert_eq!(&numbers, &(1..=promised).collect::<Vec<_>>());
        let refusals = bench.phone.orders().refusals().unwrap();
        prop_assert!(refusals.iter().all(|refusal| refusal.entry.code.is_some()));
        let rows = bench.phone.orders().outbox(None, 1_000).unwrap();
        prop_assert_eq!(rows.len() as u64, promised, "every command is still to be seen");
    }
}

//! What is begun and not yet given: drafts that outlive the process and end with their command. And what
//! the list of the day and the cost tab say about orders.

use super::support::records::{order, order_id};
use super::support::{Bench, START_MS};
use super::working::{id, with_order};
use dianma_core::work::{SheetStand, SuspensionInput, TodayFilter, TodayQuery, TodaySort};
use dianma_schema::cost::{CostInput, PriceBook};
use dianma_schema::fault;
use dianma_schema::order::{OrderKind, OrderState};
use dianma_schema::time::DAY_MS;
use dianma_schema::wire::sync::{LeaveCause, Left};
use std::collections::BTreeMap;

fn drafts(bench: &Bench) -> BTreeMap<String, String> {
    bench.phone.orders().card(&id(), None).unwrap().drafts
}

#[test]
fn a_draft_outlives_the_process_and_ends_with_its_command() {
    let mut bench = with_order(OrderKind::SafetyInspection);
    let orders = bench.phone.orders();
    orders.accept(&id(), None).unwrap();
    orders
        .keep_draft(&id(), "suspend.reason", "客户不在家")
        .unwrap();
    orders.keep_draft(&id(), "suspending", "别的").unwrap();
    orders.keep_draft(&id(), "note", "门").unwrap();
    orders.keep_draft(&id(), "note", "").unwrap();
    drop(orders);
    bench.restart();
    assert_eq!(drafts(&bench).len(), 2);
    let suspension = SuspensionInput {
        reason: "客户不在家".to_owned(),
        appointment_at_ms: START_MS + DAY_MS,
    };
    bench
        .phone
        .orders()
        .suspend(&id(), suspension, None)
        .unwrap();
    assert_eq!(drafts(&bench).keys().collect::<Vec<_>>(), ["suspending"]);
}

#[test]
fn a_refused_command_leaves_its_draft() {
    let bench = with_order(OrderKind::SafetyInspection);
    let orders = bench.phone.orders();
    orders
        .keep_draft(&id(), "suspend.reason", "客户不在家")
        .unwrap();
    let suspension = SuspensionInput {
        reason: "客户不在家".to_owned(),
        appointment_at_ms: START_MS + DAY_MS,
    };
    let error = orders.suspend(&id(), suspension, None).unwrap_err();
    assert_eq!(error.code(), fault::S_STATE);
    assert_eq!(drafts(&bench).len(), 1);
    let too_long = "长".repeat(2_001);
    assert!(orders.keep_draft(&id(), "note", &too_long).is_err());
}

#[test]
fn a_sheet_is_open_then_a_draft_then_given() {
    let bench = with_order(OrderKind::FaultRepair);
    let orders = bench.phone.orders();
    assert!(orders.sheets(None).unwrap().is_empty(), "not accepted yet");
    orders.accept(&id(), None).unwrap();
    let stand = || orders.sheets(None).unwrap()[0].stand;
    assert_eq!(stand(), SheetStand::Open);
    orders.keep_draft(&id(), "cost.x", "2").unwrap();
    assert_eq!(stand(), SheetStand::Draft);
    let code = PriceBook::shipped().priced_items(START_MS)[0]
        .item
        .code
        .clone();
    let lines = [CostInput {
        code,
        quantity_milli: 1_000,
    }];
    orders.set_cost(&id(), &lines, None).unwrap();
    assert_eq!(stand(), SheetStand::Given);
}

#[test]
fn the_reason_shown_is_the_office_s_and_stays_while_the_order_is_redone() {
    let mut bench = with_order(OrderKind::AdHoc);
    let reason = |bench: &Bench| {
        bench
            .phone
            .orders()
            .card(&id(), None)
            .unwrap()
            .office_reason
    };
    bench.server.change_order(order_id(1), |order| {
        order.state = OrderState::Suspended;
        order.reason = Some("客户不在家".to_owned());
    });
    bench.sync();
    assert_eq!(reason(&bench), None, "a person's own words");
    bench.server.change_order(order_id(1), |order| {
        order.state = OrderState::Rejected;
        order.reason = Some("照片看不清".to_owned());
    });
    bench.sync();
    assert_eq!(reason(&bench).unwrap(), "照片看不清");
    bench.phone.orders().redo(&id(), None).unwrap();
    assert_eq!(reason(&bench).unwrap(), "照片看不清");
}

#[test]
fn an_order_that_is_gone_still_says_what_became_of_it() {
    let mut bench = with_order(OrderKind::AdHoc);
    bench.server.left = Some(Left {
        cause: LeaveCause::Cancelled,
        reason: Some("客户来电撤销".to_owned()),
    });
    bench.server.remove_order(order_id(1));
    bench.sync();
    let error = bench.phone.orders().card(&id(), None).unwrap_err();
    assert_eq!(error.code(), fault::V_NOT_FOUND);
    let (left, waiting) = bench.phone.orders().departure(&id()).unwrap().unwrap();
    assert_eq!((left.cause, waiting), (LeaveCause::Cancelled, 0));
    assert_eq!(left.reason.unwrap(), "客户来电撤销");
    assert!(bench.phone.orders().departure("GD-0").unwrap().is_none());
}

#[test]
fn today_and_overdue_go_by_deadline_and_appointment() {
    let mut bench = Bench::new();
    let due = [
        (1, Some(START_MS - 1), None),
        (2, Some(START_MS + 60_000), None),
        (3, Some(START_MS + 3 * DAY_MS), None),
        (4, Some(START_MS + 3 * DAY_MS), Some(START_MS + 60_000)),
    ];
    for (number, due_at_ms, appointment_at_ms) in due {
        let mut record = order(number);
        record.arrive_due_at_ms = None;
        record.due_at_ms = due_at_ms;
        record.appointment_at_ms = appointment_at_ms;
        bench.server.put_order(record);
    }
    bench.sync();
    let shown = |filter: TodayFilter| {
        let query = TodayQuery {
            filter,
            sort: TodaySort::Due,
            here: None,
            cursor: None,
            limit: 50,
        };
        let page = bench.phone.orders().today(&query).unwrap();
        let count = page.counts.iter().find(|(f, _)| *f == filter).unwrap().1;
        assert_eq!(count as usize, page.rows.len(), "{filter}");
        page.rows
            .into_iter()
            .map(|row| row.summary.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(TodayFilter::Overdue), [order_id(1)]);
    assert_eq!(
        shown(TodayFilter::Today),
        [order_id(1), order_id(2), order_id(4)]
    );
    assert_eq!(shown(TodayFilter::All).len(), 4);
    assert_eq!(shown(TodayFilter::Open).len(), 4);
    assert_eq!(shown(TodayFilter::Done).len(), 0);
}

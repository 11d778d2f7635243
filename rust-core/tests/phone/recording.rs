//! What an electrician writes into an order, and what a list of orders shows.

use super::support::records::{order, order_id};
use super::support::{Bench, START_MS};
use super::working::{id, with_order};
use dianma_core::error::CoreError;
use dianma_schema::cost::{CostInput, PriceBook};
use dianma_schema::fault;
use dianma_schema::order::{OrderKind, OrderState, record};

#[test]
fn costs_are_priced_in_fen_and_bad_lines_are_named() {
    let bench = with_order(OrderKind::NewConnection);
    let costing = bench.phone.costing();
    let items = costing.price_list().unwrap();
    let input = |code: &str, quantity_milli| CostInput {
        code: code.to_owned(),
        quantity_milli,
    };
    let first = &items[0];
    let sheet = costing.price(&[input(&first.item.code, 2_000)]).unwrap();
    assert_eq!(sheet.total_fen, first.unit_price_fen * 2);
    let error = costing.price(&[input("no-such-code", 1_000)]).unwrap_err();
    assert_eq!(error.fault().fields[0].field, "no-such-code");
    bench
        .phone
        .orders()
        .set_cost(&id(), &[input(&first.item.code, 2_000)], None)
        .unwrap();
    bench
        .phone
        .orders()
        .set_cost(&id(), &[input(&first.item.code, 3_000)], None)
        .unwrap();
    let cost = bench.phone.orders().show(&id()).unwrap().cost.unwrap();
    assert_eq!(cost.total_fen, first.unit_price_fen * 3);
    let known = PriceBook::shipped()
        .list_at(START_MS)
        .map(|list| list.version.clone());
    assert_eq!(Some(cost.price_list_version), known);
}

#[test]
fn records_take_known_fields_only_and_later_values_win() {
    let bench = with_order(OrderKind::FaultRepair);
    let orders = bench.phone.orders();
    let field = record::form(OrderKind::FaultRepair).fields[0].name.clone();
    let put = |name: &str, value: &str| {
        orders.record(&id(), &[(name.to_owned(), value.to_owned())], None)
    };
    assert!(matches!(
        put("no_such_field", "1"),
        Err(CoreError::FixInput(_))
    ));
    assert!(matches!(
        put(&field, &"长".repeat(2_001)),
        Err(CoreError::FixInput(_))
    ));
    put(&field, "一").unwrap();
    put(&field, "二").unwrap();
    assert_eq!(orders.show(&id()).unwrap().record[&field], "二");
    assert!(matches!(
        orders.note(&id(), "  ", None),
        Err(CoreError::FixInput(_))
    ));
    assert!(matches!(
        orders.show("GD-NONE"),
        Err(CoreError::NotFound(_))
    ));
    assert_eq!(
        orders.show("gd20260504-00001").unwrap().summary.id,
        order_id(1)
    );
}

#[test]
fn commands_say_why_they_cannot_be_given() {
    let bench = with_order(OrderKind::FaultRepair);
    let detail = bench.phone.orders().show(&id()).unwrap();
    let state = |word: &str| {
        detail
            .commands
            .iter()
            .find(|c| c.command.as_str() == word)
            .unwrap()
    };
    assert!(state("accept").is_allowed && state("request_reassignment").is_allowed);
    let why = state("submit").why_not.clone().unwrap();
    assert_eq!(why.code, fault::S_STATE);
    assert!(why.detail.unwrap().contains("已派"));
}

#[test]
fn lists_page_by_deadline_without_gaps() {
    let mut bench = Bench::new();
    for number in 0..25 {
        bench.server.put_order(order(number));
    }
    bench.sync();
    let (mut seen, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = bench
            .phone
            .orders()
            .list(None, cursor.as_deref(), 7)
            .unwrap();
        seen.extend(page.work_orders.iter().map(|order| order.id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..25).map(order_id).collect::<Vec<_>>());
    let none = bench
        .phone
        .orders()
        .list(Some(OrderState::Working), None, 7)
        .unwrap();
    assert!(none.work_orders.is_empty());
}

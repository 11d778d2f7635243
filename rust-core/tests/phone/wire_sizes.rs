//! Bytes of a sync exchange, counted on real requests.

use super::support::Bench;
use super::support::records::{customer, order, order_id};
use dianma_core::sync::Event;
use dianma_schema::wire::sync::NetClass;

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

//! Bytes on the wire over a warm HTTP/2 connection: an empty poll, an order pulled, a command pushed.

use crate::county::County;
use crate::load::{catch_up, client, empty_request, envelope, exchange};
use crate::proxy::{self, Counters};
use crate::report::Report;
use std::sync::Arc;
use std::sync::atomic::Ordering;

const POLLS: u64 = 200;
const COMMANDS: u64 = 1_000;
/// Commands in one request, as a phone sends them after a day without a network.
const BATCH: u64 = 250;

pub async fn run(county: &County, report: &mut Report) {
    let counters = Arc::new(Counters::default());
    let proxy = proxy::start(county.address(), Arc::clone(&counters)).await;
    let url = format!("http://{proxy}");
    let client = client();

    let handset = county.handset_with_all_orders().await;
    let (_, before) = counters.read();
    let cursors = catch_up(&client, &url, &handset).await;
    let (_, after) = counters.read();
    let orders = county.order_count() as f64;
    // The station archive comes with the same pull; its share is measured apart.
    let station = county.station_bytes(&client, &handset).await;
    let pulled = (after - before) as f64 - station;
    report.add(format!("first pull of {orders} orders"), pulled / 1e6, "MB", Some(2.1 * orders / 10_000.0));
    report.add("  per order pulled", pulled / orders, "B", Some(210.0));

    let mut request = empty_request(&handset);
    request.cursors = cursors;
    exchange(&client, &url, &handset, &request).await;
    let (up, down) = counters.read();
    for _ in 0..POLLS {
        exchange(&client, &url, &handset, &request).await;
    }
    let (up_after, down_after) = counters.read();
    let (up, down) = ((up_after - up) as f64 / POLLS as f64, (down_after - down) as f64 / POLLS as f64);
    report.add("empty poll, up", up, "B", None);
    report.add("empty poll, down", down, "B", None);
    report.add("empty poll, both ways", up + down, "B", Some(150.0));

    let (before, _) = counters.read();
    for _ in 0..COMMANDS / BATCH {
        let first = handset.next_n.fetch_add(BATCH, Ordering::SeqCst);
        let commands = (first..first + BATCH).map(|n| envelope(&handset, n).into()).collect();
        request.acked_n = first - 1;
        request.commands = Some(commands);
        exchange(&client, &url, &handset, &request).await;
    }
    let (after, _) = counters.read();
    report.add("command pushed", (after - before) as f64 / COMMANDS as f64, "B", Some(60.0));
}

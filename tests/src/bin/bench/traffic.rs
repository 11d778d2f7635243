//! Bytes on the wire over a warm HTTP/2 connection, without TCP/IP: an empty poll, orders pulled, commands
//! pushed. Counted by a proxy between client and server.

use crate::county::County;
use crate::handset::client;
use crate::proxy::{self, Counters};
use crate::report::Report;
use dianma_schema::wire::sync::Outcome;
use std::sync::Arc;

/// Polls the mean is taken over.
const POLLS: u64 = 200;
/// Commands pushed, in requests as a phone makes them after a day without a network.
const COMMANDS: u64 = 1_000;
const BATCH: u64 = 250;
/// Budgets of design §7, bytes; the pull's is 2.1 MB for 10,000 orders.
const BUDGET_POLL: f64 = 150.0;
const BUDGET_ORDER: f64 = 210.0;
const BUDGET_COMMAND: f64 = 60.0;

/// Runs all counts.
pub async fn run(county: &County, report: &mut Report) {
    let counters = Arc::new(Counters::default());
    let proxy = proxy::start(county.address(), Arc::clone(&counters)).await;
    let (url, client) = (format!("http://{proxy}"), client());
    let handset = &county.collector;
    // One walker's poll opens the connection: preface and settings are not what is counted.
    county.walkers[0]
        .exchange(&client, &url, &county.walkers[0].poll())
        .await;

    let before = counters.read();
    let (requests, entries) = handset.catch_up(&client, &url).await;
    let pulled = counters.since(before);
    let orders = county.order_count();
    assert!(
        entries >= orders,
        "the pull brought {entries} entries for {orders} orders"
    );
    let bytes = (pulled.0 + pulled.1) as f64;
    let budget = BUDGET_ORDER * orders as f64 / 1e6;
    report.most(
        &format!("first pull of {orders} orders, both ways"),
        bytes / 1e6,
        "MB",
        budget,
    );
    report.plain("first pull, requests", requests as f64, "");
    report.most("order pulled", bytes / orders as f64, "B", BUDGET_ORDER);

    let before = counters.read();
    for _ in 0..POLLS {
        handset.exchange(&client, &url, &handset.poll()).await;
    }
    let (up, down) = counters.since(before);
    let mean = |bytes: u64| bytes as f64 / POLLS as f64;
    report.plain("empty poll, up", mean(up), "B");
    report.plain("empty poll, down", mean(down), "B");
    report.most("empty poll, both ways", mean(up + down), "B", BUDGET_POLL);

    let before = counters.read();
    let mut accepted = 0;
    for _ in 0..COMMANDS / BATCH {
        let response = handset.exchange(&client, &url, &handset.push(BATCH)).await;
        let results = response.results.unwrap_or_default();
        accepted += results
            .iter()
            .filter(|r| r.outcome == Outcome::Accepted)
            .count() as u64;
    }
    assert_eq!(accepted, COMMANDS, "every command is accepted");
    let (up, down) = counters.since(before);
    report.most(
        "command pushed, up",
        up as f64 / COMMANDS as f64,
        "B",
        BUDGET_COMMAND,
    );
    report.plain(
        "command pushed, answer down",
        down as f64 / COMMANDS as f64,
        "B",
    );
}

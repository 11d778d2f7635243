//! Commands per second with full validation, and empty polls per second: as many phones as
//! connections, each with one request under way.

use crate::clock::Watch;
use crate::county::County;
use crate::handset::{Handset, client};
use crate::report::Report;
use dianma_schema::wire::sync::Outcome;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Connections of the command load.
const CONNECTIONS: [usize; 3] = [1, 8, 64];
/// Commands in one push of a phone that comes back from a job done without a network.
const JOB: u64 = 8;
/// Connections of the poll load.
const POLLERS: usize = 8;
/// Commands a second at 64 connections on `SQLite` (design §7).
const BUDGET_COMMANDS: f64 = 5_000.0;

/// Runs all loads.
pub async fn run(county: &County, report: &mut Report, seconds: u64) {
    for handset in &county.walkers {
        handset.catch_up(&client(), county.url()).await;
    }
    for connections in CONNECTIONS {
        let figures = measure(county, connections, seconds, Kind::Commands(1)).await;
        let has_budget = connections == 64 && county.is_sqlite();
        let budget = has_budget.then_some(BUDGET_COMMANDS);
        let name = format!("commands, {connections} connections");
        figures.add(report, &name, "command", budget);
    }
    let figures = measure(county, 64, seconds, Kind::Commands(JOB)).await;
    let name = format!("commands, 64 connections, {JOB} a push");
    let budget = county.is_sqlite().then_some(BUDGET_COMMANDS);
    figures.add(report, &name, "command", budget);
    let figures = measure(county, POLLERS, seconds, Kind::Poll).await;
    let name = format!("empty polls, {POLLERS} connections");
    figures.add(report, &name, "poll", None);
}

#[derive(Clone, Copy)]
enum Kind {
    /// So many in each request.
    Commands(u64),
    Poll,
}

impl Kind {
    /// Things done by one request.
    fn count(self) -> u64 {
        match self {
            Self::Commands(count) => count,
            Self::Poll => 1,
        }
    }
}

/// What a load came to.
struct Figures {
    kind: Kind,
    /// Of each request.
    times: Vec<Duration>,
    took: Duration,
    /// Processor time of the server process.
    server_ms: f64,
}

impl Figures {
    fn add(&self, report: &mut Report, name: &str, unit: &str, budget: Option<f64>) {
        let count = (self.times.len() as u64 * self.kind.count()) as f64;
        report.rate(name, count / self.took.as_secs_f64(), budget);
        for (word, permille) in [("p50", 500), ("p99", 990)] {
            let at = (self.times.len().saturating_sub(1)) * permille / 1_000;
            let time = self.times.get(at).copied().unwrap_or_default();
            report.plain(&format!("{name}, {word}"), time.as_secs_f64() * 1e3, "ms");
        }
        let cpu = self.server_ms * 1e3 / count.max(1.0);
        report.plain(&format!("{name}, server CPU per {unit}"), cpu, "µs");
    }
}

/// Each handset sends one request after the other until the time is over.
async fn measure(county: &County, connections: usize, seconds: u64, kind: Kind) -> Figures {
    let length = Duration::from_secs(seconds);
    let handsets = county.walkers.iter().take(connections).cloned();
    let before_ms = county.server.processor_ms();
    let watch = Watch::start();
    let mut walkers = JoinSet::new();
    for handset in handsets {
        let url = county.url().to_owned();
        walkers.spawn(walk(handset, url, watch, length, kind));
    }
    let mut times: Vec<Duration> = walkers.join_all().await.into_iter().flatten().collect();
    let took = watch.elapsed();
    times.sort_unstable();
    Figures {
        kind,
        times,
        took,
        server_ms: (county.server.processor_ms() - before_ms) as f64,
    }
}

async fn walk(
    handset: Arc<Handset>,
    url: String,
    watch: Watch,
    length: Duration,
    kind: Kind,
) -> Vec<Duration> {
    let client = client();
    let mut times = Vec::new();
    while watch.elapsed() < length {
        let begun = Watch::start();
        match kind {
            Kind::Commands(count) => push(&handset, &client, &url, count).await,
            Kind::Poll => poll(&handset, &client, &url).await,
        }
        times.push(begun.elapsed());
    }
    times
}

async fn push(handset: &Handset, client: &reqwest::Client, url: &str, count: u64) {
    let response = handset.exchange(client, url, &handset.push(count)).await;
    let results = response.results.unwrap_or_default();
    let is_good = results.iter().all(|one| one.outcome == Outcome::Accepted);
    let is_whole = results.len() as u64 == count;
    assert!(
        is_good && is_whole,
        "a command was not accepted: {results:?}"
    );
}

async fn poll(handset: &Handset, client: &reqwest::Client, url: &str) {
    let response = handset.exchange(client, url, &handset.poll()).await;
    let is_empty = response.pages.is_none_or(|pages| pages.is_empty());
    assert!(is_empty, "a poll was not empty");
}

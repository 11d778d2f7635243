//! `dianma-bench`: load on a real server over loopback, and the bytes it costs, on both engines.
//! Reports, never judges; budgets stand beside the figures. `scripts/bench server` builds in release
//! and runs it.

#![expect(
    clippy::expect_used,
    reason = "a measurement stops where a step fails, and says which"
)]
#![expect(
    clippy::cast_precision_loss,
    reason = "figures of a report; no money, no counts that decide"
)]

mod clock;
mod county;
mod handset;
mod load;
mod proxy;
mod pull;
mod report;
mod texts;
mod traffic;

use clap::Parser;
use county::County;
use dianma_tests::Engine;
use report::Report;

/// Measures the server: commands, polls, bytes, memory of a phone.
#[derive(Debug, Parser)]
#[command(name = "dianma-bench", version)]
struct Settings {
    /// One JSON object a figure instead of a table.
    #[arg(long)]
    json: bool,
    /// Fewer orders and seconds: figures are only good for trying the program.
    #[arg(long)]
    quick: bool,
    /// Only this engine: sqlite or postgres.
    #[arg(long)]
    engine: Option<String>,
    /// Orders of the first pull.
    #[arg(long)]
    orders: Option<usize>,
    /// Seconds of each load.
    #[arg(long)]
    seconds: Option<u64>,
}

fn main() {
    let settings = Settings::parse();
    let orders = settings
        .orders
        .unwrap_or(if settings.quick { 500 } else { 10_000 });
    let seconds = settings
        .seconds
        .unwrap_or(if settings.quick { 1 } else { 10 });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("an async runtime");
    for (name, engine) in [("sqlite", Engine::Sqlite), ("postgres", Engine::Postgres)] {
        if settings.engine.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        let mut report = Report::new(name, settings.json);
        let county = County::start(engine, orders);
        runtime.block_on(load::run(&county, &mut report, seconds));
        runtime.block_on(traffic::run(&county, &mut report));
        pull::run(&county, &mut report);
    }
}

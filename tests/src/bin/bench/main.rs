//! `dianma-bench`: loads on real processes over loopback, and the bytes and memory they cost. Reports,
//! never judges; budgets stand beside the figures. `scripts/bench` builds in release and runs it.

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
mod import;
mod labels;
mod load;
mod memory;
mod proxy;
mod pull;
mod report;
mod search;
mod templates;
mod texts;
mod traffic;

use clap::{Parser, ValueEnum};
use county::County;
use dianma_tests::Engine;
use report::Report;
use std::path::PathBuf;

/// Measures and prints each figure with its budget and the ratio to it.
#[derive(Debug, Parser)]
#[command(name = "dianma-bench", version)]
struct Settings {
    /// What to measure.
    bench: Bench,
    /// Append one JSON object a figure to this file too.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Small numbers, to try the program.
    #[arg(long)]
    quick: bool,
    /// Only this engine.
    #[arg(long)]
    engine: Option<Only>,
    /// Seconds of each load of the server.
    #[arg(long)]
    seconds: Option<u64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Bench {
    /// Commands and polls a second, bytes on the wire, memory of a phone.
    Server,
    /// Documented queries among 500,000 customers.
    Search,
    /// A million customers from a file.
    Import,
    /// Texts decided by the template rules.
    Templates,
    /// A thousand labels in a PDF.
    Labels,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Only {
    Sqlite,
    Postgres,
}

impl Settings {
    fn pick(&self, full: usize, quick: usize) -> usize {
        if self.quick { quick } else { full }
    }

    fn engines(&self) -> Vec<Engine> {
        let all = [
            (Only::Sqlite, Engine::Sqlite),
            (Only::Postgres, Engine::Postgres),
        ];
        let wanted = all
            .into_iter()
            .filter(|(only, _)| self.engine.is_none_or(|e| e == *only));
        wanted.map(|(_, engine)| engine).collect()
    }
}

fn main() {
    let settings = Settings::parse();
    let open = |name| Report::open(name, settings.json.as_deref()).expect("the report's file");
    let engines = settings.engines();
    match settings.bench {
        Bench::Server => server(&settings, &mut open("server")),
        Bench::Search => {
            let (customers, runs) = (settings.pick(500_000, 5_000), settings.pick(200, 20));
            search::run(&mut open("search"), &engines, customers, runs);
        }
        Bench::Import => {
            import::run(
                &mut open("import"),
                &engines,
                settings.pick(1_000_000, 20_000),
            );
        }
        Bench::Labels => labels::run(&mut open("labels"), settings.pick(1_000, 100)),
        Bench::Templates => templates::run(&mut open("templates"), settings.pick(200_000, 5_000)),
    }
}

fn server(settings: &Settings, report: &mut Report) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("an async runtime");
    let seconds = settings
        .seconds
        .unwrap_or(if settings.quick { 1 } else { 10 });
    for engine in settings.engines() {
        report.about(engine.name());
        let county = County::start(engine, settings.pick(10_000, 500));
        runtime.block_on(load::run(&county, report, seconds));
        runtime.block_on(traffic::run(&county, report));
        pull::run(&county, report);
    }
}

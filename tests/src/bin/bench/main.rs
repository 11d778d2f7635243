//! `dianma-bench`: load on a real server over loopback, and the bytes it costs. Reports, never
//! judges; budgets stand beside the figures. `scripts/bench server` builds in release and runs it.

mod county;
mod load;
mod proxy;
mod report;
mod traffic;

use dianma_tests::Engine;
use report::Report;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let as_json = arguments.iter().any(|argument| argument == "--json");
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let runtime = tokio::runtime::Runtime::new().expect("an async runtime");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let mut report = Report::new(engine, as_json);
        let county = county::County::start(engine, if quick { 500 } else { 10_000 });
        runtime.block_on(load::run(&county, &mut report, if quick { 1 } else { 5 }));
        runtime.block_on(traffic::run(&county, &mut report));
        report.print();
    }
}

//! Search among many customers: on the phone's own store by `dianma-field bench-search`, and through
//! `GET /v1/customers` on both engines, one request after the other.

use crate::clock::Watch;
use crate::import;
use crate::memory::peak_mb;
use crate::report::Report;
use crate::texts::{Person, areas_csv, people, write_customers, write_meters};
use dianma_tests::Console;
use dianma_tests::county::PASSWORD;
use dianma_tests::process::binary;
use dianma_tests::server::{Engine, Place};
use serde_json::Value;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::process::Command;

/// p95 of any documented query (design §7), ms.
const BUDGET_MS: f64 = 20.0;

/// Makes a search text of a customer.
type Make = fn(&Person) -> String;

/// The documented queries: what is typed into the box.
const QUERIES: &[(&str, Make)] = &[
    ("account number", |p| p.account_number.clone()),
    ("account number, first 7", |p| first(&p.account_number, 7)),
    ("account number, last 6", |p| last(&p.account_number, 6)),
    ("meter number", |p| p.meter.clone()),
    ("meter number, last 6", |p| last(&p.meter, 6)),
    ("telephone number", |p| p.phone.clone()),
    ("name", |p| p.name.clone()),
    ("name, first 2", |p| first(&p.name, 2)),
    ("name, last 2", |p| last(&p.name, 2)),
    ("name, 1 character", |p| first(&p.name, 1)),
    ("pinyin initials", |p| p.initials.clone()),
    ("pinyin initials, first 2", |p| first(&p.initials, 2)),
    ("pole number", |p| p.pole.clone()),
    ("address, last 6", |p| last(&p.address, 6)),
    ("town and name", |p| {
        format!("{} {}", first(&p.address, 4), p.name)
    }),
    ("town and pole", |p| {
        format!("{} {}", first(&p.address, 4), last(&p.pole, 5))
    }),
    ("nothing fits", |p| format!("9{}", last(&p.phone, 9))),
];

fn first(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

fn last(text: &str, count: usize) -> String {
    let skip = text.chars().count().saturating_sub(count);
    text.chars().skip(skip).collect()
}

/// Phone first, then the engines.
pub fn run(report: &mut Report, engines: &[Engine], customers: usize, runs: usize) {
    report.about("phone, plain");
    phone(report, customers, runs, &[]);
    report.about("phone, sealed as the app's store is");
    phone(report, customers, runs, &["--sealed"]);
    for engine in engines {
        report.about(engine.name());
        server(report, *engine, customers, runs);
    }
}

fn phone(report: &mut Report, customers: usize, runs: usize, more: &[&str]) {
    let output = Command::new(binary("dianma-field"))
        .args([
            "--json",
            "bench-search",
            "--customers",
            &customers.to_string(),
        ])
        .args(["--runs", &runs.to_string()])
        .args(more)
        .output()
        .expect("dianma-field starts");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let queries = answer["bench_search"]["queries"]
        .as_array()
        .expect("queries");
    for query in queries {
        let name = query["query"].as_str().unwrap_or_default();
        let ms = |field: &str| query[field].as_f64().expect("a time") / 1e3;
        tell(report, name, ms("p50_us"), ms("p95_us"));
    }
    let bytes = answer["bench_search"]["store_bytes"]
        .as_f64()
        .unwrap_or(0.0);
    report.plain("store on disk", bytes / 1e6, "MB");
}

fn tell(report: &mut Report, name: &str, p50_ms: f64, p95_ms: f64) {
    report.plain(&format!("{name}, p50"), p50_ms, "ms");
    report.most(&format!("{name}, p95"), p95_ms, "ms", BUDGET_MS);
}

fn server(report: &mut Report, engine: Engine, customers: usize, runs: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = Place::fresh(engine, folder.path());
    let arguments = place.arguments();
    fill(&arguments, folder.path(), customers);
    let server = place.serve(&[]);
    let token = server.setup_token.clone().expect("a first-run token");
    let office = Console::set_up(&server.url, &token, PASSWORD);
    let step = (customers / runs).max(1);
    let sample: Vec<Person> = people().take(customers).step_by(step).take(runs).collect();
    for (name, make) in QUERIES {
        let texts: Vec<String> = sample.iter().map(make).collect();
        // One round warms the caches, as on any day after the first query.
        let mut times: Vec<f64> = Vec::new();
        let mut hits = 0;
        for text in texts.iter().take(3).chain(&texts) {
            let watch = Watch::start();
            let page = office.search("/v1/customers?limit=20", text);
            times.push(watch.elapsed().as_secs_f64() * 1e3);
            hits += page["customers"].as_array().map_or(0, Vec::len);
        }
        assert!(hits > 0 || *name == "nothing fits", "{name} found nobody");
        times.drain(..3);
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times[(times.len() - 1) * percent / 100];
        tell(report, name, at(50), at(95));
    }
}

/// Imports areas, customers and meters.
fn fill(arguments: &[String], folder: &Path, customers: usize) {
    let path = |name: &str| folder.join(format!("{name}.csv"));
    let create = |name: &str| BufWriter::new(File::create(path(name)).expect("a file"));
    std::fs::write(path("areas"), areas_csv()).expect("a file");
    write_customers(people().take(customers), create("customers")).expect("enough room");
    write_meters(people().take(customers), create("meters")).expect("enough room");
    for kind in ["areas", "customers", "meters"] {
        peak_mb(&mut import::start(arguments, &path(kind), kind));
    }
}

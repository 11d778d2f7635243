//! A large customer file through `dianma-server import`: rows per second, and the process's peak memory at
//! a tenth of the rows beside that at all of them.

use crate::clock::Watch;
use crate::memory::peak_mb;
use crate::report::Report;
use crate::texts::{areas_csv, people, write_customers};
use dianma_tests::process::{Guarded, binary};
use dianma_tests::server::{Engine, Place};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::process::{Command, Stdio};

/// The larger file may cost this much more memory than the smaller one: constant memory (issue of
/// the import: a million rows), with room for caches that fill.
const BUDGET_GROWTH: f64 = 1.25;

/// Imports two files of different size, each into an empty database.
pub fn run(report: &mut Report, engines: &[Engine], rows: usize) {
    for engine in engines {
        report.about(engine.name());
        let few = measure(report, *engine, rows / 10);
        let many = measure(report, *engine, rows);
        report.most(
            "peak memory, all rows to a tenth",
            many / few,
            "x",
            BUDGET_GROWTH,
        );
    }
}

/// Imports so many customers; peak memory, MB.
fn measure(report: &mut Report, engine: Engine, rows: usize) -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = Place::fresh(engine, folder.path());
    let arguments = place.arguments();
    let (areas, customers) = (
        folder.path().join("areas.csv"),
        folder.path().join("customers.csv"),
    );
    std::fs::write(&areas, areas_csv()).expect("the folder can be written");
    let file = File::create(&customers).expect("the folder can be written");
    write_customers(people().take(rows), BufWriter::new(file)).expect("enough room");
    peak_mb(&mut start(&arguments, &areas, "areas"));
    let watch = Watch::start();
    let peak = peak_mb(&mut start(&arguments, &customers, "customers"));
    let seconds = watch.elapsed().as_secs_f64();
    report.rate(
        &format!("customers imported, of {rows}"),
        rows as f64 / seconds,
        None,
    );
    report.plain(&format!("peak memory, {rows} rows"), peak, "MB");
    peak
}

/// Starts an import of a file.
pub fn start(arguments: &[String], file: &Path, kind: &str) -> Guarded {
    let child = Command::new(binary("dianma-server"))
        .arg("import")
        .arg(file)
        .args(["--kind", kind])
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    Guarded(child.expect("dianma-server starts"))
}

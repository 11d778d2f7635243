//! Memory of the real phone: `dianma-field sync` as a process of its own pulls every order into an
//! empty store while its high-water mark is read from the kernel.

use crate::clock::Watch;
use crate::county::{COLLECTOR, County};
use crate::report::Report;
use dianma_tests::Field;
use dianma_tests::county::PASSWORD;
use dianma_tests::process::Guarded;
use std::time::Duration;

/// Peak memory of a phone during the first pull (design §7), MB.
const BUDGET_MB: f64 = 25.0;
/// The high-water mark only grows; the last reading before the end is what counts.
const EVERY: Duration = Duration::from_millis(2);

/// Enrols one more phone of the person with all orders and lets it pull.
pub fn run(county: &County, report: &mut Report) {
    let store = tempfile::tempdir().expect("a temporary folder");
    let field = Field::new(store.path(), county.url());
    field.run(&["enrol", "--login-name", COLLECTOR, "--password", PASSWORD]);
    let before = peak_mb(&mut field.spawn(&["status"]));
    let watch = Watch::start();
    let mut phone = field.spawn(&["--h2", "sync", "--until-idle"]);
    let peak = peak_mb(&mut phone);
    let seconds = watch.elapsed().as_secs_f64();
    let listed = field.run(&["orders", "list", "--limit", "1"]);
    assert!(
        listed["work_orders"]
            .as_array()
            .is_some_and(|list| !list.is_empty()),
        "the phone has no orders: {listed}"
    );
    report.most(
        "phone, peak memory of the first pull",
        peak,
        "MB",
        BUDGET_MB,
    );
    report.plain("phone, peak memory of `status` alone", before, "MB");
    report.plain("phone, first pull into its store", seconds, "s");
    report.plain("phone, store on disk", store_mb(store.path()), "MB");
}

/// Waits for the end; the largest `VmHWM` seen, MB.
fn peak_mb(process: &mut Guarded) -> f64 {
    let path = format!("/proc/{}/status", process.0.id());
    let mut peak_kib = 0.0;
    loop {
        let status = std::fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        peak_kib = kib.unwrap_or(0.0).max(peak_kib);
        match process.0.try_wait().expect("the phone's process") {
            Some(ended) => {
                assert!(ended.success(), "the phone ended with {ended}");
                return peak_kib * 1_024.0 / 1e6;
            }
            None => std::thread::sleep(EVERY),
        }
    }
}

fn store_mb(store: &std::path::Path) -> f64 {
    let files = std::fs::read_dir(store).expect("the store").flatten();
    let sizes = files
        .filter_map(|file| file.metadata().ok())
        .map(|file| file.len());
    sizes.sum::<u64>() as f64 / 1e6
}

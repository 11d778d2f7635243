//! Memory of the real phone: `dianma-field sync` as a process of its own pulls every order into an
//! empty store while its high-water mark is read from the kernel.

use crate::clock::Watch;
use crate::county::{COLLECTOR, County};
use crate::memory::peak_mb;
use crate::report::Report;
use dianma_tests::Field;
use dianma_tests::county::PASSWORD;

/// Peak memory of a phone during the first pull (design §7), MB.
const BUDGET_MB: f64 = 25.0;

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

fn store_mb(store: &std::path::Path) -> f64 {
    let files = std::fs::read_dir(store).expect("the store").flatten();
    let sizes = files
        .filter_map(|file| file.metadata().ok())
        .map(|file| file.len());
    sizes.sum::<u64>() as f64 / 1e6
}

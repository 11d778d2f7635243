//! The demo county: generated through the real doors, so its history must be one that could have
//! happened, and its chain and numbers must hold.

use dianma_schema::kpi::Kpi;
use dianma_schema::time::{DAY_MS, china_day_start_ms, days_from_civil};
use dianma_server::args;
use dianma_server::audit;
use dianma_server::clock::Clock;
use dianma_server::demo::marketing::Marketing;
use dianma_server::demo::{Options, prepare};
use dianma_server::intake::imports::run::Target;
use dianma_server::intake::staging::Poller;
use dianma_server::intake::staging_source::Staging;
use dianma_server::keys::command::demo_keyring;
use dianma_server::kpi::list::tallies;
use dianma_server::kpi::{KpiFilter, Scope};
use dianma_server::store::{Store, StoreError};
use std::path::Path;
use std::sync::Arc;

crate::conformance!(a_generated_day_is_one_that_could_have_happened);

fn count(store: &Store, sql: &'static str) -> i64 {
    let found = store.read_blocking(move |tx| tx.first(sql, args![], |row| row.int(0)));
    found.map_err(|e: StoreError| e).unwrap().unwrap()
}

fn a_generated_day_is_one_that_could_have_happened(store: &Store) {
    let folder = tempfile::tempdir().unwrap();
    let now_ms = china_day_start_ms(days_from_civil(2026, 5, 8)) + 23 * DAY_MS / 24;
    let options = Options {
        data: folder.path().to_owned(),
        seed: 5,
        days: 2,
        phones: 6,
    };
    let keys = Arc::new(demo_keyring(store, folder.path(), options.founded_ms(now_ms)).unwrap());
    let first = prepare(store, &options, &keys, now_ms).unwrap();
    assert_eq!(count(store, "SELECT count(*) FROM customers"), 6_000);
    assert_eq!(count(store, "SELECT count(*) FROM transformer_areas"), 40);
    assert_eq!(
        count(
            store,
            "SELECT count(*) FROM staff WHERE role = 'electrician'"
        ),
        24
    );
    assert!(count(store, "SELECT count(*) FROM work_orders") > 80);
    assert!(
        count(
            store,
            "SELECT count(*) FROM work_orders WHERE state = 'archived'"
        ) > 10
    );
    let dark = "SELECT count(*) FROM work_orders WHERE state = 'archived' \
                AND (archive_hash IS NULL OR evidence_arrived < evidence_expected)";
    assert_eq!(count(store, dark), 0);
    nothing_pretends(store);
    let verdict = store
        .read_blocking(audit::verify)
        .map_err(|e: StoreError| e)
        .unwrap();
    assert_eq!(verdict.broken_at, None);
    let filter = KpiFilter {
        from_ms: Some(now_ms - 2 * DAY_MS),
        ..KpiFilter::default()
    };
    let scope = Scope::new(&filter, now_ms).unwrap();
    let sums = store.read_blocking(move |tx| tallies(tx, &scope));
    let sums = sums.map_err(|e: StoreError| e).unwrap();
    for kpi in [
        Kpi::CompletionRate,
        Kpi::OnlineRate,
        Kpi::VisitCount,
        Kpi::SatisfactionRate,
    ] {
        assert!(sums[&kpi].numerator > 0, "{kpi}");
    }

    let orders = count(store, "SELECT count(*) FROM work_orders");
    let again = prepare(store, &options, &keys, now_ms).unwrap();
    assert_eq!(count(store, "SELECT count(*) FROM work_orders"), orders);
    assert_ne!(
        first.greeting(),
        again.greeting(),
        "every start has its own passwords"
    );
    again.announce("http://127.0.0.1:1").unwrap();
    let text = std::fs::read_to_string(folder.path().join("demo.json")).unwrap();
    let written: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(written["phones"].as_array().unwrap().len(), 6);
    assert_eq!(written["generated"], true);
    the_marketing_side_is_polled(store, folder.path(), now_ms);
}

/// Every command was legal, files say what they are, and phones that nobody holds are put away.
fn nothing_pretends(store: &Store) {
    let refused = "SELECT count(*) FROM commands WHERE outcome <> 'accepted'";
    assert_eq!(count(store, refused), 0, "every command is a legal one");
    assert_eq!(count(store, "SELECT count(*) FROM quarantine"), 0);
    let unnamed = "SELECT count(*) FROM evidence WHERE mime <> 'image/png'";
    assert_eq!(count(store, unnamed), 0);
    let unsigned = "SELECT count(*) FROM order_proofs WHERE proof <> 'typed' AND strength = 'weak'";
    assert_eq!(count(store, unsigned), 0, "stickers are signed");
    let phones = "SELECT count(*) FROM devices WHERE state = 'active'";
    assert_eq!(count(store, phones), 0);
}

fn the_marketing_side_is_polled(store: &Store, folder: &Path, now_ms: i64) {
    let mut marketing = Marketing::open(&folder.join("staging.sqlite"), 5).unwrap();
    for n in 0..60 {
        marketing.write(now_ms + n).unwrap();
    }
    let poller = Poller {
        target: Target {
            store: store.clone(),
            clock: Clock::manual(now_ms + 60),
        },
        staging: Staging::File(marketing.path().to_owned()),
        source: "mis".to_owned(),
        node: "a".to_owned(),
    };
    let before = count(store, "SELECT count(*) FROM work_orders");
    assert!(poller.round().unwrap() >= 60);
    let made = count(store, "SELECT count(*) FROM work_orders") - before;
    assert!(made > 20, "{made} orders");
    let kinds = "SELECT count(DISTINCT kind) FROM work_orders WHERE source_key LIKE 'YK%'";
    assert!(count(store, kinds) >= 4);
    let other = "SELECT count(*) FROM intake_records WHERE state = 'exception' \
                 AND fault_code <> 'V-404-CUSTOMER'";
    assert_eq!(count(store, other), 0);
}

//! A staging database that goes away in the middle of a poll: the fault is shown, and when it is back
//! everything is there once, what was written meanwhile too.

use super::{order_count, until, waiting};
use dianma_tests::county::PASSWORD;
use dianma_tests::{Console, Engine, Server};
use rusqlite::Connection;
use std::path::Path;
use std::time::Duration;

crate::stories!(a_staging_database_that_vanishes_loses_and_doubles_nothing);

/// More than one batch of a poll.
const ORDERS: usize = 700;

fn open(path: &Path) -> Connection {
    let file = Connection::open(path).unwrap();
    file.busy_timeout(Duration::from_secs(10)).unwrap();
    file
}

/// So many hotline rows in one transaction, numbered on.
fn write(path: &Path, from: usize, count: usize) {
    let mut file = open(path);
    let transaction = file.transaction().unwrap();
    for n in from..from + count {
        transaction
            .execute(
                "INSERT INTO stg_hotline (APP_NO, CUST_NO, ACCEPT_CONTENT, HANDLE_TIME) \
                 VALUES (?1, '9000000001', '【故障报修】家里没电，空气开关跳闸', '2026-10-26 09:30')",
                [format!("H{n:05}")],
            )
            .unwrap();
    }
    transaction.commit().unwrap();
}

/// Whether any table of the source shows the fault, with its sentence.
fn is_gone(console: &Console) -> bool {
    let sources = console.get("/v1/sources")["sources"].clone();
    let gone = |source: &serde_json::Value| {
        source["fault_code"] == "S-503-SOURCE" && source["advice"].as_str().unwrap().contains('：')
    };
    sources.as_array().unwrap().iter().any(gone)
}

fn a_staging_database_that_vanishes_loses_and_doubles_nothing(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (path, away) = (
        folder.path().join("staging.sqlite"),
        folder.path().join("away.sqlite"),
    );
    let address = path.display().to_string();
    let server = Server::start(engine, folder.path(), &["--staging", &address]);
    let console = Console::set_up(&server.url, &server.setup_token.clone().unwrap(), PASSWORD);
    until("the fault of a file that was never there", || {
        is_gone(&console)
    });
    Server::run_alone(&["staging", "init", &address]);
    // One file without a journal beside it, so that moving it moves everything.
    let file = open(&path);
    file.execute_batch(
        "PRAGMA journal_mode = DELETE; \
         INSERT INTO stg_areas (TG_NO, TG_NAME, ORG_NO, ORG_NAME, URBAN_RURAL_FLAG) \
         VALUES ('T001', '生成一村公变', 'S01', '生成镇供电所（示例）', '2'); \
         INSERT INTO stg_customers (CONS_NO, CONS_NAME, ELEC_ADDR, TG_NO) \
         VALUES ('9000000001', '生成户01', '生成镇1组', 'T001');",
    )
    .unwrap();
    drop(file);
    write(&path, 0, ORDERS);

    until("the first orders", || order_count(&console) > 0);
    std::fs::rename(&path, &away).unwrap();
    until("the fault", || is_gone(&console));
    let seen = order_count(&console);
    assert!(seen <= i64::try_from(ORDERS).unwrap(), "{seen}");
    write(&away, ORDERS, 5);
    std::fs::rename(&away, &path).unwrap();

    let all = i64::try_from(ORDERS + 5).unwrap();
    until("all orders, once each", || order_count(&console) >= all);
    until("the end of the fault", || !is_gone(&console));
    assert_eq!(order_count(&console), all);
    assert!(waiting(&console, "").is_empty());
}

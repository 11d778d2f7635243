//! No documented search walks a whole table: every statement of every query is answered by an index, on
//! both engines.

use crate::customers::write;
use dianma_server::args;
use dianma_server::customers::bench::{self, Draw, QUERIES};
use dianma_server::customers::index;
use dianma_server::customers::search::plan_statements;
use dianma_server::customers::write::CustomerInput;
use dianma_server::store::{Engine, Store, StoreError, Value};

crate::conformance!(every_documented_query_is_answered_by_an_index);

/// Customers in the store: enough that the planner has something to choose from.
const CUSTOMERS: usize = 300;

/// The lines of a statement's plan.
fn plan(store: &Store, sql: &str, args: &[Value]) -> Vec<String> {
    let engine = store.engine();
    let (sql, args) = (sql.to_owned(), args.to_vec());
    let lines = store.read_blocking(move |tx| match engine {
        Engine::Sqlite => tx.all(&format!("EXPLAIN QUERY PLAN {sql}"), &args, |row| {
            row.text(3)
        }),
        Engine::Postgres => {
            // A small table is read whole for good reason; forbidden to, the planner shows whether it
            // has an index at all.
            tx.batch("SET LOCAL enable_seqscan = off")?;
            tx.batch("SET LOCAL plan_cache_mode = force_custom_plan")?;
            tx.all(&format!("EXPLAIN {sql}"), &args, |row| row.text(0))
        }
    });
    lines.map_err(|e: StoreError| e).unwrap()
}

/// What a plan must not do.
fn offence(engine: Engine, line: &str) -> bool {
    match engine {
        // A full-text table is "scanned" by its own index.
        Engine::Sqlite => {
            let is_scan = line.starts_with("SCAN") && !line.contains("VIRTUAL TABLE INDEX");
            is_scan || line.contains("TEMP B-TREE") || line.contains("AUTOMATIC")
        }
        // A row comparison with nothing is where the reading begins: at the front of the whole index.
        Engine::Postgres => line.contains("Seq Scan") || line.contains("ROW(''"),
    }
}

fn every_documented_query_is_answered_by_an_index(store: &Store) {
    bench::prepare_areas(store).unwrap();
    let inputs: Vec<CustomerInput> = (0..CUSTOMERS)
        .filter_map(|n| bench::customer(7, n))
        .collect();
    write(store, &inputs, None);
    let settled = store.write_blocking(|tx| -> Result<(), StoreError> { index::settle(tx) });
    settled.unwrap();
    let mut draw = Draw::new(3);
    let mut seen = 0;
    for (shape, name) in QUERIES.iter().enumerate() {
        let text = bench::query(shape, &inputs[shape], &mut draw);
        for (sql, args) in plan_statements(store.engine(), &text) {
            let lines = plan(store, &sql, &args);
            assert!(!lines.is_empty());
            for line in &lines {
                assert!(
                    !offence(store.engine(), line),
                    "{name} {text}: {sql}\n{lines:#?}"
                );
            }
            seen += 1;
        }
    }
    assert!(
        seen >= QUERIES.len() * 2,
        "most queries have several stages"
    );
    let bare = plan(
        store,
        "SELECT c.id FROM customers c WHERE c.supply_address = ?1",
        args!["x"],
    );
    if store.engine() == Engine::Sqlite {
        assert!(
            bare.iter().any(|line| offence(Engine::Sqlite, line)),
            "the test can see a scan"
        );
    }
}

//! Every statement a search can run is answered by an index, whatever the store holds.

use super::support::Bench;
use dianma_core::error::CoreError;

#[test]
fn documented_queries_use_their_index() {
    use dianma_core::lookup::plan_statements;
    let bench = Bench::new();
    let plan = |sql: String| {
        let read = |db: &rusqlite::Connection| -> Result<String, CoreError> {
            let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let count = statement.parameter_count();
            let rows = statement
                .query_map(rusqlite::params_from_iter(vec!["1"; count]), |row| {
                    row.get::<_, String>(3)
                })?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?.join("; "))
        };
        bench.phone.inspect(read).unwrap()
    };
    let statements = plan_statements();
    assert!(statements.len() > 20);
    for sql in statements {
        let plan = plan(sql.clone());
        let is_indexed = plan.contains("INDEX mirror_")
            || plan.contains("INDEX meters_")
            || plan.contains("VIRTUAL TABLE INDEX");
        assert!(is_indexed && !plan.contains("SCAN d"), "{sql}\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
    }
}

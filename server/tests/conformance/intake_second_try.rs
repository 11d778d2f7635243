//! Records that waited for a row of an archive: the import that brings the row settles them, what came
//! by another way meanwhile is not overwritten, and what still misses something goes on waiting.

use crate::customers::{customer, seed_areas, write};
use crate::imports::{NOW_MS, count, import, import_at};
use crate::intake::push;
use dianma_schema::intake::{ImportState, RecordOutcome};
use dianma_server::args;
use dianma_server::store::{Store, StoreError};
use serde_json::json;

crate::conformance!(
    the_customers_of_an_import_settle_what_waited_for_them,
    an_area_lets_its_customers_in_and_the_newest_row_counts,
    a_row_that_came_by_another_way_is_not_overwritten,
    a_meter_settles_the_customer_that_had_none,
);

const WAITING: &str = "SELECT count(*) FROM intake_records WHERE state = 'exception'";
const CUSTOMERS: &str = "户号,户名,用电地址,台区编号\n";

fn text(store: &Store, sql: &'static str) -> String {
    let found = store.read_blocking(move |tx| tx.first(sql, args![], |row| row.text(0)));
    found.map_err(|e: StoreError| e).unwrap().unwrap()
}

fn the_customers_of_an_import_settle_what_waited_for_them(store: &Store) {
    seed_areas(store);
    write(store, &[customer("4213000001", "测试一", "T1")], None);
    let order = |key: &str, account: &str| {
        json!({"APP_NO": key, "CUST_NO": account, "ACCEPT_CONTENT": "【故障报修】家里没电，空气开关跳闸",
            "HANDLE_TIME": "2026-10-26 09:30"})
    };
    let answers = push(store, &[order("1", "4213000002"), order("2", "4213000003")]);
    assert!(
        answers
            .iter()
            .all(|answer| answer.outcome == RecordOutcome::Exception)
    );
    let bills = "户号,电费年月,欠费金额,缴费截止日\n4213000002,202607,123.45,2026-07-20\n";
    assert_eq!(
        import(store, "arrears_generic", bills.as_bytes(), false).rows_failed,
        1
    );
    let meters = "表号,户号,相数,倍率\nSX000002,4213000002,单相,1\n";
    assert_eq!(
        import(store, "meters_generic", meters.as_bytes(), false).rows_failed,
        1
    );
    assert_eq!(count(store, WAITING), 4);

    let file = format!("{CUSTOMERS}4213000002,测试二,测试镇2组,T1\n");
    let dry = import(store, "customers_generic", file.as_bytes(), true);
    assert_eq!((dry.message, count(store, WAITING)), (None, 4));
    let run = import(store, "customers_generic", file.as_bytes(), false);
    assert_eq!(run.state, ImportState::Done);
    assert_eq!(
        run.message.as_deref(),
        Some("另有 3 条等待处理的记录因此办结")
    );
    assert_eq!(
        count(store, WAITING),
        1,
        "the third account is still unknown"
    );
    let made = "SELECT count(*) FROM work_orders w JOIN customers c ON c.id = w.customer_id \
         WHERE c.account_number = '4213000002' AND w.kind = 'fault_repair'";
    assert_eq!(count(store, made), 1);
    let owed = "SELECT arrears_fen FROM customers WHERE account_number = '4213000002'";
    assert_eq!(count(store, owed), 12_345);
    let meter = "SELECT count(*) FROM meters WHERE meter_number = 'SX000002'";
    assert_eq!(count(store, meter), 1);
    let by = "SELECT count(*) FROM intake_records WHERE state = 'used' AND attempts = 2 \
         AND handled_by = 'system'";
    assert_eq!(count(store, by), 3);
    let again = import(store, "customers_generic", file.as_bytes(), false);
    assert_eq!((again.rows_unchanged, again.message), (1, None));
}

fn an_area_lets_its_customers_in_and_the_newest_row_counts(store: &Store) {
    seed_areas(store);
    for (later_ms, address) in [(0, "测试镇旧址"), (1, "测试镇新址")] {
        let file = format!("{CUSTOMERS}4213000001,测试一,{address},T9\n");
        let at_ms = NOW_MS + later_ms;
        import_at(store, at_ms, "customers_generic", file.as_bytes(), false);
    }
    assert_eq!(count(store, WAITING), 2);
    let areas = "台区编号,台区名称,供电所编号,供电所名称,城乡类别\nT9,九台区,S1,测试所,农村\n";
    let run = import(store, "areas_generic", areas.as_bytes(), false);
    assert_eq!((run.rows_written, count(store, WAITING)), (1, 0));
    assert_eq!(
        text(store, "SELECT supply_address FROM customers"),
        "测试镇新址"
    );
}

fn a_row_that_came_by_another_way_is_not_overwritten(store: &Store) {
    seed_areas(store);
    let old = format!("{CUSTOMERS}4213000001,测试一,测试镇旧址,T9\n");
    import(store, "customers_generic", old.as_bytes(), false);
    let new = format!("{CUSTOMERS}4213000001,测试一,测试镇新址,T1\n");
    import(store, "customers_generic", new.as_bytes(), false);
    assert_eq!(
        count(store, WAITING),
        0,
        "the row is there, from a newer file"
    );
    assert_eq!(
        text(store, "SELECT supply_address FROM customers"),
        "测试镇新址"
    );
    assert_eq!(
        text(store, "SELECT message FROM intake_records"),
        "之后的导入已带来此记录"
    );
}

fn a_meter_settles_the_customer_that_had_none(store: &Store) {
    seed_areas(store);
    let file = "户号,户名,用电地址,台区编号,表号\n4213000001,测试一,测试镇1组,T1,\n";
    import(store, "customers_generic", file.as_bytes(), false);
    let missing = "SELECT count(*) FROM intake_records WHERE fault_code = 'V-422-NO-METER' \
         AND state = 'exception'";
    assert_eq!(count(store, missing), 1);
    let meters = "表号,户号,相数,倍率\nSX000001,4213000001,单相,1\n";
    import(store, "meters_generic", meters.as_bytes(), false);
    assert_eq!(count(store, WAITING), 0);
}

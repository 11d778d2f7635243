//! Files: the same file twice changes nothing, bad lines cost only themselves, a dry run writes
//! nothing, a file with the wrong columns is refused, arrears become one collection order.

use crate::customers::{customer, seed_areas, write};
use dianma_schema::intake::ImportState;
use dianma_server::args;
use dianma_server::clock::{Clock, random};
use dianma_server::intake::imports::mapping;
use dianma_server::intake::imports::report::ImportView;
use dianma_server::intake::imports::run::{Target, new_run, run};
use dianma_server::mint::Mint;
use dianma_server::orders::By;
use dianma_server::store::{Store, StoreError};

crate::conformance!(
    a_file_is_read_once_however_often_it_is_imported,
    bad_lines_cost_only_themselves_and_wait_for_a_person,
    a_dry_run_counts_and_writes_nothing,
    a_dry_run_finds_the_doubles_of_the_whole_file,
    bills_that_contradict_each_other_wait_for_a_person,
    a_file_with_mixed_up_columns_is_refused_before_anything_is_written,
    doubles_in_a_file_wait_also_when_the_file_comes_again,
    twenty_thousand_customers_in_batches,
    overdue_accounts_get_one_collection_draft,
    gb18030_business_rows_become_drafts_of_their_kind,
);

pub const NOW_MS: i64 = 1_793_000_000_000;

pub fn import(store: &Store, mapping: &str, text: &[u8], is_dry_run: bool) -> ImportView {
    import_at(store, NOW_MS, mapping, text, is_dry_run)
}

pub fn import_at(
    store: &Store,
    now_ms: i64,
    mapping: &str,
    text: &[u8],
    is_dry_run: bool,
) -> ImportView {
    let target = Target {
        store: store.clone(),
        clock: Clock::manual(now_ms),
    };
    let mapping = mapping::find(mapping).unwrap();
    let mut mint = Mint::new(now_ms, random().unwrap());
    let size = text.len() as u64;
    let view = new_run(mapping, "test.csv", size, is_dry_run, "system", &mut mint);
    run(&target, mapping, &By::system(), view, text, &mut |_| {}).unwrap()
}

pub fn count(store: &Store, sql: &'static str) -> i64 {
    let found = store.read_blocking(move |tx| tx.first(sql, args![], |row| row.int(0)));
    found.map_err(|e: StoreError| e).unwrap().unwrap()
}

const HEADER: &str = "户号,户名,联系电话,用电地址,台区编号,杆号,表号,备注\n";

fn customers(lines: &[&str]) -> Vec<u8> {
    format!("{HEADER}{}\n", lines.join("\n")).into_bytes()
}

fn a_file_is_read_once_however_often_it_is_imported(store: &Store) {
    seed_areas(store);
    let file = customers(&[
        "4213000001,测试一,138 0000 0001,测试镇1组,T1,P1,sx000001,",
        "4213000002,测试二,,测试镇2组,T2,P2,sx000002,x",
    ]);
    let first = import(store, "customers_generic", &file, false);
    assert_eq!(first.state, ImportState::Done);
    assert_eq!(
        (first.rows_read, first.rows_written, first.rows_failed),
        (2, 2, 0)
    );
    assert_eq!(first.problems.unknown_columns, ["备注"]);
    let again = import(store, "customers_generic", &file, false);
    assert_eq!((again.rows_written, again.rows_unchanged), (0, 2));
    assert_eq!(
        count(
            store,
            "SELECT count(*) FROM meters WHERE meter_number LIKE 'SX%'"
        ),
        2
    );
    assert_eq!(count(store, "SELECT count(*) FROM labels"), 4);
    assert_eq!(count(store, "SELECT count(*) FROM intake_records"), 0);
    assert_eq!(
        count(store, "SELECT count(*) FROM imports WHERE state = 'done'"),
        2
    );
}

fn bad_lines_cost_only_themselves_and_wait_for_a_person(store: &Store) {
    seed_areas(store);
    let file = customers(&[
        "4213000001,测试一,,测试镇1组,T1,,SX000001,",
        "42130000A2,字母户号,,测试镇,T1,,SX000002,",
        "4213000003,\"引号,测试镇,T1,,SX000003,",
        "4213000004,别处台区,,测试镇,T9,,SX000004,",
        "4213000005,没有表,,测试镇,T1,,,",
        "4213000006,坏表号,,测试镇,T1,,表?,",
        "4213000007,列太多,,测试镇,T1,,SX000007,,多,余",
        "4213000008,测试八,,测试镇8组,T1,,SX000008,",
    ]);
    let run = import(store, "customers_generic", &file, false);
    let codes: Vec<(&str, i64)> = run
        .problems
        .by_code
        .iter()
        .map(|(c, n)| (c.as_str(), *n))
        .collect();
    assert_eq!(
        codes,
        [
            ("V-422-ACCOUNT", 1),
            ("V-422-AREA", 1),
            ("V-422-COLUMNS", 1),
            ("V-422-METER", 1),
            ("V-422-NO-METER", 1),
            ("V-422-QUOTES", 1)
        ]
    );
    assert_eq!(
        (run.rows_read, run.rows_written, run.rows_failed),
        (8, 3, 5)
    );
    assert_eq!(run.problems.first[0].line, 3);
    assert_eq!(count(store, "SELECT count(*) FROM customers"), 3);
    let waiting =
        "SELECT count(*) FROM intake_records WHERE state = 'exception' AND line IS NOT NULL";
    assert_eq!(count(store, waiting), 6);
}

fn a_dry_run_counts_and_writes_nothing(store: &Store) {
    seed_areas(store);
    let file = customers(&[
        "4213000001,测试一,,测试镇,T1,,SX000001,",
        "421,短,,测试镇,T1,,SX000002,",
    ]);
    let run = import(store, "customers_generic", &file, true);
    assert_eq!((run.rows_written, run.rows_failed), (1, 1));
    for table in ["customers", "intake_records", "feed", "labels"] {
        let sql: &'static str = Box::leak(format!("SELECT count(*) FROM {table}").into_boxed_str());
        assert_eq!(count(store, sql), 0, "{table}");
    }
}

fn a_dry_run_finds_the_doubles_of_the_whole_file(store: &Store) {
    seed_areas(store);
    let mut lines: Vec<String> = (0..1_200)
        .map(|n| format!("4213{n:06},测试{n},,测试镇{n}号,T1,,SX{n:06},"))
        .collect();
    lines[1_001] = lines[3].replace("测试镇", "另一镇");
    lines[1_100] = lines[3].replace(",SX", ",sx") + "备注不算内容";
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let file = customers(&lines);
    for is_dry_run in [true, false] {
        let run = import(store, "customers_generic", &file, is_dry_run);
        assert_eq!(
            (
                run.rows_read,
                run.rows_written,
                run.rows_unchanged,
                run.rows_failed
            ),
            (1_200, 1_198, 1, 1),
            "dry run: {is_dry_run}"
        );
        assert_eq!(run.problems.first[0].code, "V-409-CONTENT");
        assert_eq!(run.problems.first[0].line, 1_003);
    }
    let kept = "SELECT count(*) FROM customers WHERE supply_address = '测试镇3号'";
    assert_eq!(count(store, kept), 1);
}

fn bills_that_contradict_each_other_wait_for_a_person(store: &Store) {
    seed_areas(store);
    write(store, &[customer("4213000001", "测试一", "T1")], None);
    let file = "户号,电费年月,欠费金额,缴费截止日\n\
        4213000001,202607,123.45,2026-07-20\n\
        4213000001,202608,50,2026-08-20\n\
        4213000001,202607,99.00,2026-07-20\n\
        4213000001,202608,50.00,20260820\n";
    for is_dry_run in [true, false] {
        let run = import(store, "arrears_generic", file.as_bytes(), is_dry_run);
        assert_eq!(
            (run.rows_written, run.rows_unchanged, run.rows_failed),
            (2, 1, 1),
            "{:?}",
            run.problems
        );
        assert_eq!(run.problems.first[0].code, "V-409-CONTENT");
    }
    let owed = "SELECT arrears_fen FROM customers";
    assert_eq!(count(store, owed), 17_345);
}

fn a_file_with_mixed_up_columns_is_refused_before_anything_is_written(store: &Store) {
    seed_areas(store);
    let lines: Vec<String> = (0..20)
        .map(|n| format!("姓名{n},42130000{n:02},,测试镇,T1,,SX00000{n},"))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let run = import(store, "customers_generic", &customers(&lines), false);
    assert_eq!(run.state, ImportState::Failed);
    assert_eq!(run.fault_code.as_deref(), Some("V-422-COLUMNS"));
    assert_eq!(count(store, "SELECT count(*) FROM customers"), 0);
    assert_eq!(count(store, "SELECT count(*) FROM intake_records"), 0);
    let missing = import(
        store,
        "customers_generic",
        "户号,户名\n1,2\n".as_bytes(),
        false,
    );
    assert!(missing.message.unwrap().contains("用电地址"));
    let empty = import(store, "customers_generic", b"", false);
    assert_eq!(empty.state, ImportState::Failed);
}

fn doubles_in_a_file_wait_also_when_the_file_comes_again(store: &Store) {
    seed_areas(store);
    let file = customers(&[
        "4213000001,测试一,,测试镇,T1,,SX000001,",
        "4213000001,测试另一,,测试镇,T1,,SX000001,",
    ]);
    for _ in 0..2 {
        import(store, "customers_generic", &file, false);
        let kept = "SELECT count(*) FROM customers WHERE account_name = '测试一'";
        assert_eq!(count(store, kept), 1);
    }
    let waiting = "SELECT count(*) FROM intake_records WHERE fault_code = 'V-409-CONTENT'";
    assert_eq!(count(store, waiting), 1);
}

fn twenty_thousand_customers_in_batches(store: &Store) {
    seed_areas(store);
    let mut file = HEADER.to_owned();
    for n in 0..20_000 {
        file.push_str(&format!(
            "4213{n:08},测试{n},,测试镇{n}号,T{},P{n},SX{n:08},\n",
            n % 2 + 1
        ));
    }
    let first = import(store, "customers_generic", file.as_bytes(), false);
    assert_eq!((first.rows_read, first.rows_written), (20_000, 20_000));
    let again = import(store, "customers_generic", file.as_bytes(), false);
    assert_eq!((again.rows_read, again.rows_unchanged), (20_000, 20_000));
    assert_eq!(count(store, "SELECT count(*) FROM customer_search"), 20_000);
    let dense = "SELECT CAST(MAX(position) AS BIGINT) FROM feed WHERE scope LIKE 'station:%'";
    assert_eq!(count(store, dense), 10_000);
}

fn overdue_accounts_get_one_collection_draft(store: &Store) {
    seed_areas(store);
    write(
        store,
        &[
            customer("4213000001", "测试一", "T1"),
            customer("4213000002", "测试二", "T1"),
        ],
        None,
    );
    let file = "户号,电费年月,欠费金额,缴费截止日\n\
        4213000001,202607,123.45,2026-07-20\n\
        4213000001,202608,\"1,000.00\",2026/8/20\n\
        4213000002,202610,50,20261020\n\
        4213000009,202610,50,20261020\n\
        4213000002,202609,1.234,20260920\n";
    let run = import(store, "arrears_generic", file.as_bytes(), false);
    assert_eq!(
        (run.rows_written, run.rows_failed),
        (3, 2),
        "{:?}",
        run.problems
    );
    assert_eq!(
        count(
            store,
            "SELECT count(*) FROM work_orders WHERE kind = 'bill_collection'"
        ),
        1
    );
    assert_eq!(
        count(
            store,
            "SELECT arrears_fen FROM customers WHERE account_number = '4213000001'"
        ),
        112_345
    );
    import(store, "arrears_generic", file.as_bytes(), false);
    assert_eq!(count(store, "SELECT count(*) FROM work_orders"), 1);
    let paid = "户号,电费年月,欠费金额,缴费截止日,缴费日期\n\
        4213000001,202607,0,2026-07-20,2026-10-25\n4213000001,202608,0,2026-08-20,2026-10-25\n";
    import(store, "arrears_generic", paid.as_bytes(), false);
    let told = "SELECT count(*) FROM work_orders WHERE dispatch_note = '欠费已缴清，可作废'";
    assert_eq!(count(store, told), 1);
    let owed = "SELECT arrears_fen FROM customers WHERE account_number = '4213000001'";
    assert_eq!(count(store, owed), 0);
}

fn gb18030_business_rows_become_drafts_of_their_kind(store: &Store) {
    seed_areas(store);
    let text = "申请编号\t业务类型\t申请人\t联系电话\t用电地址\t供电所编号\t受理时间\n\
        YK001\t低压居民新装\t测试甲\t13800000001\t测试镇3组\tS1\t2026-10-26 09:00\n\
        YK002\t竣工验收送电\t测试乙\t13800000002\t测试镇4组\tS1\t20261026093000\n\
        YK003\t说不清的业务\t测试丙\t13800000003\t测试镇5组\tS1\t2026/10/26\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    let run = import(store, "business_generic", &bytes, false);
    assert_eq!(
        (run.rows_written, run.rows_failed),
        (2, 1),
        "{:?}",
        run.problems
    );
    let new = "SELECT count(*) FROM work_orders WHERE kind = 'new_connection' \
         AND subtype = 'new_supply' AND station_id IS NOT NULL AND due_at_ms IS NOT NULL";
    assert_eq!(count(store, new), 1);
    let waiting = "SELECT count(*) FROM intake_records WHERE fault_code = 'V-422-TEMPLATE'";
    assert_eq!(count(store, waiting), 1);
}

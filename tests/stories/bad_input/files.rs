//! Files: headers, encodings, quotes, doubles, dates, numbers, and a line of two gigabytes.

use super::{until, waiting};
use dianma_tests::{Console, County, Engine};
use serde_json::Value;
use std::io::{Cursor, Read};

crate::stories!(
    every_bad_file_has_its_code_and_costs_only_its_bad_rows,
    a_line_without_end_costs_one_line_and_no_memory,
);

/// A file, what it holds and what must come of it.
struct Case {
    name: &'static str,
    kind: &'static str,
    bytes: Vec<u8>,
    /// Rows that are used.
    written: i64,
    /// Faults of rows, how many of each.
    codes: &'static [(&'static str, i64)],
    /// The fault of the whole file.
    refused: Option<&'static str>,
}

const HEADER: &str = "户号,户名,用电地址,台区编号,表号";
const BILLS: &str = "户号,电费年月,欠费金额,缴费截止日";

/// A customers' file that is in.
fn customers(name: &'static str, rows: &str, codes: &'static [(&'static str, i64)]) -> Case {
    Case {
        name,
        kind: "customers",
        bytes: format!("{HEADER}\n{rows}\n").into_bytes(),
        written: 1,
        codes,
        refused: None,
    }
}

/// A file that is refused as a whole.
fn refused(name: &'static str, bytes: Vec<u8>, code: &'static str) -> Case {
    Case {
        name,
        kind: "customers",
        bytes,
        written: 0,
        codes: &[],
        refused: Some(code),
    }
}

fn gb18030(text: &str) -> Vec<u8> {
    // 户号,户名,用电地址,台区编号 and one row, as a spreadsheet of the trade writes them.
    let (bytes, _, is_lossy) = encoding_rs::GB18030.encode(text);
    assert!(!is_lossy);
    bytes.into_owned()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    let row = |n: u32| format!("90001000{n:02},生成户{n},生成镇{n}号,T001,SN{n:06}");
    let mut damaged = format!("{HEADER}\n{}\n9000100006,", row(5)).into_bytes();
    damaged.extend_from_slice(b"\xFF\xFE\xFF,x,T001,SN000006\n");
    let twice = format!("{}\n{}", row(9), row(9).replace("生成镇", "另一镇"));
    vec![
        refused("an empty file", Vec::new(), "V-422-COLUMNS"),
        refused("columns that are missing", "户号,户名\n9000100001,生成户\n".into(), "V-422-COLUMNS"),
        refused("UTF-16", utf16(&format!("{HEADER}\n{}\n", row(2))), "V-422-ENCODING"),
        Case { bytes: gb18030(&format!("{HEADER}\n{}\n", row(3))), ..customers("GB18030", "", &[]) },
        Case { bytes: format!("{HEADER},颜色\n{},红\n", row(4)).into(), ..customers("a column nobody knows", "", &[]) },
        Case { bytes: damaged, ..customers("a damaged line", "", &[("V-422-ENCODING", 1)]) },
        customers("broken quotes", &format!("9000100007,\"生成户,生成镇,T001,SN000007\n{}", row(8)), &[("V-422-QUOTES", 1)]),
        customers("a key twice with other content", &twice, &[("V-409-CONTENT", 1)]),
        customers("a customer without a meter", "9000100010,生成户,生成镇10号,T001,", &[("V-422-NO-METER", 1)]),
        customers("a number with letters", &format!("9000A00011,生成户,生成镇,T001,SN000011\n{}", row(12)), &[("V-422-ACCOUNT", 1)]),
        customers("an area that is not there", &format!("{}\n{}", row(13).replace("T001", "T999"), row(14)), &[("V-422-AREA", 1)]),
        customers("a meter number that is none", &format!("{}\n{}", row(15).replace("SN", "表"), row(16)), &[("V-422-METER", 1)]),
        customers("too many columns", &format!("{},多,余\n{}", row(17), row(18)), &[("V-422-COLUMNS", 1)]),
        Case { kind: "arrears", written: 3, bytes: format!("{BILLS}\n9000000001,202601,10.00,2026-02-20\n\
            9000000001,2026-02,10.00,2026/3/20\n9000000001,2026年3月,10.00,20260420\n\
            9000000001,202604,10.00,五月二十\n").into(), ..customers("dates in three formats and one in none", "", &[("V-422-DATE", 1)]) },
        Case { kind: "arrears", bytes: format!("{BILLS}\n9000000002,202601,10.00,2026-02-20\n\
            9000000002,202602,一百元,2026-03-20\n9000099999,202601,10.00,2026-02-20\n").into(),
            ..customers("amounts and accounts that are none", "", &[("V-404-CUSTOMER", 1), ("V-422-MONEY", 1)]) },
    ]
}

/// Uploads a file and waits for the end of its run.
fn run(console: &Console, case: &Case, is_dry_run: bool) -> Value {
    let path = format!(
        "/v1/imports?record_kind={}&dry_run={is_dry_run}&file_name=bad.csv",
        case.kind
    );
    let import = console.upload(&path, &case.bytes)["import"].clone();
    ended(console, &import)
}

fn ended(console: &Console, import: &Value) -> Value {
    let path = format!("/v1/imports/{}", import["id"].as_str().unwrap());
    let mut last = Value::Null;
    until("the end of an import", || {
        last = console.get(&path)["import"].clone();
        last["state"] != "running"
    });
    last
}

fn assert_came_out(import: &Value, case: &Case) {
    let name = case.name;
    let expected: Value = case
        .codes
        .iter()
        .map(|(code, count)| ((*code).to_owned(), Value::from(*count)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    assert_eq!(import["problems"]["by_code"], expected, "{name}: {import}");
    assert_eq!(import["rows_written"], case.written, "{name}: {import}");
    match case.refused {
        Some(code) => {
            assert_eq!(import["state"], "failed", "{name}");
            assert_eq!(import["fault_code"], code, "{name}");
            assert!(!import["message"].as_str().unwrap().is_empty(), "{name}");
        }
        None => assert_eq!(import["state"], "done", "{name}: {import}"),
    }
    for problem in import["problems"]["first"].as_array().unwrap() {
        assert!(problem["line"].as_i64().unwrap() >= 2, "{name}: {problem}");
        assert!(!problem["message"].as_str().unwrap().is_empty(), "{name}");
    }
}

fn every_bad_file_has_its_code_and_costs_only_its_bad_rows(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let console = &county.administrator;
    for case in cases() {
        let dry = run(console, &case, true);
        assert_came_out(&dry, &case);
        let id = dry["id"].as_str().unwrap();
        assert!(waiting(console, &format!("&import_id={id}")).is_empty());

        let real = run(console, &case, false);
        assert_came_out(&real, &case);
        let id = real["id"].as_str().unwrap();
        let kept = waiting(console, &format!("&import_id={id}"));
        let expected = case.codes.iter().map(|(c, n)| ((*c).to_owned(), *n));
        assert_eq!(kept, expected.collect(), "{}", case.name);

        let again = run(console, &case, false);
        assert_eq!(again["rows_written"], 0, "{}: {again}", case.name);
    }
    let unknown = run(console, &cases()[4], false);
    assert_eq!(unknown["problems"]["unknown_columns"][0], "颜色");
    let found = county.agent.search("/v1/customers", "9000000001");
    let owed = found["customers"][0]["arrears_fen"].clone();
    assert_eq!(owed, 3_000, "three formats, three bills of ten yuan");
}

fn a_line_without_end_costs_one_line_and_no_memory(engine: Engine) {
    // The reader is the same on both engines: the whole length once is enough.
    let length: u64 = if engine == Engine::Sqlite {
        2 << 30
    } else {
        64 << 20
    };
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let head = format!("{HEADER}\n9000100001,生成户,生成镇1号,T001,SN000001\n9000100002,");
    let tail = "\n9000100003,生成户,生成镇3号,T001,SN000003\n";
    let whole = head.len() as u64 + length + tail.len() as u64;
    let before_kib = county.server.peak_memory_kib();
    let body = Cursor::new(head)
        .chain(std::io::repeat(b'x').take(length))
        .chain(Cursor::new(tail));
    let path = "/v1/imports?record_kind=customers&dry_run=false&file_name=endless.csv";
    let import = county.administrator.stream(path, body, whole)["import"].clone();
    assert_eq!(import["bytes_total"], whole);
    let import = ended(&county.administrator, &import);
    assert_eq!(import["state"], "done", "{import}");
    assert_eq!(import["rows_written"], 2, "{import}");
    assert_eq!(import["problems"]["first"][0]["line"], 3);
    assert_eq!(import["problems"]["first"][0]["code"], "V-413-LARGE");
    assert_eq!(import["bytes_read"], whole);
    let grown_kib = county.server.peak_memory_kib() - before_kib;
    assert!(grown_kib < 64 * 1_024, "the server grew by {grown_kib} KiB");
}

//! Records out of bytes: encodings, quotes, lines without end, and no bytes that panic.

use super::*;
use proptest::prelude::*;
use std::io::{BufReader, Read};

fn read(bytes: &[u8]) -> Vec<Record> {
    let mut records = Records::open(BufReader::with_capacity(64, bytes))
        .unwrap()
        .unwrap();
    let mut all = Vec::new();
    while let Some(record) = records.next_record().unwrap() {
        all.push(record);
    }
    all
}

fn columns(bytes: &[u8]) -> Vec<Result<Vec<String>, &'static str>> {
    read(bytes)
        .into_iter()
        .map(|record| record.columns.map_err(|problem| problem.code.as_str()))
        .collect()
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "compared with what the reader gives"
)]
fn row(texts: &[&str]) -> Result<Vec<String>, &'static str> {
    Ok(texts.iter().map(|text| (*text).to_owned()).collect())
}

#[test]
fn utf8_with_a_mark_and_gb18030_give_the_same_rows() {
    let text = "户号,户名\r\n4213000001,\"张,三\"\r\n\r\n4213000002,\"李\"\"四\"\"\"\r\n";
    let utf8 = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let expected = vec![
        row(&["户号", "户名"]),
        row(&["4213000001", "张,三"]),
        row(&["4213000002", "李\"四\""]),
    ];
    assert_eq!(columns(&utf8), expected);
    assert_eq!(columns(&gb), expected);
}

#[test]
fn tabs_and_quoted_line_breaks() {
    let text = "a\tb\n1\t\"two\nlines\"\n";
    assert_eq!(
        columns(text.as_bytes()),
        vec![row(&["a", "b"]), row(&["1", "two\nlines"])]
    );
}

#[test]
fn a_broken_quote_costs_one_line_only() {
    let text = "a,b\n1,\"open\n2,x\n3,\"y\"\n4,\"z\"tail\n5,w";
    assert_eq!(
        columns(text.as_bytes()),
        vec![
            row(&["a", "b"]),
            Err("V-422-QUOTES"),
            row(&["2", "x"]),
            row(&["3", "y"]),
            Err("V-422-QUOTES"),
            row(&["5", "w"]),
        ]
    );
}

#[test]
fn a_huge_line_is_skipped_in_constant_memory() {
    // 2 GiB of one letter without ever holding it: the reader makes it up.
    let head: &[u8] = b"a,b\n1,";
    let tail: &[u8] = b"\n2,x\n";
    let huge = head.chain(std::io::repeat(b'x').take(2 << 30)).chain(tail);
    let mut records = Records::open(BufReader::new(huge)).unwrap().unwrap();
    let mut lines = Vec::new();
    while let Some(record) = records.next_record().unwrap() {
        lines.push((record.line, record.columns.is_ok()));
        assert!(record.raw.len() <= 8_000);
    }
    assert_eq!(lines, [(1, true), (2, false), (3, true)]);
}

#[test]
fn bytes_of_no_encoding_are_a_fault_of_their_line() {
    let bytes = b"a,b\n1,\xE5\xBC\xA0\n2,\xFF\xFF\n3,ok\n";
    let found = columns(bytes);
    assert_eq!(found[1], row(&["1", "张"]));
    assert_eq!(found[2], Err("V-422-ENCODING"));
    assert_eq!(found[3], row(&["3", "ok"]));
    let utf16 = Records::open(&b"\xFF\xFEa\0"[..]).unwrap();
    assert_eq!(utf16.err().unwrap().code, fault::V_ENCODING);
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic_or_hang(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(mut records) = Records::open(&bytes[..]).unwrap() {
            while records.next_record().unwrap().is_some() {}
        }
    }

    #[test]
    fn quoted_rows_read_back(rows in prop::collection::vec(
        prop::collection::vec("[a-z一-龥,\"\n]{1,6}", 2..4), 1..5)) {
        let quoted: Vec<String> = rows.iter().map(|row| {
            let cells: Vec<String> = row.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
            cells.join(",")
        }).collect();
        let text = format!("h,h\n{}\n", quoted.join("\n"));
        let found = columns(text.as_bytes());
        let expected: Vec<_> = rows.into_iter().map(Ok).collect();
        prop_assert_eq!(&found[1..], &expected[..]);
    }
}

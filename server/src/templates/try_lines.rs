//! `templates try`: one text a line in, one JSON object a line out. Takes any bytes: broken UTF-8 is
//! replaced, a line without end is cut, an empty line is answered too. Memory stays constant.

use dianma_schema::template::{Engine, MAX_CHARS};
use std::io::{self, BufRead, Write};

/// Bytes kept of one line: room for `MAX_CHARS` characters of four bytes.
const KEPT_BYTES: usize = MAX_CHARS * 4;

/// Answers every line of `input`; returns how many there were.
///
/// # Errors
/// Only those of reading and writing.
pub fn try_lines(
    engine: &Engine,
    mut input: impl BufRead,
    mut output: impl Write,
) -> io::Result<u64> {
    let mut count = 0;
    let mut line = Vec::with_capacity(1024);
    while read_line(&mut input, &mut line)? {
        let text = String::from_utf8_lossy(&line);
        serde_json::to_writer(&mut output, &engine.decide(&text))?;
        output.write_all(b"\n")?;
        count += 1;
    }
    output.flush()?;
    Ok(count)
}

/// Reads one line without its end, keeping at most `KEPT_BYTES`; `false` at the end of the input.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut any = false;
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        any = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or(buffer);
        let room = KEPT_BYTES.saturating_sub(line.len()).min(part.len());
        line.extend_from_slice(part.get(..room).unwrap_or(part));
        let used = end.map_or(buffer.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            break;
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(any)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dianma_schema::template::engine;

    fn answers(input: &[u8]) -> Vec<serde_json::Value> {
        let mut output = Vec::new();
        let count = try_lines(
            engine(),
            io::BufReader::with_capacity(7, input),
            &mut output,
        )
        .unwrap();
        let text = String::from_utf8(output).unwrap();
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len() as u64, count);
        lines
    }

    #[test]
    fn one_object_a_line_with_the_documented_keys() {
        let found = answers("全村没电了\r\n请问一度电多少钱".as_bytes());
        assert_eq!(found.len(), 2);
        assert_eq!(found[0]["kind"], "fault_repair");
        assert_eq!(found[1]["kind"], serde_json::Value::Null);
        for key in [
            "kind",
            "template",
            "score",
            "words",
            "runner_up",
            "urgent",
            "why",
            "fields",
        ] {
            assert!(found[0].get(key).is_some(), "{key}");
        }
    }

    #[test]
    fn empty_lines_are_answered_and_the_last_end_adds_none() {
        assert_eq!(answers(b"\n\n").len(), 2);
        assert_eq!(answers(b"").len(), 0);
        assert_eq!(answers(b"\nx").len(), 2);
    }

    #[test]
    fn broken_bytes_are_answered() {
        let mut bytes = "没电".as_bytes().to_vec();
        bytes.extend_from_slice(&[0xFF, 0xFE, 0x00, b'\n', 0xC0]);
        assert_eq!(answers(&bytes).len(), 2);
    }

    #[test]
    fn a_line_without_end_is_cut_and_the_next_one_still_read() {
        let mut bytes = "停".repeat(200_000).into_bytes();
        bytes.extend_from_slice("\n没电了快来人".as_bytes());
        let mut line = Vec::new();
        let mut input = io::BufReader::new(bytes.as_slice());
        assert!(read_line(&mut input, &mut line).unwrap());
        assert_eq!(line.len(), KEPT_BYTES);
        assert!(read_line(&mut input, &mut line).unwrap());
        assert_eq!(String::from_utf8(line).unwrap(), "没电了快来人");
    }
}

//! From bytes to records: physical lines with a cap, quotes over several lines, delimiter and
//! encoding. Constant memory: a line of 2 GB costs one megabyte and one fault. Broken quotes cost
//! one line, not the rest of the file.

use super::inputs::Problem;
use dianma_schema::fault;
use std::collections::VecDeque;
use std::io::{BufRead, Read, Result as IoResult};

/// Longest record, bytes.
pub const MAX_RECORD: usize = 1024 * 1024;
/// Most lines one quoted record may span.
const MAX_LINES: usize = 20;

/// How the bytes of a file become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Only ASCII so far: both fit.
    Undecided,
    /// UTF-8.
    Utf8,
    /// GB18030, which contains GBK and GB2312.
    Gb18030,
}

/// A record, or a line that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Line it begins at, from 1.
    pub line: i64,
    /// Its columns, or why it cannot be split.
    pub columns: Result<Vec<String>, Problem>,
    /// Beginning of the line as it came, for a person; only when it cannot be split.
    pub raw: String,
}

enum Line {
    Whole(i64, Vec<u8>),
    TooLong(i64),
}

/// Reads records one after the other.
#[derive(Debug)]
pub struct Records<R> {
    input: R,
    encoding: Encoding,
    delimiter: u8,
    next_line: i64,
    waiting: VecDeque<(i64, Vec<u8>)>,
    /// Bytes taken from the input.
    pub bytes_read: u64,
}

impl<R: BufRead> Records<R> {
    /// Looks at the beginning of the input: a byte order mark, the encoding, the delimiter.
    pub fn open(mut input: R) -> IoResult<Result<Self, Problem>> {
        let head = input.fill_buf()?;
        if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
            let detail = "文件是 UTF-16 编码";
            return Ok(Err(Problem::new(fault::V_ENCODING, detail)));
        }
        let mark = if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
            3
        } else {
            0
        };
        let encoding = if mark > 0 {
            Encoding::Utf8
        } else {
            detect(head)
        };
        let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let count = |wanted: u8| first.split(|byte| *byte == wanted).count();
        let delimiter = [b',', b'\t', b';']
            .into_iter()
            .max_by_key(|byte| (count(*byte), *byte == b','))
            .unwrap_or(b',');
        input.consume(mark);
        Ok(Ok(Self {
            input,
            encoding,
            delimiter,
            next_line: 1,
            waiting: VecDeque::new(),
            bytes_read: mark as u64,
        }))
    }

    /// The next record that is not an empty line; `None` at the end.
    pub fn next_record(&mut self) -> IoResult<Option<Record>> {
        loop {
            let (line, mut bytes) = match self.next_line()? {
                None => return Ok(None),
                Some(Line::TooLong(line)) => {
                    let detail = format!("此行超过 {MAX_RECORD} 字节，已跳过");
                    return Ok(Some(failed(line, fault::V_TOO_LARGE, &detail, &[])));
                }
                Some(Line::Whole(_, bytes)) if bytes.iter().all(u8::is_ascii_whitespace) => {
                    continue;
                }
                Some(Line::Whole(line, bytes)) => (line, bytes),
            };
            let first_len = bytes.len();
            let mut followers: Vec<(i64, Vec<u8>)> = Vec::new();
            loop {
                match split(&bytes, self.delimiter) {
                    Split::Columns(columns) => return Ok(Some(self.decode(line, columns, &bytes))),
                    Split::Open if followers.len() < MAX_LINES && bytes.len() < MAX_RECORD => {
                        let Some(Line::Whole(number, next)) = self.next_line()? else {
                            break;
                        };
                        bytes.push(b'\n');
                        bytes.extend_from_slice(&next);
                        followers.push((number, next));
                    }
                    Split::Open | Split::Broken => break,
                }
            }
            // The lines that the open quote swallowed are records of their own.
            for follower in followers.into_iter().rev() {
                self.waiting.push_front(follower);
            }
            bytes.truncate(first_len);
            return Ok(Some(failed(line, fault::V_QUOTES, "引号不成对", &bytes)));
        }
    }

    fn next_line(&mut self) -> IoResult<Option<Line>> {
        if let Some((line, bytes)) = self.waiting.pop_front() {
            return Ok(Some(Line::Whole(line, bytes)));
        }
        let mut bytes = Vec::new();
        let most = MAX_RECORD as u64 + 1;
        let mut head = self.input.by_ref().take(most);
        let read = head.read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.bytes_read += read as u64;
        let is_whole = bytes.last() == Some(&b'\n');
        if is_whole {
            bytes.pop();
        }
        let is_too_long = !is_whole && bytes.len() > MAX_RECORD;
        if is_too_long {
            // What follows is counted, not kept.
            self.bytes_read += self.input.skip_until(b'\n')? as u64;
        }
        let line = self.next_line;
        self.next_line += 1;
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        Ok(Some(if is_too_long {
            Line::TooLong(line)
        } else {
            Line::Whole(line, bytes)
        }))
    }

    fn decode(&mut self, line: i64, columns: Vec<Vec<u8>>, bytes: &[u8]) -> Record {
        if self.encoding == Encoding::Undecided {
            self.encoding = detect(bytes);
        }
        let texts: Option<Vec<String>> = columns
            .into_iter()
            .map(|column| text(&column, self.encoding))
            .collect();
        match texts {
            Some(columns) => Record {
                line,
                columns: Ok(columns),
                raw: String::new(),
            },
            None => failed(line, fault::V_ENCODING, "此行不是文件的编码", bytes),
        }
    }
}

fn failed(line: i64, code: dianma_schema::fault::FaultCode, detail: &str, bytes: &[u8]) -> Record {
    let head: Vec<u8> = bytes.iter().take(2_000).copied().collect();
    let raw = text(&head, Encoding::Gb18030)
        .filter(|_| std::str::from_utf8(&head).is_err())
        .unwrap_or_else(|| String::from_utf8_lossy(&head).into_owned());
    Record {
        line,
        columns: Err(Problem::new(code, detail)),
        raw,
    }
}

/// The encoding of a piece of a file by the majority of its lines: one line of damaged bytes does not
/// decide for the others. The piece may be cut inside a character.
fn detect(bytes: &[u8]) -> Encoding {
    let (mut utf8, mut other) = (0, 0);
    for line in bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_ascii())
    {
        match std::str::from_utf8(line) {
            Err(error) if error.error_len().is_some() => other += 1,
            _ => utf8 += 1,
        }
    }
    match (utf8, other) {
        (0, 0) => Encoding::Undecided,
        _ if utf8 >= other => Encoding::Utf8,
        _ => Encoding::Gb18030,
    }
}

fn text(bytes: &[u8], encoding: Encoding) -> Option<String> {
    match encoding {
        Encoding::Undecided | Encoding::Utf8 => String::from_utf8(bytes.to_vec()).ok(),
        Encoding::Gb18030 => encoding_rs::GB18030
            .decode_without_bom_handling_and_without_replacement(bytes)
            .map(std::borrow::Cow::into_owned),
    }
}

enum Split {
    Columns(Vec<Vec<u8>>),
    /// A quote is still open at the end.
    Open,
    /// Something stands after a closing quote.
    Broken,
}

/// Splits one record. Works on bytes: delimiter and quote are never part of a character of either
/// encoding.
fn split(bytes: &[u8], delimiter: u8) -> Split {
    let mut columns = Vec::new();
    let mut column: Vec<u8> = Vec::new();
    let mut rest = bytes.iter().copied().peekable();
    loop {
        if rest.peek() == Some(&b'"') {
            rest.next();
            loop {
                match rest.next() {
                    None => return Split::Open,
                    Some(b'"') if rest.peek() == Some(&b'"') => {
                        rest.next();
                        column.push(b'"');
                    }
                    Some(b'"') => break,
                    Some(byte) => column.push(byte),
                }
            }
            match rest.next() {
                None => {
                    columns.push(column);
                    return Split::Columns(columns);
                }
                Some(byte) if byte == delimiter => columns.push(std::mem::take(&mut column)),
                Some(_) => return Split::Broken,
            }
        } else {
            loop {
                match rest.next() {
                    None => {
                        columns.push(column);
                        return Split::Columns(columns);
                    }
                    Some(byte) if byte == delimiter => break,
                    Some(byte) => column.push(byte),
                }
            }
            columns.push(std::mem::take(&mut column));
        }
    }
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;

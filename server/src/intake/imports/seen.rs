//! Keys of one file: whether a key came before in it, and with the same content. Kept in a temporary
//! database on disk that goes with the run, so that a million rows cost no memory. It answers what the
//! archive cannot: of a dry run nothing is stored, and of bills and areas no run is remembered.

use super::inputs::{self, Problem};
use super::mapping::Fields;
use super::report::ImportView;
use crate::intake::record::Incoming;
use dianma_schema::fault;
use dianma_schema::intake::RecordKind;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

/// What is known of a row's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The first of its key.
    New,
    /// Came before and says the same.
    Same,
    /// Came before and says something else.
    Other,
}

/// The keys of one run.
#[derive(Debug)]
pub struct Seen {
    keys: Connection,
}

impl Seen {
    /// The keys of a run, where the archive does not remember which run wrote a row.
    pub fn of_run(run: &ImportView) -> Result<Option<Self>, rusqlite::Error> {
        let is_needed =
            run.is_dry_run || matches!(run.record_kind, RecordKind::Areas | RecordKind::Arrears);
        is_needed.then(Self::open).transpose()
    }

    /// An empty set; its file has no name and ends with it.
    pub fn open() -> Result<Self, rusqlite::Error> {
        let keys = Connection::open("")?;
        keys.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192; \
             CREATE TABLE seen (key INTEGER PRIMARY KEY, content INTEGER NOT NULL); BEGIN;",
        )?;
        Ok(Self { keys })
    }

    /// Takes a row's key in. A row that cannot be read has none.
    pub fn check(&self, row: &Incoming) -> Result<Verdict, rusqlite::Error> {
        let Some(content) = content(row) else {
            return Ok(Verdict::New);
        };
        let (key, content) = (number(&row.key()), number(&content));
        let mut find = self
            .keys
            .prepare_cached("SELECT content FROM seen WHERE key = ?1")?;
        let before: Option<i64> = find.query_row([key], |row| row.get(0)).optional()?;
        match before {
            Some(before) if before == content => Ok(Verdict::Same),
            Some(_) => Ok(Verdict::Other),
            None => {
                let mut keep = self
                    .keys
                    .prepare_cached("INSERT INTO seen (key, content) VALUES (?1, ?2)")?;
                keep.execute(params![key, content])?;
                Ok(Verdict::New)
            }
        }
    }
}

/// A row beside the rows before it in the file: one with the same key and other content is a problem,
/// because nobody can know which of the two is right. In a dry run, where nothing is stored, a repeated
/// row is counted here and is none of the batch.
pub fn compare(
    run: &mut ImportView,
    seen: Option<&Seen>,
    mut row: Incoming,
) -> Result<Option<Incoming>, rusqlite::Error> {
    let verdict = match seen {
        Some(seen) => seen.check(&row)?,
        None => Verdict::New,
    };
    match verdict {
        Verdict::Same if run.is_dry_run => {
            run.rows_read += 1;
            run.rows_unchanged += 1;
            return Ok(None);
        }
        Verdict::Other => {
            let detail = "同一文件中此编号出现两次，内容不同";
            row.fields = Err(Problem::new(fault::V_CONTENT_CHANGED, detail));
        }
        Verdict::New | Verdict::Same => {}
    }
    Ok(Some(row))
}

/// What the row says, as the archive compares it; columns that no field uses do not count.
fn content(row: &Incoming) -> Option<String> {
    let fields: &Fields = row.fields.as_ref().ok()?;
    match row.kind {
        RecordKind::Areas => inputs::area(fields).ok().map(|input| format!("{input:?}")),
        RecordKind::Customers => inputs::customer(fields).ok().map(|i| format!("{i:?}")),
        RecordKind::Meters => inputs::meter_row(fields).ok().map(|i| format!("{i:?}")),
        RecordKind::Arrears => inputs::bill(fields).ok().map(|i| format!("{i:?}")),
        RecordKind::Business | RecordKind::Hotline | RecordKind::Request => {
            Some(row.content_hash())
        }
    }
}

/// 64 bits of a hash: two of a million different keys meet once in thirty million files.
fn number(text: &str) -> i64 {
    let digest = Sha256::digest(text.as_bytes());
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    i64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::imports::mapping;

    fn row(account: &str, address: &str, remark: &str) -> Incoming {
        let names = ["户号", "户名", "用电地址", "台区编号", "备注"].map(str::to_owned);
        let values = [account, "测试一", address, "T1", remark].map(str::to_owned);
        let mapping = mapping::find("customers_generic").unwrap();
        Incoming::read("file:x", mapping, &names, &values)
    }

    #[test]
    fn a_key_is_the_same_or_another_by_what_the_fields_say() {
        let seen = Seen::open().unwrap();
        let check = |row: &Incoming| seen.check(row).unwrap();
        assert_eq!(check(&row("4213000001", "测试镇1组", "")), Verdict::New);
        assert_eq!(check(&row("4213000002", "测试镇1组", "")), Verdict::New);
        assert_eq!(check(&row("4213000001", "测试镇1组", "x")), Verdict::Same);
        assert_eq!(check(&row("4213000001", "测试镇2组", "")), Verdict::Other);
        assert_eq!(check(&row("42130000A1", "测试镇1组", "")), Verdict::New);
        assert_eq!(check(&row("42130000A1", "测试镇2组", "")), Verdict::New);
    }
}

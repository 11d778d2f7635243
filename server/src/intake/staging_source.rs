//! Reading a staging database (中间数据库): an SQLite file, opened read-only, or a PostgreSQL database or
//! schema. Rows come out as names and texts, whatever their column types. Nothing is ever written.

use postgres::{Client, NoTls};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;
use std::time::Duration;

/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the staging tables are.
#[derive(Clone, Debug)]
pub enum Staging {
    /// An SQLite file.
    File(PathBuf),
    /// `postgres://…`; the schema is the first of its `search_path`.
    Postgres(String),
}

impl Staging {
    /// From what is typed on the command line.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Postgres(text.to_owned())
        } else {
            Self::File(PathBuf::from(text))
        }
    }

    /// Opens it for one round.
    pub fn open(&self) -> Result<Box<dyn Reader>, SourceGone> {
        match self {
            Self::File(path) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let connection = Connection::open_with_flags(path, flags)?;
                connection.busy_timeout(PATIENCE)?;
                Ok(Box::new(File(connection)))
            }
            Self::Postgres(url) => {
                let mut config: postgres::Config = url.parse()?;
                config.connect_timeout(PATIENCE);
                Ok(Box::new(Database(config.connect(NoTls)?)))
            }
        }
    }
}

/// The staging database cannot be read now (`S-503-SOURCE`).
#[derive(Debug, thiserror::Error)]
#[error("the staging database cannot be read: {0}")]
pub struct SourceGone(String);

impl From<rusqlite::Error> for SourceGone {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<postgres::Error> for SourceGone {
    fn from(error: postgres::Error) -> Self {
        Self(error.to_string())
    }
}

/// A row of a staging table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagingRow {
    /// The table's own rising key.
    pub seq: i64,
    /// Column names.
    pub names: Vec<String>,
    /// Values as text; empty for NULL.
    pub values: Vec<String>,
}

/// One open staging database.
pub trait Reader {
    /// Whether the table is there. `table` is a constant of ours.
    fn has(&mut self, table: &str) -> Result<bool, SourceGone>;

    /// Rows after `seq`, in order, at most `limit`.
    fn after(&mut self, table: &str, seq: i64, limit: i64) -> Result<Vec<StagingRow>, SourceGone>;

    /// The row with this key, if it is still there.
    fn at(&mut self, table: &str, seq: i64) -> Result<Option<StagingRow>, SourceGone>;

    /// The highest key; 0 in an empty table.
    fn last(&mut self, table: &str) -> Result<i64, SourceGone>;
}

struct File(Connection);

impl File {
    fn rows(&mut self, sql: &str, args: &[i64]) -> Result<Vec<StagingRow>, SourceGone> {
        let mut statement = self.0.prepare(sql)?;
        let names: Vec<String> = statement
            .column_names()
            .skip(1)
            .map(str::to_owned)
            .collect();
        let mut rows = statement.query(rusqlite::params_from_iter(args))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(names.len());
            for column in 1..=names.len() {
                values.push(text(row.get_ref(column)?));
            }
            found.push(StagingRow {
                seq: row.get(0)?,
                names: names.clone(),
                values,
            });
        }
        Ok(found)
    }
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

impl Reader for File {
    fn has(&mut self, table: &str) -> Result<bool, SourceGone> {
        let sql =
            "SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?1";
        let count: i64 = self.0.query_row(sql, [table], |row| row.get(0))?;
        Ok(count > 0)
    }

    fn after(&mut self, table: &str, seq: i64, limit: i64) -> Result<Vec<StagingRow>, SourceGone> {
        let sql = format!("SELECT seq, t.* FROM {table} t WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        self.rows(&sql, &[seq, limit])
    }

    fn at(&mut self, table: &str, seq: i64) -> Result<Option<StagingRow>, SourceGone> {
        let sql = format!("SELECT seq, t.* FROM {table} t WHERE seq = ?1");
        Ok(self.rows(&sql, &[seq])?.pop())
    }

    fn last(&mut self, table: &str) -> Result<i64, SourceGone> {
        let sql = format!("SELECT COALESCE(MAX(seq), 0) FROM {table}");
        Ok(self.0.query_row(&sql, [], |row| row.get(0))?)
    }
}

struct Database(Client);

/// How often open writers are waited for, and how long each time: a row's key is given out before its
/// commit, so rows above an open insert are not read yet, or its row would be stepped over.
const WAITS: usize = 10;
const WAIT: Duration = Duration::from_millis(50);

impl Database {
    /// Whether every transaction that is writing the table now has ended: then all keys given out
    /// so far are either visible or will never be.
    fn writers_ended(&mut self, table: &str) -> Result<bool, SourceGone> {
        let mut open = self.writers(table)?;
        for _ in 0..WAITS {
            if open.is_empty() {
                return Ok(true);
            }
            std::thread::sleep(WAIT);
            let now = self.writers(table)?;
            open.retain(|writer| now.contains(writer));
        }
        Ok(open.is_empty())
    }

    fn writers(&mut self, table: &str) -> Result<Vec<String>, SourceGone> {
        let rows = self.0.query(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' \
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
             AND relation = to_regclass($1)::oid AND mode = 'RowExclusiveLock' AND granted",
            &[&table],
        )?;
        let names = rows.iter().map(|row| row.try_get(0));
        Ok(names.collect::<Result<Vec<String>, postgres::Error>>()?)
    }

    fn rows(
        &mut self,
        sql: &str,
        args: &[&(dyn postgres::types::ToSql + Sync)],
    ) -> Result<Vec<StagingRow>, SourceGone> {
        let rows = self.0.query(sql, args)?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let json: String = row.try_get(1)?;
            let object: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(&json).map_err(|error| SourceGone(error.to_string()))?;
            let (names, values) = object
                .into_iter()
                .map(|(name, value)| (name, plain(&value)))
                .unzip();
            found.push(StagingRow {
                seq: row.try_get(0)?,
                names,
                values,
            });
        }
        Ok(found)
    }
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Reader for Database {
    fn has(&mut self, table: &str) -> Result<bool, SourceGone> {
        let row = self
            .0
            .query_one("SELECT to_regclass($1) IS NOT NULL", &[&table])?;
        Ok(row.try_get(0)?)
    }

    fn after(&mut self, table: &str, seq: i64, limit: i64) -> Result<Vec<StagingRow>, SourceGone> {
        let last = self.last(table)?;
        if last <= seq || !self.writers_ended(table)? {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT CAST(t.seq AS BIGINT), CAST(row_to_json(t) AS TEXT) FROM {table} t \
             WHERE t.seq > $1 AND t.seq <= $2 ORDER BY t.seq LIMIT $3"
        );
        self.rows(&sql, &[&seq, &last, &limit])
    }

    fn at(&mut self, table: &str, seq: i64) -> Result<Option<StagingRow>, SourceGone> {
        let sql = format!(
            "SELECT CAST(t.seq AS BIGINT), CAST(row_to_json(t) AS TEXT) FROM {table} t WHERE t.seq = $1"
        );
        Ok(self.rows(&sql, &[&seq])?.pop())
    }

    fn last(&mut self, table: &str) -> Result<i64, SourceGone> {
        let sql = format!("SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM {table}");
        Ok(self.0.query_one(&sql, &[])?.try_get(0)?)
    }
}

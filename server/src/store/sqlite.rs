//! SQLite: one writer thread that drains waiting jobs into one commit (group commit, a savepoint
//! each), and a few read-only connections. `synchronous=FULL`: an answer means it is on disk.

use super::{Backend, Engine, Job, Notice, Reading, Rollback, Row, StoreError, Tx, Value, migrate};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use tokio::sync::broadcast;

/// Jobs that may wait for the writer; beyond that the caller is told to come back.
const QUEUE: usize = 4_096;
/// Most jobs in one commit.
const BATCH: usize = 256;
/// Read-only connections.
const READERS: usize = 4;
/// Statements of savepoints: there are several in every command, so they are compiled once.
const CONTROL: [&str; 3] = ["SAVEPOINT", "RELEASE", "ROLLBACK"];
/// Prepared statements kept per connection.
const STATEMENTS: usize = 256;

pub(super) struct Sqlite {
    queue: SyncSender<Box<dyn Job>>,
    readers: Arc<Readers>,
}

impl Sqlite {
    pub(super) fn open(
        path: &Path,
        notices: broadcast::Sender<Notice>,
    ) -> Result<Self, StoreError> {
        let mut writer = Connection::open(path).map_err(engine_error)?;
        configure(&writer)?;
        quick_check(&writer)?;
        migrate::run(&mut SqliteTx::new(&mut writer))?;
        let readers = (0..READERS)
            .map(|_| open_reader(path))
            .collect::<Result<Vec<_>, _>>()?;
        let (queue, jobs) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write_loop(&mut writer, &jobs, &notices))
            .map_err(|e| StoreError::Engine(e.to_string()))?;
        Ok(Self {
            queue,
            readers: Arc::new(Readers::new(readers)),
        })
    }
}

impl Backend for Sqlite {
    fn write(&self, job: Box<dyn Job>) {
        if let Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) =
            self.queue.try_send(job)
        {
            job.finish(Err(StoreError::Busy));
        }
    }

    fn read(&self, job: Box<dyn Job>, reading: Reading) {
        let connection = self.readers.take();
        self.read_on(connection, job, reading);
    }

    fn read_now(&self, job: Box<dyn Job>, reading: Reading) -> Result<(), Box<dyn Job>> {
        match self.readers.take_idle() {
            Some(connection) => {
                self.read_on(connection, job, reading);
                Ok(())
            }
            None => Err(job),
        }
    }

    fn engine(&self) -> Engine {
        Engine::Sqlite
    }
}

impl Sqlite {
    fn read_on(&self, mut connection: Connection, mut job: Box<dyn Job>, reading: Reading) {
        let mut tx = SqliteTx::new(&mut connection);
        let begun = match reading {
            Reading::Statement => Ok(()),
            Reading::Snapshot => tx.control("BEGIN"),
        };
        let outcome = begun.map(|()| {
            let _ = job.run(&mut tx);
        });
        if reading == Reading::Snapshot {
            let _ = tx.control("ROLLBACK");
        }
        self.readers.put(connection);
        job.finish(outcome);
    }
}

/// Without this a plan depends on the values bound to it, and every new value compiles the statement
/// again: more than half of the time of a short read.
fn keep_plans(connection: &Connection) -> Result<(), StoreError> {
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map(|_| ())
        .map_err(engine_error)
}

fn configure(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 10000; \
             PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864;",
        )
        .map_err(engine_error)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    keep_plans(connection)
}

/// A damaged file must not be served: better a clear stop than a quiet loss.
fn quick_check(connection: &Connection) -> Result<(), StoreError> {
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(engine_error)?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(StoreError::Refused(format!(
            "the database file is damaged: {verdict}"
        )))
    }
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(engine_error)?;
    connection
        .execute_batch(
            "PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 10000; PRAGMA cache_size = -32768; \
             PRAGMA query_only = ON;",
        )
        .map_err(engine_error)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    keep_plans(&connection)?;
    Ok(connection)
}

struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    fn new(idle: Vec<Connection>) -> Self {
        Self {
            idle: Mutex::new(idle),
            returned: Condvar::new(),
        }
    }

    fn take(&self) -> Connection {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = idle.pop() {
                return connection;
            }
            idle = self
                .returned
                .wait(idle)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A connection, when one is there at once.
    fn take_idle(&self) -> Option<Connection> {
        match self.idle.try_lock() {
            Ok(mut idle) => idle.pop(),
            Err(_) => None,
        }
    }

    fn put(&self, connection: Connection) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        self.returned.notify_one();
    }
}

fn write_loop(
    writer: &mut Connection,
    jobs: &Receiver<Box<dyn Job>>,
    notices: &broadcast::Sender<Notice>,
) {
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match jobs.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        let mut tx = SqliteTx::new(writer);
        let committed = run_batch(&mut tx, &mut batch);
        if committed.is_ok() {
            for notice in tx.notices.drain(..) {
                let _ = notices.send(notice);
            }
        }
        for job in batch {
            job.finish(committed.clone());
        }
    }
}

fn run_batch(tx: &mut SqliteTx<'_>, batch: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    tx.control("BEGIN IMMEDIATE")?;
    for job in batch {
        if let Err(error) = run_one(tx, job.as_mut()) {
            let _ = tx.control("ROLLBACK");
            return Err(error);
        }
    }
    tx.control("COMMIT").inspect_err(|_| {
        let _ = tx.control("ROLLBACK");
    })
}

fn run_one(tx: &mut SqliteTx<'_>, job: &mut dyn Job) -> Result<(), StoreError> {
    tx.control("SAVEPOINT job")?;
    let mark = tx.notice_mark();
    match job.run(tx) {
        Ok(()) => tx.control("RELEASE job"),
        Err(rollback) => {
            tx.notice_rewind(mark);
            tx.control("ROLLBACK TO job")?;
            tx.control("RELEASE job")?;
            match rollback {
                Rollback::Own => Ok(()),
                Rollback::Retry(error) => Err(error),
            }
        }
    }
}

struct SqliteTx<'a> {
    connection: &'a mut Connection,
    notices: Vec<Notice>,
}

impl<'a> SqliteTx<'a> {
    fn new(connection: &'a mut Connection) -> Self {
        Self {
            connection,
            notices: Vec::new(),
        }
    }

    /// One statement of transaction control, compiled once.
    fn control(&mut self, sql: &str) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(engine_error)?;
        statement.execute([]).map(|_| ()).map_err(engine_error)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(value) => ValueRef::Integer(*value),
            Value::Text(value) => ValueRef::Text(value.as_bytes()),
            Value::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

impl Tx for SqliteTx<'_> {
    fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(engine_error)?;
        let changed = statement
            .execute(rusqlite::params_from_iter(args))
            .map_err(engine_error)?;
        Ok(changed as u64)
    }

    fn query(
        &mut self,
        sql: &str,
        args: &[Value],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(engine_error)?;
        let columns = statement.column_count();
        let mut rows = statement
            .query(rusqlite::params_from_iter(args))
            .map_err(engine_error)?;
        let mut values = Vec::with_capacity(columns);
        while let Some(row) = rows.next().map_err(engine_error)? {
            values.clear();
            for column in 0..columns {
                values.push(own(row.get_ref(column).map_err(engine_error)?)?);
            }
            each(&Row(&values))?;
        }
        Ok(())
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        if CONTROL.iter().any(|word| sql.starts_with(word)) && !sql.contains(';') {
            self.control(sql)
        } else {
            self.connection.execute_batch(sql).map_err(engine_error)
        }
    }

    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn notify(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    fn take_conflict(&mut self) -> Option<StoreError> {
        None
    }

    fn notice_mark(&self) -> usize {
        self.notices.len()
    }

    fn notice_rewind(&mut self, mark: usize) {
        self.notices.truncate(mark);
    }
}

fn own(value: ValueRef<'_>) -> Result<Value, StoreError> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => {
            return Err(StoreError::Engine(
                "a REAL column: integers only".to_owned(),
            ));
        }
    })
}

#[expect(clippy::needless_pass_by_value, reason = "used as a map_err function")]
fn engine_error(error: rusqlite::Error) -> StoreError {
    StoreError::Engine(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    #[test]
    fn a_new_value_does_not_compile_a_statement_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plans.sqlite");
        let mut writer = Connection::open(&path).unwrap();
        configure(&writer).unwrap();
        migrate::run(&mut SqliteTx::new(&mut writer)).unwrap();
        let reader = open_reader(&path).unwrap();
        for connection in [&writer, &reader] {
            let sql = "SELECT id FROM work_orders WHERE is_open = ?1 AND due_at_ms < ?2";
            let mut statement = connection.prepare(sql).unwrap();
            for value in 0..3 {
                let found = statement.query_map([value, value], |row| row.get::<_, String>(0));
                assert_eq!(found.unwrap().count(), 0);
            }
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
        }
    }
}

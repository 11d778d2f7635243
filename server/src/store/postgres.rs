//! PostgreSQL: the blocking client in a small pool, used only from blocking threads (the client
//! panics inside an async task). `?1` becomes `$1` once per statement; statements are prepared once
//! per connection. Notices travel by NOTIFY, so that every node's listeners hear every node.

use super::{Backend, Engine, Job, Notice, Rollback, Row, StoreError, Tx, Value, migrate};
use ::postgres::error::SqlState;
use ::postgres::fallible_iterator::FallibleIterator;
use ::postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use ::postgres::{Client, NoTls, Statement};
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

/// Connections per node.
const CONNECTIONS: usize = 8;
/// How often a transaction that lost a deadlock runs again.
const RETRIES: usize = 8;
/// Longest wait for a free connection.
const PATIENCE: Duration = Duration::from_secs(20);
/// Channel of notices.
const CHANNEL: &str = "dianma_notices";
/// NOTIFY refuses payloads of 8,000 bytes and more.
const MAX_NOTICE_BYTES: usize = 7_900;

pub(super) struct Postgres {
    pool: Arc<Pool>,
}

impl Postgres {
    pub(super) fn open(url: &str, notices: broadcast::Sender<Notice>) -> Result<Self, StoreError> {
        let url = url.to_owned();
        // The caller may be inside the async runtime, where the client must not be touched.
        let opened = std::thread::spawn(move || -> Result<Pool, StoreError> {
            let mut first = Session::connect(&url)?;
            migrate_under_lock(&mut first)?;
            listen(&url, notices)?;
            Ok(Pool::new(url, first))
        });
        let pool = opened.join().map_err(|_| StoreError::Panicked)??;
        Ok(Self {
            pool: Arc::new(pool),
        })
    }
}

/// Two nodes starting at once must not migrate twice; the lock is released with the session.
fn migrate_under_lock(session: &mut Session) -> Result<(), StoreError> {
    session
        .client
        .batch_execute("SELECT pg_advisory_lock(4210721)")
        .map_err(engine_error)?;
    let outcome = migrate::run(&mut PostgresTx::new(session));
    session
        .client
        .batch_execute("SELECT pg_advisory_unlock(4210721)")
        .map_err(engine_error)?;
    outcome
}

impl Backend for Postgres {
    fn write(&self, job: Box<dyn Job>) {
        let pool = Arc::clone(&self.pool);
        let run = move || pool.write(job);
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(run)),
            Err(_) => run(),
        }
    }

    fn read(&self, job: Box<dyn Job>) {
        self.pool.read(job);
    }

    fn engine(&self) -> Engine {
        Engine::Postgres
    }
}

struct Pool {
    url: String,
    state: Mutex<PoolState>,
    returned: Condvar,
}

struct PoolState {
    idle: Vec<Session>,
    open: usize,
}

impl Pool {
    fn new(url: String, first: Session) -> Self {
        let state = Mutex::new(PoolState {
            idle: vec![first],
            open: 1,
        });
        Self {
            url,
            state,
            returned: Condvar::new(),
        }
    }

    fn take(&self) -> Result<Session, StoreError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(session) = state.idle.pop() {
                return Ok(session);
            }
            if state.open < CONNECTIONS {
                state.open += 1;
                drop(state);
                return Session::connect(&self.url).inspect_err(|_| self.forget());
            }
            let (next, timeout) = self
                .returned
                .wait_timeout(state, PATIENCE)
                .unwrap_or_else(PoisonError::into_inner);
            if timeout.timed_out() {
                return Err(StoreError::Busy);
            }
            state = next;
        }
    }

    fn put(&self, session: Session) {
        if session.client.is_closed() {
            self.forget();
        } else {
            self.state
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .idle
                .push(session);
        }
        self.returned.notify_one();
    }

    fn forget(&self) {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .open -= 1;
    }

    fn write(&self, mut job: Box<dyn Job>) {
        let mut session = match self.take() {
            Ok(session) => session,
            Err(error) => return job.finish(Err(error)),
        };
        let outcome = write_with_retry(&mut session, job.as_mut());
        self.put(session);
        job.finish(outcome);
    }

    fn read(&self, mut job: Box<dyn Job>) {
        let mut session = match self.take() {
            Ok(session) => session,
            Err(error) => return job.finish(Err(error)),
        };
        let mut tx = PostgresTx::new(&mut session);
        let begun = tx.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        if begun.is_ok() {
            let _ = job.run(&mut tx);
        }
        let _ = tx.batch("ROLLBACK");
        self.put(session);
        job.finish(begun);
    }
}

fn write_with_retry(session: &mut Session, job: &mut dyn Job) -> Result<(), StoreError> {
    let mut last = StoreError::Busy;
    for _ in 0..RETRIES {
        match write_once(session, job) {
            Ok(()) => return Ok(()),
            Err(StoreError::Conflict(why)) => last = StoreError::Conflict(why),
            Err(other) => return Err(other),
        }
    }
    Err(last)
}

fn write_once(session: &mut Session, job: &mut dyn Job) -> Result<(), StoreError> {
    let mut tx = PostgresTx::new(session);
    tx.batch("BEGIN")?;
    match job.run(&mut tx) {
        Ok(()) => {
            let sent = tx.send_notices().and_then(|()| tx.batch("COMMIT"));
            if sent.is_err() {
                let _ = tx.batch("ROLLBACK");
            }
            sent
        }
        Err(rollback) => {
            tx.batch("ROLLBACK")?;
            match rollback {
                Rollback::Own => Ok(()),
                Rollback::Retry(error) => Err(error),
            }
        }
    }
}

/// A thread of its own forwards NOTIFY payloads to this node's listeners and reconnects for ever.
fn listen(url: &str, notices: broadcast::Sender<Notice>) -> Result<(), StoreError> {
    let url = url.to_owned();
    std::thread::Builder::new()
        .name("postgres-listen".to_owned())
        .spawn(move || {
            loop {
                if let Err(error) = forward(&url, &notices) {
                    tracing::warn!(error = %error, "notices from the database paused");
                }
                std::thread::sleep(Duration::from_secs(2));
            }
        })
        .map(drop)
        .map_err(|e| StoreError::Engine(e.to_string()))
}

fn forward(url: &str, notices: &broadcast::Sender<Notice>) -> Result<(), StoreError> {
    let mut client = Client::connect(url, NoTls).map_err(engine_error)?;
    client
        .batch_execute(&format!("LISTEN {CHANNEL}"))
        .map_err(engine_error)?;
    let mut notifications = client.notifications();
    let mut waiting = notifications.blocking_iter();
    while let Some(notification) = waiting.next().map_err(engine_error)? {
        for line in notification.payload().lines() {
            if let Ok(notice) = serde_json::from_str(line) {
                let _ = notices.send(notice);
            }
        }
    }
    Ok(())
}

struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl Session {
    fn connect(url: &str) -> Result<Self, StoreError> {
        let client = Client::connect(url, NoTls).map_err(engine_error)?;
        Ok(Self {
            client,
            statements: HashMap::new(),
        })
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, ::postgres::Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&dollar_parameters(sql))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// `?1` → `$1`, outside quoted text and comments.
fn dollar_parameters(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quoted = false;
    let mut comment = false;
    let mut previous = ' ';
    for c in sql.chars() {
        match c {
            '\'' if !comment => quoted = !quoted,
            '-' if previous == '-' && !quoted => comment = true,
            '\n' => comment = false,
            _ => {}
        }
        out.push(if c == '?' && !quoted && !comment {
            '$'
        } else {
            c
        });
        previous = c;
    }
    out
}

struct PostgresTx<'a> {
    session: &'a mut Session,
    notices: Vec<Notice>,
    conflict: Option<StoreError>,
}

impl<'a> PostgresTx<'a> {
    fn new(session: &'a mut Session) -> Self {
        Self {
            session,
            notices: Vec::new(),
            conflict: None,
        }
    }

    fn failed(&mut self, error: ::postgres::Error) -> StoreError {
        let error = engine_error(error);
        if matches!(error, StoreError::Conflict(_)) {
            self.conflict = Some(error.clone());
        }
        error
    }

    fn send_notices(&mut self) -> Result<(), StoreError> {
        let mut payload = String::new();
        let notices = std::mem::take(&mut self.notices);
        for notice in notices {
            let line = serde_json::to_string(&notice).unwrap_or_default();
            if payload.len() + line.len() >= MAX_NOTICE_BYTES {
                self.send_payload(&payload)?;
                payload.clear();
            }
            payload.push_str(&line);
            payload.push('\n');
        }
        if payload.is_empty() {
            Ok(())
        } else {
            self.send_payload(&payload)
        }
    }

    fn send_payload(&mut self, payload: &str) -> Result<(), StoreError> {
        let args = [Value::from(CHANNEL), Value::from(payload)];
        self.query("SELECT 1 FROM pg_notify(?1, ?2)", &args, &mut |_| Ok(()))
    }
}

impl Tx for PostgresTx<'_> {
    fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64, StoreError> {
        let outcome = self.session.prepare(sql).and_then(|statement| {
            let bound: Vec<&(dyn ToSql + Sync)> = args.iter().map(|a| a as _).collect();
            self.session.client.execute(&statement, &bound)
        });
        outcome.map_err(|e| self.failed(e))
    }

    fn query(
        &mut self,
        sql: &str,
        args: &[Value],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let outcome = self.session.prepare(sql).and_then(|statement| {
            let bound: Vec<&(dyn ToSql + Sync)> = args.iter().map(|a| a as _).collect();
            self.session.client.query(&statement, &bound)
        });
        let rows = outcome.map_err(|e| self.failed(e))?;
        let mut values = Vec::new();
        for row in &rows {
            values.clear();
            for column in 0..row.len() {
                values.push(row.try_get::<_, Value>(column).map_err(engine_error)?);
            }
            each(&Row(&values))?;
        }
        Ok(())
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        let outcome = self.session.client.batch_execute(sql);
        outcome.map_err(|e| self.failed(e))
    }

    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn notify(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    fn take_conflict(&mut self) -> Option<StoreError> {
        self.conflict.take()
    }

    fn notice_mark(&self) -> usize {
        self.notices.len()
    }

    fn notice_rewind(&mut self, mark: usize) {
        self.notices.truncate(mark);
    }
}

type Boxed = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut ::postgres::types::private::BytesMut,
    ) -> Result<IsNull, Boxed> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(value) if *ty == Type::INT4 => i32::try_from(*value)?.to_sql(ty, out),
            Value::Integer(value) => value.to_sql(ty, out),
            Value::Text(value) => value.to_sql(ty, out),
            Value::Bytes(value) => value.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Boxed> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Value::Integer),
            Type::INT4 => i32::from_sql(ty, raw).map(|v| Value::Integer(v.into())),
            Type::BOOL => bool::from_sql(ty, raw).map(Value::from),
            Type::BYTEA => Vec::<u8>::from_sql(ty, raw).map(Value::Bytes),
            Type::TEXT | Type::VARCHAR | Type::NAME => String::from_sql(ty, raw).map(Value::Text),
            ref other => Err(format!("column type {other} is not portable").into()),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Boxed> {
        Ok(Value::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn engine_error(error: ::postgres::Error) -> StoreError {
    let code = error.code();
    if code == Some(&SqlState::T_R_DEADLOCK_DETECTED)
        || code == Some(&SqlState::T_R_SERIALIZATION_FAILURE)
    {
        return StoreError::Conflict(error.to_string());
    }
    let detail = error
        .as_db_error()
        .map_or_else(|| error.to_string(), ToString::to_string);
    drop(error);
    StoreError::Engine(detail)
}

#[cfg(test)]
mod tests {
    use super::dollar_parameters;

    #[test]
    fn rewrites_parameters_outside_text_and_comments() {
        assert_eq!(
            dollar_parameters("SELECT '?1', a -- why ?2\n FROM t WHERE b = ?1"),
            "SELECT '?1', a -- why ?2\n FROM t WHERE b = $1"
        );
    }
}

//! PostgreSQL: the blocking client in a small pool, used only from blocking threads (the client
//! panics inside an async task). Statements and their parameters are in `postgres_session.rs`, notices
//! between nodes in `postgres_notices.rs`.

use super::postgres_notices::{Notifier, listen};
use super::postgres_session::{Session, engine_error};
use super::{Backend, Engine, Job, Notice, Reading, Rollback, Row, StoreError, Tx, Value, migrate};
use ::postgres::types::ToSql;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

/// Connections per node.
const CONNECTIONS: usize = 8;
/// How often a transaction that lost a deadlock runs again.
const RETRIES: usize = 8;
/// Longest wait for a free connection.
const PATIENCE: Duration = Duration::from_secs(20);

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
            let notifier = Notifier::start(&url)?;
            Ok(Pool::new(url, first, notifier))
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

    fn read(&self, job: Box<dyn Job>, reading: Reading) {
        self.pool.read(job, reading);
    }

    /// A round trip to the database server blocks the thread.
    fn read_now(&self, job: Box<dyn Job>, _: Reading) -> Result<(), Box<dyn Job>> {
        Err(job)
    }

    fn engine(&self) -> Engine {
        Engine::Postgres
    }
}

struct Pool {
    url: String,
    state: Mutex<PoolState>,
    returned: Condvar,
    notifier: Notifier,
}

struct PoolState {
    idle: Vec<Session>,
    open: usize,
}

impl Pool {
    fn new(url: String, first: Session, notifier: Notifier) -> Self {
        let state = Mutex::new(PoolState {
            idle: vec![first],
            open: 1,
        });
        Self {
            url,
            state,
            returned: Condvar::new(),
            notifier,
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
        job.finish(outcome.map(|notices| self.notifier.tell(notices)));
    }

    fn read(&self, mut job: Box<dyn Job>, reading: Reading) {
        let mut session = match self.take() {
            Ok(session) => session,
            Err(error) => return job.finish(Err(error)),
        };
        let mut tx = PostgresTx::new(&mut session);
        let begun = match reading {
            Reading::Statement => Ok(()),
            Reading::Snapshot => tx.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        };
        if begun.is_ok() {
            let _ = job.run(&mut tx);
        }
        if reading == Reading::Snapshot {
            let _ = tx.batch("ROLLBACK");
        }
        self.put(session);
        job.finish(begun);
    }
}

/// Commits the job's changes; gives back its notices, for after the commit.
fn write_with_retry(session: &mut Session, job: &mut dyn Job) -> Result<Vec<Notice>, StoreError> {
    let mut last = StoreError::Busy;
    for _ in 0..RETRIES {
        match write_once(session, job) {
            Ok(notices) => return Ok(notices),
            Err(StoreError::Conflict(why)) => last = StoreError::Conflict(why),
            Err(other) => return Err(other),
        }
    }
    Err(last)
}

fn write_once(session: &mut Session, job: &mut dyn Job) -> Result<Vec<Notice>, StoreError> {
    let mut tx = PostgresTx::new(session);
    tx.batch("BEGIN")?;
    match job.run(&mut tx) {
        Ok(()) => match tx.batch("COMMIT") {
            Ok(()) => Ok(tx.notices),
            Err(error) => {
                let _ = tx.batch("ROLLBACK");
                Err(error)
            }
        },
        Err(rollback) => {
            tx.batch("ROLLBACK")?;
            match rollback {
                Rollback::Own => Ok(Vec::new()),
                Rollback::Retry(error) => Err(error),
            }
        }
    }
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

//! The store: use cases are plain synchronous functions over `&mut dyn Tx`. `write` runs one inside
//! a transaction and answers only after the commit; `read` runs one on a read-only connection.
//!
//! SQLite is one writer thread with group commit; PostgreSQL is a pool on blocking threads. One SQL
//! text serves both, see `docs/adr/0001-one-sql-text.md`.

mod bulk;
mod migrate;
mod postgres;
mod postgres_notices;
mod postgres_session;
mod sqlite;
mod tx;
mod value;

pub use bulk::{MAX_LIST, in_list, insert_rows, insert_shaped, statements};
pub use migrate::{MIGRATIONS, Migration};
pub use tx::{Engine, Notice, Tx, savepoint};
pub use value::{Row, Value};

use std::path::Path;
use std::sync::Arc;
use tokio::sync::broadcast;

/// What can go wrong below a use case.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// A stored value is not what the schema promises.
    #[error("stored column {column} holds {found}, expected {expected}")]
    Inconsistent {
        /// Zero-based column of the statement.
        column: usize,
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// The engine refused a statement.
    #[error("database: {0}")]
    Engine(String),
    /// A deadlock or serialisation failure; `write` runs the closure again by itself.
    #[error("database conflict: {0}")]
    Conflict(String),
    /// The writer's queue is full, or the pool is empty for too long: try later.
    #[error("the database is busy")]
    Busy,
    /// The use case panicked; its savepoint was rolled back.
    #[error("a use case panicked")]
    Panicked,
    /// The store was opened with an unknown or edited migration, or is shut down.
    #[error("{0}")]
    Refused(String),
}

/// A job for the engine: runs the use case, keeps its answer, hands it over after the commit.
trait Job: Send {
    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), Rollback>;
    fn finish(self: Box<Self>, commit: Result<(), StoreError>);
}

/// The job wants its changes undone: by its own error, or because the engine wants a retry.
enum Rollback {
    Own,
    Retry(StoreError),
}

/// What a read sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// One snapshot for all its statements.
    Snapshot,
    /// It runs a single statement, which needs no transaction around it.
    Statement,
}

trait Backend: Send + Sync {
    fn write(&self, job: Box<dyn Job>);
    fn read(&self, job: Box<dyn Job>, reading: Reading);
    /// Runs it on this thread if that blocks nobody; otherwise gives it back.
    fn read_now(&self, job: Box<dyn Job>, reading: Reading) -> Result<(), Box<dyn Job>>;
    fn engine(&self) -> Engine;
}

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    backend: Arc<dyn Backend>,
    notices: broadcast::Sender<Notice>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("engine", &self.backend.engine())
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens (and migrates) an SQLite file.
    pub fn open_sqlite(path: &Path) -> Result<Self, StoreError> {
        let (notices, _) = broadcast::channel(4_096);
        let backend = Arc::new(sqlite::Sqlite::open(path, notices.clone())?);
        Ok(Self { backend, notices })
    }

    /// Connects to (and migrates) a PostgreSQL database, `postgres://…`.
    pub fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let (notices, _) = broadcast::channel(4_096);
        let backend = Arc::new(postgres::Postgres::open(url, notices.clone())?);
        Ok(Self { backend, notices })
    }

    /// Which engine is below.
    pub fn engine(&self) -> Engine {
        self.backend.engine()
    }

    /// Notices of committed changes, from this node and (PostgreSQL) from the others. A hint only:
    /// a slow listener may miss some and reads the tables instead.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// Runs a use case in a transaction; the answer comes after the commit. The closure may run
    /// again after a deadlock, so it has no side effect but the transaction.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    {
        let (job, answer) = pending(work);
        self.backend.write(job);
        answered(answer).await
    }

    /// Runs a query on a read-only connection.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    {
        let (job, answer) = pending(work);
        let backend = Arc::clone(&self.backend);
        tokio::task::spawn_blocking(move || backend.read(job, Reading::Snapshot));
        answered(answer).await
    }

    /// [`Store::read`] for one or two look-ups by key, as every request makes: on SQLite they take less
    /// time than handing them to another thread, so they run here when a connection is idle.
    pub async fn read_short<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    {
        self.read_here(work, Reading::Snapshot).await
    }

    /// [`Store::read_short`] for a single statement: no transaction is opened around it.
    pub async fn look_up<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    {
        self.read_here(work, Reading::Statement).await
    }

    async fn read_here<T, E, F>(&self, work: F, reading: Reading) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    {
        let (job, answer) = pending(work);
        if let Err(job) = self.backend.read_now(job, reading) {
            let backend = Arc::clone(&self.backend);
            tokio::task::spawn_blocking(move || backend.read(job, reading));
        }
        answered(answer).await
    }

    /// [`Store::write`] for threads outside the async runtime.
    pub fn write_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    {
        let (send, receive) = std::sync::mpsc::sync_channel(1);
        self.backend.write(Box::new(Work::new(work, move |answer| {
            let _ = send.send(answer);
        })));
        receive
            .recv()
            .unwrap_or_else(|_| Err(StoreError::Panicked.into()))
    }

    /// [`Store::read`] for threads outside the async runtime.
    pub fn read_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    {
        let (send, receive) = std::sync::mpsc::sync_channel(1);
        let job = Work::new(work, move |answer| {
            let _ = send.send(answer);
        });
        self.backend.read(Box::new(job), Reading::Snapshot);
        receive
            .recv()
            .unwrap_or_else(|_| Err(StoreError::Panicked.into()))
    }
}

/// A use case as a job, and where its answer arrives.
fn pending<T, E, F>(work: F) -> (Box<dyn Job>, Answer<T, E>)
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
{
    let (send, answer) = tokio::sync::oneshot::channel();
    let job = Work::new(work, move |answer| {
        let _ = send.send(answer);
    });
    (Box::new(job), answer)
}

type Answer<T, E> = tokio::sync::oneshot::Receiver<Result<T, E>>;

async fn answered<T, E: From<StoreError>>(answer: Answer<T, E>) -> Result<T, E> {
    answer
        .await
        .unwrap_or_else(|_| Err(StoreError::Panicked.into()))
}

/// Joins a use case with the way its answer travels back.
struct Work<F, D, T, E> {
    work: F,
    deliver: D,
    answer: Option<Result<T, E>>,
}

impl<F, D, T, E> Work<F, D, T, E> {
    fn new(work: F, deliver: D) -> Self {
        Self {
            work,
            deliver,
            answer: None,
        }
    }
}

impl<F, D, T, E> Job for Work<F, D, T, E>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send,
    D: FnOnce(Result<T, E>) + Send,
{
    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), Rollback> {
        let work = &mut self.work;
        let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(tx)));
        let answer = answer.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
        if let Some(conflict) = tx.take_conflict() {
            return Err(Rollback::Retry(conflict));
        }
        let outcome = if answer.is_ok() {
            Ok(())
        } else {
            Err(Rollback::Own)
        };
        self.answer = Some(answer);
        outcome
    }

    fn finish(self: Box<Self>, commit: Result<(), StoreError>) {
        let answer = match (commit, self.answer) {
            (Ok(()), Some(answer)) => answer,
            (Ok(()), None) => Err(StoreError::Panicked.into()),
            (Err(_), Some(Err(own))) => Err(own),
            (Err(engine), _) => Err(engine.into()),
        };
        (self.deliver)(answer);
    }
}

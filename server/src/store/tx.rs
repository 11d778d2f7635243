//! `Tx`: all a use case sees of the database.

use super::{Row, StoreError, Value};
use serde::{Deserialize, Serialize};

/// Which engine runs below; only the few unavoidable differences ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, the default.
    Sqlite,
    /// The scale path.
    Postgres,
}

/// Something that changed, told to listeners after the commit. A hint, never the truth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Notice {
    /// A work order changed.
    Order {
        /// Order id.
        id: String,
        /// Its version.
        version: i64,
        /// State word.
        state: String,
        /// Urgency word.
        urgency: String,
    },
    /// A feed scope moved: phones that follow it should poll.
    Scope {
        /// Scope name.
        scope: String,
    },
    /// A list in the console is out of date: `intake_exceptions`, `devices`, `imports`, `staff`, `quarantine`.
    List {
        /// Which.
        name: String,
    },
}

/// An open transaction. Object-safe and tiny on purpose.
pub trait Tx {
    /// Runs a statement with positional `?1` parameters; returns the rows changed.
    fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64, StoreError>;

    /// Runs a query and hands over each row.
    fn query(
        &mut self,
        sql: &str,
        args: &[Value],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Several statements without parameters, as migrations have them.
    fn batch(&mut self, sql: &str) -> Result<(), StoreError>;

    /// The engine below.
    fn engine(&self) -> Engine;

    /// Queues a notice for after the commit; dropped on rollback.
    fn notify(&mut self, notice: Notice);

    /// A pending deadlock or serialisation failure, taken by the store for its retry.
    #[doc(hidden)]
    fn take_conflict(&mut self) -> Option<StoreError>;

    /// Marks the notices queued so far, for [`savepoint`].
    #[doc(hidden)]
    fn notice_mark(&self) -> usize;

    /// Drops notices queued after the mark.
    #[doc(hidden)]
    fn notice_rewind(&mut self, mark: usize);
}

impl dyn Tx + '_ {
    /// The first row, mapped; `None` when there is none.
    pub fn first<T>(
        &mut self,
        sql: &str,
        args: &[Value],
        map: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut found = None;
        self.query(sql, args, &mut |row| {
            if found.is_none() {
                found = Some(map(row)?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// All rows, mapped. The statement carries its own LIMIT.
    pub fn all<T>(
        &mut self,
        sql: &str,
        args: &[Value],
        map: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        self.query(sql, args, &mut |row| {
            rows.push(map(row)?);
            Ok(())
        })?;
        Ok(rows)
    }
}

/// Runs `work` in a savepoint: its error undoes its own changes only. On PostgreSQL this is what
/// keeps one refused command from aborting the whole batch (25P02).
pub fn savepoint<T, E: From<StoreError>>(
    tx: &mut dyn Tx,
    work: impl FnOnce(&mut dyn Tx) -> Result<T, E>,
) -> Result<T, E> {
    tx.batch("SAVEPOINT step")?;
    let mark = tx.notice_mark();
    match work(tx) {
        Ok(answer) => {
            tx.batch("RELEASE SAVEPOINT step")?;
            Ok(answer)
        }
        Err(error) => {
            tx.notice_rewind(mark);
            tx.batch("ROLLBACK TO SAVEPOINT step")?;
            tx.batch("RELEASE SAVEPOINT step")?;
            Err(error)
        }
    }
}

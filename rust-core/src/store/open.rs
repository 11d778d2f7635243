//! Opening the store: lock, check, upgrade, set a damaged file aside, reconcile with the journal.

use super::journal::{self, Journal, JournalEntry};
use super::{Store, restore, schema, settings};
use crate::error::CoreError;
use dianma_schema::fault;
use rusqlite::Connection;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

/// Half a minute in all.
const LOCK_TRIES: u32 = 1_500;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

const DATABASE: &str = "phone.db";
const JOURNAL: &str = "outbox.journal";
const LOCK: &str = "lock";
/// Present while the database was closed in order; absent after a kill, then the file is checked.
const CLOSED: &str = "closed-in-order";
/// Present after a store fault; the next opening checks the file even if it was closed in order.
const DOUBTFUL: &str = "doubtful";

impl Store {
    /// Opens or creates the store in `dir`, waiting for another process to finish with it.
    pub fn open(dir: &Path, now_ms: i64) -> Result<Self, CoreError> {
        std::fs::create_dir_all(dir.join("evidence"))?;
        let lock = File::create(dir.join(LOCK))?;
        wait_for(&lock)?;
        let (journal, entries) = Journal::open(&dir.join(JOURNAL))?;
        journal::sync_directory(&dir.join(JOURNAL))?;
        let (connection, is_rebuilt) = open_or_set_aside(dir, now_ms)?;
        let _ = std::fs::remove_file(dir.join(CLOSED));
        let mut store = Self {
            connection,
            journal,
            dir: dir.to_owned(),
            _lock: lock,
        };
        store.reconcile(&entries, is_rebuilt, now_ms)?;
        let _ = std::fs::remove_file(dir.join(DOUBTFUL));
        Ok(store)
    }

    /// A rebuilt or lost database takes over what the journal holds; a sound one decides what the
    /// journal should hold.
    fn reconcile(
        &mut self,
        entries: &[JournalEntry],
        is_rebuilt: bool,
        now_ms: i64,
    ) -> Result<(), CoreError> {
        let is_fresh = settings::get::<i64>(&self.connection, settings::name::NEXT_N)?.is_none();
        let tx = self.connection.transaction()?;
        if is_fresh {
            restore::from_journal(&tx, entries)?;
        } else {
            restore::adopt(&tx, entries)?;
        }
        if is_rebuilt {
            settings::set(&tx, settings::name::RESTORED_AT_MS, now_ms)?;
        }
        tx.commit()?;
        let wanted = restore::journal_entries(&self.connection)?;
        if restore::is_covered(&wanted, entries) {
            return self.compact_journal();
        }
        Ok(self.journal.rewrite(&wanted)?)
    }
}

/// Waits until nobody else has the store open. A process that keeps it open all the time is told as
/// busy, instead of hanging the caller for ever. The kernel is asked directly: on Android `File::try_lock`
/// is not there.
fn wait_for(lock: &File) -> Result<(), CoreError> {
    for _ in 0..LOCK_TRIES {
        match flock(lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(()),
            Err(Errno::WOULDBLOCK | Errno::INTR) => std::thread::sleep(LOCK_PAUSE),
            Err(error) => return Err(std::io::Error::from(error).into()),
        }
    }
    Err(CoreError::of(fault::X_BUSY).because("数据正被另一程序使用"))
}

/// The open, sound database; `true` when a damaged one was set aside for it.
fn open_or_set_aside(dir: &Path, now_ms: i64) -> Result<(Connection, bool), CoreError> {
    let path = dir.join(DATABASE);
    let must_check = !dir.join(CLOSED).exists() || dir.join(DOUBTFUL).exists();
    match open_sound(&path, must_check) {
        Ok(connection) => Ok((connection, false)),
        Err(error) if error.code() == fault::D_STORE && path.exists() => {
            set_aside(dir, now_ms)?;
            Ok((open_sound(&path, false)?, true))
        }
        Err(error) => Err(error),
    }
}

fn open_sound(path: &Path, must_check: bool) -> Result<Connection, CoreError> {
    let mut connection = Connection::open(path)?;
    schema::apply_pragmas(&connection)?;
    schema::upgrade(&mut connection)?;
    if must_check {
        let verdict: String =
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Err(CoreError::of(fault::D_STORE).because(&verdict));
        }
    }
    Ok(connection)
}

/// Renames the damaged file with its write-ahead log; it is kept for the office.
fn set_aside(dir: &Path, now_ms: i64) -> Result<(), CoreError> {
    for suffix in ["", "-wal", "-shm"] {
        let from = dir.join(format!("{DATABASE}{suffix}"));
        if from.exists() {
            std::fs::rename(&from, dir.join(format!("damaged-{now_ms}.db{suffix}")))?;
        }
    }
    Ok(journal::sync_directory(&dir.join(DATABASE))?)
}

/// Makes the next opening check the whole file.
pub(super) fn mark_doubtful(dir: &Path) {
    // Nothing more can be done when even this fails: without the closed mark the check runs anyway.
    let _ = File::create(dir.join(DOUBTFUL));
}

/// Says that the database was closed in order.
pub(super) fn mark_closed(dir: &Path) {
    let _ = File::create(dir.join(CLOSED));
}

//! Opening the store: lock, check, upgrade, set a damaged file aside, reconcile with the journal.

use super::journal::{self, Journal, JournalEntry};
use super::seal::{self, Home, Locksmith};
use super::{Store, restore, schema, settings};
use crate::error::CoreError;
use dianma_schema::fault;
use rusqlite::{Connection, OpenFlags};
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
    /// Opens or creates the store in `dir`, waiting for another process to finish with it. With a
    /// locksmith its data is sealed at rest.
    pub fn open(
        dir: &Path,
        now_ms: i64,
        locksmith: Option<Locksmith<'_>>,
    ) -> Result<Self, CoreError> {
        std::fs::create_dir_all(dir)?;
        let lock = File::create(dir.join(LOCK))?;
        wait_for(&lock)?;
        let home = seal::open(dir, locksmith, now_ms)?;
        let (connection, journal, entries, is_rebuilt) = open_files(&home, now_ms)?;
        let mut store = Self {
            connection,
            journal,
            home,
            _lock: lock,
        };
        store.settle(&entries, is_rebuilt, now_ms)?;
        Ok(store)
    }

    /// Brings back what the key store could not open, by the server's recovery key. `true` when the store
    /// is another one now. Work that was queued since then is never given up for it.
    pub fn give_back(
        &mut self,
        recovery: &[u8; seal::RECOVERY_BYTES],
        now_ms: i64,
    ) -> Result<bool, CoreError> {
        if self.home.put_away().is_none() || has_own_work(&self.connection)? {
            return Ok(false);
        }
        // Has no tables: whatever fails from here on, nothing can seem to be saved.
        self.connection = Connection::open_in_memory()?;
        let given_back = seal::give_back(&self.home, recovery)?;
        let is_back = given_back.is_some();
        self.home = given_back.unwrap_or_else(|| self.home.clone());
        let (connection, journal, entries, is_rebuilt) = open_files(&self.home, now_ms)?;
        (self.connection, self.journal) = (connection, journal);
        self.settle(&entries, is_rebuilt, now_ms)?;
        Ok(is_back)
    }

    fn settle(
        &mut self,
        entries: &[JournalEntry],
        is_rebuilt: bool,
        now_ms: i64,
    ) -> Result<(), CoreError> {
        self.reconcile(entries, is_rebuilt, now_ms)?;
        let _ = std::fs::remove_file(self.home.dir.join(DOUBTFUL));
        Ok(())
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

/// Whether somebody did or wrote something in this store.
fn has_own_work(db: &Connection) -> Result<bool, CoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM outbox) OR EXISTS (SELECT 1 FROM drafts)";
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}

/// Connection, journal with what it held, and whether a damaged database was set aside.
fn open_files(
    home: &Home,
    now_ms: i64,
) -> Result<(Connection, Journal, Vec<JournalEntry>, bool), CoreError> {
    let dir = &home.dir;
    std::fs::create_dir_all(dir.join("evidence"))?;
    let (journal, entries) = Journal::open(&dir.join(JOURNAL), seal::journal_cipher(home))?;
    journal::sync_directory(&dir.join(JOURNAL))?;
    let (connection, is_rebuilt) = open_or_set_aside(home, now_ms)?;
    let _ = std::fs::remove_file(dir.join(CLOSED));
    Ok((connection, journal, entries, is_rebuilt))
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
    Err(CoreError::of(fault::X_BUSY)
        .because_of("数据正被另一程序使用", "another program is using the data"))
}

/// The open, sound database; `true` when a damaged one was set aside for it.
fn open_or_set_aside(home: &Home, now_ms: i64) -> Result<(Connection, bool), CoreError> {
    let dir = &home.dir;
    let path = dir.join(DATABASE);
    let is_sealed = home.key.is_some();
    let must_check = !dir.join(CLOSED).exists() || dir.join(DOUBTFUL).exists();
    match open_sound(&path, is_sealed, must_check) {
        Ok(connection) => Ok((connection, false)),
        Err(error) if error.code() == fault::D_STORE && path.exists() => {
            set_aside(dir, now_ms)?;
            Ok((open_sound(&path, is_sealed, false)?, true))
        }
        Err(error) => Err(error),
    }
}

fn open_sound(path: &Path, is_sealed: bool, must_check: bool) -> Result<Connection, CoreError> {
    let mut connection = if is_sealed {
        let sealed = Connection::open_with_flags_and_vfs(path, OpenFlags::default(), seal::VFS)?;
        // Write-ahead logging without shared memory: the store's lock keeps others out.
        sealed.query_row("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
        sealed
    } else {
        Connection::open(path)?
    };
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

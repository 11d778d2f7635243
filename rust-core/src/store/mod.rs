//! The phone's store: one database file, one journal file, one directory of evidence. It is never
//! wiped: a damaged database is set aside, rebuilt, and unsent work restored from the journal.
//!
//! A call that queues work returns only after both copies are on disk. Where the platform has a key store
//! all of it is sealed at rest ([`seal`]).

pub mod cursors;
pub mod customers;
pub mod departures;
pub mod drafts;
pub mod facts;
pub mod files;
pub mod journal;
pub mod link;
mod open;
pub mod orders;
pub mod outbox_rows;
pub mod places;
mod restore;
pub mod schema;
pub mod seal;
pub mod search_index;
pub mod settings;
pub mod staff;
pub mod trust;

use crate::error::CoreError;
use dianma_schema::fault;
use journal::{Journal, JournalEntry};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use seal::Home;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Beyond this many bytes a journal is checked for entries that are no longer needed.
const JOURNAL_COMPACT_BYTES: u64 = 1024 * 1024;

/// The open store. Dropping it marks the database as closed in order and gives the lock back.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    journal: Journal,
    home: Home,
    /// Held while open: one process at a time.
    _lock: File,
}

impl Store {
    /// Directory of the evidence files.
    pub fn evidence_dir(&self) -> PathBuf {
        self.home.dir.join("evidence")
    }

    /// The directory of the store's files.
    pub fn dir(&self) -> &Path {
        &self.home.dir
    }

    /// Where everything lies and what seals it.
    pub const fn home(&self) -> &Home {
        &self.home
    }

    /// Reads in one snapshot.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, CoreError>,
    ) -> Result<T, CoreError> {
        self.noticing(work(&self.connection))
    }

    /// Writes mirror data and settings in one transaction.
    pub fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, CoreError>,
    ) -> Result<T, CoreError> {
        self.write_journaled(|tx| work(tx).map(|done| (done, Vec::new())))
    }

    /// Writes in one transaction and puts `entries` into the journal first. Both are on disk when
    /// this returns; when either fails, neither counts.
    pub fn write_journaled<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<(T, Vec<JournalEntry>), CoreError>,
    ) -> Result<T, CoreError> {
        let result = Self::commit(&mut self.connection, &mut self.journal, work);
        self.noticing(result)
    }

    fn commit<T>(
        connection: &mut Connection,
        journal: &mut Journal,
        work: impl FnOnce(&Transaction<'_>) -> Result<(T, Vec<JournalEntry>), CoreError>,
    ) -> Result<T, CoreError> {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (done, entries) = work(&tx)?;
        if entries.is_empty() {
            tx.commit()?;
            return Ok(done);
        }
        let before = journal.append(&entries)?;
        if let Err(error) = tx.commit() {
            journal.take_back(before);
            return Err(error.into());
        }
        Ok(done)
    }

    /// Drops what the journal no longer needs, once it has grown.
    pub fn compact_journal(&mut self) -> Result<(), CoreError> {
        if self.journal.length() < JOURNAL_COMPACT_BYTES {
            return Ok(());
        }
        self.rewrite_journal()
    }

    /// Writes the journal anew from the database.
    pub fn rewrite_journal(&mut self) -> Result<(), CoreError> {
        let entries = restore::journal_entries(&self.connection)?;
        Ok(self.journal.rewrite(&entries)?)
    }

    /// A store fault makes the next opening check the whole file.
    fn noticing<T>(&self, result: Result<T, CoreError>) -> Result<T, CoreError> {
        if let Err(error) = &result
            && error.code() == fault::D_STORE
        {
            open::mark_doubtful(&self.home.dir);
        }
        result
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        open::mark_closed(&self.home.dir);
    }
}

//! Polling a staging database: per table a rising key; rows and cursor move in one transaction, so
//! that a stop at any moment loses and doubles nothing. A vanished source is a fault that is shown
//! and tried again, never an end.

use super::batch;
use super::lease::{self, Lease};
use super::record::Incoming;
use super::second_try;
use super::staging_source::{Reader, SourceGone, Staging, StagingRow};
use super::staging_tables::{StagingTable, TABLES};
use crate::args;
use crate::clock::random;
use crate::error::ApiError;
use crate::intake::imports::mapping;
use crate::intake::imports::run::Target;
use crate::mint::Mint;
use crate::orders::By;
use crate::store::{Notice, StoreError, Tx};
use crate::text::sha256_hex;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::time::MINUTE_MS;
use std::time::Duration;

/// Rows in one transaction.
const BATCH: i64 = 500;
/// Batches of one table in one round, so that no table starves the others.
const MAX_BATCHES: usize = 40;
/// Pause between rounds.
const EVERY: Duration = Duration::from_secs(3);
/// Longest pause after faults.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How long a node holds the duty without renewing it.
const LEASE_MS: i64 = 2 * MINUTE_MS;

/// Why a round stopped.
#[derive(Debug, thiserror::Error)]
pub enum RoundError {
    /// The source.
    #[error(transparent)]
    Gone(#[from] SourceGone),
    /// Our own database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    Api(#[from] ApiError),
}

/// A staging database under a name.
#[derive(Clone, Debug)]
pub struct Poller {
    /// Where it writes.
    pub target: Target,
    /// Where it reads.
    pub staging: Staging,
    /// Name in the list of sources.
    pub source: String,
    /// This node.
    pub node: String,
}

impl Poller {
    /// Starts the duty on a thread of its own; it ends with the process.
    pub fn start(self) -> std::io::Result<()> {
        std::thread::Builder::new()
            .name("staging".to_owned())
            .spawn(move || self.poll_for_ever())
            .map(drop)
    }

    fn poll_for_ever(&self) {
        let mut pause = EVERY;
        loop {
            match self.round() {
                Ok(_) => pause = EVERY,
                Err(error) => {
                    tracing::warn!(error = %error, "a staging round stopped");
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
            std::thread::sleep(pause);
        }
    }

    /// One round over all tables; how many rows were taken in. 0 when another node has the duty.
    pub fn round(&self) -> Result<usize, RoundError> {
        let now_ms = self.target.clock.now_ms();
        let (name, node) = (format!("staging:{}", self.source), self.node.clone());
        let held = self
            .target
            .store
            .write_blocking(move |tx| lease::hold(tx, now_ms, &name, &node, LEASE_MS))?;
        let Some(lease) = held else {
            return Ok(0);
        };
        let outcome = self.read_tables(&lease);
        if let Err(RoundError::Gone(_)) = &outcome {
            self.mark(Some(fault::S_SOURCE_GONE))?;
        }
        outcome
    }

    fn read_tables(&self, lease: &Lease) -> Result<usize, RoundError> {
        let mut reader = self.staging.open()?;
        let mut taken = 0;
        let mut present = 0;
        let mut has_brought = false;
        for table in TABLES {
            if !reader.has(table.name)? {
                continue;
            }
            present += 1;
            let rows = self.read_table(reader.as_mut(), table, lease)?;
            taken += rows;
            has_brought |= rows > 0 && second_try::brings(table.kind);
        }
        if present == 0 {
            // An empty file is not a quiet day: somebody moved the database.
            self.mark(Some(fault::S_SOURCE_GONE))?;
            return Ok(0);
        }
        if has_brought {
            second_try::run(&self.target)?;
        }
        Ok(taken)
    }

    fn read_table(
        &self,
        reader: &mut dyn Reader,
        table: &'static StagingTable,
        lease: &Lease,
    ) -> Result<usize, RoundError> {
        let mut cursor = self.start_of(reader, table)?;
        let mut taken = 0;
        for _ in 0..MAX_BATCHES {
            let rows = reader.after(table.name, cursor.seq, BATCH)?;
            let Some(last) = rows.last() else {
                self.touch(table, &cursor)?;
                break;
            };
            cursor = Cursor::of(last);
            taken += rows.len();
            let is_short = rows.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
            if !self.take_in(table, rows, &cursor, lease)? || is_short {
                break;
            }
        }
        Ok(taken)
    }

    /// Where reading goes on. When the row there has another content, or the table ends before it,
    /// the database was made anew: reading starts over, and what is known stays unchanged.
    fn start_of(
        &self,
        reader: &mut dyn Reader,
        table: &StagingTable,
    ) -> Result<Cursor, RoundError> {
        let (source, name) = (self.source.clone(), table.name);
        let stored = self
            .target
            .store
            .read_blocking(move |tx| load(tx, &source, name))?;
        let cursor = stored.unwrap_or_default();
        if cursor.seq == 0 {
            return Ok(cursor);
        }
        let is_same = match reader.at(table.name, cursor.seq)? {
            Some(row) => Cursor::of(&row) == cursor,
            // Rows that were read may be cleared away; a table that ends earlier is another table.
            None => reader.last(table.name)? == 0 || reader.last(table.name)? > cursor.seq,
        };
        if is_same {
            return Ok(cursor);
        }
        tracing::warn!(
            table = table.name,
            "the staging table was made anew, reading starts over"
        );
        Ok(Cursor::default())
    }

    /// Rows and cursor in one transaction; `false` when the duty has gone to another node.
    fn take_in(
        &self,
        table: &'static StagingTable,
        rows: Vec<StagingRow>,
        cursor: &Cursor,
        lease: &Lease,
    ) -> Result<bool, RoundError> {
        let Some(mapping) = mapping::find(table.mapping) else {
            return Ok(false);
        };
        let batch: Vec<Incoming> = rows
            .into_iter()
            .map(|row| {
                let (names, values) = without_key(row);
                Incoming::read(table.door, mapping, &names, &values)
            })
            .collect();
        let mint = Mint::new(self.target.clock.now_ms(), random()?);
        let (source, cursor, lease) = (self.source.clone(), cursor.clone(), lease.clone());
        let held = self.target.store.write_blocking(move |tx| {
            if !lease::is_held(tx, &lease)? {
                return Ok::<bool, StoreError>(false);
            }
            store(tx, mint.now_ms(), &source, table.name, &cursor, None)?;
            lease::hold(tx, mint.now_ms(), &lease.name, &lease.holder, LEASE_MS)?;
            batch::receive(tx, &mut mint.clone(), &By::system(), &batch)?;
            Ok(true)
        })?;
        Ok(held)
    }

    fn touch(&self, table: &'static StagingTable, cursor: &Cursor) -> Result<(), StoreError> {
        let (source, cursor) = (self.source.clone(), cursor.clone());
        let now_ms = self.target.clock.now_ms();
        self.target
            .store
            .write_blocking(move |tx| store(tx, now_ms, &source, table.name, &cursor, None))
    }

    /// Shows a fault at every table of the source, without moving a cursor.
    fn mark(&self, code: Option<FaultCode>) -> Result<(), StoreError> {
        let source = self.source.clone();
        let now_ms = self.target.clock.now_ms();
        self.target.store.write_blocking(move |tx| {
            for table in TABLES {
                let cursor = load(tx, &source, table.name)?.unwrap_or_default();
                store(tx, now_ms, &source, table.name, &cursor, code)?;
            }
            tx.notify(Notice::List {
                name: "sources".to_owned(),
            });
            Ok(())
        })
    }
}

/// The key is the table's, not the record's: the same record under a new key is the same record.
fn without_key(row: StagingRow) -> (Vec<String>, Vec<String>) {
    row.names
        .into_iter()
        .zip(row.values)
        .filter(|(name, _)| !name.eq_ignore_ascii_case("seq"))
        .unzip()
}

/// How far a table was read: the key of the last row and a hash of its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Key.
    pub seq: i64,
    hash: String,
}

impl Cursor {
    fn of(row: &StagingRow) -> Self {
        let text = row.values.join("\u{1F}");
        Self {
            seq: row.seq,
            hash: sha256_hex(text.as_bytes()).chars().take(16).collect(),
        }
    }

    fn parse(text: &str) -> Self {
        let (seq, hash) = text.split_once('/').unwrap_or((text, ""));
        Self {
            seq: seq.parse().unwrap_or(0),
            hash: hash.to_owned(),
        }
    }
}

fn load(tx: &mut dyn Tx, source: &str, table: &str) -> Result<Option<Cursor>, StoreError> {
    tx.first(
        "SELECT last_key FROM intake_cursors WHERE source = ?1 AND table_name = ?2",
        args![source, table],
        |row| Ok(Cursor::parse(&row.text(0)?)),
    )
}

fn store(
    tx: &mut dyn Tx,
    now_ms: i64,
    source: &str,
    table: &str,
    cursor: &Cursor,
    code: Option<FaultCode>,
) -> Result<(), StoreError> {
    // A fault keeps the time of the last good poll: the lag people see grows.
    tx.execute(
        "INSERT INTO intake_cursors (source, table_name, last_key, polled_at_ms, fault_code) \
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (source, table_name) DO UPDATE SET \
         last_key = excluded.last_key, fault_code = excluded.fault_code, \
         polled_at_ms = CASE WHEN excluded.fault_code IS NULL THEN excluded.polled_at_ms \
         ELSE intake_cursors.polled_at_ms END",
        args![
            source,
            table,
            format!("{}/{}", cursor.seq, cursor.hash),
            now_ms,
            code.map(FaultCode::as_str)
        ],
    )?;
    Ok(())
}

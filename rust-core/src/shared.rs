//! What the sub-objects of a phone share: the open store with its clock, entropy and sign-in state.

use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::error::CoreError;
use crate::session::{SessionRecord, TokenSealer, seal};
use crate::store::journal::JournalEntry;
use crate::store::seal::{DataKey, Origin};
use crate::store::{Store, files, settings, settings::name};
use crate::text::hex;
use rusqlite::{Connection, Transaction};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A clock offset is stored again only when it moved by more than this.
const OFFSET_STEP_MS: i64 = 500;
/// The newest server time is stored at most this often, so that an empty poll writes nothing.
const SEEN_STEP_MS: i64 = 600_000;

/// What the sub-objects share.
pub struct Shared {
    store: Mutex<Store>,
    clock: Arc<dyn Clock>,
    entropy: Mutex<Box<dyn Entropy>>,
    is_unlocked: AtomicBool,
    sealer: Option<Arc<dyn TokenSealer>>,
    /// Wall clock at the last request and how long it took, ms: what the offset is measured with.
    exchange: Mutex<(i64, u64)>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// A panic elsewhere does not make the store useless: every write is one transaction.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(crate) fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        entropy: Box<dyn Entropy>,
        sealer: Option<Arc<dyn TokenSealer>>,
    ) -> Self {
        Self {
            store: Mutex::new(store),
            entropy: Mutex::new(entropy),
            is_unlocked: AtomicBool::new(false),
            sealer,
            exchange: Mutex::new((0, 0)),
            clock,
        }
    }

    /// The clocks.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Uses the entropy.
    pub fn with_entropy<T>(&self, work: impl FnOnce(&mut dyn Entropy) -> T) -> T {
        work(lock(&self.entropy).as_mut())
    }

    /// Uses the store.
    pub fn with_store<T>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, CoreError>,
    ) -> Result<T, CoreError> {
        work(&mut lock(&self.store))
    }

    /// Reads.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, CoreError>,
    ) -> Result<T, CoreError> {
        lock(&self.store).read(work)
    }

    /// Writes mirror data and settings.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, CoreError>,
    ) -> Result<T, CoreError> {
        lock(&self.store).write(work)
    }

    /// Writes what must survive the loss of the database.
    pub fn write_journaled<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<(T, Vec<JournalEntry>), CoreError>,
    ) -> Result<T, CoreError> {
        lock(&self.store).write_journaled(work)
    }

    /// The PIN was entered in this process.
    pub fn is_unlocked(&self) -> bool {
        self.is_unlocked.load(Ordering::Relaxed)
    }

    /// Remembers whether the PIN was entered.
    pub fn set_unlocked(&self, is_unlocked: bool) {
        self.is_unlocked.store(is_unlocked, Ordering::Relaxed);
    }

    /// The bearer token, when signed in.
    pub fn token(&self) -> Result<Option<String>, CoreError> {
        let session = self.read(SessionRecord::load)?;
        let kept = session.and_then(|session| session.token);
        kept.map(|kept| seal::open(self.sealer.as_ref(), kept))
            .transpose()
    }

    /// The platform's key store, when there is one.
    pub const fn sealer(&self) -> Option<&Arc<dyn TokenSealer>> {
        self.sealer.as_ref()
    }

    /// What was put away because the key store lost its key.
    pub fn put_away(&self) -> Option<Origin> {
        lock(&self.store).home().put_away()
    }

    /// What seals files at rest.
    pub fn data_key(&self) -> Option<DataKey> {
        lock(&self.store).home().key.clone()
    }

    /// The form a token is kept in.
    pub fn sealed_token(&self, token: &str) -> Result<String, CoreError> {
        seal::seal(self.sealer.as_ref(), token)
    }

    /// Where the bytes of a file lie.
    pub fn evidence_path(&self, sha256: &[u8; 32]) -> PathBuf {
        lock(&self.store).evidence_dir().join(hex(sha256))
    }

    /// Remembers when the last request was sent and how long it took.
    pub fn note_exchange(&self, sent_wall_ms: i64, took_ms: u64) {
        *lock(&self.exchange) = (sent_wall_ms, took_ms);
    }

    /// Measures server clock minus phone clock and returns it, ms. The error is half a round trip.
    pub fn note_server_time(&self, server_ms: i64) -> Result<i64, CoreError> {
        let (sent_ms, took_ms) = *lock(&self.exchange);
        let half = i64::try_from(took_ms / 2).unwrap_or(0);
        let offset_ms = server_ms - (sent_ms + half);
        let boot_id = i64::from(self.clock.boot_id());
        let (old, boot, seen) = self.read(|db| {
            Ok((
                settings::get::<i64>(db, name::CLOCK_OFFSET_MS)?,
                settings::get::<i64>(db, name::CLOCK_BOOT_ID)?,
                settings::get::<i64>(db, name::SERVER_SEEN_MS)?.unwrap_or(0),
            ))
        })?;
        let has_moved = old.is_none_or(|old| (old - offset_ms).abs() > OFFSET_STEP_MS);
        if has_moved || boot != Some(boot_id) || server_ms - seen > SEEN_STEP_MS {
            self.write(|tx| {
                settings::set(tx, name::CLOCK_OFFSET_MS, offset_ms)?;
                settings::set(tx, name::CLOCK_ERROR_MS, half)?;
                settings::set(tx, name::CLOCK_BOOT_ID, boot_id)?;
                settings::set(tx, name::SERVER_SEEN_MS, server_ms.max(seen))
            })?;
        }
        Ok(offset_ms)
    }

    /// Forgets what may be forgotten: old accepted commands, local copies of files long uploaded.
    pub(crate) fn keep_house(&self) -> Result<(), CoreError> {
        let now_ms = self.clock.wall_ms();
        let expired = self.read(|db| files::expired(db, now_ms))?;
        for sha256 in &expired {
            match std::fs::remove_file(self.evidence_path(sha256)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error.into());
                }
                _ => self.write(|tx| files::forget(tx, sha256))?,
            }
        }
        self.write(|tx| crate::outbox::prune(tx, now_ms))?;
        self.write(|tx| crate::store::drafts::prune(tx, now_ms))?;
        self.with_store(Store::compact_journal)
    }
}

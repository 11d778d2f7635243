//! The root object: one open store with its clock, entropy and sign-in state, and the sub-objects by
//! topic. All methods are synchronous; those that wait for the network take a transport and say so.
//! A Kotlin caller runs every one of them on its worker thread.

use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::error::CoreError;
use crate::evidence::EvidenceStore;
use crate::lookup::Lookup;
use crate::release::Releases;
use crate::session::{Session, TokenSealer};
use crate::shared::Shared;
use crate::store::seal::{Locksmith, Origin};
use crate::store::{Store, files, link, outbox_rows, settings, settings::name, trust};
use crate::sync::policy::{Hold, Link};
use crate::sync::{Engine, Event, SyncReport, driver, transport::Transport};
use crate::text::{from_hex, hex};
use crate::work::{Costing, Orders};
use dianma_schema::fault;
use dianma_schema::wire::sync::NetClass;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;

/// Version told to the server.
pub const APP_VERSION: &str = env!("CARGO_PKG_VERSION");

/// A phone: the whole core behind one object.
#[derive(Clone, Debug)]
pub struct Phone {
    shared: Arc<Shared>,
}

impl Phone {
    /// Opens or creates the store in `dir`. Waits for another process that has it open.
    pub fn open(
        dir: &Path,
        clock: Arc<dyn Clock>,
        entropy: Box<dyn Entropy>,
    ) -> Result<Self, CoreError> {
        let store = Store::open(dir, clock.wall_ms(), None)?;
        Ok(Self::of(store, clock, entropy, None))
    }

    /// Opens or creates the store in `dir`, everything in it sealed by a key that the platform's key store
    /// keeps. `X-503-BUSY` while that does not answer. When it has lost its key, what is there is put away
    /// until the next sign-in brings the server's recovery key.
    pub fn open_sealed(
        dir: &Path,
        clock: Arc<dyn Clock>,
        mut entropy: Box<dyn Entropy>,
        sealer: Arc<dyn TokenSealer>,
    ) -> Result<Self, CoreError> {
        let locksmith = Locksmith {
            sealer: Arc::clone(&sealer),
            entropy: &mut *entropy,
        };
        let store = Store::open(dir, clock.wall_ms(), Some(locksmith))?;
        Ok(Self::of(store, clock, entropy, Some(sealer)))
    }

    fn of(
        store: Store,
        clock: Arc<dyn Clock>,
        entropy: Box<dyn Entropy>,
        sealer: Option<Arc<dyn TokenSealer>>,
    ) -> Self {
        Self {
            shared: Arc::new(Shared::new(store, clock, entropy, sealer)),
        }
    }

    /// Best estimate of the server's time, epoch ms.
    pub fn server_now_ms(&self) -> Result<i64, CoreError> {
        self.shared.server_now_ms()
    }

    /// Milliseconds since the phone booted.
    pub fn elapsed_ms(&self) -> u64 {
        self.shared.clock().elapsed_ms()
    }

    /// What still has to go to the server and what came back.
    pub fn unsent(&self) -> Result<Unsent, CoreError> {
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| {
            let files = files::pending(db, &link::standing(db, now_ms)?)?;
            Ok(Unsent {
                commands: outbox_rows::count_pending(db)?,
                refused: outbox_rows::count_open_refusals(db)?,
                files: files.files,
                file_bytes: files.bytes,
                file_hold: files.hold,
            })
        })
    }

    /// Work orders in hand: lists, actions, refusals.
    pub fn orders(&self) -> Orders {
        Orders::new(Arc::clone(&self.shared))
    }

    /// Search and scan.
    pub fn lookup(&self) -> Lookup {
        Lookup::new(Arc::clone(&self.shared))
    }

    /// Operation cards and cost sheets.
    pub fn costing(&self) -> Costing {
        Costing::new(Arc::clone(&self.shared))
    }

    /// Sign-in, PIN, lease.
    pub fn session(&self) -> Session {
        Session::new(Arc::clone(&self.shared))
    }

    /// Photos, sound, video.
    pub fn evidence(&self) -> EvidenceStore {
        EvidenceStore::new(Arc::clone(&self.shared))
    }

    /// Newer versions of the app.
    pub fn releases(&self) -> Releases {
        Releases::new(Arc::clone(&self.shared))
    }

    /// Exchange with the server. Keep one per process: it remembers failures and rates.
    pub fn sync(&self) -> Result<Sync, CoreError> {
        let net = self.shared.read(link::net_class)?;
        self.shared.write(|tx| files::offer_again(tx))?;
        Ok(Sync {
            shared: Arc::clone(&self.shared),
            engine: Engine::new(APP_VERSION, net),
        })
    }

    /// Work of before the key store lost its key, put away until a sign-in brings it back; where that was.
    pub fn put_away(&self) -> Option<Origin> {
        self.shared.put_away()
    }

    /// When a damaged store was restored, epoch ms; told once per restoration until confirmed.
    pub fn restored_at_ms(&self) -> Result<Option<i64>, CoreError> {
        self.shared
            .read(|db| settings::get(db, name::RESTORED_AT_MS))
    }

    /// The person has seen that the store was restored.
    pub fn confirm_restored(&self) -> Result<(), CoreError> {
        self.shared
            .write(|tx| settings::clear(tx, name::RESTORED_AT_MS))
    }

    /// The bearer token, for an adapter that keeps a wake-up stream open.
    pub fn bearer_token(&self) -> Result<Option<String>, CoreError> {
        self.shared.token()
    }

    /// The signed lists this phone carries.
    pub fn signed_lists(&self) -> Result<SignedLists, CoreError> {
        self.shared.read(|db| {
            let have = trust::have(db)?;
            Ok(SignedLists {
                key_serial: have.key_serial,
                revocation_serial: have.revocation_serial,
                as_of_ms: trust::as_of_ms(db)?,
                root_key: trust::root(db)?.map(|key| hex(&key)),
            })
        })
    }

    /// The network class as last set.
    pub fn net_class(&self) -> Result<NetClass, CoreError> {
        self.shared.read(link::net_class)
    }

    /// The network, and what files have taken of the data plan today.
    pub fn link(&self) -> Result<Link, CoreError> {
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| link::standing(db, now_ms))
    }

    /// Sends this file (SHA-256, hexadecimal) with the next exchange, whatever the policy says of size, kind and day.
    pub fn send_file_now(&self, sha256: &str) -> Result<(), CoreError> {
        let digest = from_hex(sha256).and_then(|bytes| bytes.try_into().ok());
        let digest = digest.ok_or_else(|| CoreError::of(fault::V_NOT_FOUND))?;
        self.shared.write(|tx| files::set_asked(tx, &digest))
    }

    /// Sets the network class; it decides page sizes and whether files may go up.
    pub fn set_net_class(&self, net: NetClass) -> Result<(), CoreError> {
        self.shared.write(|tx| link::set_net_class(tx, net))
    }

    #[cfg(any(test, feature = "field", feature = "probe"))]
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Reads the store directly, for tests and benchmarks.
    pub fn inspect<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, CoreError>,
    ) -> Result<T, CoreError> {
        self.shared.read(work)
    }
}

/// What still has to go to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Commands without an answer.
    pub commands: u32,
    /// Refused commands nobody has decided on.
    pub refused: u32,
    /// Files.
    pub files: u32,
    /// Bytes of them the server does not have.
    pub file_bytes: u64,
    /// Why all of them wait, when they do.
    pub file_hold: Option<Hold>,
}

/// Key list and revocation set as a phone carries them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SignedLists {
    /// Serial of the key list; 0 = none.
    pub key_serial: u64,
    /// Serial of the revocation set; 0 = none.
    pub revocation_serial: u64,
    /// When both were last known to be the newest, epoch ms.
    pub as_of_ms: Option<i64>,
    /// The pinned root key, hexadecimal: the same as `dianma-server keys list` shows.
    pub root_key: Option<String>,
}

/// Exchange with the server.
#[derive(Debug)]
pub struct Sync {
    shared: Arc<Shared>,
    engine: Engine,
}

impl Sync {
    /// Runs until there is nothing more to do now. Blocking on the network.
    pub fn run(
        &mut self,
        transport: &mut dyn Transport,
        event: Event,
    ) -> Result<SyncReport, CoreError> {
        let report = driver::run(&self.shared, &mut self.engine, transport, event)?;
        self.shared.keep_house()?;
        Ok(report)
    }
}

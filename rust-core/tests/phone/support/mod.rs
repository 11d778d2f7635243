//! What the tests share: a test clock, generated records, and the reference server.

mod blobs;
pub mod keys;
pub mod records;
pub mod server;

use dianma_core::Phone;
use dianma_core::clock::Clock;
use dianma_core::entropy::SeededEntropy;
use dianma_core::session::Enrolment;
use dianma_core::sync::{Event, SyncReport};
use server::Server;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

/// Wall time the tests start at: a Monday morning in 2026, epoch ms.
pub const START_MS: i64 = 1_777_856_400_000;

/// A clock the test moves.
#[derive(Debug)]
pub struct TestClock {
    wall_ms: AtomicI64,
    elapsed_ms: AtomicI64,
    boot_id: AtomicU32,
}

impl TestClock {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            wall_ms: AtomicI64::new(START_MS),
            elapsed_ms: AtomicI64::new(1_000),
            boot_id: AtomicU32::new(1),
        })
    }

    pub fn pass_ms(&self, ms: i64) {
        self.wall_ms.fetch_add(ms, Ordering::Relaxed);
        self.elapsed_ms.fetch_add(ms, Ordering::Relaxed);
    }

    pub fn turn_wall_ms(&self, ms: i64) {
        self.wall_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn wall_ms(&self) -> i64 {
        self.wall_ms.load(Ordering::Relaxed)
    }

    fn elapsed_ms(&self) -> u64 {
        self.elapsed_ms.load(Ordering::Relaxed).unsigned_abs()
    }

    fn boot_id(&self) -> u32 {
        self.boot_id.load(Ordering::Relaxed)
    }
}

/// A phone in a temporary directory, signed in at a server of its own.
pub struct Bench {
    pub dir: tempfile::TempDir,
    pub clock: Arc<TestClock>,
    pub server: Server,
    pub phone: Phone,
}

pub fn open(dir: &Path, clock: &Arc<TestClock>) -> Phone {
    let clock = Arc::clone(clock);
    Phone::open(dir, clock, Box::new(SeededEntropy::new(1))).unwrap()
}

pub fn enrolment() -> Enrolment {
    Enrolment {
        server: "http://test".to_owned(),
        login_name: "generated".to_owned(),
        password: "generated-password".to_owned(),
        model: "test".to_owned(),
        os_version: "test".to_owned(),
    }
}

impl Bench {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = TestClock::new();
        let mut server = Server::new(START_MS);
        let phone = open(dir.path(), &clock);
        phone.session().enrol(&mut server, &enrolment()).unwrap();
        Self {
            dir,
            clock,
            server,
            phone,
        }
    }

    pub fn sync(&mut self) -> SyncReport {
        let mut sync = self.phone.sync().unwrap();
        sync.run(&mut self.server, Event::Kick).unwrap()
    }

    /// Closes and opens the store, as after a restart of the app.
    pub fn restart(&mut self) {
        let empty = tempfile::tempdir().unwrap();
        // The old phone must be gone before its store can be opened again.
        self.phone = open(empty.path(), &self.clock);
        self.phone = open(self.dir.path(), &self.clock);
    }

    pub fn database(&self) -> std::path::PathBuf {
        self.dir.path().join("phone.db")
    }
}

//! Runs every case on both engines: a fresh SQLite file, and a fresh database in the PostgreSQL
//! cluster that `scripts/postgres` started. A missing cluster is a failure, never a silent skip.

use dianma_server::feed;
use dianma_server::store::{Store, StoreError};
use std::sync::atomic::{AtomicU32, Ordering};

/// Base address of the cluster, e.g. `postgres://dianma@127.0.0.1:54321`; set by `scripts/postgres`.
const CLUSTER: &str = "DIANMA_TEST_POSTGRES";

/// A case on a fresh SQLite store.
pub fn on_sqlite(case: fn(&Store)) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_sqlite(&folder.path().join("case.sqlite")).unwrap();
    prepare(&store);
    case(&store);
}

/// A case on a fresh PostgreSQL database, dropped afterwards.
pub fn on_postgres(case: fn(&Store)) {
    let database = Database::create();
    let store = Store::open_postgres(&database.url).unwrap();
    prepare(&store);
    case(&store);
}

fn prepare(store: &Store) {
    store
        .write_blocking(|tx| -> Result<(), StoreError> { feed::prepare(tx, [0, 0, 0, 7]) })
        .unwrap();
}

/// A database of its own in the test cluster.
pub struct Database {
    cluster: String,
    name: String,
    /// Address of the database.
    pub url: String,
}

impl Database {
    /// Creates it, in byte order collation as the server requires.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of this suite that reads the environment"
    )]
    pub fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let cluster = std::env::var(CLUSTER).unwrap_or_else(|_| {
            panic!("{CLUSTER} is not set: run scripts/test, or eval \"$(scripts/postgres start)\"")
        });
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let name = format!("case_{}_{number}", std::process::id());
        run(
            &cluster,
            &format!(
                "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
            ),
        );
        let url = format!("{cluster}/{name}");
        Self { cluster, name, url }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        run(
            &self.cluster,
            &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
        );
    }
}

fn run(cluster: &str, sql: &str) {
    let mut client =
        postgres::Client::connect(&format!("{cluster}/postgres"), postgres::NoTls).unwrap();
    client.batch_execute(sql).unwrap();
}

/// Makes two tests of each case, `<room>::<engine>::<case>`.
#[macro_export]
macro_rules! conformance {
    ($($case:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $case() { $crate::harness::on_sqlite(super::$case); })+
        }
        mod postgres {
            $(#[test] fn $case() { $crate::harness::on_postgres(super::$case); })+
        }
    };
}

//! Migrations: dated, forward-only, never edited once released. A database that carries a migration
//! this binary does not know is refused: it belongs to a newer server.

use super::{Engine, StoreError, Tx};
use crate::args;
use sha2::{Digest, Sha256};

/// One step of the schema.
#[derive(Debug)]
pub struct Migration {
    /// File name without the ending, `YYYYMMDDhhmm_words`.
    pub name: &'static str,
    /// The text for both engines; `BLOB` becomes `BYTEA` on PostgreSQL.
    pub common: &'static str,
    /// What only SQLite has: full-text indexes, triggers.
    pub sqlite: &'static str,
    /// What only PostgreSQL has: trigram and array indexes, triggers.
    pub postgres: &'static str,
}

macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            common: include_str!(concat!("migrations/", $name, ".sql")),
            sqlite: include_str!(concat!("migrations/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!("migrations/", $name, ".postgres.sql")),
        }
    };
}

/// All steps, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    migration!("202611210001_base"),
    migration!("202611211520_phone_upkeep"),
    migration!("202611211530_command_chain"),
    migration!("202611211535_labels"),
    migration!("202611211830_enrol_codes"),
    migration!("202611212200_saved_views"),
    migration!("202611212230_search_index"),
    migration!("202611220300_digit_triples"),
    migration!("202611220900_recovery_keys"),
];

/// Brings the database to this binary's schema.
pub(super) fn run(tx: &mut dyn Tx) -> Result<(), StoreError> {
    tx.batch(
        "CREATE TABLE IF NOT EXISTS migrations \
         (name TEXT PRIMARY KEY, checksum TEXT NOT NULL)",
    )?;
    let done = tx.all(
        "SELECT name, checksum FROM migrations ORDER BY name",
        args![],
        |row| Ok((row.text(0)?, row.text(1)?)),
    )?;
    for (name, checksum) in &done {
        let known = MIGRATIONS
            .iter()
            .find(|m| m.name == name.as_str())
            .ok_or_else(|| {
                StoreError::Refused(format!(
                    "the database has migration {name} of a newer server"
                ))
            })?;
        if checksum_of(known) != *checksum {
            return Err(StoreError::Refused(format!(
                "migration {name} was edited after its use"
            )));
        }
    }
    for migration in MIGRATIONS
        .iter()
        .filter(|m| done.iter().all(|(name, _)| name != m.name))
    {
        apply(tx, migration)?;
    }
    Ok(())
}

fn apply(tx: &mut dyn Tx, migration: &Migration) -> Result<(), StoreError> {
    tx.batch("BEGIN")?;
    let outcome = match tx.engine() {
        Engine::Sqlite => tx
            .batch(migration.common)
            .and_then(|()| tx.batch(migration.sqlite)),
        Engine::Postgres => tx
            .batch(&migration.common.replace("BLOB", "BYTEA"))
            .and_then(|()| tx.batch(migration.postgres)),
    };
    let outcome = outcome.and_then(|()| {
        tx.execute(
            "INSERT INTO migrations (name, checksum) VALUES (?1, ?2)",
            args![migration.name, checksum_of(migration)],
        )
    });
    match outcome {
        Ok(_) => tx.batch("COMMIT"),
        Err(error) => {
            let _ = tx.batch("ROLLBACK");
            Err(error)
        }
    }
}

fn checksum_of(migration: &Migration) -> String {
    let mut hash = Sha256::new();
    for part in [migration.common, migration.sqlite, migration.postgres] {
        hash.update(part.as_bytes());
    }
    crate::text::hex(&hash.finalize())
}

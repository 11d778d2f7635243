//! The cipher of a file: AES-256-XTS under a key of its own for each role of file.

use super::key::DataKey;
use dianma_cipher::SectorCipher;
pub use dianma_cipher::{BLOCK_BYTES, SECTOR_BYTES};
use sha2::{Digest as _, Sha512};
use std::sync::Arc;

/// What a file is for; each role has its own key, so that equal bytes in two of them look different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The database.
    Database,
    /// Its write-ahead log.
    WriteAheadLog,
    /// Its rollback journal.
    RollbackJournal,
    /// The outbox journal.
    OutboxJournal,
    /// Photos, sound, film, signatures and their thumbnails.
    Evidence,
}

impl Role {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Database => b"database",
            Self::WriteAheadLog => b"wal",
            Self::RollbackJournal => b"rollback",
            Self::OutboxJournal => b"outbox",
            Self::Evidence => b"evidence",
        }
    }
}

/// Seals and opens blocks of files of one role.
#[derive(Clone, Debug)]
pub struct FileCipher(Arc<SectorCipher>);

impl FileCipher {
    /// The role's key is the SHA-512 of a fixed text, the data key and the role.
    pub fn of(key: &DataKey, role: Role) -> Self {
        let derived: [u8; 64] = Sha512::new()
            .chain_update(b"dianma at rest 1")
            .chain_update(key.bytes())
            .chain_update(role.label())
            .finalize()
            .into();
        Self(Arc::new(SectorCipher::new(&derived)))
    }

    /// Seals whole blocks that begin at the start of `sector`.
    pub fn seal(&self, blocks: &mut [u8], sector: u64) {
        self.0.seal(blocks, sector);
    }

    /// Opens whole blocks that begin at the start of `sector`.
    pub fn open(&self, blocks: &mut [u8], sector: u64) {
        self.0.open(blocks, sector);
    }
}

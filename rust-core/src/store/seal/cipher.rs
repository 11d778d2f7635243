//! AES-256 in XTS mode (IEEE 1619, as disk encryption uses it): the length stays, any block of 16 bytes
//! can be rewritten alone, and a block torn by a power cut damages only itself.

use super::key::DataKey;
use aes::Aes256;
use aes::cipher::KeyInit as _;
use sha2::{Digest as _, Sha512};
use std::sync::Arc;
use xts_mode::{Xts128, get_tweak_default};

/// Bytes that are sealed together.
pub const BLOCK_BYTES: usize = 16;
/// Bytes that share a tweak.
pub const SECTOR_BYTES: usize = 512;

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

/// Seals and opens sectors of files of one role.
#[derive(Clone)]
pub struct FileCipher(Arc<Xts128<Aes256>>);

impl std::fmt::Debug for FileCipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileCipher(…)")
    }
}

impl FileCipher {
    /// The role's key is the SHA-512 of a fixed text, the data key and the role: two AES-256 keys.
    pub fn of(key: &DataKey, role: Role) -> Self {
        let derived: [u8; 64] = Sha512::new()
            .chain_update(b"dianma at rest 1")
            .chain_update(key.bytes())
            .chain_update(role.label())
            .finalize()
            .into();
        let (mut first, mut second) = ([0; 32], [0; 32]);
        let (left, right) = derived.split_at(32);
        first.copy_from_slice(left);
        second.copy_from_slice(right);
        Self(Arc::new(Xts128::new(
            Aes256::new(&first.into()),
            Aes256::new(&second.into()),
        )))
    }

    /// Seals whole blocks that begin at the start of `sector`.
    pub fn seal(&self, blocks: &mut [u8], sector: u64) {
        for (sector, blocks) in (sector..).zip(blocks.chunks_mut(SECTOR_BYTES)) {
            self.0
                .encrypt_sector(blocks, get_tweak_default(sector.into()));
        }
    }

    /// Opens whole blocks that begin at the start of `sector`.
    pub fn open(&self, blocks: &mut [u8], sector: u64) {
        for (sector, blocks) in (sector..).zip(blocks.chunks_mut(SECTOR_BYTES)) {
            self.0
                .decrypt_sector(blocks, get_tweak_default(sector.into()));
        }
    }
}

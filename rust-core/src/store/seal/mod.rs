//! The phone's data at rest (静态加密). One random data key per phone seals the database, the journal
//! and every file of evidence; the platform's key store wraps it, so that a copied folder opens nowhere
//! else. The server's recovery key wraps it a second time: a key store that lost its key costs a sign-in,
//! never the work.
//!
//! | file | what it does |
//! |---|---|
//! | `key` | the data key and its box |
//! | `cipher` | AES-256-XTS (`dianma-cipher`), a key of its own for each role of file |
//! | `file` | reading and writing at any place of a sealed file |
//! | `blob` | whole files: written once, read in pieces |
//! | `vfs` | the same under SQLite |
//! | `folder` | where sealed data lies; sealing an older plain store, putting away what cannot be opened |
//!
//! Sealing hides, it does not authenticate: evidence is checked by its hash, journal frames by their
//! check sum, the database by SQLite. The headless phone has no key store and keeps everything plain.

pub mod blob;
mod cipher;
pub mod file;
mod folder;
mod key;
#[expect(unsafe_code, reason = "SQLite calls a file system through C pointers")]
mod vfs;

pub use cipher::{FileCipher, Role};
pub use folder::{Home, Locksmith, give_back, journal_cipher, open};
pub use key::{DataKey, Origin, RECOVERY_BYTES};
pub use vfs::{NAME as VFS, lend};

//! Signing keys (签名密钥): made, rotated and revoked at the administrator's terminal, encrypted at
//! rest, opened into memory by a server that was given the passphrase. Phones get the public keys as a
//! list signed by the root key, and the revocation set signed by a key of its own. What is signed with
//! a label key is the business of the labels room.

pub mod ceremony;
pub mod command;
pub mod judge;
pub mod keyring;
pub mod lists;
pub mod revocations;
pub mod rows;
pub mod sign;
pub mod trust;
pub mod vault;

pub use keyring::Keyring;

/// Why a key could not be made, opened or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The passphrase does not open the key.
    #[error("口令不对，密钥打不开，请核对口令文件 (wrong passphrase: check the passphrase file)")]
    Passphrase,
    /// Shorter than a passphrase has to be.
    #[error("口令至少 12 个字符 (a passphrase has at least 12 characters)")]
    ShortPassphrase,
    /// No root key yet.
    #[error("还没有根密钥，请先运行 keys init (no root key yet: run keys init)")]
    NoRoot,
    /// There is a root key already.
    #[error("已有根密钥，更换请用 keys rotate root (there is a root key: use keys rotate root)")]
    HasRoot,
    /// No such key.
    #[error("没有这个密钥：{0}，可用 keys list 查看 (no such key, see keys list)")]
    Unknown(String),
    /// The root cannot be revoked like another key.
    #[error(
        "根密钥不能吊销，只能更换；泄露时须重新登记全部手机 (the root key is rotated, not revoked)"
    )]
    RootStays,
    /// The stored key does not read.
    #[error("密钥库数据损坏：{0}，请从备份恢复 (the key store is damaged: restore a backup)")]
    Damaged(&'static str),
    /// Reading or writing failed.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// No randomness.
    #[error("系统随机数不可用 (no entropy)")]
    Entropy,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

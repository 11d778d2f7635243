//! The private keys a running server has opened. Root keys are never among them: they are opened by a
//! ceremony, used once, and dropped.

use super::rows::{self, KeyRow};
use super::vault::{self, Passphrase};
use super::{KeyError, revocations};
use crate::error::ApiError;
use crate::store::{StoreError, Tx};
use axum::http::StatusCode;
use dianma_schema::fault;
use dianma_schema::label::seal::{KeyId, KeyPurpose};
use ed25519_dalek::SigningKey;

/// An opened key.
#[derive(Clone)]
pub struct OpenKey {
    /// What it may sign.
    pub purpose: KeyPurpose,
    /// Station code; empty for all.
    pub area_code: String,
    /// First civil day it may sign on.
    pub not_before_day: i64,
    /// The key.
    pub key: SigningKey,
}

impl std::fmt::Debug for OpenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.purpose, self.id())
    }
}

impl OpenKey {
    /// Its short name.
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.key.verifying_key())
    }
}

/// Keys in memory; the default has none.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    keys: Vec<OpenKey>,
}

impl Keyring {
    /// Opens every active key but the root. A database without keys gives an empty ring.
    pub fn open(rows: &[KeyRow], passphrase: &Passphrase) -> Result<Self, KeyError> {
        let wanted = rows
            .iter()
            .filter(|row| row.is_active() && row.purpose != KeyPurpose::Root);
        let open = |row: &KeyRow| -> Result<OpenKey, KeyError> {
            Ok(OpenKey {
                purpose: row.purpose,
                area_code: row.area_code.clone(),
                not_before_day: row.not_before_day,
                key: vault::open(&row.sealed_private_key, &row.public_key, passphrase)?,
            })
        };
        Ok(Self {
            keys: wanted.map(open).collect::<Result<_, _>>()?,
        })
    }

    /// No key is open.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key for a purpose: the station's own first, else the one for all.
    pub fn find(&self, purpose: KeyPurpose, area_code: &str) -> Option<&OpenKey> {
        let of = |area: &str| {
            let mut newest_first = self.keys.iter().rev();
            newest_first.find(|key| key.purpose == purpose && key.area_code == area)
        };
        of(area_code).or_else(|| of(""))
    }

    /// Like [`Keyring::find`], checked against the database: refused as `X-423-KEYS` when no key is
    /// open or the one at hand was rotated since the server started.
    pub fn usable(
        &self,
        tx: &mut dyn Tx,
        purpose: KeyPurpose,
        area_code: &str,
    ) -> Result<&OpenKey, ApiError> {
        let locked = || ApiError::new(StatusCode::LOCKED, fault::X_KEYS);
        let key = self.find(purpose, area_code).ok_or_else(locked)?;
        if rows::is_active(tx, purpose, key.id())? {
            return Ok(key);
        }
        Err(locked().with_detail(
            "密钥已更换，请重启服务",
            "the keys were changed: restart the service",
        ))
    }

    /// Signs the revocation set anew if it grew and a key for it is open.
    pub fn publish_revocations(&self, tx: &mut dyn Tx, now_ms: i64) -> Result<(), StoreError> {
        match self.find(KeyPurpose::Revocation, "") {
            Some(key) => revocations::publish(tx, now_ms, &key.key),
            None => Ok(()),
        }
    }
}

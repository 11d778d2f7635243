//! The data key and the box it lies in. The box is written twice and durably: without it nothing of
//! the store could be read again.

use super::super::journal::sync_directory;
use super::super::journal::write_durably;
use crate::entropy::Entropy;
use crate::error::{CoreError, inconsistent};
use crate::session::TokenSealer;
use crate::text::{from_hex, hex};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use dianma_schema::fault;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Length of the server's recovery key.
pub const RECOVERY_BYTES: usize = 32;
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
const FORMAT: u32 = 1;
/// Two copies, written one after the other: a torn or lost one leaves the other.
const COPIES: [&str; 2] = ["key", "key.copy"];
/// Binds the sealed key to what it is.
const PURPOSE: &[u8] = b"dianma data key";

/// The key of everything at rest.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey([u8; KEY_BYTES]);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(…)")
    }
}

impl DataKey {
    /// A new one.
    pub fn draw(entropy: &mut dyn Entropy) -> Result<Self, CoreError> {
        let mut bytes = [0; KEY_BYTES];
        entropy.fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The key of these bytes.
    pub const fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    pub(super) const fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

/// Which phone this is at which server; what a sign-in needs before the store can be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Id of the device.
    pub device: String,
    /// Address of the server.
    pub server: String,
}

/// What lies in the box: the key wrapped twice, and which phone it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyBox {
    version: u32,
    /// Of the last sign-in to this store; none before the first.
    pub origin: Option<Origin>,
    /// Somebody signed in to this store, or it was sealed with what was in it.
    pub is_used: bool,
    /// The data key as the platform's key store wrapped it, hexadecimal.
    by_platform: String,
    /// The data key under the server's recovery key: nonce and cipher text, hexadecimal.
    by_server: Option<String>,
}

impl KeyBox {
    /// A box for a new key.
    pub fn seal(key: &DataKey, sealer: &dyn TokenSealer) -> Result<Self, CoreError> {
        Ok(Self {
            version: FORMAT,
            origin: None,
            is_used: false,
            by_platform: hex(&sealer.seal(key.bytes())?),
            by_server: None,
        })
    }

    /// The box in a folder; none when there is none or neither copy reads.
    pub fn read(home: &Path) -> Option<Self> {
        COPIES.iter().find_map(|name| {
            let found: Self = serde_json::from_slice(&std::fs::read(home.join(name)).ok()?).ok()?;
            (found.version == FORMAT).then_some(found)
        })
    }

    /// Writes both copies.
    pub fn write(&self, home: &Path) -> Result<(), CoreError> {
        let bytes = serde_json::to_vec(self).map_err(|_| inconsistent("key box"))?;
        for name in COPIES {
            write_durably(&home.join(name), &bytes)?;
        }
        Ok(sync_directory(&home.join("key"))?)
    }

    /// The key, by the platform's key store. `A-401-SIGN-IN` when that key is gone for good.
    pub fn open(&self, sealer: &dyn TokenSealer) -> Result<DataKey, CoreError> {
        let gone = || CoreError::of(fault::A_SIGN_IN);
        let wrapped = from_hex(&self.by_platform).ok_or_else(gone)?;
        // A key store that opens something else has another key.
        let bytes = sealer.open(&wrapped)?.try_into();
        bytes.map(DataKey).map_err(|_| gone())
    }

    /// The key, by the server's recovery key; none when it is not the one.
    pub fn open_by_server(&self, recovery: &[u8; RECOVERY_BYTES]) -> Option<DataKey> {
        let sealed = from_hex(self.by_server.as_ref()?)?;
        let (nonce, text) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: text,
            aad: PURPOSE,
        };
        let cipher = XChaCha20Poly1305::new(&Key::from(*recovery));
        let bytes = cipher.decrypt(&XNonce::from(*nonce), payload).ok()?;
        Some(DataKey(bytes.try_into().ok()?))
    }

    /// Wraps the key by another key store, after the first one lost its own.
    pub fn rewrap(&mut self, key: &DataKey, sealer: &dyn TokenSealer) -> Result<(), CoreError> {
        self.by_platform = hex(&sealer.seal(key.bytes())?);
        Ok(())
    }

    /// After a sign-in: wraps the key by the recovery key that came with it. `true` when
    /// something changed.
    pub fn entrust(
        &mut self,
        key: &DataKey,
        origin: &Origin,
        recovery: Option<&[u8; RECOVERY_BYTES]>,
        entropy: &mut dyn Entropy,
    ) -> Result<bool, CoreError> {
        let before = self.clone();
        self.origin = Some(origin.clone());
        self.is_used = true;
        if let Some(recovery) = recovery
            && self.open_by_server(recovery).is_none()
        {
            self.by_server = Some(wrapped(key, recovery, entropy)?);
        }
        Ok(*self != before)
    }
}

fn wrapped(
    key: &DataKey,
    recovery: &[u8; RECOVERY_BYTES],
    entropy: &mut dyn Entropy,
) -> Result<String, CoreError> {
    let mut nonce = [0; NONCE_BYTES];
    entropy.fill(&mut nonce)?;
    let payload = Payload {
        msg: key.bytes(),
        aad: PURPOSE,
    };
    let sealed = XChaCha20Poly1305::new(&Key::from(*recovery))
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| inconsistent("data key"))?;
    Ok(hex(&[nonce.as_slice(), &sealed].concat()))
}

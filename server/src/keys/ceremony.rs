//! What an administrator does with keys: make the first set, add, rotate, revoke, publish, list. Every
//! change ends in a new signed list and a row of the audit log.

use super::keyring::Keyring;
use super::rows::{self, KeyRow};
use super::vault::{self, Passphrase, RANDOM_BYTES};
use super::{KeyError, lists, revocations};
use crate::audit;
use crate::store::Tx;
use dianma_schema::label::seal::{KeyId, KeyPurpose};
use dianma_schema::time::china_day;
use ed25519_dalek::SigningKey;
use serde_json::json;

/// Purposes of the first set, besides the root.
const FIRST_SET: [KeyPurpose; 4] = [
    KeyPurpose::Label,
    KeyPurpose::Consent,
    KeyPurpose::Revocation,
    KeyPurpose::Release,
];

/// Random bytes that one new key needs: seed, sealing, row id.
pub const KEY_RANDOM: usize = 32 + RANDOM_BYTES + 10;

/// Passphrases and time of a ceremony.
#[derive(Clone, Debug)]
pub struct Ceremony {
    /// Epoch ms.
    pub now_ms: i64,
    /// Opens the keys a server uses.
    pub passphrase: Passphrase,
    /// Opens the root; the same unless another is given.
    pub root_passphrase: Passphrase,
    /// One block for each key that may be made.
    pub random: [[u8; KEY_RANDOM]; 5],
}

impl Ceremony {
    fn today(&self) -> i64 {
        china_day(self.now_ms)
    }

    /// A new key pair, sealed; `n` chooses its block of randomness.
    fn make(
        &self,
        n: usize,
        purpose: KeyPurpose,
        area_code: &str,
    ) -> Result<(KeyRow, SigningKey), KeyError> {
        let random = self.random.get(n).ok_or(KeyError::Entropy)?;
        let (seed, rest) = random.split_first_chunk::<32>().ok_or(KeyError::Entropy)?;
        let (sealing, id) = rest
            .split_first_chunk::<RANDOM_BYTES>()
            .ok_or(KeyError::Entropy)?;
        let id: [u8; 10] = id.try_into().map_err(|_| KeyError::Entropy)?;
        let key = SigningKey::from_bytes(seed);
        let passphrase = if purpose == KeyPurpose::Root {
            &self.root_passphrase
        } else {
            &self.passphrase
        };
        let row = KeyRow {
            id: dianma_schema::id::uuid_v7(self.now_ms, id).to_string(),
            purpose,
            key_id: KeyId::of(&key.verifying_key()).to_string(),
            area_code: area_code.to_owned(),
            public_key: key.verifying_key().to_bytes().to_vec(),
            sealed_private_key: vault::seal(&key, passphrase, *sealing)?,
            not_before_day: self.today(),
            not_after_day: None,
            state: "active".to_owned(),
            created_at_ms: self.now_ms,
        };
        Ok((row, key))
    }

    fn note(&self, tx: &mut dyn Tx, action: &str, row: &KeyRow) -> Result<(), KeyError> {
        let entry = audit::Entry {
            actor_id: "system",
            action,
            subject_kind: "signing_key",
            subject_id: &row.id,
            detail: json!({ "purpose": row.purpose, "key_id": row.key_id, "area_code": row.area_code }),
        };
        Ok(audit::append(tx, self.now_ms, &entry)?)
    }

    fn root(&self, tx: &mut dyn Tx) -> Result<(KeyRow, SigningKey), KeyError> {
        let row = active(tx, KeyPurpose::Root, "")?.ok_or(KeyError::NoRoot)?;
        let key = vault::open(
            &row.sealed_private_key,
            &row.public_key,
            &self.root_passphrase,
        )?;
        Ok((row, key))
    }

    /// Root, label, consent, revocation and release key of a new installation, and the first lists.
    pub fn init(&self, tx: &mut dyn Tx) -> Result<(), KeyError> {
        if active(tx, KeyPurpose::Root, "")?.is_some() {
            return Err(KeyError::HasRoot);
        }
        let (row, root) = self.make(0, KeyPurpose::Root, "")?;
        rows::insert(tx, &row)?;
        self.note(tx, "key_created", &row)?;
        for (n, purpose) in (1..).zip(FIRST_SET) {
            let (row, key) = self.make(n, purpose, "")?;
            rows::insert(tx, &row)?;
            self.note(tx, "key_created", &row)?;
            if purpose == KeyPurpose::Revocation {
                revocations::publish(tx, self.now_ms, &key)?;
            }
        }
        lists::publish(tx, self.now_ms, &root, None)?;
        Ok(())
    }

    /// One more key, for example a label key for one station. A key of the same purpose and area that
    /// is in use is rotated out.
    pub fn rotate(
        &self,
        tx: &mut dyn Tx,
        purpose: KeyPurpose,
        area_code: &str,
    ) -> Result<KeyRow, KeyError> {
        if purpose == KeyPurpose::Root {
            return self.rotate_root(tx);
        }
        let (_, root) = self.root(tx)?;
        // Proves that the server's passphrase is the one the other keys have.
        Keyring::open(&rows::all(tx)?, &self.passphrase)?;
        if let Some(old) = active(tx, purpose, area_code)? {
            rows::end(tx, self.now_ms, &old.id, "rotated", self.today())?;
            self.note(tx, "key_rotated", &old)?;
        }
        let (row, key) = self.make(0, purpose, area_code)?;
        rows::insert(tx, &row)?;
        self.note(tx, "key_created", &row)?;
        lists::publish(tx, self.now_ms, &root, None)?;
        if purpose == KeyPurpose::Revocation {
            revocations::sign_again(tx, self.now_ms, &key)?;
        }
        Ok(row)
    }

    /// The old root signs a list that names the new one; the new one signs from then on.
    fn rotate_root(&self, tx: &mut dyn Tx) -> Result<KeyRow, KeyError> {
        let (old, root) = self.root(tx)?;
        let (row, next) = self.make(0, KeyPurpose::Root, "")?;
        lists::publish(
            tx,
            self.now_ms,
            &root,
            Some(next.verifying_key().to_bytes()),
        )?;
        rows::end(tx, self.now_ms, &old.id, "rotated", self.today())?;
        self.note(tx, "key_rotated", &old)?;
        rows::insert(tx, &row)?;
        self.note(tx, "key_created", &row)?;
        lists::publish(tx, self.now_ms, &next, None)?;
        Ok(row)
    }

    /// A key has leaked: everything it signed is void from the next list on.
    pub fn revoke(&self, tx: &mut dyn Tx, key_id: &str) -> Result<KeyRow, KeyError> {
        let (_, root) = self.root(tx)?;
        let wanted = key_id.trim().to_ascii_uppercase();
        let found = rows::all(tx)?
            .into_iter()
            .find(|row| row.key_id == wanted && row.state != "revoked");
        let row = found.ok_or(KeyError::Unknown(wanted))?;
        if row.purpose == KeyPurpose::Root {
            return Err(KeyError::RootStays);
        }
        rows::end(tx, self.now_ms, &row.id, "revoked", self.today())?;
        self.note(tx, "key_revoked", &row)?;
        lists::publish(tx, self.now_ms, &root, None)?;
        Ok(row)
    }

    /// Signs lists that are behind: revocations made while no key was open.
    pub fn publish(&self, tx: &mut dyn Tx) -> Result<(), KeyError> {
        let ring = Keyring::open(&rows::all(tx)?, &self.passphrase)?;
        Ok(ring.publish_revocations(tx, self.now_ms)?)
    }
}

fn active(
    tx: &mut dyn Tx,
    purpose: KeyPurpose,
    area_code: &str,
) -> Result<Option<KeyRow>, KeyError> {
    let mut rows = rows::all(tx)?.into_iter();
    Ok(rows.find(|row| row.is_active() && row.purpose == purpose && row.area_code == area_code))
}

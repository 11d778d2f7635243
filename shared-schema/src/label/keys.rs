//! The key list: which public keys may sign what, signed by the root key that a phone has pinned. A
//! list names its successor's root when the root changes; a list with a lower serial is refused.

use super::seal::{KeyId, KeyPurpose, Sealed, public_key};
use ed25519_dalek::{SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};

/// Most keys in a list.
pub const MAX_KEYS: usize = 500;
/// Largest encoded list, bytes.
pub const MAX_LIST_BYTES: usize = 64 * 1024;

/// A public key and what it is good for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KeyEntry {
    /// What it may sign.
    #[n(0)]
    pub purpose: KeyPurpose,
    /// The key.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub public_key: [u8; 32],
    /// First civil day it may sign on, days since 1970-01-01.
    #[n(2)]
    pub not_before_day: u32,
    /// Last day; absent while it is in use. What it signed until then stays good.
    #[n(3)]
    pub not_after_day: Option<u32>,
    /// Station code it signs for; empty for all.
    #[n(4)]
    pub area: String,
    /// It has leaked: nothing it ever signed is good any more.
    #[n(5)]
    pub is_revoked: bool,
}

impl KeyEntry {
    /// The key to verify with; `None` when its bytes are no key.
    pub fn key(&self) -> Option<VerifyingKey> {
        public_key(&self.public_key)
    }

    /// Whether it may sign on this day.
    pub fn may_sign_on(&self, day: u32) -> bool {
        day >= self.not_before_day && self.not_after_day.is_none_or(|last| day <= last)
    }
}

/// All keys in force, and those whose signatures are still on walls.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KeyList {
    /// Grows with every list.
    #[n(0)]
    pub serial: u64,
    /// When it was signed, epoch ms.
    #[n(1)]
    pub issued_at_ms: i64,
    /// The keys.
    #[n(2)]
    pub keys: Vec<KeyEntry>,
    /// The root that signs the next list, when the root changes.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub next_root: Option<[u8; 32]>,
}

/// Why a signed list was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// Cut, too large, or of another version.
    #[error("the list cannot be read: fetch it again")]
    Damaged,
    /// No key we trust has signed it.
    #[error("the list is not signed by a key this phone trusts: ask the administrator")]
    NotSigned,
    /// Older than the one at hand, or another one under the same serial.
    #[error("the list is older than the one at hand")]
    Older,
}

impl KeyList {
    /// Signs the list with the root key.
    pub fn seal(&self, root: &SigningKey) -> Vec<u8> {
        let body = minicbor::to_vec(self).unwrap_or_default();
        Sealed::seal(KeyPurpose::Root, body, root).to_bytes()
    }

    /// Reads a list signed by one of the roots. `known` is the list at hand: an older one, or another
    /// one of the same serial, is refused.
    pub fn open(
        bytes: &[u8],
        roots: &[VerifyingKey],
        known: Option<&Self>,
    ) -> Result<Self, ListError> {
        if bytes.len() > MAX_LIST_BYTES {
            return Err(ListError::Damaged);
        }
        let sealed = Sealed::from_bytes(bytes).ok_or(ListError::Damaged)?;
        let is_signed = roots
            .iter()
            .any(|root| sealed.is_signed_by(KeyPurpose::Root, root));
        if !is_signed {
            return Err(ListError::NotSigned);
        }
        let list: Self = minicbor::decode(&sealed.body).map_err(|_| ListError::Damaged)?;
        if list.keys.len() > MAX_KEYS {
            return Err(ListError::Damaged);
        }
        match known {
            Some(known) if list.serial < known.serial => Err(ListError::Older),
            Some(known) if list.serial == known.serial && list != *known => Err(ListError::Older),
            _ => Ok(list),
        }
    }

    /// Keys of a purpose that carry this id.
    pub fn candidates(
        &self,
        purpose: KeyPurpose,
        id: KeyId,
    ) -> impl Iterator<Item = (&KeyEntry, VerifyingKey)> {
        self.keys.iter().filter_map(move |entry| {
            let key = entry.key().filter(|key| KeyId::of(key) == id)?;
            (entry.purpose == purpose).then_some((entry, key))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(serial: u64) -> KeyList {
        KeyList {
            serial,
            issued_at_ms: 1_800_000_000_000,
            keys: vec![KeyEntry {
                purpose: KeyPurpose::Label,
                public_key: SigningKey::from_bytes(&[9; 32]).verifying_key().to_bytes(),
                not_before_day: 20_000,
                not_after_day: None,
                area: String::new(),
                is_revoked: false,
            }],
            next_root: None,
        }
    }

    #[test]
    fn a_list_is_taken_from_a_pinned_root_and_never_backwards() {
        let root = SigningKey::from_bytes(&[1; 32]);
        let pinned = [root.verifying_key()];
        let second = list(2).seal(&root);
        let opened = KeyList::open(&second, &pinned, Some(&list(1))).unwrap();
        assert_eq!(opened, list(2));
        assert!(
            KeyList::open(&second, &pinned, Some(&list(2))).is_ok(),
            "the same again"
        );
        assert_eq!(
            KeyList::open(&list(1).seal(&root), &pinned, Some(&list(2))),
            Err(ListError::Older)
        );
        let mut other = list(2);
        other.keys.clear();
        assert_eq!(
            KeyList::open(&other.seal(&root), &pinned, Some(&list(2))),
            Err(ListError::Older),
            "two lists under one serial"
        );
        let stranger = SigningKey::from_bytes(&[2; 32]);
        assert_eq!(
            KeyList::open(&list(3).seal(&stranger), &pinned, None),
            Err(ListError::NotSigned)
        );
        assert_eq!(
            KeyList::open(&[2; 40], &pinned, None),
            Err(ListError::Damaged)
        );
    }

    #[test]
    fn a_key_signs_within_its_days() {
        let mut entry = list(1).keys.remove(0);
        assert!(entry.may_sign_on(20_000) && !entry.may_sign_on(19_999));
        entry.not_after_day = Some(20_100);
        assert!(entry.may_sign_on(20_100) && !entry.may_sign_on(20_101));
    }
}

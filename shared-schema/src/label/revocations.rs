//! The revocation set: truncated hashes of labels that are no longer good, which only grows. A label is
//! in it as a whole when it is revoked, or with single revisions that newer ones have outdated. Its head (serial,
//! count, digest) is signed, so a phone that is behind gets the missing hashes alone and still proves
//! that it has the whole set. A head with a lower serial is refused.

use super::keys::{KeyList, ListError};
use super::seal::{KeyPurpose, Sealed};
use crate::id::LabelId;
use ed25519_dalek::SigningKey;
use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

/// Most hashes in a set: a million labels of which a fifth is revoked.
pub const MAX_HASHES: usize = 200_000;

/// Stands for every revision of a label.
pub const ALL_REVISIONS: u32 = 0;

/// A member of the set: the first eight bytes of the hash of a label's id and one of its revisions,
/// or [`ALL_REVISIONS`].
pub fn hash(id: LabelId, revision: u32) -> u64 {
    let mut hash = Sha256::new();
    hash.update(b"dianma revoked ");
    hash.update(id.0.as_bytes());
    hash.update(revision.to_be_bytes());
    let digest = hash.finalize();
    digest
        .iter()
        .take(8)
        .fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// What is signed of a set.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RevocationHead {
    /// Grows with every set.
    #[n(0)]
    pub serial: u64,
    /// When it was signed, epoch ms.
    #[n(1)]
    pub issued_at_ms: i64,
    /// Hashes in the set.
    #[n(2)]
    pub count: u32,
    /// [`digest`] of the sorted hashes.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub digest: [u8; 32],
}

/// Digest of hashes in rising order.
pub fn digest(sorted: impl IntoIterator<Item = u64>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for item in sorted {
        hash.update(item.to_be_bytes());
    }
    hash.finalize().into()
}

impl RevocationHead {
    /// The head of a set.
    pub fn of(serial: u64, issued_at_ms: i64, sorted: &[u64]) -> Self {
        Self {
            serial,
            issued_at_ms,
            count: u32::try_from(sorted.len()).unwrap_or(u32::MAX),
            digest: digest(sorted.iter().copied()),
        }
    }

    /// Signs it.
    pub fn seal(&self, key: &SigningKey) -> Vec<u8> {
        let body = minicbor::to_vec(self).unwrap_or_default();
        Sealed::seal(KeyPurpose::Revocation, body, key).to_bytes()
    }

    /// Reads a head signed by a revocation key of the list that has not leaked. `known` is the one at
    /// hand.
    pub fn open(bytes: &[u8], keys: &KeyList, known: Option<&Self>) -> Result<Self, ListError> {
        let sealed = Sealed::from_bytes(bytes).ok_or(ListError::Damaged)?;
        let is_signed =
            keys.candidates(KeyPurpose::Revocation, sealed.key_id)
                .any(|(entry, key)| {
                    !entry.is_revoked && sealed.is_signed_by(KeyPurpose::Revocation, &key)
                });
        if !is_signed {
            return Err(ListError::NotSigned);
        }
        let head: Self = minicbor::decode(&sealed.body).map_err(|_| ListError::Damaged)?;
        if head.count as usize > MAX_HASHES {
            return Err(ListError::Damaged);
        }
        match known {
            Some(known) if head.serial < known.serial => Err(ListError::Older),
            Some(known) if head.count < known.count => Err(ListError::Older),
            Some(known) if head.serial == known.serial && head.digest != known.digest => {
                Err(ListError::Older)
            }
            _ => Ok(head),
        }
    }

    /// Whether these are the hashes it speaks of.
    pub fn fits(&self, sorted: &[u64]) -> bool {
        sorted.len() == self.count as usize
            && sorted.is_sorted_by(|a, b| a < b)
            && digest(sorted.iter().copied()) == self.digest
    }
}

/// Hashes as they travel: eight bytes each, most significant first.
pub fn pack(hashes: &[u64]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.to_be_bytes()).collect()
}

/// Reads packed hashes; `None` when the length cannot be or there are too many.
pub fn unpack(bytes: &[u8]) -> Option<Vec<u64>> {
    let (chunks, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() || chunks.len() > MAX_HASHES {
        return None;
    }
    Some(chunks.iter().map(|c| u64::from_be_bytes(*c)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::keys::KeyEntry;
    use super::*;
    use uuid::Uuid;

    fn keys(key: &SigningKey, is_revoked: bool) -> KeyList {
        KeyList {
            serial: 1,
            issued_at_ms: 0,
            keys: vec![KeyEntry {
                purpose: KeyPurpose::Revocation,
                public_key: key.verifying_key().to_bytes(),
                not_before_day: 0,
                not_after_day: None,
                area: String::new(),
                is_revoked,
            }],
            next_root: None,
        }
    }

    #[test]
    fn a_set_never_goes_backwards() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let keys_good = keys(&key, false);
        let mut hashes: Vec<u64> = (0..50)
            .map(|n| hash(LabelId(Uuid::from_u128(n)), ALL_REVISIONS))
            .collect();
        hashes.sort_unstable();
        let first = RevocationHead::of(1, 10, hashes.get(..40).unwrap());
        let second = RevocationHead::of(2, 20, &hashes);
        let opened = RevocationHead::open(&second.seal(&key), &keys_good, Some(&first)).unwrap();
        assert!(opened.fits(&hashes) && !opened.fits(hashes.get(1..).unwrap()));
        let back = RevocationHead::open(&first.seal(&key), &keys_good, Some(&second));
        assert_eq!(back, Err(ListError::Older));
        let fewer = RevocationHead::of(3, 30, hashes.get(..10).unwrap());
        let shrunk = RevocationHead::open(&fewer.seal(&key), &keys_good, Some(&second));
        assert_eq!(shrunk, Err(ListError::Older), "a set only grows");
        let leaked = RevocationHead::open(&second.seal(&key), &keys(&key, true), None);
        assert_eq!(leaked, Err(ListError::NotSigned));
        let stranger = SigningKey::from_bytes(&[4; 32]);
        let forged = RevocationHead::open(&second.seal(&stranger), &keys_good, None);
        assert_eq!(forged, Err(ListError::NotSigned));
    }

    #[test]
    fn hashes_travel_in_eight_bytes() {
        let hashes = [1, u64::MAX];
        assert_eq!(unpack(&pack(&hashes)), Some(hashes.to_vec()));
        assert_eq!(unpack(&[0; 9]), None);
        let unsorted = RevocationHead::of(1, 0, &[2, 1]);
        assert!(!unsorted.fits(&[2, 1]));
    }
}

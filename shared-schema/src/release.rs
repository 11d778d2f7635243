//! A release of the phone app (发布): which file it is, and the release key's word for it. The record
//! travels signed; whoever opened it knows size and hash that the file must have. Where the file lies
//! and how it travels is not decided here.

use crate::label::keys::KeyList;
use crate::label::seal::{KeyPurpose, Sealed};
use crate::time::china_day;
use ed25519_dalek::SigningKey;
use minicbor::{Decode, Encode};

/// Largest package, bytes.
pub const MAX_PACKAGE_BYTES: u64 = 100 * 1024 * 1024;
/// Longest notes, characters.
pub const MAX_NOTES: usize = 2_000;
/// Largest signed record, bytes.
const MAX_RECORD_BYTES: usize = 32 * 1024;

/// What a release is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Release {
    /// Grows with every release; Android's `versionCode` of the package.
    #[n(0)]
    pub version_code: u32,
    /// As people read it.
    #[n(1)]
    pub version_name: String,
    /// Bytes of the package.
    #[n(2)]
    pub size: u64,
    /// SHA-256 of the package.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub sha256: [u8; 32],
    /// What is new, Chinese.
    #[n(4)]
    pub notes_zh: String,
    /// The same in English; may be empty.
    #[n(5)]
    pub notes_en: String,
    /// When it was published, epoch ms.
    #[n(6)]
    pub published_at_ms: i64,
}

/// Why a signed release was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// Cut, too large, or of another version.
    #[error("the release record cannot be read")]
    Damaged,
    /// No release key of the list has signed it.
    #[error("the release is not signed by a key of the key list")]
    NotSigned,
}

impl Release {
    /// Signs the record with a release key.
    pub fn seal(&self, key: &SigningKey) -> Vec<u8> {
        let body = minicbor::to_vec(self).unwrap_or_default();
        Sealed::seal(KeyPurpose::Release, body, key).to_bytes()
    }

    /// Reads a record signed by a release key of the list: one that has not leaked and was in use on
    /// the day of the release.
    pub fn open(bytes: &[u8], keys: &KeyList) -> Result<Self, ReleaseError> {
        if bytes.len() > MAX_RECORD_BYTES {
            return Err(ReleaseError::Damaged);
        }
        let sealed = Sealed::from_bytes(bytes).ok_or(ReleaseError::Damaged)?;
        let signer = keys
            .candidates(KeyPurpose::Release, sealed.key_id)
            .find(|(entry, key)| {
                !entry.is_revoked && sealed.is_signed_by(KeyPurpose::Release, key)
            });
        let (entry, _) = signer.ok_or(ReleaseError::NotSigned)?;
        let release: Self = minicbor::decode(&sealed.body).map_err(|_| ReleaseError::Damaged)?;
        let day = u32::try_from(china_day(release.published_at_ms));
        if !day.is_ok_and(|day| entry.may_sign_on(day)) {
            return Err(ReleaseError::NotSigned);
        }
        if release.size == 0 || release.size > MAX_PACKAGE_BYTES {
            return Err(ReleaseError::Damaged);
        }
        Ok(release)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::keys::KeyEntry;

    const NOW_MS: i64 = 1_800_000_000_000;

    fn key(n: u8) -> SigningKey {
        SigningKey::from_bytes(&[n; 32])
    }

    fn list(purpose: KeyPurpose) -> KeyList {
        KeyList {
            serial: 1,
            issued_at_ms: NOW_MS,
            keys: vec![KeyEntry {
                purpose,
                public_key: key(5).verifying_key().to_bytes(),
                not_before_day: 0,
                not_after_day: None,
                area: String::new(),
                is_revoked: false,
            }],
            next_root: None,
        }
    }

    fn release() -> Release {
        Release {
            version_code: 7,
            version_name: "1.2.0".to_owned(),
            size: 5_000_000,
            sha256: [3; 32],
            notes_zh: "生成的说明".to_owned(),
            notes_en: "generated notes".to_owned(),
            published_at_ms: NOW_MS,
        }
    }

    #[test]
    fn a_release_opens_with_a_release_key_in_use_and_with_no_other() {
        let signed = release().seal(&key(5));
        let keys = list(KeyPurpose::Release);
        assert_eq!(Release::open(&signed, &keys), Ok(release()));
        let refused = |keys: &KeyList, bytes: &[u8]| Release::open(bytes, keys).unwrap_err();
        let of_labels = list(KeyPurpose::Label);
        assert_eq!(refused(&of_labels, &signed), ReleaseError::NotSigned);
        let stranger = release().seal(&key(6));
        assert_eq!(refused(&keys, &stranger), ReleaseError::NotSigned);
        let mut leaked = keys.clone();
        leaked.keys[0].is_revoked = true;
        assert_eq!(refused(&leaked, &signed), ReleaseError::NotSigned);
        let mut ended = keys.clone();
        ended.keys[0].not_after_day = Some(100);
        assert_eq!(refused(&ended, &signed), ReleaseError::NotSigned);
        let mut bent = signed.clone();
        let last_of_body = bent.len() - 65;
        bent[last_of_body] ^= 1;
        assert_eq!(refused(&keys, &bent), ReleaseError::NotSigned);
        assert_eq!(refused(&keys, &signed[..20]), ReleaseError::Damaged);
        let huge = Release {
            size: MAX_PACKAGE_BYTES + 1,
            ..release()
        };
        assert_eq!(refused(&keys, &huge.seal(&key(5))), ReleaseError::Damaged);
    }
}

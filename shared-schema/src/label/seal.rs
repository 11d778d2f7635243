//! The frame of everything signed: version, key id, body, Ed25519 signature. What is signed begins
//! with words for its purpose, so that a signature made for one purpose never holds for another.
//! Keys come from the caller; where private keys lie is the server's business.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

/// Version of the frame.
const VERSION: u8 = 2;
const SIGNATURE_BYTES: usize = 64;
const HEAD_BYTES: usize = 1 + 4;

crate::text_enum! {
    /// What a key may sign. One key, one purpose.
    pub enum KeyPurpose {
        0 Root = "root", "根密钥", "Root";
        1 Label = "label", "标签密钥", "Labels";
        2 Consent = "consent", "同意码密钥", "Consent codes";
        3 Revocation = "revocation", "吊销密钥", "Revocation sets";
        4 Release = "release", "发布密钥", "App releases";
    }
}

impl KeyPurpose {
    const fn words(self) -> &'static [u8] {
        match self {
            Self::Root => b"dianma key list 2",
            Self::Label => b"dianma label 2",
            Self::Consent => b"dianma consent 2",
            Self::Revocation => b"dianma revocation set 2",
            Self::Release => b"dianma app release 2",
        }
    }
}

/// Short name of a key: the first bytes of its hash. It finds candidates and proves nothing; two keys
/// may share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct KeyId(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 4]);

impl KeyId {
    /// The id of a public key.
    pub fn of(key: &VerifyingKey) -> Self {
        let digest = Sha256::digest(key.as_bytes());
        let mut id = [0; 4];
        for (to, from) in id.iter_mut().zip(digest) {
            *to = from;
        }
        Self(id)
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

/// A signed body. Reading one proves nothing; [`Sealed::is_signed_by`] does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Which key is said to have signed.
    pub key_id: KeyId,
    /// What was signed.
    pub body: Vec<u8>,
    signature: [u8; SIGNATURE_BYTES],
}

impl Sealed {
    /// Signs a body.
    pub fn seal(purpose: KeyPurpose, body: Vec<u8>, key: &SigningKey) -> Self {
        let key_id = KeyId::of(&key.verifying_key());
        let signature = key.sign(&message(purpose, key_id, &body)).to_bytes();
        Self {
            key_id,
            body,
            signature,
        }
    }

    /// Whether this key signed it for this purpose. Strict: weak keys and signatures that could be
    /// bent into a second form are refused.
    pub fn is_signed_by(&self, purpose: KeyPurpose, key: &VerifyingKey) -> bool {
        let signature = Signature::from_bytes(&self.signature);
        let message = message(purpose, self.key_id, &self.body);
        key.verify_strict(&message, &signature).is_ok()
    }

    /// The bytes that travel.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_BYTES + self.body.len() + SIGNATURE_BYTES);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.key_id.0);
        bytes.extend_from_slice(&self.body);
        bytes.extend_from_slice(&self.signature);
        bytes
    }

    /// Reads the frame; `None` when it is cut or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (version, rest) = bytes.split_first()?;
        let (key_id, rest) = rest.split_first_chunk::<4>()?;
        let (body, signature) = rest.split_last_chunk::<SIGNATURE_BYTES>()?;
        (*version == VERSION).then(|| Self {
            key_id: KeyId(*key_id),
            body: body.to_vec(),
            signature: *signature,
        })
    }
}

fn message(purpose: KeyPurpose, key_id: KeyId, body: &[u8]) -> Vec<u8> {
    let mut message = purpose.words().to_vec();
    message.push(VERSION);
    message.extend_from_slice(&key_id.0);
    message.extend_from_slice(body);
    message
}

/// A public key from its 32 bytes; `None` when they are no point of the curve or a weak one.
pub fn public_key(bytes: &[u8]) -> Option<VerifyingKey> {
    let bytes: &[u8; 32] = bytes.try_into().ok()?;
    let key = VerifyingKey::from_bytes(bytes).ok()?;
    (!key.is_weak()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_one_key_one_purpose_and_one_body() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let other = SigningKey::from_bytes(&[8; 32]);
        let sealed = Sealed::seal(KeyPurpose::Label, b"body".to_vec(), &key);
        let read = Sealed::from_bytes(&sealed.to_bytes()).unwrap();
        assert_eq!(read, sealed);
        assert!(read.is_signed_by(KeyPurpose::Label, &key.verifying_key()));
        assert!(!read.is_signed_by(KeyPurpose::Consent, &key.verifying_key()));
        assert!(!read.is_signed_by(KeyPurpose::Label, &other.verifying_key()));
        let mut swapped = read.clone();
        swapped.key_id = KeyId::of(&other.verifying_key());
        assert!(!swapped.is_signed_by(KeyPurpose::Label, &key.verifying_key()));
        assert!(!swapped.is_signed_by(KeyPurpose::Label, &other.verifying_key()));
        let mut bent = read;
        bent.body.push(0);
        assert!(!bent.is_signed_by(KeyPurpose::Label, &key.verifying_key()));
    }

    #[test]
    fn weak_and_impossible_public_keys_are_refused() {
        assert!(public_key(&[0; 32]).is_none(), "a point of small order");
        assert!(public_key(&[1; 31]).is_none());
        let mut identity = [0; 32];
        identity[0] = 1;
        assert!(public_key(&identity).is_none());
    }
}

//! Private keys at rest: XChaCha20-Poly1305 under a key that argon2id makes of the passphrase. Costs
//! and salt stand in front of each sealed key, so that they can be raised without re-sealing old ones.

use super::KeyError;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;

/// Shortest passphrase, characters.
const MIN_CHARACTERS: usize = 12;
const FORMAT: u8 = 1;
/// 64 MiB and three passes: a tenth of a second on a server, once per key and start.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// What a stored header may ask for, so that a changed row cannot stall the server.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 20;
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;

/// What sealing needs from the generator.
pub const RANDOM_BYTES: usize = SALT_BYTES + NONCE_BYTES;

/// A passphrase; never shown.
#[derive(Clone)]
pub struct Passphrase(String);

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl Passphrase {
    /// Takes the first line of a text.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let line = text.lines().next().unwrap_or_default().trim();
        if line.chars().count() < MIN_CHARACTERS {
            return Err(KeyError::ShortPassphrase);
        }
        Ok(Self(line.to_owned()))
    }

    fn derive(&self, salt: &[u8], memory_kib: u32, passes: u32) -> Result<[u8; 32], KeyError> {
        let params =
            Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| KeyError::Damaged("cost"))?;
        let mut key = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(self.0.as_bytes(), salt, &mut key)
            .map_err(|_| KeyError::Damaged("salt"))?;
        Ok(key)
    }
}

/// Seals a private key; the public key is bound to it.
pub fn seal(
    key: &SigningKey,
    passphrase: &Passphrase,
    random: [u8; RANDOM_BYTES],
) -> Result<Vec<u8>, KeyError> {
    let (salt, nonce) = random.split_at(SALT_BYTES);
    let secret = passphrase.derive(salt, MEMORY_KIB, PASSES)?;
    let nonce = nonce_of(nonce)?;
    let public = key.verifying_key().to_bytes();
    let payload = Payload {
        msg: key.as_bytes(),
        aad: &public,
    };
    let sealed = XChaCha20Poly1305::new(&Key::from(secret))
        .encrypt(&nonce, payload)
        .map_err(|_| KeyError::Damaged("cipher"))?;
    let mut bytes = vec![FORMAT];
    bytes.extend_from_slice(&MEMORY_KIB.to_be_bytes());
    bytes.extend_from_slice(&PASSES.to_be_bytes());
    bytes.extend_from_slice(&random);
    bytes.extend_from_slice(&sealed);
    Ok(bytes)
}

/// Opens a sealed key; fails when the passphrase is wrong or the row was changed.
pub fn open(
    sealed: &[u8],
    public_key: &[u8],
    passphrase: &Passphrase,
) -> Result<SigningKey, KeyError> {
    let damaged = || KeyError::Damaged("sealed key");
    let (format, rest) = sealed.split_first().ok_or_else(damaged)?;
    let (memory, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let (passes, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let (salt, rest) = rest.split_first_chunk::<SALT_BYTES>().ok_or_else(damaged)?;
    let (nonce, sealed) = rest
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or_else(damaged)?;
    let (memory, passes) = (u32::from_be_bytes(*memory), u32::from_be_bytes(*passes));
    if *format != FORMAT || memory > MOST_MEMORY_KIB || passes > MOST_PASSES {
        return Err(damaged());
    }
    let secret = passphrase.derive(salt, memory, passes)?;
    let payload = Payload {
        msg: sealed,
        aad: public_key,
    };
    let seed = XChaCha20Poly1305::new(&Key::from(secret))
        .decrypt(&nonce_of(nonce)?, payload)
        .map_err(|_| KeyError::Passphrase)?;
    let seed: [u8; 32] = seed.try_into().map_err(|_| damaged())?;
    Ok(SigningKey::from_bytes(&seed))
}

fn nonce_of(bytes: &[u8]) -> Result<XNonce, KeyError> {
    let bytes: [u8; NONCE_BYTES] = bytes.try_into().map_err(|_| KeyError::Damaged("nonce"))?;
    Ok(XNonce::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_key_opens_with_its_passphrase_and_its_public_key_only() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let right = Passphrase::parse("generated passphrase 1\n").unwrap();
        let wrong = Passphrase::parse("generated passphrase 2").unwrap();
        let sealed = seal(&key, &right, [9; RANDOM_BYTES]).unwrap();
        assert!(!sealed.windows(32).any(|part| part == [7; 32]));
        let public = key.verifying_key().to_bytes();
        assert_eq!(open(&sealed, &public, &right).unwrap().as_bytes(), &[7; 32]);
        assert!(matches!(
            open(&sealed, &public, &wrong),
            Err(KeyError::Passphrase)
        ));
        assert!(matches!(
            open(&sealed, &[0; 32], &right),
            Err(KeyError::Passphrase)
        ));
        let mut changed = sealed.clone();
        changed[1] = 0xff;
        assert!(matches!(
            open(&changed, &public, &right),
            Err(KeyError::Damaged(_))
        ));
        assert!(open(&[], &public, &right).is_err());
        assert_eq!(format!("{right:?}"), "Passphrase(…)");
    }

    #[test]
    fn a_short_passphrase_is_refused() {
        assert!(matches!(
            Passphrase::parse("short"),
            Err(KeyError::ShortPassphrase)
        ));
        assert!(Passphrase::parse("十二个汉字也是一句好口令").is_ok());
    }
}

//! The bearer token at rest: sealed by the platform's key store where there is one, so that a copied
//! data folder signs nobody in. The headless phone has no key store and keeps it plain.

use crate::error::{CoreError, inconsistent};
use crate::text::{from_hex, hex};
use dianma_schema::fault;
use std::sync::Arc;

/// Marks a sealed token; no token of the server begins like this.
const SEALED: &str = "sealed:";

/// A key store that never gives its key away.
pub trait TokenSealer: Send + Sync {
    /// Seals a secret.
    fn seal(&self, secret: &[u8]) -> Result<Vec<u8>, CoreError>;
    /// Opens what was sealed. `A-401-SIGN-IN` when the key is gone for good, `X-503-BUSY` when the key
    /// store does not answer now.
    fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, CoreError>;
}

/// The form a token is kept in.
pub fn seal(sealer: Option<&Arc<dyn TokenSealer>>, token: &str) -> Result<String, CoreError> {
    match sealer {
        Some(sealer) => Ok(format!("{SEALED}{}", hex(&sealer.seal(token.as_bytes())?))),
        None => Ok(token.to_owned()),
    }
}

/// The token of its kept form.
pub fn open(sealer: Option<&Arc<dyn TokenSealer>>, kept: String) -> Result<String, CoreError> {
    let Some(sealed) = kept.strip_prefix(SEALED) else {
        return Ok(kept);
    };
    let sealer = sealer.ok_or_else(|| CoreError::of(fault::A_SIGN_IN))?;
    let sealed = from_hex(sealed).ok_or_else(|| inconsistent("session.token"))?;
    String::from_utf8(sealer.open(&sealed)?).map_err(|_| CoreError::of(fault::A_SIGN_IN))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Mirror;

    impl TokenSealer for Mirror {
        fn seal(&self, secret: &[u8]) -> Result<Vec<u8>, CoreError> {
            Ok(secret.iter().rev().copied().collect())
        }

        fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, CoreError> {
            self.seal(sealed)
        }
    }

    #[test]
    fn a_sealed_token_opens_only_with_its_key_store() {
        let sealer: Arc<dyn TokenSealer> = Arc::new(Mirror);
        let kept = seal(Some(&sealer), "token").unwrap();
        assert!(!kept.contains("token"));
        assert_eq!(open(Some(&sealer), kept.clone()).unwrap(), "token");
        assert_eq!(open(None, kept).unwrap_err().code(), fault::A_SIGN_IN);
        assert_eq!(open(Some(&sealer), "plain".to_owned()).unwrap(), "plain");
    }
}

//! A key store made of a file, for phones without one of their own: the headless phone and the probes of
//! the packaged library. It protects a store only from those who do not get the file.

use super::TokenSealer;
use crate::entropy::{Entropy, SystemEntropy};
use crate::error::{CoreError, inconsistent};
use crate::store::journal::sync_directory;
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use dianma_schema::fault;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

const NONCE_BYTES: usize = 24;

/// The key of a file.
pub struct KeyFile(XChaCha20Poly1305);

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyFile(…)")
    }
}

impl KeyFile {
    /// Reads the file, or makes it with a new key, readable by its owner alone.
    pub fn open(path: &Path) -> Result<Self, CoreError> {
        if !path.exists() {
            let mut key = [0; 32];
            SystemEntropy.fill(&mut key)?;
            let mut made = OpenOptions::new();
            let mut file = made.write(true).create_new(true).mode(0o600).open(path)?;
            file.write_all(&key)?;
            file.sync_all()?;
            sync_directory(path)?;
        }
        let key: [u8; 32] = std::fs::read(path)?
            .try_into()
            .map_err(|_| inconsistent("key file"))?;
        Ok(Self(XChaCha20Poly1305::new(&Key::from(key))))
    }
}

impl TokenSealer for KeyFile {
    fn seal(&self, secret: &[u8]) -> Result<Vec<u8>, CoreError> {
        let mut nonce = [0; NONCE_BYTES];
        SystemEntropy.fill(&mut nonce)?;
        let sealed = self.0.encrypt(&XNonce::from(nonce), secret);
        let sealed = sealed.map_err(|_| inconsistent("key file"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, CoreError> {
        let gone = || CoreError::of(fault::A_SIGN_IN);
        let (nonce, text) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(gone)?;
        self.0
            .decrypt(&XNonce::from(*nonce), text)
            .map_err(|_| gone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_one_file_sealed_no_other_opens() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("one"), dir.path().join("two"));
        let sealed = KeyFile::open(&path).unwrap().seal(b"secret").unwrap();
        assert_eq!(
            KeyFile::open(&path).unwrap().open(&sealed).unwrap(),
            b"secret"
        );
        let error = KeyFile::open(&other).unwrap().open(&sealed).unwrap_err();
        assert_eq!(error.code(), fault::A_SIGN_IN);
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o077,
            0
        );
        std::fs::write(&path, b"short").unwrap();
        assert_eq!(KeyFile::open(&path).unwrap_err().code(), fault::D_STORE);
    }
}

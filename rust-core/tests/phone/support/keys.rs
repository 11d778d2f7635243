//! A key store that tests can make forget its key or fall silent.

use super::TestClock;
use dianma_core::Phone;
use dianma_core::entropy::SeededEntropy;
use dianma_core::error::CoreError;
use dianma_core::session::TokenSealer;
use dianma_schema::fault;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

/// A key store whose key is a number.
#[derive(Debug)]
pub struct Keys {
    pub number: AtomicU8,
    pub is_busy: AtomicBool,
}

impl Keys {
    pub fn new(number: u8) -> Arc<Self> {
        Arc::new(Self {
            number: AtomicU8::new(number),
            is_busy: AtomicBool::new(false),
        })
    }

    fn mix(&self, bytes: &[u8]) -> Vec<u8> {
        let number = self.number.load(Ordering::Relaxed);
        bytes.iter().map(|byte| byte ^ number).collect()
    }
}

impl TokenSealer for Keys {
    fn seal(&self, secret: &[u8]) -> Result<Vec<u8>, CoreError> {
        Ok(self.mix(&[b"ok".as_slice(), secret].concat()))
    }

    fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, CoreError> {
        if self.is_busy.load(Ordering::Relaxed) {
            return Err(CoreError::of(fault::X_BUSY));
        }
        let opened = self.mix(sealed);
        let secret = opened.strip_prefix(b"ok".as_slice());
        secret
            .map(<[u8]>::to_vec)
            .ok_or_else(|| CoreError::of(fault::A_SIGN_IN))
    }
}

pub fn try_open(dir: &Path, clock: &Arc<TestClock>, keys: &Arc<Keys>) -> Result<Phone, CoreError> {
    let (clock, keys) = (Arc::clone(clock), Arc::clone(keys));
    Phone::open_sealed(dir, clock, Box::new(SeededEntropy::new(2)), keys)
}

//! AES-256 in XTS mode (IEEE 1619, as disk encryption uses it): the length stays, any block of 16 bytes
//! can be rewritten alone, and a block torn by a power cut damages only itself.
//!
//! A crate of its own because the ciphers are generic: they are compiled where they are used, and the
//! phone's core in a debug build would read its database at a hundredth of the speed.

use aes::Aes256;
use aes::cipher::KeyInit as _;
use xts_mode::{Xts128, get_tweak_default};

/// Bytes that are sealed together.
pub const BLOCK_BYTES: usize = 16;
/// Bytes that share a tweak.
pub const SECTOR_BYTES: usize = 512;
/// Two AES-256 keys.
pub const KEY_BYTES: usize = 64;

/// Seals and opens sectors.
pub struct SectorCipher(Xts128<Aes256>);

impl std::fmt::Debug for SectorCipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SectorCipher(…)")
    }
}

impl SectorCipher {
    /// The cipher of a key.
    pub fn new(key: &[u8; KEY_BYTES]) -> Self {
        let (mut data, mut tweak) = ([0; 32], [0; 32]);
        let (left, right) = key.split_at(32);
        data.copy_from_slice(left);
        tweak.copy_from_slice(right);
        Self(Xts128::new(
            Aes256::new(&data.into()),
            Aes256::new(&tweak.into()),
        ))
    }

    /// Seals whole blocks that begin at the start of `sector`.
    ///
    /// # Panics
    /// When the last block is not whole.
    pub fn seal(&self, blocks: &mut [u8], sector: u64) {
        whole(blocks);
        for (sector, blocks) in (sector..).zip(blocks.chunks_mut(SECTOR_BYTES)) {
            self.0
                .encrypt_sector(blocks, get_tweak_default(sector.into()));
        }
    }

    /// Opens whole blocks that begin at the start of `sector`.
    ///
    /// # Panics
    /// When the last block is not whole.
    pub fn open(&self, blocks: &mut [u8], sector: u64) {
        whole(blocks);
        for (sector, blocks) in (sector..).zip(blocks.chunks_mut(SECTOR_BYTES)) {
            self.0
                .decrypt_sector(blocks, get_tweak_default(sector.into()));
        }
    }
}

// Otherwise the mode would steal from the block before, and a block could not be rewritten alone.
fn whole(blocks: &[u8]) {
    assert!(
        blocks.len().is_multiple_of(BLOCK_BYTES),
        "only whole blocks are sealed"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IEEE 1619-2007, annex B, vector 10: XTS-AES-256, data unit ff.
    #[test]
    fn it_is_the_standards_cipher() {
        let key = hex(concat!(
            "2718281828459045235360287471352662497757247093699959574966967627",
            "3141592653589793238462643383279502884197169399375105820974944592"
        ));
        let mut sector: Vec<u8> = (0..SECTOR_BYTES).map(|at| at.to_le_bytes()[0]).collect();
        let cipher = SectorCipher::new(&key.try_into().unwrap());
        cipher.seal(&mut sector, 0xff);
        assert_eq!(sector[..16], hex("1c3b3a102f770386e4836c99e370cf9b"));
        cipher.open(&mut sector, 0xff);
        assert!((0..SECTOR_BYTES).all(|at| sector[at] == at.to_le_bytes()[0]));
    }

    #[test]
    fn a_block_is_sealed_alike_whatever_follows_it() {
        let cipher = SectorCipher::new(&[3; KEY_BYTES]);
        let (mut short, mut long) = ([5; 32], [5; 1_024]);
        cipher.seal(&mut short, 7);
        cipher.seal(&mut long, 7);
        assert_eq!(short, long[..32]);
        assert_ne!(long[..512], long[512..], "each sector has its own tweak");
    }

    fn hex(text: &str) -> Vec<u8> {
        let digits = text.as_bytes().chunks(2);
        digits
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }
}

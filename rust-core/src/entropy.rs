//! Randomness behind one trait: the system's generator, and a seeded one for simulations, generated
//! data and tests. The only file of the crate that asks the machine for random bytes.

use crate::error::CoreError;
use dianma_schema::fault;

/// A source of random bytes.
pub trait Entropy: Send {
    /// Fills the buffer.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), CoreError>;

    /// A random number below `bound` (0 when `bound` is 0). A slight bias is fine for jitter.
    fn below(&mut self, bound: u64) -> Result<u64, CoreError> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes).checked_rem(bound).unwrap_or(0))
    }
}

/// The machine's generator.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "this file owns the machine's generator"
    )]
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), CoreError> {
        getrandom::fill(bytes)
            .map_err(|error| CoreError::of(fault::D_STORE).because(&error.to_string()))
    }
}

/// Repeatable numbers (SplitMix64): the same seed gives the same sequence. Never for secrets.
#[derive(Debug, Clone, Copy)]
pub struct SeededEntropy(u64);

impl SeededEntropy {
    /// Starts the sequence of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number of the sequence.
    pub const fn next_number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), CoreError> {
        for chunk in bytes.chunks_mut(8) {
            let number = self.next_number().to_le_bytes();
            for (to, from) in chunk.iter_mut().zip(number) {
                *to = from;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let draw = |seed| {
            let mut bytes = [0; 19];
            SeededEntropy::new(seed).fill(&mut bytes).unwrap();
            bytes
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn system_bytes_differ_between_calls() {
        let draw = || {
            let mut bytes = [0; 16];
            SystemEntropy.fill(&mut bytes).unwrap();
            bytes
        };
        assert_ne!(draw(), draw());
        assert_eq!(SystemEntropy.below(0).unwrap(), 0);
    }
}

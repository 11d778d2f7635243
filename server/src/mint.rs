//! Ids made inside a transaction: the caller brings clock and randomness, so that a closure that runs
//! again after a deadlock makes the same ids again.

use dianma_schema::id::uuid_v7;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A source of `UUIDv7`s for one use case.
#[derive(Clone, Debug)]
pub struct Mint {
    now_ms: i64,
    seed: [u8; 32],
    count: u64,
}

impl Mint {
    /// From the clock and 32 random bytes.
    pub fn new(now_ms: i64, seed: [u8; 32]) -> Self {
        Self {
            now_ms,
            seed,
            count: 0,
        }
    }

    /// The time of this use case, epoch ms.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// The next id. Ids of one mint rise, so that rows written together also read together.
    pub fn next_id(&mut self) -> Uuid {
        self.count += 1;
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(self.count.to_be_bytes());
        let digest = hash.finalize();
        let mut random = [0; 10];
        for (to, from) in random.iter_mut().zip(digest.iter()) {
            *to = *from;
        }
        // The 12 bits behind the time count up; the other 62 are random.
        let [.., high, low] = self.count.to_be_bytes();
        random[0] = high & 0x0f;
        random[1] = low;
        uuid_v7(self.now_ms, random)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_distinct_rise_and_repeat_with_the_same_seed() {
        let make = |seed| {
            let mut mint = Mint::new(1_700_000_000_000, seed);
            (0..4_000).map(|_| mint.next_id()).collect::<Vec<_>>()
        };
        let ids = make([7; 32]);
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(ids, make([7; 32]));
        assert_ne!(ids, make([8; 32]));
    }
}

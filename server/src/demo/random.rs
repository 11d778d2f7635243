//! The demo's own generator: `SplitMix64`, the same numbers on every machine for the same seed. It
//! makes invented data only; secrets come from the operating system.

/// A stream of numbers.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream of its own for one purpose, so that a change in one part leaves the others alone.
    pub(super) fn of(seed: u64, purpose: u64) -> Self {
        let mut random = Self::new(seed ^ purpose.wrapping_mul(0xd6e8_feb8_6659_fd93));
        random.next();
        random
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `bound` − 1; 0 when the bound is 0.
    pub(super) fn index(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// `from` to `to`, both included.
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        let width = to.abs_diff(from).saturating_add(1);
        from + i64::try_from(self.next() % width).unwrap_or(0)
    }

    /// Between `from` and `to`, small values more often: the lower of two draws, twice.
    pub(super) fn mostly_low(&mut self, from: i64, to: i64) -> i64 {
        (0..3).map(|_| self.between(from, to)).min().unwrap_or(from)
    }

    pub(super) fn chance(&mut self, permille: i64) -> bool {
        self.between(0, 999) < permille
    }

    pub(super) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.index(all.len())]
    }

    /// One of `(value, weight)`.
    pub(super) fn weighted<T: Copy>(&mut self, all: &[(T, i64)]) -> T {
        let total = all.iter().map(|(_, weight)| weight).sum::<i64>();
        let mut left = self.between(0, (total - 1).max(0));
        for (value, weight) in all {
            left -= weight;
            if left < 0 {
                return *value;
            }
        }
        all[0].0
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = self.next().to_be_bytes()[0];
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_stream() {
        let draw = |seed| {
            let mut random = Random::of(seed, 3);
            (0..50).map(|_| random.between(-5, 5)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        assert!(draw(9).iter().all(|n| (-5..=5).contains(n)));
    }

    #[test]
    fn weights_are_kept_to() {
        let mut random = Random::new(5);
        let hits = (0..1_000)
            .filter(|_| random.weighted(&[(true, 1), (false, 9)]))
            .count();
        assert!((50..160).contains(&hits), "{hits}");
    }
}

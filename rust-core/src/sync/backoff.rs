//! How long to wait after a failed exchange: doubling from 2 s to 5 min, a random half of it, so
//! that phones do not come back all at once after an outage.

use crate::entropy::Entropy;
use crate::error::CoreError;

const FIRST_MS: u64 = 2_000;
const LONGEST_MS: u64 = 300_000;

/// Wait before the attempt after `failures` failures in a row (at least 1), in ms; never shorter
/// than what the server asked for.
pub fn wait_ms(failures: u32, asked_ms: u64, entropy: &mut dyn Entropy) -> Result<u64, CoreError> {
    let doubled = FIRST_MS.saturating_mul(1 << failures.saturating_sub(1).min(16));
    let full = doubled.min(LONGEST_MS);
    let half = full / 2;
    let own = half + entropy.below(half + 1)?;
    Ok(if asked_ms == 0 {
        own
    } else {
        asked_ms + entropy.below(asked_ms / 4 + 1)?
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn waits_grow_to_five_minutes_and_stay_jittered() {
        let mut entropy = SeededEntropy::new(7);
        for (failures, low, high) in [
            (1, 1_000, 2_000),
            (4, 8_000, 16_000),
            (40, 150_000, 300_000),
        ] {
            for _ in 0..50 {
                let wait = wait_ms(failures, 0, &mut entropy).unwrap();
                assert!((low..=high).contains(&wait), "{failures}: {wait}");
            }
        }
        assert!(wait_ms(1, 60_000, &mut entropy).unwrap() >= 60_000);
    }
}

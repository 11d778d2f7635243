//! Limits on guessing: per login name and per address, in memory of this node.

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;

/// Sign-in tries a minute per name or address; a short burst is a tired person, more is a machine.
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(12).unwrap();

/// The guard.
pub struct Tries {
    limiter: RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>,
}

impl std::fmt::Debug for Tries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tries")
    }
}

impl Tries {
    /// An empty guard.
    pub fn new() -> Self {
        Self {
            limiter: RateLimiter::keyed(Quota::per_minute(PER_MINUTE)),
        }
    }

    /// Whether one more try under this key is fine.
    pub fn allows(&self, key: &str) -> bool {
        if self.limiter.len() > 100_000 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&key.to_owned()).is_ok()
    }
}

impl Default for Tries {
    fn default() -> Self {
        Self::new()
    }
}

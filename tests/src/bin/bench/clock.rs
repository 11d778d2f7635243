//! The clock of the measurements. Nothing but figures is made of it.

use std::time::{Duration, Instant};

/// A running stop-watch.
#[derive(Clone, Copy, Debug)]
pub struct Watch(Instant);

impl Watch {
    /// Starts.
    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark measures time; this file owns its clock"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

//! When to stop: a budget in microseconds on a clock that is handed in, and a flag another thread can
//! raise. Every loop of the decoder that can take long asks here.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// A clock that only needs to run forward.
pub trait Watch: Sync {
    /// Microseconds since some fixed moment.
    fn now_us(&self) -> u64;
}

/// Why the search ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ended {
    /// Everything asked for was done.
    #[default]
    Finished,
    /// The budget ran out.
    Budget,
    /// Somebody cancelled it.
    Cancelled,
}

/// Budget and cancellation of one call.
#[derive(Clone, Copy)]
pub struct Limit<'a> {
    watch: &'a dyn Watch,
    started_us: u64,
    budget_us: u64,
    cancelled: Option<&'a AtomicBool>,
}

impl fmt::Debug for Limit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limit")
            .field("budget_us", &self.budget_us)
            .finish_non_exhaustive()
    }
}

impl<'a> Limit<'a> {
    /// No budget: every lane runs to its own caps.
    pub fn none(watch: &'a dyn Watch) -> Self {
        Self::of(watch, u64::MAX)
    }

    /// At most `budget_us` from now on, give or take the smallest step of the decoder.
    pub fn of(watch: &'a dyn Watch, budget_us: u64) -> Self {
        Self {
            watch,
            started_us: watch.now_us(),
            budget_us,
            cancelled: None,
        }
    }

    /// Also stops soon after `flag` is raised.
    #[must_use]
    pub const fn or_when(mut self, flag: &'a AtomicBool) -> Self {
        self.cancelled = Some(flag);
        self
    }

    /// Microseconds since the call began.
    pub fn spent_us(&self) -> u64 {
        self.watch.now_us().saturating_sub(self.started_us)
    }

    /// Whether to stop now.
    pub fn is_over(&self) -> bool {
        self.ended() != Ended::Finished
    }

    /// Why to stop, if at all.
    pub fn ended(&self) -> Ended {
        if self
            .cancelled
            .is_some_and(|flag| flag.load(Ordering::Relaxed))
        {
            Ended::Cancelled
        } else if self.spent_us() >= self.budget_us {
            Ended::Budget
        } else {
            Ended::Finished
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::sync::atomic::AtomicU64;

    /// A watch that moves on by a fixed step at every look.
    pub struct Steps {
        now_us: AtomicU64,
        step_us: u64,
    }

    impl Steps {
        pub const fn of(step_us: u64) -> Self {
            Self {
                now_us: AtomicU64::new(0),
                step_us,
            }
        }
    }

    impl Watch for Steps {
        fn now_us(&self) -> u64 {
            self.now_us.fetch_add(self.step_us, Ordering::Relaxed)
        }
    }

    #[test]
    fn a_budget_runs_out_and_a_flag_stops_at_once() {
        let watch = Steps::of(10);
        let limit = Limit::of(&watch, 35);
        assert_eq!(limit.ended(), Ended::Finished);
        assert_eq!(limit.ended(), Ended::Finished);
        assert_eq!(limit.ended(), Ended::Finished);
        assert_eq!(limit.ended(), Ended::Budget);
        let flag = AtomicBool::new(true);
        assert_eq!(Limit::none(&watch).or_when(&flag).ended(), Ended::Cancelled);
    }
}

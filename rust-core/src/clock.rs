//! The phone's clocks behind one trait, and the system's implementation. The only file of the crate
//! that asks the machine for the time. No clock of the phone decides a deadline: wall time is
//! evidence, elapsed time with the boot number is the check on it.

use rustix::time::{ClockId, clock_gettime};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// What the core may know about time.
pub trait Clock: Send + Sync {
    /// Wall clock, epoch ms. May jump.
    fn wall_ms(&self) -> i64;
    /// Milliseconds since the phone booted; never goes back within one boot.
    fn elapsed_ms(&self) -> u64;
    /// A short number that changes with every boot.
    fn boot_id(&self) -> u32;
}

/// The machine's clocks. Asked of the kernel: since Android 8 an app may not read `/proc/uptime` and what
/// lies under `/proc/sys/kernel/random`.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
    boot_id: u32,
}

impl SystemClock {
    /// With the boot number the kernel gives, on machines where it does.
    pub fn new() -> Self {
        let boot = std::fs::read("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        Self::of_boot(crate::text::crc32(&boot))
    }

    /// With a boot number the platform counts.
    #[expect(
        clippy::disallowed_methods,
        reason = "this file owns the machine's clocks"
    )]
    pub fn of_boot(boot_id: u32) -> Self {
        Self {
            started: Instant::now(),
            boot_id,
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this file owns the machine's clocks"
    )]
    fn wall_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
    }

    fn elapsed_ms(&self) -> u64 {
        // Goes on while the phone sleeps, unlike the clock behind `Instant`.
        let since_boot = clock_gettime(ClockId::Boottime);
        let seconds = u64::try_from(since_boot.tv_sec).unwrap_or(0);
        let nanoseconds = u64::try_from(since_boot.tv_nsec).unwrap_or(0);
        seconds.saturating_mul(1_000) + nanoseconds / 1_000_000
    }

    fn boot_id(&self) -> u32 {
        self.boot_id
    }
}

impl crate::scan::Watch for SystemClock {
    fn now_us(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_clock_moves_forward_and_keeps_its_boot() {
        let clock = SystemClock::new();
        let (first, boot) = (clock.elapsed_ms(), clock.boot_id());
        assert!(clock.elapsed_ms() >= first && first > 0);
        let later = SystemClock::of_boot(9);
        assert!(
            later.elapsed_ms() >= first,
            "counted since boot, not since the process"
        );
        assert_eq!(later.boot_id(), 9);
        assert_eq!(SystemClock::new().boot_id(), boot);
        assert!(clock.wall_ms() > 1_700_000_000_000);
    }
}

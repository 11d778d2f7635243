//! The phone's clocks behind one trait, and the system's implementation. The only file of the crate
//! that asks the machine for the time. No clock of the phone decides a deadline: wall time is
//! evidence, elapsed time with the boot number is the check on it.

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

/// The machine's clocks.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
    started_elapsed_ms: u64,
    boot_id: u32,
}

impl SystemClock {
    /// Reads the boot number and the time since boot once.
    #[expect(
        clippy::disallowed_methods,
        reason = "this file owns the machine's clocks"
    )]
    pub fn new() -> Self {
        let boot = std::fs::read("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        Self {
            started: Instant::now(),
            started_elapsed_ms: uptime_ms().unwrap_or(0),
            boot_id: crate::text::crc32(&boot),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

/// First number of `/proc/uptime`, seconds with two decimals.
fn uptime_ms() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    let (seconds, rest) = text.split_once('.')?;
    let hundredths: u64 = rest.get(..2)?.parse().ok()?;
    Some(seconds.parse::<u64>().ok()? * 1_000 + hundredths * 10)
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
        let running = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.started_elapsed_ms.saturating_add(running)
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
        assert!(clock.elapsed_ms() >= first);
        assert_eq!(SystemClock::new().boot_id(), boot);
        assert!(clock.wall_ms() > 1_700_000_000_000);
    }
}

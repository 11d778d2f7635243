//! When something happened on site: derived from the phone's wall clock, its last measured offset
//! and the time since boot (sync design §5). The phone's clock is evidence; it never decides, and a
//! time never lies after the receipt.

use dianma_schema::time::MINUTE_MS;
use dianma_schema::wire::command::CommandEnvelope;

/// A measured offset is good to half a round trip; two seconds cover a slow GPRS exchange.
const MEASURED_MS: i64 = 2_000;
/// Never measured, but the request told the phone's time as it left: the queue time is unknown.
const FROM_REQUEST_MS: i64 = 30_000;
/// Nothing to go by but the phone's own clock.
const UNMEASURED_MS: i64 = 10 * MINUTE_MS;
/// Above this skew the person is told to turn on automatic time (D-409-CLOCK).
const SKEW_LIMIT_MS: i64 = 2 * MINUTE_MS;

/// A derived time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurred {
    /// Epoch ms on the server's clock.
    pub at_ms: i64,
    /// How sure, ± ms.
    pub uncertainty_ms: i64,
    /// Server clock minus phone clock, ms, as far as known.
    pub skew_ms: i64,
}

impl Occurred {
    /// The phone's clock is so far off that the person should mend it.
    pub fn is_clock_off(&self) -> bool {
        self.skew_ms.abs() > SKEW_LIMIT_MS
    }
}

/// The clock readings of the command before, to see whether the wall clock was set in between.
#[derive(Clone, Copy, Debug)]
struct Reading {
    boot_id: u32,
    wall_ms: i64,
    elapsed_ms: u64,
}

/// Derives the times of one batch, command by command.
#[derive(Debug)]
pub struct Derivation {
    received_at_ms: i64,
    /// Server clock minus phone clock as the request itself shows it.
    request_offset_ms: Option<i64>,
    last: Option<Reading>,
}

impl Derivation {
    /// For a request received now; `wall_ms` is the phone's clock when it sent it.
    pub fn new(received_at_ms: i64, wall_ms: Option<i64>) -> Self {
        Self {
            received_at_ms,
            request_offset_ms: wall_ms.map(|wall| received_at_ms.saturating_sub(wall)),
            last: None,
        }
    }

    /// The time of the next command.
    pub fn next(&mut self, envelope: &CommandEnvelope) -> Occurred {
        let (offset, mut uncertainty_ms) = match (envelope.clock_offset_ms, self.request_offset_ms)
        {
            // The phone's clock moved between the measurement and the sending: who knows when.
            (Some(offset), Some(now)) => (offset, MEASURED_MS.max(distance(offset, now))),
            (Some(offset), None) => (offset, MEASURED_MS),
            (None, Some(now)) => (now, FROM_REQUEST_MS),
            (None, None) => (0, UNMEASURED_MS),
        };
        uncertainty_ms = uncertainty_ms.saturating_add(self.drift(envelope));
        let derived = envelope.wall_ms.saturating_add(offset);
        let at_ms = derived.clamp(0, self.received_at_ms.max(0));
        Occurred {
            at_ms,
            uncertainty_ms: uncertainty_ms.max(distance(at_ms, derived)),
            skew_ms: offset,
        }
    }

    /// How much the wall clock and the time since boot disagree about the step from the command
    /// before; across a reboot nothing can be said.
    fn drift(&mut self, envelope: &CommandEnvelope) -> i64 {
        let now = Reading {
            boot_id: envelope.boot_id,
            wall_ms: envelope.wall_ms,
            elapsed_ms: envelope.elapsed_ms,
        };
        let last = self.last.replace(now);
        match last {
            Some(last) if last.boot_id == now.boot_id => {
                let wall = now.wall_ms.saturating_sub(last.wall_ms);
                let elapsed = i64::try_from(now.elapsed_ms.abs_diff(last.elapsed_ms));
                distance(wall, elapsed.unwrap_or(i64::MAX))
            }
            _ => 0,
        }
    }
}

fn distance(a: i64, b: i64) -> i64 {
    i64::try_from(a.abs_diff(b)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dianma_schema::wire::command::Body;
    use proptest::prelude::*;

    const NOW: i64 = 1_780_000_000_000;

    fn envelope(wall_ms: i64, elapsed_ms: u64, offset: Option<i64>) -> CommandEnvelope {
        CommandEnvelope {
            n: 1,
            order_id: None,
            base_version: 0,
            wall_ms,
            elapsed_ms,
            boot_id: 7,
            clock_offset_ms: offset,
            body: Body::Accept,
            place: None,
            schema_version: None,
            depends_on: None,
        }
    }

    #[test]
    fn a_measured_offset_moves_the_wall_clock_onto_the_servers() {
        let mut times = Derivation::new(NOW, Some(NOW - 5_000));
        let occurred = times.next(&envelope(NOW - 600_000, 1_000, Some(5_000)));
        assert_eq!(occurred.at_ms, NOW - 595_000);
        assert_eq!(occurred.uncertainty_ms, MEASURED_MS);
        assert!(!occurred.is_clock_off());
    }

    #[test]
    fn a_time_after_the_receipt_is_the_receipt_and_says_how_unsure_it_is() {
        let mut times = Derivation::new(NOW, None);
        let occurred = times.next(&envelope(NOW + 3_600_000, 1_000, Some(0)));
        assert_eq!(occurred.at_ms, NOW);
        assert_eq!(occurred.uncertainty_ms, 3_600_000);
    }

    #[test]
    fn a_clock_set_between_two_commands_widens_the_second() {
        let mut times = Derivation::new(NOW, Some(NOW));
        times.next(&envelope(NOW - 60_000, 1_000, Some(0)));
        let second = times.next(&envelope(NOW, 2_000, Some(0)));
        assert_eq!(second.uncertainty_ms, MEASURED_MS + 59_000);
    }

    #[test]
    fn a_phone_three_minutes_off_is_told_so() {
        let mut times = Derivation::new(NOW, Some(NOW - 180_000));
        assert!(times.next(&envelope(NOW - 180_000, 1, None)).is_clock_off());
    }

    proptest! {
        #[test]
        fn no_time_lies_after_the_receipt_or_before_the_epoch(
            wall in any::<i64>(), sent in any::<Option<i64>>(), offset in any::<Option<i64>>(),
            elapsed in any::<u64>(),
        ) {
            let mut times = Derivation::new(NOW, sent);
            for _ in 0..2 {
                let occurred = times.next(&envelope(wall, elapsed, offset));
                prop_assert!((0..=NOW).contains(&occurred.at_ms));
                prop_assert!(occurred.uncertainty_ms >= 0);
            }
        }
    }
}

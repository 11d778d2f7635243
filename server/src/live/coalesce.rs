//! Bursts: an order that changes ten times in a moment is told once, then once more at the end.
//! Time is a count of ticks of [`TICK_MS`]; no clock in here.

use crate::store::Notice;
use std::collections::HashMap;

/// Length of a tick.
pub(super) const TICK_MS: u64 = 100;
/// Ticks that must lie between two notices of one thing: more than 200 ms.
const QUIET_TICKS: u64 = 3;

/// What was told lately, and what waits.
#[derive(Debug, Default)]
pub(super) struct Coalescer {
    tick: u64,
    told: HashMap<String, Told>,
}

#[derive(Debug)]
struct Told {
    at_tick: u64,
    waiting: Option<Notice>,
}

impl Coalescer {
    /// Takes a notice in; gives it back when it may be told now. Scope notices are for phones and
    /// are dropped.
    pub(super) fn offer(&mut self, notice: Notice) -> Option<Notice> {
        let key = match &notice {
            Notice::Order { id, .. } => format!("order:{id}"),
            Notice::List { name } => format!("list:{name}"),
            Notice::Scope { .. } => return None,
        };
        if let Some(told) = self.told.get_mut(&key) {
            told.waiting = Some(notice);
            return None;
        }
        let told = Told {
            at_tick: self.tick,
            waiting: None,
        };
        self.told.insert(key, told);
        Some(notice)
    }

    /// A tick went by: what may be told now.
    pub(super) fn tick(&mut self) -> Vec<Notice> {
        self.tick += 1;
        let tick = self.tick;
        let mut due = Vec::new();
        self.told.retain(|_, told| {
            if tick - told.at_tick < QUIET_TICKS {
                return true;
            }
            told.at_tick = tick;
            match told.waiting.take() {
                Some(notice) => {
                    due.push(notice);
                    true
                }
                None => false,
            }
        });
        due
    }

    /// Nothing waits and nothing has to be remembered.
    pub(super) fn is_idle(&self) -> bool {
        self.told.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(id: &str, version: i64) -> Notice {
        Notice::Order {
            id: id.to_owned(),
            version,
            state: "draft".to_owned(),
            urgency: "normal".to_owned(),
        }
    }

    #[test]
    fn a_burst_is_told_first_and_last() {
        let mut coalescer = Coalescer::default();
        assert_eq!(coalescer.offer(order("a", 1)), Some(order("a", 1)));
        for version in 2..10 {
            assert_eq!(coalescer.offer(order("a", version)), None);
        }
        assert_eq!(coalescer.offer(order("b", 1)), Some(order("b", 1)));
        assert!(coalescer.tick().is_empty());
        assert!(coalescer.tick().is_empty());
        assert_eq!(coalescer.tick(), [order("a", 9)]);
        assert_eq!(coalescer.offer(order("a", 10)), None);
        for _ in 0..3 {
            assert!(coalescer.tick().len() <= 1);
        }
        for _ in 0..3 {
            assert!(coalescer.tick().is_empty());
        }
        assert!(coalescer.is_idle());
        assert_eq!(coalescer.offer(order("a", 11)), Some(order("a", 11)));
    }

    #[test]
    fn scopes_are_not_for_the_console() {
        let scope = "user:x".to_owned();
        let mut coalescer = Coalescer::default();
        assert_eq!(coalescer.offer(Notice::Scope { scope }), None);
        assert!(coalescer.is_idle());
    }
}

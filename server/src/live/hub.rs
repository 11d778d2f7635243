//! The hub: numbers the notices, remembers the newest 1,024 so that a browser that lost its
//! connection resumes, and tells everybody to start over when something was missed.

use super::coalesce::{Coalescer, TICK_MS};
use crate::clock::random;
use crate::error::ApiError;
use crate::store::{Notice, Store};
use crate::text::hex;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

/// Events remembered for resuming.
const REMEMBERED: usize = 1_024;

/// What goes out to browsers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Live {
    /// A numbered notice.
    Notice { n: u64, notice: Notice },
    /// Something was missed: read everything again.
    Reset { n: u64 },
}

impl Live {
    pub(super) fn n(&self) -> u64 {
        match self {
            Self::Notice { n, .. } | Self::Reset { n } => *n,
        }
    }
}

/// A listener's share: what it missed, then what comes.
pub(super) struct Subscription {
    pub(super) missed: Vec<Live>,
    pub(super) coming: broadcast::Receiver<Live>,
    pub(super) closing: watch::Receiver<bool>,
}

/// Numbers and remembers; one for each node. Starts with its first listener.
pub struct Hub {
    state: Mutex<State>,
    outlet: broadcast::Sender<Live>,
    closing: watch::Sender<bool>,
}

struct State {
    /// Random name of this run, once started: ids of another run or node are unknown here.
    run: Option<String>,
    last_n: u64,
    ring: VecDeque<Live>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub")
    }
}

impl Default for Hub {
    fn default() -> Self {
        Self::new()
    }
}

impl Hub {
    /// A hub nobody listens to yet.
    pub fn new() -> Self {
        let state = State {
            run: None,
            last_n: 0,
            ring: VecDeque::with_capacity(REMEMBERED),
        };
        Self {
            state: Mutex::new(state),
            outlet: broadcast::channel(REMEMBERED).0,
            closing: watch::channel(false).0,
        }
    }

    /// Ends every stream: the server is stopping and must not wait for browsers.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Starts following the store, once. Runs inside the async runtime.
    pub(super) fn start(self: &Arc<Self>, store: &Store) -> Result<(), ApiError> {
        let name = hex(&random::<6>()?);
        let mut state = self.lock();
        if state.run.is_none() {
            state.run = Some(name);
            let notices = store.notices();
            tokio::spawn(follow(Arc::clone(self), notices));
        }
        Ok(())
    }

    /// What came after `last_id`, and what will come. An id of another run, or one that is
    /// forgotten, gives a reset.
    pub(super) fn subscribe(&self, last_id: Option<&str>) -> Subscription {
        let state = self.lock();
        let missed = last_id.map_or_else(Vec::new, |id| state.after(id));
        Subscription {
            missed,
            coming: self.outlet.subscribe(),
            closing: self.closing.subscribe(),
        }
    }

    /// The id a browser sends back to resume after event `n`.
    pub(super) fn id_of(&self, n: u64) -> String {
        let state = self.lock();
        format!("{}-{n}", state.run.as_deref().unwrap_or_default())
    }

    fn tell(&self, notice: Notice) {
        let mut state = self.lock();
        state.last_n += 1;
        let live = Live::Notice {
            n: state.last_n,
            notice,
        };
        if state.ring.len() == REMEMBERED {
            state.ring.pop_front();
        }
        state.ring.push_back(live.clone());
        // Sent under the lock: a subscriber sees each event in `missed` or in `coming`, never in both.
        let _ = self.outlet.send(live);
    }

    fn tell_reset(&self) {
        let mut state = self.lock();
        state.last_n += 1;
        state.ring.clear();
        let _ = self.outlet.send(Live::Reset { n: state.last_n });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn after(&self, id: &str) -> Vec<Live> {
        let known = id
            .split_once('-')
            .filter(|(run, _)| Some(*run) == self.run.as_deref())
            .and_then(|(_, n)| n.parse::<u64>().ok())
            .filter(|n| *n <= self.last_n && n + self.ring.len() as u64 >= self.last_n);
        match known {
            Some(n) => self.ring.iter().filter(|e| e.n() > n).cloned().collect(),
            None => vec![Live::Reset { n: self.last_n }],
        }
    }
}

/// Moves notices from the store to the listeners until the store is gone.
async fn follow(hub: Arc<Hub>, mut notices: broadcast::Receiver<Notice>) {
    let mut coalescer = Coalescer::default();
    let mut ticks = tokio::time::interval(Duration::from_millis(TICK_MS));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            received = notices.recv() => match received {
                Ok(notice) => {
                    if let Some(now) = coalescer.offer(notice) {
                        hub.tell(now);
                    }
                }
                Err(RecvError::Lagged(_)) => hub.tell_reset(),
                Err(RecvError::Closed) => return,
            },
            _ = ticks.tick(), if !coalescer.is_idle() => {
                for notice in coalescer.tick() {
                    hub.tell(notice);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(name: &str) -> Notice {
        Notice::List {
            name: name.to_owned(),
        }
    }

    fn started() -> Hub {
        let hub = Hub::new();
        hub.lock().run = Some("run".to_owned());
        hub
    }

    #[test]
    fn resumes_exactly_after_the_last_id() {
        let hub = started();
        for name in ["a", "b", "c"] {
            hub.tell(list(name));
        }
        let share = hub.subscribe(Some("run-1"));
        let numbers: Vec<u64> = share.missed.iter().map(Live::n).collect();
        assert_eq!(numbers, [2, 3]);
        assert!(hub.subscribe(Some("run-3")).missed.is_empty());
        assert!(hub.subscribe(None).missed.is_empty());
    }

    #[test]
    fn unknown_future_and_forgotten_ids_start_over() {
        let hub = started();
        for _ in 0..=REMEMBERED {
            hub.tell(list("devices"));
        }
        for id in ["other-3", "run-0", "run-5000", "run-x", "", "-"] {
            let missed = hub.subscribe(Some(id)).missed;
            assert_eq!(
                missed,
                [Live::Reset {
                    n: REMEMBERED as u64 + 1
                }],
                "{id}"
            );
        }
        assert_eq!(hub.subscribe(Some("run-1")).missed.len(), REMEMBERED);
    }

    #[test]
    fn a_missed_notice_resets_everybody() {
        let hub = started();
        hub.tell(list("staff"));
        let mut share = hub.subscribe(Some("run-1"));
        hub.tell_reset();
        assert_eq!(share.coming.try_recv().unwrap(), Live::Reset { n: 2 });
        assert_eq!(hub.subscribe(Some("run-1")).missed, [Live::Reset { n: 2 }]);
        assert!(hub.subscribe(Some("run-2")).missed.is_empty());
    }
}

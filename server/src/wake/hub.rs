//! Who follows which scope on this node. One task reads the store's notices; a moved scope reaches
//! its followers only, so that fifty thousand phones do not wake for each other's orders.

use crate::error::ApiError;
use crate::store::{Notice, Store};
use axum::http::StatusCode;
use dianma_schema::fault;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};

/// Most streams on one node; beyond it phones poll.
const MAX_STREAMS: usize = 50_000;
/// Hints that wait for a slow phone: one per scope is enough, a second one says nothing new.
const BUFFER: usize = 2;

type Outlet = mpsc::Sender<&'static str>;

/// The followers.
pub struct Wakes {
    state: Mutex<State>,
    closing: watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    is_started: bool,
    streams: usize,
    followers: HashMap<String, Vec<(Outlet, &'static str)>>,
}

impl std::fmt::Debug for Wakes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wakes")
    }
}

impl Default for Wakes {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            closing: watch::Sender::new(false),
        }
    }
}

impl Wakes {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to listen, once; needs the async runtime.
    pub fn start(self: &Arc<Self>, store: &Store) {
        let mut state = self.lock();
        if state.is_started {
            return;
        }
        state.is_started = true;
        let mut notices = store.notices();
        let wakes = Arc::clone(self);
        tokio::spawn(async move {
            loop {
                match notices.recv().await {
                    Ok(Notice::Scope { scope }) => wakes.tell(&scope),
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => wakes.tell_all(),
                    Err(RecvError::Closed) => return,
                }
            }
        });
    }

    /// The hints of some scopes, each by its short name.
    pub fn follow(
        &self,
        scopes: Vec<(String, &'static str)>,
    ) -> Result<mpsc::Receiver<&'static str>, ApiError> {
        let (send, receive) = mpsc::channel(BUFFER);
        let mut state = self.lock();
        if state.streams >= MAX_STREAMS {
            state.sweep();
        }
        if state.streams >= MAX_STREAMS {
            return Err(ApiError::new(
                StatusCode::SERVICE_UNAVAILABLE,
                fault::X_BUSY,
            ));
        }
        state.streams += 1;
        for (scope, name) in scopes {
            let followers = state.followers.entry(scope).or_default();
            followers.retain(|(outlet, _)| !outlet.is_closed());
            followers.push((send.clone(), name));
        }
        Ok(receive)
    }

    /// A full outlet already holds a hint: nothing is lost by dropping this one.
    fn tell(&self, scope: &str) {
        if let Some(followers) = self.lock().followers.get(scope) {
            for (outlet, name) in followers {
                let _ = outlet.try_send(name);
            }
        }
    }

    /// Notices were missed: everybody asks once.
    fn tell_all(&self) {
        for (outlet, name) in self.lock().followers.values().flatten() {
            let _ = outlet.try_send(name);
        }
    }

    /// Ends all streams; a server that stops waits for them.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }
}

impl State {
    /// Forgets phones that left and counts the others anew.
    fn sweep(&mut self) {
        self.followers.retain(|_, followers| {
            followers.retain(|(outlet, _)| !outlet.is_closed());
            !followers.is_empty()
        });
        let users = self.followers.values().flatten();
        self.streams = users.filter(|(_, name)| *name == "user").count();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(wakes: &Wakes, user: &str) -> mpsc::Receiver<&'static str> {
        let scopes = vec![
            (user.to_owned(), "user"),
            ("station:1".to_owned(), "station"),
        ];
        wakes.follow(scopes).unwrap()
    }

    #[test]
    fn only_followers_of_the_scope_hear_it_and_a_slow_one_hears_it_once() {
        let wakes = Wakes::default();
        let mut first = follow(&wakes, "user:1");
        let mut second = follow(&wakes, "user:2");
        for _ in 0..5 {
            wakes.tell("user:1");
        }
        assert_eq!(first.try_recv(), Ok("user"));
        assert!(second.try_recv().is_err());
        wakes.tell("station:1");
        assert_eq!(second.try_recv(), Ok("station"));
    }

    #[test]
    fn phones_that_left_are_forgotten() {
        let wakes = Wakes::default();
        drop(follow(&wakes, "user:1"));
        let _stays = follow(&wakes, "user:2");
        let mut state = wakes.lock();
        state.sweep();
        assert_eq!(state.streams, 1);
        assert!(!state.followers.contains_key("user:1"));
    }

    #[tokio::test]
    async fn a_published_change_reaches_the_phone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_sqlite(&folder.path().join("test.sqlite")).unwrap();
        let wakes = Arc::new(Wakes::default());
        wakes.start(&store);
        let mut hints = follow(&wakes, "user:1");
        let change = crate::feed::Change::put(
            "user:1".to_owned(),
            dianma_schema::wire::sync::EntryKind::Order,
            uuid::Uuid::nil(),
            1,
        );
        store
            .write(move |tx| crate::feed::publish(tx, 1, vec![change.clone()]))
            .await
            .unwrap();
        assert_eq!(hints.recv().await, Some("user"));
    }
}

//! Notices between nodes, by LISTEN and NOTIFY: hints only. They go out on a connection of their own
//! after the commit: a transaction with a NOTIFY holds one lock of the whole cluster while it commits,
//! so that phones' batches would wait for each other's disk flush.

use super::postgres_session::engine_error;
use super::{Notice, StoreError};
use ::postgres::fallible_iterator::FallibleIterator;
use ::postgres::{Client, NoTls};
use std::collections::HashSet;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use tokio::sync::broadcast;

/// Channel of notices.
const CHANNEL: &str = "dianma_notices";
/// NOTIFY refuses payloads of 8,000 bytes and more.
const MAX_PAYLOAD_BYTES: usize = 7_900;
/// Commits whose notices may wait; beyond that they are dropped, as listeners may miss some anyway.
const QUEUE: usize = 4_096;

/// Sends this node's notices.
pub(super) struct Notifier {
    outlet: SyncSender<Vec<Notice>>,
}

impl Notifier {
    /// Starts the thread that sends; it ends with this handle.
    pub(super) fn start(url: &str) -> Result<Self, StoreError> {
        let (outlet, inlet) = sync_channel(QUEUE);
        let url = url.to_owned();
        std::thread::Builder::new()
            .name("postgres-notify".to_owned())
            .spawn(move || send_all(&url, &inlet))
            .map_err(|e| StoreError::Engine(e.to_string()))?;
        Ok(Self { outlet })
    }

    /// Queues the notices of a committed transaction.
    pub(super) fn tell(&self, notices: Vec<Notice>) {
        if !notices.is_empty() && self.outlet.try_send(notices).is_err() {
            tracing::warn!("notices to other nodes were dropped");
        }
    }
}

/// What gathers while one payload is sent goes out with the next.
fn send_all(url: &str, inlet: &Receiver<Vec<Notice>>) {
    let mut client = None;
    while let Ok(mut notices) = inlet.recv() {
        notices.extend(inlet.try_iter().take(QUEUE).flatten());
        for payload in payloads(&notices) {
            if let Err(error) = send(url, &mut client, &payload) {
                tracing::warn!(error = %error, "notices to other nodes were lost");
            }
        }
    }
}

fn send(url: &str, kept: &mut Option<Client>, payload: &str) -> Result<(), StoreError> {
    let mut client = match kept.take() {
        Some(client) if !client.is_closed() => client,
        _ => connect(url)?,
    };
    client
        .execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &payload])
        .map_err(engine_error)?;
    *kept = Some(client);
    Ok(())
}

fn connect(url: &str) -> Result<Client, StoreError> {
    let mut client = Client::connect(url, NoTls).map_err(engine_error)?;
    // A hint need not survive a crash: its commit waits for no disk.
    client
        .batch_execute("SET synchronous_commit = off")
        .map_err(engine_error)?;
    Ok(client)
}

/// One line a notice, repeated ones once, cut into what NOTIFY takes.
fn payloads(notices: &[Notice]) -> Vec<String> {
    let mut told = HashSet::new();
    let mut payloads = vec![String::new()];
    for notice in notices {
        let Ok(line) = serde_json::to_string(notice) else {
            continue;
        };
        if line.len() >= MAX_PAYLOAD_BYTES || !told.insert(line.clone()) {
            continue;
        }
        match payloads.last_mut() {
            Some(last) if last.len() + line.len() < MAX_PAYLOAD_BYTES => {
                last.push_str(&line);
                last.push('\n');
            }
            _ => payloads.push(format!("{line}\n")),
        }
    }
    payloads.retain(|payload| !payload.is_empty());
    payloads
}

/// A thread of its own forwards NOTIFY payloads to this node's listeners and reconnects for ever.
pub(super) fn listen(url: &str, notices: broadcast::Sender<Notice>) -> Result<(), StoreError> {
    let url = url.to_owned();
    std::thread::Builder::new()
        .name("postgres-listen".to_owned())
        .spawn(move || {
            loop {
                if let Err(error) = forward(&url, &notices) {
                    tracing::warn!(error = %error, "notices from the database paused");
                }
                std::thread::sleep(Duration::from_secs(2));
            }
        })
        .map(drop)
        .map_err(|e| StoreError::Engine(e.to_string()))
}

fn forward(url: &str, notices: &broadcast::Sender<Notice>) -> Result<(), StoreError> {
    let mut client = Client::connect(url, NoTls).map_err(engine_error)?;
    client
        .batch_execute(&format!("LISTEN {CHANNEL}"))
        .map_err(engine_error)?;
    let mut notifications = client.notifications();
    let mut waiting = notifications.blocking_iter();
    while let Some(notification) = waiting.next().map_err(engine_error)? {
        for line in notification.payload().lines() {
            if let Ok(notice) = serde_json::from_str(line) {
                let _ = notices.send(notice);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_notices_go_once_and_no_payload_is_too_long() {
        let scope = |number: usize| Notice::Scope {
            scope: format!("user:{number:036}"),
        };
        let notices: Vec<Notice> = (0..1_000).map(|number| scope(number % 500)).collect();
        let payloads = payloads(&notices);
        assert!(payloads.len() > 1);
        assert!(payloads.iter().all(|p| p.len() <= MAX_PAYLOAD_BYTES));
        let lines: Vec<Notice> = payloads
            .iter()
            .flat_map(|payload| payload.lines())
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines, notices[..500]);
        assert!(super::payloads(&[]).is_empty());
    }
}

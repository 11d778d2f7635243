//! Commands per second with full validation, and empty polls per second.

use crate::county::{County, Handset};
use crate::report::Report;
use dianma_schema::wire::command::{Body, CommandEnvelope, Suspension};
use dianma_schema::wire::sync::{Cursor, NetClass, Outcome, PROTOCOL, ScopeKind, SyncRequest, SyncResponse};
use dianma_schema::wire::codec;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// Connections of the command load.
const CONNECTIONS: [usize; 3] = [1, 8, 64];
/// Connections of the poll load.
const POLLERS: usize = 8;
/// Commands a second at 64 connections on SQLite (design §7).
const BUDGET_COMMANDS: f64 = 5_000.0;

pub async fn run(county: &County, report: &mut Report, seconds: u64) {
    let handsets = county.enrol(64).await;
    for connections in CONNECTIONS {
        let figures = commands(county, &handsets[..connections], seconds).await;
        let budget = (connections == 64 && county.is_sqlite()).then_some(BUDGET_COMMANDS);
        report.add(format!("commands, {connections} connections"), figures.per_second, "/s", budget);
        report.add(format!("  p50, {connections} connections"), figures.p50_ms, "ms", None);
        report.add(format!("  p99, {connections} connections"), figures.p99_ms, "ms", None);
    }
    let polls = polls(county, &handsets[..POLLERS], seconds).await;
    report.add(format!("empty polls, {POLLERS} connections"), polls, "/s", None);
}

struct Figures {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// Each handset walks its own order: accept, then suspend and resume for ever. Every step is a
/// transition with all its checks, one request each.
async fn commands(county: &County, handsets: &[Arc<Handset>], seconds: u64) -> Figures {
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut walkers = tokio::task::JoinSet::new();
    for handset in handsets {
        let (handset, url) = (Arc::clone(handset), county.url().to_owned());
        walkers.spawn(async move {
            let client = client();
            let mut times = Vec::new();
            while Instant::now() < end {
                let begun = Instant::now();
                step(&client, &url, &handset).await;
                times.push(begun.elapsed());
            }
            times
        });
    }
    let mut times: Vec<Duration> = walkers.join_all().await.into_iter().flatten().collect();
    times.sort_unstable();
    let at = |permille: usize| times[(times.len() - 1) * permille / 1_000].as_secs_f64() * 1e3;
    Figures { per_second: times.len() as f64 / seconds as f64, p50_ms: at(500), p99_ms: at(990) }
}

async fn step(client: &reqwest::Client, url: &str, handset: &Handset) {
    let n = handset.next_n.fetch_add(1, Ordering::SeqCst);
    let request = SyncRequest {
        acked_n: n - 1,
        commands: Some(vec![envelope(handset, n).into()]),
        ..empty_request(handset)
    };
    let response = exchange(client, url, handset, &request).await;
    let results = response.results.unwrap_or_default();
    assert!(
        results.len() == 1 && results[0].outcome == Outcome::Accepted,
        "a command was not accepted: {results:?}"
    );
}

/// The n-th command of a handset's walk, encoded.
pub fn envelope(handset: &Handset, n: u64) -> Vec<u8> {
    let body = match n {
        1 => Body::Accept,
        n if n % 2 == 0 => Body::Suspend(Suspension {
            reason: "客户改约".to_owned(),
            appointment_ms: handset.now_ms + 86_400_000,
        }),
        _ => Body::Resume,
    };
    let envelope = CommandEnvelope {
        n,
        order_id: Some(handset.order_id),
        base_version: n,
        wall_ms: handset.now_ms,
        elapsed_ms: 5_000,
        boot_id: 7,
        clock_offset_ms: Some(0),
        body,
        place: None,
        schema_version: None,
        depends_on: None,
    };
    minicbor::to_vec(&envelope).expect("an envelope can be encoded")
}

async fn polls(county: &County, handsets: &[Arc<Handset>], seconds: u64) -> f64 {
    let end = Instant::now() + Duration::from_secs(seconds);
    let count = Arc::new(AtomicU64::new(0));
    let mut pollers = tokio::task::JoinSet::new();
    for handset in handsets {
        let (handset, url, count) = (Arc::clone(handset), county.url().to_owned(), Arc::clone(&count));
        pollers.spawn(async move {
            let client = client();
            let mut request = empty_request(&handset);
            request.cursors = catch_up(&client, &url, &handset).await;
            while Instant::now() < end {
                let response = exchange(&client, &url, &handset, &request).await;
                assert!(response.pages.is_none_or(|pages| pages.is_empty()), "a poll was not empty");
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    pollers.join_all().await;
    count.load(Ordering::SeqCst) as f64 / seconds as f64
}

/// Pulls everything and returns the cursors behind it.
pub async fn catch_up(client: &reqwest::Client, url: &str, handset: &Handset) -> Vec<Cursor> {
    let mut request = empty_request(handset);
    loop {
        let response = exchange(client, url, handset, &request).await;
        let pages = response.pages.unwrap_or_default();
        if pages.is_empty() {
            return request.cursors;
        }
        for page in &pages {
            for cursor in request.cursors.iter_mut().filter(|cursor| cursor.scope == page.scope) {
                cursor.epoch = page.epoch;
                cursor.position = page.position;
            }
        }
    }
}

/// A poll from scratch.
pub fn empty_request(handset: &Handset) -> SyncRequest {
    let cursor = |scope| Cursor { scope, epoch: 0, position: 0 };
    let sent = handset.next_n.load(Ordering::SeqCst) - 1;
    SyncRequest {
        protocol: PROTOCOL,
        app_version: None,
        acked_n: sent,
        commands: None,
        cursors: vec![cursor(ScopeKind::User), cursor(ScopeKind::Station)],
        net_class: NetClass::Wifi,
        wall_ms: None,
        pending_commands: None,
        pending_files: None,
    }
}

/// One warm HTTP/2 connection without TLS, as behind a gateway.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().http2_prior_knowledge().build().expect("an HTTP client")
}

pub async fn exchange(
    client: &reqwest::Client,
    url: &str,
    handset: &Handset,
    request: &SyncRequest,
) -> SyncResponse {
    let answer = client
        .post(format!("{url}/v1/sync"))
        .bearer_auth(&handset.token)
        .header("content-type", codec::CONTENT_TYPE)
        .body(codec::pack(request).expect("a request can be packed"))
        .send()
        .await
        .expect("an answer");
    let status = answer.status();
    let body = answer.bytes().await.expect("a body");
    assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
    codec::unpack(&body).expect("a sync answer")
}

//! A phone as the wire sees it: token, command numbers, cursors. No store, so that a hundred of them
//! cost the measuring process little; the real phone is measured in `pull`.

use dianma_core::entropy::SeededEntropy;
use dianma_schema::id::WorkOrderId;
use dianma_schema::wire::codec;
use dianma_schema::wire::command::{Body, CommandEnvelope, Suspension};
use dianma_schema::wire::sync::{Cursor, NetClass, PROTOCOL, ScopeKind, SyncRequest, SyncResponse};
use std::sync::{Mutex, PoisonError};

/// What a phone remembers.
struct Memory {
    next_n: u64,
    cursors: Vec<Cursor>,
}

/// One enrolled device.
pub struct Handset {
    /// Bearer token.
    token: String,
    /// Orders in this person's hands.
    pub orders: Vec<WorkOrderId>,
    /// Server time at the start, epoch ms.
    now_ms: i64,
    memory: Mutex<Memory>,
}

/// Steps of one order's walk before it starts again: accept, depart, then suspend and resume.
const STEPS: u64 = 4;

impl Handset {
    /// A device that has read and sent nothing.
    pub fn new(token: String, orders: Vec<WorkOrderId>, now_ms: i64) -> Self {
        let cursor = |scope| Cursor {
            scope,
            epoch: 0,
            position: 0,
        };
        let memory = Memory {
            next_n: 1,
            cursors: vec![cursor(ScopeKind::User), cursor(ScopeKind::Station)],
        };
        Self {
            token,
            orders,
            now_ms,
            memory: Mutex::new(memory),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        work(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A poll with what is known now.
    pub fn poll(&self) -> SyncRequest {
        self.with(|memory| SyncRequest {
            protocol: PROTOCOL,
            app_version: None,
            acked_n: memory.next_n - 1,
            commands: None,
            cursors: memory.cursors.clone(),
            net_class: NetClass::Wifi,
            wall_ms: None,
            pending_commands: None,
            pending_files: None,
            trust: None,
        })
    }

    /// A request that pushes the next `count` commands.
    pub fn push(&self, count: u64) -> SyncRequest {
        let mut request = self.poll();
        let first = request.acked_n + 1;
        let commands = (first..first + count).map(|n| self.command(n).into());
        request.commands = Some(commands.collect());
        request.wall_ms = Some(self.wall_ms(first + count));
        self.with(|memory| memory.next_n += count);
        request
    }

    /// The n-th command. Numbers walk one order after the other, [`STEPS`] each; with one order they
    /// go on suspending and resuming it.
    fn command(&self, n: u64) -> Vec<u8> {
        let at = n - 1;
        let count = self.orders.len() as u64;
        let (order, step) = if count > 1 {
            (at / STEPS % count, at % STEPS)
        } else {
            (0, if at < STEPS { at } else { 2 + at % 2 })
        };
        let body = match step {
            0 => Body::Accept,
            1 => Body::Depart,
            2 => Body::Suspend(Suspension {
                reason: "客户改约".to_owned(),
                appointment_ms: self.now_ms + 86_400_000,
            }),
            _ => Body::Resume,
        };
        let order = usize::try_from(order).unwrap_or(0);
        let envelope = CommandEnvelope {
            n,
            order_id: self.orders.get(order).copied(),
            base_version: 2 + step,
            wall_ms: self.wall_ms(n),
            elapsed_ms: self.wall_ms(n).unsigned_abs() % 864_000_000,
            boot_id: 2_863_311_530,
            clock_offset_ms: Some(-431),
            body,
            place: None,
            schema_version: None,
            depends_on: None,
        };
        minicbor::to_vec(&envelope).expect("an envelope can be encoded")
    }

    /// When the n-th command was given: about a minute apart and never regular, within two hours.
    fn wall_ms(&self, n: u64) -> i64 {
        let uneven = SeededEntropy::new(n).next_number() % 50_000;
        let apart = i64::try_from((n * 60_000 + uneven) % 7_200_000).unwrap_or(0);
        self.now_ms - 7_200_000 + apart
    }

    /// One exchange; cursors go on with what came.
    pub async fn exchange(
        &self,
        client: &reqwest::Client,
        url: &str,
        request: &SyncRequest,
    ) -> SyncResponse {
        let answer = client
            .post(format!("{url}/v1/sync"))
            .header(codec::TOKEN_HEADER, &self.token)
            .header("content-type", codec::CONTENT_TYPE)
            .body(codec::pack(request).expect("a request can be packed"))
            .send()
            .await
            .expect("an answer");
        let status = answer.status();
        let body = answer.bytes().await.expect("a body");
        assert!(
            status.is_success(),
            "{status}: {}",
            String::from_utf8_lossy(&body)
        );
        let response: SyncResponse = codec::unpack(&body).expect("a sync answer");
        self.with(|memory| {
            for page in response.pages.iter().flatten() {
                let own = memory.cursors.iter_mut().filter(|c| c.scope == page.scope);
                for cursor in own {
                    cursor.epoch = page.epoch;
                    cursor.position = page.position;
                }
            }
        });
        response
    }

    /// Pulls until nothing comes any more; returns the number of requests and entries.
    pub async fn catch_up(&self, client: &reqwest::Client, url: &str) -> (u64, usize) {
        let (mut requests, mut entries) = (0, 0);
        loop {
            let response = self.exchange(client, url, &self.poll()).await;
            let pages = response.pages.unwrap_or_default();
            requests += 1;
            entries += pages.iter().map(|page| page.entries.len()).sum::<usize>();
            if !pages.iter().any(|page| page.more) {
                return (requests, entries);
            }
        }
    }
}

/// A client of one warm HTTP/2 connection without TLS, as behind a gateway.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .http2_prior_knowledge()
        .no_proxy()
        .build()
        .expect("an HTTP client")
}

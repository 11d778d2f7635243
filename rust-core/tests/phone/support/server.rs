//! A reference server small enough to be right: one person's scope and one station's scope, commands
//! judged by the lifecycle table, results kept, files by offset. It can lose requests and answers,
//! restore an older backup, and send pages of any size.

use super::records;
use dianma_core::sync::transport::{Answer, Request, Transport, Unreachable};
use dianma_schema::id::{DeviceId, StaffId, WorkOrderId};
use dianma_schema::order::lifecycle::{self, Command};
use dianma_schema::permission::Role;
use dianma_schema::wire::codec::{self, CONTENT_TYPE};
use dianma_schema::wire::command::CommandEnvelope;
use dianma_schema::wire::record::{CustomerRecord, OrderRecord};
use dianma_schema::wire::sync::{
    CommandResult, Cursor, Entry, EntryKind, EntryOp, Left, Outcome, Page, ScopeKind, SyncRequest,
    SyncResponse, checksum_term,
};
use std::collections::BTreeMap;

#[derive(Clone)]
struct FeedRow {
    position: u64,
    version: u64,
    body: Option<Vec<u8>>,
}

type Feed = BTreeMap<(EntryKind, Vec<u8>), FeedRow>;

/// What survives in a backup.
#[derive(Clone)]
pub struct State {
    pub epoch: u32,
    pub orders: BTreeMap<WorkOrderId, OrderRecord>,
    feeds: BTreeMap<ScopeKind, (u64, Feed)>,
    pub last_n: u64,
    results: BTreeMap<u64, CommandResult>,
    /// Envelopes in the order they took effect.
    pub effects: Vec<CommandEnvelope>,
}

pub struct Server {
    pub state: State,
    pub device: DeviceId,
    pub staff: StaffId,
    pub now_ms: i64,
    pub page_entries: usize,
    /// Requests as received.
    pub requests: Vec<SyncRequest>,
    pub body_bytes: Vec<usize>,
    /// The next so many requests get no answer: lost before or after they took effect.
    pub lose_requests: u32,
    pub lose_answers: u32,
    pub refuse_token: bool,
    pub break_checksum_of: Option<ScopeKind>,
    pub files: BTreeMap<String, Vec<u8>>,
    pub complete: BTreeMap<String, bool>,
    /// File requests: offset and length of each piece.
    pub pieces: Vec<(String, u64, usize)>,
    /// After so many pieces the connection breaks while the next one is stored.
    pub break_after_pieces: Option<usize>,
    /// Pieces are taken and forgotten.
    pub forget_pieces: bool,
    /// Names of files a retired phone may not send.
    pub unwanted_names: Vec<String>,
    /// Given at every sign-in.
    pub recovery_key: Option<[u8; 32]>,
    /// The device a sign-in named.
    pub named_device: Option<String>,
    /// Told with every leave.
    pub left: Option<Left>,
}

impl Server {
    pub fn new(now_ms: i64) -> Self {
        Self {
            state: State {
                epoch: 77,
                orders: BTreeMap::new(),
                feeds: BTreeMap::new(),
                last_n: 0,
                results: BTreeMap::new(),
                effects: Vec::new(),
            },
            device: DeviceId::new(1, [5; 10]),
            staff: records::staff_id(),
            now_ms,
            page_entries: 100,
            requests: Vec::new(),
            body_bytes: Vec::new(),
            lose_requests: 0,
            lose_answers: 0,
            refuse_token: false,
            break_checksum_of: None,
            files: BTreeMap::new(),
            complete: BTreeMap::new(),
            pieces: Vec::new(),
            break_after_pieces: None,
            forget_pieces: false,
            recovery_key: Some([9; 32]),
            named_device: None,
            unwanted_names: Vec::new(),
            left: None,
        }
    }

    fn publish(
        &mut self,
        scope: ScopeKind,
        kind: EntryKind,
        id: &[u8],
        version: u64,
        body: Option<Vec<u8>>,
    ) {
        let (position, feed) = self.state.feeds.entry(scope).or_default();
        *position += 1;
        let row = FeedRow {
            position: *position,
            version,
            body,
        };
        feed.insert((kind, id.to_vec()), row);
    }

    pub fn put_order(&mut self, record: OrderRecord) {
        let body = minicbor::to_vec(&record).unwrap();
        let id = *record.id.0.as_bytes();
        self.publish(
            ScopeKind::User,
            EntryKind::Order,
            &id,
            record.version,
            Some(body),
        );
        self.state.orders.insert(record.id, record);
    }

    /// An office change: edits the order and raises its version.
    pub fn change_order(&mut self, id: WorkOrderId, edit: impl FnOnce(&mut OrderRecord)) {
        let mut record = self.state.orders.get(&id).unwrap().clone();
        edit(&mut record);
        record.version += 1;
        self.put_order(record);
    }

    pub fn remove_order(&mut self, id: WorkOrderId) {
        let record = self.state.orders.get(&id).unwrap().clone();
        let version = record.version + 1;
        self.publish(
            ScopeKind::User,
            EntryKind::Order,
            id.0.as_bytes(),
            version,
            None,
        );
    }

    pub fn put_customer(&mut self, record: &CustomerRecord) {
        let body = minicbor::to_vec(record).unwrap();
        let id = *record.id.0.as_bytes();
        self.publish(
            ScopeKind::Station,
            EntryKind::Customer,
            &id,
            record.version,
            Some(body),
        );
    }

    pub fn remove_customer(&mut self, record: &CustomerRecord) {
        let id = *record.id.0.as_bytes();
        self.publish(
            ScopeKind::Station,
            EntryKind::Customer,
            &id,
            record.version + 1,
            None,
        );
    }

    /// Goes back to an older state, as after a restore: another incarnation.
    pub fn restore(&mut self, backup: State) {
        let epoch = self.state.epoch + 1;
        self.state = State { epoch, ..backup };
    }

    fn sync(&mut self, request: &SyncRequest) -> SyncResponse {
        let (results, mut resend_from) = self.take_commands(request);
        if request.acked_n > self.state.last_n {
            resend_from = Some(self.state.last_n + 1);
        }
        let pages: Vec<Page> = request
            .cursors
            .iter()
            .filter_map(|cursor| self.page(cursor))
            .collect();
        SyncResponse {
            server_ms: self.now_ms,
            results: (!results.is_empty()).then_some(results),
            resend_from,
            pages: (!pages.is_empty()).then_some(pages),
            next_poll_s: 60,
            fault: None,
            trust: None,
        }
    }

    fn take_commands(&mut self, request: &SyncRequest) -> (Vec<CommandResult>, Option<u64>) {
        let mut results = Vec::new();
        for body in request.commands.iter().flatten() {
            let envelope: CommandEnvelope = minicbor::decode(body).unwrap();
            if envelope.n <= self.state.last_n {
                results.push(self.state.results.get(&envelope.n).unwrap().clone());
            } else if envelope.n > self.state.last_n + 1 {
                return (results, Some(self.state.last_n + 1));
            } else {
                let result = self.judge(&envelope);
                self.state.last_n = envelope.n;
                self.state.results.insert(envelope.n, result.clone());
                self.state.effects.push(envelope);
                results.push(result);
            }
        }
        (results, None)
    }

    fn judge(&mut self, envelope: &CommandEnvelope) -> CommandResult {
        let refused = |code: &str| CommandResult {
            n: envelope.n,
            outcome: Outcome::Rejected,
            code: Some(code.to_owned()),
            version: None,
            detail: Some("生成：调度已改".to_owned()),
            detail_en: Some("generated: dispatch changed it".to_owned()),
        };
        let accepted = |version| CommandResult {
            n: envelope.n,
            outcome: Outcome::Accepted,
            code: None,
            version,
            detail: None,
            detail_en: None,
        };
        let (Some(id), Some(command)) = (envelope.order_id, envelope.body.command()) else {
            return accepted(None);
        };
        let Some(order) = self.state.orders.get(&id).cloned() else {
            return refused("V-404-NONE");
        };
        if order.assignee_id != Some(records::staff_id()) {
            return refused("S-403-ASSIGNEE");
        }
        let Ok(next) = lifecycle::apply(order.state, command, Role::Electrician) else {
            return refused("S-409-STATE");
        };
        self.change_order(id, |order| {
            order.state = next;
            order.is_finished = match command {
                Command::Finish => true,
                Command::Redo => false,
                _ => order.is_finished,
            };
        });
        accepted(Some(order.version + 1))
    }

    fn page(&self, cursor: &Cursor) -> Option<Page> {
        let (head, feed) = self.state.feeds.get(&cursor.scope)?;
        let reset = cursor.epoch != self.state.epoch;
        let after = if reset { 0 } else { cursor.position };
        if !reset && after >= *head {
            return None;
        }
        let mut rows: Vec<_> = feed
            .iter()
            .filter(|(_, row)| row.position > after)
            .collect();
        rows.sort_by_key(|(_, row)| row.position);
        let more = rows.len() > self.page_entries;
        rows.truncate(self.page_entries);
        let position = if more {
            rows.last().unwrap().1.position
        } else {
            *head
        };
        let entries = rows.into_iter().map(|((kind, id), row)| Entry {
            kind: *kind,
            op: if row.body.is_some() {
                EntryOp::Put
            } else {
                EntryOp::Leave
            },
            id: id.clone().into(),
            version: row.version,
            left: self.left.clone().filter(|_| row.body.is_none()),
            body: row.body.clone().map(Into::into),
        });
        let wrong = u64::from(self.break_checksum_of == Some(cursor.scope));
        Some(Page {
            scope: cursor.scope,
            epoch: self.state.epoch,
            position,
            reset,
            more,
            entries: entries.collect(),
            checksum: (!more).then(|| self.checksum(cursor.scope).wrapping_add(wrong)),
        })
    }

    pub fn checksum(&self, scope: ScopeKind) -> u64 {
        let live = self
            .state
            .feeds
            .get(&scope)
            .into_iter()
            .flat_map(|(_, feed)| feed);
        live.filter(|(_, row)| row.body.is_some())
            .fold(0, |sum: u64, ((kind, id), row)| {
                sum.wrapping_add(checksum_term(*kind, id, row.version))
            })
    }

    fn enrol(&mut self, request: &Request) -> Answer {
        let asked: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        self.named_device = asked["device_id"].as_str().map(str::to_owned);
        let mut body = serde_json::json!({
            "device": {"id": self.device, "last_n": self.state.last_n},
            "token": "generated-token", "server_ms": self.now_ms,
            "staff": {"id": self.staff, "login_name": "generated", "display_name": "生成甲"},
            "station": {"name": "生成所"}, "lease_days": 14,
        });
        if let Some(key) = self.recovery_key {
            let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            body["recovery_key"] = text.into();
        }
        answer(201, "application/json", body.to_string().into_bytes())
    }
}

pub fn answer(status: u16, content_type: &str, body: Vec<u8>) -> Answer {
    Answer {
        status,
        headers: vec![("content-type".to_owned(), content_type.to_owned())],
        body,
    }
}

impl Transport for Server {
    fn exchange(&mut self, request: &Request) -> Result<Answer, Unreachable> {
        if self.lose_requests > 0 {
            self.lose_requests -= 1;
            return Err(Unreachable::Offline);
        }
        if request.path.starts_with("/v1/devices/enrol") {
            return Ok(self.enrol(request));
        }
        if self.refuse_token {
            let body = br#"{"error":{"code":"A-401-SIGN-IN"}}"#.to_vec();
            return Ok(answer(401, "application/json", body));
        }
        if request.path.starts_with("/v1/blobs/") {
            return self.blob(request);
        }
        self.body_bytes.push(request.body.len());
        let message: SyncRequest = codec::unpack(&request.body).unwrap();
        let response = self.sync(&message);
        self.requests.push(message);
        if self.lose_answers > 0 {
            self.lose_answers -= 1;
            return Err(Unreachable::TimedOut);
        }
        Ok(answer(200, CONTENT_TYPE, codec::pack(&response).unwrap()))
    }
}

//! The county that is measured, made through the public doors: customers by file, requests by the
//! hotline's door, one person and phone per connection, orders dispatched by name. Not measured.

use crate::handset::Handset;
use crate::texts::{Person, areas_csv, people, write_customers};
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::OrderKind;
use dianma_tests::county::{PASSWORD, action, import};
use dianma_tests::{Console, Engine, Server};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Phones of the command load: most connections at once.
pub const WALKERS: usize = 64;
/// Login name of the person with all the orders.
pub const COLLECTOR: &str = "collector";
/// Orders of one push at the hotline's door.
const PUSH: usize = 500;
/// Requests at once while the county is made.
const HANDS: usize = 16;
/// Phones send the time they have; the server's clock is asked once.
const DAY_MS: i64 = 86_400_000;

/// A running server with phones and orders.
pub struct County {
    /// The process.
    pub server: Server,
    /// One phone a connection, one order each.
    pub walkers: Vec<Arc<Handset>>,
    /// The phone with all the other orders.
    pub collector: Arc<Handset>,
    engine: Engine,
    _folder: tempfile::TempDir,
}

impl County {
    /// Starts the server and makes everything.
    pub fn start(engine: Engine, orders: usize) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = Server::start(engine, folder.path(), &[]);
        let token = server.setup_token.clone().expect("a first-run token");
        let office = Console::set_up(&server.url, &token, PASSWORD);
        let people: Vec<Person> = people().take(orders + WALKERS).collect();
        import(&office, "areas", &areas_csv());
        let mut customers = Vec::new();
        write_customers(people.iter().cloned(), &mut customers).expect("memory takes it");
        let customers = String::from_utf8(customers).expect("text");
        import(&office, "customers", &customers);
        let stations = office.get("/v1/stations");
        let station = field_station(&stations);
        let names = (0..WALKERS).map(|number| format!("walker{number:02}"));
        let names: Vec<String> = names.chain([COLLECTOR.to_owned()]).collect();
        let staff = in_parallel(&names, |name| hire(&office, name, &station));
        push_requests(&office, &people);
        let drafts = drafts(&office);
        assert_eq!(drafts.len(), people.len(), "every request became a draft");
        let assigned: Vec<(&Value, &str)> = drafts
            .iter()
            .enumerate()
            .map(|(at, draft)| (draft, staff[at.min(WALKERS)].as_str()))
            .collect();
        let ids = in_parallel(&assigned, |(draft, person)| {
            dispatch(&office, draft, person)
        });
        let tokens = in_parallel(&names, |name| enrol(&server.url, name));
        let handset = |at: usize, orders: Vec<WorkOrderId>| {
            let (token, now_ms) = tokens[at].clone();
            Arc::new(Handset::new(token, orders, now_ms - DAY_MS / 24))
        };
        let walkers = (0..WALKERS).map(|at| handset(at, vec![ids[at]])).collect();
        let collector = handset(WALKERS, ids.iter().skip(WALKERS).copied().collect());
        Self {
            server,
            walkers,
            collector,
            engine,
            _folder: folder,
        }
    }

    /// Base address.
    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        let bare = self.url().trim_start_matches("http://");
        bare.parse().expect("an address")
    }

    /// Orders the collector holds.
    pub fn order_count(&self) -> usize {
        self.collector.orders.len()
    }

    /// Budgets of commands hold for the embedded database.
    pub fn is_sqlite(&self) -> bool {
        self.engine == Engine::Sqlite
    }
}

fn field_station(stations: &Value) -> String {
    let list = stations["stations"].as_array().expect("stations");
    let station = list.iter().find(|station| station["code"] == "S02");
    let id = station.expect("the phones' station")["id"].as_str();
    id.expect("an id").to_owned()
}

/// Runs over all items with [`HANDS`] threads, keeping their order.
fn in_parallel<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            match items.get(at) {
                Some(item) => done.push((at, work(item))),
                None => return done,
            }
        }
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..HANDS).map(|_| scope.spawn(run)).collect();
        let parts = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
        parts
            .flat_map(|part| part.expect("no step fails"))
            .collect()
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, value)| value).collect()
}

fn hire(office: &Console, name: &str, station: &str) -> String {
    let skills: Vec<&str> = OrderKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let body = json!({
        "login_name": name, "display_name": format!("生成{name}"), "password": PASSWORD,
        "role": "electrician", "station_id": station, "skills": skills, "is_on_duty": true
    });
    let answer = office.post("/v1/staff", &body);
    answer["staff"]["id"]
        .as_str()
        .expect("a staff id")
        .to_owned()
}

fn push_requests(office: &Console, people: &[Person]) {
    for (part, chunk) in people.chunks(PUSH).enumerate() {
        let orders: Vec<Value> = chunk
            .iter()
            .enumerate()
            .map(|(at, person)| {
                json!({
                    "APP_NO": format!("G{:08}", part * PUSH + at), "CUST_NO": person.account_number,
                    "CUST_NAME": person.name, "CONTACT_PHONE": person.phone, "CONTACT_ADDR": person.address,
                    "ACCEPT_CONTENT": person.request, "BUSI_TYPE_CODE": "故障报修"
                })
            })
            .collect();
        let answer = office.post("/v1/intake/hotline_95598", &json!({ "orders": orders }));
        let results = answer["results"].as_array().expect("results");
        let other = results.iter().find(|result| result["outcome"] != "created");
        assert!(other.is_none(), "a request made no order: {other:?}");
    }
}

/// All drafts, oldest first.
fn drafts(office: &Console) -> Vec<Value> {
    let mut drafts: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/work_orders?state=draft&sort=taken_in&limit=200{cursor}");
        let page = office.get(&path);
        drafts.extend(
            page["work_orders"]
                .as_array()
                .expect("orders")
                .iter()
                .cloned(),
        );
        match page["meta"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return drafts,
        }
    }
}

fn dispatch(office: &Console, draft: &Value, staff_id: &str) -> WorkOrderId {
    let body = json!({ "version": draft["version"], "staff_id": staff_id, "mode": "nearest" });
    let answer = office.post(&action(draft, "dispatch"), &body);
    assert_eq!(answer["work_order"]["assignee_id"], staff_id);
    let id = draft["id"].as_str().expect("an order id");
    id.parse().expect("a UUID")
}

/// Token of a new phone, and the server's time.
fn enrol(url: &str, login_name: &str) -> (String, i64) {
    let body = json!({
        "login_name": login_name, "password": PASSWORD, "model": "生成", "os_version": "1",
        "app_version": "0.1.0"
    });
    let client = reqwest::blocking::Client::new();
    let request = client.post(format!("{url}/v1/devices/enrol")).json(&body);
    let answer: Value = request.send().expect("an answer").json().expect("JSON");
    let token = answer["token"]
        .as_str()
        .unwrap_or_else(|| panic!("no token: {answer}"));
    (
        token.to_owned(),
        answer["server_ms"].as_i64().expect("a time"),
    )
}

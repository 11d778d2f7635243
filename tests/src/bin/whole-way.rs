//! `dianma-whole-way DEMO_JSON FOLDER`: runs one order of each kind through the whole way on a running
//! demo and prints what happened: request, draft, dispatch, the job on a headless phone without a
//! network, upload, review, archive, call-back. Fails when any step is not what it should be.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "the printed way is the output; a step that cannot go on ends it"
)]

use dianma_schema::order::OrderKind;
use dianma_schema::time::format_minute;
use dianma_tests::county::action;
use dianma_tests::{Console, Field, Job};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What callers say, one text a kind.
const REQUESTS: &[(OrderKind, &str)] = &[
    (
        OrderKind::FaultRepair,
        "家里突然没电了，邻居家有电，空开没有跳闸",
    ),
    (OrderKind::NewConnection, "申请低压居民新装用电，容量8kW"),
    (OrderKind::MeterChange, "电表坏了不走字，申请更换电能表"),
    (
        OrderKind::AcceptanceEnergization,
        "新房内线已完工，申请竣工验收送电",
    ),
    (
        OrderKind::BillCollection,
        "该户欠费两个月未交，请上门催收电费",
    ),
    (
        OrderKind::SafetyInspection,
        "门口线路裸露老化，请来人检查用电安全",
    ),
    (
        OrderKind::ContractInspection,
        "举报该户居民用电用于加工经营，请检查违约用电",
    ),
    (OrderKind::AdHoc, "请派人到村委会配合用电宣传"),
];

/// Phones that are taken up: one for each town, the first of whom may do every kind.
const PHONES: usize = 3;

/// The consoles of those who take part, and the phones' logins.
struct Office {
    url: String,
    administrator: Console,
    agent: Console,
    dispatcher: Console,
    reviewer: Console,
    phones: Vec<(String, String)>,
    staff: Vec<Value>,
}

fn main() {
    let arguments: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let [demo, folder] = arguments.as_slice() else {
        println!("usage: dianma-whole-way DEMO_JSON FOLDER");
        std::process::exit(2);
    };
    let text = std::fs::read_to_string(demo).expect("the demo's login file");
    let office = Office::open(&serde_json::from_str(&text).expect("JSON"));
    let customers = office.agent.get("/v1/customers?limit=50")["customers"].clone();
    let customers = customers.as_array().expect("customers").clone();
    office.take_up_phones(folder);
    for (number, (kind, content)) in REQUESTS.iter().enumerate() {
        let customer = &customers[number * 5];
        let order = walk(&office, *kind, content, customer, folder, number as u64);
        print_way(&order);
    }
    print_sources(&office);
    println!("\n八类工单全部走完：受理 → 派发 → 离线现场作业 → 上传 → 审核 → 归档 → 回访");
}

impl Office {
    fn open(demo: &Value) -> Self {
        let url = demo["url"].as_str().expect("the address").to_owned();
        let logins = demo["logins"].as_array().expect("logins");
        let text = |login: &Value, name: &str| login[name].as_str().expect("a text").to_owned();
        let sign_in = |role: &str| {
            let login = logins
                .iter()
                .find(|login| login["role"] == role)
                .expect("a login");
            Console::sign_in(&url, &text(login, "login_name"), &text(login, "password"))
        };
        let phones = demo["phones"].as_array().expect("phones");
        let phones = phones
            .iter()
            .map(|phone| (text(phone, "login_name"), text(phone, "password")))
            .collect();
        let administrator = sign_in("administrator");
        let staff = administrator.get("/v1/staff?limit=200")["staff"].clone();
        Self {
            administrator,
            agent: sign_in("agent"),
            dispatcher: sign_in("dispatcher"),
            reviewer: sign_in("reviewer"),
            phones,
            staff: staff.as_array().expect("staff").clone(),
            url,
        }
    }

    /// The first electricians sign in on their phones and go on duty: only who has a phone is proposed.
    fn take_up_phones(&self, folder: &Path) {
        for (login_name, password) in self.phones.iter().take(PHONES) {
            let phone = self.phone(login_name, folder);
            phone.run(&["enrol", "--login-name", login_name, "--password", password]);
            phone.run(&["duty", "on"]);
            phone.run(&["sync", "--until-idle"]);
        }
    }

    fn phone(&self, login_name: &str, folder: &Path) -> Field {
        let store = folder.join(format!("whole-way-{login_name}"));
        Field::new(&store, &self.url)
    }

    /// The phone of a person.
    fn phone_of(&self, staff_id: &Value, folder: &Path) -> Field {
        let person = self
            .staff
            .iter()
            .find(|s| s["id"] == *staff_id)
            .expect("the assignee");
        self.phone(person["login_name"].as_str().expect("a login name"), folder)
    }

    fn order(&self, order: &Value) -> Value {
        let id = order["id"].as_str().expect("an id");
        self.dispatcher.get(&format!("/v1/work_orders/{id}"))["work_order"].clone()
    }

    fn label_text(&self, customer: &Value) -> String {
        let id = customer["id"].as_str().expect("a customer id");
        let page = self.agent.get(&format!("/v1/customers/{id}"));
        let labels = page["customer"]["labels"].as_array().expect("labels");
        let label = labels
            .iter()
            .find(|label| label["kind"] == "customer")
            .expect("a code");
        label["text"].as_str().expect("its text").to_owned()
    }
}

fn walk(
    office: &Office,
    kind: OrderKind,
    content: &str,
    customer: &Value,
    folder: &Path,
    seed: u64,
) -> Value {
    let request = json!({ "account_number": customer["account_number"], "content": content,
        "source": "phone", "kind": kind, "contact_phone": "10000000001" });
    let draft = office.agent.post("/v1/intake/requests", &request)["work_order"].clone();
    // A danger was sent out by the server itself; the rest is the dispatcher's.
    let order = if draft["state"] == "draft" {
        let body = json!({ "version": draft["version"], "staff_id": null, "mode": "jurisdiction" });
        office.dispatcher.post(&action(&draft, "dispatch"), &body)["work_order"].clone()
    } else {
        draft
    };

    let mut phone = office.phone_of(&order["assignee_id"], folder);
    phone.run(&["sync", "--until-idle"]);
    // In the cellar: nobody answers at this address.
    "http://127.0.0.1:9".clone_into(&mut phone.url);
    let job = Job {
        field: &phone,
        order: order["id"].as_str().expect("an id").to_owned(),
        kind,
        label_text: office.label_text(customer),
    };
    let now_ms = office.agent.get("/v1/health")["server_ms"]
        .as_i64()
        .expect("a time");
    job.whole(folder, now_ms, 100 + seed);
    phone.url.clone_from(&office.url);
    phone.run(&["sync", "--until-idle"]);

    let submitted = office.order(&order);
    assert_eq!(submitted["state"], "submitted", "{kind}");
    let version = json!({ "version": submitted["version"] });
    office
        .reviewer
        .post(&action(&submitted, "approve"), &version);
    let archived = office.order(&order);
    assert_eq!(archived["state"], "archived", "{kind}");
    let body =
        json!({ "version": archived["version"], "is_reached": true, "satisfaction": "satisfied" });
    office.reviewer.post(&action(&archived, "call_back"), &body);
    office.order(&order)
}

/// The staging database of the marketing side is read while all this happens.
fn print_sources(office: &Office) {
    let sources = office.administrator.get("/v1/sources")["sources"].clone();
    let tables = sources.as_array().expect("sources");
    assert!(!tables.is_empty(), "the staging database is not polled");
    println!("\n中间数据库 (staging database)");
    for table in tables {
        assert!(table["fault_code"].is_null(), "{table}");
        let name = table["table_name"].as_str().unwrap_or_default();
        println!("  {name:<14} 已读到 {}", table["last_key"]);
    }
}

fn print_way(order: &Value) {
    let text = |name: &str| order[name].as_str().unwrap_or("-").to_owned();
    let kind: OrderKind = text("kind").parse().expect("an order kind");
    println!(
        "\n{} {} {}",
        text("order_number"),
        kind.zh(),
        text("content")
    );
    println!(
        "  id {}  户号 {}  承诺 {}",
        text("id"),
        text("account_number"),
        text("promise")
    );
    for event in order["events"].as_array().expect("events") {
        let field = |name: &str| event[name].as_str().unwrap_or("-").to_owned();
        let at_ms = event["occurred_at_ms"].as_i64().unwrap_or(0);
        println!(
            "  {}  {:<14} {:>10} → {:<10} {}",
            format_minute(at_ms),
            field("command"),
            field("from_state"),
            field("to_state"),
            field("actor_name"),
        );
    }
    println!(
        "  凭证 {}/{}  现场证明 {}  满意度 {}  归档摘要 {}",
        order["evidence_arrived"],
        order["evidence_expected"],
        text("place_proof"),
        text("satisfaction"),
        text("archive_hash")
    );
}

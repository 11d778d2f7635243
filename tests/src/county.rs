//! A small county made through the public doors: one station, two areas, a few customers by file
//! import, and one person of each role. Everything in it is generated.

use crate::{Console, Engine, Field, Server};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// Password of every generated account.
pub const PASSWORD: &str = "generated-secret-7";
/// Passphrase of the signing keys.
pub const PASSPHRASE: &str = "generated-passphrase-7";
/// Generated customers.
pub const CUSTOMERS: usize = 24;

/// The county and the people at its consoles.
#[derive(Debug)]
pub struct County {
    /// The server.
    pub server: Server,
    /// Administrator.
    pub administrator: Console,
    /// Agent.
    pub agent: Console,
    /// Dispatcher.
    pub dispatcher: Console,
    /// Reviewer.
    pub reviewer: Console,
    /// Manager.
    pub manager: Console,
    /// Staff ids of the electricians `worker1`, `worker2`.
    pub electricians: Vec<String>,
}

impl County {
    /// Starts a server and fills it.
    ///
    /// # Panics
    /// When any door refuses.
    pub fn start(engine: Engine, folder: &Path) -> Self {
        Self::on(Server::start(engine, folder, &[]))
    }

    /// The same with signing keys: labels are signed, lists go to the phones. `more` are further
    /// arguments of `serve`.
    ///
    /// # Panics
    /// When any door refuses.
    pub fn start_signed(engine: Engine, folder: &Path, more: &[&str]) -> Self {
        let file = folder.join("passphrase");
        std::fs::write(&file, format!("{PASSPHRASE}\n")).expect("the folder can be written");
        let place = crate::server::Place::fresh(engine, folder);
        place.command(
            &["keys", "--passphrase-file", &file.display().to_string()],
            &["init"],
        );
        let mut arguments = vec!["--passphrase-file".to_owned(), file.display().to_string()];
        arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
        Self::on(place.serve(&arguments))
    }

    fn on(server: Server) -> Self {
        let token = server.setup_token.clone().expect("a first-run token");
        let administrator = Console::set_up(&server.url, &token, PASSWORD);
        import(&administrator, "areas", &areas_csv());
        import(&administrator, "customers", &customers_csv());
        import(&administrator, "meters", &meters_csv());
        let stations = administrator.get("/v1/stations");
        let station = stations["stations"][0]["id"]
            .as_str()
            .expect("a station")
            .to_owned();
        for role in ["agent", "dispatcher", "reviewer", "manager"] {
            hire(&administrator, role, role, None);
        }
        let electricians = ["worker1", "worker2"]
            .map(|name| hire(&administrator, name, "electrician", Some(&station)))
            .to_vec();
        let sign_in = |name| Console::sign_in(&server.url, name, PASSWORD);
        Self {
            agent: sign_in("agent"),
            dispatcher: sign_in("dispatcher"),
            reviewer: sign_in("reviewer"),
            manager: sign_in("manager"),
            administrator,
            electricians,
            server,
        }
    }

    /// All consoles follow the server to another address.
    pub fn at(&mut self, url: &str) {
        for console in [
            &mut self.administrator,
            &mut self.agent,
            &mut self.dispatcher,
            &mut self.reviewer,
            &mut self.manager,
        ] {
            console.at(url);
        }
    }

    /// A phone signed in as one of the electricians, on duty, with everything pulled.
    ///
    /// # Panics
    /// When the phone cannot sign in.
    pub fn phone(&self, store: &Path, login_name: &str) -> Field {
        let field = Field::new(store, &self.server.url);
        self.put_on_duty(&field, login_name);
        field
    }

    /// Signs a person in on a phone; it has pulled everything.
    pub fn put_on_duty(&self, field: &Field, login_name: &str) {
        field.run(&["enrol", "--login-name", login_name, "--password", PASSWORD]);
        field.run(&["duty", "on"]);
        field.run(&["sync", "--until-idle"]);
    }

    /// An agent's request for the n-th customer; returns the draft.
    pub fn request(&self, customer: usize, kind: &str, content: &str) -> Value {
        let body = json!({
            "account_number": account_number(customer), "contact_phone": "10000000001",
            "content": content, "source": "phone", "kind": kind
        });
        self.agent.post("/v1/intake/requests", &body)["work_order"].clone()
    }

    /// Dispatches a draft to the n-th electrician.
    pub fn dispatch(&self, order: &Value, electrician: usize) -> Value {
        let staff_id = &self.electricians[electrician];
        let body = json!({ "version": order["version"], "staff_id": staff_id, "mode": "nearest" });
        self.dispatcher.post(&action(order, "dispatch"), &body)["work_order"].clone()
    }

    /// The order as the dispatcher sees it now.
    pub fn order(&self, id: &str) -> Value {
        self.dispatcher.get(&format!("/v1/work_orders/{id}"))["work_order"].clone()
    }

    /// The code that was issued for the n-th customer.
    ///
    /// # Panics
    /// When the customer has none.
    pub fn label_text(&self, customer: usize) -> String {
        let found = self
            .agent
            .search("/v1/customers", &account_number(customer));
        let id = found["customers"][0]["id"].as_str().expect("a customer");
        let page = self.agent.get(&format!("/v1/customers/{id}"));
        let labels = page["customer"]["labels"].as_array().expect("labels");
        let label = labels
            .iter()
            .find(|label| label["kind"] == "customer")
            .expect("a label");
        label["text"].as_str().expect("its text").to_owned()
    }
}

/// Path of an action on an order.
///
/// # Panics
/// When the order has no id.
pub fn action(order: &Value, name: &str) -> String {
    format!(
        "/v1/work_orders/{}/{name}",
        order["id"].as_str().expect("an order id")
    )
}

/// 户号 of the n-th generated customer.
pub fn account_number(customer: usize) -> String {
    format!("90{:08}", 1 + customer)
}

/// 表号 of the n-th generated customer.
pub fn meter_number(customer: usize) -> String {
    format!("SM{:08}", 1 + customer)
}

fn areas_csv() -> String {
    "台区编号,台区名称,供电所编号,供电所名称,城乡类别,线路名称,纬度,经度\n\
     T001,生成一村公变,S01,生成镇供电所（示例）,农村,10kV生成线,30.500000,114.300000\n\
     T002,生成街公变,S01,生成镇供电所（示例）,城区,10kV生成线,30.510000,114.310000\n"
        .to_owned()
}

fn customers_csv() -> String {
    let mut text = "户号,户名,联系电话,用电地址,用电类别,台区编号,杆号,纬度,经度\n".to_owned();
    for customer in 0..CUSTOMERS {
        let area = 1 + customer % 2;
        text.push_str(&format!(
            "{},生成户{:02},1000000{customer:04},生成镇生成村{}组{customer}号,居民,T{area:03},生成线{customer:03}号杆,30.5{customer:02}000,114.3{customer:02}000\n",
            account_number(customer),
            customer + 1,
            1 + customer / 6,
        ));
    }
    text
}

fn meters_csv() -> String {
    let mut text = "表号,户号,相数,倍率,示数\n".to_owned();
    for customer in 0..CUSTOMERS {
        text.push_str(&format!(
            "{},{},单相,1,{}.5\n",
            meter_number(customer),
            account_number(customer),
            1_000 + customer
        ));
    }
    text
}

/// Imports a file through the console's door and waits for its end.
///
/// # Panics
/// When a row fails.
pub fn import(administrator: &Console, record_kind: &str, csv: &str) {
    let path = format!(
        "/v1/imports?record_kind={record_kind}&mapping={record_kind}_generic&dry_run=false&file_name={record_kind}.csv"
    );
    let answer = administrator.upload(&path, csv.as_bytes());
    let id = answer["import"]["id"]
        .as_str()
        .expect("an import id")
        .to_owned();
    for _ in 0..400 {
        let import = administrator.get(&format!("/v1/imports/{id}"))["import"].clone();
        match import["state"].as_str() {
            Some("done") => {
                assert_eq!(import["rows_failed"], 0, "{import}");
                return;
            }
            Some("running") => std::thread::sleep(Duration::from_millis(25)),
            _ => panic!("the import failed: {import}"),
        }
    }
    panic!("the import of {record_kind} never ended");
}

fn hire(administrator: &Console, name: &str, role: &str, station_id: Option<&str>) -> String {
    let kinds: Vec<&str> = dianma_schema::order::OrderKind::ALL
        .iter()
        .map(|k| k.as_str())
        .collect();
    let skills = if role == "electrician" {
        kinds
    } else {
        Vec::new()
    };
    let body = json!({
        "login_name": name, "display_name": format!("生成{name}"), "password": PASSWORD, "role": role,
        "station_id": station_id, "skills": skills, "is_on_duty": role == "electrician"
    });
    let answer = administrator.post("/v1/staff", &body);
    answer["staff"]["id"]
        .as_str()
        .expect("a staff id")
        .to_owned()
}

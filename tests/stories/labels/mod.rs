//! Codes in the field, from the printed sheet to the proof in the order: what the stories of this folder
//! share.

mod consent;
mod expired;
mod older;
mod printed;
mod signed;

use dianma_schema::label::Reading;
use dianma_schema::label::payload::LabelClaims;
use dianma_schema::label::read;
use dianma_tests::County;
use dianma_tests::Field;
use dianma_tests::county::account_number;
use serde_json::Value;

/// An address where nobody answers: the phone is in a cellar.
pub const NOWHERE: &str = "http://127.0.0.1:9";

/// A dispatched, accepted order of the n-th customer on a phone that has departed and lost its signal.
pub fn on_the_way(county: &County, phone: &mut Field, customer: usize) -> String {
    let draft = county.request(customer, "fault_repair", "家里没电了");
    let order = county.dispatch(&draft, 0);
    phone.url.clone_from(&county.server.url);
    phone.run(&["sync", "--until-idle"]);
    NOWHERE.clone_into(&mut phone.url);
    let id = order["id"].as_str().unwrap().to_owned();
    phone.run(&["accept", &id]);
    phone.run(&["depart", &id]);
    id
}

/// The labels of the n-th customer as the console shows them.
pub fn labels(county: &County, customer: usize) -> Vec<Value> {
    let found = county
        .agent
        .search("/v1/customers", &account_number(customer));
    let id = found["customers"][0]["id"].as_str().unwrap();
    let page = county.agent.get(&format!("/v1/customers/{id}"));
    page["customer"]["labels"].as_array().unwrap().clone()
}

pub fn label(county: &County, customer: usize, kind: &str) -> (String, String) {
    let labels = labels(county, customer);
    let label = labels
        .iter()
        .find(|label| label["kind"] == kind && label["state"] == "valid")
        .unwrap();
    let part = |name: &str| label[name].as_str().unwrap().to_owned();
    (part("id"), part("text"))
}

pub fn sync(county: &County, phone: &mut Field) {
    phone.url.clone_from(&county.server.url);
    phone.run(&["sync", "--until-idle"]);
    NOWHERE.clone_into(&mut phone.url);
}

pub fn claims_of(text: &str) -> LabelClaims {
    match read(text) {
        Reading::Label(label) => label.claims,
        other => panic!("not a signed label: {other:?}"),
    }
}

//! What phones lose and the office takes away: lost answers, cancelled orders, retired phones. Nothing is
//! done twice, nothing that was done is thrown away, and the person hears why.

use dianma_tests::county::{PASSWORD, action};
use dianma_tests::{County, Engine, Field};
use serde_json::{Value, json};
use std::path::Path;

crate::stories!(
    a_lost_answer_and_a_new_sign_in_count_a_command_once,
    a_cancelled_order_tells_the_phone_why,
    a_retired_phone_still_hands_in_what_it_had,
);

/// A dispatched and accepted order of the first electrician; its id.
fn accepted(county: &County, phone: &Field) -> String {
    let order = county.dispatch(&county.request(0, "ad_hoc", "生成的临时任务"), 0);
    let id = order["id"].as_str().unwrap().to_owned();
    phone.run(&["sync", "--until-idle"]);
    phone.run(&["accept", &id]);
    phone.run(&["sync", "--until-idle"]);
    id
}

fn told(order: &Value, words: &str) -> usize {
    let events = order["events"].as_array().unwrap().iter();
    events
        .filter(|event| event["detail"].to_string().contains(words))
        .count()
}

/// The store as it was, for a phone that never heard the answer.
fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.join("evidence")).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn a_lost_answer_and_a_new_sign_in_count_a_command_once(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let (store, before) = (folder.path().join("phone"), folder.path().join("before"));
    let phone = county.phone(&store, "worker1");
    let id = accepted(&county, &phone);
    phone.run(&["note", &id, "只算一次"]);
    copied(&store, &before);
    phone.run(&["sync", "--until-idle"]);
    // The answer never came: the phone stands as before, and the person signs in again.
    let lost = Field::new(&before, &county.server.url);
    let device = lost.run(&["status"])["session"]["device_id"].clone();
    lost.run(&["sign-out"]);
    lost.run(&["enrol", "--login-name", "worker1", "--password", PASSWORD]);
    lost.run(&["sync", "--until-idle"]);
    let status = lost.run(&["status"]);
    assert_eq!(status["session"]["device_id"], device, "the same phone");
    assert_eq!(status["session"]["pending_commands"], 0);
    assert_eq!(told(&county.order(&id), "只算一次"), 1);
    // Its next command goes on above the numbers it had used.
    lost.run(&["note", &id, "接着做"]);
    lost.run(&["sync", "--until-idle"]);
    assert_eq!(told(&county.order(&id), "接着做"), 1);
    let kept = county.administrator.get("/v1/quarantine");
    assert_eq!(kept["quarantine"], json!([]));
}

fn a_cancelled_order_tells_the_phone_why(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let phone = county.phone(&folder.path().join("phone"), "worker1");
    let id = accepted(&county, &phone);
    let order = county.order(&id);
    let body = json!({ "version": order["version"], "reason": "客户重复报修" });
    county.dispatcher.post(&action(&order, "cancel"), &body);
    let report = phone.run(&["sync"]);
    let departure = &report["sync"]["departures"][0];
    assert_eq!(departure["order_number"], order["order_number"], "{report}");
    assert_eq!(departure["cause"], "cancelled");
    assert_eq!(departure["reason"], "客户重复报修");
    let list = phone.run(&["orders", "departed"]);
    assert_eq!(list["departures"][0], *departure);
}

fn a_retired_phone_still_hands_in_what_it_had(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let phone = county.phone(&folder.path().join("phone"), "worker1");
    let id = accepted(&county, &phone);
    // The manifest goes over GPRS, the picture waits for Wi-Fi.
    let picture = folder.path().join("picture.jpg");
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0];
    bytes.resize(20_000, 7);
    std::fs::write(&picture, bytes).unwrap();
    phone.run(&["net", "gprs"]);
    phone.run(&["evidence", &id, picture.to_str().unwrap()]);
    phone.run(&["sync"]);
    assert_eq!(county.order(&id)["evidence_arrived"], 0);
    phone.run(&["note", &id, "停用前写下的"]);
    let device = phone.run(&["status"])["session"]["device_id"].clone();
    let device = device.as_str().unwrap();
    let retire = format!("/v1/devices/{device}/retire");
    county.administrator.post(&retire, &json!({}));
    phone.run(&["net", "wifi"]);
    phone.run(&["sync"]);
    let order = county.order(&id);
    assert_eq!(order["evidence_arrived"], 1, "{order}");
    assert_eq!(told(&order, "停用前写下的"), 0, "it waits for a person");
    let kept = county.administrator.get("/v1/quarantine?is_open=true");
    let kept = kept["quarantine"][0]["id"].as_str().unwrap().to_owned();
    let retry = format!("/v1/quarantine/{kept}/retry");
    county.administrator.post(&retry, &json!({}));
    assert_eq!(told(&county.order(&id), "停用前写下的"), 1);
}

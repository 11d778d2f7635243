//! The main story: a file import, a request, dispatch, a whole job without a network, evidence,
//! reject, redo, archive, and the numbers that come of it.

use dianma_schema::order::OrderKind;
use dianma_tests::county::{account_number, action};
use dianma_tests::{County, Engine, Field, Job};
use reqwest::Method;
use serde_json::{Value, json};

crate::stories!(
    a_request_becomes_an_archived_order_and_a_number,
    an_order_of_every_kind_is_finished_offline,
    a_reassigned_order_keeps_what_was_done_and_says_why,
);

/// An address where nobody answers: the phone is in a cellar.
const NOWHERE: &str = "http://127.0.0.1:9";

fn offline(phone: &mut Field) {
    NOWHERE.clone_into(&mut phone.url);
}

fn now_ms(county: &County) -> i64 {
    county.manager.get("/v1/health")["server_ms"]
        .as_i64()
        .unwrap()
}

fn kpi(county: &County, name: &str) -> Value {
    let now_ms = now_ms(county);
    let path = format!(
        "/v1/kpis?from_ms={}&to_ms={}",
        now_ms - 86_400_000,
        now_ms + 86_400_000
    );
    let kpis = county.manager.get(&path);
    kpis["kpis"]
        .as_array()
        .unwrap()
        .iter()
        .find(|kpi| kpi["kpi"] == name)
        .unwrap()
        .clone()
}

fn a_request_becomes_an_archived_order_and_a_number(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let store = folder.path().join("phone");
    let mut phone = county.phone(&store, "worker1");

    let draft = county.request(0, "fault_repair", "家里没电了，邻居家有电");
    assert_eq!(draft["state"], "draft");
    assert_eq!(draft["account_number"], account_number(0));
    assert!(draft["due_at_ms"].as_i64().unwrap() > draft["taken_in_at_ms"].as_i64().unwrap());
    let order = county.dispatch(&draft, 0);
    assert_eq!(order["state"], "dispatched");
    phone.run(&["sync", "--until-idle"]);

    let id = order["id"].as_str().unwrap().to_owned();
    let label_text = county.label_text(0);
    offline(&mut phone);
    let job = Job {
        field: &phone,
        order: id.clone(),
        kind: OrderKind::FaultRepair,
        label_text,
    };
    assert_eq!(
        job.field.refused(&["begin", &id, "--hazards", "all"]),
        "S-409-STATE"
    );
    job.whole(folder.path(), now_ms(&county), 1);
    assert_eq!(job.shown()["state"], "submitted");
    assert_eq!(
        county.order(&id)["state"],
        "dispatched",
        "nothing has left the phone yet"
    );

    phone.url.clone_from(&county.server.url);
    phone.run(&["sync", "--until-idle"]);
    let submitted = county.order(&id);
    assert_eq!(submitted["state"], "submitted");
    assert_eq!(submitted["place_proof"], "customer_code");
    assert_eq!(
        submitted["evidence_expected"],
        submitted["evidence_arrived"]
    );
    evidence_is_served(&county, &submitted);

    let body = json!({ "version": submitted["version"], "reason": "照片看不清表号" });
    county.reviewer.post(&action(&submitted, "reject"), &body);
    phone.run(&["sync", "--until-idle"]);
    let label_text = county.label_text(0);
    let job = Job {
        field: &phone,
        order: id.clone(),
        kind: OrderKind::FaultRepair,
        label_text,
    };
    let rejected = job.shown();
    assert_eq!(rejected["state"], "rejected");
    assert_eq!(rejected["reason"], "照片看不清表号");
    job.step("redo");
    job.evidence(folder.path(), 2);
    if !job.shown()["is_finished"].as_bool().unwrap() {
        job.finish();
    }
    job.step("submit");
    phone.run(&["sync", "--until-idle"]);

    let again = county.order(&id);
    assert_eq!(again["state"], "submitted");
    county.reviewer.post(
        &action(&again, "approve"),
        &json!({ "version": again["version"] }),
    );
    let archived = county.order(&id);
    assert_eq!(archived["state"], "archived");
    assert_eq!(archived["archive_hash"].as_str().unwrap().len(), 64);
    let (status, code) = county.dispatcher.refused(
        &action(&archived, "cancel"),
        &json!({ "version": archived["version"], "reason": "试图改动归档" }),
    );
    assert_eq!((status, code.as_str()), (409, "S-409-STATE"));

    let path = action(&archived, "call_back");
    let body =
        json!({ "version": archived["version"], "is_reached": true, "satisfaction": "satisfied" });
    county.reviewer.post(&path, &body);
    for name in ["completion_rate", "satisfaction_rate", "visit_count"] {
        assert!(
            kpi(&county, name)["numerator"].as_i64().unwrap() >= 1,
            "{name}"
        );
    }
    let verdict = county.administrator.get("/v1/audit/verify");
    assert_eq!(verdict["verdict"]["broken_at"], Value::Null, "{verdict}");
}

fn evidence_is_served(county: &County, order: &Value) {
    let evidence = order["evidence"].as_array().unwrap();
    assert!(!evidence.is_empty());
    for item in evidence {
        assert_eq!(item["has_arrived"], true);
        let path = format!("/v1/evidence/{}", item["sha256"].as_str().unwrap());
        let response = county.reviewer.send(&Method::GET, &path, None);
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(
            response.bytes().unwrap().len() as i64,
            item["size"].as_i64().unwrap()
        );
    }
}

fn an_order_of_every_kind_is_finished_offline(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let mut phone = county.phone(&folder.path().join("phone"), "worker1");
    let mut orders = Vec::new();
    for (customer, kind) in OrderKind::ALL.iter().enumerate() {
        let draft = county.request(customer, kind.as_str(), "生成的服务请求，请上门处理");
        let order = county.dispatch(&draft, 0);
        let label_text = county.label_text(customer);
        orders.push((order["id"].as_str().unwrap().to_owned(), *kind, label_text));
    }
    phone.run(&["sync", "--until-idle"]);
    let now_ms = now_ms(&county);
    offline(&mut phone);
    for (seed, (id, kind, label_text)) in (10..).zip(&orders) {
        let (order, label_text) = (id.clone(), label_text.clone());
        Job {
            field: &phone,
            order,
            kind: *kind,
            label_text,
        }
        .whole(folder.path(), now_ms, seed);
    }
    phone.url.clone_from(&county.server.url);
    phone.run(&["sync", "--until-idle"]);
    for (id, kind, _) in &orders {
        let order = county.order(id);
        assert_eq!(order["state"], "submitted", "{kind}: {order}");
        county.reviewer.post(
            &action(&order, "approve"),
            &json!({ "version": order["version"] }),
        );
        assert_eq!(county.order(id)["state"], "archived", "{kind}");
    }
}

fn a_reassigned_order_keeps_what_was_done_and_says_why(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let mut first = county.phone(&folder.path().join("first"), "worker1");
    let second = county.phone(&folder.path().join("second"), "worker2");
    let order = county.dispatch(&county.request(3, "fault_repair", "停电"), 0);
    let id = order["id"].as_str().unwrap().to_owned();
    first.run(&["sync", "--until-idle"]);

    offline(&mut first);
    first.run(&["accept", &id]);
    first.run(&["note", &id, "已到村口，路断了"]);
    let body = json!({
        "version": order["version"], "staff_id": county.electricians[1], "reason": "改派就近人员"
    });
    county.dispatcher.post(&action(&order, "reassign"), &body);

    first.url.clone_from(&county.server.url);
    first.run(&["sync", "--until-idle"]);
    let refusals = first.run(&["refusals"]);
    let codes: Vec<&str> = refusals["refusals"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|r| r["code"].as_str())
        .collect();
    assert!(codes.contains(&"S-403-ASSIGNEE"), "{refusals}");
    let events = county.order(&id)["events"].to_string();
    assert!(
        events.contains("路断了"),
        "the fact is kept although the order had left: {events}"
    );
    second.run(&["sync", "--until-idle"]);
    assert_eq!(
        second.run(&["orders", "show", &id])["work_order"]["state"],
        "reassigned"
    );
}

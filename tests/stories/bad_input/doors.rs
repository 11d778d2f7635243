//! The hotline's door and the agents' form: bodies that make no sense are refused whole, records that
//! cannot be used wait with their reason beside those that can, and steps out of turn change nothing.

use super::{assert_helps, order_count, waiting};
use dianma_tests::county::{account_number, action};
use dianma_tests::{County, Engine};
use reqwest::Method;
use serde_json::{Value, json};

crate::stories!(
    pushed_records_that_cannot_be_used_wait_beside_those_that_can,
    bodies_that_make_no_sense_are_refused_whole,
);

const HOTLINE: &str = "/v1/intake/hotline_95598";
const REQUESTS: &str = "/v1/intake/requests";
const OUTAGE: &str = "【故障报修】家里没电，空气开关跳闸";

/// A pushed order; `more` overrides its fields.
fn order(key: &str, more: &[(&str, &str)]) -> Value {
    let mut order = json!({
        "APP_NO": key, "CUST_NO": account_number(0), "ACCEPT_CONTENT": OUTAGE,
        "HANDLE_TIME": "2026-10-26 09:30"
    });
    for (name, value) in more {
        order[*name] = json!(value);
    }
    order
}

fn pushed_records_that_cannot_be_used_wait_beside_those_that_can(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let door = &county.administrator;
    let cases: Vec<(Value, Option<&str>)> = vec![
        (order("1", &[]), None),
        (order("2", &[("HANDLE_TIME", "2026/10/26 9:30")]), None),
        (order("3", &[("HANDLE_TIME", "20261026093000")]), None),
        (
            order("4", &[("HANDLE_TIME", "昨天下午")]),
            Some("V-422-DATE"),
        ),
        (json!({ "foo": "bar" }), Some("V-422-COLUMNS")),
        (
            order("5", &[("CUST_NO", "9000A00001")]),
            Some("V-422-ACCOUNT"),
        ),
        (
            order("6", &[("CUST_NO", "9000099999")]),
            Some("V-404-CUSTOMER"),
        ),
        (order("7", &[("CUST_NO", "1300099999")]), Some("V-422-AREA")),
        (order("8", &[("ACCEPT_CONTENT", "")]), Some("V-422-FIELD")),
        (
            order("9", &[("ACCEPT_CONTENT", "你好")]),
            Some("V-422-TEMPLATE"),
        ),
        (
            order("1", &[("ACCEPT_CONTENT", "【故障报修】全村没电")]),
            Some("V-409-CONTENT"),
        ),
        (order("10", &[]), None),
    ];
    let body: Vec<&Value> = cases.iter().map(|(order, _)| order).collect();
    let answer = door.post(HOTLINE, &json!({ "orders": body }));
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), cases.len());
    let mut taken_in = Vec::new();
    for (result, (sent, code)) in results.iter().zip(&cases) {
        assert_eq!(result["code"], json!(code), "{sent}: {result}");
        match code {
            None => {
                assert_eq!(result["outcome"], "created", "{sent}: {result}");
                let made = county.order(result["order_id"].as_str().unwrap());
                taken_in.push(made["taken_in_at_ms"].as_i64().unwrap());
            }
            Some(_) => assert_eq!(result["outcome"], "exception", "{sent}: {result}"),
        }
    }
    // The clock of the machine decides whether that day is past: all four are treated alike.
    assert_eq!(taken_in.len(), 4);
    assert!(
        taken_in
            .windows(2)
            .all(|pair| (pair[0] - pair[1]).abs() < 60_000)
    );
    assert_eq!(order_count(&county.dispatcher), 4);
    let kept = waiting(door, "&source=hotline_95598");
    assert_eq!(kept.values().sum::<i64>(), 8, "{kept:?}");

    let again = door.post(HOTLINE, &json!({ "orders": body }));
    for result in again["results"].as_array().unwrap() {
        assert_eq!(result["outcome"], "unchanged", "{result}");
    }
    assert_eq!(order_count(&county.dispatcher), 4);
    assert_eq!(waiting(door, "&source=hotline_95598"), kept);
}

/// A body, the door it goes to, and the status and code it must get.
type Refused = (&'static str, &'static str, Value, u16, &'static str);

#[rustfmt::skip]
fn refused() -> Vec<Refused> {
    let request = |account: &str, content: &str| json!({
        "account_number": account, "content": content, "source": "counter" });
    let many: Vec<Value> = (0..1_001).map(|n| json!({ "APP_NO": n.to_string() })).collect();
    vec![
        ("no object", HOTLINE, json!(5), 400, "V-400-BODY"),
        ("orders that are no list", HOTLINE, json!({ "orders": 5 }), 400, "V-400-BODY"),
        ("an order that is no object", HOTLINE, json!({ "orders": [order("1", &[]), 5] }), 400, "V-400-BODY"),
        ("more orders than one push may have", HOTLINE, json!({ "orders": many }), 413, "V-413-LARGE"),
        ("a body over the limit", HOTLINE, order("1", &[("ACCEPT_CONTENT", &"停".repeat(500_000))]), 413, "V-413-LARGE"),
        ("a form over the limit", REQUESTS, request(&account_number(0), &"停".repeat(500_000)), 413, "V-413-LARGE"),
        ("a form with a wrong type", REQUESTS, json!({ "content": 5, "source": "counter" }), 422, "V-400-BODY"),
        ("a form without words", REQUESTS, request(&account_number(0), " "), 422, "V-422-FIELD"),
        ("a source that is none", REQUESTS, json!({ "content": OUTAGE, "source": "月球" }), 422, "V-400-BODY"),
        ("an account with letters", REQUESTS, request("9000A00001", OUTAGE), 422, "V-422-ACCOUNT"),
        ("an account nobody has", REQUESTS, request("9000099999", OUTAGE), 422, "V-404-CUSTOMER"),
        ("an account of another company", REQUESTS, request("1300099999", OUTAGE), 422, "V-422-AREA"),
        ("neither customer nor place", REQUESTS, json!({ "content": OUTAGE, "source": "counter" }), 422, "V-404-CUSTOMER"),
        ("words that say nothing", REQUESTS, request(&account_number(0), "你好"), 422, "V-422-TEMPLATE"),
    ]
}

fn bodies_that_make_no_sense_are_refused_whole(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let draft = county.request(0, "fault_repair", "家里没电了");
    for (name, path, body, status, code) in refused() {
        let response = county.administrator.send(&Method::POST, path, Some(&body));
        let found = response.status().as_u16();
        let answer: Value = response.json().unwrap();
        let error = &answer["error"];
        assert_eq!(
            (found, error["code"].as_str()),
            (status, Some(code)),
            "{name}: {error}"
        );
        assert_helps(error, name);
        assert_eq!(order_count(&county.dispatcher), 1, "{name}");
    }
    assert!(waiting(&county.administrator, "").is_empty());
    // Steps out of turn, and a step on what somebody else has changed meanwhile.
    let version = draft["version"].as_i64().unwrap();
    for (step, version, code) in [
        ("approve", version, "S-409-STATE"),
        ("archive", version, "S-409-STATE"),
        ("recall", version, "S-409-STATE"),
        ("dispatch", version + 5, "S-409-VERSION"),
    ] {
        let body =
            json!({ "version": version, "staff_id": county.electricians[0], "mode": "nearest" });
        let console = match step {
            "approve" | "archive" => &county.reviewer,
            _ => &county.dispatcher,
        };
        let found = console.refused(&action(&draft, step), &body);
        assert_eq!(found, (409, code.to_owned()), "{step}");
    }
    let id = draft["id"].as_str().unwrap();
    assert_eq!(county.order(id)["version"], draft["version"]);
    assert_eq!(county.order(id)["state"], "draft");
}

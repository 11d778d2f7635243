//! One-time codes of the customer count once.

use super::{label, on_the_way, sync};
use dianma_core::Phone;
use dianma_core::clock::SystemClock;
use dianma_core::entropy::SystemEntropy;
use dianma_core::store::orders;
use dianma_schema::id::WorkOrderId;
use dianma_schema::label::consent::ConsentStep;
use dianma_schema::order::OrderKind;
use dianma_tests::County;
use dianma_tests::Engine;
use dianma_tests::Job;
use serde_json::Value;
use serde_json::json;
use std::path::Path;

crate::stories!(a_customers_one_time_code_counts_once,);

/// Digits that the phone can tell to be wrong: of 256 there is one it cannot.
fn wrong_digits(store: &Path, order: &str) -> String {
    let clock = std::sync::Arc::new(SystemClock::new());
    let phone = Phone::open(store, clock, Box::new(SystemEntropy)).unwrap();
    let id: WorkOrderId = order.parse().unwrap();
    let found = phone.inspect(|db| orders::find(db, &id)).unwrap().unwrap();
    let checks = found.record.consent.unwrap();
    let closing = checks
        .iter()
        .find(|check| check.step == ConsentStep::Closing)
        .unwrap();
    let mut all = (0..1_000).map(|n| format!("{n:06}"));
    all.find(|digits| !closing.may_be(id, digits)).unwrap()
}

/// The last text handed to the delivery file, and the six digits in it.
fn last_text(file: &Path) -> (String, String) {
    let text = std::fs::read_to_string(file).unwrap();
    let line: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let words = line["text"].as_str().unwrap().to_owned();
    let digits = words
        .split("同意码 ")
        .nth(1)
        .unwrap()
        .chars()
        .take(6)
        .collect();
    (words, digits)
}

fn a_customers_one_time_code_counts_once(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let sms = folder.path().join("sms.jsonl");
    let file = sms.display().to_string();
    let county = County::start_signed(engine, folder.path(), &["--sms-file", &file]);
    let mut phone = county.phone(&folder.path().join("phone"), "worker1");
    let id = on_the_way(&county, &mut phone, 12);
    let path = format!("/v1/work_orders/{id}/consent_codes");
    county.agent.post(&path, &json!({ "step": "arrival" }));
    let made = county.agent.post(&path, &json!({ "step": "closing" }))["consent_code"].clone();
    assert_eq!(made["is_sent"], true, "{made}");
    let (words, digits) = last_text(&sms);
    assert!(words.contains("终结"), "{words}");
    sync(&county, &mut phone);

    // The customer's page shows the symbol; what it says is read back from the picture's source.
    let link = made["link_path"].as_str().unwrap();
    let page = reqwest::blocking::get(format!("{}{link}", county.server.url)).unwrap();
    assert_eq!(page.status().as_u16(), 200);
    let html = page.text().unwrap();
    let (first, last) = digits.split_at(3);
    assert!(html.contains("<svg") && html.contains(&format!("{first} {last}")));
    for personal in ["生成户", "10000000001", "生成镇"] {
        assert!(!html.contains(personal), "{personal}");
    }

    let customer = label(&county, 12, "customer").1;
    phone.run(&["arrive", &id, "--scan", &customer]);
    let job = Job {
        field: &phone,
        order: id.clone(),
        kind: OrderKind::FaultRepair,
        label_text: customer,
    };
    job.begin();
    let now_ms = county.manager.get("/v1/health")["server_ms"]
        .as_i64()
        .unwrap();
    job.record(now_ms);
    job.evidence(folder.path(), 3);
    let finish = |digits: &str| {
        [
            "finish",
            &id,
            "--satisfaction",
            "satisfied",
            "--digits",
            digits,
        ]
        .map(str::to_owned)
    };
    let refused = |digits: &str| {
        let arguments = finish(digits);
        phone.refused(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let wrong = wrong_digits(&folder.path().join("phone"), &id);
    for _ in 0..5 {
        assert_eq!(
            refused(&wrong),
            "S-422-CODE",
            "the phone catches slips at the door"
        );
    }
    assert_eq!(
        refused(&digits),
        "S-429-CODE",
        "and does not let anybody try for ever"
    );

    // A new code voids the old one and starts the count again.
    county.agent.post(&path, &json!({ "step": "closing" }));
    let (_, again) = last_text(&sms);
    sync(&county, &mut phone);
    let gone = reqwest::blocking::get(format!("{}{link}", county.server.url)).unwrap();
    assert_eq!(gone.status().as_u16(), 404);
    let arguments = finish(&again);
    phone.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    phone.run(&["submit", &id]);
    sync(&county, &mut phone);
    let order = county.order(&id);
    assert_eq!(order["state"], "submitted", "{order}");
    assert_eq!(order["consent_proof"], "consent_digits");
    let proofs = order["proofs"].as_array().unwrap();
    let consent = proofs
        .iter()
        .find(|proof| proof["part"] == "consent")
        .unwrap();
    assert_eq!(consent["strength"], "strong");
}

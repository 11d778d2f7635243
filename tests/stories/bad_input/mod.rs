//! Bad input at every public door: each gets a stable code and a sentence that says what to do; what is
//! good beside it is used, what is bad is kept for a person, nothing is half applied.

mod doors;
mod files;
mod phone;
mod staging;

use dianma_tests::Console;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// A refusal in both languages that goes on with what to do.
fn assert_helps(error: &Value, case: &str) {
    let zh = error["message"].as_str().unwrap_or_default();
    assert!(zh.contains('：') && zh.ends_with('。'), "{case}: {error}");
    assert!(
        error["message_en"].as_str().is_some_and(|en| en.len() > 20),
        "{case}: {error}"
    );
}

/// Orders in any state.
fn order_count(console: &Console) -> i64 {
    let counts = console.get("/v1/work_orders/counts")["counts"]["by_state"].clone();
    let states = counts.as_object().unwrap();
    states.values().map(|count| count.as_i64().unwrap()).sum()
}

/// Records that wait, how many of each code; every one has its reason, its advice and its raw text.
fn waiting(console: &Console, filter: &str) -> BTreeMap<String, i64> {
    let path = format!("/v1/intake_records?state=exception&limit=200{filter}");
    let page = console.get(&path);
    let mut codes = BTreeMap::new();
    for record in page["intake_records"].as_array().unwrap() {
        let code = record["fault_code"].as_str().unwrap();
        let advice = record["advice"].as_str().unwrap();
        assert!(advice.contains('：'), "{record}");
        assert!(!record["message"].as_str().unwrap().is_empty(), "{record}");
        assert!(!record["raw"].as_object().unwrap().is_empty(), "{record}");
        *codes.entry(code.to_owned()).or_default() += 1;
    }
    codes
}

/// Asks until it is so, for at most a minute.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..300 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("never came: {what}");
}

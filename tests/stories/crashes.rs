//! `kill -9` of the server and of the phone at random moments: whatever was acknowledged is there
//! exactly once, whatever was not is there at most once, and both sides agree in the end.

use dianma_tests::{County, Engine, Field};
use serde_json::Value;
use std::time::Duration;

crate::stories!(fifty_kills_lose_and_double_nothing);

/// Kills in one run, half of them of the server.
const KILLS: u64 = 50;
const ORDERS: usize = 5;

/// xorshift64: the moments differ from run to run only by the machine, not by the seed.
struct Moments(u64);

impl Moments {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// A note with words of its own; `true` when the phone said that it is saved.
fn note(phone: &Field, order: &str, words: &str) -> bool {
    phone.output(&["note", order, words]).status.success()
}

/// Starts a command and kills it after a random time; `true` when it had ended well before.
fn killed(phone: &Field, arguments: &[&str], moments: &mut Moments) -> bool {
    let mut child = phone.spawn(arguments);
    std::thread::sleep(Duration::from_micros(moments.below(40_000)));
    if let Ok(Some(status)) = child.0.try_wait() {
        return status.success();
    }
    child.kill();
    false
}

fn fifty_kills_lose_and_double_nothing(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let mut county = County::start(engine, folder.path());
    // Sealed as the app's in one run, plain as the headless phone's in the other.
    let store = folder.path().join("phone");
    let mut phone = match engine {
        Engine::Sqlite => Field::sealed(&store, &county.server.url),
        Engine::Postgres => Field::new(&store, &county.server.url),
    };
    county.put_on_duty(&phone, "worker1");
    let orders: Vec<String> = (0..ORDERS)
        .map(|n| {
            let order = county.dispatch(&county.request(n, "safety_inspection", "例行检查"), 0);
            order["id"].as_str().unwrap().to_owned()
        })
        .collect();
    phone.run(&["sync", "--until-idle"]);
    for order in &orders {
        phone.run(&["accept", order]);
    }

    let mut moments = Moments(0x2545_F491_4F6C_DD1D);
    let mut acknowledged = Vec::new();
    let mut attempted = Vec::new();
    for round in 0..KILLS {
        let order = &orders[round as usize % ORDERS];
        let words = format!("记录{round:03}甲");
        if note(&phone, order, &words) {
            acknowledged.push(words.clone());
        }
        attempted.push(words);
        if round % 2 == 0 {
            let mut sync = phone.spawn(&["sync"]);
            std::thread::sleep(Duration::from_micros(moments.below(30_000)));
            county.server.restart();
            county.at(&county.server.url.clone());
            phone.url.clone_from(&county.server.url);
            let _ = sync.0.wait();
        } else {
            let words = format!("记录{round:03}乙");
            if killed(&phone, &["note", order, &words], &mut moments) {
                acknowledged.push(words.clone());
            }
            attempted.push(words);
            killed(&phone, &["sync"], &mut moments);
        }
    }
    phone.run(&["sync", "--until-idle"]);

    let told = timelines(&county, &orders);
    assert!(
        acknowledged.len() as u64 >= KILLS,
        "the phone acknowledged too little to prove anything"
    );
    for words in &acknowledged {
        assert_eq!(
            told.matches(words.as_str()).count(),
            1,
            "{words} of an acknowledged command"
        );
    }
    for words in &attempted {
        assert!(
            told.matches(words.as_str()).count() <= 1,
            "{words} is there twice"
        );
    }
    let waiting = phone.run(&["status"]);
    assert_eq!(waiting["session"]["pending_commands"], 0, "{waiting}");
    for order in &orders {
        let shown = phone.run(&["orders", "show", order]);
        let stored = county.order(order);
        assert_eq!(shown["work_order"]["state"], stored["state"]);
        assert_eq!(shown["work_order"]["version"], stored["version"]);
    }
}

fn timelines(county: &County, orders: &[String]) -> String {
    orders
        .iter()
        .flat_map(|id| {
            county.order(id)["events"]
                .as_array()
                .cloned()
                .unwrap_or_default()
        })
        .map(|event: Value| event["detail"].to_string())
        .collect()
}

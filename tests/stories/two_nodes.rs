//! Two server processes on one PostgreSQL serve the same phones; one is killed in the middle.

use dianma_tests::{County, Engine, Field};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Notes each phone writes and sends.
const NOTES: usize = 30;

/// Writes and sends notes; when its node is gone it goes to the other one. Returns how often it moved.
fn work(phone: &mut Field, order: &str, name: &str, other: &str, half_way: &AtomicBool) -> usize {
    let mut moves = 0;
    for number in 0..NOTES {
        phone.run(&["note", order, &format!("{name}第{number:02}条")]);
        if number == NOTES / 3 {
            half_way.store(true, Ordering::SeqCst);
        }
        while !phone.output(&["sync"]).status.success() {
            other.clone_into(&mut phone.url);
            moves += 1;
            assert!(moves < 100, "the other node does not answer");
        }
    }
    moves
}

#[test]
fn killing_one_of_two_nodes_loses_nothing_and_the_other_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut county = County::start(Engine::Postgres, folder.path());
    let second = county.server.second_node();
    let mut first_phone = county.phone(&folder.path().join("first"), "worker1");
    let mut second_phone = county.phone(&folder.path().join("second"), "worker2");
    second_phone.url.clone_from(&second.url);

    // Dispatched at one node, pulled at the other.
    let first_order = county.dispatch(&county.request(0, "ad_hoc", "第一单"), 0);
    let second_order = county.dispatch(&county.request(1, "ad_hoc", "第二单"), 1);
    let first_id = first_order["id"].as_str().unwrap().to_owned();
    let second_id = second_order["id"].as_str().unwrap().to_owned();
    for (phone, id) in [(&first_phone, &first_id), (&second_phone, &second_id)] {
        phone.run(&["sync", "--until-idle"]);
        phone.run(&["accept", id]);
    }

    let half_way = AtomicBool::new(false);
    let nobody = AtomicBool::new(false);
    let other = second.url.clone();
    let moves = std::thread::scope(|scope| {
        let first = scope.spawn(|| work(&mut first_phone, &first_id, "甲", &other, &half_way));
        let second = scope.spawn(|| work(&mut second_phone, &second_id, "乙", &other, &nobody));
        while !half_way.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        county.server.kill();
        assert_eq!(second.join().unwrap(), 0, "the second node never went away");
        first.join().unwrap()
    });
    assert!(
        moves > 0,
        "the first phone noticed nothing: the kill came too late"
    );

    county.at(&second.url.clone());
    for (phone, id, name) in [
        (&first_phone, &first_id, "甲"),
        (&second_phone, &second_id, "乙"),
    ] {
        phone.run(&["sync", "--until-idle"]);
        let order = county.order(id);
        let told: String = order["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["detail"].to_string())
            .collect();
        for number in 0..NOTES {
            let words = format!("{name}第{number:02}条");
            assert_eq!(told.matches(&words).count(), 1, "{words}");
        }
        assert_eq!(
            phone.run(&["orders", "show", id])["work_order"]["version"],
            order["version"]
        );
    }
}

//! What the server forgets in time, and what it never does.

use super::fixture::{County, NOW, Phone, cursor};
use dianma_schema::fault;
use dianma_schema::order::{Command, OrderKind};
use dianma_schema::retention::{self, Kept, RetentionRule};
use dianma_schema::time::DAY_MS;
use dianma_schema::wire::command::Body;
use dianma_schema::wire::sync::{NetClass, Outcome, ScopeKind};
use dianma_server::feed;
use dianma_server::store::Store;
use dianma_server::upkeep::compact::{Compacted, compact};

crate::conformance!(
    confirmed_commands_go_in_time_and_what_only_they_hold_stays,
    a_forgotten_number_is_not_taken_twice,
    leave_entries_go_in_time_and_old_cursors_start_over,
);

fn rules() -> Vec<RetentionRule> {
    retention::RULES.clone()
}

fn run(county: &County, now_ms: i64) -> Compacted {
    county.write(move |tx| Ok(compact(tx, now_ms, &rules())?))
}

/// So many days after the commands came, as the shipped rule counts.
fn days(kept: Kept) -> i64 {
    (NOW - retention::keep_from_ms(&rules(), kept, NOW).unwrap()) / DAY_MS
}

fn note(words: &str) -> Body {
    Body::Note(words.to_owned())
}

fn confirmed_commands_go_in_time_and_what_only_they_hold_stays(store: &Store) {
    let county = County::new(store);
    let (open, closed) = (
        county.order(20, OrderKind::AdHoc),
        county.order(21, OrderKind::AdHoc),
    );
    let mut phone = Phone::enrol(&county, 0, 30);
    county.step(closed, Command::Cancel, Some("生成原因"));
    let commands = [
        phone.command(Some(open), Body::Accept),
        phone.command(Some(open), note("生成的备注")),
        phone.command(Some(open), Body::Submit),
        phone.command(Some(closed), note("订单已关闭后的生成备注")),
        phone.command(None, Body::Duty(true)),
        phone.command(Some(open), note("还没有确认收到")),
    ];
    phone.push(&county, &commands);
    phone.acked_n = 5;
    phone.push(&county, &[]);
    let last_day = days(Kept::CommandResults);
    assert_eq!(run(&county, NOW + last_day * DAY_MS).commands, 0);
    let done = run(&county, NOW + (last_day + 1) * DAY_MS);
    assert_eq!(done.commands, 3, "accept, note, duty");
    assert_eq!(run(&county, NOW + (last_day + 2) * DAY_MS).commands, 0);
    let left = "SELECT CAST(SUM(n) AS BIGINT) FROM commands";
    assert_eq!(
        county.count(left),
        3 + 4 + 6,
        "refused, beside the order, unconfirmed"
    );
    let line = "SELECT COUNT(*) FROM order_events WHERE command = 'fact'";
    assert_eq!(county.count(line), 2, "the time line has what went");
    // Confirmed later, it goes in the next run.
    phone.acked_n = 6;
    phone.push(&county, &[]);
    assert_eq!(run(&county, NOW + (last_day + 2) * DAY_MS).commands, 1);
}

fn a_forgotten_number_is_not_taken_twice(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let accept = phone.command(Some(order), Body::Accept);
    phone.push(&county, std::slice::from_ref(&accept));
    phone.acked_n = 1;
    phone.push(&county, &[]);
    let late_ms = NOW + (days(Kept::CommandResults) + 1) * DAY_MS;
    assert_eq!(run(&county, late_ms).commands, 1);
    let version = county.load(order).version;
    let reply = phone.push(&county, &[accept]);
    assert_eq!(reply.results[0].outcome, Outcome::Quarantined);
    assert_eq!(
        reply.results[0].code.as_deref(),
        Some(fault::S_SAME_NUMBER.as_str())
    );
    assert_eq!(county.load(order).version, version);
    let next = phone.give(&county, order, note("生成的备注"));
    assert_eq!((next.n, next.outcome), (2, Outcome::Accepted));
}

fn leave_entries_go_in_time_and_old_cursors_start_over(store: &Store) {
    let county = County::new(store);
    let (gone, stays) = (
        county.order(20, OrderKind::AdHoc),
        county.order(21, OrderKind::AdHoc),
    );
    let phone = Phone::enrol(&county, 0, 30);
    let scope = feed::user_scope(phone.actor.staff_id);
    let head = |county: &County| {
        let scope = scope.clone();
        county.write(move |tx| Ok(feed::head(tx, &scope)?.unwrap()))
    };
    let before = head(&county);
    county.reassign(gone);
    let after = head(&county);
    let last_day = days(Kept::Leaves);
    assert_eq!(run(&county, NOW + last_day * DAY_MS).leaves, 0);
    assert_eq!(run(&county, NOW + (last_day + 1) * DAY_MS).leaves, 1);
    let now = head(&county);
    assert_eq!(
        (now.position, now.checksum),
        (after.position, after.checksum)
    );
    assert_eq!(now.floor, after.position, "the leave was the last entry");
    let epoch = county.write(|tx| Ok(feed::epoch(tx)?));
    let at = |position: i64| {
        let cursor = cursor(ScopeKind::User, epoch, position.unsigned_abs());
        phone.pull(&county, vec![cursor], NetClass::Wifi).pages
    };
    assert!(at(after.position).is_empty(), "who has seen it goes on");
    let reset = at(before.position);
    assert!(reset[0].reset, "who has not starts over");
    let orders: Vec<_> = reset[0]
        .entries
        .iter()
        .filter(|entry| entry.kind == dianma_schema::wire::sync::EntryKind::Order)
        .map(|entry| entry.id.to_vec())
        .collect();
    assert_eq!(orders, [stays.0.as_bytes().to_vec()]);
}

//! Pull against the reference server: pages, resets, checksums, loss. In the end the mirror is the
//! server's.

use super::support::Bench;
use super::support::records::{account, customer, order, order_id};
use dianma_core::error::CoreError;
use dianma_core::store::{cursors, outbox_rows};
use dianma_core::sync::pages;
use dianma_schema::wire::record::OrderRecord;
use dianma_schema::wire::sync::{LeaveCause, Left, ScopeKind};

fn pending(bench: &Bench) -> u32 {
    bench.phone.inspect(outbox_rows::count_pending).unwrap()
}

fn count(bench: &Bench, sql: &str) -> i64 {
    let read = |db: &rusqlite::Connection| -> Result<i64, CoreError> {
        Ok(db.query_row(sql, [], |row| row.get(0))?)
    };
    bench.phone.inspect(read).unwrap()
}

/// The kept checksum equals what is in the tables, and the server's.
pub fn assert_same_mirror(bench: &Bench) {
    for scope in ScopeKind::ALL {
        let kept = bench.phone.inspect(|db| cursors::load(db, *scope)).unwrap();
        let full = |db: &rusqlite::Connection| pages::full_checksum(db, *scope as i64);
        let full = bench.phone.inspect(full).unwrap();
        assert_eq!(kept.checksum, full, "{scope}");
        assert_eq!(full, bench.server.checksum(*scope), "{scope}");
    }
}

#[test]
fn pulls_orders_and_customers_page_by_page() {
    let mut bench = Bench::new();
    bench.server.page_entries = 7;
    for number in 0..30 {
        bench.server.put_order(order(number));
        bench.server.put_customer(&customer(number));
    }
    let report = bench.sync();
    assert_eq!(report.entries_received, 60);
    assert_eq!(report.requests, 5);
    assert_same_mirror(&bench);
    let again = bench.sync();
    assert_eq!((again.requests, again.entries_received), (1, 0));
}

#[test]
fn a_reset_sweeps_the_mirror_and_never_the_outbox() {
    let mut bench = Bench::new();
    bench.server.page_entries = 4;
    for number in 0..10 {
        bench.server.put_order(order(number));
        bench.server.put_customer(&customer(number));
    }
    bench.sync();
    bench
        .phone
        .orders()
        .accept(&order_id(3).to_string(), None)
        .unwrap();
    let id = order_id(3).to_string();
    let values = [("fault_cause".to_owned(), "生成".to_owned())];
    let named = bench.phone.orders().record(&id, &values, None).is_ok();
    bench.server.lose_requests = 1;
    bench.sync();
    // While offline: another incarnation of the database, in which half of it is gone.
    let mut other = bench.server.state.clone();
    other.epoch += 10;
    bench.server.restore(other);
    for number in [3, 5, 7] {
        bench.server.remove_order(order_id(number));
        bench.server.remove_customer(&customer(number));
    }
    let before = pending(&bench);
    let body = "SELECT count(*) FROM outbox WHERE status = 'pending'";
    assert_eq!(count(&bench, body), i64::from(before));
    bench.sync();
    assert_eq!(count(&bench, "SELECT count(*) FROM mirror_customers"), 7);
    assert_eq!(
        count(&bench, "SELECT count(*) FROM outbox"),
        i64::from(before)
    );
    assert!(bench.server.state.last_n == u64::from(before) && (named || before == 1));
    assert_same_mirror(&bench);
}

#[test]
fn a_wrong_checksum_resets_that_scope_alone_and_does_not_loop() {
    let mut bench = Bench::new();
    for number in 0..5 {
        bench.server.put_order(order(number));
        bench.server.put_customer(&customer(number));
    }
    bench.sync();
    bench.server.break_checksum_of = Some(ScopeKind::Station);
    bench.server.put_customer(&customer(6));
    let report = bench.sync();
    assert!(report.requests <= 5, "{}", report.requests);
    assert!(
        report
            .notices
            .iter()
            .any(|notice| notice.code == "X-409-SUM")
    );
    let cursor = |scope| bench.phone.inspect(|db| cursors::load(db, scope)).unwrap();
    assert_eq!(cursor(ScopeKind::User).mismatches, 0);
    bench.server.break_checksum_of = None;
    bench.server.put_customer(&customer(7));
    bench.sync();
    assert_same_mirror(&bench);
}

#[test]
fn any_page_size_and_any_loss_end_in_the_same_mirror() {
    for seed in 1..12u32 {
        let mut bench = Bench::new();
        bench.server.page_entries = (seed as usize % 5) + 1;
        for round in 0..8u32 {
            for number in 0..6 {
                let choice = (seed * 7 + round * 13 + number * 5) % 6;
                match choice {
                    0 => bench.server.put_order(order(number + round)),
                    1 => bench.server.put_customer(&customer(number)),
                    2 => bench.server.remove_customer(&customer(number)),
                    3 if bench.server.state.orders.contains_key(&order_id(number)) => {
                        bench
                            .server
                            .change_order(order_id(number), |o| o.content.push('改'));
                    }
                    _ => {}
                }
            }
            bench.server.lose_answers = (seed + round) % 2;
            bench.sync();
            if round % 3 == seed % 3 {
                bench.restart();
            }
        }
        bench.sync();
        bench.sync();
        assert_same_mirror(&bench);
    }
}

#[test]
fn a_first_pull_does_not_hold_everything_in_memory_at_once() {
    let mut bench = Bench::new();
    bench.server.page_entries = 500;
    for number in 0..3_000 {
        bench.server.put_order(order(number));
    }
    let report = bench.sync();
    assert_eq!(report.entries_received, 3_000);
    assert_eq!(report.requests, 6);
    let found = bench.phone.lookup().scan(&account(5));
    assert!(found.is_err(), "no customer archive was sent");
    assert_same_mirror(&bench);
}

#[test]
fn an_order_that_leaves_says_why_until_it_comes_back() {
    let mut bench = Bench::new();
    for number in 0..2 {
        bench.server.put_order(order(number));
    }
    bench.sync();
    bench.server.left = Some(Left {
        cause: LeaveCause::Cancelled,
        reason: Some("生成原因：重复报修".to_owned()),
    });
    bench.server.remove_order(order_id(1));
    let report = bench.sync();
    assert_eq!(report.departures.len(), 1);
    let left = bench.phone.orders().departures(10).unwrap();
    assert_eq!(left, report.departures);
    assert_eq!(left[0].order_id, order_id(1));
    assert_eq!(left[0].order_number, order(1).order_number);
    assert_eq!(left[0].cause, LeaveCause::Cancelled);
    assert_eq!(left[0].reason.as_deref(), Some("生成原因：重复报修"));
    bench.clock.pass_ms(1_000);
    assert!(bench.sync().departures.is_empty(), "told once");
    bench.server.put_order(OrderRecord {
        version: 9,
        ..order(1)
    });
    bench.sync();
    assert!(bench.phone.orders().departures(10).unwrap().is_empty());
    assert_same_mirror(&bench);
}

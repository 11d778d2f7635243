//! Pages: nothing when nothing moved, resets, budgets, and a checksum that the phone can check.

use super::fixture::{County, Phone, cursor};
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::{Command, OrderKind};
use dianma_schema::wire::record::{CustomerRecord, OrderRecord};
use dianma_schema::wire::sync::{
    EntryKind, EntryOp, LeaveCause, NetClass, ScopeKind, checksum_term,
};
use dianma_server::args;
use dianma_server::feed::{self, Change};
use dianma_server::store::Store;
use std::collections::BTreeMap;

crate::conformance!(
    a_first_pull_resets_and_the_next_poll_is_empty,
    a_cursor_of_another_incarnation_or_beyond_the_head_starts_over,
    a_reassigned_order_leaves_one_mirror_and_enters_the_other,
    a_phone_hears_why_an_order_has_left,
    two_hundred_orders_come_over_gprs_in_pages_that_add_up,
    a_reset_below_the_floor_comes_to_an_end,
    a_customer_comes_with_meter_and_labels,
);

/// Applies pages as a phone does, until there is no more; returns the mirror and the last cursor.
fn pull_all(
    county: &County,
    phone: &Phone,
    scope: ScopeKind,
    net: NetClass,
) -> (BTreeMap<Vec<u8>, (EntryKind, u64)>, u32, u64, usize) {
    let mut mirror = BTreeMap::new();
    let (mut epoch, mut position, mut pages) = (0, 0, 0);
    loop {
        let pulled = phone.pull(county, vec![cursor(scope, epoch, position)], net);
        let Some(page) = pulled.pages.into_iter().next() else {
            return (mirror, epoch, position, pages);
        };
        pages += 1;
        assert!(pages < 100, "the pull does not end");
        (epoch, position) = (page.epoch, page.position);
        for entry in page.entries {
            match entry.op {
                EntryOp::Put => mirror.insert(entry.id.to_vec(), (entry.kind, entry.version)),
                EntryOp::Leave => mirror.remove(&entry.id.to_vec()),
            };
        }
        if let Some(checksum) = page.checksum {
            let sum = mirror.iter().fold(0u64, |sum, (id, (kind, version))| {
                sum.wrapping_add(checksum_term(*kind, id, *version))
            });
            assert_eq!(sum, checksum);
        }
    }
}

fn a_first_pull_resets_and_the_next_poll_is_empty(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let phone = Phone::enrol(&county, 0, 30);
    let first = phone.pull(&county, vec![cursor(ScopeKind::User, 0, 0)], NetClass::Wifi);
    let page = &first.pages[0];
    assert!(page.reset && !page.more && page.checksum.is_some());
    assert_eq!(page.entries.len(), 2, "the order and the profile");
    let body = page.entries[0].body.as_ref().unwrap();
    let record: OrderRecord = minicbor::decode(body).unwrap();
    assert_eq!(record.id, order);
    let again = phone.pull(
        &county,
        vec![
            cursor(ScopeKind::User, page.epoch, page.position),
            cursor(ScopeKind::Station, 7, 0),
        ],
        NetClass::Wifi,
    );
    assert!(again.pages.is_empty() && !again.has_more);
}

fn a_cursor_of_another_incarnation_or_beyond_the_head_starts_over(store: &Store) {
    let county = County::new(store);
    county.order(20, OrderKind::AdHoc);
    let phone = Phone::enrol(&county, 0, 30);
    for (epoch, position) in [(8, 1), (7, 1_000)] {
        let cursors = vec![cursor(ScopeKind::User, epoch, position)];
        let pulled = phone.pull(&county, cursors, NetClass::Wifi);
        assert!(pulled.pages[0].reset);
    }
}

fn a_reassigned_order_leaves_one_mirror_and_enters_the_other(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let phones = [Phone::enrol(&county, 0, 30), Phone::enrol(&county, 1, 31)];
    let (mirror, epoch, position, _) =
        pull_all(&county, &phones[0], ScopeKind::User, NetClass::Wifi);
    assert!(mirror.contains_key(order.0.as_bytes().as_slice()));
    county.reassign(order);
    let cursors = vec![cursor(ScopeKind::User, epoch, position)];
    let pulled = phones[0].pull(&county, cursors, NetClass::Wifi);
    assert_eq!(pulled.pages[0].entries[0].op, EntryOp::Leave);
    let (mirror, ..) = pull_all(&county, &phones[1], ScopeKind::User, NetClass::Wifi);
    assert!(mirror.contains_key(order.0.as_bytes().as_slice()));
}

fn many_orders(county: &County) -> usize {
    for seed in 40..240 {
        county.order(seed, OrderKind::FaultRepair);
    }
    200
}

fn two_hundred_orders_come_over_gprs_in_pages_that_add_up(store: &Store) {
    let county = County::new(store);
    let orders = many_orders(&county);
    let phone = Phone::enrol(&county, 0, 30);
    let (mirror, _, _, pages) = pull_all(&county, &phone, ScopeKind::User, NetClass::Gprs);
    assert_eq!(mirror.len(), orders + 1);
    assert!((2..=4).contains(&pages), "{pages}");
}

fn a_reset_below_the_floor_comes_to_an_end(store: &Store) {
    let county = County::new(store);
    let orders = many_orders(&county);
    let phone = Phone::enrol(&county, 0, 30);
    county.write(|tx| {
        tx.execute("UPDATE scopes SET floor = position", args![])?;
        Ok(())
    });
    let (mirror, _, _, pages) = pull_all(&county, &phone, ScopeKind::User, NetClass::Gprs);
    assert_eq!(mirror.len(), orders + 1);
    assert!(pages >= 2);
}

fn a_customer_comes_with_meter_and_labels(store: &Store) {
    let county = County::new(store);
    let phone = Phone::enrol(&county, 0, 30);
    let (station, customer) = (county.station, county.customer);
    county.write(move |tx| {
        let change = Change::put(
            feed::station_scope(station),
            EntryKind::Customer,
            customer.0,
            1,
        );
        Ok(feed::publish(tx, 0, vec![change])?)
    });
    let pulled = phone.pull(
        &county,
        vec![cursor(ScopeKind::Station, 0, 0)],
        NetClass::Wifi,
    );
    let body = pulled.pages[0].entries[0].body.as_ref().unwrap();
    let record: CustomerRecord = minicbor::decode(body).unwrap();
    assert_eq!(record.account_number, "3300000001");
    assert_eq!(record.meters.len(), 1);
    assert!(record.label_id.is_some() && record.meters[0].label_id.is_some());
}

fn a_phone_hears_why_an_order_has_left(store: &Store) {
    let county = County::new(store);
    let phone = Phone::enrol(&county, 0, 30);
    let orders: Vec<WorkOrderId> = (20..24)
        .map(|n| county.order(n, OrderKind::AdHoc))
        .collect();
    let (_, epoch, position, _) = pull_all(&county, &phone, ScopeKind::User, NetClass::Wifi);
    county.reassign(orders[0]);
    county.step(orders[1], Command::Cancel, Some("生成原因：重复报修"));
    county.step(orders[2], Command::Recall, None);
    // Given away first and cancelled at the other person's: none of the first one's business.
    county.reassign(orders[3]);
    county.step(orders[3], Command::Cancel, Some("生成原因：对方"));
    let pulled = phone.pull(
        &county,
        vec![cursor(ScopeKind::User, epoch, position)],
        NetClass::Wifi,
    );
    let told = |id: WorkOrderId| {
        let entries = &pulled.pages[0].entries;
        let entry = entries.iter().find(|e| e.id.as_slice() == id.0.as_bytes());
        let left = entry.unwrap().left.clone().unwrap();
        (left.cause, left.reason)
    };
    assert_eq!(told(orders[0]), (LeaveCause::Reassigned, None));
    let words = Some("生成原因：重复报修".to_owned());
    assert_eq!(told(orders[1]), (LeaveCause::Cancelled, words));
    assert_eq!(told(orders[2]), (LeaveCause::Recalled, None));
    assert_eq!(told(orders[3]), (LeaveCause::Reassigned, None));
}

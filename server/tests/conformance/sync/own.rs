//! A phone is not told its own steps again, but everything its own fold cannot show.

use super::fixture::{County, NOW, Phone, cursor};
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::OrderKind;
use dianma_schema::wire::command::{Body, Suspension};
use dianma_schema::wire::sync::{Cursor, EntryKind, NetClass, ScopeKind, checksum_term};
use dianma_server::store::Store;

crate::conformance!(
    own_steps_are_not_told_back,
    what_the_phone_cannot_fold_is_told,
    a_phone_that_missed_the_answer_is_told,
);

/// A phone that has pulled everything: county, order, phone and its cursor.
fn current(store: &Store) -> (County, WorkOrderId, Phone, Cursor) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let phone = Phone::enrol(&county, 0, 30);
    let pulled = phone.pull(&county, vec![cursor(ScopeKind::User, 0, 0)], NetClass::Wifi);
    let page = &pulled.pages[0];
    let at = cursor(ScopeKind::User, page.epoch, page.position);
    (county, order, phone, at)
}

fn own_steps_are_not_told_back(store: &Store) {
    let (county, order, mut phone, at) = current(store);
    let commands = [
        phone.command(Some(order), Body::Accept),
        phone.command(Some(order), Body::Depart),
        phone.command(Some(order), Body::Note("生成的备注".to_owned())),
    ];
    let reply = phone.push(&county, &commands);
    let version = reply.results.last().unwrap().version.unwrap();
    let pulled = phone.pull_beside(&county, vec![at.clone()], NetClass::Wifi, reply.own);
    let page = &pulled.pages[0];
    assert!(page.entries.is_empty() && !page.more && !pulled.has_more);
    // The phone raised the order's version by the results; with that the sums agree.
    let staff = phone.actor.staff_id;
    let sum = checksum_term(EntryKind::Order, order.0.as_bytes(), version)
        .wrapping_add(checksum_term(EntryKind::Staff, staff.0.as_bytes(), 1));
    assert_eq!(page.checksum, Some(sum));
    let next = cursor(ScopeKind::User, page.epoch, page.position);
    let again = phone.pull(&county, vec![next], NetClass::Wifi);
    assert!(again.pages.is_empty());
    // Somebody else's change of the same order is told, whatever the phone did before.
    county.reassign(order);
    let pulled = phone.pull(&county, vec![at], NetClass::Wifi);
    assert_eq!(pulled.pages[0].entries.len(), 1);
}

fn what_the_phone_cannot_fold_is_told(store: &Store) {
    let (county, order, mut phone, at) = current(store);
    let other = county.order(21, OrderKind::AdHoc);
    let suspension = Suspension {
        reason: "生成的原因".to_owned(),
        appointment_ms: NOW + 86_400_000,
    };
    let commands = [
        phone.command(Some(order), Body::Accept),
        phone.command(Some(order), Body::Depart),
        phone.command(Some(order), Body::Suspend(suspension)),
    ];
    let reply = phone.push(&county, &commands);
    assert!(reply.own.is_empty(), "reason and appointment are new");
    let pulled = phone.pull_beside(&county, vec![at.clone()], NetClass::Wifi, reply.own);
    assert_eq!(pulled.pages[0].entries.len(), 2, "with the new order");
    // An order the phone never had is told even when its own command moved it last.
    let accept = phone.command(Some(other), Body::Accept);
    let reply = phone.push(&county, &[accept]);
    let pulled = phone.pull_beside(&county, vec![at], NetClass::Wifi, reply.own);
    let ids = pulled.pages[0].entries.iter().map(|e| e.id.to_vec());
    assert!(
        ids.collect::<Vec<_>>()
            .contains(&other.0.as_bytes().to_vec())
    );
}

fn a_phone_that_missed_the_answer_is_told(store: &Store) {
    let (county, order, mut phone, at) = current(store);
    let accept = phone.command(Some(order), Body::Accept);
    phone.push(&county, &[accept.clone()]);
    // The answer was lost: the same command again with one more, and the old cursor.
    let depart = phone.command(Some(order), Body::Depart);
    let reply = phone.push(&county, &[accept, depart]);
    let pulled = phone.pull_beside(&county, vec![at], NetClass::Wifi, reply.own);
    assert_eq!(pulled.pages[0].entries.len(), 1);
}

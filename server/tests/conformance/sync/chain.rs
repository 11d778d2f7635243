//! The chain of each phone's commands: it grows with every command taken, cannot be rewritten, and tells
//! where it was tampered with; the audit log holds its ends. Phones do not wait for each other.

use super::fixture::{County, Phone};
use dianma_schema::order::OrderKind;
use dianma_schema::wire::command::Body;
use dianma_server::audit::{self, BrokenCommand, Verdict, commands::seal};
use dianma_server::store::{Engine, Store, StoreError};
use dianma_server::sync::push;
use std::time::Duration;

crate::conformance!(
    every_command_is_a_link_and_a_replay_adds_none,
    commands_cannot_be_rewritten,
    a_changed_verdict_is_found,
    a_changed_envelope_is_found,
    a_missing_command_is_found,
    a_shortened_chain_is_found_by_its_seal,
    what_upkeep_deleted_is_not_missed,
    an_end_is_sealed_once,
);

/// A phone with three commands taken, and its county.
fn pushed(store: &Store) -> (County, Phone) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let commands = [
        phone.command(Some(order), Body::Accept),
        phone.command(Some(order), Body::Submit),
        phone.command(Some(order), Body::Depart),
    ];
    phone.push(&county, &commands);
    phone.push(&county, &commands);
    (county, phone)
}

fn verdict(county: &County) -> Verdict {
    county.write(|tx| Ok(audit::verify(tx)?))
}

fn broken(phone: &Phone, n: i64) -> BrokenCommand {
    let device_id = phone.device_id;
    BrokenCommand { device_id, n }
}

/// What somebody with the database in his hands can do.
fn tamper(county: &County, sql: &'static str) {
    county.write(move |tx| {
        let drop = match tx.engine() {
            Engine::Sqlite => {
                "DROP TRIGGER commands_no_update; DROP TRIGGER commands_no_verdict; \
                 DROP TRIGGER commands_no_delete;"
            }
            Engine::Postgres => "ALTER TABLE commands DISABLE TRIGGER USER;",
        };
        Ok(tx.batch(drop).and_then(|()| tx.batch(sql))?)
    });
}

fn every_command_is_a_link_and_a_replay_adds_none(store: &Store) {
    let (county, _) = pushed(store);
    let mut other = Phone::enrol(&county, 1, 31);
    let note = other.command(None, Body::Duty(true));
    other.push(&county, &[note]);
    let verdict = verdict(&county);
    assert_eq!((verdict.broken_at, verdict.broken_command), (None, None));
    assert_eq!(verdict.commands, 4);
}

fn commands_cannot_be_rewritten(store: &Store) {
    let (county, _) = pushed(store);
    for sql in [
        "UPDATE commands SET outcome = 'accepted'",
        "UPDATE commands SET chain = NULL",
        "DELETE FROM commands WHERE n = 3",
    ] {
        let outcome = store.write_blocking(move |tx| -> Result<(), StoreError> { tx.batch(sql) });
        let error = outcome.unwrap_err().to_string();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
    assert_eq!(verdict(&county).broken_command, None);
}

fn a_changed_verdict_is_found(store: &Store) {
    let (county, phone) = pushed(store);
    tamper(
        &county,
        "UPDATE commands SET outcome = 'accepted', code = NULL WHERE n = 2",
    );
    assert_eq!(verdict(&county).broken_command, Some(broken(&phone, 2)));
}

fn a_changed_envelope_is_found(store: &Store) {
    let (county, phone) = pushed(store);
    tamper(
        &county,
        "UPDATE commands SET envelope = (SELECT c.envelope FROM commands c WHERE c.n = 3) WHERE n = 1",
    );
    assert_eq!(verdict(&county).broken_command, Some(broken(&phone, 1)));
}

fn a_missing_command_is_found(store: &Store) {
    let (county, phone) = pushed(store);
    tamper(&county, "DELETE FROM commands WHERE n = 2");
    assert_eq!(verdict(&county).broken_command, Some(broken(&phone, 2)));
    tamper_again(&county, "DELETE FROM commands WHERE n = 3");
    assert_eq!(verdict(&county).broken_command, Some(broken(&phone, 2)));
    tamper_again(&county, "DELETE FROM commands");
    assert_eq!(verdict(&county).broken_command, Some(broken(&phone, 1)));
}

fn tamper_again(county: &County, sql: &'static str) {
    county.write(move |tx| Ok(tx.batch(sql)?));
}

fn a_shortened_chain_is_found_by_its_seal(store: &Store) {
    let (county, phone) = pushed(store);
    county.write(|tx| Ok(seal(tx, 1)?));
    tamper(
        &county,
        "DELETE FROM commands WHERE n = 3; UPDATE devices SET last_n = 2, sealed_n = 2, \
         chain = (SELECT c.chain FROM commands c WHERE c.n = 2)",
    );
    assert_eq!(verdict(&county).broken_command, Some(broken(&phone, 3)));
}

fn what_upkeep_deleted_is_not_missed(store: &Store) {
    let (county, mut phone) = pushed(store);
    county.write(|tx| Ok(seal(tx, 1)?));
    county.write(|tx| {
        let acked = "UPDATE devices SET acked_n = 3, compacted_n = 3";
        let delete = "DELETE FROM commands WHERE outcome = 'accepted'";
        Ok(tx.batch(acked).and_then(|()| tx.batch(delete))?)
    });
    assert_eq!(county.count("SELECT COUNT(*) FROM commands"), 1);
    let more = phone.command(None, Body::Duty(true));
    phone.push(&county, &[more]);
    let whole = verdict(&county);
    assert_eq!((whole.broken_command, whole.commands), (None, 2));
    // The chain goes on from the end that is gone: the new link is not a first one.
    let first = "SELECT COUNT(*) FROM commands c JOIN devices d ON d.id = c.device_id \
                 WHERE c.n = 4 AND c.chain = d.chain";
    assert_eq!(county.count(first), 1);
    tamper(&county, "UPDATE devices SET compacted_n = 2");
    assert_eq!(verdict(&county).broken_command, Some(broken(&phone, 3)));
}

fn an_end_is_sealed_once(store: &Store) {
    let (county, mut phone) = pushed(store);
    let seal_all = || county.write(|tx| Ok(seal(tx, 1)?));
    assert_eq!((seal_all(), seal_all()), (1, 0));
    let more = phone.command(None, Body::Duty(true));
    phone.push(&county, &[more]);
    assert_eq!((seal_all(), seal_all()), (1, 0));
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'commands_sealed'";
    assert_eq!(county.count(sql), 2);
    let verdict = verdict(&county);
    assert_eq!((verdict.broken_at, verdict.broken_command), (None, None));
}

/// Two nodes of one database take batches of two phones at the same time: neither waits for the
/// other's commit. (The embedded database has one writer.)
#[test]
fn on_postgres_two_phones_do_not_wait_for_each_other() {
    crate::harness::on_postgres(|store| {
        let county = County::new(store);
        let orders = [
            county.order(20, OrderKind::AdHoc),
            county.order(21, OrderKind::AdHoc),
        ];
        county.reassign(orders[1]);
        let mut phones = [Phone::enrol(&county, 0, 30), Phone::enrol(&county, 1, 31)];
        let first = phones[0].command(Some(orders[0]), Body::Accept);
        let second = phones[1].command(Some(orders[1]), Body::Accept);
        let (started, start) = std::sync::mpsc::channel();
        let (ended, end) = std::sync::mpsc::channel::<()>();
        let end = std::sync::Mutex::new(end);
        std::thread::scope(|scope| {
            let (actor, device_id) = (phones[0].actor.clone(), phones[0].device_id);
            let request = phones[0].request(vec![super::fixture::encoded(&first)]);
            let waiting = scope.spawn(move || {
                store.write_blocking(move |tx| -> Result<(), StoreError> {
                    push(tx, super::fixture::NOW, &actor, device_id, &request)?;
                    let _ = started.send(());
                    // The commit waits until the other phone has its answer.
                    let waited = end.lock().unwrap().recv_timeout(Duration::from_secs(20));
                    assert!(waited.is_ok(), "the other phone waited for this commit");
                    Ok(())
                })
            });
            start.recv().unwrap();
            let reply = phones[1].push(&county, &[second]);
            assert_eq!(reply.results.len(), 1);
            ended.send(()).unwrap();
            waiting.join().unwrap().unwrap();
        });
        assert_eq!(verdict(&county).commands, 2);
    });
}

//! What the phone tells while the app is not in front: once, without personal data, without the PIN.

use super::support::Bench;
use super::support::records::{order, order_id};
use dianma_core::work::{Alert, AlertKind, Alerts};
use dianma_schema::order::OrderKind;
use dianma_schema::wire::record::OrderRecord;

/// Version code of the running app.
const INSTALLED: u32 = 5;

fn alerts(bench: &Bench) -> Alerts {
    bench.phone.orders().alerts(INSTALLED).unwrap()
}

fn kinds(bench: &Bench) -> Vec<AlertKind> {
    alerts(bench)
        .alerts
        .iter()
        .map(|alert| alert.kind)
        .collect()
}

fn fresh(bench: &Bench) -> Vec<Alert> {
    let all = alerts(bench).alerts.into_iter();
    all.filter(|alert| alert.is_fresh).collect()
}

fn tell(bench: &Bench) {
    let covers: Vec<String> = alerts(bench)
        .alerts
        .into_iter()
        .flat_map(|alert| alert.covers)
        .collect();
    bench.phone.orders().alerts_told(&covers).unwrap();
}

fn with_orders(count: u32, kind: OrderKind) -> Bench {
    let mut bench = Bench::new();
    for number in 1..=count {
        let record = OrderRecord {
            kind,
            ..order(number)
        };
        bench.server.put_order(record);
    }
    bench.sync();
    bench
}

#[test]
fn a_new_order_is_told_once_and_gone_when_accepted() {
    let mut bench = with_orders(1, OrderKind::FaultRepair);
    let told = fresh(&bench);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].kind, AlertKind::Urgent);
    assert!(told[0].can_accept && told[0].text_zh.starts_with("到达时限"));
    tell(&bench);
    assert!(fresh(&bench).is_empty());
    bench.restart();
    assert!(fresh(&bench).is_empty(), "told before the restart");
    assert_eq!(kinds(&bench), [AlertKind::Urgent]);
    let id = order_id(1).to_string();
    bench.phone.orders().accept(&id, None).unwrap();
    assert!(kinds(&bench).is_empty());
}

#[test]
fn no_alert_says_who_or_where() {
    let bench = with_orders(3, OrderKind::MeterChange);
    let record = order(1);
    let private = [record.account_name, record.address, record.account_number];
    let private: Vec<String> = private.into_iter().flatten().collect();
    for alert in alerts(&bench).alerts {
        let all = [
            &alert.title_zh,
            &alert.title_en,
            &alert.text_zh,
            &alert.text_en,
        ];
        let said = all.map(String::as_str).join(" ");
        assert!(!said.contains("生成"), "{said}");
        assert!(!private.iter().any(|text| said.contains(text)), "{said}");
        assert!(!said.contains(&record.order_number), "{said}");
    }
}

#[test]
fn a_locked_phone_still_tells() {
    let mut bench = with_orders(1, OrderKind::MeterChange);
    bench.phone.session().set_pin("135790").unwrap();
    bench.restart();
    assert!(bench.phone.orders().list(None, None, 1).is_err());
    assert_eq!(kinds(&bench), [AlertKind::New]);
}

#[test]
fn deadlines_come_near_pass_and_say_when_to_look_again() {
    let bench = with_orders(1, OrderKind::FaultRepair);
    let id = order_id(1).to_string();
    bench.phone.orders().accept(&id, None).unwrap();
    assert!(kinds(&bench).is_empty());
    let wait = alerts(&bench).next_in_ms.unwrap();
    bench.clock.pass_ms(i64::try_from(wait).unwrap() - 1);
    assert!(kinds(&bench).is_empty());
    bench.clock.pass_ms(1);
    assert_eq!(kinds(&bench), [AlertKind::Soon]);
    tell(&bench);
    let wait = alerts(&bench).next_in_ms.unwrap();
    bench.clock.pass_ms(i64::try_from(wait).unwrap());
    let late = fresh(&bench);
    assert_eq!(late.len(), 1);
    assert_eq!(late[0].kind, AlertKind::Overdue);
    assert_eq!(alerts(&bench).next_in_ms, None);
}

#[test]
fn many_of_a_kind_are_one_sentence_that_sounds_again_for_a_further_one() {
    let mut bench = with_orders(9, OrderKind::MeterChange);
    let told = fresh(&bench);
    assert_eq!(told.len(), 1);
    assert!(told[0].text_zh.contains("9 张") && told[0].order_id.is_none());
    assert_eq!(told[0].covers.len(), 9);
    tell(&bench);
    assert!(fresh(&bench).is_empty());
    let further = OrderRecord {
        kind: OrderKind::MeterChange,
        ..order(10)
    };
    bench.server.put_order(further);
    bench.sync();
    assert_eq!(fresh(&bench).len(), 1);
}

#[test]
fn unsent_work_asks_for_the_sign_in_it_waits_for() {
    let bench = with_orders(1, OrderKind::MeterChange);
    let id = order_id(1).to_string();
    bench.phone.orders().accept(&id, None).unwrap();
    bench.phone.session().sign_out().unwrap();
    assert_eq!(kinds(&bench), [AlertKind::SignIn]);
}

#[test]
fn nobody_signed_in_nothing_told() {
    let dir = tempfile::tempdir().unwrap();
    let phone = super::support::open(dir.path(), &super::support::TestClock::new());
    assert_eq!(phone.orders().alerts(INSTALLED).unwrap(), Alerts::default());
}

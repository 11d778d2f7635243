//! One-time enrolment codes: open once, for a quarter of an hour, one person's phone, and are audited.

use dianma_schema::fault;
use dianma_schema::id::{DeviceId, StaffId, StationId};
use dianma_schema::permission::Role;
use dianma_server::args;
use dianma_server::audit::{self, list::AuditFilter};
use dianma_server::auth::session::{self, NewToken, SessionKind};
use dianma_server::devices::enrol::{EnrolmentBody, NewDevice};
use dianma_server::devices::enrol_code::{CODE_LIFE_MS, issue, take};
use dianma_server::error::ApiError;
use dianma_server::staff::create::{NewStaff, check, create};
use dianma_server::store::{Store, StoreError};
use std::sync::Barrier;
use uuid::Uuid;

crate::conformance!(
    a_code_opens_one_phone_once,
    a_code_is_over_after_a_quarter_of_an_hour,
    a_new_code_replaces_the_one_before,
    only_active_electricians_get_and_use_codes,
    of_two_phones_with_one_code_one_is_opened,
    a_phone_that_was_this_persons_keeps_its_number,
);

const NOW_MS: i64 = 1_770_000_000_000;

fn staff_id(n: u8) -> StaffId {
    StaffId(Uuid::from_bytes([n; 16]))
}

fn seed(store: &Store) {
    let station = StationId(Uuid::from_bytes([200; 16]));
    let seeded = store.write_blocking(move |tx| -> Result<(), ApiError> {
        tx.execute(
            "INSERT INTO stations (id, code, name) VALUES (?1, 'S1', '示例供电所')",
            args![station.to_string()],
        )?;
        for (n, name, role) in [
            (1, "admin", Role::Administrator),
            (2, "worker.1", Role::Electrician),
            (3, "worker.2", Role::Electrician),
            (4, "agent", Role::Agent),
        ] {
            let new = check(NewStaff {
                login_name: name.to_owned(),
                display_name: "生成人员".to_owned(),
                password: "generated-pass-1".to_owned(),
                role,
                station_id: Some(station),
                skills: Vec::new(),
                area_ids: Vec::new(),
                contact_phone: None,
                is_on_duty: true,
            })?;
            create(tx, NOW_MS, "system", staff_id(n), &new, "no-hash")?;
        }
        Ok(())
    });
    seeded.unwrap();
}

fn give(store: &Store, who: u8, token: &'static str) -> Result<String, ApiError> {
    store.write_blocking(move |tx| issue(tx, NOW_MS, staff_id(1), staff_id(who), token))
}

fn device(n: u8) -> NewDevice {
    NewDevice {
        id: DeviceId(Uuid::from_bytes([n; 16])),
        model: "生成机型".to_owned(),
        os_version: "15".to_owned(),
        app_version: "0.1.0".to_owned(),
        token: NewToken::new([n; 32]),
        recovery_key: [n; 32],
    }
}

fn hand_in(
    store: &Store,
    at_ms: i64,
    token: &'static str,
    n: u8,
) -> Result<EnrolmentBody, ApiError> {
    store.write_blocking(move |tx| take(tx, at_ms, token, &device(n), None))
}

fn audited(store: &Store) -> Vec<String> {
    let filter = AuditFilter {
        subject_kind: Some("staff".to_owned()),
        subject_id: Some(staff_id(2).to_string()),
        ..AuditFilter::default()
    };
    let page = store
        .read_blocking(move |tx| audit::list::list(tx, &filter))
        .unwrap();
    page.audit.into_iter().map(|entry| entry.action).collect()
}

fn a_code_opens_one_phone_once(store: &Store) {
    seed(store);
    assert_eq!(give(store, 2, "code-a").unwrap(), "生成人员");
    let body = hand_in(store, NOW_MS + 1, "code-a", 9).unwrap();
    assert_eq!((body.staff.id, body.device.last_n), (staff_id(2), 0));
    assert_eq!(body.staff.login_name, "worker.1");
    let hash = device(9).token.hash;
    let opened = store
        .read_blocking(move |tx| session::find(tx, &hash, NOW_MS + 2))
        .map_err(|e: StoreError| e)
        .unwrap()
        .unwrap();
    assert_eq!(opened.kind, SessionKind::Device);
    let again = hand_in(store, NOW_MS + 2, "code-a", 10).unwrap_err();
    assert_eq!(again.code, fault::A_ENROL_CODE);
    let unknown = hand_in(store, NOW_MS + 2, "code-x", 10).unwrap_err();
    assert_eq!(unknown.code, fault::A_ENROL_CODE);
    assert_eq!(
        audited(store),
        ["enrol_code_used", "enrol_code_issued", "created"]
    );
}

fn a_code_is_over_after_a_quarter_of_an_hour(store: &Store) {
    seed(store);
    give(store, 2, "code-a").unwrap();
    let late = hand_in(store, NOW_MS + CODE_LIFE_MS, "code-a", 9).unwrap_err();
    assert_eq!(late.code, fault::A_ENROL_CODE);
    hand_in(store, NOW_MS + CODE_LIFE_MS - 1, "code-a", 9).unwrap();
}

fn a_new_code_replaces_the_one_before(store: &Store) {
    seed(store);
    give(store, 2, "code-a").unwrap();
    give(store, 3, "code-c").unwrap();
    give(store, 2, "code-b").unwrap();
    assert!(hand_in(store, NOW_MS + 1, "code-a", 9).is_err());
    hand_in(store, NOW_MS + 1, "code-b", 9).unwrap();
    let other = hand_in(store, NOW_MS + 1, "code-c", 10).unwrap();
    assert_eq!(other.staff.id, staff_id(3));
}

fn only_active_electricians_get_and_use_codes(store: &Store) {
    seed(store);
    for who in [1, 4, 77] {
        let refused = give(store, who, "code-a").unwrap_err();
        assert_eq!(refused.fields[0].field, "staff_id");
    }
    give(store, 2, "code-a").unwrap();
    let set = |is_active: i64| {
        let done = store.write_blocking(move |tx| {
            tx.execute(
                "UPDATE staff SET is_active = ?2 WHERE id = ?1",
                args![staff_id(2).to_string(), is_active],
            )
        });
        done.map_err(|e: StoreError| e).unwrap();
    };
    set(0);
    let stopped = hand_in(store, NOW_MS + 1, "code-a", 9).unwrap_err();
    assert_eq!(stopped.code, fault::A_ENROL_CODE);
    set(1);
    hand_in(store, NOW_MS + 1, "code-a", 9).unwrap();
}

fn of_two_phones_with_one_code_one_is_opened(store: &Store) {
    seed(store);
    give(store, 2, "code-a").unwrap();
    let start = Barrier::new(2);
    let opened: Vec<bool> = std::thread::scope(|scope| {
        let phones: Vec<_> = [9, 10]
            .map(|n| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    hand_in(store, NOW_MS + 1, "code-a", n).is_ok()
                })
            })
            .into_iter()
            .collect();
        phones.into_iter().map(|p| p.join().unwrap()).collect()
    });
    assert_eq!(opened.iter().filter(|is_open| **is_open).count(), 1);
}

fn a_phone_that_was_this_persons_keeps_its_number(store: &Store) {
    seed(store);
    give(store, 2, "code-a").unwrap();
    let first = hand_in(store, NOW_MS + 1, "code-a", 9).unwrap();
    give(store, 2, "code-b").unwrap();
    let again = store
        .write_blocking(move |tx| {
            take(tx, NOW_MS + 2, "code-b", &device(10), Some(first.device.id))
        })
        .unwrap();
    assert_eq!(again.device.id, first.device.id);
    give(store, 3, "code-c").unwrap();
    let other = store
        .write_blocking(move |tx| {
            take(tx, NOW_MS + 3, "code-c", &device(11), Some(first.device.id))
        })
        .unwrap();
    assert_ne!(other.device.id, first.device.id, "another person's phone");
}

//! Accounts: created once, changed against a version, taken away with their sessions, audited.

use dianma_schema::fault;
use dianma_schema::id::{AreaId, StaffId, StationId};
use dianma_schema::order::OrderKind;
use dianma_schema::permission::Role;
use dianma_server::args;
use dianma_server::audit::{self, list::AuditFilter};
use dianma_server::auth::session::{self, NewToken};
use dianma_server::auth::sign_in::replace_password;
use dianma_server::error::ApiError;
use dianma_server::feed;
use dianma_server::staff::create::{NewStaff, check, create};
use dianma_server::staff::list::{StaffFilter, StaffPage, list};
use dianma_server::staff::update::{StaffChange, update};
use dianma_server::staff::{StaffView, reset_password};
use dianma_server::store::{Store, StoreError};
use uuid::Uuid;

crate::conformance!(
    an_account_is_created_once_and_audited,
    a_wrong_station_or_area_is_refused_and_nothing_stays,
    a_change_needs_the_version_that_was_seen,
    taking_an_account_away_ends_its_sessions,
    the_last_administrator_stays,
    a_new_password_ends_the_sessions,
    the_list_pages_and_filters,
    the_audit_log_pages_by_subject_and_its_chain_holds,
    a_changed_account_reaches_the_phone,
    a_changed_password_leaves_the_phones_mirror_alone,
);

const NOW_MS: i64 = 1_770_000_000_000;

fn uuid(n: u8) -> Uuid {
    Uuid::from_bytes([n; 16])
}

fn station() -> StationId {
    StationId(uuid(200))
}

fn area(n: u8) -> AreaId {
    AreaId(uuid(n))
}

fn seed(store: &Store) {
    let seeded = store.write_blocking(|tx| -> Result<(), StoreError> {
        tx.execute(
            "INSERT INTO stations (id, code, name) VALUES (?1, 'S1', '示例供电所')",
            args![station().to_string()],
        )?;
        for n in [201, 202] {
            tx.execute(
                "INSERT INTO transformer_areas (id, code, name, station_id, area_class, feeder_name) \
                 VALUES (?1, ?2, ?3, ?4, 'rural', '示例线')",
                args![
                    area(n).to_string(),
                    format!("A{n}"),
                    format!("示例{n}台区"),
                    station().to_string()
                ],
            )?;
        }
        Ok(())
    });
    seeded.unwrap();
}

fn electrician(login_name: &str) -> NewStaff {
    NewStaff {
        login_name: login_name.to_owned(),
        display_name: "生成人员".to_owned(),
        password: "generated-pass-1".to_owned(),
        role: Role::Electrician,
        station_id: Some(station()),
        skills: vec![OrderKind::AdHoc, OrderKind::FaultRepair],
        area_ids: vec![area(202), area(201), area(202)],
        contact_phone: Some("0710-0000001".to_owned()),
        is_on_duty: true,
    }
}

fn add(store: &Store, n: u8, new: NewStaff) -> Result<StaffView, ApiError> {
    let new = check(new)?;
    store.write_blocking(move |tx| create(tx, NOW_MS, "system", StaffId(uuid(n)), &new, "no-hash"))
}

fn patch(store: &Store, n: u8, change: StaffChange) -> Result<StaffView, ApiError> {
    store.write_blocking(move |tx| update(tx, NOW_MS + 1, "system", StaffId(uuid(n)), &change))
}

fn an_account_is_created_once_and_audited(store: &Store) {
    seed(store);
    let made = add(store, 1, electrician(" Zhang.01 ")).unwrap();
    assert_eq!(made.login_name, "zhang.01");
    assert_eq!(made.skills, [OrderKind::FaultRepair, OrderKind::AdHoc]);
    let areas: Vec<AreaId> = made.areas.iter().map(|a| a.id).collect();
    assert_eq!(areas, [area(201), area(202)]);
    assert_eq!(
        (made.version, made.is_active, made.open_orders),
        (1, true, 0)
    );
    let again = add(store, 2, electrician("ZHANG.01")).unwrap_err();
    assert_eq!(again.code, fault::V_DUPLICATE);
    let log = audit_of(store, 1);
    assert_eq!(log, ["created"]);
    assert!(audit_of(store, 2).is_empty());
}

fn a_wrong_station_or_area_is_refused_and_nothing_stays(store: &Store) {
    seed(store);
    let mut lost = electrician("one");
    lost.station_id = Some(StationId(uuid(9)));
    assert_eq!(
        add(store, 1, lost).unwrap_err().fields[0].field,
        "station_id"
    );
    let mut homeless = electrician("one");
    homeless.station_id = None;
    assert_eq!(
        add(store, 1, homeless).unwrap_err().fields[0].field,
        "station_id"
    );
    let mut stray = electrician("one");
    stray.area_ids = vec![area(201), area(9)];
    assert_eq!(
        add(store, 1, stray).unwrap_err().fields[0].field,
        "area_ids"
    );
    let mut weak = electrician("one");
    weak.password = "12345678".to_owned();
    assert_eq!(add(store, 1, weak).unwrap_err().fields[0].field, "password");
    let mut nobody = electrician("one");
    nobody.role = Role::System;
    assert_eq!(add(store, 1, nobody).unwrap_err().fields[0].field, "role");
    assert!(page(store, StaffFilter::default()).staff.is_empty());
}

fn a_change_needs_the_version_that_was_seen(store: &Store) {
    seed(store);
    add(store, 1, electrician("one")).unwrap();
    let change = StaffChange {
        version: 1,
        display_name: Some("改名".to_owned()),
        skills: Some(vec![OrderKind::MeterChange]),
        area_ids: Some(vec![area(201)]),
        contact_phone: Some(String::new()),
        ..StaffChange::default()
    };
    let changed = patch(store, 1, change.clone()).unwrap();
    assert_eq!(changed.version, 2);
    assert_eq!(changed.display_name, "改名");
    assert_eq!(changed.skills, [OrderKind::MeterChange]);
    assert_eq!(changed.areas.len(), 1);
    assert_eq!(changed.contact_phone, None);
    assert_eq!(patch(store, 1, change).unwrap_err().code, fault::S_VERSION);
    let missing = patch(store, 7, StaffChange::default()).unwrap_err();
    assert_eq!(missing.code, fault::V_NOT_FOUND);
    let without_station = StaffChange {
        version: 2,
        station_id: Some(None),
        ..StaffChange::default()
    };
    assert!(patch(store, 1, without_station).is_err());
}

fn open_session(store: &Store, n: u8) -> NewToken {
    let token = NewToken::new([n; 32]);
    let stored = token.clone();
    let opened = store
        .write_blocking(move |tx| session::open_console(tx, StaffId(uuid(n)), &stored, NOW_MS));
    opened.map_err(|e: StoreError| e).unwrap();
    token
}

fn is_live(store: &Store, token: &NewToken) -> bool {
    let hash = token.hash.clone();
    let found = store.read_blocking(move |tx| session::find(tx, &hash, NOW_MS + 5));
    found.map_err(|e: StoreError| e).unwrap().is_some()
}

fn taking_an_account_away_ends_its_sessions(store: &Store) {
    seed(store);
    add(store, 1, electrician("one")).unwrap();
    let token = open_session(store, 1);
    assert!(is_live(store, &token));
    let away = StaffChange {
        version: 1,
        is_active: Some(false),
        ..StaffChange::default()
    };
    let view = patch(store, 1, away).unwrap();
    assert!(!view.is_active && !view.is_on_duty);
    assert!(!is_live(store, &token));
    let back = StaffChange {
        version: 2,
        is_active: Some(true),
        ..StaffChange::default()
    };
    patch(store, 1, back).unwrap();
    assert!(
        !is_live(store, &token),
        "an old token must not come back to life"
    );
    assert_eq!(audit_of(store, 1), ["activated", "deactivated", "created"]);
}

fn the_last_administrator_stays(store: &Store) {
    seed(store);
    let administrator = |name: &str| NewStaff {
        role: Role::Administrator,
        area_ids: Vec::new(),
        ..electrician(name)
    };
    add(store, 1, administrator("root.one")).unwrap();
    let away = |version| StaffChange {
        version,
        is_active: Some(false),
        ..StaffChange::default()
    };
    let demoted = StaffChange {
        version: 1,
        role: Some(Role::Agent),
        ..StaffChange::default()
    };
    assert_eq!(patch(store, 1, away(1)).unwrap_err().code, fault::V_FIELD);
    assert_eq!(patch(store, 1, demoted).unwrap_err().code, fault::V_FIELD);
    add(store, 2, administrator("root.two")).unwrap();
    patch(store, 1, away(1)).unwrap();
    assert!(patch(store, 2, away(1)).is_err());
}

fn a_new_password_ends_the_sessions(store: &Store) {
    seed(store);
    add(store, 1, electrician("one")).unwrap();
    let token = open_session(store, 1);
    let reset = |n: u8| {
        store.write_blocking(move |tx| {
            reset_password::reset(tx, NOW_MS, "system", StaffId(uuid(n)), "other-hash")
        })
    };
    reset(1).unwrap();
    assert!(!is_live(store, &token));
    assert_eq!(reset(8).unwrap_err().code, fault::V_NOT_FOUND);
    assert_eq!(audit_of(store, 1), ["reset_password", "created"]);
}

fn page(store: &Store, filter: StaffFilter) -> StaffPage {
    store.read_blocking(move |tx| list(tx, &filter)).unwrap()
}

fn the_list_pages_and_filters(store: &Store) {
    seed(store);
    for n in 1..=7 {
        add(store, n, electrician(&format!("worker.{n}"))).unwrap();
    }
    let agent = NewStaff {
        role: Role::Agent,
        display_name: "坐席甲".to_owned(),
        area_ids: Vec::new(),
        ..electrician("agent_1")
    };
    add(store, 8, agent).unwrap();
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let next = page(
            store,
            StaffFilter {
                limit: Some(3),
                cursor,
                ..StaffFilter::default()
            },
        );
        assert!(
            next.staff
                .iter()
                .all(|p| p.role == Role::Agent || p.areas.len() == 2)
        );
        seen.extend(next.staff.into_iter().map(|p| p.login_name));
        cursor = next.meta.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 8);
    assert!(seen.is_sorted());
    let by = |q: &str, role| {
        page(
            store,
            StaffFilter {
                q: Some(q.to_owned()),
                role,
                ..StaffFilter::default()
            },
        )
        .staff
        .len()
    };
    assert_eq!(by("坐席", None), 1);
    assert_eq!(by("WORKER", None), 7);
    assert_eq!(by("_", None), 1, "an underscore is no wild card");
    assert_eq!(by("worker", Some(Role::Agent)), 0);
}

fn audit_of(store: &Store, n: u8) -> Vec<String> {
    let filter = AuditFilter {
        subject_kind: Some("staff".to_owned()),
        subject_id: Some(uuid(n).to_string()),
        ..AuditFilter::default()
    };
    let page = store
        .read_blocking(move |tx| audit::list::list(tx, &filter))
        .unwrap();
    page.audit.into_iter().map(|entry| entry.action).collect()
}

fn the_audit_log_pages_by_subject_and_its_chain_holds(store: &Store) {
    seed(store);
    for n in 1..=5 {
        add(store, n, electrician(&format!("worker.{n}"))).unwrap();
    }
    let first = AuditFilter {
        limit: Some(2),
        ..AuditFilter::default()
    };
    let read = |filter: AuditFilter| {
        store
            .read_blocking(move |tx| audit::list::list(tx, &filter))
            .unwrap()
    };
    let page = read(first.clone());
    let seqs: Vec<i64> = page.audit.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [5, 4]);
    let second = read(AuditFilter {
        cursor: page.meta.next_cursor,
        ..first
    });
    assert_eq!(second.audit[0].seq, 3);
    let verdict = store
        .read_blocking(audit::verify)
        .map_err(|e: StoreError| e)
        .unwrap();
    assert_eq!((verdict.rows, verdict.broken_at), (5, None));
    let rewrite = store.write_blocking(|tx| -> Result<(), StoreError> {
        tx.execute("UPDATE audit SET action = 'nothing' WHERE seq = 2", args![])?;
        Ok(())
    });
    assert!(rewrite.is_err(), "the log must refuse to be rewritten");
}

fn a_changed_account_reaches_the_phone(store: &Store) {
    seed(store);
    add(store, 1, electrician("one")).unwrap();
    let scope = feed::user_scope(StaffId(uuid(1)));
    let position = |store: &Store| {
        let scope = scope.clone();
        let head = store.read_blocking(move |tx| feed::head(tx, &scope));
        head.map_err(|e: StoreError| e).unwrap().unwrap().position
    };
    let before = position(store);
    let off_duty = StaffChange {
        version: 1,
        is_on_duty: Some(false),
        ..StaffChange::default()
    };
    patch(store, 1, off_duty).unwrap();
    assert_eq!(position(store), before + 1);
}

fn a_changed_password_leaves_the_phones_mirror_alone(store: &Store) {
    seed(store);
    add(store, 1, electrician("generated")).unwrap();
    let standing = |store: &Store| {
        let read = store.read_blocking(|tx| -> Result<_, StoreError> {
            let id = StaffId(uuid(1));
            let version = tx.first(
                "SELECT version FROM staff WHERE id = ?1",
                args![id.to_string()],
                |row| row.int(0),
            )?;
            let hash = tx.first(
                "SELECT password_hash FROM staff WHERE id = ?1",
                args![id.to_string()],
                |row| row.text(0),
            )?;
            Ok((version, feed::head(tx, &feed::user_scope(id))?, hash))
        });
        read.unwrap()
    };
    let before = standing(store);
    let changed = store.write_blocking(|tx| -> Result<(), StoreError> {
        replace_password(tx, NOW_MS, StaffId(uuid(1)), "another-hash", "")
    });
    changed.unwrap();
    let after = standing(store);
    assert_eq!((after.0, after.1), (before.0, before.1));
    assert_eq!(after.2.as_deref(), Some("another-hash"));
}

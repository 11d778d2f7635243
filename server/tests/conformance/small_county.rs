//! A generated county for the rooms that work on orders: one station, two transformer areas, office
//! people, four electricians with phones, one customer. No real person or place is meant.

use dianma_schema::id::{AreaId, CustomerId, StaffId, StationId, WorkOrderId};
use dianma_schema::order::{Command, IntakeSource, OrderKind, OrderState, Urgency};
use dianma_schema::permission::Role;
use dianma_server::args;
use dianma_server::dispatch::policy::{self, DispatchPolicy};
use dianma_server::dispatch::rank::Mode;
use dianma_server::error::ApiError;
use dianma_server::feed::{self, Change};
use dianma_server::orders::act::{self, Office};
use dianma_server::orders::draft::{self, Request};
use dianma_server::orders::{By, OrderRow, Step, change, create, row};
use dianma_server::store::{Store, StoreError, Tx};

/// 2026-05-04 09:30 in China, a Monday.
pub const NOW: i64 = 1_777_858_200_000;

pub fn staff_id(n: u8) -> StaffId {
    StaffId::new(1, [n; 10])
}

pub fn area_id(n: u8) -> AreaId {
    AreaId::new(1, [n; 10])
}

pub fn station_id() -> StationId {
    StationId::new(1, [1; 10])
}

pub fn customer_id() -> CustomerId {
    CustomerId::new(1, [1; 10])
}

pub fn order_id(n: u8) -> WorkOrderId {
    WorkOrderId::new(1, [n; 10])
}

/// Numbers of the people: 1-4 electricians, then the office.
pub const DISPATCHER: u8 = 11;
pub const REVIEWER: u8 = 12;
pub const AGENT: u8 = 13;

/// A person of the county acting in the office on the version they saw.
pub fn office(n: u8, version: i64, now_ms: i64) -> Office {
    let role = match n {
        DISPATCHER => Role::Dispatcher,
        REVIEWER => Role::Reviewer,
        AGENT => Role::Agent,
        _ => Role::Electrician,
    };
    Office {
        now_ms,
        by: By {
            id: staff_id(n).to_string(),
            name: format!("测试员{n}"),
            role,
            device_id: None,
        },
        version: Some(version),
    }
}

/// Runs work in a transaction and hands back its answer.
pub fn write<T: Send + 'static>(
    store: &Store,
    work: impl Fn(&mut dyn Tx) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    store.write_blocking(work)
}

/// Runs one use case on one order as the handlers do, and returns the order after it.
pub fn on_order(
    store: &Store,
    office: Office,
    id: WorkOrderId,
    work: impl Fn(&mut dyn Tx, &Office, &mut OrderRow) -> Result<Vec<Change>, ApiError> + Send + 'static,
) -> Result<OrderRow, ApiError> {
    write(store, move |tx| {
        act::on_order(tx, &office, id, &mut |tx, office, order| {
            work(tx, office, order)
        })?;
        Ok(row::load(tx, id)?.unwrap())
    })
}

/// Electrician `n` does something on the phone.
pub fn field(
    store: &Store,
    n: u8,
    id: WorkOrderId,
    command: Command,
    now_ms: i64,
    edit: fn(&mut OrderRow),
) -> Result<OrderRow, ApiError> {
    on_order(store, office(n, 0, now_ms), id, move |tx, office, order| {
        let step = Step {
            expected_version: None,
            ..office.step(command, serde_json::json!({}))
        };
        change(tx, now_ms, order, &step, edit)
    })
}

pub fn load(store: &Store, id: WorkOrderId) -> OrderRow {
    let found = store.read_blocking(move |tx| row::load(tx, id));
    found.map_err(|e: StoreError| e).unwrap().unwrap()
}

/// Ids in the live feed of an electrician.
pub fn feed_of(store: &Store, n: u8) -> Vec<String> {
    let rows = store.read_blocking(move |tx| {
        tx.all(
            "SELECT item_id FROM feed WHERE scope = ?1 AND op = 'put' ORDER BY position LIMIT 100",
            args![feed::user_scope(staff_id(n))],
            |row| row.text(0),
        )
    });
    rows.map_err(|e: StoreError| e).unwrap()
}

/// Stores the county.
pub fn seed(store: &Store) {
    write(store, |tx| {
        tx.execute(
            "INSERT INTO stations (id, code, name, latitude_e6, longitude_e6) \
             VALUES (?1, 'S1', '测试供电所', 31700000, 113300000)",
            args![station_id().to_string()],
        )?;
        for n in [1u8, 2] {
            tx.execute(
                "INSERT INTO transformer_areas (id, code, name, station_id, area_class, \
                 feeder_name, latitude_e6, longitude_e6) \
                 VALUES (?1, ?2, ?3, ?4, 'rural', '测试线', ?5, 113300000)",
                args![
                    area_id(n).to_string(),
                    format!("A{n}"),
                    format!("测试台区{n}"),
                    station_id().to_string(),
                    31_700_000 + i64::from(n) * 10_000
                ],
            )?;
        }
        for n in 1..=4u8 {
            person(tx, n, "electrician", "fault_repair,meter_change")?;
            phone(tx, n)?;
        }
        person(tx, DISPATCHER, "dispatcher", "")?;
        person(tx, REVIEWER, "reviewer", "")?;
        person(tx, AGENT, "agent", "")?;
        tx.execute(
            "INSERT INTO staff_areas (staff_id, area_id) VALUES (?1, ?2)",
            args![staff_id(2).to_string(), area_id(1).to_string()],
        )?;
        customer(tx)
    })
    .unwrap();
}

fn person(tx: &mut dyn Tx, n: u8, role: &str, skills: &str) -> Result<(), ApiError> {
    tx.execute(
        "INSERT INTO staff (id, login_name, display_name, role, station_id, skills, \
         password_hash, is_active, is_on_duty, version, created_at_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'none', 1, 1, 1, 0)",
        args![
            staff_id(n).to_string(),
            format!("person{n}"),
            format!("测试员{n}"),
            role,
            station_id().to_string(),
            skills
        ],
    )?;
    Ok(())
}

/// Phones stand further north the higher the number, so the first electrician is nearest to the
/// first area.
fn phone(tx: &mut dyn Tx, n: u8) -> Result<(), ApiError> {
    tx.execute(
        "INSERT INTO devices (id, staff_id, model, os_version, app_version, state, enrolled_at_ms, \
         last_seen_at_ms, latitude_e6, longitude_e6, located_at_ms, pending_commands, \
         pending_files, last_n, acked_n, version) \
         VALUES (?1, ?2, 'test', '1', '1', 'active', 0, ?3, ?4, 113300000, ?3, 0, 0, 0, 0, 1)",
        args![
            StaffId::new(2, [n; 10]).to_string(),
            staff_id(n).to_string(),
            NOW,
            31_700_000 + i64::from(n) * 20_000
        ],
    )?;
    Ok(())
}

fn customer(tx: &mut dyn Tx) -> Result<(), ApiError> {
    tx.execute(
        "INSERT INTO customers (id, account_number, account_name, name_initials, contact_phone, \
         supply_address, customer_class, supply_state, area_id, station_id, pole_number, latitude_e6, \
         longitude_e6, arrears_fen, content_hash, version, updated_at_ms) \
         VALUES (?1, '4200000001', '测试户甲', 'cshj', '10000000001', '测试镇测试村3组28号', \
         'resident', 'supplied', ?2, ?3, 'P-01', 31710000, 113301000, 0, 'x', 1, 0)",
        args![
            customer_id().to_string(),
            area_id(1).to_string(),
            station_id().to_string()
        ],
    )?;
    tx.execute(
        "INSERT INTO meters (id, meter_number, customer_id, phases, multiplier, state, content_hash, version) \
         VALUES (?1, '330000000001', ?2, 1, 1, 'installed', 'x', 1)",
        args![
            CustomerId::new(2, [1; 10]).to_string(),
            customer_id().to_string()
        ],
    )?;
    Ok(())
}

/// Stores a draft of the customer's fault and returns it.
pub fn draft(store: &Store, n: u8, taken_in_at_ms: i64) -> OrderRow {
    draft_of(
        store,
        n,
        taken_in_at_ms,
        OrderKind::FaultRepair,
        Urgency::Normal,
    )
}

/// Stores a draft of any kind.
pub fn draft_of(
    store: &Store,
    n: u8,
    taken_in_at_ms: i64,
    kind: OrderKind,
    urgency: Urgency,
) -> OrderRow {
    write(store, move |tx| {
        let request = Request {
            customer_id: Some(customer_id()),
            urgency,
            ..Request::new(
                order_id(n),
                kind,
                IntakeSource::Counter,
                "家中停电".to_owned(),
                taken_in_at_ms,
            )
        };
        let mut order = draft::build(tx, request)?;
        create(
            tx,
            taken_in_at_ms,
            &mut order,
            &By::system(),
            &serde_json::json!({}),
        )?;
        Ok(order)
    })
    .unwrap()
}

/// Takes order `n` from draft to submitted by electrician 1, with one file expected.
pub fn submitted(store: &Store, n: u8, now_ms: i64, files_arrived: i64) -> OrderRow {
    let order = draft(store, n, now_ms);
    let id = order.id;
    on_order(
        store,
        office(DISPATCHER, 1, now_ms),
        id,
        |tx, office, order| {
            let body = dianma_server::dispatch::assign::DispatchBody {
                version: 1,
                staff_id: Some(staff_id(1)),
                mode: dianma_server::dispatch::rank::Mode::Nearest,
                note: None,
            };
            dianma_server::dispatch::assign::assign(tx, office, order, &body)
        },
    )
    .unwrap();
    for command in [
        Command::Accept,
        Command::Arrive,
        Command::Begin,
        Command::Finish,
    ] {
        field(store, 1, id, command, now_ms, |_| {}).unwrap();
    }
    evidence(store, id, files_arrived > 0);
    let submit = move |tx: &mut dyn Tx, office: &Office, order: &mut OrderRow| {
        let step = Step {
            expected_version: None,
            ..office.step(Command::Submit, serde_json::json!({}))
        };
        change(tx, now_ms, order, &step, |order| {
            order.arrived_at_ms = Some(now_ms);
            order.finished_at_ms = Some(now_ms);
            order.submitted_at_ms = Some(now_ms);
            order.place_proof = Some("customer_code".to_owned());
            order.consent_proof = Some("signature".to_owned());
            order.evidence_expected = 1;
            order.evidence_arrived = files_arrived;
        })
    };
    let order = on_order(store, office(1, 0, now_ms), id, submit).unwrap();
    assert_eq!(order.state, OrderState::Submitted);
    order
}

fn evidence(store: &Store, id: WorkOrderId, has_arrived: bool) {
    write(store, move |tx| {
        tx.execute(
            "INSERT INTO evidence (order_id, sha256, slot, kind, mime, size, is_imported, is_late, \
             device_id, taken_at_ms, has_arrived) \
             VALUES (?1, ?2, 'fault_point', 'photo', 'image/jpeg', 10, 0, 0, 'd', ?3, ?4)",
            args![id.to_string(), "ab".repeat(32), NOW, has_arrived],
        )?;
        Ok(())
    })
    .unwrap();
}

/// Puts a policy of dispatch without a person in force.
pub fn set_policy(store: &Store, general: Option<Mode>, is_hazard_automatic: bool) {
    let chosen = DispatchPolicy {
        general,
        is_hazard_automatic,
    };
    let actor_id = staff_id(DISPATCHER).to_string();
    write(store, move |tx| {
        Ok(policy::save(tx, NOW, &actor_id, chosen)?)
    })
    .unwrap();
}

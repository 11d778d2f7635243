//! Random orders for the numbers: every state, times in any order that can occur, some without
//! limits, people or places. Generated from a fixed seed; nobody and nothing real.

use dianma_schema::id::{AreaId, StaffId, StationId, WorkOrderId};
use dianma_schema::order::{IntakeSource, OrderKind, OrderState, Satisfaction};
use dianma_schema::time::{DAY_MS, HOUR_MS, MINUTE_MS, day_key};
use dianma_server::args;
use dianma_server::orders::change::{By, EventTimes};
use dianma_server::orders::draft::{self, Request};
use dianma_server::orders::{OrderRow, change, create};
use dianma_server::store::{Store, StoreError, Tx};
use serde_json::json;
use uuid::Uuid;

/// `SplitMix64`: small, fast, the same everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn span(&mut self, most_ms: i64) -> i64 {
        self.below(most_ms.unsigned_abs()).cast_signed()
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// What was made.
pub struct County {
    pub stations: Vec<StationId>,
    pub staff: Vec<StaffId>,
    pub orders: Vec<String>,
}

fn uuid(kind: u8, n: usize) -> Uuid {
    let mut bytes = [kind; 16];
    bytes[15] = u8::try_from(n % 256).unwrap();
    bytes[14] = u8::try_from(n / 256).unwrap();
    Uuid::from_bytes(bytes)
}

/// Two stations, four areas, three people, and orders over the days.
pub fn seed(store: &Store, start_ms: i64, days: i64, orders: usize) -> County {
    let county = County {
        stations: (0..2).map(|n| StationId(uuid(1, n))).collect(),
        staff: (0..3).map(|n| StaffId(uuid(3, n))).collect(),
        orders: (0..orders).map(|n| uuid(4, n).to_string()).collect(),
    };
    store
        .write_blocking(move |tx| -> Result<(), StoreError> {
            organisation(tx, start_ms)?;
            let mut random = Random::new(20_260_504);
            for n in 0..orders {
                order(tx, &mut random, n, start_ms, days)?;
            }
            presence(tx, &mut random, start_ms, days)
        })
        .unwrap();
    county
}

fn organisation(tx: &mut dyn Tx, start_ms: i64) -> Result<(), StoreError> {
    for n in 0..2 {
        tx.execute(
            "INSERT INTO stations (id, code, name) VALUES (?1, ?2, ?3)",
            args![
                uuid(1, n).to_string(),
                format!("S{n}"),
                format!("示例{n}所")
            ],
        )?;
    }
    for n in 0..4 {
        tx.execute(
            "INSERT INTO transformer_areas (id, code, name, station_id, area_class, feeder_name) \
             VALUES (?1, ?2, ?3, ?4, 'rural', '示例线')",
            args![
                uuid(2, n).to_string(),
                format!("A{n}"),
                format!("示例{n}台区"),
                uuid(1, n / 2).to_string()
            ],
        )?;
    }
    for n in 0..3 {
        tx.execute(
            "INSERT INTO staff (id, login_name, display_name, role, station_id, skills, \
             password_hash, is_active, is_on_duty, version, created_at_ms) \
             VALUES (?1, ?2, '生成人员', 'electrician', ?3, '', 'none', 1, 1, 1, ?4)",
            args![
                uuid(3, n).to_string(),
                format!("worker.{n}"),
                uuid(1, n % 2).to_string(),
                start_ms
            ],
        )?;
    }
    Ok(())
}

fn presence(
    tx: &mut dyn Tx,
    random: &mut Random,
    start_ms: i64,
    days: i64,
) -> Result<(), StoreError> {
    for n in 0..3 {
        for day in 0..days {
            for slot in 32..36 {
                let at_ms = start_ms + day * DAY_MS + slot * 15 * MINUTE_MS;
                tx.execute(
                    "INSERT INTO presence (staff_id, quarter, day_key, is_on_duty, is_online) \
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    args![
                        uuid(3, n).to_string(),
                        at_ms / (15 * MINUTE_MS),
                        day_key(at_ms),
                        random.chance(80),
                        random.chance(70)
                    ],
                )?;
            }
        }
    }
    Ok(())
}

/// One order in its final state, and the events that the numbers read.
fn order(
    tx: &mut dyn Tx,
    random: &mut Random,
    n: usize,
    start_ms: i64,
    days: i64,
) -> Result<(), StoreError> {
    let taken_in = start_ms + random.span(days * DAY_MS);
    let mut row = blank(random, n, taken_in);
    create(tx, taken_in, &mut row, &By::system(), &json!({}))?;
    let before = row.clone();
    fill(random, &mut row);
    let times = EventTimes {
        at_ms: taken_in,
        occurred_at_ms: taken_in,
        uncertainty_ms: 0,
    };
    change::touch(
        tx,
        taken_in,
        &before,
        &mut row,
        &By::system(),
        times,
        &json!({}),
    )?;
    let events = [
        ("arrive", row.arrived_at_ms.filter(|_| random.chance(90))),
        (
            "arrive",
            row.arrived_at_ms
                .filter(|_| random.chance(30))
                .map(|at| at + DAY_MS),
        ),
        (
            "reject",
            row.submitted_at_ms
                .filter(|_| row.reject_count > 0)
                .map(|at| at + HOUR_MS),
        ),
        ("approve", row.approved_at_ms),
        ("reassign", row.accepted_at_ms.filter(|_| random.chance(20))),
    ];
    for (seq, (command, at_ms)) in (10..).zip(events) {
        let Some(at_ms) = at_ms else { continue };
        tx.execute(
            "INSERT INTO order_events (order_id, seq, at_ms, occurred_at_ms, uncertainty_ms, actor_id, \
             actor_name, command, from_state, to_state, detail) \
             VALUES (?1, ?2, ?3, ?3, 0, ?4, '生成人员', ?5, 'draft', 'draft', '{}')",
            args![row.id.to_string(), seq, at_ms, uuid(3, n % 3).to_string(), command],
        )?;
    }
    if row.called_back_at_ms.is_some() {
        tx.execute(
            "INSERT INTO callbacks (id, order_id, at_ms, by_id, is_reached) VALUES (?1, ?2, ?3, ?4, ?5)",
            args![
                uuid(5, n).to_string(),
                row.id.to_string(),
                taken_in,
                uuid(3, 0).to_string(),
                random.chance(70)
            ],
        )?;
    }
    Ok(())
}

/// Times along the life, some steps left out, some contradicting each other as bad clocks do.
fn fill(random: &mut Random, row: &mut OrderRow) {
    let steps = random.below(9);
    let mut at_ms = row.taken_in_at_ms;
    let mut next = |random: &mut Random, is_done: bool| {
        at_ms += random.span(9 * HOUR_MS) - if random.chance(3) { DAY_MS } else { 0 };
        is_done.then_some(at_ms)
    };
    row.dispatched_at_ms = next(random, steps > 0);
    row.accepted_at_ms = next(random, steps > 1);
    row.arrived_at_ms = next(random, steps > 2);
    row.finished_at_ms = next(random, steps > 3);
    row.submitted_at_ms = next(random, steps > 4);
    row.approved_at_ms = next(random, steps > 5);
    row.archived_at_ms = next(random, steps > 6);
    let is_called = random.chance(50);
    row.called_back_at_ms = next(random, steps > 3 && is_called);
    row.state = match steps {
        0 => OrderState::Draft,
        1 => OrderState::Dispatched,
        2 => OrderState::Accepted,
        3 => OrderState::Arrived,
        4 => OrderState::Working,
        5 | 6 => random.pick(&[OrderState::Submitted, OrderState::Rejected]),
        _ => OrderState::Archived,
    };
    if random.chance(8) {
        row.state = OrderState::Cancelled;
        row.cancelled_at_ms = Some(row.taken_in_at_ms + random.span(DAY_MS));
    }
    if steps > 3 {
        row.satisfaction = Some(random.pick(Satisfaction::ALL).as_str().to_owned());
        row.total_fen = random.chance(50).then(|| random.span(9_000));
        row.reject_count = i64::from(random.chance(25));
        let restored = row.arrived_at_ms.unwrap_or(0) + random.span(5 * HOUR_MS);
        row.record_values = json!({ "restored_at": restored.to_string() }).to_string();
    }
    if row.called_back_at_ms.is_some() && random.chance(60) {
        row.callback_satisfaction = Some(random.pick(Satisfaction::ALL).as_str().to_owned());
    }
    row.place_proof = Some(
        random
            .pick(&["meter_code", "place_code", "typed", "none"])
            .to_owned(),
    );
}

fn blank(random: &mut Random, n: usize, taken_in: i64) -> OrderRow {
    let area = usize::try_from(random.below(4)).unwrap();
    let request = Request {
        contact_phone: random.chance(70).then(|| "10000000001".to_owned()),
        station_id: Some(StationId(uuid(1, area / 2))),
        ..Request::new(
            WorkOrderId(uuid(4, n)),
            random.pick(OrderKind::ALL),
            random.pick(&[IntakeSource::Mis, IntakeSource::Hotline95598]),
            "示例".to_owned(),
            taken_in,
        )
    };
    OrderRow {
        area_id: Some(AreaId(uuid(2, area))),
        assignee_id: random.chance(85).then(|| StaffId(uuid(3, n % 3))),
        arrive_due_at_ms: random.chance(70).then_some(taken_in + 90 * MINUTE_MS),
        due_at_ms: random
            .chance(80)
            .then(|| taken_in + random.span(2 * DAY_MS)),
        version: 1,
        ..draft::blank(request)
    }
}

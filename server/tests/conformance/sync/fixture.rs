//! A generated station with two electricians, a customer and an order, and phones that talk to the
//! use cases directly. Names and numbers are generated.

use dianma_schema::id::{
    AreaId, CustomerId, DeviceId, LabelId, MeterId, StaffId, StationId, WorkOrderId,
};
use dianma_schema::label::{LabelCode, LabelKind, encode};
use dianma_schema::order::{Command, IntakeSource, OrderKind};
use dianma_schema::permission::Role;
use dianma_schema::wire::command::{Body, CommandEnvelope};
use dianma_schema::wire::sync::{CommandResult, Cursor, NetClass, Outcome, PROTOCOL, SyncRequest};
use dianma_server::args;
use dianma_server::auth::Actor;
use dianma_server::auth::session::NewToken;
use dianma_server::devices::enrol::{self, NewDevice};
use dianma_server::error::ApiError;
use dianma_server::feed;
use dianma_server::orders::draft::{self, Request};
use dianma_server::orders::{self, By, OrderRow, Step, change, row};
use dianma_server::store::{Store, StoreError, Tx};
use dianma_server::sync::{Own, Pulled, Reply, pull, push};
use minicbor::bytes::ByteVec;

pub(super) use super::bodies::{
    closing, cursor, encoded, evidence, hazards, record, scan, whole_job,
};

pub(super) const NOW: i64 = 1_780_000_000_000;

/// The county of a test.
pub(super) struct County {
    pub(super) store: Store,
    pub(super) station: StationId,
    pub(super) area: AreaId,
    pub(super) electricians: [StaffId; 2],
    pub(super) customer: CustomerId,
    pub(super) customer_code: String,
}

pub(super) fn code(kind: LabelKind, id: LabelId) -> String {
    encode(LabelCode { kind, id })
}

fn seeded(seed: u8) -> [u8; 10] {
    [seed; 10]
}

impl County {
    pub(super) fn new(store: &Store) -> Self {
        let county = Self {
            store: store.clone(),
            station: StationId::new(NOW, seeded(1)),
            area: AreaId::new(NOW, seeded(2)),
            electricians: [StaffId::new(NOW, seeded(3)), StaffId::new(NOW, seeded(4))],
            customer: CustomerId::new(NOW, seeded(5)),
            customer_code: code(LabelKind::Customer, LabelId::new(NOW, seeded(6))),
        };
        county.fill();
        county
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut dyn Tx) -> Result<T, ApiError> + Send + 'static,
    ) -> T {
        self.store.write_blocking(move |tx| work(tx)).unwrap()
    }

    /// The first column of the first row, as a number.
    pub(super) fn count(&self, sql: &'static str) -> i64 {
        self.store
            .read_blocking(move |tx| -> Result<i64, StoreError> {
                Ok(tx.first(sql, args![], |row| row.int(0))?.unwrap_or(-1))
            })
            .unwrap()
    }

    fn fill(&self) {
        let (station, area, customer) = (self.station, self.area, self.customer);
        let electricians = self.electricians;
        self.write(move |tx| {
            tx.execute(
                "INSERT INTO stations (id, code, name) VALUES (?1, 'S1', '生成供电所')",
                args![station.to_string()],
            )?;
            tx.execute(
                "INSERT INTO transformer_areas (id, code, name, station_id, area_class, feeder_name) \
                 VALUES (?1, 'T1', '生成台区', ?2, 'rural', '生成线')",
                args![area.to_string(), station.to_string()],
            )?;
            for (at, id) in electricians.iter().enumerate() {
                tx.execute(
                    "INSERT INTO staff (id, login_name, display_name, role, station_id, skills, \
                     password_hash, is_active, is_on_duty, version, created_at_ms) \
                     VALUES (?1, ?2, ?3, 'electrician', ?4, '', 'x', 1, 0, 1, 0)",
                    args![
                        id.to_string(),
                        format!("generated{at}"),
                        format!("生成员{at}"),
                        station.to_string()
                    ],
                )?;
            }
            insert_customer(tx, customer, area, station)
        });
    }

    /// A dispatched order of the customer.
    pub(super) fn order(&self, seed: u8, kind: OrderKind) -> WorkOrderId {
        let id = WorkOrderId::new(NOW, [seed; 10]);
        let mut order = order_row(self, id, kind);
        let staff_id = self.electricians[0];
        self.write(move |tx| {
            orders::create(tx, NOW, &mut order, &By::system(), &serde_json::json!({}))?;
            let step = Step::office(Command::Dispatch, By::system(), None, NOW);
            let changes = change(tx, NOW, &mut order, &step, |order| {
                order.assignee_id = Some(staff_id);
                order.dispatched_at_ms = Some(NOW);
            })?;
            Ok(feed::publish(tx, NOW, changes)?)
        });
        id
    }

    /// The office takes the order from the first electrician and gives it to the second.
    pub(super) fn reassign(&self, id: WorkOrderId) {
        let to = self.electricians[1];
        self.write(move |tx| {
            let mut order = row::load_for_update(tx, id)?.unwrap();
            let mut by = By::system();
            by.role = Role::Dispatcher;
            by.name = "生成派工员".to_owned();
            let step = Step::office(Command::Reassign, by, None, NOW);
            let changes = change(tx, NOW, &mut order, &step, |order| {
                order.assignee_id = Some(to);
            })?;
            Ok(feed::publish(tx, NOW, changes)?)
        });
    }

    /// A step of the office; a recall takes the order from its person as dispatch does.
    pub(super) fn step(&self, id: WorkOrderId, command: Command, reason: Option<&'static str>) {
        self.write(move |tx| {
            let mut order = row::load_for_update(tx, id)?.unwrap();
            let mut by = By::system();
            by.role = Role::Dispatcher;
            let step = Step::office(command, by, None, NOW);
            let changes = change(tx, NOW, &mut order, &step, |order| {
                order.reason = reason.map(str::to_owned);
                if command == Command::Recall {
                    order.assignee_id = None;
                }
            })?;
            Ok(feed::publish(tx, NOW, changes)?)
        });
    }

    pub(super) fn load(&self, id: WorkOrderId) -> OrderRow {
        self.store
            .read_blocking(move |tx| -> Result<OrderRow, StoreError> {
                Ok(row::load(tx, id)?.unwrap())
            })
            .unwrap()
    }
}

fn insert_customer(
    tx: &mut dyn Tx,
    customer: CustomerId,
    area: AreaId,
    station: StationId,
) -> Result<(), ApiError> {
    tx.execute(
        "INSERT INTO customers (id, account_number, account_name, name_initials, supply_address, \
         customer_class, supply_state, area_id, station_id, arrears_fen, content_hash, version, updated_at_ms) \
         VALUES (?1, '3300000001', '生成户一', 'schy', '生成镇 1 组', 'resident', 'supplied', ?2, ?3, 0, 'x', 1, 0)",
        args![customer.to_string(), area.to_string(), station.to_string()],
    )?;
    let meter = MeterId::new(NOW, seeded(7));
    tx.execute(
        "INSERT INTO meters (id, meter_number, customer_id, phases, multiplier, state, content_hash, version) \
         VALUES (?1, 'GEN0000001', ?2, 1, 1, 'installed', 'x', 1)",
        args![meter.to_string(), customer.to_string()],
    )?;
    for (seed, kind, customer, meter) in [
        (6, "customer", Some(customer.to_string()), None),
        (8, "meter", None, Some(meter.to_string())),
    ] {
        tx.execute(
            "INSERT INTO labels (id, kind, customer_id, meter_id, state, issued_at_ms) \
             VALUES (?1, ?2, ?3, ?4, 'valid', 0)",
            args![
                LabelId::new(NOW, seeded(seed)).to_string(),
                kind,
                customer,
                meter
            ],
        )?;
    }
    Ok(())
}

fn order_row(county: &County, id: WorkOrderId, kind: OrderKind) -> OrderRow {
    let request = Request::new(
        id,
        kind,
        IntakeSource::Counter,
        "生成的报修内容".to_owned(),
        NOW,
    );
    OrderRow {
        customer_id: Some(county.customer),
        account_number: Some("3300000001".to_owned()),
        account_name: Some("生成户一".to_owned()),
        address: Some("生成镇 1 组".to_owned()),
        meter_number: Some("GEN0000001".to_owned()),
        area_id: Some(county.area),
        station_id: Some(county.station),
        ..draft::blank(request)
    }
}

/// A phone: an actor, a device, a growing number.
pub(super) struct Phone {
    pub(super) actor: Actor,
    pub(super) device_id: DeviceId,
    pub(super) n: u64,
    pub(super) acked_n: u64,
}

impl Phone {
    pub(super) fn enrol(county: &County, who: usize, seed: u8) -> Self {
        let device_id = DeviceId::new(NOW, [seed; 10]);
        let staff_id = county.electricians[who];
        let device = NewDevice {
            id: device_id,
            model: "generated".to_owned(),
            os_version: "1".to_owned(),
            app_version: "0.1.0".to_owned(),
            token: NewToken::new([seed; 32]),
            recovery_key: [seed; 32],
        };
        county.write(move |tx| enrol::create(tx, NOW, staff_id, &device));
        Self {
            actor: Actor {
                staff_id,
                display_name: format!("生成员{who}"),
                role: Role::Electrician,
                station_id: Some(county.station),
                device_id: Some(device_id),
            },
            device_id,
            n: 0,
            acked_n: 0,
        }
    }

    /// The next command of the outbox.
    pub(super) fn command(&mut self, order_id: Option<WorkOrderId>, body: Body) -> CommandEnvelope {
        self.n += 1;
        CommandEnvelope {
            n: self.n,
            order_id,
            base_version: 0,
            wall_ms: NOW - 60_000,
            elapsed_ms: 1_000,
            boot_id: 1,
            clock_offset_ms: Some(0),
            body,
            place: None,
            schema_version: None,
            depends_on: None,
        }
    }

    pub(super) fn request(&self, commands: Vec<Vec<u8>>) -> SyncRequest {
        SyncRequest {
            protocol: PROTOCOL,
            app_version: None,
            acked_n: self.acked_n,
            commands: Some(commands.into_iter().map(ByteVec::from).collect()),
            cursors: Vec::new(),
            net_class: NetClass::Wifi,
            wall_ms: Some(NOW),
            pending_commands: None,
            pending_files: None,
            trust: None,
        }
    }

    /// Pushes raw bytes.
    pub(super) fn push_raw(&self, county: &County, commands: Vec<Vec<u8>>) -> Reply {
        let (actor, device_id, request) =
            (self.actor.clone(), self.device_id, self.request(commands));
        county.write(move |tx| Ok(push(tx, NOW, &actor, device_id, &request)?))
    }

    pub(super) fn push(&self, county: &County, commands: &[CommandEnvelope]) -> Reply {
        self.push_raw(county, commands.iter().map(encoded).collect())
    }

    /// Pushes one new command and gives its verdict.
    pub(super) fn give(
        &mut self,
        county: &County,
        order_id: WorkOrderId,
        body: Body,
    ) -> CommandResult {
        let command = self.command(Some(order_id), body);
        self.push(county, &[command]).results.remove(0)
    }

    /// Gives commands that must all be accepted.
    pub(super) fn accepted(&mut self, county: &County, order_id: WorkOrderId, bodies: Vec<Body>) {
        for body in bodies {
            let name = format!("{body:?}");
            let result = self.give(county, order_id, body);
            assert_eq!(result.outcome, Outcome::Accepted, "{name}: {result:?}");
        }
    }

    pub(super) fn pull(&self, county: &County, cursors: Vec<Cursor>, net: NetClass) -> Pulled {
        self.pull_beside(county, cursors, net, Vec::new())
    }

    /// Pulls in the request that pushed: `own` is what the push need not be told.
    pub(super) fn pull_beside(
        &self,
        county: &County,
        cursors: Vec<Cursor>,
        net: NetClass,
        own: Vec<Own>,
    ) -> Pulled {
        let (actor, device_id) = (self.actor.clone(), self.device_id);
        let mut request = self.request(Vec::new());
        request.cursors = cursors;
        request.net_class = net;
        county
            .store
            .read_blocking(move |tx| -> Result<Pulled, StoreError> {
                let standing = pull::standing(tx, &actor, device_id)?.unwrap();
                pull::pages(tx, &actor, &standing, &request, &own)
            })
            .unwrap()
    }
}

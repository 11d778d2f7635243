//! Who acts in the history: the office accounts, and the electricians with a phone each.

use super::county::town_of;
use super::names::TOWNS;
use super::people::{ELECTRICIANS, electrician};
use super::random::Random;
use crate::args;
use crate::auth::Actor;
use crate::auth::session::NewToken;
use crate::clock;
use crate::devices::enrol::{self, NewDevice};
use crate::error::ApiError;
use crate::orders::By;
use crate::store::{Store, StoreError, Tx};
use dianma_schema::id::{DeviceId, StaffId};
use dianma_schema::permission::Role;

/// The people of the history.
#[derive(Clone, Debug)]
pub(super) struct Crew {
    electricians: Vec<Actor>,
    office: Vec<Actor>,
    administrator: Actor,
}

impl Crew {
    /// Enrols a phone for every electrician as of `now_ms` and gathers the office.
    pub(super) fn enrol(store: &Store, seed: u64, now_ms: i64) -> Result<Self, ApiError> {
        let mut random = Random::of(seed, 6);
        let mut devices = Vec::new();
        for number in 0..ELECTRICIANS {
            devices.push(NewDevice {
                id: DeviceId::new(now_ms, random.bytes()),
                model: format!("示例终端 {}", "ABC".chars().nth(number % 3).unwrap_or('A')),
                os_version: "Android 10".to_owned(),
                app_version: env!("CARGO_PKG_VERSION").to_owned(),
                // A real token, although nobody is told it.
                token: NewToken::new(clock::random()?),
                recovery_key: clock::random()?,
            });
        }
        store.write_blocking(move |tx| -> Result<Self, ApiError> {
            let mut crew = Self {
                electricians: Vec::new(),
                office: office(tx)?,
                administrator: person(tx, "administrator")?,
            };
            for (number, device) in devices.iter().enumerate() {
                let mut actor = person(tx, &electrician(number))?;
                enrol::create(tx, now_ms, actor.staff_id, device)?;
                actor.device_id = Some(device.id);
                crew.electricians.push(actor);
            }
            Ok(crew)
        })
    }

    /// The person at a desk with that role; the server itself when there is none.
    pub(super) fn office(&self, role: Role) -> By {
        self.office
            .iter()
            .find(|actor| actor.role == role)
            .map_or_else(By::system, By::from)
    }

    /// An electrician by number.
    pub(super) fn electrician(&self, number: usize) -> &Actor {
        &self.electricians[number % self.electricians.len()]
    }

    /// The next one of the same town.
    pub(super) fn colleague(&self, number: usize) -> StaffId {
        debug_assert_eq!(town_of(number), town_of(number + TOWNS.len()));
        self.electrician(number + TOWNS.len()).staff_id
    }

    /// An electrician by id.
    pub(super) fn by_id(&self, id: StaffId) -> Option<&Actor> {
        self.electricians.iter().find(|actor| actor.staff_id == id)
    }

    /// The administrator.
    pub(super) const fn administrator(&self) -> &Actor {
        &self.administrator
    }

    /// Everybody with a phone.
    pub(super) fn electricians(&self) -> &[Actor] {
        &self.electricians
    }
}

fn office(tx: &mut dyn Tx) -> Result<Vec<Actor>, StoreError> {
    ["agent", "dispatcher", "reviewer"]
        .iter()
        .map(|login_name| person(tx, login_name))
        .collect()
}

fn person(tx: &mut dyn Tx, login_name: &str) -> Result<Actor, StoreError> {
    let found = tx.first(
        "SELECT id, display_name, role, station_id FROM staff WHERE login_name = ?1",
        args![login_name],
        |row| {
            Ok(Actor {
                staff_id: row.parse(0)?,
                display_name: row.text(1)?,
                role: row.parse(2)?,
                station_id: row.opt_parse(3)?,
                device_id: None,
            })
        },
    )?;
    found.ok_or_else(|| StoreError::Engine(format!("the demo account {login_name} is missing")))
}

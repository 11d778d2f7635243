//! Gathers what the ranking needs to know, in five statements whatever the number of people.

use super::rank::{Jurisdiction, OrderFacts, PersonFacts};
use crate::args;
use crate::orders::OrderRow;
use crate::store::{Row, StoreError, Tx};
use dianma_schema::geo::Place;
use dianma_schema::id::{AreaId, StaffId, StationId};
use dianma_schema::order::{OrderKind, Urgency};
use dianma_schema::time::HOUR_MS;
use std::collections::{BTreeMap, BTreeSet};

/// A fix of the phone older than this says little; the station counts instead.
const RECENT_FIX_MS: i64 = 2 * HOUR_MS;

/// The order and all active electricians, as the ranking wants them.
pub fn facts(
    tx: &mut dyn Tx,
    now_ms: i64,
    order: &OrderRow,
) -> Result<(OrderFacts, Vec<PersonFacts>), StoreError> {
    let mut people = staff(tx)?;
    let phones = phones(tx)?;
    let loads = loads(tx)?;
    let area = match order.area_id {
        Some(id) => area(tx, id)?,
        None => Area::default(),
    };
    for person in &mut people {
        let id = person.facts.staff_id;
        person.apply_phone(phones.get(&id), now_ms);
        if let Some(load) = loads.get(&id) {
            person.facts.open_by_urgency = load.by_urgency;
            person.facts.is_at_work = load.is_at_work;
        }
        person.facts.is_current = order.assignee_id == Some(id);
        let station = order.station_id.or(area.station_id);
        person.facts.jurisdiction = if area.staff.contains(&id) {
            Jurisdiction::Area
        } else if station.is_some() && station == person.station_id {
            Jurisdiction::Station
        } else {
            Jurisdiction::Other
        };
    }
    let facts = OrderFacts {
        kind: order.kind,
        urgency: order.urgency,
        place: order.place().or(area.place),
        now_ms,
    };
    let people = people.into_iter().map(|person| person.facts).collect();
    Ok((facts, people))
}

struct Person {
    facts: PersonFacts,
    station_id: Option<StationId>,
}

impl Person {
    fn apply_phone(&mut self, phone: Option<&Phone>, now_ms: i64) {
        let Some(phone) = phone else { return };
        self.facts.has_device = true;
        self.facts.last_seen_at_ms = phone.last_seen_at_ms;
        let is_recent = phone
            .located_at_ms
            .is_some_and(|at| now_ms - at <= RECENT_FIX_MS);
        if phone.place.is_some() && (is_recent || self.facts.place.is_none()) {
            self.facts.place = phone.place;
            self.facts.is_place_recent = is_recent;
        }
    }
}

fn staff(tx: &mut dyn Tx) -> Result<Vec<Person>, StoreError> {
    tx.all(
        "SELECT p.id, p.display_name, p.is_on_duty, p.skills, p.station_id, s.latitude_e6, \
         s.longitude_e6 FROM staff p LEFT JOIN stations s ON s.id = p.station_id \
         WHERE p.role = 'electrician' AND p.is_active = 1 ORDER BY p.id LIMIT 2000",
        args![],
        |row| {
            let skills = row.text(3)?;
            Ok(Person {
                facts: PersonFacts {
                    staff_id: row.parse(0)?,
                    display_name: row.text(1)?,
                    is_on_duty: row.flag(2)?,
                    is_current: false,
                    skills: skills
                        .split(',')
                        .filter_map(|word| word.trim().parse::<OrderKind>().ok())
                        .collect(),
                    has_device: false,
                    last_seen_at_ms: None,
                    place: place(row, 5)?,
                    is_place_recent: false,
                    jurisdiction: Jurisdiction::Other,
                    open_by_urgency: [0; 4],
                    is_at_work: false,
                },
                station_id: row.opt_parse(4)?,
            })
        },
    )
}

fn place(row: &Row<'_>, column: usize) -> Result<Option<Place>, StoreError> {
    let (latitude, longitude) = (row.opt_int(column)?, row.opt_int(column + 1)?);
    Ok(latitude.zip(longitude).and_then(|(a, b)| Place::new(a, b)))
}

struct Phone {
    last_seen_at_ms: Option<i64>,
    place: Option<Place>,
    located_at_ms: Option<i64>,
}

/// Active phones; of several of one person the one heard last.
fn phones(tx: &mut dyn Tx) -> Result<BTreeMap<StaffId, Phone>, StoreError> {
    let mut phones = BTreeMap::new();
    tx.query(
        "SELECT staff_id, last_seen_at_ms, latitude_e6, longitude_e6, located_at_ms FROM devices \
         WHERE state = 'active' ORDER BY COALESCE(last_seen_at_ms, 0), id LIMIT 4000",
        args![],
        &mut |row| {
            let phone = Phone {
                last_seen_at_ms: row.opt_int(1)?,
                place: place(row, 2)?,
                located_at_ms: row.opt_int(4)?,
            };
            phones.insert(row.parse(0)?, phone);
            Ok(())
        },
    )?;
    Ok(phones)
}

#[derive(Default)]
struct Load {
    by_urgency: [i64; 4],
    is_at_work: bool,
}

fn loads(tx: &mut dyn Tx) -> Result<BTreeMap<StaffId, Load>, StoreError> {
    let mut loads: BTreeMap<StaffId, Load> = BTreeMap::new();
    tx.query(
        "SELECT assignee_id, urgency, count(*), \
         CAST(sum(CASE WHEN state IN ('arrived', 'working') THEN 1 ELSE 0 END) AS BIGINT) \
         FROM work_orders WHERE is_open = 1 AND assignee_id IS NOT NULL AND state <> 'submitted' \
         GROUP BY assignee_id, urgency",
        args![],
        &mut |row| {
            let load = loads.entry(row.parse(0)?).or_default();
            let urgency: Urgency = row.parse(1)?;
            if let Some(count) = load.by_urgency.get_mut(urgency as usize) {
                *count = row.int(2)?;
            }
            load.is_at_work |= row.int(3)? > 0;
            Ok(())
        },
    )?;
    Ok(loads)
}

#[derive(Default)]
struct Area {
    station_id: Option<StationId>,
    place: Option<Place>,
    staff: BTreeSet<StaffId>,
}

fn area(tx: &mut dyn Tx, id: AreaId) -> Result<Area, StoreError> {
    let found = tx.first(
        "SELECT station_id, latitude_e6, longitude_e6 FROM transformer_areas WHERE id = ?1",
        args![id.to_string()],
        |row| {
            Ok(Area {
                station_id: row.opt_parse(0)?,
                place: place(row, 1)?,
                staff: BTreeSet::new(),
            })
        },
    )?;
    let mut area = found.unwrap_or_default();
    let staff = tx.all(
        "SELECT staff_id FROM staff_areas WHERE area_id = ?1 LIMIT 200",
        args![id.to_string()],
        |row| row.parse(0),
    )?;
    area.staff = staff.into_iter().collect();
    Ok(area)
}

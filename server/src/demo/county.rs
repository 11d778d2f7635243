//! The county: three towns with a station each, forty transformer areas, six thousand customers with
//! meters and poles, written through the same batch writes as an import.

use super::names::{self, COUNTY, FEEDERS, TOWNS};
use super::random::Random;
use crate::args;
use crate::customers::areas::{self, AreaInput};
use crate::customers::bills::{self, BillInput};
use crate::customers::meters::{self, MeterInput};
use crate::customers::write::{self, CustomerInput};
use crate::error::ApiError;
use crate::feed;
use crate::mint::Mint;
use crate::store::{Store, StoreError};
use dianma_schema::customer::{AreaClass, CustomerClass};
use dianma_schema::geo::Place;
use dianma_schema::id::{AccountNumber, CustomerId, MeterNumber};
use dianma_schema::intake::SupplyState;
use dianma_schema::time::{DAY_MS, china_day, civil_from_days, day_key};

/// Transformer areas in the county.
pub(super) const AREAS: usize = 40;
/// Customers in the county.
pub(super) const CUSTOMERS: usize = 6_000;
/// Middle of the invented county.
const CENTRE: (i64, i64) = (31_000_000, 113_000_000);
/// Customers in one transaction.
const BATCH: usize = 500;

/// The town of an area: 14, 13 and 13.
pub(super) fn town_of(area: usize) -> usize {
    area % TOWNS.len()
}

pub(super) fn station_code(town: usize) -> String {
    format!("SL{:02}", town + 1)
}

pub(super) fn station_name(town: usize) -> String {
    format!("{}供电所（示例）", TOWNS[town])
}

pub(super) fn area_code(area: usize) -> String {
    format!("9900{:06}", area + 1)
}

pub(super) fn account_number(customer: usize) -> String {
    format!("99000{:05}", customer + 1)
}

pub(super) fn meter_number(customer: usize) -> String {
    format!("GEN{:09}", customer + 1)
}

/// Where a town's station stands.
fn station_place(town: usize) -> (i64, i64) {
    let offset = i64::try_from(town).unwrap_or(0);
    (
        CENTRE.0 + (offset - 1) * 90_000,
        CENTRE.1 + (offset % 2) * 70_000,
    )
}

fn area(random: &mut Random, number: usize) -> AreaInput {
    let town = town_of(number);
    let (latitude, longitude) = station_place(town);
    let village = names::village(number / TOWNS.len());
    AreaInput {
        area_code: area_code(number),
        area_name: format!("{}{village}{}号台区", TOWNS[town], number + 1),
        station_code: station_code(town),
        station_name: station_name(town),
        area_class: match town {
            0 => AreaClass::Urban,
            1 => AreaClass::Rural,
            _ if number.is_multiple_of(2) => AreaClass::Remote,
            _ => AreaClass::Rural,
        },
        feeder_name: format!("10kV{}", FEEDERS[town][number / TOWNS.len() % 2]),
        place: Place::new(
            latitude + random.between(-40_000, 40_000),
            longitude + random.between(-40_000, 40_000),
        ),
    }
}

fn customer(random: &mut Random, number: usize, areas: &[AreaInput]) -> Option<CustomerInput> {
    let in_area = number % AREAS;
    let home = areas.get(in_area)?;
    let village = names::village(in_area / TOWNS.len());
    let class = random.weighted(&[
        (CustomerClass::Resident, 92),
        (CustomerClass::NonResident, 7),
        (CustomerClass::Important, 1),
    ]);
    let account_name = if class == CustomerClass::Resident {
        names::person(random)
    } else {
        names::business(random, &village)
    };
    let town = TOWNS[town_of(in_area)];
    let house = number / AREAS + 1;
    let place = home.place.and_then(|place| {
        Place::new(
            place.latitude_e6 + random.between(-4_500, 4_500),
            place.longitude_e6 + random.between(-4_500, 4_500),
        )
    });
    Some(CustomerInput {
        account_number: AccountNumber::parse(&account_number(number)).ok()?,
        account_name,
        contact_phone: random.chance(940).then(|| names::phone(number)),
        supply_address: format!("{COUNTY}{town}{village}{}组{house}号", house % 9 + 1),
        customer_class: class,
        supply_state: SupplyState::Supplied,
        area_code: home.area_code.clone(),
        pole_number: Some(format!(
            "{}{village}支{:03}号杆",
            home.feeder_name,
            house / 3 + 1
        )),
        place,
        meter_number: None,
    })
}

fn meter(random: &mut Random, number: usize, now_ms: i64) -> Option<MeterInput> {
    let is_three_phase = random.chance(90);
    Some(MeterInput {
        meter_number: MeterNumber::parse(&meter_number(number)).ok()?,
        account_number: AccountNumber::parse(&account_number(number)).ok()?,
        phases: if is_three_phase { 3 } else { 1 },
        multiplier: if is_three_phase && random.chance(300) {
            20
        } else {
            1
        },
        last_reading_wh: Some(random.between(200, 48_000) * 1_000),
        last_read_at_ms: Some(now_ms - random.between(1, 28) * DAY_MS),
        is_installed: true,
    })
}

/// An unpaid bill of the month before, for about one customer in twenty.
fn bill(random: &mut Random, number: usize, now_ms: i64) -> Option<BillInput> {
    if !random.chance(50) {
        return None;
    }
    let (year, month, day) = civil_from_days(china_day(now_ms));
    let last_month = china_day(now_ms) - i64::from(day);
    let (bill_year, bill_month, _) = civil_from_days(last_month);
    debug_assert!((bill_year, bill_month) < (year, month));
    Some(BillInput {
        account_number: AccountNumber::parse(&account_number(number)).ok()?,
        bill_month: bill_year * 100 + i64::from(bill_month),
        amount_fen: random.mostly_low(1_200, 68_000),
        due_on: day_key(now_ms - random.between(1, 12) * DAY_MS),
        paid_at_ms: None,
    })
}

/// Writes the county as of `now_ms`.
pub(super) fn write(store: &Store, seed: u64, now_ms: i64) -> Result<(), ApiError> {
    let mut random = Random::of(seed, 1);
    let areas: Vec<AreaInput> = (0..AREAS).map(|number| area(&mut random, number)).collect();
    let mint = Mint::new(now_ms, random.bytes());
    let written = areas.clone();
    store.write_blocking(move |tx| -> Result<(), StoreError> {
        areas::upsert(tx, &mut mint.clone(), &written)?;
        for town in 0..TOWNS.len() {
            let (latitude, longitude) = station_place(town);
            tx.execute(
                "UPDATE stations SET latitude_e6 = ?2, longitude_e6 = ?3 WHERE code = ?1",
                args![station_code(town), latitude, longitude],
            )?;
        }
        Ok(())
    })?;
    for first in (0..CUSTOMERS).step_by(BATCH) {
        let numbers = first..(first + BATCH).min(CUSTOMERS);
        let customers: Vec<CustomerInput> = numbers
            .clone()
            .filter_map(|number| customer(&mut random, number, &areas))
            .collect();
        let meters: Vec<MeterInput> = numbers
            .clone()
            .filter_map(|number| meter(&mut random, number, now_ms))
            .collect();
        let bills: Vec<BillInput> = numbers
            .filter_map(|number| bill(&mut random, number, now_ms))
            .collect();
        let mint = Mint::new(now_ms, random.bytes());
        store.write_blocking(move |tx| -> Result<(), StoreError> {
            let mut mint = mint.clone();
            let written = write::upsert_quietly(tx, &mut mint, &customers, None)?;
            let (_, of_meters) = meters::upsert_quietly(tx, &mut mint, &meters, None)?;
            let of_bills = bills::upsert_quietly(tx, &mut mint, &bills)?.changes;
            let changes = [written.changes, of_meters, of_bills].concat();
            feed::publish(tx, now_ms, changes)
        })?;
    }
    Ok(())
}

/// Ids of the customers, in the order of their numbers.
pub(super) fn customer_ids(store: &Store) -> Result<Vec<CustomerId>, StoreError> {
    store.read_blocking(|tx| {
        let mut ids = Vec::with_capacity(CUSTOMERS);
        tx.query(
            "SELECT id FROM customers ORDER BY account_number",
            args![],
            &mut |row| {
                ids.push(row.parse(0)?);
                Ok(())
            },
        )?;
        Ok(ids)
    })
}

//! The demo's accounts: 24 electricians and one of each office role. Passwords are drawn anew from the
//! system's generator at every start and printed; there is no default password.

use super::county::{AREAS, area_code, station_code, station_name, town_of};
use super::names::{self, TOWNS};
use super::random::Random;
use crate::args;
use crate::auth::password;
use crate::clock;
use crate::error::ApiError;
use crate::staff::create::{NewStaff, check, create};
use crate::store::{Store, StoreError, Tx};
use dianma_schema::id::{AreaId, StaffId, StationId};
use dianma_schema::order::OrderKind;
use dianma_schema::permission::Role;
use serde::Serialize;

/// Electricians in the county.
pub(super) const ELECTRICIANS: usize = 24;
/// Office accounts: login name, name, role.
const OFFICE: [(&str, &str, Role); 6] = [
    ("agent", "示例坐席", Role::Agent),
    ("dispatcher", "示例派工员", Role::Dispatcher),
    ("reviewer", "示例审核员", Role::Reviewer),
    ("manager", "示例管理人员", Role::Manager),
    ("warehouse", "示例物资员", Role::Warehouse),
    ("administrator", "示例管理员", Role::Administrator),
];

/// What somebody signs in with; printed once.
#[derive(Clone, Serialize)]
#[expect(
    clippy::struct_field_names,
    reason = "login_name is its name everywhere"
)]
pub(super) struct Login {
    pub(super) login_name: String,
    pub(super) password: String,
    pub(super) role: Role,
    pub(super) display_name: String,
    pub(super) station_name: Option<String>,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Login({})", self.login_name)
    }
}

/// The login name of an electrician.
pub(super) fn electrician(number: usize) -> String {
    format!("electrician{:02}", number + 1)
}

/// Everybody, without a password yet.
fn everybody(seed: u64) -> Vec<Login> {
    let mut random = Random::of(seed, 2);
    let office = OFFICE.iter().map(|(login_name, name, role)| Login {
        login_name: (*login_name).to_owned(),
        password: String::new(),
        role: *role,
        display_name: (*name).to_owned(),
        station_name: None,
    });
    let field = (0..ELECTRICIANS).map(|number| Login {
        login_name: electrician(number),
        password: String::new(),
        role: Role::Electrician,
        display_name: names::person(&mut random),
        station_name: Some(station_name(number % TOWNS.len())),
    });
    office.chain(field).collect()
}

/// Everybody with a fresh password, and its hash.
fn with_passwords(seed: u64) -> Result<Vec<(Login, String)>, ApiError> {
    let mut people = Vec::new();
    for mut login in everybody(seed) {
        login.password = password::generated(clock::random()?);
        let hash = password::hash(&login.password)?;
        people.push((login, hash));
    }
    Ok(people)
}

/// Skills of an electrician: everybody does the simple kinds, most repair faults.
pub(super) fn skills(number: usize) -> Vec<OrderKind> {
    let mut skills = vec![
        OrderKind::AdHoc,
        OrderKind::BillCollection,
        OrderKind::SafetyInspection,
    ];
    if number % 4 != 3 {
        skills.push(OrderKind::FaultRepair);
    }
    if number % 3 != 2 || number % 4 == 3 {
        skills.extend([OrderKind::MeterChange, OrderKind::NewConnection]);
    }
    if number.is_multiple_of(2) {
        skills.extend([
            OrderKind::AcceptanceEnergization,
            OrderKind::ContractInspection,
        ]);
    }
    skills
}

/// Areas of an electrician: those of the town, shared out among its people.
fn areas(number: usize) -> Vec<String> {
    let per_town = ELECTRICIANS / TOWNS.len();
    (0..AREAS)
        .filter(|area| town_of(*area) == number % TOWNS.len())
        .filter(|area| area / TOWNS.len() % per_town == number / TOWNS.len())
        .map(area_code)
        .collect()
}

/// Makes the accounts as of `now_ms`.
pub(super) fn write(store: &Store, seed: u64, now_ms: i64) -> Result<Vec<Login>, ApiError> {
    let people = with_passwords(seed)?;
    let logins = people.iter().map(|(login, _)| login.clone()).collect();
    let mut random = Random::of(seed, 3);
    let ids: Vec<StaffId> = people
        .iter()
        .map(|_| StaffId::new(now_ms, random.bytes()))
        .collect();
    store.write_blocking(move |tx| -> Result<(), ApiError> {
        let mut number = 0;
        for ((login, hash), id) in people.iter().zip(&ids) {
            let mut new = account(login);
            if login.role == Role::Electrician {
                place(tx, number, &mut new)?;
                number += 1;
            }
            create(tx, now_ms, "system", *id, &check(new)?, hash)?;
        }
        Ok(())
    })?;
    Ok(logins)
}

fn account(login: &Login) -> NewStaff {
    NewStaff {
        login_name: login.login_name.clone(),
        display_name: login.display_name.clone(),
        password: login.password.clone(),
        role: login.role,
        station_id: None,
        skills: Vec::new(),
        area_ids: Vec::new(),
        contact_phone: None,
        is_on_duty: false,
    }
}

/// Station, areas and skills of an electrician; three of four are on duty.
fn place(tx: &mut dyn Tx, number: usize, new: &mut NewStaff) -> Result<(), StoreError> {
    new.station_id = tx.first(
        "SELECT id FROM stations WHERE code = ?1",
        args![station_code(number % TOWNS.len())],
        |row| row.parse::<StationId>(0),
    )?;
    for code in areas(number) {
        let id = tx.first(
            "SELECT id FROM transformer_areas WHERE code = ?1",
            args![code],
            |row| row.parse::<AreaId>(0),
        )?;
        new.area_ids.extend(id);
    }
    new.skills = skills(number);
    new.contact_phone = Some(names::phone(90_000_000 + number));
    new.is_on_duty = number % 4 != 3;
    Ok(())
}

/// New passwords for the accounts of an earlier start; phones stay enrolled.
pub(super) fn renew(store: &Store, seed: u64) -> Result<Vec<Login>, ApiError> {
    let people = with_passwords(seed)?;
    let logins = people.iter().map(|(login, _)| login.clone()).collect();
    store.write_blocking(move |tx| -> Result<(), StoreError> {
        for (login, hash) in &people {
            tx.execute(
                "UPDATE staff SET password_hash = ?2 WHERE login_name = ?1",
                args![&login.login_name, hash],
            )?;
        }
        Ok(())
    })?;
    Ok(logins)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_area_is_somebodys_and_every_skill_is_in_every_town() {
        let covered: BTreeSet<String> = (0..ELECTRICIANS).flat_map(areas).collect();
        assert_eq!(covered.len(), AREAS);
        for town in 0..TOWNS.len() {
            let known: BTreeSet<OrderKind> = (0..ELECTRICIANS)
                .filter(|number| number % TOWNS.len() == town)
                .flat_map(skills)
                .collect();
            assert_eq!(known.len(), OrderKind::ALL.len(), "{town}");
        }
    }

    #[test]
    fn logins_are_distinct_and_never_printed_with_their_passwords() {
        let people = everybody(1);
        let names: BTreeSet<&str> = people.iter().map(|p| p.login_name.as_str()).collect();
        assert_eq!(names.len(), ELECTRICIANS + OFFICE.len());
        let mut login = people[0].clone();
        login.password = "generated-secret".to_owned();
        assert!(!format!("{login:?}").contains("secret"));
    }
}

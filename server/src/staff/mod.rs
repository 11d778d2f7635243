//! People who sign in (工作人员): accounts, roles, skills, home station and areas. Signing in itself is
//! `auth/`; who is online or free is `dispatch/`.

pub mod create;
pub mod list;
pub mod reset_password;
pub mod update;
mod view;

pub use view::{AreaName, StaffBody, StaffView, load};

use crate::args;
use crate::error::{ApiError, FieldProblem};
use crate::feed::{self, Change};
use crate::store::{Notice, StoreError, Tx};
use dianma_schema::id::{AreaId, StaffId, StationId};
use dianma_schema::order::OrderKind;
use dianma_schema::permission::Role;
use dianma_schema::wire::sync::EntryKind;
use std::collections::BTreeSet;

/// Most areas one person looks after.
const MAX_AREAS: usize = 500;

/// The skills column: words of order kinds, comma separated, each once, in the kinds' order.
pub(crate) fn skills_text(skills: &[OrderKind]) -> String {
    let words: Vec<&str> = OrderKind::ALL
        .iter()
        .filter(|kind| skills.contains(kind))
        .map(|kind| kind.as_str())
        .collect();
    words.join(",")
}

/// Reads the skills column; words that are no order kind any more are dropped.
pub(crate) fn skills_of(text: &str) -> Vec<OrderKind> {
    text.split(',')
        .filter_map(|word| word.parse().ok())
        .collect()
}

/// A role somebody can be given: everything but `System`.
fn check_role(role: Role) -> Result<(), FieldProblem> {
    if role == Role::System {
        return Err(problem(
            "role",
            "该角色不能授予人员",
            "Nobody can be given this role",
        ));
    }
    Ok(())
}

/// A phone number as a person writes it, or `None` for an empty text.
fn check_phone(text: Option<&str>) -> Result<Option<String>, FieldProblem> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let Some(text) = text else { return Ok(None) };
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let fits = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' '));
    if fits && (5..=15).contains(&digits) && text.chars().count() <= 24 {
        return Ok(Some(text.to_owned()));
    }
    Err(problem(
        "contact_phone",
        "联系电话须为 5 到 15 位数字",
        "A phone number has 5 to 15 digits",
    ))
}

fn problem(field: &str, message: &str, message_en: &str) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        message: message.to_owned(),
        message_en: message_en.to_owned(),
    }
}

/// The station must exist, and an electrician must have one.
fn check_station(
    tx: &mut dyn Tx,
    role: Role,
    station_id: Option<StationId>,
) -> Result<(), ApiError> {
    let Some(station_id) = station_id else {
        if role == Role::Electrician {
            return Err(ApiError::field(
                "station_id",
                "农电工须指定所属供电所",
                "An electrician needs a station",
            ));
        }
        return Ok(());
    };
    let found = tx.first(
        "SELECT id FROM stations WHERE id = ?1",
        args![station_id.to_string()],
        |row| row.text(0),
    )?;
    found
        .map(drop)
        .ok_or_else(|| ApiError::field("station_id", "供电所不存在", "The station does not exist"))
}

/// Replaces the areas a person looks after; each must exist.
fn replace_areas(tx: &mut dyn Tx, staff_id: StaffId, area_ids: &[AreaId]) -> Result<(), ApiError> {
    if area_ids.len() > MAX_AREAS {
        return Err(ApiError::field(
            "area_ids",
            "辖区台区过多",
            "Too many transformer areas",
        ));
    }
    let id = staff_id.to_string();
    tx.execute("DELETE FROM staff_areas WHERE staff_id = ?1", args![&id])?;
    let distinct: BTreeSet<AreaId> = area_ids.iter().copied().collect();
    for area_id in distinct {
        let written = tx.execute(
            "INSERT INTO staff_areas (staff_id, area_id) \
             SELECT ?1, id FROM transformer_areas WHERE id = ?2",
            args![&id, area_id.to_string()],
        )?;
        if written == 0 {
            return Err(ApiError::field(
                "area_ids",
                "台区不存在",
                "A transformer area does not exist",
            ));
        }
    }
    Ok(())
}

/// Tells the console, and the person's phone, that the account changed. Last in the transaction.
fn announce(
    tx: &mut dyn Tx,
    now_ms: i64,
    staff_id: StaffId,
    role: Role,
    version: i64,
) -> Result<(), StoreError> {
    tx.notify(Notice::List {
        name: "staff".to_owned(),
    });
    if role != Role::Electrician {
        return Ok(());
    }
    let scope = feed::user_scope(staff_id);
    let put = Change::put(scope, EntryKind::Staff, staff_id.0, version);
    feed::publish(tx, now_ms, vec![put])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skills_are_stored_once_and_in_order() {
        let skills = [OrderKind::AdHoc, OrderKind::FaultRepair, OrderKind::AdHoc];
        let text = skills_text(&skills);
        assert_eq!(text, "fault_repair,ad_hoc");
        assert_eq!(skills_of(&text), [OrderKind::FaultRepair, OrderKind::AdHoc]);
        assert!(skills_of("").is_empty());
    }

    #[test]
    fn phone_numbers_are_digits() {
        assert_eq!(check_phone(Some("  ")).unwrap(), None);
        assert!(check_phone(Some("0710-123 4567")).unwrap().is_some());
        for bad in ["abc", "12", "1234567890123456", "一二三四五"] {
            assert!(check_phone(Some(bad)).is_err(), "{bad}");
        }
    }
}

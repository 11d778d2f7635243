//! A person as the console shows them: one column list, one conversion.

use super::skills_of;
use crate::args;
use crate::store::{Row, StoreError, Tx};
use dianma_schema::id::{AreaId, StaffId, StationId};
use dianma_schema::order::OrderKind;
use dianma_schema::permission::Role;
use serde::Serialize;
use utoipa::ToSchema;

/// An area somebody looks after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AreaName {
    /// Id.
    pub id: AreaId,
    /// Name.
    pub name: String,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StaffView {
    /// Id.
    pub id: StaffId,
    /// Login name.
    pub login_name: String,
    /// Name shown.
    pub display_name: String,
    /// Role.
    pub role: Role,
    /// Home station.
    pub station_id: Option<StationId>,
    /// Its name.
    pub station_name: Option<String>,
    /// Order kinds the person may do.
    pub skills: Vec<OrderKind>,
    /// Areas the person looks after.
    pub areas: Vec<AreaName>,
    /// Phone number to call.
    pub contact_phone: Option<String>,
    /// May sign in.
    pub is_active: bool,
    /// On duty now.
    pub is_on_duty: bool,
    /// Orders in hand.
    pub open_orders: i64,
    /// When a phone of the person was heard last.
    pub last_seen_at_ms: Option<i64>,
    /// Sent back with a change.
    pub version: i64,
    /// When the account was made.
    pub created_at_ms: i64,
}

/// Envelope of [`StaffView`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StaffBody {
    /// The person.
    pub staff: StaffView,
}

/// Columns in the order [`read`] expects; `p` is the person, `s` the station.
pub(super) const SELECT: &str = "SELECT p.id, p.login_name, p.display_name, p.role, p.station_id, s.name, p.skills, \
     p.contact_phone, p.is_active, p.is_on_duty, \
     (SELECT count(*) FROM work_orders o WHERE o.assignee_id = p.id AND o.is_open = 1 \
      AND o.state <> 'submitted'), \
     (SELECT max(d.last_seen_at_ms) FROM devices d WHERE d.staff_id = p.id AND d.state = 'active'), \
     p.version, p.created_at_ms FROM staff p LEFT JOIN stations s ON s.id = p.station_id";

/// Reads a row of [`SELECT`]; the areas come in a second query.
pub(super) fn read(row: &Row<'_>) -> Result<StaffView, StoreError> {
    Ok(StaffView {
        id: row.parse(0)?,
        login_name: row.text(1)?,
        display_name: row.text(2)?,
        role: row.parse(3)?,
        station_id: row.opt_parse(4)?,
        station_name: row.opt_text(5)?,
        skills: skills_of(&row.text(6)?),
        areas: Vec::new(),
        contact_phone: row.opt_text(7)?,
        is_active: row.flag(8)?,
        is_on_duty: row.flag(9)?,
        open_orders: row.int(10)?,
        last_seen_at_ms: row.opt_int(11)?,
        version: row.int(12)?,
        created_at_ms: row.int(13)?,
    })
}

/// Adds the areas to people sorted by login name.
pub(super) fn add_areas(tx: &mut dyn Tx, people: &mut [StaffView]) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (people.first(), people.last()) else {
        return Ok(());
    };
    let range = args![&first.login_name, &last.login_name].to_vec();
    let rows = tx.all(
        "SELECT m.staff_id, a.id, a.name FROM staff p JOIN staff_areas m ON m.staff_id = p.id \
         JOIN transformer_areas a ON a.id = m.area_id \
         WHERE p.login_name >= ?1 AND p.login_name <= ?2 ORDER BY a.code LIMIT 100000",
        &range,
        |row| {
            let area = AreaName {
                id: row.parse(1)?,
                name: row.text(2)?,
            };
            Ok((row.parse::<StaffId>(0)?, area))
        },
    )?;
    for (staff_id, area) in rows {
        if let Some(person) = people.iter_mut().find(|person| person.id == staff_id) {
            person.areas.push(area);
        }
    }
    Ok(())
}

/// One person.
pub fn load(tx: &mut dyn Tx, staff_id: StaffId) -> Result<Option<StaffView>, StoreError> {
    let sql = format!("{SELECT} WHERE p.id = ?1");
    let mut people = tx.all(&sql, args![staff_id.to_string()], read)?;
    add_areas(tx, &mut people)?;
    Ok(people.pop())
}

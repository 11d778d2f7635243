//! `PATCH /v1/staff/{id}`: role, station, skills, areas, duty, active. Taking an account away, or
//! giving it another role, ends its sessions.

use super::{
    StaffBody, StaffView, announce, check_phone, check_role, check_station, load, replace_areas,
    skills_text,
};
use crate::app::App;
use crate::args;
use crate::audit;
use crate::auth::setup::check_display_name;
use crate::auth::{Actor, session};
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json, PathId};
use crate::feed::for_update;
use crate::store::Tx;
use axum::extract::State;
use dianma_schema::fault;
use dianma_schema::id::{AreaId, StaffId, StationId};
use dianma_schema::order::OrderKind;
use dianma_schema::permission::Role;
use serde::{Deserialize, Deserializer};
use serde_json::json;
use utoipa::ToSchema;

/// What shall be different; what is not named stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct StaffChange {
    /// The version the caller saw.
    pub version: i64,
    /// Name shown.
    pub display_name: Option<String>,
    /// Role.
    pub role: Option<Role>,
    /// Home station; `null` for none.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub station_id: Option<Option<StationId>>,
    /// Order kinds the person may do.
    pub skills: Option<Vec<OrderKind>>,
    /// Areas the person looks after.
    pub area_ids: Option<Vec<AreaId>>,
    /// Phone number to call; empty for none.
    pub contact_phone: Option<String>,
    /// May sign in.
    pub is_active: Option<bool>,
    /// On duty.
    pub is_on_duty: Option<bool>,
}

/// Tells `null` (outer `Some`) from a field that is not there (`None`).
fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// Changes an account.
pub fn update(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor_id: &str,
    staff_id: StaffId,
    change: &StaffChange,
) -> Result<StaffView, ApiError> {
    let id = staff_id.to_string();
    let lock = for_update(tx.engine());
    let sql = format!("SELECT version FROM staff WHERE id = ?1{lock}");
    let version = tx
        .first(&sql, args![&id], |row| row.int(0))?
        .ok_or_else(ApiError::not_found)?;
    if version != change.version {
        return Err(ApiError::conflict(fault::S_VERSION).with_detail(
            format!("当前版本 {version}，您看到的是 {}", change.version),
            format!("version {version} now, you saw {}", change.version),
        ));
    }
    let before = load(tx, staff_id)?.ok_or_else(ApiError::not_found)?;
    let after = applied(&before, change)?;
    check_station(tx, after.role, after.station_id)?;
    keep_an_administrator(tx, &before, &after)?;
    write(tx, &after)?;
    if let Some(area_ids) = &change.area_ids {
        replace_areas(tx, staff_id, area_ids)?;
    }
    let loses_sessions = (before.is_active && !after.is_active) || before.role != after.role;
    if loses_sessions {
        session::revoke_all(tx, staff_id, "", now_ms)?;
    }
    record(tx, now_ms, actor_id, &before, &after, change)?;
    let view = load(tx, staff_id)?.ok_or_else(ApiError::internal)?;
    announce(tx, now_ms, staff_id, after.role, after.version)?;
    Ok(view)
}

/// The account as it shall be.
fn applied(before: &StaffView, change: &StaffChange) -> Result<StaffView, ApiError> {
    let mut after = before.clone();
    after.version += 1;
    if let Some(name) = &change.display_name {
        after.display_name = check_display_name(name)?;
    }
    if let Some(role) = change.role {
        check_role(role).map_err(|problem| ApiError::fields(vec![problem]))?;
        after.role = role;
    }
    if let Some(phone) = &change.contact_phone {
        after.contact_phone =
            check_phone(Some(phone)).map_err(|problem| ApiError::fields(vec![problem]))?;
    }
    if let Some(skills) = &change.skills {
        after.skills.clone_from(skills);
    }
    after.station_id = change.station_id.unwrap_or(after.station_id);
    after.is_active = change.is_active.unwrap_or(after.is_active);
    // Somebody who may not sign in is not on duty either.
    after.is_on_duty = change.is_on_duty.unwrap_or(after.is_on_duty) && after.is_active;
    Ok(after)
}

/// The last administrator cannot be taken away: nobody could undo it.
fn keep_an_administrator(
    tx: &mut dyn Tx,
    before: &StaffView,
    after: &StaffView,
) -> Result<(), ApiError> {
    let is_one = |person: &StaffView| person.is_active && person.role == Role::Administrator;
    if !is_one(before) || is_one(after) {
        return Ok(());
    }
    let lock = for_update(tx.engine());
    // Locks them all: two administrators taking each other away at once must not both succeed.
    let sql = format!(
        "SELECT id FROM staff WHERE role = 'administrator' AND is_active = 1 ORDER BY id LIMIT 1000{lock}"
    );
    let administrators = tx.all(&sql, args![], |row| row.text(0))?;
    if administrators.len() > 1 {
        return Ok(());
    }
    Err(ApiError::field(
        "is_active",
        "至少保留一名启用的系统管理员",
        "One active administrator must remain",
    ))
}

fn write(tx: &mut dyn Tx, after: &StaffView) -> Result<(), ApiError> {
    tx.execute(
        "UPDATE staff SET display_name = ?2, role = ?3, station_id = ?4, skills = ?5, \
         contact_phone = ?6, is_active = ?7, is_on_duty = ?8, version = ?9 WHERE id = ?1",
        args![
            after.id.to_string(),
            &after.display_name,
            after.role.as_str(),
            after.station_id.map(|id| id.to_string()),
            skills_text(&after.skills),
            after.contact_phone.as_ref(),
            after.is_active,
            after.is_on_duty,
            after.version
        ],
    )?;
    Ok(())
}

fn record(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor_id: &str,
    before: &StaffView,
    after: &StaffView,
    change: &StaffChange,
) -> Result<(), ApiError> {
    let action = match (before.is_active, after.is_active) {
        (true, false) => "deactivated",
        (false, true) => "activated",
        _ => "changed",
    };
    let named = [
        ("display_name", change.display_name.is_some()),
        ("role", change.role.is_some()),
        ("station_id", change.station_id.is_some()),
        ("skills", change.skills.is_some()),
        ("area_ids", change.area_ids.is_some()),
        ("contact_phone", change.contact_phone.is_some()),
        ("is_active", change.is_active.is_some()),
        ("is_on_duty", change.is_on_duty.is_some()),
    ];
    let fields: Vec<&str> = named
        .iter()
        .filter(|(_, is)| *is)
        .map(|(name, _)| *name)
        .collect();
    audit::append(
        tx,
        now_ms,
        &audit::Entry {
            actor_id,
            action,
            subject_kind: "staff",
            subject_id: &after.id.to_string(),
            detail: json!({ "fields": fields, "role_before": before.role, "role": after.role }),
        },
    )?;
    Ok(())
}

/// Change an account.
#[utoipa::path(patch, path = "/v1/staff/{id}", tag = "staff", params(("id" = StaffId, Path)), request_body = StaffChange,
    responses((status = 200, body = StaffBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
    (status = 422, body = ErrorBody)))]
pub async fn update_staff(
    State(app): State<App>,
    actor: Actor,
    PathId(staff_id): PathId<StaffId>,
    Json(change): Json<StaffChange>,
) -> Result<axum::Json<StaffBody>, ApiError> {
    let now_ms = app.clock.now_ms();
    let actor_id = actor.staff_id.to_string();
    let staff = app
        .store
        .write(move |tx| update(tx, now_ms, &actor_id, staff_id, &change))
        .await?;
    Ok(axum::Json(StaffBody { staff }))
}

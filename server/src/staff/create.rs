//! `POST /v1/staff`: a new account.

use super::{
    StaffBody, StaffView, announce, check_phone, check_role, check_station, load, replace_areas,
    skills_text,
};
use crate::app::App;
use crate::args;
use crate::audit;
use crate::auth::setup::{check_display_name, check_login_name};
use crate::auth::sign_in::hash_on_blocking_thread;
use crate::auth::{Actor, password};
use crate::clock::random;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Json;
use crate::store::Tx;
use axum::extract::State;
use axum::http::StatusCode;
use dianma_schema::fault;
use dianma_schema::id::{AreaId, StaffId, StationId};
use dianma_schema::order::OrderKind;
use dianma_schema::permission::Role;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// A new account.
#[derive(Clone, Deserialize, ToSchema)]
pub struct NewStaff {
    /// Login name, any case; unique.
    pub login_name: String,
    /// Name shown.
    pub display_name: String,
    /// First password.
    pub password: String,
    /// Role.
    pub role: Role,
    /// Home station; electricians need one.
    pub station_id: Option<StationId>,
    /// Order kinds the person may do.
    #[serde(default)]
    pub skills: Vec<OrderKind>,
    /// Areas the person looks after.
    #[serde(default)]
    pub area_ids: Vec<AreaId>,
    /// Phone number to call.
    pub contact_phone: Option<String>,
    /// On duty from now.
    #[serde(default)]
    pub is_on_duty: bool,
}

impl std::fmt::Debug for NewStaff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewStaff(…)")
    }
}

/// Writes the account. `new` was checked by [`check`]; `password_hash` is its password's.
pub fn create(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor_id: &str,
    staff_id: StaffId,
    new: &NewStaff,
    password_hash: &str,
) -> Result<StaffView, ApiError> {
    check_station(tx, new.role, new.station_id)?;
    let id = staff_id.to_string();
    let written = tx.execute(
        "INSERT INTO staff (id, login_name, display_name, role, station_id, skills, contact_phone, \
         password_hash, is_active, is_on_duty, version, created_at_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, 1, ?10) \
         ON CONFLICT (login_name) DO NOTHING",
        args![
            &id,
            &new.login_name,
            &new.display_name,
            new.role.as_str(),
            new.station_id.map(|id| id.to_string()),
            skills_text(&new.skills),
            new.contact_phone.as_ref(),
            password_hash,
            new.is_on_duty,
            now_ms
        ],
    )?;
    if written == 0 {
        return Err(ApiError::conflict(fault::V_DUPLICATE)
            .with_detail("该账号已存在", "this login name exists already"));
    }
    replace_areas(tx, staff_id, &new.area_ids)?;
    audit::append(
        tx,
        now_ms,
        &audit::Entry {
            actor_id,
            action: "created",
            subject_kind: "staff",
            subject_id: &id,
            detail: json!({ "role": new.role, "areas": new.area_ids.len() }),
        },
    )?;
    let view = load(tx, staff_id)?.ok_or_else(ApiError::internal)?;
    announce(tx, now_ms, staff_id, new.role, 1)?;
    Ok(view)
}

/// Cleans the texts and refuses what no account may have.
pub fn check(mut new: NewStaff) -> Result<NewStaff, ApiError> {
    new.login_name = check_login_name(&new.login_name)?;
    new.display_name = check_display_name(&new.display_name)?;
    password::check_strength(&new.password)?;
    check_role(new.role).map_err(|problem| ApiError::fields(vec![problem]))?;
    new.contact_phone = check_phone(new.contact_phone.as_deref())
        .map_err(|problem| ApiError::fields(vec![problem]))?;
    Ok(new)
}

/// Make an account.
#[utoipa::path(post, path = "/v1/staff", tag = "staff", request_body = NewStaff, responses(
    (status = 201, body = StaffBody), (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn create_staff(
    State(app): State<App>,
    actor: Actor,
    Json(new): Json<NewStaff>,
) -> Result<(StatusCode, axum::Json<StaffBody>), ApiError> {
    let new = check(new)?;
    let password_hash = hash_on_blocking_thread(new.password.clone()).await?;
    let now_ms = app.clock.now_ms();
    let staff_id = StaffId::new(now_ms, random()?);
    let actor_id = actor.staff_id.to_string();
    let staff = app
        .store
        .write(move |tx| create(tx, now_ms, &actor_id, staff_id, &new, &password_hash))
        .await?;
    Ok((StatusCode::CREATED, axum::Json(StaffBody { staff })))
}

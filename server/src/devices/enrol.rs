//! Enrolling a phone: an electrician signs in, the phone gets an id and a token of its own. A new install
//! is a new device, so that command numbers never meet; a phone that names the id it had stays the same
//! device, so that a command whose answer was lost is known again when it is sent once more.

use crate::app::App;
use crate::args;
use crate::audit;
use crate::auth::session::{self, NewToken};
use crate::auth::sign_in::{Credentials, check_credentials};
use crate::clock::random;
use crate::error::{ApiError, ErrorBody};
use crate::feed::{self, Change, for_update};
use crate::store::{Notice, Tx};
use crate::text::hex;
use axum::Json;
use axum::extract::State;
use dianma_schema::fault;
use dianma_schema::id::{DeviceId, StaffId, StationId};
use dianma_schema::permission::Role;
use dianma_schema::wire::sync::EntryKind;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// Days a phone shows customer data without hearing from the server; open orders go on.
const LEASE_DAYS: u32 = 14;
/// Longest model, system and app version kept, in characters.
const LONGEST_WORD: usize = 80;

/// A person on a phone.
#[derive(Deserialize, ToSchema)]
pub struct Enrolment {
    /// Login name.
    pub login_name: String,
    /// Password.
    pub password: String,
    /// Phone model.
    pub model: String,
    /// System version.
    pub os_version: String,
    /// App version, `major.minor.patch`.
    pub app_version: String,
    /// The phone's id of an earlier sign-in. It is kept when that phone is still this person's.
    pub device_id: Option<DeviceId>,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(…)")
    }
}

/// The device.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct EnrolledDevice {
    /// Id.
    pub id: DeviceId,
    /// Highest command number taken from it; 0 for a new one. The phone goes on above it.
    pub last_n: i64,
}

/// The person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EnrolledStaff {
    /// Id.
    pub id: StaffId,
    /// Login name.
    pub login_name: String,
    /// Name shown.
    pub display_name: String,
    /// Role.
    pub role: Role,
    /// On duty.
    pub is_on_duty: bool,
}

/// The person's station.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EnrolledStation {
    /// Id.
    pub id: StationId,
    /// Name.
    pub name: String,
}

/// What a phone starts with.
#[derive(Clone, Serialize, ToSchema)]
pub struct EnrolmentBody {
    /// The device.
    pub device: EnrolledDevice,
    /// The person.
    pub staff: EnrolledStaff,
    /// The station; absent when the person has none.
    pub station: Option<EnrolledStation>,
    /// Bearer token, told once.
    pub token: String,
    /// Server clock, epoch ms.
    pub server_ms: i64,
    /// See the phone's offline rules.
    pub lease_days: u32,
    /// The same for this device at every sign-in, 64 hexadecimal digits: what its data key is left with,
    /// so that a phone whose key store lost its own key gets its work back.
    pub recovery_key: String,
}

impl std::fmt::Debug for EnrolmentBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolmentBody")
            .field("device", &self.device.id)
            .finish_non_exhaustive()
    }
}

/// Enrol a phone.
#[utoipa::path(post, path = "/v1/devices/enrol", tag = "phone", request_body = Enrolment, responses(
    (status = 200, body = EnrolmentBody), (status = 401, body = ErrorBody),
    (status = 403, body = ErrorBody), (status = 429, body = ErrorBody)))]
pub async fn enrol(
    State(app): State<App>,
    Json(enrolment): Json<Enrolment>,
) -> Result<Json<EnrolmentBody>, ApiError> {
    let credentials = Credentials {
        login_name: enrolment.login_name,
        password: enrolment.password,
    };
    let (staff_id, role) = check_credentials(&app, credentials).await?;
    if role != Role::Electrician {
        return Err(ApiError::forbidden(fault::A_ROLE));
    }
    let now_ms = app.clock.now_ms();
    let device = NewDevice {
        id: DeviceId::new(now_ms, random()?),
        model: cut(&enrolment.model),
        os_version: cut(&enrolment.os_version),
        app_version: cut(&enrolment.app_version),
        token: NewToken::new(random()?),
        recovery_key: random()?,
    };
    let earlier = enrolment.device_id;
    let body = app
        .store
        .write(move |tx| sign_in(tx, now_ms, staff_id, &device, earlier))
        .await?;
    Ok(Json(body))
}

pub(super) fn cut(text: &str) -> String {
    let shown = text.trim().chars().filter(|c| !c.is_control());
    shown.take(LONGEST_WORD).collect()
}

/// A device about to be stored.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Id.
    pub id: DeviceId,
    /// Phone model.
    pub model: String,
    /// System version.
    pub os_version: String,
    /// App version.
    pub app_version: String,
    /// Its token.
    pub token: NewToken,
    /// Its recovery key, if it has none yet.
    pub recovery_key: [u8; 32],
}

/// The phone goes on as the device it was when that one is active and the same person's; otherwise it
/// is a new one.
pub fn sign_in(
    tx: &mut dyn Tx,
    now_ms: i64,
    staff_id: StaffId,
    device: &NewDevice,
    earlier: Option<DeviceId>,
) -> Result<EnrolmentBody, ApiError> {
    let known = match earlier {
        Some(id) => take_up(tx, now_ms, staff_id, device, id)?,
        None => None,
    };
    match known {
        Some(known) => open(tx, now_ms, staff_id, device, known, "device_signed_in"),
        None => create(tx, now_ms, staff_id, device),
    }
}

/// Stores a new device and opens it.
pub fn create(
    tx: &mut dyn Tx,
    now_ms: i64,
    staff_id: StaffId,
    device: &NewDevice,
) -> Result<EnrolmentBody, ApiError> {
    tx.execute(
        "INSERT INTO devices (id, staff_id, model, os_version, app_version, state, enrolled_at_ms, \
         last_seen_at_ms, pending_commands, pending_files, last_n, acked_n, version) \
         VALUES (?1, ?2, ?3, ?4, ?5, 'active', ?6, ?6, 0, 0, 0, 0, 1)",
        args![
            device.id.to_string(),
            staff_id.to_string(),
            &device.model,
            &device.os_version,
            &device.app_version,
            now_ms
        ],
    )?;
    let created = EnrolledDevice {
        id: device.id,
        last_n: 0,
    };
    open(tx, now_ms, staff_id, device, created, "device_enrolled")
}

/// Takes up the row of an earlier sign-in and ends its sessions: of two copies of one phone only the
/// last that signed in goes on.
fn take_up(
    tx: &mut dyn Tx,
    now_ms: i64,
    staff_id: StaffId,
    device: &NewDevice,
    id: DeviceId,
) -> Result<Option<EnrolledDevice>, ApiError> {
    let lock = for_update(tx.engine());
    let sql = format!(
        "SELECT last_n FROM devices WHERE id = ?1 AND staff_id = ?2 AND state = 'active'{lock}"
    );
    let found = tx.first(&sql, args![id.to_string(), staff_id.to_string()], |row| {
        row.int(0)
    })?;
    let Some(last_n) = found else { return Ok(None) };
    tx.execute(
        "UPDATE devices SET model = ?2, os_version = ?3, app_version = ?4, last_seen_at_ms = ?5, \
         version = version + 1 WHERE id = ?1",
        args![
            id.to_string(),
            &device.model,
            &device.os_version,
            &device.app_version,
            now_ms
        ],
    )?;
    session::revoke_device(tx, id, now_ms)?;
    Ok(Some(EnrolledDevice { id, last_n }))
}

/// Opens the device's session and puts the person's profile into their feed.
fn open(
    tx: &mut dyn Tx,
    now_ms: i64,
    staff_id: StaffId,
    new: &NewDevice,
    device: EnrolledDevice,
    action: &str,
) -> Result<EnrolmentBody, ApiError> {
    let (staff, station, version) = person(tx, staff_id)?;
    session::open_device(tx, staff_id, device.id, &new.token, now_ms)?;
    let recovery_key = recovery_key(tx, device.id, &new.recovery_key)?;
    tx.notify(Notice::List {
        name: "devices".to_owned(),
    });
    let entry = audit::Entry {
        actor_id: &staff_id.to_string(),
        action,
        subject_kind: "device",
        subject_id: &device.id.to_string(),
        detail: json!({ "app_version": new.app_version }),
    };
    audit::append(tx, now_ms, &entry)?;
    let profile = Change::put(
        feed::user_scope(staff_id),
        EntryKind::Staff,
        staff_id.0,
        version,
    );
    feed::publish(tx, now_ms, vec![profile])?;
    Ok(EnrolmentBody {
        device,
        staff,
        station,
        token: new.token.text.clone(),
        server_ms: now_ms,
        lease_days: LEASE_DAYS,
        recovery_key,
    })
}

/// The device's recovery key; a device of before there were any gets its own now.
fn recovery_key(tx: &mut dyn Tx, id: DeviceId, fresh: &[u8; 32]) -> Result<String, ApiError> {
    tx.execute(
        "UPDATE devices SET recovery_key = ?2 WHERE id = ?1 AND recovery_key IS NULL",
        args![id.to_string(), hex(fresh)],
    )?;
    let kept = tx.first(
        "SELECT recovery_key FROM devices WHERE id = ?1",
        args![id.to_string()],
        |row| row.text(0),
    )?;
    kept.ok_or_else(ApiError::internal)
}

fn person(
    tx: &mut dyn Tx,
    staff_id: StaffId,
) -> Result<(EnrolledStaff, Option<EnrolledStation>, i64), ApiError> {
    let found = tx.first(
        "SELECT p.id, p.login_name, p.display_name, p.role, p.is_on_duty, p.version, s.id, s.name \
         FROM staff p LEFT JOIN stations s ON s.id = p.station_id \
         WHERE p.id = ?1 AND p.is_active = 1",
        args![staff_id.to_string()],
        |row| {
            let staff = EnrolledStaff {
                id: row.parse(0)?,
                login_name: row.text(1)?,
                display_name: row.text(2)?,
                role: row.parse(3)?,
                is_on_duty: row.flag(4)?,
            };
            let station = match (row.opt_parse(6)?, row.opt_text(7)?) {
                (Some(id), Some(name)) => Some(EnrolledStation { id, name }),
                _ => None,
            };
            Ok((staff, station, row.int(5)?))
        },
    )?;
    found.ok_or_else(ApiError::unauthorized)
}

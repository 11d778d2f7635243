//! The console's list of phones: whose, which version, when heard, what still waits on them.

use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::store::{Row, StoreError, Tx};
use axum::Json;
use axum::extract::{Query, State};
use dianma_schema::geo::Place;
use dianma_schema::id::{DeviceId, StaffId};
use dianma_schema::time::MINUTE_MS;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Heard within so long counts as online: two polls and a little.
const ONLINE_MS: i64 = 5 * MINUTE_MS;
/// Largest page.
const MAX_LIMIT: i64 = 200;

/// A phone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeviceView {
    /// Id.
    pub id: DeviceId,
    /// Whose it is.
    pub staff_id: StaffId,
    /// Name.
    pub staff_name: String,
    /// Station of the person.
    pub station_name: Option<String>,
    /// Phone model.
    pub model: String,
    /// System version.
    pub os_version: String,
    /// App version.
    pub app_version: String,
    /// `active` or `retired`.
    pub state: String,
    /// Heard in the last minutes.
    pub is_online: bool,
    /// The person is on duty.
    pub is_on_duty: bool,
    /// Enrolled, epoch ms.
    pub enrolled_at_ms: i64,
    /// Last heard, epoch ms.
    pub last_seen_at_ms: Option<i64>,
    /// Last time commands came, epoch ms.
    pub last_synced_at_ms: Option<i64>,
    /// Network class told last.
    pub net_class: Option<String>,
    /// Last place on duty.
    pub place: Option<Place>,
    /// When it was there, epoch ms.
    pub located_at_ms: Option<i64>,
    /// Commands still on the phone.
    pub pending_commands: i64,
    /// Evidence files still on the phone.
    pub pending_files: i64,
    /// Server clock minus phone clock, ms.
    pub clock_offset_ms: Option<i64>,
    /// Commands taken so far.
    pub last_n: i64,
}

/// Page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevicesMeta {
    /// For the next page; absent on the last one.
    pub next_cursor: Option<String>,
    /// Not counted.
    pub total: Option<i64>,
}

/// Envelope of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevicesBody {
    /// Phones, newest first.
    pub devices: Vec<DeviceView>,
    /// Where the list goes on.
    pub meta: DevicesMeta,
}

/// What to show.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DevicesQuery {
    /// Only this person's.
    pub staff_id: Option<StaffId>,
    /// `active` or `retired`.
    pub state: Option<String>,
    /// Page size, up to 200.
    pub limit: Option<i64>,
    /// From `meta.next_cursor`.
    pub cursor: Option<DeviceId>,
}

/// Phones, newest enrolment first.
#[utoipa::path(get, path = "/v1/devices", tag = "devices", params(DevicesQuery), responses(
    (status = 200, body = DevicesBody), (status = 403, body = ErrorBody)))]
pub async fn list(
    State(app): State<App>,
    _: Actor,
    Query(query): Query<DevicesQuery>,
) -> Result<Json<DevicesBody>, ApiError> {
    let now_ms = app.clock.now_ms();
    let body = app.store.read(move |tx| page(tx, now_ms, &query)).await?;
    Ok(Json(body))
}

/// Columns of [`view`].
const COLUMNS: &str = "d.id, d.staff_id, p.display_name, s.name, d.model, d.os_version, d.app_version, d.state, \
     p.is_on_duty, d.enrolled_at_ms, d.last_seen_at_ms, d.last_synced_at_ms, d.net_class, \
     d.latitude_e6, d.longitude_e6, d.located_at_ms, d.pending_commands, d.pending_files, \
     d.clock_offset_ms, d.last_n";

fn page(tx: &mut dyn Tx, now_ms: i64, query: &DevicesQuery) -> Result<DevicesBody, ApiError> {
    let limit = query.limit.unwrap_or(50).clamp(1, MAX_LIMIT);
    let sql = format!(
        "SELECT {COLUMNS} FROM devices d JOIN staff p ON p.id = d.staff_id \
         LEFT JOIN stations s ON s.id = p.station_id \
         WHERE (?1 = '' OR d.staff_id = ?1) AND (?2 = '' OR d.state = ?2) \
         AND (?3 = '' OR d.id < ?3) ORDER BY d.id DESC LIMIT ?4"
    );
    let mut devices = tx.all(
        &sql,
        args![
            query.staff_id.map(|id| id.to_string()).unwrap_or_default(),
            query.state.as_deref().unwrap_or_default(),
            query.cursor.map(|id| id.to_string()).unwrap_or_default(),
            limit + 1
        ],
        |row| view(row, now_ms),
    )?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = devices.len() > size;
    devices.truncate(size);
    let next_cursor = match devices.last() {
        Some(last) if has_more => Some(last.id.to_string()),
        _ => None,
    };
    Ok(DevicesBody {
        devices,
        meta: DevicesMeta {
            next_cursor,
            total: None,
        },
    })
}

/// One phone, for the answer to a change.
pub(super) fn one(
    tx: &mut dyn Tx,
    now_ms: i64,
    id: DeviceId,
) -> Result<Option<DeviceView>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM devices d JOIN staff p ON p.id = d.staff_id \
         LEFT JOIN stations s ON s.id = p.station_id WHERE d.id = ?1"
    );
    tx.first(&sql, args![id.to_string()], |row| view(row, now_ms))
}

fn view(row: &Row<'_>, now_ms: i64) -> Result<DeviceView, StoreError> {
    let state = row.text(7)?;
    let last_seen_at_ms = row.opt_int(10)?;
    Ok(DeviceView {
        id: row.parse(0)?,
        staff_id: row.parse(1)?,
        staff_name: row.text(2)?,
        station_name: row.opt_text(3)?,
        model: row.text(4)?,
        os_version: row.text(5)?,
        app_version: row.text(6)?,
        is_online: state == "active" && last_seen_at_ms.is_some_and(|at| now_ms - at < ONLINE_MS),
        state,
        is_on_duty: row.flag(8)?,
        enrolled_at_ms: row.int(9)?,
        last_seen_at_ms,
        last_synced_at_ms: row.opt_int(11)?,
        net_class: row.opt_text(12)?,
        place: match (row.opt_int(13)?, row.opt_int(14)?) {
            (Some(latitude), Some(longitude)) => Place::new(latitude, longitude),
            _ => None,
        },
        located_at_ms: row.opt_int(15)?,
        pending_commands: row.int(16)?,
        pending_files: row.int(17)?,
        clock_offset_ms: row.opt_int(18)?,
        last_n: row.int(19)?,
    })
}

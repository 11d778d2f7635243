//! Enrolling a phone by a one-time code (登记码): an administrator shows a symbol for one electrician, the
//! phone hands its token in and is that person's from then on, without a typed password. A code lives for a
//! quarter of an hour and opens once; a new one for the same person replaces the old one.

use super::enrol::{EnrolmentBody, NewDevice, cut, sign_in};
use crate::app::App;
use crate::args;
use crate::audit;
use crate::auth::Actor;
use crate::auth::session::NewToken;
use crate::clock::random;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Json as Body;
use crate::labels::symbol::Symbol;
use crate::store::Tx;
use crate::text::{hex, sha256_hex};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use dianma_schema::enrol_code::{EnrolCode, TOKEN_DIGITS};
use dianma_schema::fault;
use dianma_schema::id::{DeviceId, StaffId};
use dianma_schema::permission::Role;
use dianma_schema::time::MINUTE_MS;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// How long a code opens.
pub const CODE_LIFE_MS: i64 = 15 * MINUTE_MS;
/// A module of the symbol on the screen, micrometres.
const MODULE_UM: u32 = 1_000;

/// Whose phone, and where it finds the server.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct EnrolCodeQuestion {
    /// The electrician.
    pub staff_id: StaffId,
    /// Address of the server as phones reach it: `https://host[:port]`.
    pub server_url: String,
}

/// A code, told once.
#[derive(Clone, Serialize, ToSchema)]
pub struct EnrolCodeView {
    /// What the symbol says, for typing it in.
    pub text: String,
    /// The symbol as SVG.
    pub symbol_svg: String,
    /// Whose phone it makes.
    pub staff_name: String,
    /// Opens until then, epoch ms.
    pub expires_at_ms: i64,
}

impl std::fmt::Debug for EnrolCodeView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EnrolCodeView(…)")
    }
}

/// Envelope of [`EnrolCodeView`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EnrolCodeBody {
    /// The code.
    pub enrol_code: EnrolCodeView,
}

/// Make a one-time code for the phone of an electrician.
#[utoipa::path(post, path = "/v1/devices/enrol_codes", tag = "devices", request_body = EnrolCodeQuestion,
    responses((status = 201, body = EnrolCodeBody), (status = 403, body = ErrorBody),
    (status = 422, body = ErrorBody)))]
pub async fn issue_enrol_code(
    State(app): State<App>,
    actor: Actor,
    Body(question): Body<EnrolCodeQuestion>,
) -> Result<(StatusCode, Json<EnrolCodeBody>), ApiError> {
    let now_ms = app.clock.now_ms();
    let token: [u8; TOKEN_DIGITS / 2] = random()?;
    let code = EnrolCode::new(&question.server_url, &hex(&token)).ok_or_else(wrong_address)?;
    let symbol = Symbol::encode(&code.text())?;
    let staff_id = question.staff_id;
    let token_hash = sha256_hex(code.token.as_bytes());
    let staff_name = app
        .store
        .write(move |tx| issue(tx, now_ms, actor.staff_id, staff_id, &token_hash))
        .await?;
    let enrol_code = EnrolCodeView {
        text: code.text(),
        symbol_svg: symbol.svg(MODULE_UM),
        staff_name,
        expires_at_ms: now_ms + CODE_LIFE_MS,
    };
    Ok((StatusCode::CREATED, Json(EnrolCodeBody { enrol_code })))
}

fn wrong_address() -> ApiError {
    ApiError::field(
        "server_url",
        "服务器地址应为手机能打开的 https:// 网址",
        "the server's address as phones reach it starts with https://",
    )
}

/// Stores the code; earlier ones of the person and those that are over are gone. Returns the name.
pub fn issue(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor_id: StaffId,
    staff_id: StaffId,
    token_hash: &str,
) -> Result<String, ApiError> {
    let id = staff_id.to_string();
    let found = tx.first(
        "SELECT display_name, role FROM staff WHERE id = ?1 AND is_active = 1",
        args![&id],
        |row| Ok((row.text(0)?, row.parse::<Role>(1)?)),
    )?;
    let Some((name, Role::Electrician)) = found else {
        return Err(ApiError::field(
            "staff_id",
            "只能为在用的农电工出码",
            "codes are for active electricians",
        ));
    };
    tx.execute(
        "DELETE FROM enrol_codes WHERE staff_id = ?1 OR expires_at_ms <= ?2",
        args![&id, now_ms],
    )?;
    tx.execute(
        "INSERT INTO enrol_codes (token_hash, staff_id, created_at_ms, expires_at_ms) \
         VALUES (?1, ?2, ?3, ?4)",
        args![token_hash, &id, now_ms, now_ms + CODE_LIFE_MS],
    )?;
    let entry = audit::Entry {
        actor_id: &actor_id.to_string(),
        action: "enrol_code_issued",
        subject_kind: "staff",
        subject_id: &id,
        detail: json!({}),
    };
    audit::append(tx, now_ms, &entry)?;
    Ok(name)
}

/// A token and the phone that hands it in.
#[derive(Deserialize, ToSchema)]
pub struct CodeEnrolment {
    /// The token of the code.
    pub token: String,
    /// Phone model.
    pub model: String,
    /// System version.
    pub os_version: String,
    /// App version, `major.minor.patch`.
    pub app_version: String,
    /// The phone's id of an earlier sign-in. It is kept when that phone is still this person's.
    pub device_id: Option<DeviceId>,
}

impl std::fmt::Debug for CodeEnrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeEnrolment(…)")
    }
}

/// Enrol a phone by a one-time code.
#[utoipa::path(post, path = "/v1/devices/enrol_by_code", tag = "phone", request_body = CodeEnrolment,
    responses((status = 200, body = EnrolmentBody), (status = 403, body = ErrorBody),
    (status = 429, body = ErrorBody)))]
pub async fn enrol_by_code(
    State(app): State<App>,
    Body(enrolment): Body<CodeEnrolment>,
) -> Result<Json<EnrolmentBody>, ApiError> {
    let token_hash = sha256_hex(enrolment.token.trim().to_ascii_lowercase().as_bytes());
    if !app.tries.allows(&format!("enrol:{token_hash}")) {
        return Err(ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            fault::A_TOO_MANY,
        ));
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
        .write(move |tx| take(tx, now_ms, &token_hash, &device, earlier))
        .await?;
    Ok(Json(body))
}

/// Takes the code and opens the phone in one transaction: of two phones with one code only one is opened,
/// and a phone that is refused leaves the code as it was.
pub fn take(
    tx: &mut dyn Tx,
    now_ms: i64,
    token_hash: &str,
    device: &NewDevice,
    earlier: Option<DeviceId>,
) -> Result<EnrolmentBody, ApiError> {
    let refused = || ApiError::forbidden(fault::A_ENROL_CODE);
    let found = tx.first(
        "SELECT c.staff_id FROM enrol_codes c JOIN staff p ON p.id = c.staff_id \
         WHERE c.token_hash = ?1 AND c.expires_at_ms > ?2 AND p.is_active = 1 \
         AND p.role = 'electrician'",
        args![token_hash, now_ms],
        |row| row.parse::<StaffId>(0),
    )?;
    let staff_id = found.ok_or_else(refused)?;
    let taken = tx.execute(
        "DELETE FROM enrol_codes WHERE token_hash = ?1",
        args![token_hash],
    )?;
    if taken == 0 {
        return Err(refused());
    }
    let entry = audit::Entry {
        actor_id: &staff_id.to_string(),
        action: "enrol_code_used",
        subject_kind: "staff",
        subject_id: &staff_id.to_string(),
        detail: json!({}),
    };
    audit::append(tx, now_ms, &entry)?;
    sign_in(tx, now_ms, staff_id, device, earlier)
}

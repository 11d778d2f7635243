//! Signing in and out at the console, the current session, changing one's own password.

use super::Actor;
use super::password;
use super::session::{self, NewToken};
use crate::access::token_of;
use crate::app::App;
use crate::args;
use crate::audit;
use crate::clock::random;
use crate::error::{ApiError, ErrorBody};
use crate::store::{StoreError, Tx};
use crate::text::sha256_hex;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dianma_schema::fault;
use dianma_schema::id::{StaffId, StationId};
use dianma_schema::permission::{Permission, Role, permissions};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A person as the session shows them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionStaff {
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
}

/// The signed-in person, what they may do, and the token for changing requests.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// The person.
    pub staff: SessionStaff,
    /// Permissions of the role.
    pub permissions: Vec<Permission>,
    /// Sent as `x-csrf-token` with every changing request.
    pub csrf_token: String,
}

/// Envelope of [`SessionView`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionBody {
    /// The session.
    pub session: SessionView,
}

/// Login name and password.
#[derive(Deserialize, ToSchema)]
pub struct Credentials {
    /// Login name, any case.
    pub login_name: String,
    /// Password.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// Checks a login name and password at the cost of one argon2 run, known name or not, so that the
/// answer's time does not tell which names exist.
pub async fn check_credentials(
    app: &App,
    credentials: Credentials,
) -> Result<(StaffId, Role), ApiError> {
    let login_name = credentials.login_name.trim().to_lowercase();
    if !app.tries.allows(&login_name) {
        return Err(ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            fault::A_TOO_MANY,
        ));
    }
    let found =
        app.store
            .read(move |tx| {
                tx.first(
                "SELECT id, role, password_hash FROM staff WHERE login_name = ?1 AND is_active = 1",
                args![&login_name],
                |row| Ok((row.parse::<StaffId>(0)?, row.parse::<Role>(1)?, row.text(2)?)),
            )
            })
            .await
            .map_err(|error: StoreError| ApiError::from(error))?;
    let stored = found
        .as_ref()
        .map_or_else(decoy_hash, |(_, _, hash)| hash.clone());
    let password = credentials.password;
    let fits = tokio::task::spawn_blocking(move || password::verify(&password, &stored))
        .await
        .map_err(|_| ApiError::internal())?;
    match found {
        Some((id, role, _)) if fits => Ok((id, role)),
        _ => Err(ApiError::new(StatusCode::UNAUTHORIZED, fault::A_PASSWORD)),
    }
}

/// A valid hash of nothing anybody can type.
fn decoy_hash() -> String {
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        .to_owned()
}

/// Sign in at the console.
#[utoipa::path(post, path = "/v1/sessions", tag = "auth", request_body = Credentials, responses(
    (status = 200, body = SessionBody), (status = 401, body = ErrorBody), (status = 429, body = ErrorBody)))]
pub async fn sign_in(
    State(app): State<App>,
    Json(credentials): Json<Credentials>,
) -> Result<Response, ApiError> {
    let (staff_id, role) = check_credentials(&app, credentials).await?;
    if role == Role::Electrician {
        // Electricians work on the phone: design §7, least privilege.
        return Err(ApiError::forbidden(fault::A_ROLE));
    }
    open_session(&app, staff_id, "signed_in").await
}

/// Opens a console session and answers with its cookie.
pub(super) async fn open_session(
    app: &App,
    staff_id: StaffId,
    action: &'static str,
) -> Result<Response, ApiError> {
    let token = NewToken::new(random()?);
    let now_ms = app.clock.now_ms();
    let text = token.text.clone();
    let view = app
        .store
        .write(move |tx| -> Result<SessionView, ApiError> {
            session::open_console(tx, staff_id, &token, now_ms)?;
            let id = staff_id.to_string();
            audit::append(
                tx,
                now_ms,
                &audit::Entry {
                    actor_id: &id,
                    action,
                    subject_kind: "staff",
                    subject_id: &id,
                    detail: json!({}),
                },
            )?;
            view(tx, staff_id, &token.text)
        })
        .await?;
    let secure = if app.settings.is_secure {
        "; Secure"
    } else {
        ""
    };
    let cookie = format!("dianma_session={text}; HttpOnly; SameSite=Strict; Path=/{secure}");
    Ok((
        [(header::SET_COOKIE, cookie)],
        Json(SessionBody { session: view }),
    )
        .into_response())
}

fn view(tx: &mut dyn Tx, staff_id: StaffId, token: &str) -> Result<SessionView, ApiError> {
    let staff = tx
        .first(
            "SELECT p.id, p.login_name, p.display_name, p.role, p.station_id, s.name \
             FROM staff p LEFT JOIN stations s ON s.id = p.station_id WHERE p.id = ?1",
            args![staff_id.to_string()],
            |row| {
                Ok(SessionStaff {
                    id: row.parse(0)?,
                    login_name: row.text(1)?,
                    display_name: row.text(2)?,
                    role: row.parse(3)?,
                    station_id: row.opt_parse(4)?,
                    station_name: row.opt_text(5)?,
                })
            },
        )?
        .ok_or_else(ApiError::unauthorized)?;
    let permissions = permissions(staff.role).to_vec();
    Ok(SessionView {
        staff,
        permissions,
        csrf_token: session::csrf_token(token),
    })
}

/// The session of the cookie.
#[utoipa::path(get, path = "/v1/sessions/current", tag = "auth", responses(
    (status = 200, body = SessionBody), (status = 401, body = ErrorBody)))]
pub async fn current(
    State(app): State<App>,
    actor: Actor,
    headers: HeaderMap,
) -> Result<Json<SessionBody>, ApiError> {
    let token = token_of(&headers).ok_or_else(ApiError::unauthorized)?.value;
    let session = app
        .store
        .read(move |tx| view(tx, actor.staff_id, &token))
        .await?;
    Ok(Json(SessionBody { session }))
}

/// Sign out.
#[utoipa::path(delete, path = "/v1/sessions/current", tag = "auth", responses((status = 204)))]
pub async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<StatusCode, ApiError> {
    let token = token_of(&headers).ok_or_else(ApiError::unauthorized)?.value;
    let now_ms = app.clock.now_ms();
    let hash = sha256_hex(token.as_bytes());
    app.store
        .write(move |tx| session::revoke(tx, &hash, now_ms))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Old and new password.
#[derive(Deserialize, ToSchema)]
pub struct PasswordChange {
    /// The one in use.
    pub old_password: String,
    /// The one to use from now on.
    pub new_password: String,
}

impl std::fmt::Debug for PasswordChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordChange(…)")
    }
}

/// Change one's own password; every other session of the person ends.
#[utoipa::path(put, path = "/v1/staff/me/password", tag = "auth", request_body = PasswordChange, responses(
    (status = 204), (status = 401, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn change_password(
    State(app): State<App>,
    actor: Actor,
    headers: HeaderMap,
    Json(change): Json<PasswordChange>,
) -> Result<StatusCode, ApiError> {
    password::check_strength(&change.new_password)?;
    let token = token_of(&headers).ok_or_else(ApiError::unauthorized)?.value;
    let staff_id = actor.staff_id;
    let login_name = app
        .store
        .read(move |tx| {
            let id = staff_id.to_string();
            tx.first(
                "SELECT login_name FROM staff WHERE id = ?1",
                args![id],
                |row| row.text(0),
            )
        })
        .await
        .map_err(|error: StoreError| ApiError::from(error))?
        .ok_or_else(ApiError::unauthorized)?;
    let credentials = Credentials {
        login_name,
        password: change.old_password,
    };
    check_credentials(&app, credentials).await?;
    let new_hash = hash_on_blocking_thread(change.new_password).await?;
    let now_ms = app.clock.now_ms();
    let keep = sha256_hex(token.as_bytes());
    app.store
        .write(move |tx| replace_password(tx, now_ms, staff_id, &new_hash, &keep))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stores the hash and ends all other sessions. The version stays: phones hold the profile, which says
/// nothing about passwords, and a version without its feed entry would differ from theirs.
pub fn replace_password(
    tx: &mut dyn Tx,
    now_ms: i64,
    staff_id: StaffId,
    new_hash: &str,
    keep_session: &str,
) -> Result<(), StoreError> {
    let id = staff_id.to_string();
    tx.execute(
        "UPDATE staff SET password_hash = ?2 WHERE id = ?1",
        args![&id, new_hash],
    )?;
    session::revoke_all(tx, staff_id, keep_session, now_ms)?;
    let entry = audit::Entry {
        actor_id: &id,
        action: "changed_password",
        subject_kind: "staff",
        subject_id: &id,
        detail: json!({}),
    };
    audit::append(tx, now_ms, &entry)
}

/// Hashes without stalling the runtime.
pub async fn hash_on_blocking_thread(password: String) -> Result<String, ApiError> {
    tokio::task::spawn_blocking(move || password::hash(&password))
        .await
        .map_err(|_| ApiError::internal())?
}

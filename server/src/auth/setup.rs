//! First run: the server prints a one-time token at its start; whoever has it makes the first
//! administrator. There is no default account and no default password.

use super::password;
use super::session::NewToken;
use super::sign_in::{SessionBody, hash_on_blocking_thread, open_session};
use crate::app::App;
use crate::args;
use crate::clock::random;
use crate::error::{ApiError, ErrorBody};
use crate::store::{StoreError, Tx};
use crate::text::sha256_hex;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dianma_schema::fault;
use dianma_schema::id::StaffId;
use dianma_schema::permission::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether somebody still has to make the first administrator.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SetupView {
    /// No administrator yet.
    pub is_needed: bool,
}

/// Envelope of [`SetupView`].
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SetupBody {
    /// The state.
    pub setup: SetupView,
}

fn is_needed(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    let found = tx.first(
        "SELECT id FROM staff WHERE role = 'administrator' AND is_active = 1 LIMIT 1",
        args![],
        |row| row.text(0),
    )?;
    Ok(found.is_none())
}

/// Prepares a first run: `Some(token)` to print when there is no administrator. A restart gives a
/// new token; the old one is dead.
pub fn prepare(store: &crate::store::Store) -> Result<Option<String>, ApiError> {
    let token = NewToken::new(random()?);
    store.write_blocking(move |tx| -> Result<Option<String>, ApiError> {
        if !is_needed(tx)? {
            return Ok(None);
        }
        tx.execute(
            "INSERT INTO settings (name, value) VALUES ('setup_token_hash', ?1) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            args![&token.hash],
        )?;
        Ok(Some(token.text.clone()))
    })
}

/// Tells the sign-in page whether to show the first-run form.
#[utoipa::path(get, path = "/v1/setup", tag = "auth", responses((status = 200, body = SetupBody)))]
pub async fn state(State(app): State<App>) -> Result<Json<SetupBody>, ApiError> {
    let is_needed = app.store.read(is_needed).await?;
    Ok(Json(SetupBody {
        setup: SetupView { is_needed },
    }))
}

/// The first administrator.
#[derive(Deserialize, ToSchema)]
pub struct FirstAdministrator {
    /// The token printed at the server's start.
    pub token: String,
    /// Login name.
    pub login_name: String,
    /// Name shown.
    pub display_name: String,
    /// Password.
    pub password: String,
}

impl std::fmt::Debug for FirstAdministrator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FirstAdministrator(…)")
    }
}

/// Makes the first administrator and signs them in.
#[utoipa::path(post, path = "/v1/setup", tag = "auth", request_body = FirstAdministrator, responses(
    (status = 200, body = SessionBody), (status = 403, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn create(
    State(app): State<App>,
    Json(first): Json<FirstAdministrator>,
) -> Result<Response, ApiError> {
    if !app.tries.allows("setup") {
        return Err(ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            fault::A_TOO_MANY,
        ));
    }
    let login_name = check_login_name(&first.login_name)?;
    let display_name = check_display_name(&first.display_name)?;
    password::check_strength(&first.password)?;
    let password_hash = hash_on_blocking_thread(first.password).await?;
    let token_hash = sha256_hex(first.token.trim().as_bytes());
    let now_ms = app.clock.now_ms();
    let staff_id = StaffId::new(now_ms, random()?);
    app.store
        .write(move |tx| -> Result<(), ApiError> {
            let taken = tx.execute(
                "DELETE FROM settings WHERE name = 'setup_token_hash' AND value = ?1",
                args![&token_hash],
            )?;
            if taken == 0 || !is_needed(tx)? {
                return Err(ApiError::forbidden(fault::A_SETUP_TOKEN));
            }
            tx.execute(
                "INSERT INTO staff (id, login_name, display_name, role, skills, password_hash, \
                 is_active, is_on_duty, version, created_at_ms) \
                 VALUES (?1, ?2, ?3, ?4, '', ?5, 1, 0, 1, ?6)",
                args![
                    staff_id.to_string(),
                    &login_name,
                    &display_name,
                    Role::Administrator.as_str(),
                    &password_hash,
                    now_ms
                ],
            )?;
            Ok(())
        })
        .await?;
    open_session(&app, staff_id, "set_up").await
}

/// Lower-cases and checks: 2 to 40 letters, digits, dots, hyphens, underscores or Chinese.
pub fn check_login_name(text: &str) -> Result<String, ApiError> {
    let name = text.trim().to_lowercase();
    let count = name.chars().count();
    let fits = name
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if fits && (2..=40).contains(&count) {
        Ok(name)
    } else {
        Err(ApiError::field(
            "login_name",
            "账号须为 2 到 40 个字母、数字或汉字",
            "2 to 40 letters or digits",
        ))
    }
}

/// Trims and checks: 1 to 40 characters, no control characters.
pub fn check_display_name(text: &str) -> Result<String, ApiError> {
    let name = text.trim();
    if (1..=40).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        Ok(name.to_owned())
    } else {
        Err(ApiError::field(
            "display_name",
            "姓名须为 1 到 40 个字",
            "1 to 40 characters",
        ))
    }
}

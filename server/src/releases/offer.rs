//! What phones ask: the newest release record, and its package in pieces.

use super::publish;
use super::shelf::Shelf;
use crate::app::App;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::evidence::Hash;
use crate::served::served;
use crate::text::hex;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

/// Media type of packages.
const PACKAGE: &str = "application/vnd.android.package-archive";

/// The newest release.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseBody {
    /// Signed record, hexadecimal; none when nothing was ever published.
    pub record: Option<String>,
}

/// The newest release of the phone app.
#[utoipa::path(get, path = "/v1/app_releases/newest", tag = "devices", responses(
    (status = 200, body = ReleaseBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub async fn newest_release(
    State(app): State<App>,
    _: Actor,
) -> Result<Json<ReleaseBody>, ApiError> {
    let newest = app.store.read(publish::newest).await?;
    Ok(Json(ReleaseBody {
        record: newest.map(|signed| hex(&signed.body)),
    }))
}

/// The package of a release; one byte range is served, so that a cut download goes on.
#[utoipa::path(get, path = "/v1/app_releases/{sha256}", tag = "devices",
    params(("sha256" = String, Path, description = "SHA-256 of the package, hexadecimal")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 206),
    (status = 404, body = ErrorBody), (status = 416)))]
pub async fn release_package(
    State(app): State<App>,
    _: Actor,
    Path(sha256): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let hash = Hash::parse(&sha256).ok_or_else(ApiError::not_found)?;
    let path = Shelf::new(&app.settings.data).named(&hash);
    let file = path.clone();
    let found = tokio::task::spawn_blocking(move || std::fs::metadata(file)).await;
    let found = found.map_err(|_| ApiError::internal())?;
    let size = found.map_err(|_| ApiError::not_found())?.len();
    Ok(served(path, PACKAGE, size, &headers))
}

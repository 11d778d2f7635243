//! `GET /v1/evidence/{sha256}` for the console: the bytes of a file that some order's manifest names,
//! under headers that keep whatever is inside from running.

use super::folder::{Folder, Hash};
use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::served::served;
use crate::store::StoreError;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

/// The file; one byte range is served, so that a film can be skimmed.
#[utoipa::path(get, path = "/v1/evidence/{sha256}", tag = "orders",
    params(("sha256" = String, Path, description = "SHA-256 of the file, hexadecimal")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 206),
    (status = 404, body = ErrorBody), (status = 416)))]
pub async fn view(
    State(app): State<App>,
    _: Actor,
    Path(sha256): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let hash = Hash::parse(&sha256).ok_or_else(ApiError::not_found)?;
    let found = app
        .store
        .read(move |tx| -> Result<_, StoreError> {
            tx.first(
                "SELECT b.mime, b.size FROM blobs b WHERE b.sha256 = ?1 AND b.is_complete = 1 \
                 AND EXISTS (SELECT 1 FROM evidence e WHERE e.sha256 = b.sha256)",
                args![&sha256],
                |row| Ok((row.opt_text(0)?, row.int(1)?.unsigned_abs())),
            )
        })
        .await?;
    let (mime, size) = found.ok_or_else(ApiError::not_found)?;
    let mime = mime.unwrap_or_else(|| "application/octet-stream".to_owned());
    let path = Folder::new(&app.settings.data).whole(&hash);
    Ok(served(path, &mime, size, &headers))
}

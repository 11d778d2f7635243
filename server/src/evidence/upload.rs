//! `HEAD` and `PATCH /v1/blobs/{sha256}`: resumable upload by byte offset. A phone asks how far the
//! server is, sends the next part, and hears the new offset only when it is on disk.

use super::folder::{Folder, Hash};
use super::receive::{self, Chunk, Progress, Refusal};
use super::retired;
use crate::app::App;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use dianma_schema::fault;

/// Largest part in one request; the body limit of the router is the same.
const MAX_CHUNK_BYTES: usize = 1024 * 1024;
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_COMPLETE: HeaderName = HeaderName::from_static("upload-complete");

/// How far the server has a file: `upload-offset` bytes, `upload-complete` `?1` or `?0`.
#[utoipa::path(head, path = "/v1/blobs/{sha256}", tag = "phone",
    params(("sha256" = String, Path, description = "SHA-256 of the file, hexadecimal")),
    responses((status = 204, headers(("upload-offset" = u64), ("upload-complete" = String))),
    (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub async fn offset(
    State(app): State<App>,
    actor: Actor,
    Path(sha256): Path<String>,
) -> Result<Response, ApiError> {
    let hash = hash(&sha256)?;
    authorise(&app, actor, &hash, 0).await?;
    let store = app.store.clone();
    let progress = blocking(move || Ok(receive::progress(&store, &hash)?)).await?;
    Ok(answer(progress))
}

/// Sends the next part of a file.
#[utoipa::path(patch, path = "/v1/blobs/{sha256}", tag = "phone",
    params(("sha256" = String, Path, description = "SHA-256 of the file, hexadecimal"),
        ("upload-offset" = u64, Header, description = "Where the part begins"),
        ("upload-length" = u64, Header, description = "Size of the whole file")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204, headers(("upload-offset" = u64), ("upload-complete" = String))),
    (status = 403, body = ErrorBody), (status = 409, body = ErrorBody, headers(("upload-offset" = u64))), (status = 413, body = ErrorBody),
    (status = 415, body = ErrorBody), (status = 422, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub async fn append(
    State(app): State<App>,
    actor: Actor,
    Path(sha256): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let bytes = body.ok().filter(|bytes| bytes.len() <= MAX_CHUNK_BYTES);
    let chunk = Chunk {
        hash: hash(&sha256)?,
        offset: number(&headers, &UPLOAD_OFFSET)?,
        total: number(&headers, &UPLOAD_LENGTH)?,
        bytes: bytes
            .ok_or_else(|| ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, fault::V_TOO_LARGE))?,
    };
    authorise(&app, actor, &chunk.hash, chunk.total).await?;
    let now_ms = app.clock.now_ms();
    let store = app.store.clone();
    let folder = Folder::new(&app.settings.data);
    let received = blocking(move || receive::receive(&store, &folder, now_ms, &chunk)).await;
    match received {
        Ok(progress) => Ok(answer(progress)),
        Err(refusal) => Ok(refused(refusal)),
    }
}

/// The permission row lets blocked phones in, for what they had captured before.
async fn authorise(app: &App, actor: Actor, hash: &Hash, size: u64) -> Result<(), ApiError> {
    let device_id = actor.device_id.ok_or_else(ApiError::unauthorized)?;
    let sha256 = hash.as_str().to_owned();
    app.store
        .read(move |tx| retired::may_send(tx, &actor, device_id, &sha256, size))
        .await
}

fn hash(sha256: &str) -> Result<Hash, ApiError> {
    Hash::parse(sha256).ok_or_else(ApiError::not_found)
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, ApiError> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| {
            let zh = "须为非负整数的请求头";
            ApiError::field(name.as_str(), zh, "A header with a whole number is needed")
        })
}

/// The disk and the database are waited for on a thread of their own.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.unwrap_or_else(|_| Err(Refusal::Store(crate::store::StoreError::Panicked)))
}

fn answer(progress: Progress) -> Response {
    let complete = if progress.is_complete { "?1" } else { "?0" };
    let headers = [
        (UPLOAD_OFFSET, HeaderValue::from(progress.offset)),
        (UPLOAD_COMPLETE, HeaderValue::from_static(complete)),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// A refusal tells where to go on.
fn refused(refusal: Refusal) -> Response {
    let offset = match refusal {
        Refusal::Offset(offset) => Some(offset),
        Refusal::Hash => Some(0),
        _ => None,
    };
    let mut response = ApiError::from(refusal).into_response();
    if let Some(offset) = offset {
        response
            .headers_mut()
            .insert(UPLOAD_OFFSET, HeaderValue::from(offset));
    }
    response
}

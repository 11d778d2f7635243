//! `GET /v1/evidence/{sha256}` for the console: the bytes of a file that some order's manifest names,
//! under headers that keep whatever is inside from running.

use super::folder::{Folder, Hash};
use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::store::StoreError;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Bytes read ahead of a slow browser: so many pieces of so many bytes.
const PIECES: usize = 8;
const PIECE_BYTES: usize = 64 * 1024;

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
    let asked = headers.get(header::RANGE).and_then(|v| v.to_str().ok());
    let Some(range) = range(asked, size) else {
        let told = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
        return Ok((StatusCode::RANGE_NOT_SATISFIABLE, told).into_response());
    };
    let path = Folder::new(&app.settings.data).whole(&hash);
    let (send, receive) = mpsc::channel(PIECES);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = read(&path, range, &send) {
            tracing::error!(error = %error, "evidence cannot be read");
            let _ = send.blocking_send(Err(error));
        }
    });
    let body = Body::from_stream(ReceiverStream::new(receive));
    let mime = mime.unwrap_or_else(|| "application/octet-stream".to_owned());
    Ok(answer(&mime, range, size, asked.is_some(), body))
}

fn answer(mime: &str, range: (u64, u64), size: u64, is_part: bool, body: Body) -> Response {
    let (from, to) = range;
    let headers = [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::CONTENT_LENGTH, (to - from).to_string()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (
            header::CONTENT_RANGE,
            format!("bytes {from}-{}/{size}", to.saturating_sub(1)),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        // A drawing may hold scripts: nothing in it may run or load.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned(),
        ),
        (
            header::CACHE_CONTROL,
            "private, max-age=31536000, immutable".to_owned(),
        ),
    ];
    let mut response = (StatusCode::OK, headers, body).into_response();
    if is_part {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    } else {
        response.headers_mut().remove(header::CONTENT_RANGE);
    }
    response
}

/// `bytes=a-b`, `bytes=a-` or none, as a half-open range within the file; `None` when it cannot be
/// satisfied.
fn range(asked: Option<&str>, size: u64) -> Option<(u64, u64)> {
    let Some(asked) = asked else {
        return Some((0, size));
    };
    let (from, to) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let from: u64 = from.parse().ok()?;
    let to = match to {
        "" => size,
        to => to.parse::<u64>().ok()?.checked_add(1)?.min(size),
    };
    (from < to).then_some((from, to))
}

fn read(
    path: &std::path::Path,
    (from, to): (u64, u64),
    send: &mpsc::Sender<io::Result<Bytes>>,
) -> io::Result<()> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut rest = file.take(to - from);
    loop {
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        let count = rest
            .by_ref()
            .take(PIECE_BYTES as u64)
            .read_to_end(&mut piece)?;
        if count == 0 || send.blocking_send(Ok(Bytes::from(piece))).is_err() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges_stay_within_the_file() {
        assert_eq!(range(None, 10), Some((0, 10)));
        assert_eq!(range(Some("bytes=2-4"), 10), Some((2, 5)));
        assert_eq!(range(Some("bytes=2-"), 10), Some((2, 10)));
        assert_eq!(range(Some("bytes=2-900"), 10), Some((2, 10)));
        for bad in [
            "bytes=10-",
            "bytes=5-4",
            "bytes=-",
            "items=1-2",
            "bytes=0-1,4-5",
            "bytes=-5",
        ] {
            assert_eq!(range(Some(bad), 10), None, "{bad}");
        }
    }
}

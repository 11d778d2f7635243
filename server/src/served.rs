//! A file of the data folder as an answer: whole or one byte range, streamed, under headers that keep
//! whatever is inside from running. Who may have it, the caller has decided.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Bytes read ahead of a slow browser: so many pieces of so many bytes.
const PIECES: usize = 8;
const PIECE_BYTES: usize = 64 * 1024;

/// The file of so many bytes, or the range of it that was asked for.
pub fn served(path: PathBuf, mime: &str, size: u64, headers: &HeaderMap) -> Response {
    let asked = headers.get(header::RANGE).and_then(|v| v.to_str().ok());
    let Some(range) = range(asked, size) else {
        let told = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
        return (StatusCode::RANGE_NOT_SATISFIABLE, told).into_response();
    };
    let (send, receive) = mpsc::channel(PIECES);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = read(&path, range, &send) {
            tracing::error!(error = %error, "a file cannot be read");
            let _ = send.blocking_send(Err(error));
        }
    });
    let body = Body::from_stream(ReceiverStream::new(receive));
    answer(mime, range, size, asked.is_some(), body)
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
    path: &Path,
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

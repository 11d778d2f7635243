//! The web console inside the binary: the files Vite built under `server/console/dist`. Knows nothing
//! about orders; `router.rs` asks it for every address that is not an API route.
//!
//! Hashed files live for ever in the browser; every other address is the page itself, so that a deep
//! link works. Scripts come only from here (no inline script, no other host).

use crate::error::ApiError;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;
use std::borrow::Cow;
use tower_http::compression::CompressionLayer;

/// Styles may be inline because the widget kit writes them at run time; scripts may not.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "no-cache";
const INDEX: &str = "index.html";

const NOT_BUILT: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>电码</title>\
    <p>控制台尚未构建：请在 server/console 里运行 npm ci 和 npm run build，然后重新编译服务器。</p>\
    <p>The console is not built: run npm ci and npm run build in server/console, then rebuild the server.</p>";

#[derive(RustEmbed)]
#[folder = "console/dist/"]
#[allow_missing = true]
struct Files;

/// Every address outside the API. Compressed on the way out.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().fallback(serve).layer(CompressionLayer::new())
}

async fn serve(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "v1" || path.starts_with("v1/") {
        return ApiError::not_found().into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if let Some(file) = Files::get(path) {
        return answer(path, file.data);
    }
    if path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Files::get(INDEX) {
        Some(page) => answer(INDEX, page.data),
        None => (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response(),
    }
}

fn answer(path: &str, content: Cow<'static, [u8]>) -> Response {
    let caching = if path.starts_with("assets/") {
        FOR_EVER
    } else {
        ASK_EACH_TIME
    };
    let mut response = Response::new(Body::from(content));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(path)),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    response
}

/// The kinds of file a build has.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;
    use tower::ServiceExt;

    async fn get(path: &str) -> Response {
        let request = Request::get(path).body(Body::empty()).unwrap();
        router::<()>().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn answers_unknown_api_routes_with_a_fault_code() {
        let response = get("/v1/no_such_route").await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap();
        assert_eq!(kind, "application/json");
    }

    #[tokio::test]
    async fn gives_the_page_for_a_deep_link_or_says_that_it_is_not_built() {
        let response = get("/orders/01890000-0000-7000-8000-000000000000").await;
        let expected = if Files::get(INDEX).is_some() {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        assert_eq!(response.status(), expected);
        let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap();
        assert_eq!(kind, "text/html; charset=utf-8");
    }

    #[tokio::test]
    async fn refuses_a_missing_asset_instead_of_giving_the_page() {
        assert_eq!(
            get("/assets/gone-00000000.js").await.status(),
            StatusCode::NOT_FOUND
        );
    }

    #[tokio::test]
    async fn refuses_other_methods() {
        let request = Request::post("/orders").body(Body::empty()).unwrap();
        let response = router::<()>().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[test]
    fn keeps_hashed_files_for_ever_and_asks_for_the_page_each_time() {
        let asset = answer("assets/index-1a2b3c4d.js", b"1".as_slice().into());
        assert_eq!(asset.headers()[header::CACHE_CONTROL], FOR_EVER);
        let page = answer(INDEX, b"<p>".as_slice().into());
        assert_eq!(page.headers()[header::CACHE_CONTROL], ASK_EACH_TIME);
    }

    #[test]
    fn forbids_inline_scripts_and_other_hosts() {
        let page = answer(INDEX, b"<p>".as_slice().into());
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        let scripts = policy
            .split(';')
            .find(|part| part.trim().starts_with("script-src"));
        assert_eq!(scripts.map(str::trim), Some("script-src 'self'"));
        assert!(!policy.contains("http"));
    }
}

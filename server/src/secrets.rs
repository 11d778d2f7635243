//! How a session's token travels: the headers that carry one, marked so that no log or debug print
//! shows their values, and the words of the contract about them. Who may do what is in `access.rs`.

use crate::access::{ACCESS, Access};
use axum::http::{HeaderName, header};
use dianma_schema::permission::Permission;
use dianma_schema::wire::codec::TOKEN_HEADER;
use tower_http::sensitive_headers::SetSensitiveHeadersLayer;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};

/// Header of the CSRF token, which opens a console session together with its cookie.
pub const CSRF_HEADER: &str = "x-csrf-token";

const CONSOLE: &str = "console_session";
const CSRF: &str = "console_csrf";
const PHONE: &str = "phone_token";
const BEARER: &str = "bearer";

/// Every header whose value opens a session.
fn headers() -> [HeaderName; 5] {
    [
        header::AUTHORIZATION,
        header::COOKIE,
        header::SET_COOKIE,
        HeaderName::from_static(TOKEN_HEADER),
        HeaderName::from_static(CSRF_HEADER),
    ]
}

/// Marks those headers in requests and answers: their values print as `Sensitive` from here on.
pub fn mark() -> SetSensitiveHeadersLayer {
    SetSensitiveHeadersLayer::new(headers())
}

/// Writes into the contract which token each route asks for, as the permission rows say.
pub fn describe(document: &mut utoipa::openapi::OpenApi) {
    let components = document.components.get_or_insert_with(Default::default);
    for (name, scheme) in schemes() {
        components.add_security_scheme(name, scheme);
    }
    for (method, path, access) in ACCESS {
        let operation = document
            .paths
            .paths
            .get_mut(*path)
            .and_then(|item| operation(item, method));
        if let Some(operation) = operation {
            operation.security = Some(requirements(method, *access));
        }
    }
}

fn schemes() -> [(&'static str, SecurityScheme); 4] {
    let described = |name: &str, text: &str| ApiKeyValue::with_description(name, text);
    let session = described(
        "dianma_session",
        "Session of a person at the console, set by POST /v1/sessions.",
    );
    let csrf = described(
        CSRF_HEADER,
        "Beside the cookie in every request that changes something; told by GET /v1/sessions/current.",
    );
    let phone = described(
        TOKEN_HEADER,
        "A phone's token from POST /v1/devices/enrol, bare. The same secret as after `Bearer`; HTTP/2 \
         sends a repeated value of this header as one byte, that of `authorization` never.",
    );
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The token in the usual header."))
        .build();
    [
        (CONSOLE, SecurityScheme::ApiKey(ApiKey::Cookie(session))),
        (CSRF, SecurityScheme::ApiKey(ApiKey::Header(csrf))),
        (PHONE, SecurityScheme::ApiKey(ApiKey::Header(phone))),
        (BEARER, SecurityScheme::Http(bearer)),
    ]
}

fn operation<'a>(item: &'a mut PathItem, method: &str) -> Option<&'a mut Operation> {
    match method {
        "GET" => item.get.as_mut(),
        "HEAD" => item.head.as_mut(),
        "POST" => item.post.as_mut(),
        "PUT" => item.put.as_mut(),
        "PATCH" => item.patch.as_mut(),
        "DELETE" => item.delete.as_mut(),
        _ => None,
    }
}

/// The alternatives of a route; none for a public one.
fn requirements(method: &str, access: Access) -> Vec<SecurityRequirement> {
    let bare = |name: &str| SecurityRequirement::new(name, [] as [&str; 0]);
    match access {
        Access::Public => Vec::new(),
        Access::Outbox | Access::Can(Permission::UsePhone) => vec![bare(PHONE), bare(BEARER)],
        Access::Person => vec![
            bare(CONSOLE).add(CSRF, [] as [&str; 0]),
            bare(PHONE),
            bare(BEARER),
        ],
        Access::SignedIn | Access::Can(_) if matches!(method, "GET" | "HEAD") => {
            vec![bare(CONSOLE), bare(BEARER)]
        }
        Access::SignedIn | Access::Can(_) => {
            vec![bare(CONSOLE).add(CSRF, [] as [&str; 0]), bare(BEARER)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::{HeaderValue, Request};
    use std::convert::Infallible;
    use tower::{Layer, Service, ServiceExt};

    #[tokio::test]
    async fn no_debug_print_shows_a_token() {
        let print = tower::service_fn(|request: Request<Body>| async move {
            let printed = format!("{request:?}");
            Ok::<_, Infallible>(axum::http::Response::new(printed))
        });
        let mut service = mark().layer(print);
        let mut request = Request::new(Body::empty());
        for name in headers() {
            let value = HeaderValue::from_static("0123456789abcdef");
            request.headers_mut().insert(name, value);
        }
        let printed = service.ready().await.unwrap().call(request).await.unwrap();
        let printed = printed.into_body();
        assert!(printed.contains(TOKEN_HEADER), "{printed}");
        assert!(!printed.contains("0123456789abcdef"), "{printed}");
    }

    #[test]
    fn the_contract_names_the_phones_header_for_the_phones_routes_only() {
        let document = serde_json::to_value(crate::router::document()).unwrap();
        let security =
            |path: &str, method: &str| document["paths"][path][method]["security"].clone();
        let phone = serde_json::json!([{ PHONE: [] }, { BEARER: [] }]);
        assert_eq!(security("/v1/sync", "post"), phone);
        assert_eq!(security("/v1/blobs/{sha256}", "patch"), phone);
        assert_eq!(security("/v1/health", "get"), serde_json::json!([]));
        let office = serde_json::json!([{ CONSOLE: [], CSRF: [] }, { BEARER: [] }]);
        assert_eq!(security("/v1/work_orders/{id}/dispatch", "post"), office);
        let scheme = &document["components"]["securitySchemes"][PHONE];
        assert_eq!(scheme["name"], TOKEN_HEADER);
        assert_eq!(scheme["in"], "header");
    }
}

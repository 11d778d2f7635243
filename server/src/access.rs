//! Who may call which route: the permission row of every route, and the middleware that asks it.
//! A route without a row is refused, and a test fails.

use crate::app::App;
use crate::auth::session::{self, SessionKind};
use crate::error::ApiError;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use dianma_schema::fault;
use dianma_schema::permission::{Permission as P, may};
use dianma_schema::wire::codec::TOKEN_HEADER;

/// What a route asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Any signed-in person at the console.
    SignedIn,
    /// Any signed-in person, at the console or on a phone.
    Person,
    /// A person whose role has the permission.
    Can(P),
    /// A phone, even a retired one or one of a disabled person: its outbox is taken into quarantine,
    /// never refused (sync design §10), and so are the files it had captured before. The handler tells
    /// the two apart.
    Outbox,
}

use Access::{Can, Outbox, Person, Public, SignedIn};

/// The rows: method, path, access. Sorted by room.
#[rustfmt::skip]
pub const ACCESS: &[(&str, &str, Access)] = &[
    // system
    ("GET", "/v1/health", Public),
    // auth
    ("GET", "/v1/setup", Public),
    ("POST", "/v1/setup", Public),
    ("POST", "/v1/sessions", Public),
    ("GET", "/v1/sessions/current", SignedIn),
    ("DELETE", "/v1/sessions/current", Person),
    ("PUT", "/v1/staff/me/password", Person),
    // staff and audit
    ("GET", "/v1/staff", Can(P::ReadStaff)),
    ("POST", "/v1/staff", Can(P::ManageStaff)),
    ("PATCH", "/v1/staff/{id}", Can(P::ManageStaff)),
    ("POST", "/v1/staff/{id}/reset_password", Can(P::ManageStaff)),
    ("GET", "/v1/audit", Can(P::ReadAudit)),
    ("GET", "/v1/audit/verify", Can(P::ReadAudit)),
    // numbers
    ("GET", "/v1/overview", Can(P::ReadOrders)),
    ("GET", "/v1/kpis", Can(P::ReadNumbers)),
    ("GET", "/v1/kpis/series", Can(P::ReadNumbers)),
    ("GET", "/v1/kpis/{kpi}/orders", Can(P::ReadNumbers)),
    // live
    ("GET", "/v1/events", Can(P::ReadOrders)),
    // orders
    ("GET", "/v1/work_orders", Can(P::ReadOrders)),
    ("GET", "/v1/work_orders/counts", Can(P::ReadOrders)),
    ("GET", "/v1/work_orders/{id}", Can(P::ReadOrders)),
    ("PATCH", "/v1/work_orders/{id}", Can(P::EditDrafts)),
    ("POST", "/v1/work_orders/{id}/unmask", Can(P::UnmaskCustomers)),
    // dispatch; an agent may urge: the lifecycle table refuses whoever may not
    ("GET", "/v1/work_orders/{id}/candidates", Can(P::DispatchOrders)),
    ("POST", "/v1/work_orders/{id}/dispatch", Can(P::DispatchOrders)),
    ("POST", "/v1/work_orders/{id}/recall", Can(P::DispatchOrders)),
    ("POST", "/v1/work_orders/{id}/reassign", Can(P::DispatchOrders)),
    ("POST", "/v1/work_orders/{id}/cancel", Can(P::DispatchOrders)),
    ("POST", "/v1/work_orders/{id}/restore", Can(P::DispatchOrders)),
    ("POST", "/v1/work_orders/{id}/urge", Can(P::WriteIntake)),
    ("GET", "/v1/dispatch_policy", Can(P::ReadCatalogues)),
    ("PUT", "/v1/dispatch_policy", Can(P::ManageSettings)),
    // sync
    ("POST", "/v1/sync", Outbox),
    ("POST", "/v1/lookup", Can(P::UsePhone)),
    ("GET", "/v1/wake", Can(P::UsePhone)),
    ("GET", "/v1/quarantine", Can(P::ReadExceptions)),
    ("POST", "/v1/quarantine/{id}/resolve", Can(P::ResolveExceptions)),
    ("POST", "/v1/quarantine/{id}/retry", Can(P::ResolveExceptions)),
    // evidence
    ("HEAD", "/v1/blobs/{sha256}", Outbox),
    ("PATCH", "/v1/blobs/{sha256}", Outbox),
    ("GET", "/v1/evidence/{sha256}", Can(P::ReadOrders)),
    // devices
    ("POST", "/v1/devices/enrol", Public),
    ("POST", "/v1/devices/enrol_by_code", Public),
    ("POST", "/v1/devices/enrol_codes", Can(P::ManageDevices)),
    ("GET", "/v1/devices", Can(P::ReadDevices)),
    ("POST", "/v1/devices/{id}/retire", Can(P::ManageDevices)),
    ("GET", "/v1/app_releases/newest", Can(P::UsePhone)),
    ("GET", "/v1/app_releases/{sha256}", Can(P::UsePhone)),
    // review
    ("GET", "/v1/reviews", Can(P::ReviewOrders)),
    ("GET", "/v1/callbacks/due", Can(P::RecordCallbacks)),
    ("POST", "/v1/work_orders/{id}/approve", Can(P::ReviewOrders)),
    ("POST", "/v1/work_orders/{id}/reject", Can(P::ReviewOrders)),
    ("POST", "/v1/work_orders/{id}/waive_evidence", Can(P::ReviewOrders)),
    ("POST", "/v1/work_orders/{id}/archive", Can(P::ReviewOrders)),
    ("POST", "/v1/work_orders/{id}/call_back", Can(P::RecordCallbacks)),
    // intake
    ("POST", "/v1/intake/check", Can(P::WriteIntake)),
    ("POST", "/v1/intake/requests", Can(P::WriteIntake)),
    ("POST", "/v1/templates/try", Can(P::WriteIntake)),
    ("POST", "/v1/intake/hotline_95598", Can(P::PushHotline)),
    ("GET", "/v1/intake_records", Can(P::ReadExceptions)),
    ("POST", "/v1/intake_records/{id}/retry", Can(P::ResolveExceptions)),
    ("POST", "/v1/intake_records/{id}/assign", Can(P::ResolveExceptions)),
    ("POST", "/v1/intake_records/{id}/ignore", Can(P::ResolveExceptions)),
    ("POST", "/v1/intake_records/{id}/unmask", Can(P::UnmaskCustomers)),
    ("GET", "/v1/sources", Can(P::ReadExceptions)),
    // imports
    ("GET", "/v1/imports", Can(P::ManageImports)),
    ("POST", "/v1/imports", Can(P::ManageImports)),
    ("GET", "/v1/imports/{id}", Can(P::ManageImports)),
    ("GET", "/v1/import_mappings", Can(P::ManageImports)),
    // customers
    ("GET", "/v1/customers", Can(P::ReadCustomers)),
    ("GET", "/v1/customers/{id}", Can(P::ReadCustomers)),
    ("POST", "/v1/customers/{id}/unmask", Can(P::UnmaskCustomers)),
    ("GET", "/v1/stations", SignedIn),
    ("GET", "/v1/transformer_areas", SignedIn),
    // labels
    ("GET", "/v1/labels", Can(P::ReadCustomers)),
    ("GET", "/v1/labels/{id}", Can(P::ReadCustomers)),
    ("POST", "/v1/labels/{id}/reissue", Can(P::ManageLabels)),
    ("POST", "/v1/labels/{id}/revoke", Can(P::ManageLabels)),
    ("POST", "/v1/label_places", Can(P::ManageLabels)),
    ("GET", "/v1/label_sheets", Can(P::ReadCustomers)),
    ("GET", "/v1/labels/{id}/symbol", Can(P::ReadCustomers)),
    ("POST", "/v1/labels/print", Can(P::ManageLabels)),
    // whoever may dispatch or take requests may call the customer
    ("POST", "/v1/work_orders/{id}/consent_codes", Can(P::WriteIntake)),
    ("GET", "/c/{token}", Public),
    // views: everybody his own
    ("GET", "/v1/saved_views", SignedIn),
    ("POST", "/v1/saved_views", SignedIn),
    ("DELETE", "/v1/saved_views/{id}", SignedIn),
    // catalogues
    ("GET", "/v1/catalogues/{name}", Can(P::ReadCatalogues)),
];

/// The row of a route.
pub fn access(method: &Method, path: &str) -> Option<Access> {
    let method = if method == Method::HEAD && !path.starts_with("/v1/blobs") {
        "GET"
    } else {
        method.as_str()
    };
    ACCESS
        .iter()
        .find(|(m, p, _)| *m == method && *p == path)
        .map(|(_, _, access)| *access)
}

/// Finds the row, the session and the role; refuses or puts the `Actor` into the request.
pub async fn authorise(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map(|p| p.as_str().to_owned());
    let row = path
        .as_deref()
        .and_then(|path| access(request.method(), path));
    let Some(row) = row else {
        tracing::error!(path = ?path, "a route without a permission row");
        return Err(ApiError::forbidden(fault::A_ROLE));
    };
    if row == Public {
        return Ok(next.run(request).await);
    }
    let token = token_of(request.headers()).ok_or_else(ApiError::unauthorized)?;
    let now_ms = app.clock.now_ms();
    let hash = crate::text::sha256_hex(token.value.as_bytes());
    let found = app
        .store
        .look_up(move |tx| session::find(tx, &hash, now_ms))
        .await?;
    let session = found.ok_or_else(ApiError::unauthorized)?;
    check_kind(&session, &token, &request)?;
    check_blocked(&session, row)?;
    let allowed = match row {
        Public | Person => true,
        SignedIn => session.kind == SessionKind::Console,
        Can(permission) => may(session.actor.role, permission),
        Outbox => session.kind == SessionKind::Device && may(session.actor.role, P::UsePhone),
    };
    if !allowed {
        return Err(ApiError::forbidden(fault::A_ROLE));
    }
    request.extensions_mut().insert(session.actor);
    Ok(next.run(request).await)
}

/// The session token of a request.
pub(crate) struct Token {
    pub(crate) value: String,
    from_cookie: bool,
}

/// `Authorization: Bearer` first, then the phones' own header, then the cookie.
pub(crate) fn token_of(headers: &HeaderMap) -> Option<Token> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let bearer = text(header::AUTHORIZATION.as_str()).and_then(|v| v.strip_prefix("Bearer "));
    if let Some(value) = bearer.or_else(|| text(TOKEN_HEADER)) {
        return Some(Token {
            value: value.to_owned(),
            from_cookie: false,
        });
    }
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix("dianma_session="))
        .map(|value| Token {
            value: value.to_owned(),
            from_cookie: true,
        })
}

fn check_blocked(session: &session::Session, row: Access) -> Result<(), ApiError> {
    match session.kind {
        _ if !session.is_blocked || row == Outbox => Ok(()),
        SessionKind::Device => Err(ApiError::forbidden(fault::A_DEVICE_REVOKED)),
        SessionKind::Console => Err(ApiError::unauthorized()),
    }
}

/// A console token comes as a cookie with a CSRF header; a phone's token in a header of its own, which
/// no foreign site can make a browser send.
fn check_kind(
    session: &session::Session,
    token: &Token,
    request: &Request,
) -> Result<(), ApiError> {
    match (session.kind, token.from_cookie) {
        (SessionKind::Device, true) => Err(ApiError::unauthorized()),
        (SessionKind::Console, true) if !request.method().is_safe() => {
            let sent = request
                .headers()
                .get(crate::secrets::CSRF_HEADER)
                .and_then(|v| v.to_str().ok());
            if sent == Some(session::csrf_token(&token.value).as_str()) {
                Ok(())
            } else {
                Err(ApiError::forbidden(fault::A_CSRF))
            }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(pairs: &[(&'static str, &'static str)]) -> Option<(String, bool)> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, header::HeaderValue::from_static(value));
        }
        token_of(&headers).map(|token| (token.value, token.from_cookie))
    }

    #[test]
    fn a_token_comes_as_bearer_in_the_phones_header_or_as_cookie_in_this_order() {
        let bearer = ("authorization", "Bearer aa");
        let own = (TOKEN_HEADER, "bb");
        let cookie = ("cookie", "a=1; dianma_session=cc");
        let of = |value: &str, is_cookie| Some((value.to_owned(), is_cookie));
        assert_eq!(token(&[cookie, own, bearer]), of("aa", false));
        assert_eq!(token(&[cookie, own]), of("bb", false));
        assert_eq!(token(&[cookie]), of("cc", true));
        assert_eq!(token(&[("authorization", "Basic aa")]), None);
        assert_eq!(token(&[]), None);
    }
}

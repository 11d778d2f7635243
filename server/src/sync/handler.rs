//! `POST /v1/sync`: the body's frame, the two halves (push, then pull), the answer.

use super::batch::{self, Reply};
use super::own::Own;
use super::pull::{self, Pulled, Standing};
use crate::app::App;
use crate::auth::Actor;
use crate::devices::presence;
use crate::error::{ApiError, ErrorBody};
use crate::keys::trust;
use crate::store::{StoreError, Tx};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::id::DeviceId;
use dianma_schema::wire::codec::{self, CONTENT_TYPE};
use dianma_schema::wire::sync::{
    MAX_BODY_BYTES, NetClass, PROTOCOL, SyncRequest, SyncResponse, TrustUpdate,
};
use std::sync::Arc;

/// Seconds between polls of a phone that hears hints on the wake stream.
const POLL_S: u32 = 60;
/// On 2G a poll costs more than it brings.
const POLL_GPRS_S: u32 = 120;
/// Phones spread over so many seconds, so that they do not come back all at once after an outage.
const SPREAD_S: u32 = 10;

/// Push the outbox, pull the feed: body and answer as in `dianma_schema::wire` (CBOR, framed).
#[utoipa::path(post, path = "/v1/sync", tag = "phone",
    request_body(content = Vec<u8>, content_type = "application/x-dianma"),
    responses((status = 200, content_type = "application/x-dianma", body = Vec<u8>),
    (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 413, body = ErrorBody),
    (status = 503, body = ErrorBody)))]
pub async fn sync(
    State(app): State<App>,
    actor: Actor,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = body.map_err(|_| too_large())?;
    let request = Arc::new(read(&headers, &body)?);
    let device_id = actor.device_id.ok_or_else(ApiError::unauthorized)?;
    let now_ms = app.clock.now_ms();
    let Pushed { mut reply, seen } = push(&app, now_ms, &actor, device_id, &request).await?;
    let found = match seen {
        Some(seen) => seen,
        None => pull(&app, &actor, device_id, &request, &reply).await?,
    };
    let pulled = settle(now_ms, device_id, &request, found, &mut reply);
    let is_cut = reply.is_cut || pulled.has_more;
    let response = SyncResponse {
        server_ms: now_ms,
        results: (!reply.results.is_empty()).then_some(reply.results),
        resend_from: reply.resend_from,
        pages: (!pulled.pages.is_empty()).then_some(pulled.pages),
        next_poll_s: next_poll_s(&request, device_id, is_cut, reply.fault),
        fault: reply.fault.map(|code| code.as_str().to_owned()),
        trust: pulled.trust,
    };
    let packed = codec::pack(&response).map_err(|error| {
        tracing::error!(error = %error, "a sync answer cannot be packed");
        ApiError::internal()
    })?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], packed).into_response())
}

fn too_large() -> ApiError {
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, fault::V_TOO_LARGE)
}

fn read(headers: &HeaderMap, body: &[u8]) -> Result<SyncRequest, ApiError> {
    let bad = || ApiError::new(StatusCode::BAD_REQUEST, fault::V_BODY);
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok());
    if kind != Some(CONTENT_TYPE) {
        return Err(bad().with_detail(
            format!("内容类型须为 {CONTENT_TYPE}"),
            format!("content-type must be {CONTENT_TYPE}"),
        ));
    }
    if body.len() > MAX_BODY_BYTES {
        return Err(too_large());
    }
    codec::unpack(body).map_err(|error| bad().with_words(error.to_string()))
}

/// What the phone has not seen, and where it stands.
type Seen = (Pulled, Standing);

/// What became of the push.
#[derive(Default)]
struct Pushed {
    reply: Reply,
    /// Set when the push itself found that there is nothing to read.
    seen: Option<Seen>,
}

/// Takes the commands, in one transaction. Without any there is nothing to write.
async fn push(
    app: &App,
    now_ms: i64,
    actor: &Actor,
    device_id: DeviceId,
    request: &Arc<SyncRequest>,
) -> Result<Pushed, ApiError> {
    let is_due = app.heard.is_due(device_id, now_ms);
    let has_commands = request
        .commands
        .as_ref()
        .is_some_and(|sent| !sent.is_empty());
    if !has_commands && !is_due {
        return Ok(Pushed::default());
    }
    let (actor, request) = (actor.clone(), Arc::clone(request));
    let written = app.store.write(move |tx| -> Result<Pushed, StoreError> {
        if is_due {
            presence::heard_poll(tx, now_ms, actor.staff_id, device_id)?;
        }
        if !has_commands {
            return Ok(Pushed::default());
        }
        let reply = batch::apply(tx, now_ms, &actor, device_id, &request)?;
        let standing = pull::standing(tx, &actor, device_id)?;
        let seen = standing.and_then(|standing| {
            let pulled = unread(&actor, &standing, &request, &reply)?;
            Some((pulled, standing))
        });
        Ok(Pushed { reply, seen })
    });
    Ok(written.await?)
}

fn unread(
    actor: &Actor,
    standing: &Standing,
    request: &SyncRequest,
    reply: &Reply,
) -> Option<Pulled> {
    if gets_nothing(standing, request) {
        return Some(Pulled::default());
    }
    if !knows_trust(standing, request) {
        return None;
    }
    let mut pulled = pull::unread(actor, standing, request, &reply.own)?;
    pulled.trust = request.trust.map(|_| TrustUpdate::default());
    Some(pulled)
}

/// A retired phone and one that speaks another protocol get no pages.
fn gets_nothing(standing: &Standing, request: &SyncRequest) -> bool {
    standing.is_blocked || request.protocol != PROTOCOL
}

/// Reads the changes.
async fn pull(
    app: &App,
    actor: &Actor,
    device_id: DeviceId,
    request: &Arc<SyncRequest>,
    reply: &Reply,
) -> Result<Seen, ApiError> {
    let look = Look {
        actor: actor.clone(),
        device_id,
        request: Arc::clone(request),
        own: reply.own.clone(),
    };
    let quick = look.clone();
    let found = app.store.read_short(move |tx| quick.run(tx, true)).await?;
    let found = match found {
        Some(found) => Some(found),
        None => app.store.read(move |tx| look.run(tx, false)).await?,
    };
    found.ok_or_else(ApiError::internal)
}

/// The reading half of a request.
#[derive(Clone)]
struct Look {
    actor: Actor,
    device_id: DeviceId,
    request: Arc<SyncRequest>,
    own: Vec<Own>,
}

impl Look {
    /// Where the phone stands and what it has not seen. With `only_short`, `None` when that is more
    /// than a few entries.
    fn run(&self, tx: &mut dyn Tx, only_short: bool) -> Result<Option<Seen>, ApiError> {
        let (actor, request) = (&self.actor, &self.request);
        let standing =
            pull::standing(tx, actor, self.device_id)?.ok_or_else(ApiError::unauthorized)?;
        if gets_nothing(&standing, request) {
            return Ok(Some((Pulled::default(), standing)));
        }
        if only_short
            && !(pull::is_short(actor, &standing, request) && knows_trust(&standing, request))
        {
            return Ok(None);
        }
        let mut pulled = pull::pages(tx, actor, &standing, request, &self.own)?;
        if let Some(have) = request.trust {
            pulled.trust = Some(trust::update(tx, have, standing.trust)?);
        }
        Ok(Some((pulled, standing)))
    }
}

/// The phone has the label keys and revocations in force, or did not ask.
fn knows_trust(standing: &Standing, request: &SyncRequest) -> bool {
    request.trust.is_none_or(|have| {
        have.key_serial >= standing.trust.key_serial
            && have.revocation_serial >= standing.trust.revocation_serial
    })
}

/// Words the standing into the reply.
fn settle(
    now_ms: i64,
    device_id: DeviceId,
    request: &SyncRequest,
    (pulled, standing): Seen,
    reply: &mut Reply,
) -> Pulled {
    if standing.is_blocked {
        reply.fault = Some(fault::A_DEVICE_REVOKED);
    } else if request.protocol != PROTOCOL {
        reply.fault = reply.fault.or(Some(fault::V_OLD_APP));
    }
    if reply.resend_from.is_none() && request.acked_n > standing.last_n {
        // Restored from a backup: the phone offers its tail again (sync design §4).
        reply.resend_from = Some(standing.last_n + 1);
        tracing::info!(device = %device_id, at_ms = now_ms, "a phone offers its tail again");
    }
    pulled
}

fn next_poll_s(
    request: &SyncRequest,
    device_id: DeviceId,
    is_cut: bool,
    fault: Option<FaultCode>,
) -> u32 {
    if is_cut && fault.is_none() {
        return 0;
    }
    let base = match request.net_class {
        NetClass::Gprs => POLL_GPRS_S,
        _ => POLL_S,
    };
    let [.., last] = *device_id.0.as_bytes();
    base + u32::from(last) % SPREAD_S
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_type_is_refused_with_the_one_to_use() {
        let error = read(&HeaderMap::new(), &[0]).unwrap_err();
        assert_eq!(error.code, fault::V_BODY);
        assert!(error.detail.unwrap().zh.contains(CONTENT_TYPE));
    }

    #[test]
    fn a_body_over_the_limit_is_refused_before_it_is_read() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static(CONTENT_TYPE),
        );
        let error = read(&headers, &vec![0; MAX_BODY_BYTES + 1]).unwrap_err();
        assert_eq!(error.code, fault::V_TOO_LARGE);
    }
}

//! Sending a one-time code: made by a person in the office, worded here, handed to the delivery
//! adapter; and the page behind the customer's link. The page shows order number, step, digits and
//! symbol, and nothing about a person.

use super::consent::{self, NewCode, RANDOM_BYTES, Shown};
use super::delivery::Message;
use super::symbol::Symbol;
use crate::app::App;
use crate::audit;
use crate::auth::Actor;
use crate::clock::random;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId};
use crate::feed;
use crate::keys::Keyring;
use crate::orders::{By, row};
use crate::store::Tx;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use dianma_schema::id::WorkOrderId;
use dianma_schema::label::consent::ConsentStep;
use dianma_schema::time::format_minute;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// Length of a link token, characters.
const TOKEN_CHARACTERS: usize = 32;

/// Which step.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct ConsentBody {
    /// Arrival or closing.
    pub step: ConsentStep,
}

/// A code that was made.
#[derive(Clone, Serialize, ToSchema)]
pub struct ConsentView {
    /// The step.
    pub step: ConsentStep,
    /// Path of the customer's page.
    pub link_path: String,
    /// The text for the customer, when somebody has to send or read it out by hand.
    pub sms_text: String,
    /// Handed to the delivery adapter.
    pub is_sent: bool,
    /// Last moment, epoch ms.
    pub expires_at_ms: i64,
}

impl std::fmt::Debug for ConsentView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ConsentView({})", self.step)
    }
}

/// Envelope of [`ConsentView`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentCodeBody {
    /// The code.
    pub consent_code: ConsentView,
}

/// Make a one-time code for a step of an order and send it to the customer.
#[utoipa::path(post, path = "/v1/work_orders/{id}/consent_codes", tag = "labels",
    params(("id" = WorkOrderId, Path)), request_body = ConsentBody, responses(
    (status = 201, body = ConsentCodeBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 423, body = ErrorBody)))]
pub async fn send_consent_code(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<ConsentBody>,
) -> Result<(StatusCode, Json<ConsentCodeBody>), ApiError> {
    let (keys, now_ms, random) = (app.keys.clone(), app.clock.now_ms(), random()?);
    let made = app
        .store
        .write(move |tx| make(tx, &keys, now_ms, &actor, id, body.step, random))
        .await?;
    let link_path = format!("/c/{}", made.code.link_token);
    let link = format!("{}{link_path}", app.public_url);
    let sms_text = wording(&made.order_number, &made.code, &link);
    let is_sent = deliver(&app, made.phone, &sms_text).await;
    let consent_code = ConsentView {
        step: made.code.step,
        link_path,
        sms_text,
        is_sent,
        expires_at_ms: made.code.expires_at_ms,
    };
    Ok((StatusCode::CREATED, Json(ConsentCodeBody { consent_code })))
}

struct Made {
    code: NewCode,
    order_number: String,
    phone: Option<String>,
}

fn make(
    tx: &mut dyn Tx,
    keys: &Keyring,
    now_ms: i64,
    actor: &Actor,
    id: WorkOrderId,
    step: ConsentStep,
    random: [u8; RANDOM_BYTES],
) -> Result<Made, ApiError> {
    let mut order = row::load_for_update(tx, id)?.ok_or_else(ApiError::not_found)?;
    let by = By::from(actor);
    let (code, changes) = consent::create(tx, keys, now_ms, &by, &mut order, step, random)?;
    let entry = audit::Entry {
        actor_id: &by.id,
        action: "consent_code_made",
        subject_kind: "work_order",
        subject_id: &id.to_string(),
        detail: json!({ "step": step }),
    };
    audit::append(tx, now_ms, &entry)?;
    feed::publish(tx, now_ms, changes)?;
    Ok(Made {
        code,
        order_number: order.order_number,
        phone: order.contact_phone,
    })
}

/// The words of the text. Only the last five characters of the order number: enough to tell two visits
/// apart, and nothing about a person.
fn wording(order_number: &str, code: &NewCode, link: &str) -> String {
    let tail: Vec<char> = order_number.chars().rev().take(5).collect();
    let tail: String = tail.into_iter().rev().collect();
    format!(
        "【供电服务】工单{tail}{}同意码 {}，工作人员在您面前办理时再出示，{}前有效。也可打开 {link}",
        code.step.zh(),
        code.digits,
        format_minute(code.expires_at_ms)
    )
}

async fn deliver(app: &App, phone: Option<String>, text: &str) -> bool {
    let (Some(delivery), Some(to)) = (app.delivery.clone(), phone) else {
        return false;
    };
    let message = Message {
        to,
        text: text.to_owned(),
    };
    let sent = tokio::task::spawn_blocking(move || delivery.send(&message)).await;
    match sent {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(error = %error, "a consent code was not delivered");
            false
        }
        Err(_) => false,
    }
}

/// The customer's page: the code in force behind the link.
#[utoipa::path(get, path = "/c/{token}", tag = "labels", params(("token" = String, Path)), responses(
    (status = 200, content_type = "text/html", body = String), (status = 404, content_type = "text/html", body = String)))]
pub async fn consent_page(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, ApiError> {
    let is_token =
        token.len() == TOKEN_CHARACTERS && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (keys, now_ms) = (app.keys.clone(), app.clock.now_ms());
    let found = if is_token {
        let shown = app
            .store
            .read(move |tx| consent::shown(tx, &keys, now_ms, &token));
        shown.await.map_err(ApiError::from)?
    } else {
        None
    };
    let (status, html) = match found {
        Some(shown) => (StatusCode::OK, page(&shown)?),
        None => (StatusCode::NOT_FOUND, gone()),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ];
    Ok((status, headers, html).into_response())
}

const HEAD: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
    <meta name=\"robots\" content=\"noindex\"><title>同意码</title>\
    <style>body{font:18px/1.6 sans-serif;margin:2em auto;max-width:24em;text-align:center;color:#111;\
    background:#fff}svg{width:80%;height:auto}b{font-size:2.2em;letter-spacing:.2em}</style>";

fn page(shown: &Shown) -> Result<String, ApiError> {
    let symbol = match &shown.symbol {
        Some(text) => Symbol::encode(text)?.svg(500),
        None => String::new(),
    };
    let digits: Vec<char> = shown.digits.chars().collect();
    let (first, last) = digits.split_at(digits.len() / 2);
    let spaced: String = first.iter().chain(&[' ']).chain(last).collect();
    Ok(format!(
        "{HEAD}<h1>{}同意码</h1><p>工单 {}</p>{symbol}<p><b>{spaced}</b></p>\
         <p>请在工作人员当面办理时出示，不要转发。<br>{}前有效，只能用一次。</p>",
        shown.step.zh(),
        escaped(&shown.order_number),
        format_minute(shown.expires_at_ms)
    ))
}

fn gone() -> String {
    format!(
        "{HEAD}<h1>同意码已失效</h1><p>已使用、已过期或已重发，请联系供电服务人员重新获取。</p>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_the_step_and_no_person() {
        let code = NewCode {
            step: ConsentStep::Closing,
            digits: "012345".to_owned(),
            link_token: "0".repeat(TOKEN_CHARACTERS),
            expires_at_ms: 1_800_000_000_000,
        };
        let text = wording("GD20261121-00042", &code, "http://example.invalid/c/0");
        assert!(text.contains("012345") && text.contains("终结") && text.contains("00042"));
        assert!(text.chars().count() <= 140, "{text}");
    }
}

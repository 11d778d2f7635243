//! `POST /v1/intake/check`: is this one of our customers, are orders open, is supply stopped; and
//! `POST /v1/templates/try`: what the templates make of a text. Nothing is written.

use crate::app::App;
use crate::auth::Actor;
use crate::customers::find::{NotOurs, check_account, check_label};
use crate::customers::list::{CustomerView, view_one};
use crate::customers::row::CustomerRow;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Json as Body;
use crate::orders::page::summary;
use crate::orders::summary::{OrderSummary, Viewer};
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::fault::FaultCode;
use dianma_schema::intake::SupplyState;
use dianma_schema::permission::Permission;
use dianma_schema::template::{self, Decision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whom to check: an account number or the text of a scanned code.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct CheckRequest {
    /// 户号.
    pub account_number: Option<String>,
    /// Text of a code.
    pub label_text: Option<String>,
    /// What is asked for, to see the templates' decision.
    pub content: Option<String>,
}

/// What the agent needs to know before he takes the request.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckAnswer {
    /// The customer; `null` when refused.
    pub customer: Option<CustomerView>,
    /// Why it is refused.
    pub code: Option<FaultCode>,
    /// Chinese: what to tell the caller.
    pub message: Option<String>,
    /// English.
    pub message_en: Option<String>,
    /// Orders of the customer that are not closed.
    pub open_orders: Vec<OrderSummary>,
    /// Supply is stopped because of arrears: no fault crew is sent.
    pub is_stopped_for_arrears: bool,
    /// What the templates make of the content.
    pub decision: Option<Decision>,
}

/// Check a customer before taking a request.
#[utoipa::path(post, path = "/v1/intake/check", tag = "intake", request_body = CheckRequest, responses(
    (status = 200, body = CheckAnswer), (status = 422, body = ErrorBody)))]
pub async fn check(
    State(app): State<App>,
    actor: Actor,
    Body(body): Body<CheckRequest>,
) -> Result<Json<CheckAnswer>, ApiError> {
    let is_masked = !actor.may(Permission::UnmaskCustomers);
    let viewer = Viewer::new(&actor, app.clock.now_ms());
    let answer = app
        .store
        .read(move |tx| read(tx, &body, viewer, is_masked))
        .await?;
    Ok(Json(answer))
}

/// The customer a person names; `None` when he names none.
pub fn named(
    tx: &mut dyn Tx,
    account_number: Option<&str>,
    label_text: Option<&str>,
) -> Result<Option<Result<CustomerRow, NotOurs>>, StoreError> {
    let filled = |text: Option<&str>| {
        text.map(str::trim)
            .filter(|t| !t.is_empty())
            .map(str::to_owned)
    };
    match (filled(label_text), filled(account_number)) {
        (Some(text), _) => check_label(tx, &text).map(Some),
        (None, Some(account)) => check_account(tx, &account).map(Some),
        (None, None) => Ok(None),
    }
}

fn read(
    tx: &mut dyn Tx,
    body: &CheckRequest,
    viewer: Viewer,
    is_masked: bool,
) -> Result<CheckAnswer, ApiError> {
    let found = named(
        tx,
        body.account_number.as_deref(),
        body.label_text.as_deref(),
    )?;
    let found = found.ok_or_else(|| {
        let zh = "请填写户号或扫描客户码";
        ApiError::field(
            "account_number",
            zh,
            "Give an account number or scan a code",
        )
    })?;
    let content = body
        .content
        .as_deref()
        .filter(|text| !text.trim().is_empty());
    let decision = content.map(|text| template::engine().decide(text));
    Ok(match found {
        Err(not_ours) => CheckAnswer {
            customer: None,
            code: Some(not_ours.code),
            message: Some(not_ours.code.zh().to_owned()),
            message_en: Some(not_ours.code.en().to_owned()),
            open_orders: Vec::new(),
            is_stopped_for_arrears: false,
            decision,
        },
        Ok(customer) => CheckAnswer {
            code: None,
            message: None,
            message_en: None,
            open_orders: open_orders(tx, &customer, viewer)?,
            is_stopped_for_arrears: customer.supply_state == SupplyState::StoppedForArrears,
            customer: Some(view_one(tx, customer, is_masked)?),
            decision,
        },
    })
}

fn open_orders(
    tx: &mut dyn Tx,
    customer: &CustomerRow,
    viewer: Viewer,
) -> Result<Vec<OrderSummary>, StoreError> {
    let mut orders = Vec::new();
    for id in super::order::open_orders(tx, customer.id)? {
        orders.extend(summary(tx, viewer, id)?);
    }
    Ok(orders)
}

/// A text to try.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct TryRequest {
    /// What a caller says.
    pub text: String,
}

/// Envelope of a decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DecisionBody {
    /// The templates' decision with its reasons.
    pub decision: Decision,
}

/// Try the order templates on a text.
#[utoipa::path(post, path = "/v1/templates/try", tag = "intake", request_body = TryRequest, responses(
    (status = 200, body = DecisionBody), (status = 422, body = ErrorBody)))]
pub async fn try_templates(Body(body): Body<TryRequest>) -> Json<DecisionBody> {
    let decision = template::engine().decide(&body.text);
    Json(DecisionBody { decision })
}

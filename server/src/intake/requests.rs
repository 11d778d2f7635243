//! `POST /v1/intake/requests`: an agent takes a request in. The customer is checked first; who is not
//! ours is refused with a code and the refusal is kept. One `request_id` makes one order, however
//! often it is sent.

use super::check::named;
use super::document::MAX_CONTENT;
use super::order::{Request, Taken, take_in};
use super::record::{self, Incoming, Standing};
use crate::app::App;
use crate::auth::Actor;
use crate::clock::random;
use crate::customers::row::CustomerRow;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Json as Body;
use crate::feed;
use crate::intake::imports::inputs::Problem;
use crate::intake::imports::mapping::Fields;
use crate::intake::imports::values;
use crate::mint::Mint;
use crate::orders::By;
use crate::orders::page::{OrderDetail, detail};
use crate::orders::summary::Viewer;
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use dianma_schema::fault;
use dianma_schema::id::WorkOrderId;
use dianma_schema::intake::{RecordKind, RecordState};
use dianma_schema::order::{IntakeSource, OrderKind, Urgency};
use dianma_schema::template::{self, Decision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What the agent fills in.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct RequestBody {
    /// The agent's own id of the request, so that a double click makes one order.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub request_id: Option<Uuid>,
    /// 户号.
    pub account_number: Option<String>,
    /// Text of the customer's code, instead of the number.
    pub label_text: Option<String>,
    /// Who calls.
    pub caller_name: Option<String>,
    /// Number to call back.
    pub contact_phone: Option<String>,
    /// Where, when it is not the supply address.
    pub address: Option<String>,
    /// What is asked for.
    pub content: String,
    /// The door.
    pub source: IntakeSource,
    /// The agent's choice of the kind; otherwise the templates decide.
    pub kind: Option<OrderKind>,
    /// How pressing.
    pub urgency: Option<Urgency>,
    /// Agreed with the customer, epoch ms.
    pub appointment_at_ms: Option<i64>,
}

impl std::fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Names and telephone numbers stay out of logs.
        f.debug_struct("RequestBody")
            .field("source", &self.source)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The order and why it is of this kind.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RequestAnswer {
    /// The draft, or the open order an urge was attached to.
    pub work_order: OrderDetail,
    /// The templates' decision.
    pub decision: Decision,
    /// Chinese remark, e.g. that a similar order is open.
    pub message: Option<String>,
}

/// Take a request in.
#[utoipa::path(post, path = "/v1/intake/requests", tag = "intake", request_body = RequestBody, responses(
    (status = 201, body = RequestAnswer), (status = 422, body = ErrorBody)))]
pub async fn create_request(
    State(app): State<App>,
    actor: Actor,
    Body(body): Body<RequestBody>,
) -> Result<(StatusCode, Json<RequestAnswer>), ApiError> {
    validate(&body)?;
    let mint = Mint::new(app.clock.now_ms(), random()?);
    let by = By::from(&actor);
    let viewer = Viewer::new(&actor, mint.now_ms());
    let decision = template::engine().decide(&body.content);
    let taken = app
        .store
        .write(move |tx| receive(tx, &mut mint.clone(), &by, &body))
        .await
        .map_err(|error: StoreError| ApiError::from(error))?;
    let (id, message) = taken.map_err(refusal)?;
    let work_order = app
        .store
        .read(move |tx| detail(tx, viewer, id))
        .await
        .map_err(|error: StoreError| ApiError::from(error))?
        .ok_or_else(ApiError::not_found)?;
    let answer = RequestAnswer {
        work_order,
        decision,
        message,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

fn refusal(problem: Problem) -> ApiError {
    ApiError::unprocessable(problem.code).with_words(problem.detail)
}

fn validate(body: &RequestBody) -> Result<(), ApiError> {
    let length = body.content.trim().chars().count();
    if length == 0 || length > MAX_CONTENT {
        let zh = "请填写受理内容，不超过 2000 字";
        return Err(ApiError::field(
            "content",
            zh,
            "Write what is asked for, at most 2,000 characters",
        ));
    }
    let texts = [
        ("caller_name", &body.caller_name, 100),
        ("contact_phone", &body.contact_phone, 40),
        ("address", &body.address, 200),
    ];
    for (field, text, max) in texts {
        if text
            .as_ref()
            .is_some_and(|text| text.chars().count() > max || text.contains('\0'))
        {
            return Err(ApiError::field(
                field,
                "内容过长或含有不可用字符",
                "Too long, or an unusable character",
            ));
        }
    }
    if body.content.contains('\0') {
        return Err(ApiError::field(
            "content",
            "含有不可用字符",
            "An unusable character",
        ));
    }
    Ok(())
}

/// An order and a remark, or why the request is refused.
pub type Answer = Result<(WorkOrderId, Option<String>), Problem>;

/// Keeps the request and drafts its order. A refusal is an answer, not an error: it is stored too.
pub fn receive(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    body: &RequestBody,
) -> Result<Answer, StoreError> {
    let key = body
        .request_id
        .unwrap_or_else(|| mint.next_id())
        .to_string();
    let incoming = incoming(body, &key);
    let Some(id) = record::insert(tx, mint, &incoming, &key)? else {
        return again(tx, &incoming, &key);
    };
    let customer = named(
        tx,
        body.account_number.as_deref(),
        body.label_text.as_deref(),
    )?;
    let outcome = match customer {
        Some(Err(not_ours)) => Err(Problem::new(not_ours.code, not_ours.detail)),
        Some(Ok(customer)) => take_in(tx, mint, by, &request(body, &key, Some(customer)))?,
        None if body
            .address
            .as_deref()
            .is_some_and(|a| !a.trim().is_empty()) =>
        {
            take_in(tx, mint, by, &request(body, &key, None))?
        }
        None => Err(Problem::new(
            fault::V_UNKNOWN_CUSTOMER,
            "请填写户号或扫描客户码；公共设施请填写地址",
        )),
    };
    let outcome = outcome.and_then(|taken: Taken| match taken.order {
        Some((order_id, _)) => Ok((order_id, taken.message, taken.changes)),
        None => Err(Problem::new(fault::V_NO_TEMPLATE, "此内容不需要派单")),
    });
    let problem = outcome.as_ref().err();
    let standing = Standing {
        state: problem.map_or(RecordState::Used, |_| RecordState::Refused),
        problem,
        message: None,
        order_id: outcome.as_ref().ok().map(|(id, ..)| *id),
        handled_by: Some(&by.id),
    };
    record::settle(tx, mint.now_ms(), id, &standing)?;
    match outcome {
        Ok((order_id, message, changes)) => {
            feed::publish(tx, mint.now_ms(), changes)?;
            Ok(Ok((order_id, message)))
        }
        Err(problem) => Ok(Err(problem)),
    }
}

/// The same request sent again: the same answer.
fn again(tx: &mut dyn Tx, incoming: &Incoming, key: &str) -> Result<Answer, StoreError> {
    let known = record::find(tx, incoming, key)?;
    Ok(match known {
        Some(record::Known {
            order: Some((id, _)),
            ..
        }) => Ok((id, None)),
        Some(record::Known {
            code: Some(code), ..
        }) => Err(Problem::new(code, code.zh())),
        _ => Err(Problem::new(fault::V_DUPLICATE, "此请求正在处理")),
    })
}

fn incoming(body: &RequestBody, key: &str) -> Incoming {
    let mut fields = Fields::default();
    fields.set("order_number", key);
    Incoming {
        source: body.source.as_str().to_owned(),
        kind: RecordKind::Request,
        mapping: String::new(),
        raw: serde_json::to_string(body).unwrap_or_default(),
        fields: Ok(fields),
        has_meter_column: false,
        import_id: None,
        line: None,
    }
}

fn request(body: &RequestBody, key: &str, customer: Option<CustomerRow>) -> Request {
    let text = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).filter(|t| !t.is_empty());
        text.map(str::to_owned)
    };
    Request {
        source: body.source,
        source_key: Some(key.to_owned()),
        customer,
        caller_name: text(&body.caller_name),
        contact_phone: values::phone(body.contact_phone.as_deref()),
        address: text(&body.address),
        content: body.content.trim().to_owned(),
        kind: body.kind,
        work: None,
        category: None,
        urgency: body.urgency,
        area_class: None,
        area_code: None,
        station_code: None,
        taken_in_at_ms: None,
        appointment_at_ms: body.appointment_at_ms,
        similar_order: None,
        place: None,
    }
}

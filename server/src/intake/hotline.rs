//! `POST /v1/intake/hotline_95598`: another system pushes hotline orders, in either of the two field
//! profiles. Idempotent: the same order again is `unchanged`.

use super::document;
use super::record::{Incoming, Received};
use crate::app::App;
use crate::auth::Actor;
use crate::clock::random;
use crate::customers::write::MAX_BATCH;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Json as Body;
use crate::feed;
use crate::intake::imports::inputs::Problem;
use crate::intake::imports::mapping::{self, Mapping};
use crate::mint::Mint;
use crate::orders::By;
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::fault;
use dianma_schema::intake::RecordKind;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Name of this door.
const SOURCE: &str = "hotline_95598";
/// Most orders of one push.
const MAX_ORDERS: usize = 1_000;

/// What became of each pushed order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HotlineAnswer {
    /// In the order they came.
    pub results: Vec<Received>,
}

/// Push hotline orders: one object, or `{"orders": […]}`.
#[utoipa::path(post, path = "/v1/intake/hotline_95598", tag = "intake", request_body = Object, responses(
    (status = 200, body = HotlineAnswer), (status = 422, body = ErrorBody)))]
pub async fn push(
    State(app): State<App>,
    actor: Actor,
    Body(body): Body<Value>,
) -> Result<Json<HotlineAnswer>, ApiError> {
    let orders = orders(body)?;
    let mut results = Vec::with_capacity(orders.len());
    for part in orders.chunks(MAX_BATCH) {
        let mint = Mint::new(app.clock.now_ms(), random()?);
        let by = By::from(&actor);
        let part: Vec<Incoming> = part.to_vec();
        let answers = app
            .store
            .write(move |tx| receive(tx, &mut mint.clone(), &by, &part))
            .await
            .map_err(|error: StoreError| ApiError::from(error))?;
        results.extend(answers);
    }
    Ok(Json(HotlineAnswer { results }))
}

/// Takes hotline orders in and publishes what changed.
pub fn receive(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    batch: &[Incoming],
) -> Result<Vec<Received>, StoreError> {
    let (answers, changes) = document::receive(tx, mint, by, batch)?;
    feed::publish(tx, mint.now_ms(), changes)?;
    Ok(answers)
}

/// The orders of a body.
fn orders(body: Value) -> Result<Vec<Incoming>, ApiError> {
    let list = match body {
        Value::Object(mut object) => match object.remove("orders") {
            Some(Value::Array(list)) => list,
            Some(_) => return Err(bad("orders 须为数组", "orders must be an array")),
            None => vec![Value::Object(object)],
        },
        Value::Array(list) => list,
        _ => {
            return Err(bad(
                "须为一个工单对象或 orders 数组",
                "one order object or an array orders",
            ));
        }
    };
    if list.len() > MAX_ORDERS {
        return Err(ApiError::new(
            axum::http::StatusCode::PAYLOAD_TOO_LARGE,
            fault::V_TOO_LARGE,
        )
        .with_detail(
            format!("一次最多 {MAX_ORDERS} 条"),
            format!("{MAX_ORDERS} at a time at most"),
        ));
    }
    list.iter().map(read_order).collect()
}

fn bad(zh: &str, en: &str) -> ApiError {
    ApiError::new(axum::http::StatusCode::BAD_REQUEST, fault::V_BODY).with_detail(zh, en)
}

/// One pushed object. An object of no known profile is kept as well, as an exception.
pub fn read_order(value: &Value) -> Result<Incoming, ApiError> {
    let object = value
        .as_object()
        .ok_or_else(|| bad("工单须为对象", "an order must be an object"))?;
    let names: Vec<String> = object.keys().cloned().collect();
    let values: Vec<String> = object.values().map(text).collect();
    Ok(match mapping::recognise(RecordKind::Hotline, &names) {
        Some(mapping) => Incoming::read(SOURCE, mapping, &names, &values),
        None => unknown(&names, &values),
    })
}

fn unknown(names: &[String], values: &[String]) -> Incoming {
    let detail = "字段名不属于已知的 95598 接口格式";
    Incoming {
        source: SOURCE.to_owned(),
        kind: RecordKind::Hotline,
        mapping: mapping::find("hotline_profile")
            .map_or(String::new(), |m: &Mapping| m.name.clone()),
        raw: super::record::raw(names, values),
        fields: Err(Problem::new(fault::V_COLUMNS, detail)),
        has_meter_column: false,
        import_id: None,
        line: None,
    }
}

/// Scalars as text; what is nested is kept as JSON text.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

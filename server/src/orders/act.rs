//! How every office command runs: the order is locked, the use case works on it, the feed is
//! published last, and after the commit the caller gets the order's page.

use super::change::{By, Step};
use super::page::{OrderBody, detail};
use super::row::{self, OrderRow};
use super::summary::Viewer;
use crate::app::App;
use crate::auth::Actor;
use crate::error::ApiError;
use crate::feed::{self, Change};
use crate::store::{StoreError, Tx};
use axum::Json;
use dianma_schema::fault;
use dianma_schema::id::{WorkOrderId, uuid_v7};
use dianma_schema::order::Command;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// Longest reason or note, characters.
const MAX_NOTE: usize = 500;

/// Who acts, when, and on which version of the order.
#[derive(Clone, Debug)]
pub struct Office {
    /// Epoch ms.
    pub now_ms: i64,
    /// Who.
    pub by: By,
    /// The version the person saw; `None` for the server's own rules.
    pub version: Option<i64>,
}

impl Office {
    /// The server acting by a rule.
    pub fn system(now_ms: i64) -> Self {
        Self {
            now_ms,
            by: By::system(),
            version: None,
        }
    }

    /// A step of this person, now.
    pub fn step(&self, command: Command, detail: serde_json::Value) -> Step {
        Step::office(command, self.by.clone(), self.version, self.now_ms).with_detail(detail)
    }
}

/// A body that carries nothing but the version.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct VersionBody {
    /// The version the person saw.
    pub version: i64,
}

/// A body with the version and a reason.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ReasonBody {
    /// The version the person saw.
    pub version: i64,
    /// Why.
    pub reason: String,
}

/// Runs `work` on the locked order and answers with its page.
pub async fn act<F>(
    app: &App,
    actor: &Actor,
    id: WorkOrderId,
    version: i64,
    mut work: F,
) -> Result<Json<OrderBody>, ApiError>
where
    F: FnMut(&mut dyn Tx, &Office, &mut OrderRow) -> Result<Vec<Change>, ApiError> + Send + 'static,
{
    let office = Office {
        now_ms: app.clock.now_ms(),
        by: By::from(actor),
        version: Some(version),
    };
    let viewer = Viewer::new(actor, office.now_ms);
    app.store
        .write(move |tx| on_order(tx, &office, id, &mut work))
        .await?;
    let work_order = app
        .store
        .read(move |tx| detail(tx, viewer, id))
        .await
        .map_err(|error: StoreError| ApiError::from(error))?
        .ok_or_else(ApiError::not_found)?;
    Ok(Json(OrderBody { work_order }))
}

/// A use case on a locked order; returns the feed changes.
pub type Work<'a> =
    dyn FnMut(&mut dyn Tx, &Office, &mut OrderRow) -> Result<Vec<Change>, ApiError> + 'a;

/// Locks the order, lets `work` change it, publishes the feed.
pub fn on_order(
    tx: &mut dyn Tx,
    office: &Office,
    id: WorkOrderId,
    work: &mut Work<'_>,
) -> Result<(), ApiError> {
    let mut order = row::load_for_update(tx, id)?.ok_or_else(ApiError::not_found)?;
    let changes = work(tx, office, &mut order)?;
    feed::publish(tx, office.now_ms, changes)?;
    Ok(())
}

/// A reason that must be given: trimmed, refused as `S-422-REASON` when empty.
pub fn reason(text: &str) -> Result<String, ApiError> {
    note("reason", Some(text))?.ok_or_else(|| ApiError::unprocessable(fault::S_REASON))
}

/// A remark: trimmed, `None` when empty, refused when too long.
pub fn note(field: &str, text: Option<&str>) -> Result<Option<String>, ApiError> {
    let text = text.unwrap_or_default().trim();
    if text.chars().count() > MAX_NOTE {
        return Err(ApiError::field(
            field,
            "不能超过 500 字",
            "At most 500 characters",
        ));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// The id of a row that one step of one order makes. Derived from order, version and purpose, so
/// that a use case needs no randomness and a repeated run of it gives the same id.
pub fn step_id(now_ms: i64, order: &OrderRow, purpose: &str) -> String {
    let seed = format!("{purpose}:{}:{}", order.id, order.version);
    let digest = Sha256::digest(seed.as_bytes());
    let mut random = [0; 10];
    for (to, from) in random.iter_mut().zip(digest) {
        *to = from;
    }
    uuid_v7(now_ms, random).to_string()
}

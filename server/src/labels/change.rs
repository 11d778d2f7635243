//! Re-issue (换发): a new edition of the same label, the old one is outdated. Revoke (吊销): the label is
//! void in every edition; a new label takes its place when asked for. Both go into the revocation set
//! at once.

use super::archive::{self, LabelBody, LabelPage, NewEvent};
use super::places;
use crate::app::App;
use crate::args;
use crate::audit;
use crate::auth::Actor;
use crate::clock::random;
use crate::customers::touch;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId};
use crate::feed::{self, Change};
use crate::keys::{Keyring, revocations};
use crate::mint::Mint;
use crate::orders::act::reason;
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use dianma_schema::fault;
use dianma_schema::id::{CustomerId, LabelId, PlaceId};
use dianma_schema::label::revocations::ALL_REVISIONS;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// Why a label is re-issued.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ReissueBody {
    /// Reason; kept in the label's history.
    pub reason: String,
}

/// Why a label is revoked.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct RevokeBody {
    /// Reason; kept in the label's history.
    pub reason: String,
    /// Make a new label in its place.
    #[serde(default)]
    pub is_replaced: bool,
}

/// A new edition of a label; the old one is outdated.
#[utoipa::path(post, path = "/v1/labels/{id}/reissue", tag = "labels", params(("id" = String, Path)),
    request_body = ReissueBody, responses((status = 200, body = LabelBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn reissue(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<LabelId>,
    Body(body): Body<ReissueBody>,
) -> Result<Json<LabelBody>, ApiError> {
    let (keys, mint) = (app.keys.clone(), Mint::new(app.clock.now_ms(), random()?));
    let actor_id = actor.staff_id.to_string();
    let label = app
        .store
        .write(move |tx| apply_reissue(tx, &keys, &mut mint.clone(), &actor_id, id, &body.reason))
        .await?;
    Ok(Json(LabelBody { label }))
}

/// Void a label in every edition.
#[utoipa::path(post, path = "/v1/labels/{id}/revoke", tag = "labels", params(("id" = String, Path)),
    request_body = RevokeBody, responses((status = 200, body = LabelBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn revoke(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<LabelId>,
    Body(body): Body<RevokeBody>,
) -> Result<Json<LabelBody>, ApiError> {
    let (keys, mint) = (app.keys.clone(), Mint::new(app.clock.now_ms(), random()?));
    let actor_id = actor.staff_id.to_string();
    let label = app
        .store
        .write(move |tx| apply_revoke(tx, &keys, &mut mint.clone(), &actor_id, id, &body))
        .await?;
    Ok(Json(LabelBody { label }))
}

struct Standing {
    revision: i64,
    customer_id: Option<String>,
    meter_id: Option<String>,
    place_id: Option<String>,
    kind: String,
}

fn standing(tx: &mut dyn Tx, id: LabelId) -> Result<Standing, ApiError> {
    let found = tx.first(
        "SELECT revision, customer_id, meter_id, place_id, kind, state FROM labels WHERE id = ?1",
        args![id.to_string()],
        |row| {
            let standing = Standing {
                revision: row.int(0)?,
                customer_id: row.opt_text(1)?,
                meter_id: row.opt_text(2)?,
                place_id: row.opt_text(3)?,
                kind: row.text(4)?,
            };
            Ok((standing, row.text(5)?))
        },
    )?;
    match found {
        None => Err(ApiError::not_found()),
        Some((standing, state)) if state == "valid" => Ok(standing),
        Some(_) => Err(
            ApiError::new(StatusCode::CONFLICT, fault::S_STATE).with_detail(
                "标签已吊销，不能再换发或吊销",
                "the label is revoked: it cannot be reissued or revoked again",
            ),
        ),
    }
}

/// The use case of [`reissue`].
pub fn apply_reissue(
    tx: &mut dyn Tx,
    keys: &Keyring,
    mint: &mut Mint,
    actor_id: &str,
    id: LabelId,
    why: &str,
) -> Result<LabelPage, ApiError> {
    let (why, now_ms) = (reason(why)?, mint.now_ms());
    let old = standing(tx, id)?;
    let outdated = u32::try_from(old.revision).unwrap_or(1);
    revocations::add(tx, now_ms, id, outdated)?;
    tx.execute(
        "UPDATE labels SET revision = revision + 1, grade = NULL, graded_at_ms = NULL, \
         printed_at_ms = NULL WHERE id = ?1",
        args![id.to_string()],
    )?;
    keys.publish_revocations(tx, now_ms)?;
    let event = NewEvent {
        label_id: id,
        revision: old.revision + 1,
        event: "reissued",
        actor_id,
        key_id: None,
        detail: json!({ "reason": why }),
    };
    archive::note(tx, mint, &[event])?;
    audited(tx, now_ms, actor_id, "label_reissued", id)?;
    archive::one(tx, keys, now_ms, id)
}

/// The use case of [`revoke`].
pub fn apply_revoke(
    tx: &mut dyn Tx,
    keys: &Keyring,
    mint: &mut Mint,
    actor_id: &str,
    id: LabelId,
    body: &RevokeBody,
) -> Result<LabelPage, ApiError> {
    let (why, now_ms) = (reason(&body.reason)?, mint.now_ms());
    let old = standing(tx, id)?;
    revocations::add(tx, now_ms, id, ALL_REVISIONS)?;
    tx.execute(
        "UPDATE labels SET state = 'revoked', revoked_at_ms = ?2 WHERE id = ?1",
        args![id.to_string(), now_ms],
    )?;
    let replaced_by = if body.is_replaced {
        Some(replace(tx, mint, id, &old)?)
    } else {
        None
    };
    keys.publish_revocations(tx, now_ms)?;
    let event = NewEvent {
        label_id: id,
        revision: old.revision,
        event: "revoked",
        actor_id,
        key_id: None,
        detail: json!({ "reason": why, "replaced_by": replaced_by }),
    };
    archive::note(tx, mint, &[event])?;
    let changes = retouch(tx, now_ms, &old)?;
    audited(tx, now_ms, actor_id, "label_revoked", id)?;
    let page = archive::one(tx, keys, now_ms, id)?;
    feed::publish(tx, now_ms, changes)?;
    Ok(page)
}

fn replace(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    id: LabelId,
    old: &Standing,
) -> Result<String, ApiError> {
    let new = mint.next_id().to_string();
    tx.execute(
        "INSERT INTO labels (id, kind, customer_id, meter_id, place_id, state, issued_at_ms, revision) \
         VALUES (?1, ?2, ?3, ?4, ?5, 'valid', ?6, 1)",
        args![
            &new,
            &old.kind,
            old.customer_id.as_ref(),
            old.meter_id.as_ref(),
            old.place_id.as_ref(),
            mint.now_ms()
        ],
    )?;
    tx.execute(
        "UPDATE labels SET replaced_by = ?2 WHERE id = ?1",
        args![id.to_string(), &new],
    )?;
    Ok(new)
}

/// Phones know a customer's or place's label by its id: a change of it goes into the feed.
fn retouch(tx: &mut dyn Tx, now_ms: i64, old: &Standing) -> Result<Vec<Change>, ApiError> {
    if let Some(id) = old
        .place_id
        .as_ref()
        .and_then(|id| id.parse::<PlaceId>().ok())
    {
        return Ok(places::touch(tx, now_ms, id)?);
    }
    let customer = old.customer_id.as_ref();
    let ids: Vec<CustomerId> = customer
        .and_then(|id| id.parse().ok())
        .into_iter()
        .collect();
    Ok(touch(tx, now_ms, &ids, false)?)
}

fn audited(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor_id: &str,
    action: &str,
    id: LabelId,
) -> Result<(), ApiError> {
    let entry = audit::Entry {
        actor_id,
        action,
        subject_kind: "label",
        subject_id: &id.to_string(),
        detail: json!({}),
    };
    Ok(audit::append(tx, now_ms, &entry)?)
}

//! Showing a customer's personal data in full (查看客户隐私): needs the right, a reason, and is audited.
//! The order itself does not change.

use super::act::reason;
use super::row;
use crate::app::App;
use crate::audit;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId};
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use dianma_schema::id::WorkOrderId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// Why somebody must see it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct UnmaskBody {
    /// Reason; kept in the audit log.
    pub reason: String,
}

/// The data in full.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Personal {
    /// 户名.
    pub account_name: Option<String>,
    /// Telephone.
    pub contact_phone: Option<String>,
    /// Address.
    pub address: Option<String>,
}

impl std::fmt::Debug for Personal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Personal(…)")
    }
}

/// Envelope of [`Personal`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonalBody {
    /// The data.
    pub personal: Personal,
}

/// Show the personal data of a work order.
#[utoipa::path(post, path = "/v1/work_orders/{id}/unmask", tag = "orders",
    params(("id" = WorkOrderId, Path)), request_body = UnmaskBody, responses(
    (status = 200, body = PersonalBody), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn unmask(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<UnmaskBody>,
) -> Result<Json<PersonalBody>, ApiError> {
    let now_ms = app.clock.now_ms();
    let reader = actor.staff_id.to_string();
    let personal = app
        .store
        .write(move |tx| reveal(tx, now_ms, &reader, id, &body.reason))
        .await?;
    Ok(Json(PersonalBody { personal }))
}

/// The personal data of an order, after writing down who wanted it and why.
pub fn reveal(
    tx: &mut dyn Tx,
    now_ms: i64,
    reader_id: &str,
    id: WorkOrderId,
    why: &str,
) -> Result<Personal, ApiError> {
    let order = row::load(tx, id)?.ok_or_else(ApiError::not_found)?;
    write_down(tx, now_ms, reader_id, ("work_order", &id.to_string()), why)?;
    Ok(Personal {
        account_name: order.account_name,
        contact_phone: order.contact_phone,
        address: order.address,
    })
}

/// Writes down who wanted what in full and why; refused without a reason. Orders, customers and waiting records go
/// through here before anything is shown.
pub fn write_down(
    tx: &mut dyn Tx,
    now_ms: i64,
    reader_id: &str,
    (subject_kind, subject_id): (&str, &str),
    why: &str,
) -> Result<(), ApiError> {
    let entry = audit::Entry {
        actor_id: reader_id,
        action: "unmasked",
        subject_kind,
        subject_id,
        detail: json!({ "reason": reason(why)? }),
    };
    Ok(audit::append(tx, now_ms, &entry)?)
}

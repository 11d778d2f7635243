//! Showing a customer's telephone, name and address in full (查看客户隐私): needs the right, a reason, and is
//! audited. The same as for an order, asked on the customer's own page.

use super::row;
use crate::app::App;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId};
use crate::orders::unmask::{Personal, PersonalBody, UnmaskBody, write_down};
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use dianma_schema::id::CustomerId;

/// Show the personal data of a customer.
#[utoipa::path(post, path = "/v1/customers/{id}/unmask", tag = "customers",
    params(("id" = CustomerId, Path)), request_body = UnmaskBody, responses(
    (status = 200, body = PersonalBody), (status = 403, body = ErrorBody),
    (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn unmask_customer(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<CustomerId>,
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

/// The personal data of a customer, after writing down who wanted it and why.
pub fn reveal(
    tx: &mut dyn Tx,
    now_ms: i64,
    reader_id: &str,
    id: CustomerId,
    why: &str,
) -> Result<Personal, ApiError> {
    let customer = row::load(tx, id)?.ok_or_else(ApiError::not_found)?;
    write_down(tx, now_ms, reader_id, ("customer", &id.to_string()), why)?;
    Ok(Personal {
        account_name: Some(customer.account_name),
        contact_phone: customer.contact_phone,
        address: Some(customer.supply_address),
    })
}

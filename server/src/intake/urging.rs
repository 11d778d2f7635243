//! Urging (催办): the customer asks again. The open order becomes more pressing; a new one is never
//! made. Without an open order a person decides.

use super::order::{Request, Taken, open_orders, refused};
use crate::args;
use crate::dispatch::urge::press;
use crate::intake::imports::inputs::Problem;
use crate::orders::By;
use crate::orders::act::Office;
use crate::orders::row::load_for_update;
use crate::store::{StoreError, Tx};
use dianma_schema::fault;
use dianma_schema::id::WorkOrderId;
use dianma_schema::intake::RecordOutcome;

/// The order the urge is about: the one named, else the only sensible one of the account.
fn urged(tx: &mut dyn Tx, request: &Request) -> Result<Option<WorkOrderId>, StoreError> {
    if let Some(number) = &request.similar_order {
        let named = tx.first(
            "SELECT id FROM work_orders WHERE is_open = 1 AND (order_number = ?1 \
             OR source_key = ?1) ORDER BY taken_in_at_ms DESC LIMIT 1",
            args![number],
            |row| row.parse(0),
        )?;
        if named.is_some() {
            return Ok(named);
        }
    }
    match &request.customer {
        Some(customer) => Ok(open_orders(tx, customer.id)?.first().copied()),
        None => Ok(None),
    }
}

/// Attaches an urge to the open order it is about.
pub(super) fn urge(
    tx: &mut dyn Tx,
    now_ms: i64,
    by: &By,
    request: &Request,
) -> Result<Result<Taken, Problem>, StoreError> {
    let not_open = || {
        Problem::new(
            fault::V_NO_TEMPLATE,
            "催办的工单不在办：请人工核对后选择类型",
        )
    };
    let Some(id) = urged(tx, request)? else {
        return Ok(Err(not_open()));
    };
    let Some(mut order) = load_for_update(tx, id)? else {
        return Ok(Err(not_open()));
    };
    let office = Office {
        now_ms,
        by: by.clone(),
        version: None,
    };
    let note: String = request.content.chars().take(200).collect();
    let message = format!("已并入在办工单 {}", order.order_number);
    match press(tx, &office, &mut order, Some(&note)) {
        Ok(changes) => Ok(Ok(Taken {
            outcome: RecordOutcome::Attached,
            order: Some((order.id, order.order_number)),
            message: Some(message),
            changes,
        })),
        Err(refusal) => refused(refusal).map(Err),
    }
}

//! What a scanned code or a typed number proves: that somebody stood at the place of the order, or
//! that its customer took part. Codes name opaque labels; the archive knows what they belong to.

use super::command::Stop;
use crate::args;
use crate::orders::OrderRow;
use crate::store::{StoreError, Tx};
use dianma_schema::fault;
use dianma_schema::id::{LabelId, half_width};
use dianma_schema::label;
use dianma_schema::order::proof::Proof;
use dianma_schema::wire::command::Scan;

/// Stored when a number was typed because no code could be read: weaker than a scan.
const TYPED: &str = "typed";

/// What a valid label belongs to.
struct Labelled {
    kind: String,
    customer_id: Option<String>,
    area_id: Option<String>,
}

/// The proof of place an arrival gives; refused with S-422-PLACE when it is another place.
pub(super) fn place(tx: &mut dyn Tx, order: &OrderRow, scan: &Scan) -> Result<&'static str, Stop> {
    let found = if scan.typed {
        typed_place(tx, order, &scan.text)?
    } else {
        scanned_place(tx, order, &scan.text)?
    };
    found.ok_or_else(|| Stop::refuse(fault::S_PLACE_PROOF, Some(expected(order))))
}

/// What should have been scanned.
fn expected(order: &OrderRow) -> String {
    match (&order.account_number, &order.meter_number) {
        (Some(account), _) => format!("应为户号 {account} 的客户码或表计码"),
        (None, Some(meter)) => format!("应为表号 {meter} 的表计码"),
        (None, None) => "应为本台区的现场码".to_owned(),
    }
}

fn scanned_place(
    tx: &mut dyn Tx,
    order: &OrderRow,
    text: &str,
) -> Result<Option<&'static str>, Stop> {
    let code = label::parse(text)
        .map_err(|_| Stop::refuse(fault::S_PLACE_PROOF, Some("不是本系统的二维码".to_owned())))?;
    let Some(found) = labelled(tx, code.id)? else {
        return Ok(None);
    };
    let customer = order.customer_id.map(|id| id.to_string());
    let fits = match &customer {
        Some(customer) => found.customer_id.as_ref() == Some(customer),
        None => match order.area_id {
            Some(area) => found.area_id == Some(area.to_string()),
            None => true,
        },
    };
    let proof = match found.kind.as_str() {
        "customer" => Proof::CustomerCode,
        "meter" => Proof::MeterCode,
        _ => Proof::PlaceCode,
    };
    // Another customer's code at a place without a customer shows the area, not the customer.
    let proof = if customer.is_none() {
        Proof::PlaceCode
    } else {
        proof
    };
    Ok(fits.then_some(proof.as_str()))
}

fn labelled(tx: &mut dyn Tx, id: LabelId) -> Result<Option<Labelled>, StoreError> {
    tx.first(
        "SELECT l.kind, COALESCE(l.customer_id, m.customer_id), c.area_id FROM labels l \
         LEFT JOIN meters m ON m.id = l.meter_id \
         LEFT JOIN customers c ON c.id = COALESCE(l.customer_id, m.customer_id) \
         WHERE l.id = ?1 AND l.state = 'valid'",
        args![id.to_string()],
        |row| {
            Ok(Labelled {
                kind: row.text(0)?,
                customer_id: row.opt_text(1)?,
                area_id: row.opt_text(2)?,
            })
        },
    )
}

fn typed_place(
    tx: &mut dyn Tx,
    order: &OrderRow,
    text: &str,
) -> Result<Option<&'static str>, Stop> {
    let text = half_width(text.trim());
    if text.is_empty() {
        return Ok(None);
    }
    let on_order = [
        order.account_number.as_deref(),
        order.meter_number.as_deref(),
        order.pole_number.as_deref(),
    ];
    if on_order.contains(&Some(text.as_str())) {
        return Ok(Some(TYPED));
    }
    if let Some(customer) = order.customer_id {
        let meter = tx.first(
            "SELECT 1 FROM meters WHERE meter_number = ?1 AND customer_id = ?2",
            args![&text, customer.to_string()],
            |row| row.int(0),
        )?;
        return Ok(meter.map(|_| TYPED));
    }
    let Some(area) = order.area_id else {
        // Neither customer nor area is known: there is nothing to compare with, the event says so.
        return Ok(Some(Proof::None.as_str()));
    };
    let in_area = tx.first(
        "SELECT 1 FROM customers c LEFT JOIN meters m ON m.customer_id = c.id \
         WHERE c.area_id = ?2 AND (c.account_number = ?1 OR m.meter_number = ?1 \
         OR c.pole_number = ?1) LIMIT 1",
        args![&text, area.to_string()],
        |row| row.int(0),
    )?;
    Ok(in_area.map(|_| TYPED))
}

/// The proof of consent a closing scan gives: only the customer's own code does.
pub(super) fn consent(
    tx: &mut dyn Tx,
    order: &OrderRow,
    scan: &Scan,
) -> Result<Option<&'static str>, StoreError> {
    let Ok(code) = label::parse(&scan.text) else {
        return Ok(None);
    };
    if scan.typed {
        return Ok(None);
    }
    let found = labelled(tx, code.id)?;
    let is_customers = found.is_some_and(|label| {
        label.kind == "customer"
            && label.customer_id.is_some()
            && label.customer_id == order.customer_id.map(|id| id.to_string())
    });
    Ok(is_customers.then_some(Proof::CustomerCode.as_str()))
}

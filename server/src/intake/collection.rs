//! Bill collection (电费催收): accounts overdue for longer than the rule get one draft each, as long as
//! no collection order of theirs is open; drafts nobody has begun go when everything is paid.

use super::order::{Request, take_in};
use crate::args;
use crate::customers::row;
use crate::feed::Change;
use crate::mint::Mint;
use crate::orders::By;
use crate::orders::change::{EventTimes, touch};
use crate::orders::row::load_for_update;
use crate::store::{StoreError, Tx, Value};
use dianma_schema::arrears;
use dianma_schema::id::CustomerId;
use dianma_schema::money::format_yuan;
use dianma_schema::order::{IntakeSource, OrderKind};
use dianma_schema::time::{DAY_MS, day_key};
use serde_json::json;

/// Most drafts of one call, so that the writer is not held long.
const MAX_DRAFTS: i64 = 200;

/// Overdue accounts without an open collection order, at most [`MAX_DRAFTS`]; of the given customers
/// only, or of all. Returns the feed changes of those that were dispatched at once.
pub fn draft_overdue(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    of: Option<&[CustomerId]>,
) -> Result<Vec<Change>, StoreError> {
    let Some(rule) = arrears::rule_on(mint.now_ms()) else {
        return Ok(Vec::new());
    };
    let latest_due = day_key(mint.now_ms() - rule.collect_after_days * DAY_MS);
    let ids = match of {
        None => overdue(tx, latest_due, "")?,
        Some(customers) => {
            let mut found = Vec::new();
            for id in customers {
                found.extend(overdue(tx, latest_due, &id.to_string())?);
            }
            found
        }
    };
    let mut changes = Vec::new();
    for (id, oldest_due, amount_fen) in ids {
        let Some(customer) = row::load(tx, id)? else {
            continue;
        };
        let content = format!(
            "电费欠费 {} 元，最早应缴日 {oldest_due}，请上门催收",
            format_yuan(amount_fen)
        );
        let request = Request {
            source: IntakeSource::Mis,
            source_key: Some(format!("arrears/{}/{oldest_due}", customer.account_number)),
            customer: Some(customer),
            caller_name: None,
            contact_phone: None,
            address: None,
            content,
            kind: Some(OrderKind::BillCollection),
            work: None,
            category: None,
            urgency: None,
            area_class: None,
            area_code: None,
            station_code: None,
            taken_in_at_ms: None,
            appointment_at_ms: None,
            similar_order: None,
            place: None,
        };
        if let Ok(taken) = take_in(tx, mint, &By::system(), &request)? {
            changes.extend(taken.changes);
        }
    }
    Ok(changes)
}

type Overdue = (CustomerId, i64, i64);

fn overdue(tx: &mut dyn Tx, latest_due: i64, only: &str) -> Result<Vec<Overdue>, StoreError> {
    let args: &[Value] = args![latest_due, only, MAX_DRAFTS];
    tx.all(
        "SELECT b.customer_id, MIN(b.due_on), CAST(SUM(b.amount_fen) AS BIGINT) FROM bills b \
         WHERE b.paid_at_ms IS NULL AND b.due_on < ?1 AND (?2 = '' OR b.customer_id = ?2) \
         AND NOT EXISTS (SELECT 1 FROM work_orders w WHERE w.customer_id = b.customer_id \
         AND w.kind = 'bill_collection' AND w.is_open = 1) \
         GROUP BY b.customer_id ORDER BY MIN(b.due_on), b.customer_id LIMIT ?3",
        args,
        |row| Ok((row.parse(0)?, row.int(1)?, row.int(2)?)),
    )
}

/// What a draft says whose account has paid meanwhile.
const PAID: &str = "欠费已缴清，可作废";

/// Tells the dispatchers about collection drafts of accounts that have paid meanwhile: the draft
/// carries the remark, a person cancels it (the lifecycle gives cancelling to people).
pub fn settle_paid(
    tx: &mut dyn Tx,
    now_ms: i64,
    customers: &[CustomerId],
) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    for id in customers {
        let draft = tx.first(
            "SELECT w.id FROM work_orders w WHERE w.customer_id = ?1 \
             AND w.kind = 'bill_collection' AND w.state = 'draft' \
             AND COALESCE(w.dispatch_note, '') <> ?2 AND NOT EXISTS (SELECT 1 FROM bills b \
             WHERE b.customer_id = ?1 AND b.paid_at_ms IS NULL) ORDER BY w.id LIMIT 1",
            args![id.to_string(), PAID],
            |row| row.parse(0),
        )?;
        let order = match draft {
            Some(draft) => load_for_update(tx, draft)?,
            None => None,
        };
        if let Some(mut order) = order {
            let before = order.clone();
            order.dispatch_note = Some(PAID.to_owned());
            let times = EventTimes {
                at_ms: now_ms,
                occurred_at_ms: now_ms,
                uncertainty_ms: 0,
            };
            let detail = json!({ "paid_up": true });
            changes.extend(touch(
                tx,
                now_ms,
                &before,
                &mut order,
                &By::system(),
                times,
                &detail,
            )?);
        }
    }
    Ok(changes)
}

//! Batch writes of arrears rows (欠费): one bill per account and month. A paid bill stays as history;
//! the customer's unpaid sum is recomputed from the bills, never counted up and down.

use super::row;
use super::write::{RowOutcome, touch};
use crate::args;
use crate::feed::Change;
use crate::mint::Mint;
use crate::store::{StoreError, Tx, Value};
use dianma_schema::fault;
use dianma_schema::id::{AccountNumber, CustomerId};
use std::collections::{BTreeSet, HashMap};

/// A bill as an arrears row gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillInput {
    /// 户号.
    pub account_number: AccountNumber,
    /// `yyyymm`.
    pub bill_month: i64,
    /// Unpaid amount, fen; 0 means paid.
    pub amount_fen: i64,
    /// Day key the bill was due on.
    pub due_on: i64,
    /// When it was paid.
    pub paid_at_ms: Option<i64>,
}

/// What came of a batch of bills.
#[derive(Debug, Default)]
pub struct BillsWritten {
    /// In the order of the rows.
    pub outcomes: Vec<RowOutcome>,
    /// Customers whose bills changed.
    pub billed: Vec<CustomerId>,
    /// For `feed::publish`.
    pub changes: Vec<Change>,
}

/// Writes bills; the caller publishes the changes.
pub fn upsert_quietly(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    inputs: &[BillInput],
) -> Result<BillsWritten, StoreError> {
    let accounts: Vec<Value> = inputs
        .iter()
        .map(|input| input.account_number.as_str().into())
        .collect();
    let customers: HashMap<String, CustomerId> = row::load_by(tx, "account_number", &accounts)?
        .into_iter()
        .map(|row| (row.account_number, row.id))
        .collect();
    let mut outcomes = Vec::with_capacity(inputs.len());
    let mut touched = BTreeSet::new();
    for input in inputs {
        let Some(id) = customers.get(input.account_number.as_str()) else {
            let detail = "欠费记录的户号不在客户档案中".to_owned();
            outcomes.push(RowOutcome::Failed(fault::V_UNKNOWN_CUSTOMER, detail));
            continue;
        };
        if store(tx, mint, input, *id)? {
            touched.insert(*id);
            outcomes.push(RowOutcome::Written);
        } else {
            outcomes.push(RowOutcome::Unchanged);
        }
    }
    let touched: Vec<CustomerId> = touched.into_iter().collect();
    for id in &touched {
        tx.execute(
            "UPDATE customers SET arrears_fen = (SELECT CAST(COALESCE(SUM(b.amount_fen), 0) AS \
             BIGINT) FROM bills b WHERE b.customer_id = ?1 AND b.paid_at_ms IS NULL) WHERE id = ?1",
            args![id.to_string()],
        )?;
    }
    let changes = touch(tx, mint.now_ms(), &touched, false)?;
    Ok(BillsWritten {
        outcomes,
        billed: touched,
        changes,
    })
}

fn store(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    input: &BillInput,
    customer_id: CustomerId,
) -> Result<bool, StoreError> {
    let paid_at_ms = match (input.paid_at_ms, input.amount_fen) {
        (Some(at), _) => Some(at),
        (None, amount) if amount <= 0 => Some(mint.now_ms()),
        _ => None,
    };
    let changed = tx.execute(
        "INSERT INTO bills (id, customer_id, bill_month, amount_fen, due_on, paid_at_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (customer_id, bill_month) DO UPDATE SET \
         amount_fen = CASE WHEN excluded.amount_fen = 0 THEN bills.amount_fen \
         ELSE excluded.amount_fen END, due_on = excluded.due_on, paid_at_ms = excluded.paid_at_ms \
         WHERE (excluded.amount_fen <> 0 AND bills.amount_fen <> excluded.amount_fen) \
         OR bills.due_on <> excluded.due_on \
         OR (bills.paid_at_ms IS NULL AND excluded.paid_at_ms IS NOT NULL) \
         OR (bills.paid_at_ms IS NOT NULL AND excluded.paid_at_ms IS NULL)",
        args![
            mint.next_id().to_string(),
            customer_id.to_string(),
            input.bill_month,
            input.amount_fen.max(0),
            input.due_on,
            paid_at_ms
        ],
    )?;
    Ok(changed > 0)
}

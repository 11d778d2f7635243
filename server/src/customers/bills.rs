//! Batch writes of arrears rows (欠费): one bill per account and month. A paid bill stays as history;
//! the customer's unpaid sum is recomputed from the bills, never counted up and down.

use super::row;
use super::write::{RowOutcome, touch};
use crate::args;
use crate::feed::Change;
use crate::mint::Mint;
use crate::store::{MAX_LIST, StoreError, Tx, Value, in_list, statements};
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
    let mut waiting: Vec<Bill> = Vec::new();
    let mut waiting_keys = BTreeSet::new();
    for (at, input) in inputs.iter().enumerate() {
        let Some(customer_id) = customers.get(input.account_number.as_str()).copied() else {
            let detail = "欠费记录的户号不在客户档案中".to_owned();
            outcomes.push(RowOutcome::Failed(fault::V_UNKNOWN_CUSTOMER, detail));
            continue;
        };
        outcomes.push(RowOutcome::Unchanged);
        // One statement writes a bill once: the second row of one bill waits for the next.
        if !waiting_keys.insert((customer_id, input.bill_month)) {
            store(tx, mint, &waiting, &mut outcomes, &mut touched)?;
            waiting.clear();
            waiting_keys = BTreeSet::from([(customer_id, input.bill_month)]);
        }
        waiting.push(Bill {
            at,
            customer_id,
            input,
        });
    }
    store(tx, mint, &waiting, &mut outcomes, &mut touched)?;
    let touched: Vec<CustomerId> = touched.into_iter().collect();
    sum_up(tx, &touched)?;
    let changes = touch(tx, mint.now_ms(), &touched, false)?;
    Ok(BillsWritten {
        outcomes,
        billed: touched,
        changes,
    })
}

/// A readable row: its place in the batch and its customer.
struct Bill<'a> {
    at: usize,
    customer_id: CustomerId,
    input: &'a BillInput,
}

const INSERT: &str =
    "INSERT INTO bills (id, customer_id, bill_month, amount_fen, due_on, paid_at_ms)";
/// Only what says something new is written; the statement answers which those were.
const ON_CONFLICT: &str = "ON CONFLICT (customer_id, bill_month) DO UPDATE SET \
     amount_fen = CASE WHEN excluded.amount_fen = 0 THEN bills.amount_fen \
     ELSE excluded.amount_fen END, due_on = excluded.due_on, paid_at_ms = excluded.paid_at_ms \
     WHERE (excluded.amount_fen <> 0 AND bills.amount_fen <> excluded.amount_fen) \
     OR bills.due_on <> excluded.due_on \
     OR (bills.paid_at_ms IS NULL AND excluded.paid_at_ms IS NOT NULL) \
     OR (bills.paid_at_ms IS NOT NULL AND excluded.paid_at_ms IS NULL) \
     RETURNING customer_id, bill_month";

/// Writes rows of different bills.
fn store(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    bills: &[Bill<'_>],
    outcomes: &mut [RowOutcome],
    touched: &mut BTreeSet<CustomerId>,
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = bills.iter().map(|bill| row_values(mint, bill)).collect();
    let mut written: BTreeSet<(CustomerId, i64)> = BTreeSet::new();
    for (sql, part) in statements(INSERT, "(?, ?, ?, ?, ?, ?)", &rows, ON_CONFLICT) {
        written.extend(tx.all(&sql, &part.concat(), |row| Ok((row.parse(0)?, row.int(1)?)))?);
    }
    for bill in bills {
        if written.contains(&(bill.customer_id, bill.input.bill_month)) {
            touched.insert(bill.customer_id);
            if let Some(outcome) = outcomes.get_mut(bill.at) {
                *outcome = RowOutcome::Written;
            }
        }
    }
    Ok(())
}

fn row_values(mint: &mut Mint, bill: &Bill<'_>) -> Vec<Value> {
    let input = bill.input;
    let paid_at_ms = match (input.paid_at_ms, input.amount_fen) {
        (Some(at), _) => Some(at),
        (None, amount) if amount <= 0 => Some(mint.now_ms()),
        _ => None,
    };
    args![
        mint.next_id().to_string(),
        bill.customer_id.to_string(),
        input.bill_month,
        input.amount_fen.max(0),
        input.due_on,
        paid_at_ms
    ]
    .to_vec()
}

/// The customers' unpaid sums, from their bills.
fn sum_up(tx: &mut dyn Tx, ids: &[CustomerId]) -> Result<(), StoreError> {
    let values: Vec<Value> = ids.iter().map(|id| id.to_string().into()).collect();
    for part in values.chunks(MAX_LIST) {
        if let Some((list, padded)) = in_list(part) {
            let sql = format!(
                "UPDATE customers SET arrears_fen = (SELECT CAST(COALESCE(SUM(b.amount_fen), 0) \
                 AS BIGINT) FROM bills b WHERE b.customer_id = customers.id \
                 AND b.paid_at_ms IS NULL) WHERE id IN {list}"
            );
            tx.execute(&sql, &padded)?;
        }
    }
    Ok(())
}

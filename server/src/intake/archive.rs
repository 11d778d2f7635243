//! Records that are archive rows: areas, customers, meters, arrears. A whole batch is compared and
//! written at once; only rows that fail leave a record behind, so that a million good rows cost no
//! second copy.

use super::record::{self, Incoming, Received, Standing};
use crate::args;
use crate::customers::write::{CustomerInput, RowOutcome};
use crate::customers::{areas, bills, meters, write};
use crate::feed::Change;
use crate::intake::imports::inputs::{self, Problem};
use crate::intake::imports::mapping::Fields;
use crate::mint::Mint;
use crate::store::{MAX_LIST, StoreError, Tx, Value, in_list};
use dianma_schema::fault;
use dianma_schema::id::CustomerId;
use dianma_schema::intake::{RecordKind, RecordOutcome, RecordState};
use std::collections::HashSet;

/// What came of a batch of archive rows.
#[derive(Debug, Default)]
pub struct Archived {
    /// One answer per row.
    pub answers: Vec<Received>,
    /// For `feed::publish`.
    pub changes: Vec<Change>,
    /// Customers whose bills changed.
    pub billed: Vec<CustomerId>,
}

/// Writes a batch of rows of one kind; at most `write::MAX_BATCH`.
pub fn receive(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    kind: RecordKind,
    batch: &[Incoming],
) -> Result<Archived, StoreError> {
    let import_id = batch.first().and_then(|first| first.import_id.clone());
    let waiting = waiting(tx, kind, batch)?;
    let mut archived = Archived::default();
    let mut rows: Vec<Row> = Vec::with_capacity(batch.len());
    for incoming in batch {
        let key = incoming.key();
        let is_waiting = waiting.contains(&(key.clone(), incoming.content_hash()));
        rows.push(match &incoming.fields {
            // The double of another row waits for a person; a repeated import must not let it win.
            _ if is_waiting => Row::Known(key),
            Ok(fields) => Row::Good(key, fields),
            Err(problem) => Row::Bad(key, problem.clone()),
        });
    }
    let good: Vec<&Fields> = rows
        .iter()
        .filter_map(|row| match row {
            Row::Good(_, fields) => Some(*fields),
            _ => None,
        })
        .collect();
    let mut outcomes =
        write(tx, mint, kind, &good, import_id.as_deref(), &mut archived)?.into_iter();
    for (incoming, row) in batch.iter().zip(rows) {
        let (key, outcome) = match row {
            Row::Known(key) => (key, RowOutcome::Unchanged),
            Row::Bad(key, problem) => (key, RowOutcome::Failed(problem.code, problem.detail)),
            Row::Good(key, _) => (key, outcomes.next().unwrap_or(RowOutcome::Unchanged)),
        };
        let answer = answer(tx, mint, incoming, key, outcome)?;
        archived.answers.push(answer);
    }
    Ok(archived)
}

enum Row<'a> {
    Known(String),
    Bad(String, Problem),
    Good(String, &'a Fields),
}

/// Keys and contents of this batch that wait already because of a double key.
fn waiting(
    tx: &mut dyn Tx,
    kind: RecordKind,
    batch: &[Incoming],
) -> Result<HashSet<(String, String)>, StoreError> {
    let keys: Vec<Value> = batch.iter().map(|incoming| incoming.key().into()).collect();
    let mut found = HashSet::new();
    for part in keys.chunks(MAX_LIST) {
        if let Some((list, padded)) = in_list(part) {
            let sql = format!(
                "SELECT source_key, content_hash FROM intake_records \
                 WHERE record_kind = '{kind}' AND source_key IN {list} \
                 AND state IN ('exception', 'ignored') AND fault_code = '{}'",
                fault::V_CONTENT_CHANGED
            );
            found.extend(tx.all(&sql, &padded, |row| Ok((row.text(0)?, row.text(1)?)))?);
        }
    }
    Ok(found)
}

/// Reads the fields into typed rows, writes the readable ones, keeps the order of the answers.
fn write(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    kind: RecordKind,
    rows: &[&Fields],
    import_id: Option<&str>,
    archived: &mut Archived,
) -> Result<Vec<RowOutcome>, StoreError> {
    match kind {
        RecordKind::Areas => {
            let (inputs, bad) = split(rows, inputs::area);
            Ok(merge(areas::upsert(tx, mint, &inputs)?, bad))
        }
        RecordKind::Customers => {
            let (inputs, bad) = split(rows, inputs::customer);
            let written = write::upsert_quietly(tx, mint, &inputs, import_id)?;
            archived.changes.extend(written.changes);
            Ok(merge(written.outcomes, bad))
        }
        RecordKind::Meters => {
            let (inputs, bad) = split(rows, inputs::meter_row);
            let (outcomes, changes) = meters::upsert_quietly(tx, mint, &inputs, import_id)?;
            archived.changes.extend(changes);
            Ok(merge(outcomes, bad))
        }
        RecordKind::Arrears => {
            let (inputs, bad) = split(rows, inputs::bill);
            let written = bills::upsert_quietly(tx, mint, &inputs)?;
            archived.changes.extend(written.changes);
            archived.billed.extend(written.billed);
            Ok(merge(written.outcomes, bad))
        }
        RecordKind::Business | RecordKind::Hotline | RecordKind::Request => Err(
            StoreError::Engine(format!("{kind} records are no archive rows")),
        ),
    }
}

type Bad = Vec<Option<Problem>>;

fn split<T>(rows: &[&Fields], read: fn(&Fields) -> Result<T, Problem>) -> (Vec<T>, Bad) {
    let mut inputs = Vec::with_capacity(rows.len());
    let mut bad = Vec::with_capacity(rows.len());
    for fields in rows {
        match read(fields) {
            Ok(input) => {
                inputs.push(input);
                bad.push(None);
            }
            Err(problem) => bad.push(Some(problem)),
        }
    }
    (inputs, bad)
}

fn merge(outcomes: Vec<RowOutcome>, bad: Bad) -> Vec<RowOutcome> {
    let mut outcomes = outcomes.into_iter();
    bad.into_iter()
        .map(|problem| match problem {
            Some(problem) => RowOutcome::Failed(problem.code, problem.detail),
            None => outcomes.next().unwrap_or(RowOutcome::Unchanged),
        })
        .collect()
}

fn answer(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    incoming: &Incoming,
    key: String,
    outcome: RowOutcome,
) -> Result<Received, StoreError> {
    let (outcome, problem) = match outcome {
        RowOutcome::Written => (RecordOutcome::Updated, missing_meter(incoming)),
        RowOutcome::Unchanged => (RecordOutcome::Unchanged, None),
        RowOutcome::Failed(code, detail) => {
            let problem = Problem::new(code, detail);
            (RecordOutcome::Exception, Some(problem))
        }
    };
    if let Some(problem) = &problem {
        keep(tx, mint, incoming, &key, problem)?;
    }
    Ok(Received {
        source_key: key,
        outcome,
        order_id: None,
        order_number: None,
        code: problem.as_ref().map(|p| p.code),
        message: problem.map(|p| p.detail),
    })
}

/// A customer row that names a meter column but no meter: the customer is stored, a person is told.
fn missing_meter(incoming: &Incoming) -> Option<Problem> {
    let fields = incoming.fields.as_ref().ok()?;
    let has_column = incoming.has_meter_column;
    (has_column && incoming.kind == RecordKind::Customers && fields.get("meter_number").is_none())
        .then(|| Problem::new(fault::V_NO_METER, "客户已入档，但没有表计记录"))
}

/// Keeps the raw record of a row that needs a person. The same row coming again counts up.
fn keep(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    incoming: &Incoming,
    key: &str,
    problem: &Problem,
) -> Result<(), StoreError> {
    let id = if let Some(id) = record::insert(tx, mint, incoming, key)? {
        id
    } else {
        tx.execute(
            "UPDATE intake_records SET attempts = attempts + 1 WHERE source = ?1 \
                 AND record_kind = ?2 AND source_key = ?3 AND content_hash = ?4",
            args![
                &incoming.source,
                incoming.kind.as_str(),
                key,
                incoming.content_hash()
            ],
        )?;
        match record::find(tx, incoming, key)? {
            Some(known) if known.state != RecordState::Ignored => known.id,
            _ => return Ok(()),
        }
    };
    let standing = Standing {
        state: RecordState::Exception,
        problem: Some(problem),
        message: None,
        order_id: None,
        handled_by: None,
    };
    record::settle(tx, mint.now_ms(), id, &standing)
}

/// Whether a stored customer row is whole now: used by a retry.
pub fn has_meter(tx: &mut dyn Tx, input: &CustomerInput) -> Result<bool, StoreError> {
    let found = tx.first(
        "SELECT m.id FROM meters m JOIN customers c ON c.id = m.customer_id \
         WHERE c.account_number = ?1 AND m.state = 'installed' LIMIT 1",
        args![input.account_number.as_str()],
        |row| row.text(0),
    )?;
    Ok(found.is_some())
}

//! What becomes of a record that waits: tried again with what was missing, or put aside with a reason.
//! The list and its doors are in `exceptions`.

use super::archive;
use super::document::{self, Person};
use super::record::{self, Incoming, Standing};
use crate::args;
use crate::error::ApiError;
use crate::feed;
use crate::intake::imports::inputs::{self, Problem};
use crate::intake::imports::mapping::{self, Fields};
use crate::mint::Mint;
use crate::orders::By;
use crate::store::Tx;
use dianma_schema::fault;
use dianma_schema::id::IntakeRecordId;
use dianma_schema::intake::{RecordKind, RecordState};

/// Puts a waiting record aside for good.
pub fn put_aside(
    tx: &mut dyn Tx,
    now_ms: i64,
    by: &By,
    id: IntakeRecordId,
    reason: &str,
) -> Result<(), ApiError> {
    let (incoming, _) = waiting(tx, id)?;
    let standing = Standing {
        state: RecordState::Ignored,
        problem: None,
        message: Some(reason),
        order_id: None,
        handled_by: Some(&by.id),
    };
    record::settle(tx, now_ms, id, &standing)?;
    tracing::info!(source = %incoming.source, "a person put an exception aside");
    Ok(())
}

/// A record that waits, read again with its mapping; locked against a second person. Empty columns are
/// not kept: that there was one for the meter is known by the record's fault.
fn waiting(tx: &mut dyn Tx, id: IntakeRecordId) -> Result<(Incoming, String), ApiError> {
    let lock = feed::for_update(tx.engine());
    let sql = format!(
        "SELECT source, record_kind, mapping, raw, import_id, line, state, \
         source_key, fault_code FROM intake_records WHERE id = ?1{lock}"
    );
    let found = tx.first(&sql, args![id.to_string()], |row| {
        let state: RecordState = row.parse(6)?;
        let incoming = Incoming {
            source: row.text(0)?,
            kind: row.parse(1)?,
            mapping: row.text(2)?,
            raw: row.text(3)?,
            fields: Ok(Fields::default()),
            has_meter_column: row.opt_text(8)?.as_deref() == Some(fault::V_NO_METER.as_str()),
            import_id: row.opt_text(4)?,
            line: row.opt_int(5)?,
        };
        Ok((incoming, state, row.text(7)?))
    })?;
    let (mut incoming, state, key) = found.ok_or_else(ApiError::not_found)?;
    if state != RecordState::Exception {
        return Err(ApiError::conflict(fault::V_DUPLICATE)
            .with_detail("此记录已处理", "this record was dealt with already"));
    }
    let (names, values) = columns(&incoming.raw);
    incoming.fields = match mapping::find(&incoming.mapping) {
        Some(mapping) => mapping.plan(&names).and_then(|plan| plan.read(&values)),
        None => Err(Problem::new(fault::V_COLUMNS, "映射已不存在")),
    };
    Ok((incoming, key))
}

/// Names and texts of a stored raw record.
pub(super) fn columns(raw: &str) -> (Vec<String>, Vec<String>) {
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(raw).unwrap_or_default();
    object
        .into_iter()
        .map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (name, text)
        })
        .unzip()
}

/// Runs a waiting record again with what a person adds, and publishes what changed.
pub fn try_again(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    id: IntakeRecordId,
    person: &Person,
) -> Result<(), ApiError> {
    let changes = attempt(tx, mint, by, id, person)?;
    feed::publish(tx, mint.now_ms(), changes)?;
    Ok(())
}

/// [`try_again`] for a caller who publishes himself at the end of his transaction.
pub(super) fn attempt(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    id: IntakeRecordId,
    person: &Person,
) -> Result<Vec<feed::Change>, ApiError> {
    let (mut incoming, key) = waiting(tx, id)?;
    tx.execute(
        "UPDATE intake_records SET attempts = attempts + 1 WHERE id = ?1",
        args![id.to_string()],
    )?;
    if incoming.kind.is_archive() {
        if let (Some(account), Ok(fields)) = (&person.account_number, &mut incoming.fields) {
            fields.set("account_number", account);
        }
        return again_in_archive(tx, mint, by, id, incoming);
    }
    let mut changes = Vec::new();
    document::apply(tx, mint, by, id, &incoming, key, person, &mut changes)?;
    Ok(changes)
}

/// A person lets the row of an archive through: without an import run, so that a double key is an
/// update by his decision.
fn again_in_archive(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    id: IntakeRecordId,
    incoming: Incoming,
) -> Result<Vec<feed::Change>, ApiError> {
    let standing = Standing {
        state: RecordState::Used,
        problem: None,
        message: None,
        order_id: None,
        handled_by: Some(&by.id),
    };
    record::settle(tx, mint.now_ms(), id, &standing)?;
    let asks_for_meter = incoming.has_meter_column;
    let input = incoming.fields.as_ref().ok().map(inputs::customer);
    let alone = Incoming {
        import_id: None,
        has_meter_column: false,
        ..incoming
    };
    let kind = alone.kind;
    // What fails again puts the record back among the exceptions by its key and content.
    let archived = archive::receive(tx, mint, kind, &[alone])?;
    if let (RecordKind::Customers, Some(Ok(input))) = (kind, input)
        && asks_for_meter
        && !archive::has_meter(tx, &input)?
    {
        let problem = Problem::new(fault::V_NO_METER, "仍没有表计记录");
        let standing = Standing {
            state: RecordState::Exception,
            problem: Some(&problem),
            message: None,
            order_id: None,
            handled_by: None,
        };
        record::settle(tx, mint.now_ms(), id, &standing)?;
    }
    Ok(archived.changes)
}

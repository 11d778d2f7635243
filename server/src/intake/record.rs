//! The raw record: kept whatever becomes of it, known again by source, kind, key and content. This
//! file owns the `intake_records` table; what a record does is in `archive` and `document`.

use crate::args;
use crate::intake::imports::inputs::Problem;
use crate::intake::imports::mapping::{Fields, Mapping};
use crate::mint::Mint;
use crate::store::{Notice, Row, StoreError, Tx};
use crate::text::sha256_hex;
use dianma_schema::fault::FaultCode;
use dianma_schema::id::{IntakeRecordId, WorkOrderId};
use dianma_schema::intake::{RecordKind, RecordOutcome, RecordState};
use serde::Serialize;
use utoipa::ToSchema;

/// The list in the console that is out of date when an exception comes or goes.
pub const EXCEPTIONS: &str = "intake_exceptions";

/// A record at the door.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Name of the door: `mis`, `hotline_95598`, `counter`, `file:<name>`.
    pub source: String,
    /// What it is.
    pub kind: RecordKind,
    /// The mapping that read it, for a retry.
    pub mapping: String,
    /// The record as it came: a JSON object of texts.
    pub raw: String,
    /// Our fields, or why they cannot be read.
    pub fields: Result<Fields, Problem>,
    /// The record has a column for the meter number.
    pub has_meter_column: bool,
    /// The import run.
    pub import_id: Option<String>,
    /// Line of the file.
    pub line: Option<i64>,
}

impl Incoming {
    /// Reads a record with a mapping. `names` and `values` are its columns.
    pub fn read(source: &str, mapping: &Mapping, names: &[String], values: &[String]) -> Self {
        let plan = mapping.plan(names);
        let has_meter_column = plan.as_ref().is_ok_and(|plan| plan.has("meter_number"));
        let fields = plan.and_then(|plan| plan.read(values));
        Self {
            source: source.to_owned(),
            kind: mapping.record_kind,
            mapping: mapping.name.clone(),
            raw: raw(names, values),
            fields,
            has_meter_column,
            import_id: None,
            line: None,
        }
    }

    /// The key in the source; a record without one is known by its content.
    pub fn key(&self) -> String {
        let field = |name: &str| {
            let fields = self.fields.as_ref().ok()?;
            fields.get(name).map(str::to_owned)
        };
        let key = match self.kind {
            RecordKind::Areas => field("area_code"),
            RecordKind::Customers => field("account_number"),
            RecordKind::Meters => field("meter_number"),
            RecordKind::Arrears => field("account_number")
                .zip(field("bill_month"))
                .map(|(account, month)| format!("{account}/{month}")),
            RecordKind::Business | RecordKind::Hotline | RecordKind::Request => {
                field("order_number")
            }
        };
        let key = key.map(|key| key.chars().take(100).collect::<String>());
        key.unwrap_or_else(|| {
            format!(
                "#{}",
                self.content_hash().chars().take(16).collect::<String>()
            )
        })
    }

    /// SHA-256 of the record as it came.
    pub fn content_hash(&self) -> String {
        sha256_hex(self.raw.as_bytes())
    }
}

/// The record as a JSON object, empty columns left out, in the order of the columns' names.
pub fn raw(names: &[String], values: &[String]) -> String {
    let filled = names
        .iter()
        .zip(values)
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| {
            let clean = |text: &str| text.trim().replace('\0', "\u{FFFD}");
            (clean(name), serde_json::Value::String(clean(value)))
        });
    serde_json::Value::Object(filled.collect()).to_string()
}

/// What the door answers for one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Received {
    /// Key in the source.
    pub source_key: String,
    /// What became of it.
    pub outcome: RecordOutcome,
    /// The order it made or was attached to.
    pub order_id: Option<WorkOrderId>,
    /// Its number.
    pub order_number: Option<String>,
    /// Why it waits for a person.
    pub code: Option<FaultCode>,
    /// Chinese remark.
    pub message: Option<String>,
}

/// What is known of a record that came before with the same content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: IntakeRecordId,
    /// How it stands.
    pub state: RecordState,
    /// Its fault.
    pub code: Option<FaultCode>,
    /// Its order.
    pub order: Option<(WorkOrderId, String)>,
}

/// Stores a record that was not there, as one that waits; `None` when it was there already.
pub fn insert(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    incoming: &Incoming,
    key: &str,
) -> Result<Option<IntakeRecordId>, StoreError> {
    let id = IntakeRecordId(mint.next_id());
    let inserted = tx.execute(
        "INSERT INTO intake_records (id, source, record_kind, source_key, content_hash, raw, \
         mapping, state, attempts, import_id, line, received_at_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, ?10, ?11) \
         ON CONFLICT (source, record_kind, source_key, content_hash) DO NOTHING",
        args![
            id.to_string(),
            &incoming.source,
            incoming.kind.as_str(),
            key,
            incoming.content_hash(),
            &incoming.raw,
            &incoming.mapping,
            RecordState::Exception.as_str(),
            incoming.import_id.as_ref(),
            incoming.line,
            mint.now_ms()
        ],
    )?;
    Ok((inserted > 0).then_some(id))
}

/// The record with this source, kind, key and content.
pub fn find(tx: &mut dyn Tx, incoming: &Incoming, key: &str) -> Result<Option<Known>, StoreError> {
    tx.first(
        "SELECT r.id, r.state, r.fault_code, r.order_id, w.order_number FROM intake_records r \
         LEFT JOIN work_orders w ON w.id = r.order_id \
         WHERE r.source = ?1 AND r.record_kind = ?2 AND r.source_key = ?3 AND r.content_hash = ?4",
        args![
            &incoming.source,
            incoming.kind.as_str(),
            key,
            incoming.content_hash()
        ],
        read_known,
    )
}

fn read_known(row: &Row<'_>) -> Result<Known, StoreError> {
    let order_id: Option<WorkOrderId> = row.opt_parse(3)?;
    Ok(Known {
        id: row.parse(0)?,
        state: row.parse(1)?,
        code: row.opt_text(2)?.and_then(|code| FaultCode::find(&code)),
        order: order_id.zip(row.opt_text(4)?),
    })
}

/// Whether the key came before with other content.
pub fn has_other_content(
    tx: &mut dyn Tx,
    incoming: &Incoming,
    key: &str,
) -> Result<bool, StoreError> {
    let found = tx.first(
        "SELECT id FROM intake_records WHERE source = ?1 AND record_kind = ?2 AND source_key = ?3 \
         AND content_hash <> ?4 LIMIT 1",
        args![
            &incoming.source,
            incoming.kind.as_str(),
            key,
            incoming.content_hash()
        ],
        |row| row.text(0),
    )?;
    Ok(found.is_some())
}

/// How a record stands from now on.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// State.
    pub state: RecordState,
    /// Why it waits or was refused.
    pub problem: Option<&'a Problem>,
    /// Chinese remark when there is no problem.
    pub message: Option<&'a str>,
    /// Its order.
    pub order_id: Option<WorkOrderId>,
    /// Who handled it.
    pub handled_by: Option<&'a str>,
}

/// Writes how a record stands.
pub fn settle(
    tx: &mut dyn Tx,
    now_ms: i64,
    id: IntakeRecordId,
    standing: &Standing<'_>,
) -> Result<(), StoreError> {
    let message = standing.problem.map(|p| p.detail.as_str());
    tx.execute(
        "UPDATE intake_records SET state = ?2, fault_code = ?3, message = ?4, order_id = ?5, \
         handled_at_ms = ?6, handled_by = ?7 WHERE id = ?1",
        args![
            id.to_string(),
            standing.state.as_str(),
            standing.problem.map(|p| p.code.as_str()),
            message.or(standing.message),
            standing.order_id.map(|id| id.to_string()),
            (standing.state != RecordState::Exception).then_some(now_ms),
            standing.handled_by
        ],
    )?;
    tx.notify(Notice::List {
        name: EXCEPTIONS.to_owned(),
    });
    Ok(())
}

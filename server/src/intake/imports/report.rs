//! How an import run stands: counts, the first problems, unknown columns; and its row in `imports`.

use super::inputs::Problem;
use crate::args;
use crate::store::{Notice, Row, StoreError, Tx};
use dianma_schema::fault::FaultCode;
use dianma_schema::intake::{ImportState, RecordKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Problems shown with their lines; the rest is counted, and every one is in the exceptions list.
const MAX_SHOWN: usize = 20;

/// A problem with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineProblem {
    /// Line of the file, from 1.
    pub line: i64,
    /// Fault code.
    pub code: String,
    /// Chinese: what exactly.
    pub message: String,
}

/// What went wrong in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problems {
    /// How many of each code.
    pub by_code: BTreeMap<String, i64>,
    /// The first ones.
    pub first: Vec<LineProblem>,
    /// Columns that no field uses.
    pub unknown_columns: Vec<String>,
}

/// A run as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportView {
    /// Id.
    pub id: String,
    /// Door, `file:<name>`.
    pub source: String,
    /// What the file holds.
    pub record_kind: RecordKind,
    /// Mapping.
    pub mapping: String,
    /// Name of the file.
    pub file_name: String,
    /// How it stands.
    pub state: ImportState,
    /// Nothing was written.
    pub is_dry_run: bool,
    /// Rows read.
    pub rows_read: i64,
    /// New or changed rows, orders made.
    pub rows_written: i64,
    /// Rows known already.
    pub rows_unchanged: i64,
    /// Rows that wait for a person.
    pub rows_failed: i64,
    /// Bytes read.
    pub bytes_read: i64,
    /// Bytes in all.
    pub bytes_total: i64,
    /// Why the whole run failed.
    pub fault_code: Option<String>,
    /// Chinese: what exactly.
    pub message: Option<String>,
    /// What went wrong.
    pub problems: Problems,
    /// Started.
    pub started_at_ms: i64,
    /// Ended.
    pub finished_at_ms: Option<i64>,
    /// Staff id, or `system`.
    pub started_by: String,
}

impl ImportView {
    /// Counts a row that fails.
    pub fn fail(&mut self, line: i64, code: FaultCode, message: &str) {
        self.rows_failed += 1;
        self.note(line, code, message);
    }

    /// Counts a problem of a row that was used nevertheless.
    pub fn note(&mut self, line: i64, code: FaultCode, message: &str) {
        let code = code.as_str().to_owned();
        *self.problems.by_code.entry(code.clone()).or_default() += 1;
        if self.problems.first.len() < MAX_SHOWN {
            self.problems.first.push(LineProblem {
                line,
                code,
                message: message.to_owned(),
            });
        }
    }

    /// Ends the run with a fault.
    pub fn refuse(&mut self, problem: &Problem) {
        self.state = ImportState::Failed;
        self.fault_code = Some(problem.code.as_str().to_owned());
        self.message = Some(problem.detail.clone());
    }
}

/// Columns in the order [`read`] expects.
pub const COLUMNS: &str = "id, source, record_kind, mapping, file_name, state, is_dry_run, rows_read, \
     rows_written, rows_unchanged, rows_failed, bytes_read, bytes_total, fault_code, message, \
     problems, started_at_ms, finished_at_ms, started_by";

/// Reads a row selected with [`COLUMNS`].
pub fn read(row: &Row<'_>) -> Result<ImportView, StoreError> {
    Ok(ImportView {
        id: row.text(0)?,
        source: row.text(1)?,
        record_kind: row.parse(2)?,
        mapping: row.text(3)?,
        file_name: row.text(4)?,
        state: row.parse(5)?,
        is_dry_run: row.flag(6)?,
        rows_read: row.int(7)?,
        rows_written: row.int(8)?,
        rows_unchanged: row.int(9)?,
        rows_failed: row.int(10)?,
        bytes_read: row.int(11)?,
        bytes_total: row.int(12)?,
        fault_code: row.opt_text(13)?,
        message: row.opt_text(14)?,
        problems: serde_json::from_str(&row.text(15)?).unwrap_or_default(),
        started_at_ms: row.int(16)?,
        finished_at_ms: row.opt_int(17)?,
        started_by: row.text(18)?,
    })
}

/// Writes the run's row, new or changed.
pub fn store(tx: &mut dyn Tx, run: &ImportView) -> Result<(), StoreError> {
    let problems = serde_json::to_string(&run.problems).unwrap_or_default();
    tx.execute(
        "INSERT INTO imports (id, source, record_kind, mapping, file_name, state, is_dry_run, \
         rows_read, rows_written, rows_unchanged, rows_failed, bytes_read, bytes_total, fault_code, \
         message, problems, started_at_ms, finished_at_ms, started_by) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, \
         ?19) ON CONFLICT (id) DO UPDATE SET state = excluded.state, \
         rows_read = excluded.rows_read, rows_written = excluded.rows_written, \
         rows_unchanged = excluded.rows_unchanged, rows_failed = excluded.rows_failed, \
         bytes_read = excluded.bytes_read, fault_code = excluded.fault_code, \
         message = excluded.message, problems = excluded.problems, \
         finished_at_ms = excluded.finished_at_ms",
        args![
            &run.id,
            &run.source,
            run.record_kind.as_str(),
            &run.mapping,
            &run.file_name,
            run.state.as_str(),
            run.is_dry_run,
            run.rows_read,
            run.rows_written,
            run.rows_unchanged,
            run.rows_failed,
            run.bytes_read,
            run.bytes_total,
            run.fault_code.as_ref(),
            run.message.as_ref(),
            problems,
            run.started_at_ms,
            run.finished_at_ms,
            &run.started_by
        ],
    )?;
    tx.notify(Notice::List {
        name: "imports".to_owned(),
    });
    Ok(())
}

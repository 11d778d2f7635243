//! One import run: reads the file in constant memory, checks that the content is what the mapping
//! says, and hands batches to the intake doors. A run that stops half way is simply run again: rows
//! already there are unchanged.

use super::inputs::Problem;
use super::lines::{Record, Records};
use super::mapping::{Mapping, Plan};
use super::report::{ImportView, store as store_run};
use super::seen::{self, Seen};
use crate::clock::{Clock, random};
use crate::customers::index;
use crate::error::ApiError;
use crate::intake::batch;
use crate::intake::record::{Incoming, Received, raw};
use crate::intake::second_try;
use crate::mint::Mint;
use crate::orders::By;
use crate::store::{Store, StoreError};
use dianma_schema::fault;
use dianma_schema::id::AccountNumber;
use dianma_schema::intake::{ImportState, RecordKind, RecordOutcome};
use std::io::BufRead;

/// Rows in one transaction.
const BATCH_ROWS: usize = 500;
/// Bytes in one transaction.
const BATCH_BYTES: u64 = 4 * 1024 * 1024;
/// Rows looked at before anything is written.
const SAMPLE_ROWS: usize = 1_000;
/// Bytes looked at before anything is written.
const SAMPLE_BYTES: u64 = 8 * 1024 * 1024;
/// Share of the sample whose account number must fit, percent: below it the columns are taken to be
/// mixed up (our own choice; files of the trade have well under 1 % wrong numbers).
const MIN_FITTING_PERCENT: usize = 80;

/// From so many written rows on the search indexes are settled afterwards.
const MANY_ROWS: i64 = 5_000;

/// Figures for plans are gathered after so many rows, and each time the number has grown fourfold.
const FIRST_FIGURES: i64 = 2_000;

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("reading the file: {0}")]
    Io(#[from] std::io::Error),
    /// The database refuses.
    #[error("writing: {0}")]
    Store(#[from] StoreError),
    /// No randomness.
    #[error("{0}")]
    Api(#[from] ApiError),
    /// The keys of the file cannot be kept.
    #[error("keeping the file's keys: {0}")]
    Keys(#[from] rusqlite::Error),
}

/// Where a run writes.
#[derive(Clone, Debug)]
pub struct Target {
    /// Database.
    pub store: Store,
    /// Clock.
    pub clock: Clock,
}

/// A new run that has read nothing.
pub fn new_run(
    mapping: &Mapping,
    file_name: &str,
    bytes_total: u64,
    is_dry_run: bool,
    started_by: &str,
    mint: &mut Mint,
) -> ImportView {
    let file_name: String = file_name
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    ImportView {
        id: mint.next_id().to_string(),
        source: format!("file:{file_name}"),
        record_kind: mapping.record_kind,
        mapping: mapping.name.clone(),
        file_name,
        state: ImportState::Running,
        is_dry_run,
        rows_read: 0,
        rows_written: 0,
        rows_unchanged: 0,
        rows_failed: 0,
        bytes_read: 0,
        bytes_total: i64::try_from(bytes_total).unwrap_or(i64::MAX),
        fault_code: None,
        message: None,
        problems: super::report::Problems::default(),
        started_at_ms: mint.now_ms(),
        finished_at_ms: None,
        started_by: started_by.to_owned(),
    }
}

/// Runs an import to its end; `progress` is told after every batch. A file that does not fit ends
/// in state `failed` with a code, which is no error of the run.
pub fn run<R: BufRead>(
    target: &Target,
    mapping: &Mapping,
    by: &By,
    mut view: ImportView,
    input: R,
    progress: &mut dyn FnMut(&ImportView),
) -> Result<ImportView, ImportError> {
    save(target, &view)?;
    let outcome = read_all(target, mapping, by, &mut view, input, progress);
    match &outcome {
        Ok(Ok(())) => view.state = ImportState::Done,
        Ok(Err(problem)) => view.refuse(problem),
        Err(error) => {
            let detail = "导入中断：请稍后重新导入，已写入的不会重复";
            tracing::error!(error = %error, "an import stopped");
            view.refuse(&Problem::new(fault::X_INTERNAL, detail));
        }
    }
    if view.state == ImportState::Done {
        settle_waiting(target, &mut view);
        settle_search(target, &view);
    }
    view.finished_at_ms = Some(target.clock.now_ms());
    save(target, &view)?;
    progress(&view);
    outcome.map(|_| view)
}

/// The file may have brought what other records waited for. The file itself is in: a fault here is
/// told in the log, and the next import or a person tries again.
fn settle_waiting(target: &Target, view: &mut ImportView) {
    if view.is_dry_run || view.rows_written == 0 || !second_try::brings(view.record_kind) {
        return;
    }
    match second_try::run(target) {
        Ok(0) => {}
        Ok(settled) => {
            view.message = Some(format!("另有 {settled} 条等待处理的记录因此办结"));
        }
        Err(error) => tracing::warn!(error = %error, "waiting records were not tried again"),
    }
}

/// A large archive is searched at once, not only after the database's own upkeep.
fn settle_search(target: &Target, view: &ImportView) {
    let is_archive = matches!(view.record_kind, RecordKind::Customers | RecordKind::Meters);
    if view.is_dry_run || !is_archive || view.rows_written < MANY_ROWS {
        return;
    }
    if let Err(error) = target.store.write_blocking(|tx| index::settle(tx)) {
        tracing::warn!(error = %error, "search was not settled after an import");
    }
}

fn save(target: &Target, view: &ImportView) -> Result<(), StoreError> {
    let view = view.clone();
    target.store.write_blocking(move |tx| store_run(tx, &view))
}

fn read_all<R: BufRead>(
    target: &Target,
    mapping: &Mapping,
    by: &By,
    view: &mut ImportView,
    input: R,
    progress: &mut dyn FnMut(&ImportView),
) -> Result<Result<(), Problem>, ImportError> {
    let mut records = match Records::open(input)? {
        Ok(records) => records,
        Err(problem) => return Ok(Err(problem)),
    };
    let header = match header(&mut records)? {
        Ok(header) => header,
        Err(problem) => return Ok(Err(problem)),
    };
    let plan = match mapping.plan(&header) {
        Ok(plan) => plan,
        Err(problem) => return Ok(Err(problem)),
    };
    let unknown = plan.unknown.iter().filter_map(|at| header.get(*at));
    view.problems.unknown_columns = unknown
        .filter(|name| !name.trim().is_empty())
        .take(50)
        .cloned()
        .collect();
    let sheet = Sheet {
        mapping,
        header: &header,
        plan,
    };
    let mut sample = Vec::new();
    while sample.len() < SAMPLE_ROWS && records.bytes_read < SAMPLE_BYTES {
        match records.next_record()? {
            Some(record) => sample.push(record),
            None => break,
        }
    }
    if let Err(problem) = sheet.check(&sample) {
        return Ok(Err(problem));
    }
    let seen = Seen::of_run(view)?;
    let mut sample = sample.into_iter();
    let mut next_figures = FIRST_FIGURES;
    loop {
        let from = records.bytes_read;
        let mut rows = Vec::with_capacity(BATCH_ROWS);
        let mut is_end = false;
        while rows.len() < BATCH_ROWS && records.bytes_read - from < BATCH_BYTES {
            let record = match sample.next() {
                Some(record) => Some(record),
                None => records.next_record()?,
            };
            let Some(record) = record else {
                is_end = true;
                break;
            };
            let row = sheet.incoming(view, record);
            rows.extend(seen::compare(view, seen.as_ref(), row)?);
        }
        view.bytes_read = i64::try_from(records.bytes_read).unwrap_or(i64::MAX);
        if !rows.is_empty() {
            write_batch(target, by, view, rows)?;
            if !view.is_dry_run && view.rows_written >= next_figures {
                next_figures = view.rows_written.saturating_mul(4);
                target
                    .store
                    .write_blocking(|tx| index::gather_figures(tx))?;
            }
            progress(view);
        }
        if is_end {
            return Ok(Ok(()));
        }
    }
}

fn header<R: BufRead>(
    records: &mut Records<R>,
) -> Result<Result<Vec<String>, Problem>, ImportError> {
    Ok(match records.next_record()? {
        None => Err(Problem::new(fault::V_COLUMNS, "文件是空的")),
        Some(record) => record.columns,
    })
}

struct Sheet<'a> {
    mapping: &'a Mapping,
    header: &'a [String],
    plan: Plan<'a>,
}

impl Sheet<'_> {
    /// A file whose account numbers mostly do not fit has the wrong mapping: refused before
    /// anything is written.
    fn check(&self, sample: &[Record]) -> Result<(), Problem> {
        if !matches!(
            self.mapping.record_kind,
            RecordKind::Customers | RecordKind::Meters | RecordKind::Arrears
        ) {
            return Ok(());
        }
        let fields = sample
            .iter()
            .filter_map(|record| record.columns.as_ref().ok())
            .filter_map(|columns| self.plan.read(columns).ok());
        let fits: Vec<bool> = fields
            .map(|fields| {
                let account = fields.get("account_number").unwrap_or_default();
                AccountNumber::parse(account).is_ok()
            })
            .collect();
        let good = fits.iter().filter(|fit| **fit).count();
        if fits.len() >= 10 && good * 100 < fits.len() * MIN_FITTING_PERCENT {
            let detail = format!(
                "前 {} 行中只有 {good} 行的户号正确，请检查列映射",
                fits.len()
            );
            return Err(Problem::new(fault::V_COLUMNS, detail));
        }
        Ok(())
    }

    fn incoming(&self, view: &ImportView, record: Record) -> Incoming {
        let (fields, raw) = match record.columns {
            Err(problem) => {
                let line = vec![record.raw];
                (Err(problem), raw(&["line".to_owned()], &line))
            }
            Ok(columns) => {
                let raw = raw(self.header, &columns);
                (self.fields(&columns), raw)
            }
        };
        Incoming {
            source: view.source.clone(),
            kind: self.mapping.record_kind,
            mapping: self.mapping.name.clone(),
            raw,
            fields,
            has_meter_column: self.plan.has("meter_number"),
            import_id: Some(view.id.clone()),
            line: Some(record.line),
        }
    }

    fn fields(&self, columns: &[String]) -> Result<super::mapping::Fields, Problem> {
        let extra = columns.iter().skip(self.header.len());
        let has_extra = extra.into_iter().any(|column| !column.trim().is_empty());
        if has_extra || columns.len() < self.header.len().min(2) {
            let detail = format!(
                "此行有 {} 列，表头有 {} 列",
                columns.len(),
                self.header.len()
            );
            return Err(Problem::new(fault::V_COLUMNS, detail));
        }
        self.plan.read(columns)
    }
}

/// Ends the transaction of a dry run: everything is undone, only the answers stay.
enum Undo {
    Dry(Vec<Received>),
    Store(StoreError),
}

impl From<StoreError> for Undo {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn write_batch(
    target: &Target,
    by: &By,
    view: &mut ImportView,
    rows: Vec<Incoming>,
) -> Result<(), ImportError> {
    let mint = Mint::new(target.clock.now_ms(), random()?);
    let lines: Vec<i64> = rows.iter().map(|row| row.line.unwrap_or(0)).collect();
    let batch_lines = lines.clone();
    let (by, is_dry_run, before) = (by.clone(), view.is_dry_run, view.clone());
    let outcome = target.store.write_blocking(move |tx| {
        let answers = batch::receive(tx, &mut mint.clone(), &by, &rows)?;
        if is_dry_run {
            return Err(Undo::Dry(answers));
        }
        let mut after = before.clone();
        count(&mut after, &answers, &batch_lines);
        store_run(tx, &after)?;
        Ok(after)
    });
    match outcome {
        Ok(after) => *view = after,
        Err(Undo::Dry(answers)) => {
            count(view, &answers, &lines);
            save(target, view)?;
        }
        Err(Undo::Store(error)) => return Err(error.into()),
    }
    Ok(())
}

fn count(view: &mut ImportView, answers: &[Received], lines: &[i64]) {
    for (answer, line) in answers.iter().zip(lines) {
        view.rows_read += 1;
        let message = answer.message.as_deref().unwrap_or_default();
        match (answer.outcome, answer.code) {
            (RecordOutcome::Exception, Some(code)) => view.fail(*line, code, message),
            (RecordOutcome::Exception, None) => view.rows_failed += 1,
            (RecordOutcome::Unchanged, _) => view.rows_unchanged += 1,
            (_, code) => {
                view.rows_written += 1;
                if let Some(code) = code {
                    view.note(*line, code, message);
                }
            }
        }
    }
}

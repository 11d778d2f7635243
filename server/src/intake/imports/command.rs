//! `dianma-server import FILE`: an import from the command line, with progress on standard error.

use super::mapping;
use super::report::ImportView;
use super::run::{Target, new_run, run};
use crate::clock::random;
use crate::mint::Mint;
use crate::orders::By;
use dianma_schema::intake::{ImportState, RecordKind};
use std::io::BufReader;
use std::path::PathBuf;

/// Arguments of the command.
#[derive(clap::Args, Debug)]
pub struct ImportArguments {
    /// CSV or TSV file, UTF-8 or GB18030.
    pub file: PathBuf,
    /// What it holds: areas, customers, meters, arrears, business, hotline.
    #[arg(long)]
    pub kind: RecordKind,
    /// Column mapping; without it the generic one of the kind.
    #[arg(long)]
    pub mapping: Option<String>,
    /// Only check and count, write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Print the outcome as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Runs it; the outcome's state tells whether the file was used.
pub fn import(
    target: &Target,
    arguments: &ImportArguments,
) -> Result<ImportView, Box<dyn std::error::Error>> {
    let name = match &arguments.mapping {
        Some(name) => name.as_str(),
        None => default_mapping(arguments.kind),
    };
    let mapping = mapping::find(name)
        .filter(|mapping| mapping.record_kind == arguments.kind)
        .ok_or_else(|| {
            format!(
                "没有用于 {} 的映射 {name} (no such mapping)",
                arguments.kind
            )
        })?;
    let file = std::fs::File::open(&arguments.file)?;
    let bytes = file.metadata()?.len();
    let shown = arguments
        .file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let mut mint = Mint::new(target.clock.now_ms(), random()?);
    let view = new_run(
        mapping,
        &shown,
        bytes,
        arguments.dry_run,
        "system",
        &mut mint,
    );
    let mut last_percent = -1;
    let mut progress = |view: &ImportView| {
        let percent = view.bytes_read.saturating_mul(100) / view.bytes_total.max(1);
        if percent != last_percent {
            last_percent = percent;
            eprintln!(
                "{percent:3} %  读取 {} 写入 {} 未变 {} 例外 {}",
                view.rows_read, view.rows_written, view.rows_unchanged, view.rows_failed
            );
        }
    };
    let input = BufReader::with_capacity(256 * 1024, file);
    Ok(run(
        target,
        mapping,
        &By::system(),
        view,
        input,
        &mut progress,
    )?)
}

/// The mapping of a kind when none is named.
pub const fn default_mapping(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Areas => "areas_generic",
        RecordKind::Customers => "customers_generic",
        RecordKind::Meters => "meters_generic",
        RecordKind::Arrears => "arrears_generic",
        RecordKind::Business => "business_generic",
        RecordKind::Hotline | RecordKind::Request => "hotline_profile",
    }
}

/// The outcome for a person, Chinese first.
pub fn summary(view: &ImportView) -> String {
    let mut lines = vec![format!(
        "{}：读取 {} 行，写入 {}，未变 {}，例外 {}{}",
        view.state.zh(),
        view.rows_read,
        view.rows_written,
        view.rows_unchanged,
        view.rows_failed,
        if view.is_dry_run {
            "（试运行，未写入）"
        } else {
            ""
        }
    )];
    if view.state == ImportState::Failed {
        let code = view.fault_code.as_deref().unwrap_or_default();
        lines.push(format!(
            "{code} {}",
            view.message.as_deref().unwrap_or_default()
        ));
    }
    if !view.problems.unknown_columns.is_empty() {
        lines.push(format!(
            "未使用的列：{}",
            view.problems.unknown_columns.join("、")
        ));
    }
    for problem in &view.problems.first {
        lines.push(format!(
            "第 {} 行 {} {}",
            problem.line, problem.code, problem.message
        ));
    }
    lines.join("\n")
}

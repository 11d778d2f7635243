//! `dianma-server labels …`: sheets from the terminal, the archive as lines, and a measurement.

use super::archive::{self, LabelFilter};
use super::font::LabelFont;
use super::pdf::{self, Printable};
use super::print::{MAX_LABELS, PrintBody, issue};
use super::sheet::Sheet;
use crate::clock::{Stopwatch, random};
use crate::error::ApiError;
use crate::keys::Keyring;
use crate::mint::Mint;
use crate::store::Store;
use dianma_schema::id::{LabelId, uuid_v7};
use dianma_schema::label::LabelKind;
use dianma_schema::label::payload::{self, LabelClaims, tag};
use ed25519_dalek::SigningKey;
use serde_json::json;
use std::path::PathBuf;

/// What `dianma-server labels` can do.
#[derive(clap::Subcommand, Debug)]
pub enum LabelsCommand {
    /// Sign labels and print them as a PDF.
    Print(PrintArguments),
    /// List labels, newest first, one JSON object a line.
    List {
        /// Only this kind.
        #[arg(long)]
        kind: Option<LabelKind>,
        /// Only labels whose last scan had this letter or a worse one.
        #[arg(long)]
        grade: Option<String>,
        /// Most labels, up to 200.
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// Time a sheet of generated labels; prints milliseconds and bytes.
    #[command(hide = true)]
    Bench {
        /// How many.
        #[arg(long, default_value_t = 1_000)]
        labels: usize,
        /// Where the PDF goes.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Sheet or roll.
        #[arg(long, default_value = "a4_24")]
        sheet: String,
        /// 203, 300 or 600.
        #[arg(long, default_value_t = 300)]
        dpi: u32,
        /// A file for the texts of the symbols, one a line.
        #[arg(long)]
        texts: Option<PathBuf>,
    },
}

/// What to print.
#[derive(clap::Args, Debug)]
pub struct PrintArguments {
    /// Sheet or roll, as in the catalogue.
    #[arg(long, default_value = "a4_24")]
    sheet: String,
    /// 203, 300 or 600.
    #[arg(long, default_value_t = 300)]
    dpi: u32,
    /// Only this kind.
    #[arg(long)]
    kind: Option<LabelKind>,
    /// Account, meter, box or pole number.
    #[arg(long)]
    number: Option<String>,
    /// Only labels never printed.
    #[arg(long)]
    unprinted: bool,
    /// Most labels.
    #[arg(long, default_value_t = 1_000)]
    limit: i64,
    /// Where the PDF goes.
    #[arg(long)]
    out: PathBuf,
    /// A Chinese font file, when none is installed.
    #[arg(long)]
    font: Option<PathBuf>,
}

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A use case refused.
    #[error(transparent)]
    Refused(#[from] ApiError),
    /// Writing failed.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
}

/// Runs one command; the answer is for standard output.
///
/// # Errors
/// See [`CommandError`].
pub fn run(
    store: &Store,
    now_ms: i64,
    keys: &Keyring,
    command: &LabelsCommand,
) -> Result<String, CommandError> {
    match command {
        LabelsCommand::Print(arguments) => print(store, now_ms, keys, arguments),
        LabelsCommand::List { kind, grade, limit } => {
            let filter = LabelFilter {
                kind: *kind,
                grade: grade.clone(),
                limit: Some(*limit),
                ..LabelFilter::default()
            };
            let body = store.read_blocking(move |tx| archive::list(tx, &filter))?;
            let lines: Vec<String> = body
                .labels
                .iter()
                .map(|row| json!(row).to_string())
                .collect();
            Ok(lines.join("\n"))
        }
        LabelsCommand::Bench { .. } => bench(now_ms, command),
    }
}

fn write(file: &PathBuf, bytes: &[u8]) -> Result<(), CommandError> {
    std::fs::write(file, bytes)
        .map_err(|error| CommandError::File(file.display().to_string(), error))
}

fn print(
    store: &Store,
    now_ms: i64,
    keys: &Keyring,
    arguments: &PrintArguments,
) -> Result<String, CommandError> {
    let sheet = Sheet::find(&arguments.sheet)?;
    let font = LabelFont::find(arguments.font.as_deref())?;
    let body = PrintBody {
        label_ids: Vec::new(),
        filter: Some(LabelFilter {
            kind: arguments.kind,
            number: arguments.number.clone(),
            is_unprinted: arguments.unprinted.then_some(true),
            limit: Some(arguments.limit),
            ..LabelFilter::default()
        }),
        sheet: arguments.sheet.clone(),
        dpi: arguments.dpi,
        is_reprint: false,
    };
    let (keys, mint) = (keys.clone(), Mint::new(now_ms, random()?));
    let printables =
        store.write_blocking(move |tx| issue(tx, &keys, &mut mint.clone(), "system", &body))?;
    let bytes = pdf::draw(&printables, sheet, arguments.dpi, &font)?;
    write(&arguments.out, &bytes)?;
    let (count, out) = (printables.len(), arguments.out.display());
    Ok(format!("{count} 个标签已写入 {out} (labels written)"))
}

/// Signs and draws generated labels with a key made for the purpose; no database is touched.
fn bench(now_ms: i64, command: &LabelsCommand) -> Result<String, CommandError> {
    let LabelsCommand::Bench {
        labels,
        out,
        sheet,
        dpi,
        texts,
    } = command
    else {
        return Ok(String::new());
    };
    let (sheet, font) = (Sheet::find(sheet)?, LabelFont::find(None)?);
    let key = SigningKey::from_bytes(&random()?);
    let watch = Stopwatch::start();
    let printables: Vec<Printable> = (0..(*labels).min(MAX_LABELS * 10))
        .map(|n| generated(now_ms, &key, n))
        .collect();
    let signed_us = watch.elapsed_us();
    let bytes = pdf::draw(&printables, sheet, *dpi, &font)?;
    let all_us = watch.elapsed_us();
    if let Some(file) = texts {
        let lines: Vec<&str> = printables.iter().map(|label| label.text.as_str()).collect();
        write(file, lines.join("\n").as_bytes())?;
    }
    if let Some(file) = out {
        write(file, &bytes)?;
    }
    let figures = json!({
        "labels": printables.len(), "sign_ms": signed_us / 1_000, "total_ms": all_us / 1_000,
        "bytes": bytes.len(),
    });
    Ok(figures.to_string())
}

fn generated(now_ms: i64, key: &SigningKey, n: usize) -> Printable {
    let number = format!("SM{n:010}");
    let mut random = [0; 10];
    for (to, from) in random.iter_mut().zip(n.to_be_bytes()) {
        *to = from;
    }
    let claims = LabelClaims {
        kind: LabelKind::Meter,
        id: LabelId(uuid_v7(now_ms, random)),
        tag: tag(LabelKind::Meter, &number),
        issued_on_day: u32::try_from(dianma_schema::time::china_day(now_ms)).unwrap_or(0),
        revision: 1,
    };
    Printable {
        text: payload::sign(&claims, key),
        kind: LabelKind::Meter,
        number,
        place: format!("生成供电所 生成台区{:03}", n % 500),
        edition: "第1版 生成".to_owned(),
    }
}

//! `dianma-field decode`: the codes of pictures, one JSON object or block of lines a file. A file that
//! cannot be read says so in its own object and does not stop the others.

use super::args::{Cli, DecodeArgs, DeepestLane};
use super::output::line;
use crate::clock::SystemClock;
use crate::error::CoreError;
use crate::phone::Phone;
use crate::pictures::grey::{self, Picture};
use crate::scan::{Code, GreyPlane, Lane, Limit, Options, Report, Session, decode};
use crate::text::hex;
use dianma_schema::label::{LabelVerdict, Reading, read};
use serde_json::{Value, json};
use std::path::Path;
use std::process::ExitCode;

/// Runs it. Exit code 1 when a file could not be read.
pub fn run(cli: &Cli, options: &DecodeArgs) -> ExitCode {
    let clock = SystemClock::new();
    // Verdicts need the lists of a phone; a store is never made only to ask it.
    let phone = cli.store.is_dir().then(|| super::open(cli).ok()).flatten();
    let mut has_failed = false;
    let mut session = options.burst.then(Session::new);
    for file in &options.files {
        let answer = one(file, options, &clock, session.as_mut());
        has_failed |= answer.is_err();
        if cli.json {
            line(&object(file, &answer, phone.as_ref()).to_string());
        } else {
            line(&text(file, &answer));
        }
    }
    ExitCode::from(u8::from(has_failed))
}

/// Size of the picture and what was found.
type Answer = Result<(usize, usize, Report), CoreError>;

fn one(
    file: &Path,
    options: &DecodeArgs,
    clock: &SystemClock,
    session: Option<&mut Session>,
) -> Answer {
    let picture: Picture = grey::load(file)?;
    let plane = GreyPlane::new(&picture.grey, picture.width, picture.height, picture.width)?;
    let budget = options.budget_ms.map(|ms| ms.saturating_mul(1_000));
    let limit = budget.map_or_else(|| Limit::none(clock), |us| Limit::of(clock, us));
    let settings = settings(options);
    let report = match session {
        Some(session) => session.look(&plane, &settings, &limit),
        None => decode(&plane, &settings, &limit),
    };
    Ok((picture.width, picture.height, report))
}

fn settings(options: &DecodeArgs) -> Options {
    Options {
        wants_all: options.all,
        deepest: match options.lane {
            DeepestLane::Fast => Lane::Fast,
            DeepestLane::Soft => Lane::Soft,
            DeepestLane::Rescue => Lane::Rescue,
        },
        ..Options::default()
    }
}

fn object(file: &Path, answer: &Answer, phone: Option<&Phone>) -> Value {
    let file = file.display().to_string();
    match answer {
        Ok((width, height, report)) => json!({
            "file": file, "width": width, "height": height,
            "ms": milliseconds(report.elapsed_us),
            "lanes": report.lanes,
            "codes": report.codes.iter().map(|c| code(c, phone)).collect::<Vec<_>>(),
            "error": null,
        }),
        Err(error) => json!({
            "file": file, "width": null, "height": null, "ms": null, "codes": [],
            "error": error.fault(),
        }),
    }
}

fn code(code: &Code, phone: Option<&Phone>) -> Value {
    let corners = code
        .corners
        .map(|corner| [tenths(corner.x), tenths(corner.y)]);
    json!({
        "format": code.format,
        "bytes_hex": hex(&code.bytes),
        "text": code.text,
        "corners": corners,
        "lane": code.lane,
        "ms": milliseconds(code.elapsed_us),
        "confidence": code.confidence,
        "is_sure": code.is_sure,
        "shape": code.shape,
        "grade": code.grade,
        "verdict": verdict(&code.text, phone),
    })
}

/// What the phone's signed lists say; without a phone no key is known.
fn verdict(text: &str, phone: Option<&Phone>) -> LabelVerdict {
    if let Some(check) = phone.and_then(|phone| phone.lookup().check(text).ok()) {
        return check.verdict;
    }
    match read(text) {
        Reading::Label(_) | Reading::Consent(_) => LabelVerdict::UnknownKey,
        Reading::Unsigned(_) => LabelVerdict::Unsigned,
        Reading::Damaged(_) => LabelVerdict::Broken,
        Reading::Legacy(_) | Reading::Foreign => LabelVerdict::NotOurs,
    }
}

fn text(file: &Path, answer: &Answer) -> String {
    let file = file.display();
    match answer {
        Err(error) => format!("{file}：{}", error.fault()),
        Ok((_, _, report)) if report.codes.is_empty() => format!("{file}：没有读到码"),
        Ok((_, _, report)) => {
            let codes = report.codes.iter().map(|code| {
                // Control characters of a hostile code must not reach the terminal.
                let text = code.text.escape_debug();
                format!("{file}：{} {text}", code.format.as_str())
            });
            codes.collect::<Vec<_>>().join("\n")
        }
    }
}

/// Milliseconds with three decimals.
fn milliseconds(us: u64) -> f64 {
    let us = u32::try_from(us).unwrap_or(u32::MAX);
    f64::from(us) / 1_000.0
}

fn tenths(value: f32) -> f64 {
    (f64::from(value) * 10.0).round() / 10.0
}

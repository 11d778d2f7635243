//! A sheet of generated labels by `dianma-server labels bench`: signing, symbols, text and PDF.

use crate::report::Report;
use dianma_tests::process::binary;
use serde_json::Value;
use std::process::Command;

/// Draws so many labels.
pub fn run(report: &mut Report, labels: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(binary("dianma-server"))
        .args(["labels", "--data", &folder.path().display().to_string()])
        .args(["bench", "--labels", &labels.to_string()])
        .output()
        .expect("dianma-server starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "labels bench failed: {errors}");
    let figures: Value = serde_json::from_str(text.trim()).expect("one JSON object");
    let figure = |name: &str| figures[name].as_f64().expect("a number");
    let budget_ms = 2.5 * labels as f64;
    report.about("labels");
    report.most(
        &format!("{labels} labels in a PDF"),
        figure("total_ms"),
        "ms",
        budget_ms,
    );
    report.plain("of that, signing", figure("sign_ms"), "ms");
    report.plain("size of the PDF", figure("bytes") / 1_000.0, "kB");
}

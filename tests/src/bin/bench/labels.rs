//! Sheets of generated labels by `dianma-server labels bench`: how long a thousand take, and whether every
//! symbol of them, drawn at the printer's resolution, reads back with our decoder and with zbar.

use crate::report::Report;
use dianma_tests::process::binary;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Sheets and resolutions that are read back: each sheet at the coarsest printer that is let print it.
const READ_BACK: [(&str, u32); 8] = [
    ("a4_24", 203),
    ("a4_24", 300),
    ("a4_40", 300),
    ("roll_60_40", 203),
    ("roll_60_40", 300),
    ("roll_50_30", 300),
    ("roll_30_40", 300),
    ("card_a4_10", 203),
];

/// Draws so many labels, then reads them back.
pub fn run(report: &mut Report, labels: usize) {
    report.about("labels");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let figures = draw(folder.path(), labels, "a4_24", 300).expect("a sheet of the catalogue");
    let figure = |name: &str| figures[name].as_f64().expect("a number");
    report.most(
        &format!("{labels} labels in a PDF"),
        figure("total_ms"),
        "ms",
        2.5 * labels as f64,
    );
    report.plain("of that, signing", figure("sign_ms"), "ms");
    report.plain("size of the PDF", figure("bytes") / 1_000.0, "kB");
    for (sheet, dpi) in READ_BACK {
        let folder = tempfile::tempdir().expect("a temporary folder");
        read_back(report, folder.path(), labels, sheet, dpi);
    }
}

/// Writes `labels.pdf` and `texts`; the program's figures, or what it refused.
fn draw(folder: &Path, labels: usize, sheet: &str, dpi: u32) -> Result<Value, String> {
    let output = Command::new(binary("dianma-server"))
        .args(["labels", "--data", &folder.display().to_string(), "bench"])
        .args(["--labels", &labels.to_string(), "--sheet", sheet])
        .args(["--dpi", &dpi.to_string()])
        .arg("--out")
        .arg(folder.join("labels.pdf"))
        .arg("--texts")
        .arg(folder.join("texts"))
        .output()
        .expect("dianma-server starts");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(serde_json::from_str(text.trim()).expect("one JSON object"))
}

fn read_back(report: &mut Report, folder: &Path, labels: usize, sheet: &str, dpi: u32) {
    draw(folder, labels, sheet, dpi).expect("a size that this printer can print");
    let texts = std::fs::read_to_string(folder.join("texts")).expect("the texts");
    let wanted: BTreeSet<&str> = texts.lines().collect();
    let pages = pages(folder, dpi);
    // libzbar now and then passes over one symbol of a full page and reads it on a part of the page.
    let parts: Vec<PathBuf> = pages.iter().flat_map(|page| quarters(page)).collect();
    let read_by_zbar = zbar(&pages) + &zbar(&parts);
    for (who, read) in [("ours", ours(&pages)), ("zbar", read_by_zbar)] {
        let read: BTreeSet<&str> = read.lines().collect();
        let wrong = read.difference(&wanted).count();
        report.least(
            &format!("{sheet} at {dpi} dpi, read back by {who}"),
            wanted.intersection(&read).count() as f64,
            "",
            wanted.len() as f64,
        );
        report.plain("of them wrong", wrong as f64, "");
    }
}

/// Every page as a grey picture at the printer's resolution.
fn pages(folder: &Path, dpi: u32) -> Vec<PathBuf> {
    let status = Command::new("pdftoppm")
        .args(["-gray", "-r", &dpi.to_string()])
        .args([folder.join("labels.pdf"), folder.join("page")])
        .status()
        .expect("pdftoppm starts: install poppler-utils");
    assert!(status.success(), "pdftoppm could not draw the pages");
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "pgm"))
        .collect()
}

/// Four overlapping parts of a page of many labels; none of a single label.
fn quarters(page: &Path) -> Vec<PathBuf> {
    let bytes = std::fs::read(page).expect("a page");
    let head: Vec<&[u8]> = bytes.splitn(5, u8::is_ascii_whitespace).collect();
    let number = |n: usize| {
        std::str::from_utf8(head[n])
            .expect("digits")
            .parse::<usize>()
    };
    let (width, height) = (number(1).expect("a width"), number(2).expect("a height"));
    let pixels = &bytes[bytes.len() - width * height..];
    if width.max(height) < 1_000 {
        return Vec::new();
    }
    let (across, down) = (width * 5 / 8, height * 5 / 8);
    let corners = [
        (0, 0),
        (width - across, 0),
        (0, height - down),
        (width - across, height - down),
    ];
    let cut = |(n, (left, top)): (usize, (usize, usize))| {
        let rows = (top..top + down).flat_map(|y| &pixels[y * width + left..][..across]);
        let mut part = format!("P5\n{across} {down}\n255\n").into_bytes();
        part.extend(rows);
        let path = page.with_extension(format!("{n}.part"));
        std::fs::write(&path, part).expect("the folder can be written");
        path
    };
    corners.into_iter().enumerate().map(cut).collect()
}

/// Texts our decoder finds, one a line.
fn ours(pages: &[PathBuf]) -> String {
    let output = Command::new(binary("dianma-field"))
        .args(["--json", "decode", "--all"])
        .args(pages)
        .output()
        .expect("dianma-field starts");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut texts = String::new();
    for line in lines.lines() {
        let answer: Value = serde_json::from_str(line).expect("JSON");
        for code in answer["codes"].as_array().expect("codes") {
            texts.push_str(code["text"].as_str().expect("a text"));
            texts.push('\n');
        }
    }
    texts
}

/// Texts libzbar finds, one a line.
fn zbar(pages: &[PathBuf]) -> String {
    let output = Command::new("zbarimg")
        .args(["--raw", "-q", "-Sdisable", "-Sqrcode.enable"])
        .args(pages)
        .output()
        .expect("zbarimg starts: install zbar-tools");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

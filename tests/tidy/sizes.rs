//! Files stay small enough to read in one go.

use crate::tree::{expect_none, paths, root, sources};

/// Soft limit: 95 % of the files.
const SOFT_LINES: usize = 400;
/// Hard limit: every file.
const HARD_LINES: usize = 800;
/// A tracked file larger than this needs a reason here.
const BLOB_BYTES: u64 = 400_000;
/// Larger files and why they are here.
const LARGE: &[&str] = &[
    "Cargo.lock",                         // resolved dependencies
    "server/console/package-lock.json",   // resolved dependencies
    "server/console/src/api/schema.d.ts", // generated
    "shared-schema/openapi.json",         // generated
];

#[test]
fn no_source_file_is_longer_than_the_hard_limit() {
    let offenders: Vec<String> = sources()
        .iter()
        .map(|file| (file.text.lines().count(), &file.path))
        .filter(|(lines, _)| *lines > HARD_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    expect_none("files have at most 800 lines", &offenders);
}

#[test]
fn at_most_one_source_file_in_twenty_passes_the_soft_limit() {
    let files = sources();
    let long: Vec<String> = files
        .iter()
        .map(|file| (file.text.lines().count(), &file.path))
        .filter(|(lines, _)| *lines > SOFT_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(
        long.len() * 20 <= files.len(),
        "too many long files:\n  {}",
        long.join("\n  ")
    );
}

#[test]
fn large_blobs_are_listed_with_a_reason() {
    let size = |path: &String| std::fs::metadata(root().join(path)).map_or(0, |m| m.len());
    let offenders: Vec<String> = paths()
        .into_iter()
        .filter(|path| size(path) > BLOB_BYTES && !LARGE.contains(&path.as_str()))
        .collect();
    expect_none(
        "files over 400 kB are listed in LARGE with a reason",
        &offenders,
    );
}

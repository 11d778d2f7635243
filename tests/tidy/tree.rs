//! The files git knows, read once per test.

use std::path::{Path, PathBuf};
use std::process::Command;

/// One tracked text file.
pub struct File {
    /// Path from the root, with forward slashes.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl File {
    pub fn has_ending(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// All tracked paths (and new ones that git does not ignore).
pub fn paths() -> Vec<String> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git is installed");
    let listing = String::from_utf8(output.stdout).unwrap();
    let existing = |path: &&str| root().join(path).is_file();
    let paths: Vec<String> = listing
        .lines()
        .filter(existing)
        .map(str::to_owned)
        .collect();
    assert!(paths.len() > 20, "git lists no files here");
    paths
}

/// All tracked files that are UTF-8 text.
pub fn files() -> Vec<File> {
    let read = |path: String| {
        let text = std::fs::read_to_string(root().join(&path)).ok()?;
        Some(File { path, text })
    };
    paths().into_iter().filter_map(read).collect()
}

/// Source files written by hand.
pub fn sources() -> Vec<File> {
    let endings = [".rs", ".ts", ".tsx", ".kt", ".java", ".sh", ".css"];
    let generated = ["schema.d.ts"];
    let is_source = |file: &File| {
        let script = file.path.starts_with("scripts/") || file.path == ".ci/run";
        (file.has_ending(&endings) || script) && !file.has_ending(&generated)
    };
    files().into_iter().filter(is_source).collect()
}

/// Fails with the rule and its offenders.
pub fn expect_none(rule: &str, offenders: &[String]) {
    assert!(
        offenders.is_empty(),
        "{rule}:\n  {}",
        offenders.join("\n  ")
    );
}

//! Documents: links lead somewhere, files open with what they own.

use crate::tree::{expect_none, files, root, sources};

#[test]
fn relative_links_lead_somewhere() {
    let mut offenders = Vec::new();
    for file in files().iter().filter(|file| file.has_ending(&[".md"])) {
        let folder = root().join(&file.path).parent().unwrap().to_owned();
        for part in file.text.split("](").skip(1) {
            let target = part.split([')', ' ']).next().unwrap_or_default();
            let target = target.split('#').next().unwrap_or_default();
            let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
            if !target.is_empty() && !is_elsewhere && !folder.join(target).exists() {
                offenders.push(format!("{} → {target}", file.path));
            }
        }
    }
    expect_none("links that lead nowhere", &offenders);
}

#[test]
fn every_rust_file_opens_with_what_it_owns() {
    let offenders: Vec<String> = sources()
        .iter()
        .filter(|file| file.has_ending(&[".rs"]) && !file.text.starts_with("//!"))
        .map(|file| file.path.clone())
        .collect();
    expect_none(
        "a file opens with //! lines that say what it owns",
        &offenders,
    );
}

#[test]
fn every_folder_of_fixtures_names_its_origin() {
    let folder = root().join("tests/fixtures");
    let mut offenders = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap().flatten() {
        if entry.path().is_dir() && !entry.path().join("README.md").is_file() {
            offenders.push(entry.path().display().to_string());
        }
    }
    expect_none("fixtures have a README with origin and making", &offenders);
}

/// Paths named in the architecture walk exist, so that it stays true.
#[test]
fn paths_named_in_the_architecture_exist() {
    let text = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let is_path = |word: &&str| {
        let first = word.split('/').next().unwrap_or_default();
        word.contains('/') && root().join(first).is_dir() && !word.contains(' ')
    };
    let words = text.split('`').skip(1).step_by(2);
    let offenders: Vec<String> = words
        .filter(is_path)
        .filter(|path| !root().join(path).exists())
        .map(str::to_owned)
        .collect();
    expect_none("docs/ARCHITECTURE.md names what is not there", &offenders);
}

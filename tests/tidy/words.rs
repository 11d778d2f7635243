//! Words that have no place in the tree: other names for our nouns, left-overs, pinyin, secrets,
//! machine paths, personal data.

use crate::tree::{expect_none, files, sources};

/// Word, and what to write instead.
const BANNED: &[(&str, &str)] = &[
    ("TODO", "an issue, or do it"),
    ("FIXME", "an issue, or do it"),
    ("HACK", "a sentence that says why"),
    ("todo!(", "the code"),
    ("unimplemented!(", "the code"),
    ("#[ignore", "a test that runs"),
    (".only(", "the whole suite"),
    ("test.skip", "a test that runs"),
    ("gongdan", "work_order"),
    ("taiqu", "transformer_area"),
    ("huhao", "account_number"),
    ("nongdian", "electrician"),
    ("dianbiao", "meter"),
    ("WorkTicket", "WorkOrder"),
    ("work_ticket", "work_order"),
    ("Subscriber", "Customer"),
];

/// The lists of words themselves.
const OWN: &str = "tests/tidy/words.rs";

#[test]
fn no_banned_word_in_the_sources() {
    let mut offenders = Vec::new();
    for file in sources().iter().filter(|file| file.path != OWN) {
        for (number, line) in file.text.lines().enumerate() {
            for (word, instead) in BANNED {
                if line.contains(word) {
                    offenders.push(format!("{}:{}: {word} → {instead}", file.path, number + 1));
                }
            }
        }
    }
    expect_none("banned words", &offenders);
}

/// Parts of absolute paths and hosts that name a machine instead of the project.
const FOREIGN: &[&str] = &[
    "/home/",
    "/root/",
    "/Users/",
    "crates.io/api",
    "registry.npmjs",
    "pypi.org",
    "repo1.maven",
];

#[test]
fn no_machine_path_and_no_registry_host() {
    let mut offenders = Vec::new();
    for file in files()
        .iter()
        .filter(|file| file.path != OWN && file.path != "Cargo.lock")
    {
        for (number, line) in file.text.lines().enumerate() {
            if FOREIGN.iter().any(|part| line.contains(part)) {
                offenders.push(format!("{}:{}", file.path, number + 1));
            }
        }
    }
    expect_none("the project speaks of itself alone", &offenders);
}

#[test]
fn data_files_hold_no_personal_data() {
    let is_data = |path: &str| path.starts_with("tests/fixtures/") || path.contains("/catalogues/");
    let mut offenders = Vec::new();
    for file in files().iter().filter(|file| is_data(&file.path)) {
        for (number, line) in file.text.lines().enumerate() {
            if digit_runs(line).any(|run| is_national_id(&run) || is_mobile_number(&run)) {
                offenders.push(format!("{}:{}", file.path, number + 1));
            }
        }
    }
    expect_none(
        "national ids and mobile numbers never stand in data files",
        &offenders,
    );
}

fn digit_runs(line: &str) -> impl Iterator<Item = String> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, 'X' | 'x');
    line.split(move |c| !is_part(c)).map(str::to_owned)
}

/// 18 characters whose check character is right (GB 11643).
fn is_national_id(run: &str) -> bool {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let characters: Vec<char> = run.to_uppercase().chars().collect();
    if characters.len() != 18 {
        return false;
    }
    let digits: Option<Vec<u32>> = characters.iter().take(17).map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits else { return false };
    let sum: u32 = digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let expected = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][sum as usize % 11];
    characters[17] == expected
}

/// 11 digits as operators give them; generated numbers start with 100, which nobody has.
fn is_mobile_number(run: &str) -> bool {
    let mut digits = run.chars();
    run.len() == 11
        && run.chars().all(|c| c.is_ascii_digit())
        && digits.next() == Some('1')
        && digits.next().is_some_and(|c| ('3'..='9').contains(&c))
}

#[test]
fn the_checks_recognise_what_they_look_for() {
    assert!(
        is_national_id("11010519491231002X"),
        "the standard's own example"
    );
    assert!(!is_national_id("110105194912310021"));
    assert!(is_mobile_number("13900000000") && !is_mobile_number("10000000001"));
}

//! Dependencies point one way: between crates, and between the rooms of the server.

use crate::tree::{expect_none, files, root, sources};
use std::collections::{BTreeMap, BTreeSet};

/// Crates that each crate may name in `[dependencies]`.
const CRATES: &[(&str, &[&str])] = &[
    ("shared-schema", &[]),
    ("rust-core", &["dianma-schema", "dianma-cipher"]),
    ("rust-core/bindgen", &[]),
    ("rust-core/cipher", &[]),
    ("rust-core/door", &["dianma-core"]),
    ("server", &["dianma-schema", "dianma-acquisition"]),
    ("server/acquisition", &[]),
];

/// Rooms everybody may call.
const GROUND: &[&str] = &[
    "store", "text", "clock", "error", "app", "auth", "audit", "feed", "access", "paging",
];

#[test]
fn crates_depend_downwards_only() {
    let mut offenders = Vec::new();
    for (folder, allowed) in CRATES {
        let path = root().join(folder).join("Cargo.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let dependencies = text.split("[dependencies]").nth(1).unwrap_or_default();
        let dependencies = dependencies.split("\n[").next().unwrap_or_default();
        for line in dependencies
            .lines()
            .filter(|line| line.starts_with("dianma-"))
        {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if !allowed.contains(&name) {
                offenders.push(format!("{folder} depends on {name}"));
            }
        }
    }
    expect_none(
        "schema ← core, cipher ← core, schema ← server, acquisition ← server",
        &offenders,
    );
}

/// Which rooms of the server call which.
fn room_calls() -> BTreeMap<String, BTreeSet<String>> {
    let mut calls: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in sources() {
        let Some(rest) = file.path.strip_prefix("server/src/") else {
            continue;
        };
        let Some((room, _)) = rest.split_once('/') else {
            continue;
        };
        if GROUND.contains(&room) || room == "main" {
            continue;
        }
        let code = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        for part in code.split("crate::").skip(1) {
            let other: String = part
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            let is_room = root().join("server/src").join(&other).is_dir();
            if is_room && other != room && !GROUND.contains(&other.as_str()) {
                calls.entry(room.to_owned()).or_default().insert(other);
            }
        }
    }
    calls
}

#[test]
fn rooms_of_the_server_never_call_in_a_circle() {
    let calls = room_calls();
    assert!(calls.len() > 3, "no calls found: the scan is broken");
    let mut finished: BTreeSet<&str> = BTreeSet::new();
    for room in calls.keys() {
        let mut path = vec![room.as_str()];
        walk(&calls, &mut path, &mut finished);
    }
}

fn walk<'a>(
    calls: &'a BTreeMap<String, BTreeSet<String>>,
    path: &mut Vec<&'a str>,
    finished: &mut BTreeSet<&'a str>,
) {
    let room = path[path.len() - 1];
    if finished.contains(room) {
        return;
    }
    for next in calls.get(room).into_iter().flatten() {
        assert!(
            !path.contains(&next.as_str()),
            "rooms call in a circle: {path:?} → {next}"
        );
        path.push(next);
        walk(calls, path, finished);
        path.pop();
    }
    finished.insert(room);
}

#[test]
fn the_lock_file_holds_no_banned_crate() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let banned = [
        "sqlx",
        "aws-lc-rs",
        "aws-lc-sys",
        "openssl-sys",
        "native-tls",
        "diesel",
    ];
    let offenders: Vec<String> = banned
        .iter()
        .filter(|name| lock.contains(&format!("name = \"{name}\"\n")))
        .map(|name| (*name).to_owned())
        .collect();
    expect_none("crates that conflict or drag a C toolchain in", &offenders);
    let sqlite = lock.matches("name = \"libsqlite3-sys\"").count();
    assert_eq!(sqlite, 1, "exactly one crate may link SQLite");
}

/// Words of one engine's dialect; both engines run the same text.
const DIALECT: &[&str] = &[
    "INSERT OR ",
    "datetime(",
    "julianday",
    " now()",
    " ILIKE ",
    ")::text",
    ")::bigint",
    "IFNULL(",
    "json_extract",
    "OFFSET ?",
];

#[test]
fn statements_use_no_dialect_of_one_engine() {
    let mut offenders = Vec::new();
    for file in files() {
        let is_use_case = file.path.starts_with("server/src/") && file.has_ending(&[".rs"]);
        if !is_use_case {
            continue;
        }
        for (number, line) in file.text.lines().enumerate() {
            let is_comment = line.trim_start().starts_with("//");
            if !is_comment && DIALECT.iter().any(|word| line.contains(word)) {
                offenders.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    expect_none("one SQL text for SQLite and PostgreSQL", &offenders);
}

/// Migrations that are released: their text never changes again.
#[test]
fn released_migrations_are_never_edited() {
    let list = include_str!("../fixtures/migrations/released.sha256");
    let mut offenders = Vec::new();
    let mut count = 0;
    for line in list
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
    {
        let (checksum, path) = line.split_once("  ").expect("`<sha256>  <path>`");
        let bytes = std::fs::read(root().join(path)).unwrap_or_default();
        if dianma_server::text::sha256_hex(&bytes) != checksum {
            offenders.push(path.to_owned());
        }
        count += 1;
    }
    expect_none(
        "a released migration is never edited: add a new one",
        &offenders,
    );
    assert!(count > 0, "no released migration is listed");
}

//! The audit log: append-only, each row's hash covers the one before, so a changed or removed row
//! breaks the chain. Details are JSON without personal data. What phones send is chained per phone, in
//! `commands.rs`: on PostgreSQL an appended entry holds the end of this log until the commit.

pub mod commands;
pub mod list;

pub use commands::BrokenCommand;

use crate::args;
use crate::store::{Engine, StoreError, Tx};
use crate::text::sha256_hex;

/// What is written down.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Staff id, `system`, or `device:<id>`.
    pub actor_id: &'a str,
    /// Past tense or imperative word, e.g. `archived`, `signed_in`, `unmasked`.
    pub action: &'a str,
    /// `work_order`, `staff`, `device`, `customer`, …
    pub subject_kind: &'a str,
    /// Its id.
    pub subject_id: &'a str,
    /// What else matters.
    pub detail: serde_json::Value,
}

/// Appends one entry. Call it late in the transaction: on PostgreSQL it locks the end of the chain
/// until the commit, and it must come before `feed::publish` so that locks are taken in one order.
pub fn append(tx: &mut dyn Tx, now_ms: i64, entry: &Entry<'_>) -> Result<(), StoreError> {
    if tx.engine() == Engine::Postgres {
        tx.query(
            "SELECT 1 FROM pg_advisory_xact_lock(4210722)",
            args![],
            &mut |_| Ok(()),
        )?;
    }
    let last = tx.first(
        "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
        args![],
        |row| Ok((row.int(0)?, row.text(1)?)),
    )?;
    let (seq, previous) = last.map_or((1, String::new()), |(seq, hash)| (seq + 1, hash));
    let detail = entry.detail.to_string();
    let hash = row_hash(&previous, seq, now_ms, entry, &detail);
    tx.execute(
        "INSERT INTO audit (seq, at_ms, actor_id, action, subject_kind, subject_id, detail, \
         previous_hash, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        args![
            seq,
            now_ms,
            entry.actor_id,
            entry.action,
            entry.subject_kind,
            entry.subject_id,
            detail,
            previous,
            hash
        ],
    )?;
    Ok(())
}

fn row_hash(previous: &str, seq: i64, at_ms: i64, entry: &Entry<'_>, detail: &str) -> String {
    // A length before each part: no two different rows give the same bytes.
    let parts = [
        previous,
        &seq.to_string(),
        &at_ms.to_string(),
        entry.actor_id,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        detail,
    ];
    let text: String = parts
        .iter()
        .map(|part| format!("{}:{part}", part.len()))
        .collect();
    sha256_hex(text.as_bytes())
}

/// How a check of the chain ended.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Verdict {
    /// Rows looked at.
    pub rows: i64,
    /// First row that does not fit, if any.
    pub broken_at: Option<i64>,
    /// Phones' commands looked at, of those that are chained.
    pub commands: i64,
    /// First command of a phone that does not fit, if any.
    pub broken_command: Option<BrokenCommand>,
}

/// Walks the log and the chain of every phone, page by page.
pub fn verify(tx: &mut dyn Tx) -> Result<Verdict, StoreError> {
    let mut verdict = verify_log(tx)?;
    (verdict.commands, verdict.broken_command) = commands::verify(tx)?;
    Ok(verdict)
}

fn verify_log(tx: &mut dyn Tx) -> Result<Verdict, StoreError> {
    let mut verdict = Verdict {
        rows: 0,
        broken_at: None,
        commands: 0,
        broken_command: None,
    };
    let mut previous = String::new();
    loop {
        let page = tx.all(
            "SELECT seq, at_ms, actor_id, action, subject_kind, subject_id, detail, previous_hash, \
             hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT 500",
            args![verdict.rows],
            |row| {
                let entry = Entry {
                    actor_id: &row.text(2)?,
                    action: &row.text(3)?,
                    subject_kind: &row.text(4)?,
                    subject_id: &row.text(5)?,
                    detail: serde_json::Value::Null,
                };
                let (seq, before, hash) = (row.int(0)?, row.text(7)?, row.text(8)?);
                let right = row_hash(&before, seq, row.int(1)?, &entry, &row.text(6)?) == hash;
                Ok((seq, before, hash, right))
            },
        )?;
        if page.is_empty() {
            return Ok(verdict);
        }
        for (seq, before, hash, right) in page {
            if !right || before != previous || seq != verdict.rows + 1 {
                verdict.broken_at = Some(seq);
                return Ok(verdict);
            }
            verdict.rows = seq;
            previous = hash;
        }
    }
}

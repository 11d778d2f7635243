//! Full-text stages on SQLite: the trigram index for long terms, the one-character index for short
//! ones, read in the order of the row id. Every hit is compared again with LIKE, so an index only
//! has to be complete, not exact.

use super::row::COLUMNS;
use super::terms::{LONG_CODE, Term, initial_tokens, prefix_end};
use crate::store::Value;
use std::fmt::Write as _;

/// Characters of a term that the trigram index is asked for; the comparison afterwards sees all.
const MOST_CHARACTERS: usize = 6;

/// A statement whose column after [`COLUMNS`] is the key for the next page.
pub(super) struct Statement {
    pub sql: String,
    pub args: Vec<Value>,
}

/// All terms must fit. `after` is the last row id seen.
pub(super) fn text(
    terms: &[Term],
    after: i64,
    station: &str,
    area: &str,
    limit: i64,
) -> Option<Statement> {
    let long: Vec<&str> = terms.iter().filter_map(long_code).collect();
    let words: Vec<&str> = terms.iter().filter_map(words_term).collect();
    let letters: Vec<String> = terms.iter().filter_map(letters_token).collect();
    if long.is_empty() && words.is_empty() {
        return None;
    }
    let is_trigram = !long.is_empty() || letters.is_empty() && are_long(&words);
    let (table, query) = if is_trigram {
        let parts: Vec<&str> = words.iter().copied().filter(|word| is_long(word)).collect();
        ("customer_trigrams", trigrams(&[long, parts].concat()))
    } else {
        ("customer_unigrams", phrases(&words, &letters))
    };
    let mut sql = format!(
        "SELECT {COLUMNS}, {table}.rowid FROM {table} \
         CROSS JOIN customer_search d ON d.doc = {table}.rowid \
         CROSS JOIN customers c ON c.id = d.customer_id \
         WHERE {table} MATCH ?1 AND {table}.rowid > ?2 \
         AND (?3 = '' OR c.station_id = ?3) AND (?4 = '' OR c.area_id = ?4)"
    );
    let mut args: Vec<Value> = vec![query.into(), after.into(), station.into(), area.into()];
    filters(terms, &mut sql, &mut args);
    args.push(limit.into());
    let _ = write!(sql, " ORDER BY {table}.rowid LIMIT ?{}", args.len());
    Some(Statement { sql, args })
}

/// The word has a trigram.
fn is_long(word: &str) -> bool {
    word.chars().count() >= 3
}

/// Every word has a trigram, and one of them is Chinese: a phrase of single characters would walk the
/// places of every one of them, 15 ms for a pole among 500,000 customers. Digits alone stand in too many
/// numbers.
fn are_long(words: &[&str]) -> bool {
    words.iter().all(|word| is_long(word)) && words.iter().any(|word| !word.is_ascii())
}

/// A number ends with the code.
pub(super) fn tail(
    code: &str,
    after: i64,
    station: &str,
    area: &str,
    limit: i64,
) -> Option<Statement> {
    if code.len() < LONG_CODE {
        return None;
    }
    let sql = format!(
        "SELECT {COLUMNS}, customer_trigrams.rowid FROM customer_trigrams \
         CROSS JOIN customer_search d ON d.doc = customer_trigrams.rowid \
         CROSS JOIN customers c ON c.id = d.customer_id \
         WHERE customer_trigrams MATCH ?1 AND customer_trigrams.rowid > ?2 \
         AND (?3 = '' OR c.station_id = ?3) AND (?4 = '' OR c.area_id = ?4) \
         AND d.numbers LIKE ?5 ORDER BY customer_trigrams.rowid LIMIT ?6"
    );
    let with_end = format!("{code}|");
    let args = vec![
        trigrams(&[with_end.as_str()]).into(),
        after.into(),
        station.into(),
        area.into(),
        format!("%{with_end}%").into(),
        limit.into(),
    ];
    Some(Statement { sql, args })
}

fn long_code(term: &Term) -> Option<&str> {
    match term {
        Term::Code(code) if code.len() >= LONG_CODE => Some(code),
        _ => None,
    }
}

/// The token of a term of initials.
fn letters_token(term: &Term) -> Option<String> {
    match term {
        Term::Letters(letters) => initial_tokens(letters).pop(),
        _ => None,
    }
}

/// Terms that are looked for in the words.
pub(super) fn words_term(term: &Term) -> Option<&str> {
    match term {
        Term::Words(text) => Some(text),
        Term::Code(code) if code.len() < LONG_CODE => Some(code),
        _ => None,
    }
}

/// The comparison that decides. Terms hold letters and digits only, so `%` and `_` cannot come from
/// outside.
pub(super) fn filters(terms: &[Term], sql: &mut String, args: &mut Vec<Value>) {
    for text in terms.iter().filter_map(words_term) {
        args.push(format!("%{text}%").into());
        let _ = write!(sql, " AND d.words LIKE ?{}", args.len());
    }
    other_filters(terms, "c.name_initials", sql, args);
}

/// The part of it that is not about words, the same on both engines. `initials` names the column of
/// the name's initials.
pub(super) fn other_filters(
    terms: &[Term],
    initials: &str,
    sql: &mut String,
    args: &mut Vec<Value>,
) {
    for text in terms.iter().filter_map(long_code) {
        args.push(format!("%{text}%").into());
        let _ = write!(sql, " AND d.numbers LIKE ?{}", args.len());
    }
    for term in terms {
        if let Term::Letters(letters) = term
            && let Some(end) = prefix_end(letters)
        {
            args.push(letters.as_str().into());
            let _ = write!(sql, " AND {initials} >= ?{}", args.len());
            args.push(end.into());
            let _ = write!(sql, " AND {initials} < ?{}", args.len());
        }
    }
}

/// `"abc" AND "bcd"`: an index without positions cannot match a phrase, but all its parts.
fn trigrams(texts: &[&str]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for text in texts {
        // The last parts of a number tell most: numbers of one county begin alike.
        let skip = text.chars().count().saturating_sub(MOST_CHARACTERS);
        let characters: Vec<char> = text.chars().skip(skip).collect();
        for window in characters.windows(3) {
            let part: String = window.iter().collect();
            parts.push(format!("\"{part}\""));
        }
    }
    parts.dedup();
    parts.join(" AND ")
}

/// `"王 伟" AND "1 2" AND "=wq"`.
fn phrases(texts: &[&str], tokens: &[String]) -> String {
    let quoted: Vec<String> = texts
        .iter()
        .map(|text| super::index::spaced(text).trim().to_owned())
        .chain(tokens.iter().cloned())
        .map(|text| format!("\"{text}\""))
        .collect();
    quoted.join(" AND ")
}

//! Full-text stages on PostgreSQL: the array of characters and pairs for words, the trigram index
//! for numbers, read in the order of the customer's id. The planner sees the real values (see
//! `search::prepare`), so a very common character becomes a walk along the key instead.

use super::index::grams;
use super::row::COLUMNS;
use super::search_sqlite::{Statement, other_filters, words_term};
use super::terms::{LONG_CODE, Term, initial_tokens};
use crate::store::Value;
use std::fmt::Write as _;

/// All terms must fit. `after` is the last customer id seen.
pub(super) fn text(
    terms: &[Term],
    after: &str,
    station: &str,
    area: &str,
    limit: i64,
) -> Statement {
    let mut fits = String::new();
    let mut args: Vec<Value> = vec![after.into()];
    word_filter(terms, &mut fits, &mut args);
    let has_long_code = terms
        .iter()
        .any(|term| matches!(term, Term::Code(code) if code.len() >= LONG_CODE));
    let mut wanted: Vec<String> = terms.iter().flat_map(wanted).collect();
    // The index is read for every key that is asked for: 线 and 杆 are in every pole number and rule nothing out
    // that the digits beside them do not.
    wanted.retain(|gram| !has_long_code || gram.chars().count() > 1);
    if !wanted.is_empty() {
        args.push(wanted.join(" ").into());
        let _ = write!(
            fits,
            " AND d.grams @> string_to_array(CAST(?{} AS TEXT), ' ')",
            args.len()
        );
    }
    other_filters(terms, "d.initials", &mut fits, &mut args);
    page(&fits, args, (station, area), limit)
}

/// What the array index is asked for.
fn wanted(term: &Term) -> Vec<String> {
    match term {
        Term::Words(text) => apart(text),
        Term::Code(code) if code.len() < LONG_CODE => pairs(code),
        Term::Code(_) => Vec::new(),
        Term::Letters(letters) => initial_tokens(letters).pop().into_iter().collect(),
    }
}

/// The comparison that decides, for words, in one expression whose share of the rows the planner cannot
/// guess and takes for a third: it multiplied a guess for every LIKE with that of the index, expected a
/// hundred rows instead of ten thousand, and read them all for a page that a short walk along the key fills.
fn word_filter(terms: &[Term], sql: &mut String, args: &mut Vec<Value>) {
    let mut tests: Vec<String> = Vec::new();
    for text in terms.iter().filter_map(words_term) {
        args.push(text.into());
        tests.push(format!("strpos(d.words, ?{}) > 0", args.len()));
    }
    if !tests.is_empty() {
        let all = tests.join(" AND ");
        let _ = write!(sql, " AND CASE WHEN {all} THEN 1 ELSE 0 END > 0");
    }
}

/// A number ends with the code.
pub(super) fn tail(code: &str, after: &str, station: &str, area: &str, limit: i64) -> Statement {
    let args = vec![after.into(), format!("%{code}|%").into()];
    page(" AND d.numbers LIKE ?2", args, (station, area), limit)
}

/// The customers that fit, after `?1` in the order of their ids. Their rows are read when the page is known:
/// a join before the limit read thousands of them for fifty.
fn page(fits: &str, mut args: Vec<Value>, (station, area): (&str, &str), limit: i64) -> Statement {
    let mut place = String::new();
    for (column, id) in [("station_id", station), ("area_id", area)] {
        if !id.is_empty() {
            args.push(id.into());
            let _ = write!(place, " AND p.{column} = ?{}", args.len());
        }
    }
    let join = if place.is_empty() {
        ""
    } else {
        " JOIN customers p ON p.id = d.customer_id"
    };
    args.push(limit.into());
    let sql = format!(
        "SELECT {COLUMNS}, d.customer_id FROM (SELECT d.customer_id FROM customer_search d{join} \
         WHERE d.customer_id > ?1{fits}{place} ORDER BY d.customer_id LIMIT ?{}) d \
         JOIN customers c ON c.id = d.customer_id ORDER BY d.customer_id",
        args.len()
    );
    Statement { sql, args }
}

/// Pairs of a term that do not overlap; its only character when it has one. The planner takes them for
/// independent: overlapping pairs of one village made it expect sixteen times too few rows.
fn apart(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    if let [only] = characters.as_slice() {
        return vec![only.to_string()];
    }
    let (pairs, _) = characters.as_chunks::<2>();
    pairs.iter().map(|pair| pair.iter().collect()).collect()
}

/// All pairs of a short number: digits follow each other as they like, and each pair rules rows out.
fn pairs(code: &str) -> Vec<String> {
    let is_single = code.chars().count() == 1;
    grams(code)
        .into_iter()
        .filter(|gram| is_single || gram.chars().count() == 2)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_in_the_index() {
        assert_eq!(apart("山"), ["山"]);
        assert_eq!(apart("青山村"), ["青山"]);
        assert_eq!(apart("青山绿水"), ["青山", "绿水"]);
        assert_eq!(pairs("121"), ["12", "21"]);
        assert_eq!(pairs("7"), ["7"]);
        let indexed = grams("|青山绿水村12号|");
        assert!(apart("山绿水村1").iter().all(|gram| indexed.contains(gram)));
    }
}

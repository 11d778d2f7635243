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
    let wanted = ruling_out(terms);
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

/// Single characters that are in nearly every address or pole number.
const OF_EVERY_ADDRESS: &str = "省市县区镇乡村组号路街巷弄栋幢楼室户线杆台变";

/// What the array index is asked for by all terms. It is read for every key: a character that is in every address
/// rules nothing out that the keys beside it do not, and beside a long number no single character does.
fn ruling_out(terms: &[Term]) -> Vec<String> {
    let has_long_code = terms
        .iter()
        .any(|term| matches!(term, Term::Code(code) if code.len() >= LONG_CODE));
    let all: Vec<String> = terms.iter().flat_map(wanted).collect();
    let rules_out = |gram: &&String| {
        let mut characters = gram.chars();
        let only = characters.next().filter(|_| characters.next().is_none());
        only.is_none_or(|c| !has_long_code && !c.is_ascii_digit() && !OF_EVERY_ADDRESS.contains(c))
    };
    let few: Vec<String> = all.iter().filter(rules_out).cloned().collect();
    if few.is_empty() && !has_long_code {
        return all;
    }
    few
}

/// What one term asks the array index for.
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

/// The longest grams of a short number: the number itself when it is three digits, else its pairs.
fn pairs(code: &str) -> Vec<String> {
    let all = grams(code);
    let longest = all.iter().map(|gram| gram.chars().count()).max();
    let is_longest = |gram: &String| Some(gram.chars().count()) == longest;
    all.into_iter().filter(is_longest).collect()
}

#[cfg(test)]
mod tests {
    use super::super::terms::{Query, parse};
    use super::*;

    #[test]
    fn what_is_asked_for_is_in_the_index() {
        assert_eq!(apart("山"), ["山"]);
        assert_eq!(apart("青山村"), ["青山"]);
        assert_eq!(apart("青山绿水"), ["青山", "绿水"]);
        assert_eq!(pairs("121"), ["121"]);
        assert_eq!(pairs("a21"), ["21", "a2"]);
        assert_eq!(pairs("7"), ["7"]);
        let indexed = grams("|青山绿水村128号|");
        assert!(apart("山绿水村1").iter().all(|gram| indexed.contains(gram)));
        assert!(pairs("128").iter().all(|gram| indexed.contains(gram)));
    }

    #[test]
    fn what_every_address_has_is_not_asked_for() {
        let asked = |text: &str| match parse(text) {
            Some(Query::All(terms)) => ruling_out(&terms),
            _ => Vec::new(),
        };
        assert_eq!(asked("村7组181号"), ["181"]);
        assert_eq!(asked("7组8号"), ["7", "组", "8", "号"]);
        assert_eq!(asked("王 青山村"), ["王", "青山"]);
        assert_eq!(asked("10kv07线2086杆"), Vec::<String>::new());
    }
}

//! Full-text stages on PostgreSQL: the array of characters and pairs for words, the trigram index
//! for numbers, read in the order of the customer's id. The planner sees the real values (see
//! `search::prepare`), so a very common character becomes a walk along the key instead.

use super::index::grams;
use super::row::COLUMNS;
use super::search_sqlite::{Statement, filters};
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
    let wanted: Vec<String> = terms
        .iter()
        .flat_map(|term| match term {
            Term::Words(text) => pairs_first(text),
            Term::Code(code) if code.len() < LONG_CODE => pairs_first(code),
            Term::Code(_) => Vec::new(),
            Term::Letters(letters) => initial_tokens(letters).pop().into_iter().collect(),
        })
        .collect();
    let mut sql = head();
    let mut args: Vec<Value> = vec![after.into(), station.into(), area.into()];
    if !wanted.is_empty() {
        args.push(wanted.join(" ").into());
        sql.push_str(" AND d.grams @> string_to_array(CAST(?4 AS TEXT), ' ')");
    }
    filters(terms, &mut sql, &mut args);
    args.push(limit.into());
    let _ = write!(sql, " ORDER BY d.customer_id LIMIT ?{}", args.len());
    Statement { sql, args }
}

/// A number ends with the code.
pub(super) fn tail(code: &str, after: &str, station: &str, area: &str, limit: i64) -> Statement {
    let sql = format!(
        "{} AND d.numbers LIKE ?4 ORDER BY d.customer_id LIMIT ?5",
        head()
    );
    let args = vec![
        after.into(),
        station.into(),
        area.into(),
        format!("%{code}|%").into(),
        limit.into(),
    ];
    Statement { sql, args }
}

fn head() -> String {
    format!(
        "SELECT {COLUMNS}, d.customer_id FROM customer_search d \
         JOIN customers c ON c.id = d.customer_id \
         WHERE d.customer_id > ?1 AND (?2 = '' OR c.station_id = ?2) \
         AND (?3 = '' OR c.area_id = ?3)"
    )
}

/// The pairs of a term; its only character when it has one. Single characters add nothing to pairs.
fn pairs_first(text: &str) -> Vec<String> {
    let is_single = text.chars().count() == 1;
    grams(text)
        .into_iter()
        .filter(|gram| is_single || gram.chars().count() == 2)
        .collect()
}

//! Many rows at once: fewer round trips on PostgreSQL. The number of statement shapes stays small,
//! because both engines keep prepared statements per text.

use super::{StoreError, Tx, Value};
use std::fmt::Write as _;

/// Rows a statement holds: the largest that still fits is taken, the rest goes on with the next.
const SIZES: [usize; 4] = [256, 32, 4, 1];

/// Inserts rows: `head` is `INSERT INTO t (a, b)`, `tail` an `ON CONFLICT` clause or nothing.
/// Every row has `columns` values.
pub fn insert_rows(
    tx: &mut dyn Tx,
    head: &str,
    columns: usize,
    rows: &[Vec<Value>],
    tail: &str,
) -> Result<u64, StoreError> {
    let row = vec!["?"; columns].join(", ");
    insert_shaped(tx, head, &format!("({row})"), rows, tail)
}

/// [`insert_rows`] where a value needs an expression around it: `shape` is one row with a `?` for each
/// value, such as `(?, CAST(? AS TEXT))`.
pub fn insert_shaped(
    tx: &mut dyn Tx,
    head: &str,
    shape: &str,
    rows: &[Vec<Value>],
    tail: &str,
) -> Result<u64, StoreError> {
    let mut changed = 0;
    for (sql, part) in statements(head, shape, rows, tail) {
        changed += tx.execute(&sql, &part.concat())?;
    }
    Ok(changed)
}

/// The statements of the rows, each with its rows.
pub fn statements<'a>(
    head: &str,
    shape: &str,
    rows: &'a [Vec<Value>],
    tail: &str,
) -> Vec<(String, &'a [Vec<Value>])> {
    let mut all = Vec::new();
    let mut rest = rows;
    for size in SIZES {
        if rest.len() < size {
            continue;
        }
        let sql = format!("{head} VALUES {} {tail}", numbered(shape, size));
        let fitting = rest.len() / size * size;
        let (now, later) = rest.split_at(fitting);
        all.extend(now.chunks(size).map(|part| (sql.clone(), part)));
        rest = later;
    }
    all
}

/// The shape so many times, its places numbered through.
fn numbered(shape: &str, rows: usize) -> String {
    let mut text = String::new();
    let mut number = 0;
    for row in 0..rows {
        if row > 0 {
            text.push_str(", ");
        }
        for c in shape.chars() {
            text.push(c);
            if c == '?' {
                number += 1;
                let _ = write!(text, "{number}");
            }
        }
    }
    text
}

/// Sizes an `IN` list is padded to.
const LISTS: [usize; 4] = [1, 8, 64, 512];

/// Most values of one [`in_list`].
pub const MAX_LIST: usize = 512;

/// The `(?1, ?2, …)` of an `IN` and its values, padded by repeating the last one. `None` for no
/// values; more than [`MAX_LIST`] are an error of the caller and are cut.
pub fn in_list(values: &[Value]) -> Option<(String, Vec<Value>)> {
    let last = values.last()?;
    let size = LISTS
        .iter()
        .copied()
        .find(|size| *size >= values.len())
        .unwrap_or(MAX_LIST);
    let mut padded: Vec<Value> = values.iter().take(size).cloned().collect();
    padded.resize(size, last.clone());
    let list = vec!["?"; size].join(", ");
    Some((numbered(&format!("({list})"), 1), padded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_through() {
        assert_eq!(
            numbered("(?, lower(?))", 2),
            "(?1, lower(?2)), (?3, lower(?4))"
        );
    }

    #[test]
    fn rows_are_cut_into_few_shapes_and_none_is_lost() {
        let rows: Vec<Vec<Value>> = (0..551).map(|n| vec![Value::Integer(n)]).collect();
        let cut = statements("INSERT INTO t (a)", "(?)", &rows, "");
        let sizes: Vec<usize> = cut.iter().map(|(_, part)| part.len()).collect();
        assert_eq!(sizes, [256, 256, 32, 4, 1, 1, 1]);
        let all: Vec<Vec<Value>> = cut.iter().flat_map(|(_, part)| part.to_vec()).collect();
        assert_eq!(all, rows);
    }

    #[test]
    fn lists_are_padded_with_the_last_value() {
        let values: Vec<Value> = (0..3).map(Value::Integer).collect();
        let (text, padded) = in_list(&values).unwrap();
        assert_eq!(text, "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        assert_eq!(padded.last(), Some(&Value::Integer(2)));
        assert!(in_list(&[]).is_none());
    }
}

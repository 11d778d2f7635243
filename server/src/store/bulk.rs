//! Many rows at once: fewer round trips on PostgreSQL. The number of statement shapes stays small,
//! because both engines keep prepared statements per text.

use super::{StoreError, Tx, Value};
use std::fmt::Write as _;

/// Rows in one full statement; the rest goes row by row.
const CHUNK: usize = 32;

/// Inserts rows: `head` is `INSERT INTO t (a, b)`, `tail` an `ON CONFLICT` clause or nothing.
/// Every row has `columns` values.
pub fn insert_rows(
    tx: &mut dyn Tx,
    head: &str,
    columns: usize,
    rows: &[Vec<Value>],
    tail: &str,
) -> Result<u64, StoreError> {
    let chunks = rows.chunks_exact(CHUNK);
    let rest = chunks.remainder();
    let mut changed = 0;
    if rows.len() >= CHUNK {
        let sql = format!("{head} VALUES {} {tail}", places(CHUNK, columns));
        for chunk in chunks {
            changed += tx.execute(&sql, &chunk.concat())?;
        }
    }
    if !rest.is_empty() {
        let sql = format!("{head} VALUES {} {tail}", places(1, columns));
        for row in rest {
            changed += tx.execute(&sql, row)?;
        }
    }
    Ok(changed)
}

/// `(?1, ?2), (?3, ?4)`.
fn places(rows: usize, columns: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            let comma = if column == 1 { "" } else { ", " };
            let _ = write!(text, "{comma}?{}", row * columns + column);
        }
        text.push(')');
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
    Some((places(1, size), padded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_through() {
        assert_eq!(places(2, 2), "(?1, ?2), (?3, ?4)");
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

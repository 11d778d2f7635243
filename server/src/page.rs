//! Keyset paging: the limit, the opaque cursor and the `meta` of every list. What a cursor's parts
//! mean is the list's own business.

use crate::error::ApiError;
use crate::text::hex;
use serde::Serialize;
use utoipa::ToSchema;

/// Rows of a page when the caller names no limit.
const DEFAULT_LIMIT: i64 = 50;
/// Most rows of a page.
pub const MAX_LIMIT: i64 = 200;
/// Longest cursor looked at, characters.
const MAX_CURSOR: usize = 2_000;

/// The `meta` beside a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Meta {
    /// Pass it as `cursor` for the next page; `null` at the end.
    pub next_cursor: Option<String>,
    /// How many rows there are in all, where that is cheap to know.
    pub total: Option<i64>,
}

/// The limit of a page: 50 when not given, at most 200.
pub fn limit(asked: Option<i64>) -> Result<i64, ApiError> {
    match asked {
        None => Ok(DEFAULT_LIMIT),
        Some(limit) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
        Some(_) => Err(ApiError::field(
            "limit",
            "每页条数须为 1 到 200",
            "The limit must be 1 to 200",
        )),
    }
}

/// Writes the key of the last row of a page as a cursor.
pub fn cursor(parts: &[&str]) -> String {
    hex(serde_json::json!(parts).to_string().as_bytes())
}

/// Reads a cursor of `N` parts that [`cursor`] wrote; `None` when none was sent.
pub fn read_cursor<const N: usize>(text: Option<&str>) -> Result<Option<[String; N]>, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let parts = unhex(text)
        .and_then(|bytes| serde_json::from_slice::<Vec<String>>(&bytes).ok())
        .and_then(|parts| <[String; N]>::try_from(parts).ok());
    parts.map(Some).ok_or_else(bad_cursor)
}

/// The refusal of a cursor that is none of ours.
pub fn bad_cursor() -> ApiError {
    ApiError::field(
        "cursor",
        "翻页标记无效，请从第一页重新开始",
        "Not a valid cursor: start again at the first page",
    )
}

/// Cuts the one row too many that a list asks for (`LIMIT limit + 1`) and says where to go on.
pub fn finish<T>(rows: &mut Vec<T>, limit: i64, key: impl Fn(&T) -> String) -> Meta {
    let limit = usize::try_from(limit).unwrap_or(0);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    Meta {
        next_cursor: rows.last().filter(|_| has_more).map(key),
        total: None,
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .take(MAX_CURSOR + 1)
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits.filter(|digits| digits.len() <= MAX_CURSOR && digits.len() % 2 == 0)?;
    Some(
        digits
            .chunks_exact(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cursor_reads_back_and_foreign_ones_are_refused() {
        let text = cursor(&["5", "户\"名"]);
        assert_eq!(
            read_cursor::<2>(Some(&text)).unwrap().unwrap(),
            ["5".to_owned(), "户\"名".to_owned()]
        );
        assert!(read_cursor::<3>(Some(&text)).is_err());
        assert!(read_cursor::<1>(None).unwrap().is_none());
        for bad in ["x", "abc", "5b5d", "户"] {
            assert!(read_cursor::<1>(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_row_too_many_is_cut_and_becomes_a_cursor() {
        let mut rows = vec![1, 2, 3];
        let meta = finish(&mut rows, 2, |row| cursor(&[&row.to_string()]));
        assert_eq!(rows, [1, 2]);
        assert_eq!(meta.next_cursor, Some(cursor(&["2"])));
        assert_eq!(finish(&mut rows, 2, |_| String::new()).next_cursor, None);
    }

    proptest! {
        #[test]
        fn any_text_as_a_cursor_is_an_answer(text in "\\PC{0,60}") {
            let _ = read_cursor::<2>(Some(&text));
        }
    }
}

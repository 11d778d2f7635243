//! How the shipped catalogues (目录) are read: TOML embedded in the binary, checked row by row while
//! loading. Owns the error and the few date helpers, not any catalogue.

use crate::time;

/// Why a catalogue file was refused; the sentence names the row, so that an editor can mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CatalogueError(pub String);

impl CatalogueError {
    /// An error about one row.
    pub fn at(row: &str, why: impl std::fmt::Display) -> Self {
        Self(format!("{row}: {why}"))
    }
}

/// Parses TOML and turns the parser's message into our error.
pub(crate) fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, CatalogueError> {
    toml::from_str(text).map_err(|error| CatalogueError(error.to_string()))
}

/// A civil day `yyyy-mm-dd` of a catalogue row, as days since 1970-01-01.
pub(crate) fn day(row: &str, text: &str) -> Result<i64, CatalogueError> {
    time::parse_china_time(text)
        .map(time::china_day)
        .ok_or_else(|| CatalogueError::at(row, format_args!("{text:?} is no date")))
}

/// Like [`day`], for an optional end.
pub(crate) fn optional_day(row: &str, text: Option<&str>) -> Result<Option<i64>, CatalogueError> {
    text.map(|text| day(row, text)).transpose()
}

/// Refuses a row whose text is empty or only spaces.
pub(crate) fn filled(row: &str, field: &str, text: &str) -> Result<(), CatalogueError> {
    if text.trim().is_empty() {
        return Err(CatalogueError::at(
            row,
            format_args!("{field} must not be empty"),
        ));
    }
    Ok(())
}

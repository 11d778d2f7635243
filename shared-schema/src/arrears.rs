//! Arrears rules (欠费规则) as dated data: after how many days overdue an account gets a collection
//! visit. Stopping supply has its own guard and is not here.

use crate::catalogue::{self, CatalogueError};
use crate::time::china_day;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// One version of the rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArrearsRule {
    /// Stable id.
    pub id: String,
    /// Version.
    pub version: i64,
    /// Days after the due date.
    pub collect_after_days: i64,
    /// First Chinese civil day it is valid on.
    pub valid_from_day: i64,
    /// Last day; `None` = open.
    pub valid_to_day: Option<i64>,
    /// Where the figure comes from.
    pub source: String,
    /// The figure is not confirmed.
    pub sample: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    version: i64,
    collect_after_days: i64,
    valid_from: String,
    valid_to: Option<String>,
    source: String,
    sample: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Row>,
}

/// Reads a rule file.
pub fn parse(text: &str) -> Result<Vec<ArrearsRule>, CatalogueError> {
    let file: File = catalogue::parse(text)?;
    file.rule.into_iter().map(check).collect()
}

fn check(row: Row) -> Result<ArrearsRule, CatalogueError> {
    if !(0..=3_650).contains(&row.collect_after_days) {
        return Err(CatalogueError::at(
            &row.id,
            "collect_after_days is 0 to 3650",
        ));
    }
    catalogue::filled(&row.id, "source", &row.source)?;
    Ok(ArrearsRule {
        valid_from_day: catalogue::day(&row.id, &row.valid_from)?,
        valid_to_day: catalogue::optional_day(&row.id, row.valid_to.as_deref())?,
        id: row.id,
        version: row.version,
        collect_after_days: row.collect_after_days,
        source: row.source,
        sample: row.sample,
    })
}

/// The shipped rules. Empty only if the embedded file is broken, which a test forbids.
pub static RULES: LazyLock<Vec<ArrearsRule>> =
    LazyLock::new(|| parse(include_str!("../catalogues/arrears_rules.toml")).unwrap_or_default());

/// The rule valid at an instant; the latest one when several are.
pub fn rule_on(at_ms: i64) -> Option<&'static ArrearsRule> {
    let day = china_day(at_ms);
    RULES
        .iter()
        .filter(|rule| rule.valid_from_day <= day)
        .filter(|rule| rule.valid_to_day.is_none_or(|last| day <= last))
        .max_by_key(|rule| rule.valid_from_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_loads_and_has_a_rule_today() {
        assert!(parse(include_str!("../catalogues/arrears_rules.toml")).is_ok());
        let rule = rule_on(1_793_000_000_000).unwrap();
        assert!(rule.collect_after_days < 30);
    }

    #[test]
    fn a_rule_without_a_source_or_with_a_wild_figure_is_refused() {
        let row = |days: i64, source: &str| {
            format!(
                "[[rule]]\nid = \"x\"\nversion = 1\ncollect_after_days = {days}\n\
                 valid_from = \"2026-01-01\"\nsource = \"{source}\"\nsample = true\n"
            )
        };
        assert!(parse(&row(15, "test")).is_ok());
        assert!(parse(&row(15, " ")).is_err());
        assert!(parse(&row(-1, "test")).is_err());
    }
}

//! Retention (保存期限) as dated data: for how many days the server keeps what has done its service. What
//! has no rule is kept for ever.

use crate::catalogue::{self, CatalogueError};
use crate::text_enum;
use crate::time::{DAY_MS, china_day};
use serde::Deserialize;
use std::sync::LazyLock;

text_enum! {
    /// What is kept for a time.
    pub enum Kept {
        0 CommandResults = "command_results", "指令应答", "Answers to commands";
        1 Leaves = "leaves", "移出记录", "Leave entries";
    }
}

/// One version of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRule {
    /// What it is about.
    pub kept: Kept,
    /// Version.
    pub version: i64,
    /// Days it is kept.
    pub keep_days: i64,
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
    keep_days: i64,
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
pub fn parse(text: &str) -> Result<Vec<RetentionRule>, CatalogueError> {
    let file: File = catalogue::parse(text)?;
    file.rule.into_iter().map(check).collect()
}

/// Shorter than a month would take answers from phones that only lay in a drawer.
fn check(row: Row) -> Result<RetentionRule, CatalogueError> {
    if !(30..=36_500).contains(&row.keep_days) {
        return Err(CatalogueError::at(&row.id, "keep_days is 30 to 36500"));
    }
    let kept = row.id.parse();
    let kept = kept.map_err(|_| CatalogueError::at(&row.id, "nothing of this name is kept"))?;
    catalogue::filled(&row.id, "source", &row.source)?;
    Ok(RetentionRule {
        kept,
        version: row.version,
        keep_days: row.keep_days,
        valid_from_day: catalogue::day(&row.id, &row.valid_from)?,
        valid_to_day: catalogue::optional_day(&row.id, row.valid_to.as_deref())?,
        source: row.source,
        sample: row.sample,
    })
}

/// The shipped rules. Empty only if the embedded file is broken, which a test forbids.
pub static RULES: LazyLock<Vec<RetentionRule>> =
    LazyLock::new(|| parse(include_str!("../catalogues/retention.toml")).unwrap_or_default());

/// What is older than this instant may go, by the rule valid at `now_ms`; `None` = it all stays.
pub fn keep_from_ms(rules: &[RetentionRule], kept: Kept, now_ms: i64) -> Option<i64> {
    let day = china_day(now_ms);
    let rule = rules
        .iter()
        .filter(|rule| rule.kept == kept && rule.valid_from_day <= day)
        .filter(|rule| rule.valid_to_day.is_none_or(|last| day <= last))
        .max_by_key(|rule| rule.valid_from_day)?;
    Some(now_ms - rule.keep_days * DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_793_000_000_000;

    fn row(id: &str, days: i64, from: &str) -> String {
        format!(
            "[[rule]]\nid = \"{id}\"\nversion = 1\nkeep_days = {days}\n\
             valid_from = \"{from}\"\nsource = \"test\"\nsample = true\n"
        )
    }

    #[test]
    fn the_shipped_file_has_a_rule_for_everything_named() {
        assert!(parse(include_str!("../catalogues/retention.toml")).is_ok());
        for kept in Kept::ALL {
            assert!(keep_from_ms(&RULES, *kept, NOW_MS).is_some(), "{kept}");
        }
    }

    #[test]
    fn the_rule_of_the_day_counts_and_without_one_nothing_goes() {
        let text = row("leaves", 100, "2026-01-01") + &row("leaves", 200, "2036-01-01");
        let rules = parse(&text).unwrap();
        let from = |now_ms| keep_from_ms(&rules, Kept::Leaves, now_ms);
        assert_eq!(from(NOW_MS), Some(NOW_MS - 100 * DAY_MS));
        let later = NOW_MS + 11 * 366 * DAY_MS;
        assert_eq!(from(later), Some(later - 200 * DAY_MS));
        assert_eq!(from(1_000_000_000_000), None);
        assert_eq!(keep_from_ms(&rules, Kept::CommandResults, NOW_MS), None);
    }

    #[test]
    fn a_wild_figure_or_an_unknown_name_is_refused() {
        assert!(parse(&row("leaves", 29, "2026-01-01")).is_err());
        assert!(parse(&row("orders", 400, "2026-01-01")).is_err());
    }
}

//! The working-day calendar (工作日历): which Chinese civil days are worked, with holidays and
//! swapped weekend days (调休) from `catalogues/working_days.toml`.
//!
//! Years outside the catalogue count Monday to Friday and are not certain.

use crate::catalogue::{self, CatalogueError};
use crate::time;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Longest gap between two working days that a calendar may have; bounds every search.
const LONGEST_BREAK_DAYS: i64 = 31;

/// Which days are worked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Days that differ from the Monday-to-Friday rule: true = worked.
    exceptions: BTreeMap<i64, bool>,
    /// Years taken from a published notice.
    certain_years: BTreeSet<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "year")]
    years: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    #[serde(rename = "year")]
    number: i64,
    region: String,
    source: String,
    sample: bool,
    days_off: Vec<String>,
    worked_weekends: Vec<String>,
}

static SHIPPED: LazyLock<Calendar> = LazyLock::new(|| {
    Calendar::load(include_str!("../../catalogues/working_days.toml"), "*").unwrap_or_default()
});

impl Calendar {
    /// The calendar in the binary, for the whole country.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads the years of one region (`*` = whole country) and checks that they make sense.
    pub fn load(text: &str, region: &str) -> Result<Self, CatalogueError> {
        let mut calendar = Self::default();
        let file: File = catalogue::parse(text)?;
        for year in file.years.iter().filter(|year| year.region == region) {
            calendar.add_year(year)?;
        }
        Ok(calendar)
    }

    fn add_year(&mut self, year: &Year) -> Result<(), CatalogueError> {
        let row = year.number.to_string();
        catalogue::filled(&row, "source", &year.source)?;
        for text in &year.days_off {
            let (first, last) = range(&row, text)?;
            if last < first || last - first >= LONGEST_BREAK_DAYS {
                return Err(CatalogueError::at(&row, format_args!("{text} is no range")));
            }
            for day in first..=last {
                self.set(&row, year.number, day, false)?;
            }
        }
        for text in &year.worked_weekends {
            let day = catalogue::day(&row, text)?;
            if !is_weekend(day) {
                return Err(CatalogueError::at(
                    &row,
                    format_args!("{text} is no weekend day"),
                ));
            }
            self.set(&row, year.number, day, true)?;
        }
        if !year.sample {
            self.certain_years.insert(year.number);
        }
        Ok(())
    }

    fn set(&mut self, row: &str, year: i64, day: i64, worked: bool) -> Result<(), CatalogueError> {
        let why = if time::civil_from_days(day).0 != year {
            "lies in another year"
        } else if self.exceptions.insert(day, worked).is_some() {
            "is named twice"
        } else {
            return Ok(());
        };
        Err(CatalogueError::at(
            row,
            format_args!("{} {why}", time::format_day(day)),
        ))
    }

    /// Whether a day (since 1970-01-01, Chinese civil time) is worked.
    pub fn is_working(&self, day: i64) -> bool {
        self.exceptions
            .get(&day)
            .copied()
            .unwrap_or_else(|| !is_weekend(day))
    }

    /// Whether the day's year comes from a published notice; otherwise screens say 示例.
    pub fn is_certain(&self, day: i64) -> bool {
        self.certain_years.contains(&time::civil_from_days(day).0)
    }

    /// The day itself when it is worked, else the next one that is.
    pub fn working_day_from(&self, day: i64) -> i64 {
        (day..day + LONGEST_BREAK_DAYS)
            .find(|day| self.is_working(*day))
            .unwrap_or(day)
    }

    /// The `count`-th working day after `day`; the day itself never counts. `count` is cut to 0..=366.
    pub fn add_working_days(&self, day: i64, count: i64) -> i64 {
        (0..count.clamp(0, 366)).fold(day, |at, _| self.working_day_from(at + 1))
    }
}

/// Saturday or Sunday; 1970-01-01 was a Thursday.
const fn is_weekend(day: i64) -> bool {
    (day + 3).rem_euclid(7) >= 5
}

fn range(row: &str, text: &str) -> Result<(i64, i64), CatalogueError> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    Ok((catalogue::day(row, first)?, catalogue::day(row, last)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> i64 {
        catalogue::day("test", text).unwrap()
    }

    #[test]
    fn shipped_file_loads_with_three_years() {
        let calendar =
            Calendar::load(include_str!("../../catalogues/working_days.toml"), "*").unwrap();
        assert_eq!(&calendar, Calendar::shipped());
        for year in ["2025-06-03", "2026-06-03"] {
            assert!(calendar.is_certain(day(year)), "{year}");
        }
        assert!(!calendar.is_certain(day("2027-06-03")));
        assert!(!calendar.is_certain(day("2031-06-03")));
    }

    #[test]
    fn working_days_per_year_agree_with_the_notices() {
        for (year, expected) in [(2025, 248), (2026, 248)] {
            let first = time::days_from_civil(year, 1, 1);
            let last = time::days_from_civil(year, 12, 31);
            let worked = (first..=last)
                .filter(|day| Calendar::shipped().is_working(*day))
                .count();
            assert_eq!(worked, expected, "{year}");
        }
    }

    #[test]
    fn swapped_saturday_is_worked_and_holiday_monday_is_not() {
        let calendar = Calendar::shipped();
        assert!(calendar.is_working(day("2026-02-28")));
        assert!(!calendar.is_working(day("2026-02-23")));
        assert!(calendar.is_working(day("2026-02-24")));
        assert!(!calendar.is_working(day("2026-03-07")));
    }

    #[test]
    fn one_working_day_after_new_years_eve_lands_after_the_festival() {
        let calendar = Calendar::shipped();
        assert_eq!(
            calendar.add_working_days(day("2026-02-14"), 1),
            day("2026-02-24")
        );
        assert_eq!(
            calendar.add_working_days(day("2026-02-27"), 2),
            day("2026-03-02")
        );
    }

    #[test]
    fn refuses_files_that_make_no_sense() {
        let year = |off: &str, worked: &str| {
            format!(
                "[[year]]\nyear=2026\nregion=\"*\"\nsource=\"x\"\nsample=true\ndays_off=[{off}]\nworked_weekends=[{worked}]"
            )
        };
        for (off, worked) in [
            ("\"2026-13-01\"", ""),
            ("\"2025-01-01\"", ""),
            ("\"2026-05-05..2026-05-01\"", ""),
            ("\"2026-01-01..2026-12-31\"", ""),
            ("\"2026-01-04\"", "\"2026-01-04\""),
            ("", "\"2026-01-05\""),
        ] {
            assert!(
                Calendar::load(&year(off, worked), "*").is_err(),
                "{off} {worked}"
            );
        }
        assert!(Calendar::load("year = 3", "*").is_err());
    }

    proptest! {
        #[test]
        fn the_nth_working_day_is_worked_and_has_n_behind_it(from in 20_000i64..21_500, count in 0i64..80) {
            let calendar = Calendar::shipped();
            let last = calendar.add_working_days(from, count);
            let between = (from + 1..=last).filter(|day| calendar.is_working(*day)).count();
            prop_assert_eq!(i64::try_from(between).unwrap(), count);
            prop_assert!(count == 0 || calendar.is_working(last));
        }
    }
}

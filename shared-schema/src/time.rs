//! Time as integers: UTC epoch milliseconds everywhere, Chinese civil days (UTC+8, no daylight
//! saving) where people count days. No clock in here: `now_ms` always comes from the caller.

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 3_600_000;
/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;
/// China Standard Time is UTC+8 all year.
pub const CHINA_OFFSET_MS: i64 = 8 * HOUR_MS;

/// Days since 1970-01-01 in Chinese civil time.
pub const fn china_day(at_ms: i64) -> i64 {
    (at_ms + CHINA_OFFSET_MS).div_euclid(DAY_MS)
}

/// First instant (epoch ms) of a Chinese civil day counted from 1970-01-01.
pub const fn china_day_start_ms(day: i64) -> i64 {
    day * DAY_MS - CHINA_OFFSET_MS
}

/// Year, month and day of a day count (proleptic Gregorian; Howard Hinnant's `civil_from_days`).
#[expect(
    clippy::cast_possible_truncation,
    reason = "a month and a day are below 100"
)]
pub const fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month.unsigned_abs() as u32, day.unsigned_abs() as u32)
}

/// Day count since 1970-01-01 of a civil date; the inverse of [`civil_from_days`].
pub const fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_index = if month > 2 { month - 3 } else { month + 9 } as i64;
    let day_of_year = (153 * month_index + 2) / 5 + day as i64 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Day key `yyyymmdd` in Chinese civil time: sortable, groupable, the same on both engines.
pub const fn day_key(at_ms: i64) -> i64 {
    let (year, month, day) = civil_from_days(china_day(at_ms));
    year * 10_000 + month as i64 * 100 + day as i64
}

/// `2026-05-04 09:30` in Chinese civil time.
pub fn format_minute(at_ms: i64) -> String {
    let (year, month, day) = civil_from_days(china_day(at_ms));
    let minutes = (at_ms + CHINA_OFFSET_MS).rem_euclid(DAY_MS) / MINUTE_MS;
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}",
        minutes / 60,
        minutes % 60
    )
}

/// `2026-05-04` of a Chinese civil day.
pub fn format_day(day: i64) -> String {
    let (year, month, date) = civil_from_days(day);
    format!("{year:04}-{month:02}-{date:02}")
}

/// Reads `yyyy-mm-dd`, `yyyy/m/d`, `yyyy.m.d`, `yyyy年m月d日` or `yyyymmdd`, with an optional
/// `hh:mm` or `hh:mm:ss` after a space or `T`, as Chinese civil time. `None` when it is no date.
pub fn parse_china_time(text: &str) -> Option<i64> {
    let clean = crate::id::half_width(text.trim());
    let (date, clock) = match clean.split_once(['T', ' ']) {
        Some((date, clock)) => (date, clock.trim()),
        None => (clean.as_str(), ""),
    };
    let day = parse_date(date)?;
    Some(china_day_start_ms(day) + parse_clock(clock)?)
}

fn parse_date(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|p| !p.is_empty())
        .collect();
    let (year, month, day) = match parts.as_slice() {
        [y, m, d] if y.len() == 4 => (y.parse().ok()?, m.parse().ok()?, d.parse().ok()?),
        [all] if all.len() == 8 && text.len() == 8 => {
            let n: u32 = all.parse().ok()?;
            (i64::from(n / 10_000), n / 100 % 100, n % 100)
        }
        _ => return None,
    };
    let days = days_from_civil(year, month, day);
    (civil_from_days(days) == (year, month, day) && (1970..2200).contains(&year)).then_some(days)
}

fn parse_clock(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let parts: Option<Vec<i64>> = text
        .split(':')
        .map(|p| p.split('.').next().unwrap_or(p).parse::<i64>().ok())
        .collect();
    match parts?.as_slice() {
        [h, m] if (0..24).contains(h) && (0..60).contains(m) => Some(h * HOUR_MS + m * MINUTE_MS),
        [h, m, s] if (0..24).contains(h) && (0..60).contains(m) && (0..60).contains(s) => {
            Some(h * HOUR_MS + m * MINUTE_MS + s * 1_000)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn day_key_turns_at_chinese_midnight() {
        let midnight = china_day_start_ms(days_from_civil(2026, 3, 1));
        assert_eq!(day_key(midnight - 1), 20_260_228);
        assert_eq!(day_key(midnight), 20_260_301);
    }

    #[test]
    fn reads_the_date_forms_that_files_carry() {
        let day = china_day_start_ms(days_from_civil(2026, 5, 4));
        for text in [
            "2026-05-04",
            "2026/5/4",
            "20260504",
            "2026年5月4日",
            "2026.05.04",
            "２０２６-05-04",
        ] {
            assert_eq!(parse_china_time(text), Some(day), "{text}");
        }
        let half_past_nine = day + 9 * HOUR_MS + 30 * MINUTE_MS;
        for text in [
            "2026-05-04 09:30",
            "2026-05-04T09:30:00",
            "2026/5/4 9:30:00.000",
        ] {
            assert_eq!(parse_china_time(text), Some(half_past_nine), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "2026-02-30",
            "5/4/2026",
            "2026-13-01",
            "99999999",
            "2026-05-04 25:00",
            "昨天",
        ] {
            assert_eq!(parse_china_time(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn civil_and_days_are_inverse(days in -200_000i64..200_000) {
            let (y, m, d) = civil_from_days(days);
            prop_assert_eq!(days_from_civil(y, m, d), days);
        }

        #[test]
        fn formatting_reads_back_to_the_minute(at in 0i64..4_000_000_000_000) {
            let minute = at.div_euclid(MINUTE_MS) * MINUTE_MS;
            prop_assert_eq!(parse_china_time(&format_minute(at)), Some(minute));
        }

        #[test]
        fn parsing_never_panics(text in "\\PC{0,40}") {
            let _ = parse_china_time(&text);
        }
    }
}

//! Single values of a record: texts, numbers of the trade, telephones, times, places, amounts. What is
//! not valid becomes a problem with a stable code; nothing here panics on any text.

use super::inputs::Problem;
use super::mapping::Fields;
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::id::{AccountNumber, MeterNumber, half_width};
use dianma_schema::time::parse_china_time;
use std::str::FromStr;

/// A required text of at most `max` characters, half width, without control characters.
pub(super) fn required(fields: &Fields, field: &str, max: usize) -> Result<String, Problem> {
    optional(fields, field, max)?
        .ok_or_else(|| Problem::new(fault::V_FIELD, format!("{field} 为空")))
}

/// An optional text, likewise.
pub fn optional(fields: &Fields, field: &str, max: usize) -> Result<Option<String>, Problem> {
    let Some(text) = fields.get(field) else {
        return Ok(None);
    };
    let clean: String = half_width(text)
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    let clean = clean.trim();
    if clean.chars().count() > max {
        return Err(Problem::new(
            fault::V_FIELD,
            format!("{field} 超过 {max} 个字"),
        ));
    }
    Ok(Some(clean.to_owned()).filter(|clean| !clean.is_empty()))
}

/// A required account number.
pub(super) fn account(fields: &Fields) -> Result<AccountNumber, Problem> {
    let text = fields.get("account_number").unwrap_or_default();
    AccountNumber::parse(text)
        .map_err(|_| Problem::new(fault::V_ACCOUNT, "户号应为 6 到 20 位数字"))
}

/// A meter number in upper case, so that search and lookup find it however it is typed.
pub(super) fn meter(fields: &Fields) -> Result<Option<MeterNumber>, Problem> {
    let Some(text) = fields.get("meter_number") else {
        return Ok(None);
    };
    let number = MeterNumber::parse(&half_width(text).to_ascii_uppercase());
    number
        .map(Some)
        .map_err(|_| Problem::new(fault::V_METER, "表号应为 4 到 24 位字母或数字"))
}

/// Digits of a telephone number; the country code goes. `None` for what holds none.
pub fn phone(text: Option<&str>) -> Option<String> {
    let digits: String = half_width(text?)
        .chars()
        .filter(char::is_ascii_digit)
        .take(20)
        .collect();
    let stripped = ["0086", "86"].iter().find_map(|code| {
        digits
            .strip_prefix(code)
            .filter(|rest| rest.len() == 11 && rest.starts_with('1'))
    });
    let number = stripped.unwrap_or(&digits);
    Some(number.to_owned()).filter(|number| !number.is_empty())
}

/// A point in time: the forms of [`parse_china_time`], and `20260504093000`.
pub fn time(fields: &Fields, field: &str) -> Result<Option<i64>, Problem> {
    let Some(text) = fields.get(field) else {
        return Ok(None);
    };
    parse_time(text)
        .map(Some)
        .ok_or_else(|| Problem::new(fault::V_DATE, format!("{field} 的日期无法识别")))
}

fn parse_time(text: &str) -> Option<i64> {
    let clean = half_width(text.trim());
    if !clean.bytes().all(|b| b.is_ascii_digit()) || ![12, 14].contains(&clean.len()) {
        return parse_china_time(&clean);
    }
    let part = |from: usize, to: usize| clean.get(from..to).unwrap_or("00");
    let seconds = if clean.len() == 14 {
        part(12, 14)
    } else {
        "00"
    };
    parse_china_time(&format!(
        "{} {}:{}:{seconds}",
        part(0, 8),
        part(8, 10),
        part(10, 12)
    ))
}

/// A word of one of our enums; mappings translate foreign values before.
pub fn word<T: FromStr>(fields: &Fields, field: &str) -> Result<Option<T>, Problem> {
    let Some(text) = fields.get(field) else {
        return Ok(None);
    };
    text.parse()
        .map(Some)
        .map_err(|_| Problem::new(fault::V_FIELD, format!("{field} 的取值无法识别")))
}

/// Degrees with decimals to micro-degrees, without floating point.
fn micro_degrees(text: &str) -> Option<i64> {
    let clean = half_width(text.trim());
    let (sign, digits) = match clean.strip_prefix('-') {
        Some(rest) => (-1, rest.to_owned()),
        None => (1, clean),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    if whole.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part: String = part.chars().chain("000000".chars()).take(6).collect();
    let whole: i64 = whole.parse().ok()?;
    let micro = whole
        .checked_mul(1_000_000)?
        .checked_add(part.parse().ok()?)?;
    Some(sign * micro)
}

/// The place, when both coordinates are given. Zero in both is how archives write "unknown".
pub fn place(fields: &Fields) -> Result<Option<Place>, Problem> {
    let (Some(latitude), Some(longitude)) = (fields.get("latitude"), fields.get("longitude"))
    else {
        return Ok(None);
    };
    let wrong = || Problem::new(fault::V_FIELD, "经纬度无法识别");
    let latitude = micro_degrees(latitude).ok_or_else(wrong)?;
    let longitude = micro_degrees(longitude).ok_or_else(wrong)?;
    if (latitude, longitude) == (0, 0) {
        return Ok(None);
    }
    Place::new(latitude, longitude).map(Some).ok_or_else(wrong)
}

/// A whole number in a range.
pub(super) fn integer(
    fields: &Fields,
    field: &str,
    range: std::ops::RangeInclusive<i64>,
) -> Result<i64, Problem> {
    let text = fields.get(field).unwrap_or_default();
    // Spreadsheets write whole numbers as `40.0`.
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let number: Option<i64> = half_width(whole).trim().parse().ok();
    number
        .filter(|number| range.contains(number))
        .ok_or_else(|| Problem::new(fault::V_FIELD, format!("{field} 不是合适的整数")))
}

/// Kilowatt-hours with up to three decimals, as Wh.
pub(super) fn reading(fields: &Fields) -> Result<Option<i64>, Problem> {
    let Some(text) = fields.get("last_reading_kwh") else {
        return Ok(None);
    };
    micro_degrees(text)
        .filter(|micro| *micro >= 0)
        .map(|micro| Some(micro / 1_000))
        .ok_or_else(|| Problem::new(fault::V_FIELD, "示数无法识别"))
}

/// An amount; mappings turn it into fen.
pub(super) fn amount(fields: &Fields) -> Result<i64, Problem> {
    let text = fields.get("amount").unwrap_or_default();
    let fen: Option<i64> = text.parse().ok();
    // 10^15 fen keeps every sum of bills far from overflow.
    fen.filter(|fen| (0..=1_000_000_000_000_000).contains(fen))
        .ok_or_else(|| Problem::new(fault::V_MONEY, "金额无法识别"))
}

/// `202605`, `2026-05` or `2026年5月`.
pub(super) fn month(fields: &Fields) -> Result<i64, Problem> {
    let text = half_width(fields.get("bill_month").unwrap_or_default());
    let parts: Vec<i64> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    let found = match parts.as_slice() {
        [all] if (100_000..=999_999).contains(all) => Some((all / 100, all % 100)),
        [year, month, ..] if (1_000..=9_999).contains(year) => Some((*year, *month)),
        _ => None,
    };
    found
        .filter(|(year, month)| (1990..2200).contains(year) && (1..=12).contains(month))
        .map(|(year, month)| year * 100 + month)
        .ok_or_else(|| Problem::new(fault::V_DATE, "电费年月无法识别"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(field: &str, value: &str) -> Fields {
        let mut fields = Fields::default();
        fields.set(field, value);
        fields
    }

    #[test]
    fn dates_in_four_forms_are_one_instant() {
        let expected = parse_china_time("2026-05-04 09:30");
        for text in [
            "2026-05-04 09:30",
            "2026/5/4 9:30:00",
            "20260504093000",
            "202605040930",
        ] {
            assert_eq!(
                time(&one("taken_in_at", text), "taken_in_at"),
                Ok(expected),
                "{text}"
            );
        }
        let problem = time(&one("taken_in_at", "昨天"), "taken_in_at").unwrap_err();
        assert_eq!(problem.code, fault::V_DATE);
    }

    #[test]
    fn months_in_three_forms() {
        for text in ["202605", "2026-05", "2026年5月"] {
            assert_eq!(month(&one("bill_month", text)), Ok(202_605), "{text}");
        }
        for text in ["", "202613", "05-2026", "一月"] {
            assert!(month(&one("bill_month", text)).is_err(), "{text}");
        }
    }

    #[test]
    fn account_numbers_with_letters_are_refused() {
        let problem = account(&one("account_number", "42130000A1")).unwrap_err();
        assert_eq!(problem.code, fault::V_ACCOUNT);
    }

    #[test]
    fn telephones_keep_their_digits_only() {
        let digits = |text| phone(Some(text));
        assert_eq!(digits("+86 138-0000-0000").as_deref(), Some("13800000000"));
        assert_eq!(digits("0722-3300000").as_deref(), Some("07223300000"));
        assert_eq!(digits("号码保密"), None);
    }

    #[test]
    fn coordinates_are_exact_and_zero_means_unknown() {
        let at = |lat: &str, lon: &str| {
            let mut fields = one("latitude", lat);
            fields.set("longitude", lon);
            place(&fields)
        };
        assert_eq!(
            at("31.6901234", "113.38"),
            Ok(Place::new(31_690_123, 113_380_000))
        );
        assert_eq!(at("0", "0.0"), Ok(None));
        assert!(at("91", "0").is_err());
        assert!(at("abc", "1").is_err());
    }
}

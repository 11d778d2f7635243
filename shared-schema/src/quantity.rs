//! Quantities in integer thousandths (milli-units) and their text; no float touches one.

/// Reads `12`, `12.5` or `-0.125` as thousandths; `None` for anything else or an overflow.
pub fn parse_milli(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) || part.len() > 3 {
        return None;
    }
    let thousandths: i64 = format!("{part:0<3}").parse().ok()?;
    let milli = whole
        .parse::<i64>()
        .ok()?
        .checked_mul(1_000)?
        .checked_add(thousandths)?;
    Some(if negative { -milli } else { milli })
}

/// Thousandths for people: `12500` → `12.5`.
pub fn format_milli(milli: i64) -> String {
    let sign = if milli < 0 { "-" } else { "" };
    let magnitude = milli.unsigned_abs();
    let text = format!("{sign}{}.{:03}", magnitude / 1_000, magnitude % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn milli_reads_three_places_and_no_more() {
        for (text, milli) in [
            ("0", 0),
            ("12.5", 12_500),
            ("-0.125", -125),
            ("007.10", 7_100),
        ] {
            assert_eq!(parse_milli(text), Some(milli), "{text}");
        }
        for bad in [
            "",
            ".",
            "1.",
            ".5",
            "1.2345",
            "1e3",
            "+1",
            "--1",
            "9223372036854775807",
            "１",
        ] {
            assert_eq!(parse_milli(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn milli_reads_back(milli in -1_000_000_000_000i64..1_000_000_000_000) {
            prop_assert_eq!(parse_milli(&format_milli(milli)), Some(milli));
        }
    }
}

//! Money in integer fen (分). Quantities are integer milli-units, rounding is half-up at the line,
//! as the costing rule says; no float touches an amount.

/// One quantity unit (1 piece, 1 metre) in thousandths.
pub const MILLI: i64 = 1_000;

/// `quantity_milli` × `unit_price_fen`, rounded half-up to whole fen; `None` when it overflows or
/// an input is negative.
pub fn line_amount_fen(quantity_milli: i64, unit_price_fen: i64) -> Option<i64> {
    if quantity_milli < 0 || unit_price_fen < 0 {
        return None;
    }
    let product = i128::from(quantity_milli) * i128::from(unit_price_fen);
    i64::try_from((product + 500) / 1_000).ok()
}

/// `1234` → `12.34`, for people; `-5` → `-0.05`.
pub fn format_yuan(amount_fen: i64) -> String {
    let sign = if amount_fen < 0 { "-" } else { "" };
    let magnitude = amount_fen.unsigned_abs();
    format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
}

/// Reads `12`, `12.3`, `12.34`, `1,234.50` or `¥12.34` as fen; more than two decimals is refused.
pub fn parse_yuan(text: &str) -> Option<i64> {
    let clean = crate::id::half_width(text.trim()).replace([',', '¥', '元'], "");
    let (negative, digits) = match clean.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, clean.as_str()),
    };
    let (yuan, fen) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if yuan.is_empty() || fen.len() > 2 || !all_digits(yuan) || !all_digits(fen) {
        return None;
    }
    let cents: i64 = format!("{fen:0<2}").parse().ok()?;
    let amount = yuan
        .parse::<i64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(cents)?;
    Some(if negative { -amount } else { amount })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rounds_half_up_at_the_line() {
        assert_eq!(line_amount_fen(1_500, 3), Some(5));
        assert_eq!(line_amount_fen(500, 1), Some(1));
        assert_eq!(line_amount_fen(499, 1), Some(0));
        assert_eq!(line_amount_fen(i64::MAX, i64::MAX), None);
        assert_eq!(line_amount_fen(-1, 5), None);
    }

    #[test]
    fn refuses_amounts_that_are_not_money() {
        for bad in [
            "",
            ".",
            "1.234",
            "1e5",
            "abc",
            "--1",
            "99999999999999999999",
        ] {
            assert_eq!(parse_yuan(bad), None, "{bad}");
        }
        assert_eq!(parse_yuan("¥1,234.5"), Some(123_450));
    }

    proptest! {
        #[test]
        fn formatted_amounts_read_back(amount in -1_000_000_000_000i64..1_000_000_000_000) {
            prop_assert_eq!(parse_yuan(&format_yuan(amount)), Some(amount));
        }
    }
}

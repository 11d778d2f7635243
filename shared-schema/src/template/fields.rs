//! Field extraction (字段提取): account number, phone, meter, pole and load that a text names.
//! Proposals for the draft; a person checks them.

use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Field name and its pattern; group 1 is the value. Runs over the normalised text.
static PATTERNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    [
        ("account_number", r"户号[^0-9]{0,4}([0-9]{7,13})"),
        (
            "meter_number",
            r"(?:表号|表编号|资产编号|资产号|电表编号)[^0-9a-z]{0,4}([0-9a-z]{6,24})",
        ),
        ("phone", r"(?:^|[^0-9])(1[3-9][0-9]{9})(?:[^0-9]|$)"),
        (
            "pole_number",
            r"([0-9]{1,4}(?:[-+][0-9]{1,3})?)\s?(?:号杆|#杆|#电杆|号电杆|号电线杆)",
        ),
        (
            "load_kw",
            r"([0-9]{1,5}(?:\.[0-9]{1,2})?)\s?(?:kw|千瓦|个千瓦)(?:[^h时a-z]|$)",
        ),
        ("capacity_kva", r"([0-9]{2,6})\s?(?:kva|千伏安)"),
        (
            "source_order",
            r"(?:工单号|工单|单号)[^0-9a-z]{0,2}([a-z]{0,4}[0-9][0-9-]{5,19})",
        ),
    ]
    .into_iter()
    .filter_map(|(name, pattern)| Regex::new(pattern).ok().map(|regex| (name, regex)))
    .collect()
});

/// The fields found in a normalised text, the first of each.
pub(crate) fn extract(text: &str) -> BTreeMap<String, String> {
    PATTERNS
        .iter()
        .filter_map(|(name, regex)| {
            let value = regex.captures(text)?.get(1)?.as_str();
            Some(((*name).to_owned(), value.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(PATTERNS.len(), 7);
    }

    #[test]
    fn fields_are_found_and_energy_is_no_load() {
        let fields = extract("户号:0427193856,电话13800000000,36号杆,申请15.5kw,用了30kwh");
        assert_eq!(
            fields.get("account_number").map(String::as_str),
            Some("0427193856")
        );
        assert_eq!(fields.get("phone").map(String::as_str), Some("13800000000"));
        assert_eq!(fields.get("pole_number").map(String::as_str), Some("36"));
        assert_eq!(fields.get("load_kw").map(String::as_str), Some("15.5"));
        assert!(!extract("用了30kwh").contains_key("load_kw"));
    }

    #[test]
    fn a_long_number_is_not_a_phone() {
        assert!(!extract("2138000000001").contains_key("phone"));
    }
}

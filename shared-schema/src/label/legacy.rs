//! Plain-text codes of older systems, read by the rules in `catalogues/legacy_codes.toml`. Out comes
//! the account or meter number and which kinds of personal parts were dropped, never those parts: a
//! value that looks like an ID or telephone number is not taken for a number of the trade either.

use crate::catalogue::{CatalogueError, parse as parse_catalogue};
use crate::id::{AccountNumber, MeterNumber, half_width};
use crate::text_enum;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Most parts of one text looked at.
const MAX_PARTS: usize = 40;

text_enum! {
    /// What a part of an old code is.
    pub enum LegacyPart {
        0 AccountNumber = "account_number", "户号", "Account number";
        1 MeterNumber = "meter_number", "表号", "Meter number";
        2 PersonName = "person_name", "姓名", "Name";
        3 ContactPhone = "contact_phone", "电话", "Telephone";
        4 NationalId = "national_id", "身份证号", "National id";
        5 Address = "address", "地址", "Address";
    }
}

impl LegacyPart {
    /// About a person: dropped where the code is scanned.
    pub const fn is_personal(self) -> bool {
        !matches!(self, Self::AccountNumber | Self::MeterNumber)
    }
}

/// What an old code leaves behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyCode {
    /// 户号.
    pub account_number: Option<AccountNumber>,
    /// 表号.
    pub meter_number: Option<MeterNumber>,
    /// Kinds of personal parts that were in it and are gone.
    pub dropped: BTreeSet<LegacyPart>,
}

impl LegacyCode {
    /// The number to look up: the meter's when there is one, it says more about the place.
    pub fn number(&self) -> &str {
        let meter = self.meter_number.as_ref().map(MeterNumber::as_str);
        let account = self.account_number.as_ref().map(AccountNumber::as_str);
        meter.or(account).unwrap_or_default()
    }

    fn take(&mut self, part: LegacyPart, value: &str) {
        let looks = personal_look(value);
        if let Some(personal) = looks {
            self.dropped.insert(personal);
        } else if part.is_personal() {
            if !value.trim().is_empty() {
                self.dropped.insert(part);
            }
        } else if part == LegacyPart::AccountNumber {
            self.account_number = AccountNumber::parse(value).ok();
        } else {
            self.meter_number = MeterNumber::parse(value).ok();
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    pair_separators: Vec<String>,
    part_separators: Vec<String>,
    name: Vec<Name>,
    columns: Vec<Columns>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    meaning: LegacyPart,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    #[serde(rename = "id")]
    _id: String,
    separator: String,
    meanings: Vec<LegacyPart>,
}

/// `None` only if the embedded file is broken, which a test forbids.
static RULES: LazyLock<Option<Rules>> = LazyLock::new(|| load().ok());

fn load() -> Result<Rules, CatalogueError> {
    parse_catalogue(include_str!("../../catalogues/legacy_codes.toml"))
}

/// Reads an old code; `None` when no rule finds an account or meter number in it.
pub fn parse(text: &str) -> Option<LegacyCode> {
    if text.chars().count() > super::LONGEST_TEXT {
        return None;
    }
    let rules = RULES.as_ref()?;
    let named = by_names(rules, text);
    named.or_else(|| rules.columns.iter().find_map(|c| by_columns(c, text)))
}

fn empty() -> LegacyCode {
    LegacyCode {
        account_number: None,
        meter_number: None,
        dropped: BTreeSet::new(),
    }
}

fn found(code: LegacyCode) -> Option<LegacyCode> {
    let has_number = code.account_number.is_some() || code.meter_number.is_some();
    has_number.then_some(code)
}

fn by_names(rules: &Rules, text: &str) -> Option<LegacyCode> {
    let mut code = empty();
    let is_end = |c: char| {
        let separators = rules.part_separators.iter();
        separators.clone().any(|s| s.chars().eq([c]))
    };
    for part in text.split(is_end).take(MAX_PARTS) {
        let pair = rules
            .pair_separators
            .iter()
            .find_map(|s| part.split_once(s.as_str()));
        let Some((word, value)) = pair else { continue };
        let word = half_width(word).replace([' ', '"', '{'], "").to_uppercase();
        let name = rules.name.iter().find(|name| name.words.contains(&word));
        if let Some(name) = name {
            code.take(name.meaning, value.trim_matches([' ', '"', '}']));
        }
    }
    found(code)
}

fn by_columns(columns: &Columns, text: &str) -> Option<LegacyCode> {
    let values: Vec<&str> = text.trim().split(columns.separator.as_str()).collect();
    if values.len() != columns.meanings.len() {
        return None;
    }
    let mut code = empty();
    for (meaning, value) in columns.meanings.iter().zip(&values) {
        let is_number = half_width(value.trim())
            .bytes()
            .all(|b| b.is_ascii_alphanumeric());
        if !meaning.is_personal() && !is_number {
            return None;
        }
        code.take(*meaning, value.trim());
    }
    found(code)
}

/// What personal thing a value looks like, whatever word stood before it.
fn personal_look(value: &str) -> Option<LegacyPart> {
    let clean: String = half_width(value.trim()).to_uppercase();
    let characters: Vec<char> = clean.chars().take(20).collect();
    if is_national_id(&characters) {
        return Some(LegacyPart::NationalId);
    }
    let is_mobile = characters.len() == 11
        && characters.iter().all(char::is_ascii_digit)
        && characters.first() == Some(&'1')
        && characters.get(1).is_some_and(|c| ('3'..='9').contains(c));
    is_mobile.then_some(LegacyPart::ContactPhone)
}

/// Eighteen characters with a birthday in them, whatever the check character: a misprinted ID is
/// one still. Sixteen-digit and longer meter numbers have no such day.
fn is_national_id(characters: &[char]) -> bool {
    let number = |from: usize, to: usize| -> Option<u32> {
        let digits: String = characters.get(from..to)?.iter().collect();
        digits.parse().ok()
    };
    let is_day = |year: Option<u32>, month: Option<u32>, day: Option<u32>| {
        year.is_some_and(|y| (1900..=2100).contains(&y))
            && month.is_some_and(|m| (1..=12).contains(&m))
            && day.is_some_and(|d| (1..=31).contains(&d))
    };
    let is_digit_run = |count: usize| characters.iter().take(count).all(char::is_ascii_digit);
    match characters.len() {
        18 => {
            let last = characters.last().copied().unwrap_or(' ');
            is_digit_run(17)
                && (last.is_ascii_digit() || last == 'X')
                && is_day(number(6, 10), number(10, 12), number(12, 14))
        }
        // The form of before 1999: two digits of the year, no check character.
        15 => {
            is_digit_run(15)
                && is_day(
                    number(6, 8).map(|y| y + 1900),
                    number(8, 10),
                    number(10, 12),
                )
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Generated, nobody's: area 000000 does not exist.
    const NATIONAL_ID: &str = "000000199001011234";
    const PHONE: &str = "13900000000";

    #[test]
    fn the_rule_file_reads() {
        let rules = load().unwrap();
        assert!(rules.name.len() >= 6 && !rules.columns.is_empty());
    }

    #[test]
    fn labelled_and_bare_codes_leave_numbers_only() {
        for text in [
            format!(
                "户名:生成户\n电话:{PHONE}\n身份证号:{NATIONAL_ID}\n户号:4200000001\n表号:100000012345"
            ),
            format!(
                "户号：4200000001；户名：生成户；手机：{PHONE}；身份证：{NATIONAL_ID}；表号：100000012345"
            ),
            format!(
                "CONS_NO=4200000001&CONS_NAME=生成户&TEL={PHONE}&ID_CARD={NATIONAL_ID}&METER_NO=100000012345"
            ),
            format!("生成户|{PHONE}|{NATIONAL_ID}|4200000001|100000012345"),
            format!("生成户,{PHONE},{NATIONAL_ID},4200000001,100000012345"),
        ] {
            let code = parse(&text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                code.account_number.as_ref().unwrap().as_str(),
                "4200000001",
                "{text}"
            );
            assert_eq!(code.number(), "100000012345", "{text}");
            let dropped: Vec<LegacyPart> = code.dropped.iter().copied().collect();
            let all = [
                LegacyPart::PersonName,
                LegacyPart::ContactPhone,
                LegacyPart::NationalId,
            ];
            assert_eq!(dropped, all, "{text}");
            let shown = format!("{code:?}");
            for personal in [NATIONAL_ID, PHONE, "生成户"] {
                assert!(!shown.contains(personal), "{shown}");
            }
        }
    }

    #[test]
    fn an_id_number_in_the_wrong_place_is_not_taken_for_an_account() {
        let text = format!("户号:{NATIONAL_ID};表号:100000012345");
        let code = parse(&text).unwrap();
        assert_eq!(code.account_number, None);
        assert!(code.dropped.contains(&LegacyPart::NationalId));
        assert_eq!(parse(&format!("户号:{PHONE}")), None);
        assert_eq!(
            parse(&format!("户号:{}", "000000900101123")),
            None,
            "the old short form"
        );
    }

    #[test]
    fn foreign_texts_are_nothing_of_ours() {
        for text in [
            "",
            "https://example.invalid/pay?x=1",
            "你好",
            "a|b",
            "WIFI:T:WPA;S:x;P:y;;",
            "1|2|3|4|5",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_personal_ever_comes_out(area in 100_000u32..999_999, year in 1930u32..2015, month in 1u32..13,
            day in 1u32..29, tail in 1_000u32..9_999, order in 0usize..4) {
            let id = format!("{area}{year}{month:02}{day:02}{tail}");
            let text = match order {
                0 => format!("户号:{id}\n表号:{id}"),
                1 => format!("{id}|{id}|{id}|{id}|{id}"),
                2 => format!("户号:4200000001\n身份证号:{id}"),
                _ => format!("户号:4200000001\n别的:{id}\n{id}"),
            };
            if let Some(code) = parse(&text) {
                let shown = format!("{code:?}");
                prop_assert!(!shown.contains(&id), "{}", shown);
            }
        }

        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,200}|(户号|表号|姓名)[:：=]\\PC{0,30}[;|\n]\\PC{0,50}") {
            let _ = parse(&text);
        }
    }
}

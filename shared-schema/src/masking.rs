//! Masking of personal data (客户隐私) for people without the right to see it: names, telephone
//! numbers, addresses. Account and meter numbers are not masked: they are the keys of the trade.

use crate::id::half_width;

/// Longest text looked at, in characters; the rest is hidden.
const LONGEST: usize = 200;

/// Keeps the first character: `张三` → `张*`, `欧阳修远` → `欧***`. More than three stars never show,
/// so that long names do not tell their length; a single character is hidden whole.
pub fn mask_name(name: &str) -> String {
    match clean(name).as_slice() {
        [] => String::new(),
        [_] => "*".to_owned(),
        [first, rest @ ..] => format!("{first}{}", "*".repeat(rest.len().min(3))),
    }
}

/// `13812341234` → `138****1234`; shorter numbers show less, and four stars hide any middle.
pub fn mask_phone(phone: &str) -> String {
    let mut digits: String = half_width(phone)
        .chars()
        .filter(char::is_ascii_digit)
        .take(LONGEST)
        .collect();
    for prefix in ["0086", "86"] {
        if digits.len() == 11 + prefix.len()
            && let Some(rest) = digits.strip_prefix(prefix)
        {
            digits = rest.to_owned();
        }
    }
    let (head, tail) = match digits.len() {
        0 if phone.trim().is_empty() => return String::new(),
        0..=6 => return "****".to_owned(),
        7..=10 => (2, 2),
        _ => (3, 4),
    };
    let start = digits.get(..head).unwrap_or_default();
    let end = digits.get(digits.len() - tail..).unwrap_or_default();
    format!("{start}****{end}")
}

/// Keeps town, village and road and hides every house number: `厉山镇星光村3组28号` → `厉山镇星光村**组**号`.
/// Latin letters go too (`A座`), and Chinese numerals before a house word (`二单元`).
pub fn mask_address(address: &str) -> String {
    let text: Vec<char> = clean(&half_width(address));
    let mut masked = String::new();
    let mut at = 0;
    while let Some(c) = text.get(at) {
        let run = number_run(text.get(at..).unwrap_or_default());
        if run == 0 {
            masked.push(*c);
            at += 1;
        } else {
            masked.push_str("**");
            at += run;
        }
    }
    masked
}

/// How many characters from here make up a number to hide.
fn number_run(text: &[char]) -> usize {
    let latin = text
        .iter()
        .take_while(|c| c.is_ascii_alphanumeric() || c.is_numeric())
        .count();
    if latin > 0 && !text.first().is_some_and(|c| NUMERALS.contains(c)) {
        return latin;
    }
    let numerals = text.iter().take_while(|c| NUMERALS.contains(c)).count();
    let is_house = text.get(numerals).is_some_and(|c| HOUSE_WORDS.contains(c));
    if is_house { numerals } else { 0 }
}

const NUMERALS: [char; 15] = [
    '〇', '零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '两', '廿',
];
const HOUSE_WORDS: [char; 15] = [
    '号', '室', '栋', '幢', '单', '楼', '组', '排', '户', '层', '弄', '座', '门', '房', '队',
];

/// Without control and invisible formatting characters, which could turn or split what is shown.
fn clean(text: &str) -> Vec<char> {
    text.trim()
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .take(LONGEST)
        .collect()
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn name_keeps_its_first_character() {
        for (name, masked) in [
            ("张三", "张*"),
            ("欧阳修远", "欧***"),
            ("张", "*"),
            ("", ""),
            ("  ", ""),
            ("某某电力设备有限责任公司", "某***"),
            ("\u{202E}张三", "张*"),
            ("张\u{200B}三", "张*"),
            ("张\n三", "张*"),
            ("𠮷田", "𠮷*"),
        ] {
            assert_eq!(mask_name(name), masked, "{name:?}");
        }
    }

    #[test]
    fn phone_keeps_three_and_four() {
        for (phone, masked) in [
            ("13812341234", "138****1234"),
            ("+86 138-1234-1234", "138****1234"),
            ("008613812341234", "138****1234"),
            ("１３８１２３４１２３４", "138****1234"),
            ("0722-3312345", "072****2345"),
            ("3312345", "33****45"),
            ("110", "****"),
            ("号码保密", "****"),
            ("", ""),
            ("13812341234/13912345678", "138****5678"),
        ] {
            assert_eq!(mask_phone(phone), masked, "{phone:?}");
        }
    }

    #[test]
    fn address_keeps_the_town_and_hides_the_house() {
        for (address, masked) in [
            ("厉山镇星光村3组28号", "厉山镇星光村**组**号"),
            (
                "三里店镇八一路１２号Ａ座二单元401室",
                "三里店镇八一路**号**座**单元**室",
            ),
            ("南街十八号", "南街**号"),
            ("五里乡", "五里乡"),
            ("12-3-401", "**-**-**"),
            ("", ""),
        ] {
            assert_eq!(mask_address(address), masked, "{address:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_hostile_gets_through(text in "\\PC{0,60}|[\\x00-\\x{FFFF}]{0,60}") {
            let name = mask_name(&text);
            prop_assert!(name.chars().count() <= 4);
            prop_assert!(name.is_empty() || name.ends_with('*'));
            let phone = mask_phone(&text);
            prop_assert!(phone.chars().filter(char::is_ascii_digit).count() <= 7);
            let address = mask_address(&text);
            prop_assert!(!address.chars().any(|c| c.is_ascii_alphanumeric() || c.is_control()));
        }

        #[test]
        fn middle_digits_of_a_mobile_number_never_show(middle in 1000u32..10_000, tail in 1000u32..10_000) {
            prop_assert_eq!(mask_phone(&format!("138{middle}{tail}")), format!("138****{tail}"));
        }
    }
}

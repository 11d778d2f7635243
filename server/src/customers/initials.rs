//! Pinyin initials of names: `张三丰` → `zsf`. Surnames with a reading of their own come from the
//! shared table; characters without a reading (Latin letters, digits) stand for themselves.

use dianma_schema::id::half_width;
use dianma_schema::surname;
use pinyin::ToPinyin;

/// Longest result; nobody types more.
const MAX_LETTERS: usize = 40;

/// The initials of a name, lower case.
pub fn initials(name: &str) -> String {
    let name = half_width(name.trim());
    let (skip, mut letters) = surname::initials(&name).unwrap_or_default();
    for character in name.chars().skip(skip) {
        match character.to_pinyin() {
            Some(reading) => letters.push_str(reading.first_letter()),
            None if character.is_ascii_alphanumeric() => {
                letters.push(character.to_ascii_lowercase());
            }
            None => {}
        }
    }
    letters.chars().take(MAX_LETTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_and_special_readings() {
        for (name, expected) in [
            ("张三丰", "zsf"),
            ("单雄信", "sxx"),
            ("仇某", "qm"),
            ("解某", "xm"),
            ("曾某", "zm"),
            ("查某", "zm"),
            ("万俟某", "mqm"),
            ("尉迟某", "ycm"),
            ("厉山镇第2小学", "lszd2xx"),
            (" 王A ", "wa"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}

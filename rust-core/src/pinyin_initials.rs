//! Pinyin initials of account names (户名): what people type on a phone keypad. One reading per
//! character from the `pinyin` crate, with overrides for surnames that are read otherwise.

use pinyin::ToPinyin as _;

/// Surnames whose reading as a name differs from the usual one: characters and initials.
const SURNAMES: &[(&str, &str)] = &[
    ("万俟", "mq"),
    ("尉迟", "yc"),
    ("长孙", "zs"),
    ("单", "s"),
    ("仇", "q"),
    ("解", "x"),
    ("曾", "z"),
    ("查", "z"),
    ("区", "o"),
    ("朴", "p"),
    ("繁", "p"),
    ("缪", "m"),
    ("翟", "z"),
    ("覃", "q"),
    ("召", "s"),
    ("冼", "x"),
    ("种", "c"),
    ("折", "s"),
    ("乐", "y"),
    ("秘", "b"),
    ("宓", "m"),
    ("盖", "g"),
    ("员", "y"),
    ("贾", "j"),
    ("沈", "s"),
    ("柏", "b"),
    ("臧", "z"),
    ("卜", "b"),
    ("藏", "z"),
];

/// Lower-case initials: `王小明` → `wxm`; ASCII letters and digits stay, the rest is left out.
pub fn initials(name: &str) -> String {
    let surname = SURNAMES
        .iter()
        .find(|(surname, _)| name.starts_with(surname));
    let (mut out, rest) = match surname {
        Some((surname, letters)) => (
            (*letters).to_owned(),
            name.strip_prefix(surname).unwrap_or(name),
        ),
        None => (String::new(), name),
    };
    for character in rest.chars() {
        if character.is_ascii_alphanumeric() {
            out.push(character.to_ascii_lowercase());
        } else if let Some(reading) = character.to_pinyin() {
            out.push_str(reading.first_letter());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_and_polyphonic_surnames_read_as_names() {
        for (name, expected) in [
            ("王小明", "wxm"),
            ("单小明", "sxm"),
            ("仇小明", "qxm"),
            ("解小明", "xxm"),
            ("曾小明", "zxm"),
            ("查小明", "zxm"),
            ("万俟小明", "mqxm"),
            ("尉迟小明", "ycxm"),
            ("A组B点2号", "azbd2h"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}

//! Text for foreign codes. Bytes are the truth; this is for reading only. A designator (ECI) decides;
//! without one UTF-8 is taken when it is valid, then GB 18030, which older Chinese systems print, then
//! Latin-1, which never fails.

use super::content::{Content, Encoding};
use encoding_rs::{Encoding as Table, GB18030, UTF_8};

/// The text of a symbol, parts joined. Control and bidirectional characters are kept: whoever shows
/// the text escapes it.
pub fn to_text(content: &Content) -> String {
    let mut text = String::new();
    let mut rest = content.bytes.as_slice();
    // Parts without a word about their encoding may share characters: guess over all of them.
    let mut parts = content.parts.iter().peekable();
    while let Some((length, encoding)) = parts.next() {
        let mut length = *length;
        while let Some((more, _)) = parts.next_if(|(_, next)| next == encoding) {
            length += more;
        }
        let (part, after) = rest.split_at(length.min(rest.len()));
        rest = after;
        match encoding {
            Encoding::Unsaid => text.push_str(&guess(part)),
            Encoding::Eci(number) => text.push_str(&designated(part, *number)),
        }
    }
    text
}

fn guess(bytes: &[u8]) -> String {
    if let Ok(text) = str::from_utf8(bytes) {
        return text.to_owned();
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => text.into_owned(),
        None => latin_1(bytes),
    }
}

fn designated(bytes: &[u8], number: u32) -> String {
    let label = match number {
        0..=3 | 170 | 899 => return latin_1(bytes),
        20 => "shift_jis",
        21 => "windows-1250",
        22 => "windows-1251",
        23 => "windows-1252",
        24 => "windows-1256",
        25 => "utf-16be",
        26 | 27 => "utf-8",
        28 => "big5",
        29 | 31 | 32 => "gb18030",
        30 => "euc-kr",
        33 => "utf-16le",
        4..=18 => return iso_8859(bytes, number - 2),
        _ => return guess(bytes),
    };
    let table = Table::for_label(label.as_bytes()).unwrap_or(UTF_8);
    table.decode_without_bom_handling(bytes).0.into_owned()
}

fn iso_8859(bytes: &[u8], part: u32) -> String {
    let label = format!("iso-8859-{part}");
    match Table::for_label(label.as_bytes()) {
        Some(table) => table.decode_without_bom_handling(bytes).0.into_owned(),
        None => latin_1(bytes),
    }
}

fn latin_1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(bytes: &[u8], encoding: Encoding) -> String {
        to_text(&Content {
            bytes: bytes.to_vec(),
            parts: vec![(bytes.len(), encoding)],
            ..Content::default()
        })
    }

    #[test]
    fn chinese_reads_with_and_without_a_designator() {
        let utf_8 = "电能表".as_bytes();
        let gb = b"\xB5\xE7\xC4\xDC\xB1\xED";
        assert_eq!(text(utf_8, Encoding::Unsaid), "电能表");
        assert_eq!(text(gb, Encoding::Unsaid), "电能表");
        assert_eq!(text(utf_8, Encoding::Eci(26)), "电能表");
        for number in [29, 31, 32] {
            assert_eq!(text(gb, Encoding::Eci(number)), "电能表");
        }
        assert_eq!(text(b"\x93\x5F", Encoding::Eci(20)), "点");
        assert_eq!(text(b"\xE4", Encoding::Eci(3)), "ä");
    }

    #[test]
    fn a_character_split_over_two_segments_is_whole() {
        let bytes = "表".as_bytes();
        let content = Content {
            bytes: bytes.to_vec(),
            parts: vec![(1, Encoding::Unsaid), (2, Encoding::Unsaid)],
            ..Content::default()
        };
        assert_eq!(to_text(&content), "表");
    }

    proptest! {
        #[test]
        fn any_bytes_have_some_text(bytes in proptest::collection::vec(any::<u8>(), 1..60), number in 0u32..1_000) {
            let _ = text(&bytes, Encoding::Unsaid);
            let _ = text(&bytes, Encoding::Eci(number));
        }
    }
}

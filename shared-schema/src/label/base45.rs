//! Base45 (RFC 9285): bytes as characters of a symbol's alphanumeric mode, two bytes in three
//! characters. Every scanner hands these through unchanged, unlike raw bytes.

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Bytes to characters.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for pair in bytes.chunks(2) {
        let (mut value, count) = match pair {
            [high, low] => (usize::from(*high) << 8 | usize::from(*low), 3),
            [low] => (usize::from(*low), 2),
            _ => (0, 0),
        };
        for _ in 0..count {
            text.push(ALPHABET.get(value % 45).map_or('0', |c| char::from(*c)));
            value /= 45;
        }
    }
    text
}

/// Characters to bytes; `None` when a character, the length or a group's value cannot be.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text
        .bytes()
        .map(|byte| ALPHABET.iter().position(|known| *known == byte))
        .collect::<Option<Vec<usize>>>()?;
    let mut bytes = Vec::with_capacity(digits.len() / 3 * 2 + 1);
    for group in digits.chunks(3) {
        match group {
            [a, b, c] => {
                let value = u16::try_from(a + b * 45 + c * 45 * 45).ok()?;
                bytes.extend_from_slice(&value.to_be_bytes());
            }
            [a, b] => bytes.push(u8::try_from(a + b * 45).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The examples of RFC 9285 section 4.3 and 4.4.
    #[test]
    fn examples_of_the_standard() {
        for (bytes, text) in [
            (b"AB".as_slice(), "BB8"),
            (b"Hello!!", "%69 VD92EX0"),
            (b"base-45", "UJCLQE7W581"),
            (b"ietf!", "QED8WEX0"),
            (b"", ""),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Some(bytes));
        }
        for bad in ["GGW", ":::", "A", "AAAA", "ab", "é", "0:"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_byte_string_reads_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn no_text_reads_as_two_byte_strings(text in "[0-9A-Z $%*+./:-]{0,60}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}

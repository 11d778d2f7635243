//! The unsigned code of version 1: `DM1:<kind>:<26 characters of the label id><check>`.
//!
//! It names an opaque label only. Whoever learns the id can print the code, so it proves less than a
//! signed one; it stays readable because such codes hang on meters.
//!
//! The id is 16 bytes in Crockford's base 32 (no I, L, O, U), most significant bits first. The check
//! character is ISO 7064 MOD 37-2 over kind letter and id: it finds every single wrong character and
//! every swap of two neighbours. All characters are in the alphanumeric mode of the symbol.

use super::LabelKind;
use crate::id::LabelId;
use uuid::Uuid;

/// What a code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LabelCode {
    /// Customer, meter or place.
    pub kind: LabelKind,
    /// The opaque id that the archive knows.
    pub id: LabelId,
}

/// Why a scanned text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// Not one of our codes at all, for example a payment code.
    #[error("this is not a code of this system: scan the label on the meter, box or card")]
    NotOurs,
    /// One of ours in a version this app does not know.
    #[error("this code is of a newer kind: update the app")]
    NewerVersion,
    /// The kind letter is unknown.
    #[error("the kind of this code is unknown: scan again, replace the label if it stays so")]
    UnknownKind,
    /// Characters are missing or too many.
    #[error("the code has the wrong length: scan again, replace the label if it stays so")]
    WrongLength,
    /// A character outside the alphabet, or more bits than an id has.
    #[error(
        "the code holds a character that cannot be: scan again, replace the label if it stays so"
    )]
    BadCharacter,
    /// The check character does not fit.
    #[error("the code was misread: scan again, replace the label if it stays so")]
    Misread,
}

const PREFIX: &str = "DM";
const VERSION: &str = "1";
const ID_CHARACTERS: usize = 26;
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK_DIGITS: &[u8; 37] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";

/// The text of a code.
pub fn encode(code: LabelCode) -> String {
    let mut body = String::with_capacity(ID_CHARACTERS + 2);
    let bits = code.id.0.as_u128();
    for position in (0..ID_CHARACTERS).rev() {
        let digit = (bits >> (5 * position)) & 31;
        body.push(
            usize::try_from(digit)
                .ok()
                .and_then(|digit| DIGITS.get(digit))
                .map_or('0', |byte| char::from(*byte)),
        );
    }
    let check = check_character(code.kind.letter(), &body);
    format!("{PREFIX}{VERSION}:{}:{body}{check}", code.kind.letter())
}

/// Reads the text of a code; only surrounding spaces are forgiven.
pub fn parse(text: &str) -> Result<LabelCode, LabelError> {
    let rest = text
        .trim()
        .strip_prefix(PREFIX)
        .ok_or(LabelError::NotOurs)?;
    let (version, rest) = rest.split_once(':').ok_or(LabelError::NotOurs)?;
    if version.is_empty() || version.len() > 3 || !version.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Err(LabelError::NotOurs);
    }
    if version != VERSION {
        return Err(LabelError::NewerVersion);
    }
    let (letter, checked) = rest.split_once(':').ok_or(LabelError::WrongLength)?;
    let kind = LabelKind::of_letter(letter).ok_or(LabelError::UnknownKind)?;
    if checked.chars().count() != ID_CHARACTERS + 1 {
        return Err(LabelError::WrongLength);
    }
    let (body, check) = checked
        .split_at_checked(ID_CHARACTERS)
        .ok_or(LabelError::BadCharacter)?;
    let bits = read_bits(body)?;
    if !check.chars().eq([check_character(kind.letter(), body)]) {
        return Err(LabelError::Misread);
    }
    Ok(LabelCode {
        kind,
        id: LabelId(Uuid::from_u128(bits)),
    })
}

/// 26 characters hold 130 bits; the first two must be zero.
fn read_bits(body: &str) -> Result<u128, LabelError> {
    body.bytes().try_fold(0u128, |bits, byte| {
        let digit = DIGITS.iter().position(|known| *known == byte);
        let digit = digit
            .and_then(|digit| u128::try_from(digit).ok())
            .ok_or(LabelError::BadCharacter)?;
        if bits >> 123 != 0 {
            return Err(LabelError::BadCharacter);
        }
        Ok(bits << 5 | digit)
    })
}

/// ISO 7064 MOD 37-2: characters weigh 2, 4, 8 … from the right and must sum to 1 with the check.
fn check_character(letter: char, body: &str) -> char {
    let sum = std::iter::once(letter)
        .chain(body.chars())
        .fold(0, |sum, c| {
            let value = CHECK_DIGITS
                .iter()
                .position(|known| char::from(*known) == c)
                .unwrap_or(0);
            (sum + value) * 2 % 37
        });
    CHECK_DIGITS
        .get((38 - sum) % 37)
        .map_or('*', |byte| char::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ZERO: &str = "DM1:P:00000000000000000000000000";

    fn any_code() -> impl Strategy<Value = LabelCode> {
        (0..LabelKind::ALL.len(), any::<u128>()).prop_map(|(kind, bits)| LabelCode {
            kind: LabelKind::ALL[kind],
            id: LabelId(Uuid::from_u128(bits)),
        })
    }

    #[test]
    fn text_has_the_documented_shape() {
        let text = encode(LabelCode {
            kind: LabelKind::Meter,
            id: LabelId(Uuid::from_u128(u128::MAX)),
        });
        assert!(
            text.starts_with("DM1:M:7ZZZZZZZZZZZZZZZZZZZZZZZZZ"),
            "{text}"
        );
        assert_eq!(text.len(), 6 + 27);
        let zero = encode(LabelCode {
            kind: LabelKind::Place,
            id: LabelId(Uuid::nil()),
        });
        assert!(zero.starts_with(ZERO), "{zero}");
    }

    #[test]
    fn every_kind_of_damage_has_its_own_error() {
        let good = encode(LabelCode {
            kind: LabelKind::Customer,
            id: LabelId(Uuid::from_u128(7)),
        });
        for (text, error) in [
            (String::new(), LabelError::NotOurs),
            (
                "https://example.invalid/DM1:C".to_owned(),
                LabelError::NotOurs,
            ),
            ("DM".to_owned(), LabelError::NotOurs),
            ("DMX:C:1".to_owned(), LabelError::NotOurs),
            ("DM1".to_owned(), LabelError::NotOurs),
            (good.replacen("DM1", "DM2", 1), LabelError::NewerVersion),
            ("DM1:C".to_owned(), LabelError::WrongLength),
            (good.replacen(":C:", ":X:", 1), LabelError::UnknownKind),
            (good.replacen(":C:", "::", 1), LabelError::UnknownKind),
            (good.replacen(":C:", ":M:", 1), LabelError::Misread),
            (format!("{good}0"), LabelError::WrongLength),
            (good.replacen(":C:0", ":C:U", 1), LabelError::BadCharacter),
            (good.replacen(":C:0", ":C:8", 1), LabelError::BadCharacter),
            (good.replacen(":C:0", ":C:码", 1), LabelError::BadCharacter),
            (good.to_lowercase(), LabelError::NotOurs),
        ] {
            assert_eq!(parse(&text), Err(error), "{text}");
        }
        assert!(parse(&format!(" {good}\n")).is_ok());
    }

    proptest! {
        #[test]
        fn every_code_reads_back(code in any_code()) {
            prop_assert_eq!(parse(&encode(code)), Ok(code));
        }

        #[test]
        fn any_single_changed_character_is_found(code in any_code(), at in 0usize..33, to in "[ -~码０]") {
            let text = encode(code);
            let mut changed: Vec<char> = text.chars().collect();
            let to = to.chars().next().unwrap();
            prop_assume!(changed[at] != to);
            changed[at] = to;
            let changed: String = changed.into_iter().collect();
            prop_assert!(parse(&changed).is_err(), "{}", changed);
        }

        #[test]
        fn swapped_neighbours_are_found(code in any_code(), at in 6usize..31) {
            let mut swapped: Vec<char> = encode(code).chars().collect();
            prop_assume!(swapped[at] != swapped[at + 1]);
            swapped.swap(at, at + 1);
            let swapped: String = swapped.into_iter().collect();
            prop_assert!(parse(&swapped).is_err(), "{}", swapped);
        }

        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,60}|DM1:[CMP]:\\PC{0,30}") {
            let _ = parse(&text);
        }
    }
}

//! One text of a symbol, one meaning: the door every scan goes through. What is not ours comes out
//! without its text, so that nothing foreign can be kept by accident.

use super::consent::{self, SignedConsent};
use super::legacy::{self, LegacyCode};
use super::payload::{self, SignedLabel};
use super::plain::{self, LabelCode, LabelError};

/// What a text turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A signed place code; not judged yet.
    Label(SignedLabel),
    /// A consent code; not judged yet.
    Consent(SignedConsent),
    /// An unsigned code of the first version.
    Unsigned(LabelCode),
    /// A code of an older system, already without its personal parts.
    Legacy(LegacyCode),
    /// One of ours, but cut, misread or of a newer version.
    Damaged(LabelError),
    /// Anything else.
    Foreign,
}

/// Reads a text. Never fails, never keeps a foreign text.
pub fn read(text: &str) -> Reading {
    if text.chars().count() > super::LONGEST_TEXT {
        return Reading::Foreign;
    }
    let start = text.trim_start();
    if start.starts_with(payload::PREFIX) {
        return payload::parse(text).map_or_else(Reading::Damaged, Reading::Label);
    }
    if start.starts_with(consent::PREFIX) {
        return consent::parse(text).map_or_else(Reading::Damaged, Reading::Consent);
    }
    match plain::parse(text) {
        Ok(code) => Reading::Unsigned(code),
        Err(LabelError::NotOurs) => legacy::parse(text).map_or(Reading::Foreign, Reading::Legacy),
        Err(error) => Reading::Damaged(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_and_foreign_texts_leave_nothing_behind() {
        for text in [
            "'; DROP TABLE customers; --",
            "<script>alert(1)</script>",
            "\u{202E}DM2:EVIL",
            "\u{0}\u{1}\u{7f}",
            "https://example.invalid/",
            &"9".repeat(10_000),
            &"DM2:".repeat(2_000),
        ] {
            assert_eq!(read(text), Reading::Foreign, "{}", text.len());
        }
        for damaged in ["DM2:", "DM2:ab", "DMC1:", "DM1:C:0", "DM9:X"] {
            assert!(matches!(read(damaged), Reading::Damaged(_)), "{damaged}");
        }
        let long = format!("DM2:{}", "0".repeat(500));
        assert_eq!(read(&long), Reading::Damaged(LabelError::WrongLength));
    }

    // The long run of the parser, every grammar's beginnings included; PROPTEST_CASES makes it longer.
    proptest! {
        #![proptest_config(ProptestConfig {
            cases: ProptestConfig::default().cases * 20, ..ProptestConfig::default()
        })]
        #[test]
        fn every_text_has_a_meaning_and_a_foreign_one_is_dropped(
            text in "\\PC{0,80}|DM[0-9C]{0,3}:[0-9A-Z $%*+./:-]{0,160}|(户号|METER_NO|身份证)[:=]\\PC{0,40}|[\\x00-\\x{FFFF}]{0,60}"
        ) {
            if let Reading::Legacy(code) = read(&text) {
                prop_assert!(!code.number().is_empty());
            }
        }
    }
}

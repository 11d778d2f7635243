//! The signed place code (地点码): `DM2:` and base45 of a sealed body of about 100 bytes, which fits a
//! symbol of version 8 at level Q. The body names an opaque label, what it is stuck on, the day of
//! issue and the revision; the tag lets a phone without the archive see that a code was made for
//! another meter than the order names.

use super::plain::LabelError;
use super::seal::{KeyPurpose, Sealed};
use super::{LabelKind, base45};
use crate::id::{LabelId, half_width};
use ed25519_dalek::{SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

/// First characters of every signed place code.
pub const PREFIX: &str = "DM2:";
/// Longest text of one, in characters; the longest body there can be needs less.
pub const LONGEST: usize = 200;

/// What a label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(array)]
pub struct LabelClaims {
    /// What it is stuck on.
    #[n(0)]
    pub kind: LabelKind,
    /// The line of labels in the archive; a re-issued label keeps it.
    #[n(1)]
    pub id: LabelId,
    /// [`tag`] of the number of what it was made for.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub tag: [u8; 4],
    /// Civil day of issue, days since 1970-01-01.
    #[n(3)]
    pub issued_on_day: u32,
    /// Edition of the label, from 1: a higher one outdates it.
    #[n(4)]
    pub revision: u32,
}

/// A label as read; nothing in it is proven until a key has been asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedLabel {
    /// What it says.
    pub claims: LabelClaims,
    /// The signed frame.
    pub sealed: Sealed,
}

impl SignedLabel {
    /// Whether this key signed it.
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        self.sealed.is_signed_by(KeyPurpose::Label, key)
    }
}

/// A short fingerprint of an account, meter, box or pole number or an area code under its kind. Not
/// secret and not unique: equal tags prove nothing, different ones prove another place.
pub fn tag(kind: LabelKind, number: &str) -> [u8; 4] {
    let mut hash = Sha256::new();
    hash.update(b"dianma label tag ");
    hash.update(kind.as_str());
    hash.update(b" ");
    hash.update(half_width(number.trim()).to_ascii_uppercase());
    let mut tag = [0; 4];
    for (to, from) in tag.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    tag
}

/// Signs a label; the answer is the text of its symbol.
pub fn sign(claims: &LabelClaims, key: &SigningKey) -> String {
    // Writing to memory cannot fail; an empty body would be refused by every reader.
    let body = minicbor::to_vec(claims).unwrap_or_default();
    let sealed = Sealed::seal(KeyPurpose::Label, body, key);
    format!("{PREFIX}{}", base45::encode(&sealed.to_bytes()))
}

/// Reads the text of a signed place code without judging it; only surrounding spaces are forgiven.
pub fn parse(text: &str) -> Result<SignedLabel, LabelError> {
    // A blank is a digit of base45, but never the last one: the last group is too small for it.
    let rest = text.trim();
    let rest = rest.strip_prefix(PREFIX).ok_or(LabelError::NotOurs)?;
    if rest.len() > LONGEST {
        return Err(LabelError::WrongLength);
    }
    let bytes = base45::decode(rest).ok_or(LabelError::BadCharacter)?;
    let sealed = Sealed::from_bytes(&bytes).ok_or(LabelError::WrongLength)?;
    let mut decoder = minicbor::Decoder::new(&sealed.body);
    let claims: LabelClaims = decoder.decode().map_err(|_| LabelError::Misread)?;
    if decoder.position() != sealed.body.len() {
        return Err(LabelError::WrongLength);
    }
    Ok(SignedLabel { claims, sealed })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    pub(crate) fn claims() -> LabelClaims {
        LabelClaims {
            kind: LabelKind::Meter,
            id: LabelId(Uuid::from_u128(0x0192_7f3a_6b5c_7def_8123_4567_89ab_cdef)),
            tag: tag(LabelKind::Meter, "100000012345"),
            issued_on_day: 20_778,
            revision: 1,
        }
    }

    fn any_claims() -> impl Strategy<Value = LabelClaims> {
        let kind = (0..LabelKind::ALL.len()).prop_map(|n| LabelKind::ALL[n]);
        (
            kind,
            any::<u128>(),
            any::<[u8; 4]>(),
            any::<u32>(),
            any::<u32>(),
        )
            .prop_map(|(kind, id, tag, issued_on_day, revision)| LabelClaims {
                kind,
                id: LabelId(Uuid::from_u128(id)),
                tag,
                issued_on_day,
                revision,
            })
    }

    #[test]
    fn a_label_fits_version_8_at_level_q() {
        let text = sign(&claims(), &SigningKey::from_bytes(&[7; 32]));
        assert!(text.len() <= 157, "{} characters", text.len());
        let is_alphanumeric =
            |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || " $%*+-./:".contains(c);
        assert!(text.chars().all(is_alphanumeric), "{text}");
    }

    #[test]
    fn a_tag_tells_kinds_and_numbers_apart() {
        let meter = tag(LabelKind::Meter, "1000A");
        assert_eq!(meter, tag(LabelKind::Meter, " １０００a "));
        assert_ne!(meter, tag(LabelKind::Customer, "1000A"));
        assert_ne!(meter, tag(LabelKind::Meter, "1000B"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_label_reads_back_and_verifies(claims in any_claims(), seed in any::<[u8; 32]>()) {
            let key = SigningKey::from_bytes(&seed);
            let label = parse(&sign(&claims, &key)).unwrap();
            prop_assert_eq!(label.claims, claims);
            prop_assert!(label.is_signed_by(&key.verifying_key()));
        }

        #[test]
        fn no_single_changed_character_passes(at in 0usize..150, to in "[0-9A-Z $%*+./:-]") {
            let key = SigningKey::from_bytes(&[7; 32]);
            let text = sign(&claims(), &key);
            let mut changed: Vec<char> = text.chars().collect();
            let at = at % changed.len();
            let to = to.chars().next().unwrap();
            prop_assume!(changed[at] != to);
            changed[at] = to;
            let changed: String = changed.into_iter().collect();
            let passes = parse(&changed).is_ok_and(|label| label.is_signed_by(&key.verifying_key()));
            prop_assert!(!passes, "{}", changed);
        }

        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,300}|DM2:\\PC{0,250}|DM2:[0-9A-Z $%*+./:-]{0,250}") {
            let _ = parse(&text);
        }

        #[test]
        fn any_sealed_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..150)) {
            let mut framed = vec![2];
            framed.extend_from_slice(&bytes);
            let _ = parse(&format!("{PREFIX}{}", base45::encode(&framed)));
        }
    }
}

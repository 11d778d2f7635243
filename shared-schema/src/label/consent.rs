//! The one-time consent code (同意码): a customer agrees, now, to one step of one order. It comes as a
//! signed code on the customer's phone, or as six digits read out.
//!
//! Six digits can be tried out by anybody who holds something to try them against. So a phone gets
//! no hash of the digits but one byte of it: enough to catch 255 of 256 slips at the door, too little
//! to find the digits: about 3,900 fit every byte, and the server, which knows them, judges what was
//! entered (docs/adr/0018-six-digits-checked-offline.md).

use super::keys::KeyList;
use super::plain::LabelError;
use super::seal::{KeyPurpose, Sealed};
use super::verdict::LabelVerdict;
use super::{base45, payload};
use crate::id::{WorkOrderId, half_width};
use crate::text_enum;
use ed25519_dalek::SigningKey;
use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

/// First characters of every consent code.
pub const PREFIX: &str = "DMC1:";
/// Digits of the spoken form.
pub const DIGITS: usize = 6;
/// How often wrong digits may be entered for one step on one phone.
pub const MAX_TRIES: u32 = 5;
/// A phone whose clock was never compared may be off by so much, ms.
const CLOCK_TOLERANCE_MS: i64 = 10 * 60_000;

text_enum! {
    /// What is agreed to.
    pub enum ConsentStep {
        0 Arrival = "arrival", "到达", "Arrival";
        1 Closing = "closing", "终结", "Closing";
    }
}

/// What a consent code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ConsentClaims {
    /// The order.
    #[n(0)]
    pub order_id: WorkOrderId,
    /// The step.
    #[n(1)]
    pub step: ConsentStep,
    /// Makes every code different; with order and step it names the code.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub nonce: [u8; 8],
    /// Last moment, epoch ms.
    #[n(3)]
    pub expires_at_ms: i64,
}

/// What a phone gets with the order, to check what the customer shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ConsentCheck {
    /// The step.
    #[n(0)]
    pub step: ConsentStep,
    /// Nonce of the code in force.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub nonce: [u8; 8],
    /// [`tag`] of its digits.
    #[n(2)]
    pub tag: u8,
    /// Last moment, epoch ms.
    #[n(3)]
    pub expires_at_ms: i64,
}

/// A consent code as read; a key has to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedConsent {
    /// What it says.
    pub claims: ConsentClaims,
    sealed: Sealed,
}

/// Signs a consent code; the answer is the text of its symbol.
pub fn sign(claims: &ConsentClaims, key: &SigningKey) -> String {
    let body = minicbor::to_vec(claims).unwrap_or_default();
    let sealed = Sealed::seal(KeyPurpose::Consent, body, key);
    format!("{PREFIX}{}", base45::encode(&sealed.to_bytes()))
}

/// Reads the text of a consent code without judging it.
pub fn parse(text: &str) -> Result<SignedConsent, LabelError> {
    let rest = text.trim();
    let rest = rest.strip_prefix(PREFIX).ok_or(LabelError::NotOurs)?;
    if rest.len() > payload::LONGEST {
        return Err(LabelError::WrongLength);
    }
    let bytes = base45::decode(rest).ok_or(LabelError::BadCharacter)?;
    let sealed = Sealed::from_bytes(&bytes).ok_or(LabelError::WrongLength)?;
    let mut decoder = minicbor::Decoder::new(&sealed.body);
    let claims: ConsentClaims = decoder.decode().map_err(|_| LabelError::Misread)?;
    if decoder.position() != sealed.body.len() {
        return Err(LabelError::WrongLength);
    }
    Ok(SignedConsent { claims, sealed })
}

impl SignedConsent {
    /// Judges signature and time; whether it is this order's is the caller's question.
    pub fn judge(&self, keys: Option<&KeyList>, now_ms: i64) -> LabelVerdict {
        let Some(keys) = keys else {
            return LabelVerdict::UnknownKey;
        };
        let mut candidates = keys
            .candidates(KeyPurpose::Consent, self.sealed.key_id)
            .peekable();
        if candidates.peek().is_none() {
            return LabelVerdict::UnknownKey;
        }
        let found = candidates.find(|(_, key)| self.sealed.is_signed_by(KeyPurpose::Consent, key));
        match found {
            None => LabelVerdict::Broken,
            Some((entry, _)) if entry.is_revoked => LabelVerdict::Revoked,
            Some(_) if is_over(self.claims.expires_at_ms, now_ms) => LabelVerdict::Expired,
            Some(_) => LabelVerdict::Valid,
        }
    }
}

/// Whether a moment has passed, with the tolerance of phone clocks.
pub const fn is_over(expires_at_ms: i64, now_ms: i64) -> bool {
    now_ms > expires_at_ms.saturating_add(CLOCK_TOLERANCE_MS)
}

/// Six digits as people type them: full width forgiven, blanks and dashes dropped.
pub fn clean_digits(text: &str) -> Option<String> {
    let digits: String = half_width(text)
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .take(DIGITS + 1)
        .collect();
    let is_right = digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    is_right.then_some(digits)
}

/// One byte of a hash of the digits; see the head of this file for why it is no more.
pub fn tag(order_id: WorkOrderId, step: ConsentStep, nonce: [u8; 8], digits: &str) -> u8 {
    let mut hash = Sha256::new();
    hash.update(b"dianma consent digits ");
    hash.update(order_id.0.as_bytes());
    hash.update([step as u8]);
    hash.update(nonce);
    hash.update(digits);
    hash.finalize().first().copied().unwrap_or_default()
}

impl ConsentCheck {
    /// Whether digits can be right: sure when it says no, a reason to go on when it says yes.
    pub fn may_be(&self, order_id: WorkOrderId, digits: &str) -> bool {
        tag(order_id, self.step, self.nonce, digits) == self.tag
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::KeyEntry;
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const NOW_MS: i64 = 1_800_000_000_000;

    fn order() -> WorkOrderId {
        WorkOrderId(Uuid::from_u128(42))
    }

    fn claims() -> ConsentClaims {
        ConsentClaims {
            order_id: order(),
            step: ConsentStep::Closing,
            nonce: [1, 2, 3, 4, 5, 6, 7, 8],
            expires_at_ms: NOW_MS,
        }
    }

    fn keys(key: &SigningKey) -> KeyList {
        KeyList {
            serial: 1,
            issued_at_ms: NOW_MS,
            keys: vec![KeyEntry {
                purpose: KeyPurpose::Consent,
                public_key: key.verifying_key().to_bytes(),
                not_before_day: 0,
                not_after_day: None,
                area: String::new(),
                is_revoked: false,
            }],
            next_root: None,
        }
    }

    #[test]
    fn a_code_is_good_until_it_expires_and_for_its_own_key_only() {
        let key = SigningKey::from_bytes(&[5; 32]);
        let text = sign(&claims(), &key);
        let code = parse(&text).unwrap();
        assert_eq!(code.claims, claims());
        assert!(text.len() <= 189, "{}: version 9 at level Q", text.len());
        let list = keys(&key);
        assert_eq!(code.judge(Some(&list), NOW_MS), LabelVerdict::Valid);
        let late = NOW_MS + CLOCK_TOLERANCE_MS + 1;
        assert_eq!(code.judge(Some(&list), late), LabelVerdict::Expired);
        assert_eq!(code.judge(None, NOW_MS), LabelVerdict::UnknownKey);
        let other = keys(&SigningKey::from_bytes(&[6; 32]));
        assert_eq!(code.judge(Some(&other), NOW_MS), LabelVerdict::UnknownKey);
        let mut changed = code;
        changed.sealed.body.push(0);
        assert_eq!(changed.judge(Some(&list), NOW_MS), LabelVerdict::Broken);
    }

    #[test]
    fn digits_are_read_as_people_write_them() {
        assert_eq!(clean_digits(" 012 345 ").as_deref(), Some("012345"));
        assert_eq!(clean_digits("０１２-３４５").as_deref(), Some("012345"));
        for bad in ["12345", "1234567", "12345x", "", "一二三四五六"] {
            assert_eq!(clean_digits(bad), None, "{bad}");
        }
    }

    /// What the byte gives away, counted over all codes there are: thousands of candidates are left,
    /// and no more than one slip in two hundred passes.
    #[test]
    fn the_byte_catches_slips_and_hides_the_digits() {
        let check = ConsentCheck {
            step: ConsentStep::Arrival,
            nonce: [9; 8],
            tag: tag(order(), ConsentStep::Arrival, [9; 8], "271828"),
            expires_at_ms: NOW_MS,
        };
        assert!(check.may_be(order(), "271828"));
        let fitting = (0..1_000_000)
            .filter(|n| check.may_be(order(), &format!("{n:06}")))
            .count();
        assert!((3_000..5_000).contains(&fitting), "{fitting}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,250}|DMC1:[0-9A-Z $%*+./:-]{0,250}") {
            let _ = parse(&text);
            let _ = clean_digits(&text);
        }
    }
}

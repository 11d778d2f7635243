//! The verdict on a place code, from what a phone carries: key list, revocation set, archive. Pure;
//! the same rules run on the server.

use super::keys::KeyList;
use super::payload::SignedLabel;
use super::seal::KeyPurpose;
use super::verdict::LabelVerdict;
use crate::time::DAY_MS;

/// Lists confirmed within so long are called current; older ones give "valid as of".
pub const FRESH_MS: i64 = 3 * DAY_MS;

/// What is known when a code is judged.
#[derive(Clone, Copy, Debug)]
pub struct Knowledge<'a> {
    /// The key list, once there is one.
    pub keys: Option<&'a KeyList>,
    /// Whether the label as a whole is in the revocation set.
    pub is_revoked: bool,
    /// Whether this revision of it is in the set: a newer one was issued.
    pub is_outdated: bool,
    /// When the lists were last known to be the newest, epoch ms.
    pub as_of_ms: Option<i64>,
    /// Best estimate of the server's time, epoch ms.
    pub now_ms: i64,
}

/// Judges a signed place code.
pub fn judge(label: &SignedLabel, known: &Knowledge<'_>) -> LabelVerdict {
    let Some(keys) = known.keys else {
        return LabelVerdict::UnknownKey;
    };
    let mut candidates = keys
        .candidates(KeyPurpose::Label, label.sealed.key_id)
        .peekable();
    if candidates.peek().is_none() {
        return LabelVerdict::UnknownKey;
    }
    let Some((entry, _)) = candidates.find(|(_, key)| label.is_signed_by(key)) else {
        return LabelVerdict::Broken;
    };
    if entry.is_revoked || known.is_revoked {
        LabelVerdict::Revoked
    } else if !entry.may_sign_on(label.claims.issued_on_day) {
        LabelVerdict::Expired
    } else if known.is_outdated {
        LabelVerdict::Outdated
    } else {
        fresh(known)
    }
}

fn fresh(known: &Knowledge<'_>) -> LabelVerdict {
    let age_ms = known
        .as_of_ms
        .map_or(i64::MAX, |at| known.now_ms.saturating_sub(at));
    if age_ms <= FRESH_MS {
        LabelVerdict::Valid
    } else {
        LabelVerdict::ValidAsOf
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::KeyEntry;
    use super::super::payload::{LabelClaims, parse, sign, tests::claims};
    use super::*;
    use ed25519_dalek::SigningKey;

    const NOW_MS: i64 = 1_800_000_000_000;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[5; 32])
    }

    fn entry(purpose: KeyPurpose, key: &SigningKey) -> KeyEntry {
        KeyEntry {
            purpose,
            public_key: key.verifying_key().to_bytes(),
            not_before_day: 20_000,
            not_after_day: Some(21_000),
            area: String::new(),
            is_revoked: false,
        }
    }

    fn list(keys: Vec<KeyEntry>) -> KeyList {
        KeyList {
            serial: 1,
            issued_at_ms: NOW_MS,
            keys,
            next_root: None,
        }
    }

    fn known(keys: &KeyList) -> Knowledge<'_> {
        Knowledge {
            keys: Some(keys),
            is_revoked: false,
            is_outdated: false,
            as_of_ms: Some(NOW_MS),
            now_ms: NOW_MS,
        }
    }

    fn label(claims: &LabelClaims, key: &SigningKey) -> SignedLabel {
        parse(&sign(claims, key)).unwrap()
    }

    #[test]
    fn each_verdict_has_its_cause() {
        let keys = list(vec![entry(KeyPurpose::Label, &key())]);
        let good = label(&claims(), &key());
        let with = |change: &dyn Fn(&mut Knowledge<'_>)| {
            let mut known = known(&keys);
            change(&mut known);
            judge(&good, &known)
        };
        assert_eq!(with(&|_| ()), LabelVerdict::Valid);
        assert_eq!(with(&|k| k.now_ms += FRESH_MS + 1), LabelVerdict::ValidAsOf);
        assert_eq!(with(&|k| k.as_of_ms = None), LabelVerdict::ValidAsOf);
        assert_eq!(with(&|k| k.is_revoked = true), LabelVerdict::Revoked);
        assert_eq!(with(&|k| k.is_outdated = true), LabelVerdict::Outdated);
        assert_eq!(with(&|k| k.keys = None), LabelVerdict::UnknownKey);
    }

    #[test]
    fn forged_and_foreign_signatures_are_told_apart() {
        let stranger = SigningKey::from_bytes(&[6; 32]);
        let keys = list(vec![entry(KeyPurpose::Label, &key())]);
        assert_eq!(
            judge(&label(&claims(), &stranger), &known(&keys)),
            LabelVerdict::UnknownKey
        );
        let mut forged = label(&claims(), &stranger);
        forged.sealed.key_id = super::super::seal::KeyId::of(&key().verifying_key());
        assert_eq!(
            judge(&forged, &known(&keys)),
            LabelVerdict::Broken,
            "a swapped key id"
        );
        let wrong_purpose = list(vec![entry(KeyPurpose::Consent, &key())]);
        assert_eq!(
            judge(&label(&claims(), &key()), &known(&wrong_purpose)),
            LabelVerdict::UnknownKey
        );
    }

    #[test]
    fn a_key_counts_in_its_days_and_never_once_it_leaked() {
        let late = LabelClaims {
            issued_on_day: 21_001,
            ..claims()
        };
        let keys = list(vec![entry(KeyPurpose::Label, &key())]);
        assert_eq!(
            judge(&label(&late, &key()), &known(&keys)),
            LabelVerdict::Expired
        );
        let mut leaked = entry(KeyPurpose::Label, &key());
        leaked.is_revoked = true;
        let keys = list(vec![leaked]);
        assert_eq!(
            judge(&label(&claims(), &key()), &known(&keys)),
            LabelVerdict::Revoked
        );
    }

    #[test]
    fn of_two_keys_with_one_id_the_right_one_is_found() {
        // Colliding ids cannot be made cheaply in a test; two entries of one key stand for them.
        let mut first = entry(KeyPurpose::Label, &key());
        first.public_key = SigningKey::from_bytes(&[6; 32]).verifying_key().to_bytes();
        let keys = list(vec![first, entry(KeyPurpose::Label, &key())]);
        assert_eq!(
            judge(&label(&claims(), &key()), &known(&keys)),
            LabelVerdict::Valid
        );
    }
}

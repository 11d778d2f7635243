//! Signed lists on the phone: taken from the pinned root only, never backwards, whole or not at all;
//! and what codes are worth with them.

use crate::support::Bench;
use dianma_core::label::check;
use dianma_core::store::trust;
use dianma_schema::id::LabelId;
use dianma_schema::label::keys::{KeyEntry, KeyList, ListError};
use dianma_schema::label::payload::{LabelClaims, sign, tag};
use dianma_schema::label::revocations::{ALL_REVISIONS, RevocationHead, hash, pack};
use dianma_schema::label::seal::KeyPurpose;
use dianma_schema::label::{LabelKind, LabelVerdict};
use dianma_schema::wire::sync::TrustUpdate;
use ed25519_dalek::SigningKey;
use uuid::Uuid;

const NOW_MS: i64 = 1_800_000_000_000;

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn entry(purpose: KeyPurpose, n: u8) -> KeyEntry {
    KeyEntry {
        purpose,
        public_key: key(n).verifying_key().to_bytes(),
        not_before_day: 0,
        not_after_day: None,
        area: String::new(),
        is_revoked: false,
    }
}

fn list(serial: u64, next_root: Option<u8>) -> KeyList {
    KeyList {
        serial,
        issued_at_ms: NOW_MS,
        keys: vec![
            entry(KeyPurpose::Label, 20),
            entry(KeyPurpose::Revocation, 30),
        ],
        next_root: next_root.map(|n| key(n).verifying_key().to_bytes()),
    }
}

fn keys(root: u8, lists: &[(KeyList, u8)]) -> TrustUpdate {
    TrustUpdate {
        root: Some(key(root).verifying_key().to_bytes().to_vec().into()),
        key_lists: Some(
            lists
                .iter()
                .map(|(l, by)| l.seal(&key(*by)).into())
                .collect(),
        ),
        ..TrustUpdate::default()
    }
}

fn revocations(serial: u64, all: &[u64], sent: &[u64], is_whole: bool) -> TrustUpdate {
    let mut sorted = all.to_vec();
    sorted.sort_unstable();
    TrustUpdate {
        revocation_head: Some(
            RevocationHead::of(serial, NOW_MS, &sorted)
                .seal(&key(30))
                .into(),
        ),
        revocations: Some(pack(sent).into()),
        is_whole,
        ..TrustUpdate::default()
    }
}

/// Takes an update in a transaction of its own, as a sync does: what fails leaves nothing.
fn take(bench: &Bench, update: &TrustUpdate) -> Result<(), ListError> {
    let taken = bench.phone.inspect(|db| {
        db.execute_batch("SAVEPOINT update_lists")?;
        let taken = trust::apply(db, update, NOW_MS)?;
        let end = if taken.is_ok() {
            "RELEASE update_lists"
        } else {
            "ROLLBACK TO update_lists; RELEASE update_lists"
        };
        db.execute_batch(end)?;
        Ok(taken)
    });
    taken.unwrap()
}

fn label(revision: u32) -> (LabelId, String) {
    let id = LabelId(Uuid::from_u128(77));
    let claims = LabelClaims {
        kind: LabelKind::Meter,
        id,
        tag: tag(LabelKind::Meter, "3000000001"),
        issued_on_day: 20_800,
        revision,
    };
    (id, sign(&claims, &key(20)))
}

fn verdict(bench: &Bench, text: &str) -> LabelVerdict {
    bench
        .phone
        .inspect(|db| check(db, NOW_MS, text))
        .unwrap()
        .verdict
}

#[test]
fn lists_come_from_the_pinned_root_and_never_go_back() {
    let bench = Bench::new();
    take(&bench, &keys(1, &[(list(5, None), 1)])).unwrap();
    let older = keys(1, &[(list(4, None), 1)]);
    assert_eq!(take(&bench, &older), Err(ListError::Older));
    let stranger = keys(2, &[(list(6, None), 2)]);
    assert_eq!(take(&bench, &stranger), Err(ListError::NotSigned));
    let handover = keys(3, &[(list(6, Some(3)), 1), (list(7, None), 3)]);
    take(&bench, &handover).unwrap();
    let by_the_old_root = keys(1, &[(list(8, None), 1)]);
    assert_eq!(take(&bench, &by_the_old_root), Err(ListError::NotSigned));
    let have = bench.phone.signed_lists().unwrap();
    assert_eq!(have.key_serial, 7);
    assert_eq!(
        have.root_key.unwrap().len(),
        64,
        "shown to be compared with the administrator's"
    );
}

#[test]
fn a_revocation_set_is_taken_whole_or_not_at_all() {
    let bench = Bench::new();
    let (id, text) = label(1);
    assert_eq!(verdict(&bench, &text), LabelVerdict::UnknownKey);
    take(&bench, &keys(1, &[(list(1, None), 1)])).unwrap();
    assert_eq!(verdict(&bench, &text), LabelVerdict::Valid);
    let others: Vec<u64> = (0..40)
        .map(|n| hash(LabelId(Uuid::from_u128(n)), 1))
        .collect();
    take(&bench, &revocations(1, &others, &others, true)).unwrap();
    assert_eq!(verdict(&bench, &text), LabelVerdict::Valid);

    let mut all = others.clone();
    all.push(hash(id, 1));
    let short = revocations(2, &all, &[], false);
    assert_eq!(
        take(&bench, &short),
        Err(ListError::Damaged),
        "a hash is missing"
    );
    assert_eq!(verdict(&bench, &text), LabelVerdict::Valid);
    take(&bench, &revocations(2, &all, &[hash(id, 1)], false)).unwrap();
    assert_eq!(verdict(&bench, &text), LabelVerdict::Outdated);
    assert_eq!(
        verdict(&bench, &label(2).1),
        LabelVerdict::Valid,
        "the new edition"
    );

    let back = revocations(1, &others, &others, true);
    assert_eq!(take(&bench, &back), Err(ListError::Older));
    assert_eq!(
        verdict(&bench, &text),
        LabelVerdict::Outdated,
        "nothing came back to life"
    );
    all.push(hash(id, ALL_REVISIONS));
    take(&bench, &revocations(3, &all, &all, true)).unwrap();
    assert_eq!(verdict(&bench, &label(2).1), LabelVerdict::Revoked);
}

//! Releases of the phone app: newer only, signed with the key in use, readable by a phone's rules.

use crate::labels::{ceremony, init};
use crate::small_county::{NOW, write};
use dianma_schema::fault;
use dianma_schema::label::seal::KeyPurpose;
use dianma_schema::release::{Release, ReleaseError};
use dianma_server::error::ApiError;
use dianma_server::keys::{Keyring, judge};
use dianma_server::releases::publish::{Note, newest, publish};
use dianma_server::store::{Store, StoreError};

crate::conformance!(
    a_release_is_newer_signed_and_opens_with_the_key_list,
    nothing_is_published_without_an_open_key_or_with_a_rotated_one,
);

fn note(version_code: u32) -> Note {
    Note {
        version_code,
        version_name: format!("1.{version_code}.0"),
        notes_zh: "生成的说明".to_owned(),
        notes_en: String::new(),
    }
}

fn put(store: &Store, keys: &Keyring, note: Note) -> Result<Release, ApiError> {
    let keys = keys.clone();
    store.write_blocking(move |tx| publish(tx, &keys, NOW, &note, ([7; 32], 1_000)))
}

fn seen(store: &Store) -> Option<Result<Release, ReleaseError>> {
    let read = |tx: &mut dyn dianma_server::store::Tx| -> Result<_, StoreError> {
        Ok((newest(tx)?, judge::key_list(tx)?))
    };
    let (newest, keys) = store.read_blocking(read).unwrap();
    newest
        .zip(keys)
        .map(|(signed, keys)| Release::open(&signed.body, &keys))
}

fn a_release_is_newer_signed_and_opens_with_the_key_list(store: &Store) {
    let keys = init(store);
    assert!(seen(store).is_none());
    let second = put(store, &keys, note(2)).unwrap();
    assert_eq!(seen(store).unwrap().unwrap(), second);
    for old in [1, 2] {
        let again = put(store, &keys, note(old)).unwrap_err();
        assert_eq!(again.code, fault::V_DUPLICATE, "{old}");
    }
    let third = put(store, &keys, note(3)).unwrap();
    assert_eq!(seen(store).unwrap().unwrap(), third);
    let silent = Note {
        notes_zh: " ".to_owned(),
        ..note(4)
    };
    assert_eq!(
        put(store, &keys, silent).unwrap_err().fields[0].field,
        "notes"
    );
    let audited = write(store, |tx| {
        Ok(tx.first(
            "SELECT COUNT(*) FROM audit WHERE action = 'release_published'",
            dianma_server::args![],
            |row| row.int(0),
        )?)
    });
    assert_eq!(audited.unwrap(), Some(2));
}

fn nothing_is_published_without_an_open_key_or_with_a_rotated_one(store: &Store) {
    let locked = put(store, &Keyring::default(), note(1)).unwrap_err();
    assert_eq!(locked.code, fault::X_KEYS);
    let keys = init(store);
    put(store, &keys, note(1)).unwrap();
    store
        .write_blocking(|tx| ceremony(2).rotate(tx, KeyPurpose::Release, "").map(|_| ()))
        .unwrap();
    let old = put(store, &keys, note(2)).unwrap_err();
    assert_eq!(old.code, fault::X_KEYS);
    assert!(
        seen(store).unwrap().is_ok(),
        "what the old key signed stays good"
    );
}

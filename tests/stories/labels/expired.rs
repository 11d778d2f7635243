//! A key that was rotated out signs nothing more: labels dated after its last day are expired, those it
//! signed in its time stay good.

use super::{claims_of, label, on_the_way, sync};
use dianma_schema::label::payload;
use dianma_schema::label::seal::KeyPurpose;
use dianma_server::keys::vault::Passphrase;
use dianma_server::keys::{Keyring, rows};
use dianma_server::store::Store;
use dianma_tests::County;
use dianma_tests::Engine;
use dianma_tests::county::PASSPHRASE;
use ed25519_dalek::SigningKey;

crate::stories!(a_label_dated_after_its_keys_last_day_is_expired,);

/// The label key of the county, as somebody who kept a copy of the server would have it.
fn label_key(county: &County) -> SigningKey {
    let arguments = county.server.place().arguments();
    let store = match arguments.as_slice() {
        [_, _, _, url] => Store::open_postgres(url).unwrap(),
        [_, folder, ..] => {
            Store::open_sqlite(&std::path::Path::new(folder).join("dianma.sqlite")).unwrap()
        }
        _ => panic!("no database"),
    };
    let keys = store.read_blocking(|tx| rows::all(tx)).unwrap();
    let ring = Keyring::open(&keys, &Passphrase::parse(PASSPHRASE).unwrap()).unwrap();
    ring.find(KeyPurpose::Label, "").unwrap().key.clone()
}

fn a_label_dated_after_its_keys_last_day_is_expired(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let mut county = County::start_signed(engine, folder.path(), &[]);
    let mut phone = county.phone(&folder.path().join("phone"), "worker1");
    let id = on_the_way(&county, &mut phone, 6);
    let (_, in_time) = label(&county, 6, "meter");
    let old_key = label_key(&county);

    let file = folder.path().join("passphrase").display().to_string();
    let keys = ["keys", "--passphrase-file", file.as_str()];
    county.server.place().command(&keys, &["rotate", "label"]);
    county.server.restart();
    let url = county.server.url.clone();
    county.at(&url);
    sync(&county, &mut phone);

    let mut claims = claims_of(&in_time);
    claims.issued_on_day += 2;
    let late = payload::sign(&claims, &old_key);
    let verdict = |text: &str| phone.run(&["scan", text])["scan"]["label"]["verdict"].clone();
    assert_eq!(verdict(&late), "expired");
    assert_eq!(
        phone.refused(&["arrive", &id, "--scan", &late]),
        "S-422-LABEL"
    );
    assert_eq!(verdict(&in_time), "valid");
    phone.run(&["arrive", &id, "--scan", &in_time]);
}

//! Key lists and revocation lists as a phone gets them, unsigned and with a signature that holds.
#![no_main]

use dianma_schema::label::keys::KeyList;
use dianma_schema::label::revocations::{pack, unpack};
use dianma_schema::label::seal::{KeyPurpose, Sealed, public_key};
use ed25519_dalek::SigningKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(hashes) = unpack(bytes) {
        assert_eq!(unpack(&pack(&hashes)), Some(hashes));
    }
    if let Some(sealed) = Sealed::from_bytes(bytes) {
        assert!(Sealed::from_bytes(&sealed.to_bytes()).is_some());
    }
    let root = SigningKey::from_bytes(&[7; 32]);
    let signed = Sealed::seal(KeyPurpose::Root, bytes.to_vec(), &root).to_bytes();
    if let Ok(list) = KeyList::open(&signed, &[root.verifying_key()], None) {
        assert!(KeyList::open(&list.seal(&root), &[root.verifying_key()], Some(&list)).is_ok());
    }
    let _ = public_key(bytes);
});

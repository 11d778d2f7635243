//! Picture files of every kind: an error or a picture of the size it says.
#![no_main]

use dianma_core::pictures::grey::from_bytes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(picture) = from_bytes(bytes) {
        assert_eq!(picture.grey.len(), picture.width * picture.height);
    }
});

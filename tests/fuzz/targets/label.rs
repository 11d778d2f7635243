//! Texts of symbols: every reader of codes, ours and older systems'. What is read can be written again.
#![no_main]

use dianma_schema::label::{Reading, base45, consent, encode, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (prefix, rest) = input;
    let text = match prefix % 5 {
        0 => rest.to_owned(),
        1 => format!("DM1:{rest}"),
        2 => format!("DM2:{rest}"),
        3 => format!("DM2:{}", base45::encode(rest.as_bytes())),
        _ => format!("DMC1:{}", base45::encode(rest.as_bytes())),
    };
    if let Reading::Unsigned(code) = read(&text) {
        assert_eq!(read(&encode(code)), Reading::Unsigned(code));
    }
    let _ = consent::clean_digits(rest);
});

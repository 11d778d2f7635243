//! Pictures nobody means well with: no panic, no endless work.

use crate::support::{Picture, Still};
use dianma_core::scan::{Ended, GreyPlane, Limit, Options, ScanFault, Watch, decode};
use proptest::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_pixels_of_any_size_are_safe(
        bytes in proptest::collection::vec(any::<u8>(), 1..6_000),
        width in 1usize..200,
        padding in 0usize..9,
        wants_all in any::<bool>(),
    ) {
        let stride = width + padding;
        let height = bytes.len() / stride;
        prop_assume!(height > 0);
        let plane = GreyPlane::new(&bytes, width, height, stride).unwrap();
        let options = Options { wants_all, ..Options::default() };
        let report = decode(&plane, &options, &Limit::none(&Still));
        prop_assert!(report.codes.len() < 5);
    }

    #[test]
    fn a_symbol_with_any_part_overwritten_is_read_right_or_not_at_all(
        from in 0usize..40_000, length in 0usize..20_000, value in any::<u8>(),
    ) {
        let mut picture = Picture::text("https://example.invalid/?q=' OR 1=1 --", 5);
        let end = (from + length).min(picture.bytes.len());
        let from = from.min(end);
        picture.bytes[from..end].fill(value);
        for code in picture.decode().codes {
            prop_assert_eq!(code.text, "https://example.invalid/?q=' OR 1=1 --");
        }
    }
}

#[test]
fn the_smallest_and_the_largest() {
    let one = [0u8; 1];
    let plane = GreyPlane::new(&one, 1, 1, 1).unwrap();
    assert!(
        decode(&plane, &Options::default(), &Limit::none(&Still))
            .codes
            .is_empty()
    );
    let fault = GreyPlane::new(&one, 30_000, 30_000, 30_000).unwrap_err();
    assert_eq!(fault, ScanFault::TooLarge);
    assert_eq!(
        GreyPlane::new(&one, 10, 1, 5).unwrap_err(),
        ScanFault::Stride
    );
}

/// A clock that moves a millisecond every time somebody looks.
struct Ticking(AtomicU64);

impl Watch for Ticking {
    fn now_us(&self) -> u64 {
        self.0.fetch_add(1_000, Ordering::Relaxed)
    }
}

#[test]
fn a_budget_and_a_flag_end_the_search() {
    // Finder patterns everywhere and no symbol: the most work a picture can ask for.
    let symbol = Picture::text("X", 3);
    let mut bytes = Vec::new();
    for y in 0..600 {
        for x in 0..600 {
            bytes.push(symbol.bytes[(y % 33 + 12) * symbol.width + x % 33 + 12]);
        }
    }
    let plane = GreyPlane::new(&bytes, 600, 600, 600).unwrap();
    let ticking = Ticking(AtomicU64::new(0));
    let report = decode(&plane, &Options::default(), &Limit::of(&ticking, 3_000));
    assert_eq!(report.ended, Ended::Budget);
    assert!(
        ticking.0.load(Ordering::Relaxed) < 60_000,
        "it went on after its budget"
    );
    let flag = AtomicBool::new(true);
    let report = decode(
        &plane,
        &Options::default(),
        &Limit::none(&Still).or_when(&flag),
    );
    assert_eq!(report.ended, Ended::Cancelled);
}

#[test]
fn hostile_payloads_are_only_bytes() {
    for text in [
        "'; DROP TABLE orders; --",
        "<script>alert(1)</script>",
        "\u{202e}fdp.exe",
        "a\u{0}b\u{7}",
    ] {
        let report = Picture::text(text, 5).decode();
        assert_eq!(report.codes[0].bytes, text.as_bytes());
    }
}

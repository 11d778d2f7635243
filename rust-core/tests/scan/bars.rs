//! Bar codes of meters: read where they are printed, and never made up.

use crate::support::{Picture, Still};
use dianma_core::scan::{CodeFormat, GreyPlane, Limit, Options, decode};
use proptest::prelude::*;
use rxing::oned::{Code39Writer, Code128Writer, ITFWriter, OneDimensionalCodeWriter};

/// Bars of `narrow` pixels, 60 pixels high, with quiet zones.
fn printed(bars: &[bool], narrow: usize) -> Picture {
    let quiet = 12 * narrow;
    let width = bars.len() * narrow + 2 * quiet;
    let dark = |x: usize| {
        let at = x.checked_sub(quiet).map(|x| x / narrow);
        at.and_then(|at| bars.get(at)).copied().unwrap_or(false)
    };
    let row: Vec<u8> = (0..width).map(|x| if dark(x) { 35 } else { 225 }).collect();
    let height = 100;
    let blank = vec![225; width];
    let rows = (0..height).map(|y| if (20..80).contains(&y) { &row } else { &blank });
    Picture {
        bytes: rows.flatten().copied().collect(),
        width,
        height,
    }
}

/// The same turned by a quarter.
fn turned(picture: &Picture) -> Picture {
    let (width, height) = (picture.height, picture.width);
    let pixel = |i: usize| picture.bytes[(i % width) * picture.width + i / width];
    Picture {
        bytes: (0..width * height).map(pixel).collect(),
        width,
        height,
    }
}

fn assert_read(picture: &Picture, format: CodeFormat, text: &str) {
    let codes = picture.decode().codes;
    let found: Vec<_> = codes.iter().map(|c| (c.format, c.text.as_str())).collect();
    assert_eq!(found, [(format, text)]);
}

#[test]
fn meter_numbers_are_read_in_all_three_kinds_upright_and_on_their_side() {
    let number = "4213004200157";
    let code_128 = Code128Writer.encode_oned(number).unwrap();
    let code_39 = Code39Writer.encode_oned("DD42130042").unwrap();
    let itf = ITFWriter.encode_oned("42130042001578").unwrap();
    for (bars, format, text) in [
        (code_128, CodeFormat::Code128, number),
        (code_39, CodeFormat::Code39, "DD42130042"),
        (itf, CodeFormat::Itf, "42130042001578"),
    ] {
        let picture = printed(&bars, 3);
        assert_read(&picture, format, text);
        assert_read(&turned(&picture), format, text);
    }
}

#[test]
fn a_torn_interleaved_code_is_never_sure() {
    // Interleaved 2 of 5 has no check character, and some of its bars look like its end: torn there it
    // is a shorter whole one. Nobody can tell on one frame; a torn code of the other kinds is none.
    let whole = "42130042001578";
    let bars = ITFWriter.encode_oned(whole).unwrap();
    for kept in (bars.len() / 3)..(bars.len() - 4) {
        for code in printed(&bars[..kept], 3).decode().codes {
            assert!(
                !code.is_sure && whole.starts_with(&code.text),
                "{kept}: {code:?}"
            );
        }
    }
    for bars in [
        Code128Writer.encode_oned("4213004200157"),
        Code39Writer.encode_oned("DD42130042"),
    ] {
        let bars = bars.unwrap();
        for kept in (bars.len() / 3)..(bars.len() - 4) {
            let codes = printed(&bars[..kept], 3).decode().codes;
            assert!(codes.is_empty(), "{kept} of {}: {codes:?}", bars.len());
        }
    }
}

#[test]
fn a_damaged_check_character_is_refused() {
    let mut bars = Code128Writer.encode_oned("4213004200157").unwrap();
    // The check character is the one before the stop pattern of 13 modules.
    let check = bars.len() - 13 - 11;
    bars[check..check + 11].rotate_left(3);
    assert!(printed(&bars, 3).decode().codes.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn stripes_without_meaning_are_no_code(bars in proptest::collection::vec(any::<bool>(), 60..200)) {
        let picture = printed(&bars, 2);
        let plane = GreyPlane::new(&picture.bytes, picture.width, picture.height, picture.width).unwrap();
        let report = decode(&plane, &Options::default(), &Limit::none(&Still));
        prop_assert!(report.codes.is_empty(), "{:?}", report.codes);
    }
}

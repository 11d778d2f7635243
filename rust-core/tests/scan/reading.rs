//! What is read, and what is told about it.

use crate::support::{Picture, Still};
use dianma_core::scan::{Crop, GreyPlane, Lane, Letter, Limit, Options, Rotation, Session, decode};
use qrcodegen::QrSegment;

#[test]
fn bytes_come_out_as_they_went_in() {
    let payload: Vec<u8> = (0..=255).collect();
    let report = Picture::of(&[QrSegment::make_bytes(&payload)], 4).decode();
    assert_eq!(report.codes[0].bytes, payload);
    assert_eq!(report.codes[0].lane, Lane::Fast);
    assert!(report.codes[0].is_sure);
}

#[test]
fn chinese_text_reads_with_and_without_a_designator() {
    let utf_8 = Picture::text("电能表 0123", 5).decode();
    assert_eq!(utf_8.codes[0].text, "电能表 0123");
    let gb = b"\xB5\xE7\xC4\xDC\xB1\xED";
    let plain = Picture::of(&[QrSegment::make_bytes(gb)], 5).decode();
    assert_eq!(plain.codes[0].text, "电能表");
    let said = Picture::of(&[QrSegment::make_eci(29), QrSegment::make_bytes(gb)], 5).decode();
    assert_eq!(
        (said.codes[0].text.as_str(), said.codes[0].bytes.as_slice()),
        ("电能表", &gb[..])
    );
}

#[test]
fn a_clean_print_is_graded_well() {
    let grade = Picture::text("METER-0042", 6).decode().codes[0]
        .grade
        .unwrap();
    assert_eq!(grade.letter, Letter::A, "{grade:?}");
    assert_eq!(grade.unused_correction_percent, 100);
}

#[test]
fn stride_crop_and_rotation_leave_the_payload_alone() {
    let picture = Picture::text("CROPPED", 5);
    let stride = picture.width + 37;
    let mut wide = vec![7u8; stride * (picture.height + 20)];
    for y in 0..picture.height {
        let row = &picture.bytes[y * picture.width..][..picture.width];
        wide[(y + 20) * stride + 30..][..picture.width].copy_from_slice(row);
    }
    let crop = Crop {
        left: 30,
        top: 20,
        width: picture.width,
        height: picture.height,
    };
    let plane = GreyPlane::new(&wide, stride, picture.height + 20, stride).unwrap();
    let plane = plane.cropped(crop).unwrap();
    let at = |plane: &GreyPlane<'_>| {
        let report = decode(plane, &Options::default(), &Limit::none(&Still));
        assert_eq!(report.codes[0].bytes, b"CROPPED");
        report.codes[0].corners[0]
    };
    let plain = at(&plane);
    assert!(
        (plain.x - 50.0).abs() < 2.0 && (plain.y - 40.0).abs() < 2.0,
        "{plain:?}"
    );
    let turned = at(&plane.rotated(Rotation::Half));
    assert!(
        (turned.x - (stride as f32 - 50.0)).abs() < 2.0,
        "{turned:?}"
    );
}

#[test]
fn a_symbol_seen_in_a_mirror_is_read() {
    let mut mirrored = Picture::text("MIRRORED", 6);
    for row in mirrored.bytes.chunks_mut(mirrored.width) {
        row.reverse();
    }
    let code = &mirrored.decode().codes[0];
    assert_eq!(code.bytes, b"MIRRORED");
    assert!(code.shape.unwrap().is_mirrored);
}

#[test]
fn all_codes_of_a_picture_are_found_when_asked() {
    let (left, right) = (Picture::text("LEFT", 4), Picture::text("RIGHT", 4));
    let width = left.width + right.width;
    let mut bytes = Vec::new();
    for y in 0..left.height {
        bytes.extend_from_slice(&left.bytes[y * left.width..][..left.width]);
        bytes.extend_from_slice(&right.bytes[y * right.width..][..right.width]);
    }
    let plane = GreyPlane::new(&bytes, width, left.height, width).unwrap();
    let options = Options {
        wants_all: true,
        ..Options::default()
    };
    let report = decode(&plane, &options, &Limit::none(&Still));
    let mut texts: Vec<&str> = report.codes.iter().map(|code| code.text.as_str()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["LEFT", "RIGHT"]);
}

#[test]
fn a_covered_corner_is_read_by_erasures_and_needs_a_second_frame() {
    let mut picture = Picture::text("A LABEL THAT LOST A PART OF ITS FACE, 0123456789", 5);
    // A spot of glare over the lower right, an eighth of the side.
    let (from, to) = (picture.width * 11 / 20, picture.width * 14 / 20);
    for y in from..to {
        picture.bytes[y * picture.width + from..y * picture.width + to].fill(255);
    }
    let mut session = Session::new();
    let look = |session: &mut Session| {
        let report = session.look(&picture.plane(), &Options::default(), &Limit::none(&Still));
        report
            .codes
            .into_iter()
            .next()
            .map(|code| (code.text, code.lane, code.is_sure))
    };
    let first = look(&mut session).unwrap();
    assert!(first.0.starts_with("A LABEL THAT"));
    if first.1 != Lane::Fast {
        assert!(!first.2);
        assert!(look(&mut session).unwrap().2);
    }
}

#[test]
fn light_on_dark_is_read() {
    let mut picture = Picture::text("ETCHED PLATE 0042", 5);
    for pixel in &mut picture.bytes {
        *pixel = 255 - *pixel;
    }
    assert_eq!(picture.decode().codes[0].text, "ETCHED PLATE 0042");
}

/// A label under a strip of glare: of its modules `from..to` are white, in all rows or in all columns.
fn glaring(text: &str, (from, to): (usize, usize), is_upright: bool) -> Picture {
    const MODULE: usize = 5;
    let mut picture = Picture::text(text, MODULE);
    let strip = (from + 4) * MODULE..(to + 4) * MODULE;
    for (at, pixel) in picture.bytes.iter_mut().enumerate() {
        let (x, y) = (at % picture.width, at / picture.width);
        if strip.contains(if is_upright { &x } else { &y }) {
            *pixel = 255;
        }
    }
    picture
}

#[test]
fn frames_that_each_miss_too_much_are_added_up() {
    let text = "SEEN IN PARTS ONLY, 0123456789, AND ADDED UP";
    let frames = [glaring(text, (9, 21), true), glaring(text, (9, 21), false)];
    for frame in &frames {
        assert!(
            frame.decode().codes.is_empty(),
            "one frame must not be enough"
        );
    }
    let mut session = Session::new();
    let found = (0..8).find_map(|at| {
        let frame = frames[at % 2].plane();
        let report = session.look(&frame, &Options::default(), &Limit::none(&Still));
        report.codes.into_iter().next()
    });
    let code = found.expect("the sum is readable");
    assert_eq!((code.text.as_str(), code.lane), (text, Lane::Fusion));
}

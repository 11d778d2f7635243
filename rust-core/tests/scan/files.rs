//! Picture files: every common kind gives the same code, hostile ones give an error and no memory is taken for them.

use crate::support::Picture;
use dianma_core::pictures::grey::{self, from_bytes};
use dianma_schema::fault;
use jpeg_encoder::{ColorType as Inks, Encoder as JpegEncoder};
use png::{BitDepth, ColorType, Encoder as PngEncoder};
use proptest::prelude::*;

const TEXT: &str = "METER 4213-0042";

fn symbol() -> Picture {
    Picture::text(TEXT, 4)
}

/// What the decoder reads in a picture file.
fn read(bytes: &[u8]) -> String {
    let grey::Picture {
        grey,
        width,
        height,
    } = from_bytes(bytes).expect("a picture");
    let picture = Picture {
        bytes: grey,
        width,
        height,
    };
    let mut codes = picture.decode().codes;
    assert_eq!(codes.len(), 1);
    codes.remove(0).text
}

/// A file of the symbol; `spread` gives the bytes of one grey pixel.
fn png(color: ColorType, depth: BitDepth, spread: impl Fn(u8) -> Vec<u8>) -> Vec<u8> {
    let picture = symbol();
    let mut file = Vec::new();
    let (width, height) = (narrow(picture.width), narrow(picture.height));
    let mut encoder = PngEncoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    let mut writer = encoder.write_header().expect("a header");
    let pixels: Vec<u8> = picture
        .bytes
        .iter()
        .flat_map(|grey| spread(*grey))
        .collect();
    writer.write_image_data(&pixels).expect("pixels");
    writer.finish().expect("an end");
    file
}

fn narrow(size: usize) -> u32 {
    u32::try_from(size).expect("a small picture")
}

fn jpeg(inks: Inks, spread: impl Fn(u8) -> Vec<u8>) -> Vec<u8> {
    let picture = symbol();
    let pixels: Vec<u8> = picture
        .bytes
        .iter()
        .flat_map(|grey| spread(*grey))
        .collect();
    let mut file = Vec::new();
    let side = |size: usize| u16::try_from(size).expect("a small picture");
    JpegEncoder::new(&mut file, 90)
        .encode(&pixels, side(picture.width), side(picture.height), inks)
        .expect("a file");
    file
}

fn webp() -> Vec<u8> {
    let picture = symbol();
    let pixels: Vec<u8> = picture.bytes.iter().flat_map(|grey| [*grey; 3]).collect();
    let mut file = Vec::new();
    let encoder = image_webp::WebPEncoder::new(&mut file);
    let (width, height) = (narrow(picture.width), narrow(picture.height));
    encoder
        .encode(&pixels, width, height, image_webp::ColorType::Rgb8)
        .expect("a file");
    file
}

#[test]
fn all_common_kinds_of_png_are_read() {
    let eight = BitDepth::Eight;
    assert_eq!(read(&png(ColorType::Grayscale, eight, |g| vec![g])), TEXT);
    assert_eq!(read(&png(ColorType::Rgb, eight, |g| vec![g, g, g])), TEXT);
    assert_eq!(
        read(&png(ColorType::Grayscale, BitDepth::Sixteen, |g| vec![
            g, 0
        ])),
        TEXT
    );
    // Black on nothing: what is transparent is paper.
    let clear = |g: u8| vec![0, 0, 0, if g < 128 { 255 } else { 0 }];
    assert_eq!(read(&png(ColorType::Rgba, eight, clear)), TEXT);
}

#[test]
fn grey_colour_and_print_ink_jpegs_are_read() {
    assert_eq!(read(&jpeg(Inks::Luma, |g| vec![g])), TEXT);
    assert_eq!(read(&jpeg(Inks::Rgb, |g| vec![g, g, g])), TEXT);
    // Ink where it is dark.
    assert_eq!(read(&jpeg(Inks::Cmyk, |g| vec![0, 0, 0, 255 - g])), TEXT);
    assert_eq!(
        read(&jpeg(Inks::CmykAsYcck, |g| vec![0, 0, 0, 255 - g])),
        TEXT
    );
}

#[test]
fn of_a_moving_picture_the_first_frame_counts() {
    assert_eq!(read(&webp()), TEXT);
    let picture = symbol();
    let mut file = Vec::new();
    let (width, height) = (narrow(picture.width), narrow(picture.height));
    let mut encoder = PngEncoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_animated(2, 0).expect("two frames");
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&picture.bytes).expect("pixels");
    writer
        .write_image_data(&vec![255; picture.bytes.len()])
        .expect("pixels");
    writer.finish().expect("an end");
    assert_eq!(read(&file), TEXT);
}

#[test]
fn a_small_file_of_a_huge_picture_is_refused_before_memory_is_taken() {
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file, 30_000, 30_000);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    // One row of data is enough: the header alone decides.
    let _ = encoder
        .write_header()
        .expect("a header")
        .write_image_data(&[0; 3_750]);
    assert_eq!(
        from_bytes(&file).expect_err("a bomb").code(),
        fault::E_TOO_LARGE
    );

    let mut jpeg = jpeg(Inks::Luma, |g| vec![g]);
    let frame = jpeg
        .windows(2)
        .position(|w| w == [0xFF, 0xC0])
        .expect("a frame header");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
    assert!(from_bytes(&jpeg).is_err());

    let pgm = b"P5 30000 30000 255\n";
    assert_eq!(
        from_bytes(pgm).expect_err("a bomb").code(),
        fault::E_TOO_LARGE
    );
    let pgm = b"P5 0 10 255\n";
    assert!(from_bytes(pgm).is_err());
}

#[test]
fn what_is_no_picture_says_so() {
    for bytes in [
        &b""[..],
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a\x01\x00\x01\x00",
        b"%PDF-1.7",
        b"RIFF\x04\0\0\0WEBP",
        b"P5",
    ] {
        assert!(from_bytes(bytes).is_err(), "{bytes:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    /// Cut anywhere and with any bytes overwritten: an error or a picture, never a panic.
    #[test]
    fn broken_files_are_safe(
        kind in 0usize..4,
        kept in 0usize..=100,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
    ) {
        let mut file = match kind {
            0 => png(ColorType::Rgb, BitDepth::Eight, |g| vec![g, g, g]),
            1 => jpeg(Inks::Rgb, |g| vec![g, g, g]),
            2 => jpeg(Inks::Cmyk, |g| vec![0, 0, 0, g]),
            _ => webp(),
        };
        for (at, value) in changes {
            let at = at.index(file.len());
            file[at] = value;
        }
        file.truncate(file.len() * kept / 100);
        if let Ok(picture) = from_bytes(&file) {
            prop_assert_eq!(picture.grey.len(), picture.width * picture.height);
        }
    }
}

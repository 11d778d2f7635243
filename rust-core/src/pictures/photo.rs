//! Photos as they are kept and sent: upright, at most 1600 pixels long, about 250 kB, and nothing of
//! the camera's notes (place, serial numbers, thumbnails) in them.

use super::colour::{self, Colour};
use super::{broken, reduce};
use crate::error::CoreError;
use crate::scan::ScanFault;
use jpeg_encoder::{ColorType, Encoder};

/// Longest side of a photo, pixels: a meter's figures stay readable from an arm's length.
const LONGEST_SIDE: usize = 1_600;
/// Size aimed at, bytes: a minute over a weak 2G line, and forty a day fit a daily cap of 10 MB.
const TARGET_BYTES: usize = 250_000;
/// Qualities tried until the size fits; the last one counts whatever its size.
const QUALITIES: [u8; 4] = [82, 74, 64, 54];
/// Longest side of a thumbnail, pixels.
const THUMBNAIL_SIDE: usize = 240;
const THUMBNAIL_QUALITY: u8 = 70;

/// The photo to keep, as JPEG, of a picture file's bytes.
pub fn prepare(bytes: &[u8]) -> Result<Vec<u8>, CoreError> {
    let picture = reduce::reduced(colour::from_bytes(bytes)?, LONGEST_SIDE);
    let mut jpeg = Vec::new();
    for quality in QUALITIES {
        jpeg = encode(&picture, quality)?;
        if jpeg.len() <= TARGET_BYTES {
            break;
        }
    }
    Ok(jpeg)
}

/// A small JPEG of a picture file's bytes.
pub fn thumbnail(bytes: &[u8]) -> Result<Vec<u8>, CoreError> {
    let picture = reduce::reduced(colour::from_bytes(bytes)?, THUMBNAIL_SIDE);
    encode(&picture, THUMBNAIL_QUALITY)
}

fn encode(picture: &Colour, quality: u8) -> Result<Vec<u8>, CoreError> {
    let side = |pixels: usize| u16::try_from(pixels).map_err(|_| ScanFault::TooLarge);
    let (width, height) = (side(picture.width)?, side(picture.height)?);
    let mut jpeg = Vec::new();
    // Not with tables of its own: those are written as one scan per colour, which readers get wrong.
    Encoder::new(&mut jpeg, quality)
        .encode(&picture.rgb, width, height, ColorType::Rgb)
        .map_err(|error| broken(&error))?;
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dianma_schema::fault;

    /// A generated scene: a slope of light with noise, which compresses badly.
    fn scene(width: usize, height: usize, noise: u8) -> Colour {
        let mut state = 7u32;
        let mut rgb = Vec::with_capacity(width * height * 3);
        for i in 0..width * height {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let slope = u8::try_from((i % width) * 200 / width).unwrap();
            let grain = u8::try_from(state >> 24).unwrap() % noise.max(1);
            rgb.extend([slope.saturating_add(grain), slope, grain]);
        }
        Colour {
            rgb,
            width,
            height,
            orientation: 1,
        }
    }

    /// Puts an EXIF block with an orientation and a made-up serial number behind the start marker.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([orientation, 0, 0, 0]);
        exif.extend(b"SERIAL-12345");
        let mut file = jpeg[..2].to_vec();
        file.extend([0xFF, 0xE1]);
        file.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        file.extend(exif);
        file.extend(&jpeg[2..]);
        file
    }

    #[test]
    fn a_large_photo_becomes_small_enough_upright_and_silent_about_the_camera() {
        let original = with_exif(&encode(&scene(2_400, 1_200, 90), 95).unwrap(), 6);
        assert!(original.len() > TARGET_BYTES * 2);
        let kept = prepare(&original).unwrap();
        assert!(kept.len() <= TARGET_BYTES, "{} bytes", kept.len());
        let seen = colour::from_bytes(&kept).unwrap();
        assert_eq!((seen.width, seen.height), (800, 1_600));
        assert!(!kept.windows(6).any(|part| part == b"SERIAL"));
        // Turned clockwise, the dark left edge is on top.
        let green = |row: &[u8]| {
            row.iter()
                .skip(1)
                .step_by(3)
                .map(|g| u32::from(*g))
                .sum::<u32>()
        };
        let (top, bottom) = (&seen.rgb[..2_400], &seen.rgb[seen.rgb.len() - 2_400..]);
        assert!(
            green(top) < green(bottom) / 2,
            "{} {}",
            green(top),
            green(bottom)
        );
        assert!(thumbnail(&kept).unwrap().len() < 12_000);
    }

    #[test]
    fn preparing_again_changes_no_size_and_small_pictures_are_not_blown_up() {
        let once = prepare(&encode(&scene(320, 240, 5), 90).unwrap()).unwrap();
        let seen = colour::from_bytes(&once).unwrap();
        assert_eq!((seen.width, seen.height), (320, 240));
        assert_eq!(
            prepare(&encode(&scene(320, 240, 5), 90).unwrap()).unwrap(),
            once
        );
    }

    #[test]
    fn half_a_file_and_no_picture_are_refused_with_the_code_for_it() {
        let whole = encode(&scene(640, 480, 40), 90).unwrap();
        assert!(prepare(&whole).is_ok());
        for bad in [
            &whole[..whole.len() / 2],
            &whole[..40],
            &whole[..whole.len() - 2],
            b"\xFF\xD8\xFF\xE0\0\x10JFIF and then nothing of the kind",
            b"<html>not a photo</html>",
            b"",
        ] {
            assert_eq!(prepare(bad).unwrap_err().code(), fault::E_NOT_MEDIA);
        }
    }
}

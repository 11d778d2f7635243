//! Picture files in colour: JPEG, PNG, WebP as RGB rows, and how the camera says they should be turned.
//! A file that ends too early is refused: half a photo proves nothing.

use super::{broken, checked, over_white, sniffed};
use crate::error::CoreError;
use crate::scan::{MAX_SIDE, ScanFault};
use dianma_schema::fault;
use std::io::Cursor;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// EXIF tag of the orientation.
const ORIENTATION_TAG: u16 = 0x0112;
/// Most entries of an EXIF directory looked at.
const MOST_ENTRIES: u16 = 200;

/// A picture as RGB bytes, row after row.
#[derive(Debug)]
pub struct Colour {
    /// Three bytes a pixel.
    pub rgb: Vec<u8>,
    /// Pixels per row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// EXIF orientation, 1 to 8: how it must be turned to stand upright.
    pub orientation: u8,
}

/// Reads a picture from the bytes of its file.
pub fn from_bytes(bytes: &[u8]) -> Result<Colour, CoreError> {
    match sniffed(bytes) {
        Some("image/jpeg") => jpeg(bytes),
        Some("image/png") => png(bytes),
        Some("image/webp") => webp(bytes),
        _ => Err(CoreError::of(fault::E_NOT_MEDIA).because("JPEG, PNG, WebP")),
    }
}

fn jpeg(bytes: &[u8]) -> Result<Colour, CoreError> {
    if !is_whole(bytes) {
        return Err(ScanFault::Short.into());
    }
    let options = DecoderOptions::default()
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| broken(&error))?;
    let (width, height) = decoder.dimensions().ok_or(ScanFault::Empty)?;
    checked(width, height)?;
    let orientation = decoder.exif().map_or(1, |exif| orientation(exif));
    let rgb = decoder.decode().map_err(|error| broken(&error))?;
    if rgb.len() != width * height * 3 {
        return Err(ScanFault::Short.into());
    }
    Ok(Colour {
        rgb,
        width,
        height,
        orientation,
    })
}

/// Whether a JPEG goes on to its end marker (ITU-T T.81, annex B): the decoder fills what is missing
/// with grey. What phones hang on behind the end is not looked at.
fn is_whole(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xFF, marker]) = bytes.get(at..at + 2) {
        match marker {
            0xD9 => return true,
            // Fill bytes, and markers without a segment.
            0xFF => at += 1,
            0x01 | 0xD0..=0xD8 => at += 2,
            _ => {
                let Some([high, low]) = bytes.get(at + 2..at + 4) else {
                    return false;
                };
                at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
                if *marker == 0xDA {
                    at = behind_scan(bytes, at);
                }
            }
        }
    }
    false
}

/// The first marker behind the coded data of a scan: in there 0xFF is followed by 0 or a restart.
fn behind_scan(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let found = rest
        .windows(2)
        .position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7));
    found.map_or(bytes.len(), |offset| start + offset)
}

fn png(bytes: &[u8]) -> Result<Colour, CoreError> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(|error| broken(&error))?;
    let (width, height) = (header.width as usize, header.height as usize);
    checked(width, height)?;
    let mut reader = decoder.read_info().map_err(|error| broken(&error))?;
    let channels = reader.output_color_type().0.samples();
    let size = reader.output_buffer_size().ok_or(ScanFault::TooLarge)?;
    let mut pixels = vec![0; size];
    reader
        .next_frame(&mut pixels)
        .map_err(|error| broken(&error))?;
    Ok(Colour {
        rgb: rgb_of(pixels, channels),
        width,
        height,
        orientation: 1,
    })
}

fn webp(bytes: &[u8]) -> Result<Colour, CoreError> {
    let file = super::webp(bytes)?;
    Ok(Colour {
        rgb: rgb_of(file.pixels, file.channels),
        width: file.width,
        height: file.height,
        orientation: file.exif.map_or(1, |exif| orientation(&exif)),
    })
}

/// Grey, grey + alpha, RGB or RGBA as RGB; transparent parts become white.
fn rgb_of(pixels: Vec<u8>, channels: usize) -> Vec<u8> {
    match channels {
        1 => pixels.iter().flat_map(|grey| [*grey; 3]).collect(),
        2 => pixels
            .chunks_exact(2)
            .flat_map(|p| [over_white(p[0], p[1]); 3])
            .collect(),
        3 => pixels,
        _ => pixels
            .chunks_exact(4)
            .flat_map(|p| [p[0], p[1], p[2]].map(|part| over_white(part, p[3])))
            .collect(),
    }
}

/// The orientation of an EXIF block (TIFF 6.0 layout); 1 when there is none or it makes no sense.
fn orientation(exif: &[u8]) -> u8 {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    read_orientation(tiff)
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value))
        .unwrap_or(1)
}

fn read_orientation(tiff: &[u8]) -> Option<u16> {
    let is_little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let pair: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    };
    let (low, high) = if is_little { (4, 6) } else { (6, 4) };
    let start = usize::from(short(high)?) << 16 | usize::from(short(low)?);
    let count = short(start)?.min(MOST_ENTRIES);
    (0..usize::from(count))
        .map(|entry| start + 2 + entry * 12)
        .find(|at| short(*at) == Some(ORIENTATION_TAG))
        .and_then(|at| short(at + 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_orientation_is_read_in_both_byte_orders_and_nonsense_is_upright() {
        let little = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0";
        assert_eq!(orientation(little), 6);
        assert_eq!(orientation(big), 8);
        for bad in [
            &b""[..],
            b"II",
            b"XX*\0\x08\0\0\0",
            b"II*\0\xFF\xFF\xFF\xFF",
        ] {
            assert_eq!(orientation(bad), 1);
        }
    }

    #[test]
    fn every_pixel_form_becomes_rgb() {
        assert_eq!(rgb_of(vec![7], 1), [7, 7, 7]);
        assert_eq!(rgb_of(vec![7, 0], 2), [255, 255, 255]);
        assert_eq!(rgb_of(vec![1, 2, 3], 3), [1, 2, 3]);
        assert_eq!(rgb_of(vec![1, 2, 3, 255], 4), [1, 2, 3]);
    }
}

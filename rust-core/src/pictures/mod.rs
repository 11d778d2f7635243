//! Picture files: read as grey planes for the decoder (`grey.rs`) or in colour (`colour.rs`), turned
//! upright and reduced (`reduce.rs`), written as the photos that go to the server (`photo.rs`).
//! Sizes are checked before memory is taken. Knows no store and no order.

pub mod colour;
pub mod grey;
pub mod photo;
mod reduce;

use crate::error::CoreError;
use crate::scan::{MAX_PIXELS, MAX_SIDE, ScanFault};
use dianma_schema::fault;
use dianma_schema::order::media;
use std::io::{Cursor, Read as _};
use std::path::Path;

/// Largest file taken, bytes.
const LARGEST_FILE: u64 = 100 * 1024 * 1024;

/// The bytes of a picture file.
pub fn read(path: &Path) -> Result<Vec<u8>, CoreError> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| broken(&error))?;
    let read = file.take(LARGEST_FILE + 1).read_to_end(&mut bytes);
    read.map_err(|error| broken(&error))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(CoreError::of(fault::E_TOO_LARGE));
    }
    Ok(bytes)
}

fn broken(error: &dyn std::fmt::Display) -> CoreError {
    CoreError::of(fault::E_NOT_MEDIA).because(&error.to_string())
}

/// Refuses what the decoder would refuse, before memory is taken for it.
fn checked(width: usize, height: usize) -> Result<(), CoreError> {
    if width == 0 || height == 0 {
        return Err(ScanFault::Empty.into());
    }
    if width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS {
        return Err(ScanFault::TooLarge.into());
    }
    Ok(())
}

/// First bytes that tell what a file is.
const SNIFFED: usize = 4 * 1024;

/// The type of a picture file by its first bytes.
fn sniffed(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..SNIFFED).unwrap_or(bytes);
    media::sniff(head).map(|(_, mime)| mime)
}

/// What shows on white paper through a partly transparent value.
fn over_white(value: u8, alpha: u8) -> u8 {
    let alpha = u32::from(alpha);
    let level = (u32::from(value) * alpha + 255 * (255 - alpha) + 127) / 255;
    u8::try_from(level).unwrap_or(u8::MAX)
}

/// The first picture of a WebP file as stored.
struct WebP {
    pixels: Vec<u8>,
    /// Three, or four with transparency.
    channels: usize,
    width: usize,
    height: usize,
    exif: Option<Vec<u8>>,
}

fn webp(bytes: &[u8]) -> Result<WebP, CoreError> {
    let mut decoder =
        image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    checked(width, height)?;
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let size = decoder.output_buffer_size().ok_or(ScanFault::TooLarge)?;
    if size != width * height * channels {
        return Err(ScanFault::Short.into());
    }
    let mut pixels = vec![0; size];
    decoder
        .read_image(&mut pixels)
        .map_err(|error| broken(&error))?;
    Ok(WebP {
        pixels,
        channels,
        width,
        height,
        exif: decoder.exif_metadata().ok().flatten(),
    })
}

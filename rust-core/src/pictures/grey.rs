//! Picture files as grey planes: PNG, JPEG, WebP and binary PGM, told apart by their first bytes.
//! Sizes are checked before anything is unpacked, and pixels become grey on the way in, so that a
//! picture of 12 megapixels needs little more than its 12 MB. Of moving pictures the first frame
//! counts. Colour is weighed as in Rec. 601; transparent parts are white.

use super::{broken, checked, over_white, read, sniffed};
use crate::error::CoreError;
use crate::scan::{MAX_SIDE, ScanFault};
use dianma_schema::fault;
use std::io::{BufRead, Cursor, Seek};
use std::path::Path;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// A picture as grey bytes, row after row.
#[derive(Debug)]
pub struct Picture {
    /// Pixels.
    pub grey: Vec<u8>,
    /// Pixels per row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// Reads a picture file.
pub fn load(path: &Path) -> Result<Picture, CoreError> {
    from_bytes(&read(path)?)
}

/// Reads a picture from the bytes of its file.
pub fn from_bytes(bytes: &[u8]) -> Result<Picture, CoreError> {
    match sniffed(bytes) {
        Some("image/png") => png(bytes),
        Some("image/jpeg") => jpeg(bytes),
        Some("image/webp") => webp(bytes),
        _ if bytes.starts_with(b"P5") => pgm(bytes),
        _ => Err(CoreError::of(fault::E_NOT_MEDIA).because("PNG, JPEG, WebP, PGM")),
    }
}

fn luma(red: u8, green: u8, blue: u8) -> u8 {
    let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
    narrow((sum + 128) >> 8)
}

/// A grey level; weights that sum to one cannot exceed it.
fn narrow(level: u32) -> u8 {
    u8::try_from(level).unwrap_or(u8::MAX)
}

/// Appends pixels of one to four channels: grey, grey + alpha, RGB, RGBA.
fn append(grey: &mut Vec<u8>, pixels: &[u8], channels: usize) {
    match channels {
        1 => grey.extend_from_slice(pixels),
        2 => grey.extend(pixels.chunks_exact(2).map(|p| over_white(p[0], p[1]))),
        3 => grey.extend(pixels.chunks_exact(3).map(|p| luma(p[0], p[1], p[2]))),
        _ => {
            let four = pixels.chunks_exact(4);
            grey.extend(four.map(|p| over_white(luma(p[0], p[1], p[2]), p[3])));
        }
    }
}

fn png(bytes: &[u8]) -> Result<Picture, CoreError> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(|error| broken(&error))?;
    let (width, height) = (header.width as usize, header.height as usize);
    checked(width, height)?;
    let mut reader = decoder.read_info().map_err(|error| broken(&error))?;
    let channels = reader.output_color_type().0.samples();
    let mut grey = Vec::with_capacity(width * height);
    if reader.info().interlaced {
        let size = reader.output_buffer_size().ok_or(ScanFault::TooLarge)?;
        let mut pixels = vec![0; size];
        reader
            .next_frame(&mut pixels)
            .map_err(|error| broken(&error))?;
        append(&mut grey, &pixels, channels);
    } else {
        while grey.len() < width * height {
            let row = reader.next_row().map_err(|error| broken(&error))?;
            append(&mut grey, row.ok_or(ScanFault::Short)?.data(), channels);
        }
    }
    Ok(Picture {
        grey,
        width,
        height,
    })
}

fn jpeg(bytes: &[u8]) -> Result<Picture, CoreError> {
    let options = DecoderOptions::default()
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| broken(&error))?;
    let (width, height) = decoder.dimensions().ok_or(ScanFault::Empty)?;
    checked(width, height)?;
    // Grey is the first plane of the usual files; inks and plain RGB take the way over colour.
    let is_luma_there = matches!(
        decoder.input_colorspace(),
        Some(ColorSpace::YCbCr | ColorSpace::Luma)
    );
    let (output, channels) = if is_luma_there {
        (ColorSpace::Luma, 1)
    } else {
        (ColorSpace::RGB, 3)
    };
    decoder.set_options(options.jpeg_set_out_colorspace(output));
    let pixels = decoder.decode().map_err(|error| broken(&error))?;
    if pixels.len() != width * height * channels {
        return Err(ScanFault::Short.into());
    }
    let grey = if channels == 1 {
        pixels
    } else {
        let mut grey = Vec::with_capacity(width * height);
        append(&mut grey, &pixels, channels);
        grey
    };
    Ok(Picture {
        grey,
        width,
        height,
    })
}

fn webp(bytes: &[u8]) -> Result<Picture, CoreError> {
    let file = super::webp(bytes)?;
    let mut grey = Vec::with_capacity(file.width * file.height);
    append(&mut grey, &file.pixels, file.channels);
    Ok(Picture {
        grey,
        width: file.width,
        height: file.height,
    })
}

/// Binary PGM of 8 or 16 bits.
fn pgm(bytes: &[u8]) -> Result<Picture, CoreError> {
    let mut rest = Cursor::new(bytes.get(2..).unwrap_or_default());
    let mut header = [0usize; 3];
    for value in &mut header {
        *value = number(&mut rest).ok_or(ScanFault::Short)?;
    }
    let [width, height, largest] = header;
    checked(width, height)?;
    if largest == 0 || largest > 65_535 {
        return Err(broken(&"PGM maximum"));
    }
    let depth = if largest > 255 { 2 } else { 1 };
    let start = usize::try_from(rest.position())
        .unwrap_or(usize::MAX)
        .saturating_add(2);
    let end = start.saturating_add(width * height * depth);
    let pixels = bytes.get(start..end).ok_or(ScanFault::Short)?;
    let scaled = |value: usize| u8::try_from(value.min(largest) * 255 / largest).unwrap_or(u8::MAX);
    let grey = match depth {
        1 if largest == 255 => pixels.to_vec(),
        1 => pixels
            .iter()
            .map(|value| scaled(usize::from(*value)))
            .collect(),
        _ => {
            let pairs = pixels.chunks_exact(2);
            pairs
                .map(|p| scaled(usize::from(u16::from_be_bytes([p[0], p[1]]))))
                .collect()
        }
    };
    Ok(Picture {
        grey,
        width,
        height,
    })
}

/// The next number of a PGM header and the one white space after it; comments are skipped.
fn number(rest: &mut (impl BufRead + Seek)) -> Option<usize> {
    let mut digits = String::new();
    let mut one = [0u8; 1];
    loop {
        rest.read_exact(&mut one).ok()?;
        match one[0] {
            b'#' if digits.is_empty() => {
                let mut comment = Vec::new();
                rest.read_until(b'\n', &mut comment).ok()?;
            }
            digit if digit.is_ascii_digit() && digits.len() < 9 => digits.push(char::from(digit)),
            space if space.is_ascii_whitespace() => {
                if !digits.is_empty() {
                    return digits.parse().ok();
                }
            }
            _ => return None,
        }
    }
}

//! The symbol of a text: modules, merged into few rectangles, and single symbols as SVG and PNG. Always
//! alphanumeric mode, level Q when it fits the small versions, four modules of quiet zone.

use crate::error::ApiError;
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// Quiet zone, modules on each side.
pub const QUIET: u32 = 4;
/// Largest version drawn: the last one with 4 dots at 300 dpi in 25 mm.
const MAX_VERSION: u8 = 12;

/// Dark and light modules.
#[derive(Clone, Debug)]
pub struct Symbol {
    size: u32,
    dark: Vec<bool>,
}

/// A dark rectangle, in modules from the symbol's own corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DarkRect {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Symbol {
    /// Encodes a text of the alphanumeric alphabet.
    pub fn encode(text: &str) -> Result<Self, ApiError> {
        let refused = || {
            tracing::error!(
                characters = text.len(),
                "a label text does not fit a symbol"
            );
            ApiError::internal()
        };
        if !QrSegment::is_alphanumeric(text) {
            return Err(refused());
        }
        let segments = [QrSegment::make_alphanumeric(text)];
        let code = QrCode::encode_segments_advanced(
            &segments,
            QrCodeEcc::Quartile,
            Version::MIN,
            Version::new(MAX_VERSION),
            None,
            true,
        )
        .map_err(|_| refused())?;
        let size = code.size();
        let dark = (0..size)
            .flat_map(|y| (0..size).map(move |x| (x, y)))
            .map(|(x, y)| code.get_module(x, y))
            .collect();
        Ok(Self {
            size: size.unsigned_abs(),
            dark,
        })
    }

    /// Modules on a side, without the quiet zone.
    pub const fn size(&self) -> u32 {
        self.size
    }

    /// Places outside the symbol, the quiet zone among them, are light.
    fn is_dark(&self, x: u32, y: u32) -> bool {
        x < self.size && y < self.size && self.dark[(y * self.size + x) as usize]
    }

    /// The dark area as rectangles: runs of a row, merged downwards while the same run goes on.
    pub fn rects(&self) -> Vec<DarkRect> {
        let mut done: Vec<DarkRect> = Vec::new();
        let mut open: Vec<DarkRect> = Vec::new();
        for y in 0..self.size {
            let mut row = Vec::new();
            let mut x = 0;
            while x < self.size {
                let width = (x..self.size).take_while(|x| self.is_dark(*x, y)).count();
                let width = u32::try_from(width).unwrap_or(0);
                if width > 0 {
                    row.push((x, width));
                }
                x += width + 1;
            }
            let mut next = Vec::new();
            for (x, width) in row {
                let above = open.iter().position(|r| r.x == x && r.width == width);
                let mut rect = above.map_or(
                    DarkRect {
                        x,
                        y,
                        width,
                        height: 0,
                    },
                    |at| open.swap_remove(at),
                );
                rect.height += 1;
                next.push(rect);
            }
            done.append(&mut open);
            open = next;
        }
        done.append(&mut open);
        done
    }

    /// The symbol with its quiet zone as SVG, `module_um` wide modules.
    pub fn svg(&self, module_um: u32) -> String {
        let side = self.size + 2 * QUIET;
        let mm = f64::from(side * module_um) / 1_000.0;
        let mut path = String::new();
        for rect in self.rects() {
            path.push_str(&format!(
                "M{} {}h{}v{}h-{}z",
                rect.x + QUIET,
                rect.y + QUIET,
                rect.width,
                rect.height,
                rect.width
            ));
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{mm}mm\" height=\"{mm}mm\" \
             viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\"/></svg>"
        )
    }

    /// The symbol with its quiet zone as a black-and-white PNG, `dots` pixels a module.
    pub fn png(&self, dots: u32, dpi: u32) -> Result<Vec<u8>, ApiError> {
        let side = (self.size + 2 * QUIET) * dots;
        let stride = side.div_ceil(8) as usize;
        let mut pixels = Vec::with_capacity(stride * side as usize);
        for y in 0..side {
            let mut row = vec![0xff_u8; stride];
            for x in 0..side {
                let module = |at: u32| (at / dots).wrapping_sub(QUIET);
                if self.is_dark(module(x), module(y))
                    && let Some(byte) = row.get_mut((x / 8) as usize)
                {
                    *byte &= !(0x80 >> (x % 8));
                }
            }
            pixels.append(&mut row);
        }
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: dpi * 10_000 / 254,
            yppu: dpi * 10_000 / 254,
            unit: png::Unit::Meter,
        }));
        let written = encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&pixels));
        written.map_err(|error| {
            tracing::error!(error = %error, "a PNG could not be written");
            ApiError::internal()
        })?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "DM2:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:0123456789";

    #[test]
    fn rectangles_cover_the_dark_modules_exactly_once() {
        let symbol = Symbol::encode(TEXT).unwrap();
        let mut seen = vec![0; symbol.dark.len()];
        for rect in symbol.rects() {
            for y in rect.y..rect.y + rect.height {
                for x in rect.x..rect.x + rect.width {
                    seen[(y * symbol.size + x) as usize] += 1;
                }
            }
        }
        let expected: Vec<i32> = symbol.dark.iter().map(|dark| i32::from(*dark)).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_picture_has_whole_dots_and_a_quiet_zone() {
        let symbol = Symbol::encode(TEXT).unwrap();
        let side = symbol.size() + 8;
        assert!(
            symbol
                .svg(500)
                .contains(&format!("viewBox=\"0 0 {side} {side}\""))
        );
        let bytes = symbol.png(4, 300).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (side * 4, side * 4));
        assert!(
            pixels[..info.line_size * 16]
                .iter()
                .all(|byte| *byte == 0xff)
        );
    }

    #[test]
    fn only_the_alphanumeric_alphabet_is_drawn() {
        assert!(Symbol::encode("户名").is_err());
        assert!(Symbol::encode(&"A".repeat(2_000)).is_err());
    }
}

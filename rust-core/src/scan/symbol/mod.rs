//! The QR symbol as ISO/IEC 18004 defines it, independent of pictures: layout of a version, format
//! words, masks, interleaved blocks, Reed–Solomon, segments and their text.
//!
//! The way in: a [`Modules`] (a signed certainty for every module) goes to [`decode`], which finds the
//! format, walks the codewords, corrects them and parses the segments.

mod blocks;
mod content;
mod field;
mod format;
mod layout;
mod reed_solomon;
mod text;

pub use blocks::{Effort, LEAST_FIT, Reading, decode, format_fit};
pub use layout::{Layout, layout, layout_of_size};
pub use text::to_text;

/// Certainties of all modules of a square symbol, row by row: positive is dark, the size says how sure
/// (0 nothing known … 1 certain).
#[derive(Clone, Debug)]
pub struct Modules {
    /// Modules per side.
    pub size: usize,
    /// Row by row.
    pub values: Vec<f32>,
}

impl Modules {
    /// Whether a module is dark; row and column change places for a mirrored symbol.
    fn dark(&self, x: usize, y: usize, mirrored: bool) -> bool {
        self.values[self.index(x, y, mirrored)] > 0.0
    }

    const fn index(&self, x: usize, y: usize, mirrored: bool) -> usize {
        if mirrored {
            x * self.size + y
        } else {
            y * self.size + x
        }
    }
}

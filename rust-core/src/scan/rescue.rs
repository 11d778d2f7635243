//! Bitmaps for pictures on which the cheap ones showed too little: sharpened against blur, inverted for
//! light print on dark. (A narrow window, stronger sharpening and twice the size were tried: together
//! they read nothing more and doubled the time.)
//! Dear, so `decode.rs` runs it only where the soft lane saw part of a symbol.

use super::fast::{Pass, Pyramid, hand_over};
use super::finder::{self, Sampled};
use super::limit::Limit;
use super::picture::{Grey, View};
use super::threshold::{WindowMeans, window_mean};

/// Nothing above this many pixels is sharpened.
const MOST_PIXELS: usize = 1_100_000;
/// Half the side of the box a pixel is compared with, and how much of the difference is added.
const SHARPEN: (usize, f32) = (3, 2.0);
/// Window of the sharpened picture: half its side, and the offset in grey levels.
const WINDOW: (usize, f32) = (20, 3.0);

/// Makes the bitmaps and reads them. `take` gets every symbol with corners in frame pixels and says
/// whether to go on. The bitmaps are handed back for the soft lane.
pub fn run(
    pyramid: &Pyramid<'_>,
    passes: &[Pass],
    wants_all: bool,
    limit: &Limit<'_>,
    mut take: impl FnMut(Sampled) -> bool,
) -> Vec<Pass> {
    let step = pyramid.step_below(MOST_PIXELS);
    let view = pyramid.step(step);
    let sharp = sharpened(&view, SHARPEN.0, SHARPEN.1);
    let mut made = Vec::new();
    if let Some(bits) = window_mean(&sharp.view(), WINDOW.0, WINDOW.1) {
        let pass = Pass {
            step,
            sighting: finder::look(&bits, wants_all),
            bits,
        };
        if !hand_over(&pass, wants_all, &mut take) {
            return made;
        }
        made.push(pass);
    }
    for pass in passes {
        if limit.is_over() {
            return made;
        }
        let mut bits = pass.bits.clone();
        bits.flip_self();
        let inverted = Pass {
            step: pass.step,
            sighting: finder::look(&bits, wants_all),
            bits,
        };
        if !hand_over(&inverted, wants_all, &mut take) {
            return made;
        }
    }
    made
}

/// Adds to every pixel its difference from the mean around it, `share` times.
fn sharpened(view: &View<'_>, radius: usize, share: f32) -> Grey {
    let (width, height) = (view.width(), view.height());
    let mut bytes = Vec::with_capacity(width * height);
    let mut means = WindowMeans::new(view, radius);
    for y in 0..height {
        let row = view.row(y);
        means.row(y, |x, mean| {
            let value = f32::from(row[x]);
            bytes.push((value + share * (value - mean)).clamp(0.0, 255.0) as u8);
        });
    }
    Grey::of(bytes, width, height)
}

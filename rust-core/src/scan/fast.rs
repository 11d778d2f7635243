//! The fast lane: a few cheap black-and-white pictures of the frame, each read by rxing's detector.
//!
//! No threshold is best everywhere and more effort does not always read more, so the lane takes the
//! union of several: block midpoints on every step of a pyramid of halves (large modules and blurred
//! or noisy ones are easier when small), and the window mean at the working size. Small steps come
//! first: they cost a quarter of the next and read most of what a phone sees.

use super::finder::{self, Sampled, Sighting};
use super::geometry::Point;
use super::limit::Limit;
use super::picture::{Grey, View};
use super::threshold::{block_midpoint, contrast_floor, window_mean};
use rxing::common::BitMatrix;

/// The pyramid ends when the longer side falls below this.
const SMALLEST_SIDE: usize = 300;
/// The window mean works on the largest step that has at most this many pixels.
const WINDOW_PIXELS: usize = 2_100_000;
/// Half the side of the mean's window: some seven modules of a hand-held label.
const WINDOW_RADIUS: usize = 20;
const WINDOW_OFFSET: f32 = 3.0;
/// The inverted picture is looked at on the largest step that has at most this many pixels.
const INVERTED_PIXELS: usize = 400_000;
/// Contrast floor at full size, where grain is strongest.
const FULL_SIZE_FLOOR: u8 = 24;

/// The frame and its halves, largest first.
#[derive(Debug)]
pub struct Pyramid<'a> {
    full: View<'a>,
    halves: Vec<Grey>,
}

impl<'a> Pyramid<'a> {
    /// Builds all steps.
    pub fn of(full: View<'a>) -> Self {
        let mut halves: Vec<Grey> = Vec::new();
        loop {
            let last = halves.last().map_or(full, Grey::view);
            if last.width().max(last.height()) / 2 < SMALLEST_SIDE {
                break;
            }
            match last.half() {
                Some(half) => halves.push(half),
                None => break,
            }
        }
        Self { full, halves }
    }

    /// Steps, the full size included.
    pub const fn len(&self) -> usize {
        self.halves.len() + 1
    }

    /// A step: 0 is the full size, every further one half of it.
    pub fn step(&self, step: usize) -> View<'_> {
        match step.checked_sub(1).and_then(|i| self.halves.get(i)) {
            Some(half) => half.view(),
            None => self.full,
        }
    }

    /// The largest step of at most `pixels`, or the smallest there is.
    pub fn step_below(&self, pixels: usize) -> usize {
        let fits = |step: &usize| {
            let view = self.step(*step);
            view.width() * view.height() <= pixels
        };
        (0..self.len()).find(fits).unwrap_or(self.len() - 1)
    }
}

/// A bitmap that was looked at, kept for the soft lane.
#[derive(Debug)]
pub struct Pass {
    /// Step of the pyramid.
    pub step: usize,
    /// Black and white.
    pub bits: BitMatrix,
    /// Finders on it.
    pub sighting: Sighting,
}

impl Pass {
    /// From the coordinates of the bitmap to those of the frame.
    pub fn scale(&self) -> f32 {
        (1u32 << self.step) as f32
    }
}

/// Runs the lane. `take` gets every symbol with corners in frame pixels and says whether to go on.
pub fn run(
    pyramid: &Pyramid<'_>,
    wants_all: bool,
    limit: &Limit<'_>,
    mut take: impl FnMut(Sampled) -> bool,
) -> Vec<Pass> {
    let mut passes = Vec::new();
    let window_step = pyramid.step_below(WINDOW_PIXELS);
    let blocks = (0..pyramid.len()).rev().map(|step| (step, false));
    for (step, is_window) in blocks.chain([(window_step, true)]) {
        if limit.is_over() {
            break;
        }
        let view = pyramid.step(step);
        let bits = if is_window {
            window_mean(&view, WINDOW_RADIUS, WINDOW_OFFSET)
        } else {
            let floor = if step == 0 {
                FULL_SIZE_FLOOR
            } else {
                contrast_floor(&view)
            };
            block_midpoint(&view, floor)
        };
        let Some(bits) = bits else { continue };
        let pass = Pass {
            step,
            sighting: finder::look(&bits, wants_all),
            bits,
        };
        if !hand_over(&pass, wants_all, &mut take) {
            return passes;
        }
        passes.push(pass);
    }
    // Light print on dark, on one step of middle size only: it is rare.
    let step = pyramid.step_below(INVERTED_PIXELS);
    if let Some(pass) = passes
        .iter()
        .find(|pass| pass.step == step)
        .filter(|_| !limit.is_over())
    {
        let mut bits = pass.bits.clone();
        bits.flip_self();
        hand_over(
            &Pass {
                step,
                sighting: finder::look(&bits, wants_all),
                bits,
            },
            wants_all,
            &mut take,
        );
    }
    passes
}

/// Reads a pass and hands its symbols on; says whether to go on.
pub fn hand_over(pass: &Pass, wants_all: bool, take: &mut impl FnMut(Sampled) -> bool) -> bool {
    for mut sampled in finder::read(&pass.bits, &pass.sighting, wants_all) {
        sampled.corners = sampled
            .corners
            .map(|corner: Point| corner.scaled(pass.scale()));
        if !take(sampled) {
            return false;
        }
    }
    true
}

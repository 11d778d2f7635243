//! How well a surface agrees with what every symbol must show: finders with their light borders,
//! timing lines, alignment patterns. Also climbs: moves the surface in ever smaller steps as long as
//! the agreement grows. A sum over hundreds of modules does not mind that dirt or glare hides some.

use super::super::symbol::Layout;
use super::signed::Signed;
use super::surface::{FREEDOMS, Surface};

/// A module whose colour is known: column, row and how it counts (dark positive).
#[derive(Clone, Copy, Debug)]
struct Known {
    x: f32,
    y: f32,
    sign: f32,
}

/// All modules of a version whose colour is known.
#[derive(Debug)]
pub struct Fixed {
    known: Vec<Known>,
    weight: f32,
    timing: Vec<Known>,
}

/// Timing modules count double: they alone tell the version and the bend between the finders.
const TIMING_WEIGHT: f32 = 2.0;

impl Fixed {
    /// The fixed patterns of a layout.
    pub fn of(layout: &Layout) -> Self {
        let size = layout.size;
        let mut known = Vec::new();
        let mut timing = Vec::new();
        for (index, colour) in layout.colours().into_iter().enumerate() {
            let Some(dark) = colour else { continue };
            let (x, y) = (index % size, index / size);
            let module = Known {
                x: x as f32 + 0.5,
                y: y as f32 + 0.5,
                sign: if dark { 1.0 } else { -1.0 },
            };
            let is_timing =
                (x == 6 && (8..size - 8).contains(&y)) || (y == 6 && (8..size - 8).contains(&x));
            if is_timing {
                timing.push(module);
            }
            let weight = if is_timing { TIMING_WEIGHT } else { 1.0 };
            known.push(Known {
                sign: module.sign * weight,
                ..module
            });
        }
        let weight = known.iter().map(|m| m.sign.abs()).sum();
        Self {
            known,
            weight,
            timing,
        }
    }

    /// -1 … 1: agreement of all fixed patterns.
    pub fn score(&self, surface: &Surface, signed: &Signed) -> f32 {
        sum(&self.known, surface, signed) / self.weight
    }

    /// -1 … 1: agreement of the timing lines alone.
    pub fn timing(&self, surface: &Surface, signed: &Signed) -> f32 {
        sum(&self.timing, surface, signed) / self.timing.len().max(1) as f32
    }
}

fn sum(known: &[Known], surface: &Surface, signed: &Signed) -> f32 {
    let map = surface.map();
    let value = |m: &Known| m.sign * signed.at(map.at(m.x, m.y));
    known.iter().map(value).sum()
}

/// Step sizes of a climb, in modules at the edge of the symbol.
const STEPS: [f64; 5] = [1.6, 0.8, 0.4, 0.2, 0.1];
/// Rounds over all freedoms at one step size.
const ROUNDS: usize = 5;

/// Climbs from `start`. Gives the best surface and its score.
pub fn climb(start: &Surface, fixed: &Fixed, signed: &Signed) -> (Surface, f32) {
    let mut best = (*start, fixed.score(start, signed));
    for modules in STEPS {
        let sizes = steps(modules / start.size as f64);
        for _ in 0..ROUNDS {
            let before = best.1;
            for (i, size) in sizes.iter().enumerate() {
                for sign in [1.0, -1.0] {
                    let mut by = [0.0; FREEDOMS];
                    by[i] = size * sign;
                    let next = best.0.moved(&by);
                    let score = fixed.score(&next, signed);
                    if score > best.1 {
                        best = (next, score);
                        break;
                    }
                }
            }
            if best.1 - before < 1e-3 {
                break;
            }
        }
    }
    best
}

/// What moves the edge of the symbol by the share `edge` of its side.
fn steps(edge: f64) -> [f64; FREEDOMS] {
    // Turning out of the plane foreshortens with the cosine only, so such steps are larger; the focal
    // length hardly shows at all.
    [
        edge * 3.0,
        edge * 3.0,
        edge * 2.0,
        edge,
        edge,
        edge * 2.0,
        edge * 4.0,
        edge * 6.0,
    ]
}

#[cfg(test)]
mod tests {
    use super::super::super::picture::View;
    use super::super::super::symbol::layout_of_size;
    use super::super::surface::tests::label;
    use super::*;

    /// Draws the fixed patterns of a label and nothing else.
    fn drawn(truth: &Surface) -> Vec<u8> {
        let layout = layout_of_size(truth.size).unwrap();
        let fixed = Fixed::of(layout);
        let map = truth.map();
        let mut bytes = vec![180u8; 1280 * 720];
        for known in &fixed.known {
            for (dx, dy) in (-3..=3).flat_map(|y| (-3..=3).map(move |x| (x, y))) {
                let place = map.at(known.x + dx as f32 / 7.0, known.y + dy as f32 / 7.0);
                let index = place.y as usize * 1280 + place.x as usize;
                bytes[index] = if known.sign > 0.0 { 40 } else { 220 };
            }
        }
        bytes
    }

    #[test]
    fn climbing_finds_the_way_back() {
        let truth = label([0.3, 0.2, 0.1], 0.8, true);
        let bytes = drawn(&truth);
        let view = View::new(&bytes, 1280, 720, 1280);
        let signed = Signed::of(&view, [400, 150, 480, 420], 5.0);
        let fixed = Fixed::of(layout_of_size(41).unwrap());
        let best = fixed.score(&truth, &signed);
        assert!(best > 0.7, "{best}");
        let off = truth.moved(&[0.03, -0.03, 0.01, 0.01, -0.01, 0.02, 0.0, 0.1]);
        let (found, score) = climb(&off, &fixed, &signed);
        assert!(score > 0.9 * best, "{score} of {best}");
        let apart = found
            .map()
            .at(30.5, 30.5)
            .distance(truth.map().at(30.5, 30.5));
        assert!(apart < 4.0, "{apart}");
    }
}

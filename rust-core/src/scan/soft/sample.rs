//! From the places of modules to certainties. Every module is the mean of five taps; dark or light is
//! decided against the modules around it; the certainty is the distance to that threshold over the
//! local contrast. Two things lower it:
//! - **glare**: a module amid saturated ones says nothing;
//! - **blots**: masks avoid large patches of one colour, so a module whose whole neighbourhood looks
//!   alike more likely lies under dirt than in a symbol.

use super::super::geometry::Point;
use super::super::picture::View;
use super::super::symbol::{Layout, Modules};

/// Half the side of the neighbourhood for thresholds, modules.
const REACH: usize = 4;
/// Arms of the five taps, share of a module.
const ARM: f32 = 0.18;
/// Grey level from which a module counts as saturated.
const SATURATED: f32 = 251.0;
/// Certainty left in a patch of nine alike, and of eight.
const BLOT: [f32; 2] = [0.3, 0.6];
const LEAST_CONTRAST: f32 = 8.0;

/// Grey levels of all modules.
#[derive(Clone, Debug)]
pub struct Levels {
    /// Modules per side.
    pub size: usize,
    /// Mean grey, row by row.
    pub grey: Vec<f32>,
}

impl Levels {
    /// Samples the picture at the places of the modules.
    pub fn of(view: &View<'_>, grid: &[Point], size: usize) -> Self {
        let mut grey = Vec::with_capacity(size * size);
        for y in 0..size {
            for x in 0..size {
                let place = grid[y * size + x];
                let right = way(grid, size, x, y, (1, 0)).scaled(ARM);
                let down = way(grid, size, x, y, (0, 1)).scaled(ARM);
                let tap = |p: Point| view.at(p.x, p.y);
                let sum = 2.0 * tap(place)
                    + tap(place + right + down)
                    + tap(place - right - down)
                    + tap(place + right - down)
                    + tap(place - right + down);
                grey.push(sum / 6.0);
            }
        }
        Self { size, grey }
    }

    /// Threshold and contrast around each module: 0.6 of the middle between darkest and brightest,
    /// 0.4 of the mean.
    pub fn thresholds(&self) -> Vec<(f32, f32)> {
        let size = self.size;
        // Darkest, brightest and sum along the rows first, then down the columns.
        let mut rows = Vec::with_capacity(size * size);
        for y in 0..size {
            let line = &self.grey[y * size..][..size];
            for x in 0..size {
                let near = &line[x.saturating_sub(REACH)..(x + REACH + 1).min(size)];
                rows.push(summary(near.iter().map(|v| (*v, *v, *v, 1.0))));
            }
        }
        let mut thresholds = Vec::with_capacity(size * size);
        for y in 0..size {
            for x in 0..size {
                let near = y.saturating_sub(REACH)..(y + REACH + 1).min(size);
                let (low, high, sum, count) = summary(near.map(|row| rows[row * size + x]));
                let threshold = 0.3 * (low + high) + 0.4 * sum / count;
                thresholds.push((threshold, (high - low).max(LEAST_CONTRAST)));
            }
        }
        thresholds
    }

    /// Certainties for the symbol decoder.
    pub fn modules(&self, layout: &Layout) -> Modules {
        let thresholds = self.thresholds();
        let pairs = self.grey.iter().zip(&thresholds);
        let mut values: Vec<f32> = pairs
            .map(|(grey, (threshold, contrast))| {
                ((threshold - grey) * 2.0 / contrast).clamp(-1.0, 1.0)
            })
            .collect();
        self.doubt(&mut values, layout);
        Modules {
            size: self.size,
            values,
        }
    }

    fn doubt(&self, values: &mut [f32], layout: &Layout) {
        let size = self.size;
        let dark: Vec<bool> = values.iter().map(|value| *value > 0.0).collect();
        for y in 0..size {
            for x in 0..size {
                let (mut same, mut saturated, mut count) = (0, 0, 0);
                for v in y.saturating_sub(1)..(y + 2).min(size) {
                    for u in x.saturating_sub(1)..(x + 2).min(size) {
                        let near = v * size + u;
                        same += usize::from(dark[near] == dark[y * size + x]);
                        saturated += usize::from(self.grey[near] >= SATURATED);
                        count += 1;
                    }
                }
                let value = &mut values[y * size + x];
                if saturated >= 7 && self.grey[y * size + x] >= SATURATED {
                    *value *= 0.001;
                } else if count == 9 && !layout.is_fixed(x, y) {
                    match same {
                        9 => *value *= BLOT[0],
                        8 => *value *= BLOT[1],
                        _ => {}
                    }
                }
            }
        }
    }
}

type Summary = (f32, f32, f32, f32);

fn summary(parts: impl Iterator<Item = Summary>) -> Summary {
    parts.fold((f32::MAX, f32::MIN, 0.0, 0.0), |a, b| {
        (a.0.min(b.0), a.1.max(b.1), a.2 + b.2, a.3 + b.3)
    })
}

/// From a module to its neighbour in a direction, also at the far edge.
fn way(grid: &[Point], size: usize, x: usize, y: usize, (dx, dy): (usize, usize)) -> Point {
    if x + dx < size && y + dy < size {
        grid[(y + dy) * size + x + dx] - grid[y * size + x]
    } else {
        grid[y * size + x] - grid[(y - dy) * size + x - dx]
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::symbol::layout_of_size;
    use super::*;

    #[test]
    fn glare_and_blots_are_doubted() {
        let layout = layout_of_size(21).unwrap();
        let grey = (0..21 * 21).map(|i| {
            let (x, y) = (i % 21, i / 21);
            match (x, y) {
                (9..=13, 9..=13) => 255.0,
                (14..=18, 14..=18) => 30.0,
                _ if (x + y) % 2 == 0 => 30.0,
                _ => 200.0,
            }
        });
        let levels = Levels {
            size: 21,
            grey: grey.collect(),
        };
        let modules = levels.modules(layout);
        let sure = |x: usize, y: usize| modules.values[y * 21 + x].abs();
        assert!(sure(11, 11) < 0.01);
        assert!(sure(16, 16) < 0.4 && modules.values[16 * 21 + 16] > 0.0);
        assert!(sure(10, 20) > 0.5);
    }
}

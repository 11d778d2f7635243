//! Undoes blur between modules. Out-of-focus and shaken pictures mix every module with its neighbours:
//! what is sampled is the printed pattern convolved with an unknown kernel.
//! 1. A first kernel comes from the fixed patterns, whose modules and neighbours are known.
//! 2. With it, the pattern is the solution of least squares with every module between light and dark:
//!    a convex problem, so a bad start does no harm. Known modules stay what they are.
//! 3. In turns, a finer kernel is fitted to the whole guess, and single modules are flipped as long as
//!    that explains the samples better.
//!
//! The certainty of a module is how much worse the samples would be explained with it flipped.

use super::super::symbol::{Layout, Modules};
use super::sample::Levels;

/// Half the side of the kernel.
const REACH: isize = 2;
const SIDE: usize = 5;
/// Taps of the kernel and the offset.
const UNKNOWNS: usize = SIDE * SIDE + 1;
/// Turns of kernel and flips.
const TURNS: usize = 2;
/// Steps towards the least squares solution.
const STEPS: usize = 16;
/// Sweeps over all modules per turn.
const SWEEPS: usize = 4;
/// Keeps the kernel small where the guess says nothing about a tap.
const RIDGE: f64 = 4.0;

/// Certainties of the modules after blur is undone. `None` when no kernel explains the samples.
pub fn equalised(levels: &Levels, layout: &Layout) -> Option<Modules> {
    let size = levels.size;
    let thresholds = levels.thresholds();
    let pairs = levels.grey.iter().zip(&thresholds);
    let samples: Vec<f32> = pairs
        .map(|(grey, (threshold, contrast))| ((threshold - grey) * 2.0 / contrast).clamp(-1.5, 1.5))
        .collect();
    let known = layout.colours();
    let certain: Vec<f32> = known
        .iter()
        .map(|colour| colour.map_or(0.0, sign))
        .collect();
    let mut kernel = fit_kernel(&samples, &certain, size, 1)?;
    let mut signs = relaxed(&samples, &known, &kernel, size);
    for _ in 0..TURNS {
        kernel = fit_kernel(&samples, &signs, size, REACH)?;
        if !improve(&samples, &mut signs, &known, &kernel, size) {
            break;
        }
    }
    let values = certainties(&samples, &signs, &kernel, size);
    Some(Modules { size, values })
}

/// Signs (dark +1) of the pattern that explains the samples best when modules may also be grey.
fn relaxed(
    samples: &[f32],
    known: &[Option<bool>],
    kernel: &[f32; UNKNOWNS],
    size: usize,
) -> Vec<f32> {
    let start = samples.iter().zip(known);
    let mut values: Vec<f32> = start
        .map(|(sample, colour)| colour.map_or(sample.clamp(-1.0, 1.0), sign))
        .collect();
    let reach: f32 = kernel.iter().take(SIDE * SIDE).map(|tap| tap.abs()).sum();
    let step = 1.6 / (reach * reach).max(1e-3);
    for _ in 0..STEPS {
        let left = residuals(samples, &values, kernel, size);
        for index in 0..values.len() {
            if known[index].is_some() {
                continue;
            }
            let mut slope = 0.0;
            spread(kernel, size, index % size, index / size, |place, tap| {
                slope += tap * left[place];
            });
            values[index] = (values[index] + step * slope).clamp(-1.0, 1.0);
        }
    }
    let decided = values.iter().zip(known);
    decided
        .map(|(value, colour)| sign(colour.unwrap_or(*value > 0.0)))
        .collect()
}

const fn sign(dark: bool) -> f32 {
    if dark { 1.0 } else { -1.0 }
}

/// Signs around a module as the unknowns see them; light paper beyond the edge.
fn neighbourhood(signs: &[f32], size: usize, x: usize, y: usize) -> [f32; UNKNOWNS] {
    let mut around = [1.0; UNKNOWNS];
    let mut next = 0;
    for dy in -REACH..=REACH {
        for dx in -REACH..=REACH {
            let (u, v) = (x.checked_add_signed(dx), y.checked_add_signed(dy));
            around[next] = match (u, v) {
                (Some(u), Some(v)) if u < size && v < size => signs[v * size + u],
                _ => -1.0,
            };
            next += 1;
        }
    }
    around
}

/// Kernel of taps within `reach` by least squares, from the samples whose surroundings are all known
/// (no sign is zero).
fn fit_kernel(
    samples: &[f32],
    signs: &[f32],
    size: usize,
    reach: isize,
) -> Option<[f32; UNKNOWNS]> {
    let counts = |tap: usize| {
        let (row, column) = (tap / SIDE, tap % SIDE);
        let far = |place: usize| (place.cast_signed() - REACH).abs() > reach;
        tap == SIDE * SIDE || !(far(row) || far(column))
    };
    let used: [bool; UNKNOWNS] = std::array::from_fn(counts);
    let mut normal = vec![[0f32; UNKNOWNS + 1]; UNKNOWNS];
    // Every other module is plenty for a kernel of 25 taps, once most are known.
    let stride = if reach == REACH { 2 } else { 1 };
    for (index, sample) in samples.iter().enumerate().step_by(stride) {
        let mut around = neighbourhood(signs, size, index % size, index / size);
        if around
            .iter()
            .zip(&used)
            .any(|(sign, used)| *used && *sign == 0.0)
        {
            continue;
        }
        for (value, used) in around.iter_mut().zip(&used) {
            *value = if *used { *value } else { 0.0 };
        }
        for (i, (row, a)) in normal.iter_mut().zip(&around).enumerate() {
            if *a != 0.0 {
                for (cell, b) in row.iter_mut().zip(&around).skip(i) {
                    *cell += a * b;
                }
                row[UNKNOWNS] += a * sample;
            }
        }
    }
    mirror(&mut normal);
    let mut system: Vec<[f64; UNKNOWNS + 1]> =
        normal.iter().map(|row| row.map(f64::from)).collect();
    for (i, row) in system.iter_mut().enumerate() {
        row[i] += RIDGE;
    }
    let kernel = solve(&mut system)?;
    // A kernel without a strong middle explains nothing.
    let middle = kernel[SIDE * SIDE / 2];
    (middle > 0.05).then_some(kernel)
}

/// Fills the lower half of a symmetric matrix.
fn mirror(matrix: &mut [[f32; UNKNOWNS + 1]]) {
    for i in 1..UNKNOWNS {
        for j in 0..i {
            matrix[i][j] = matrix[j][i];
        }
    }
}

fn solve(system: &mut [[f64; UNKNOWNS + 1]]) -> Option<[f32; UNKNOWNS]> {
    // The matrix is positive definite by its ridge: elimination needs no pivots.
    for i in 0..UNKNOWNS {
        let pivot = system[i];
        if pivot[i].abs() < 1e-9 {
            return None;
        }
        for row in system.iter_mut().skip(i + 1) {
            let factor = row[i] / pivot[i];
            for (cell, base) in row.iter_mut().zip(&pivot).skip(i) {
                *cell -= factor * base;
            }
        }
    }
    let mut solution = [0f64; UNKNOWNS];
    for i in (0..UNKNOWNS).rev() {
        let known: f64 = (i + 1..UNKNOWNS).map(|j| system[i][j] * solution[j]).sum();
        solution[i] = (system[i][UNKNOWNS] - known) / system[i][i];
    }
    Some(solution.map(|value| value as f32))
}

/// Samples minus what kernel and signs predict.
fn residuals(samples: &[f32], signs: &[f32], kernel: &[f32; UNKNOWNS], size: usize) -> Vec<f32> {
    let predicted = |index: usize| -> f32 {
        let around = neighbourhood(signs, size, index % size, index / size);
        around.iter().zip(kernel).map(|(a, k)| a * k).sum()
    };
    samples
        .iter()
        .enumerate()
        .map(|(index, sample)| sample - predicted(index))
        .collect()
}

/// Calls `each` with every place that a module shows in, and how strongly.
fn spread(
    kernel: &[f32; UNKNOWNS],
    size: usize,
    x: usize,
    y: usize,
    mut each: impl FnMut(usize, f32),
) {
    for dy in -REACH..=REACH {
        for dx in -REACH..=REACH {
            // A module at distance d is seen by tap -d of its neighbour.
            let (Some(u), Some(v)) = (x.checked_add_signed(dx), y.checked_add_signed(dy)) else {
                continue;
            };
            if u < size && v < size {
                let tap = (REACH - dy) * SIDE.cast_signed() + (REACH - dx);
                each(v * size + u, kernel[tap.unsigned_abs()]);
            }
        }
    }
}

/// What flipping a module would cost; negative is a gain.
fn flip_cost(
    residuals: &[f32],
    own: f32,
    kernel: &[f32; UNKNOWNS],
    size: usize,
    (x, y): (usize, usize),
) -> f32 {
    let mut cost = 0.0;
    spread(kernel, size, x, y, |place, tap| {
        // The prediction moves by -2·own·tap, the residual by the opposite.
        let moved = 2.0 * own * tap;
        cost += moved * (2.0 * residuals[place] + moved);
    });
    cost
}

/// Flips modules while that helps; says whether any did.
fn improve(
    samples: &[f32],
    signs: &mut [f32],
    known: &[Option<bool>],
    kernel: &[f32; UNKNOWNS],
    size: usize,
) -> bool {
    let mut left = residuals(samples, signs, kernel, size);
    let mut has_any = false;
    for _ in 0..SWEEPS {
        let mut flips = 0;
        for index in 0..signs.len() {
            let place = (index % size, index / size);
            if known[index].is_some() || flip_cost(&left, signs[index], kernel, size, place) >= 0.0
            {
                continue;
            }
            let own = signs[index];
            spread(kernel, size, place.0, place.1, |near, tap| {
                left[near] += 2.0 * own * tap;
            });
            signs[index] = -own;
            flips += 1;
        }
        has_any |= flips > 0;
        if flips == 0 {
            break;
        }
    }
    has_any
}

fn certainties(samples: &[f32], signs: &[f32], kernel: &[f32; UNKNOWNS], size: usize) -> Vec<f32> {
    let left = residuals(samples, signs, kernel, size);
    let energy: f32 = kernel
        .iter()
        .take(SIDE * SIDE)
        .map(|tap| 4.0 * tap * tap)
        .sum();
    (0..signs.len())
        .map(|index| {
            let cost = flip_cost(
                &left,
                signs[index],
                kernel,
                size,
                (index % size, index / size),
            );
            signs[index] * (cost / energy.max(1e-6)).clamp(0.0, 1.0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::symbol::layout_of_size;
    use super::*;

    #[test]
    fn modules_mixed_with_their_neighbours_come_apart() {
        let layout = layout_of_size(29).unwrap();
        let known = layout.colours();
        let mut state = 1u32;
        let mut random = || {
            state = (1..=32).fold(state, |s, _| {
                s >> 1 ^ if s & 1 == 1 { 0xA300_0000 } else { 0 }
            });
            state & 1 == 1
        };
        let truth: Vec<bool> = known
            .iter()
            .map(|colour| colour.unwrap_or_else(&mut random))
            .collect();
        // Every module keeps a third of itself; the rest comes from its eight neighbours.
        let weight = |d: i32| [0.22f32, 0.56, 0.22][(d + 1) as usize];
        let grey = (0..29 * 29).map(|i| {
            let mut sum = 0.0;
            for (dx, dy) in (-1..=1).flat_map(|y| (-1..=1).map(move |x| (x, y))) {
                let (x, y) = (i % 29 + dx, i / 29 + dy);
                let dark =
                    (0..29).contains(&x) && (0..29).contains(&y) && truth[(y * 29 + x) as usize];
                sum += weight(dx) * weight(dy) * if dark { 40.0 } else { 220.0 };
            }
            sum
        });
        let levels = Levels {
            size: 29,
            grey: grey.collect(),
        };
        let wrong = |modules: &Modules| {
            let pairs = modules.values.iter().zip(&truth);
            pairs
                .filter(|(value, dark)| (**value > 0.0) != **dark)
                .count()
        };
        let before = wrong(&levels.modules(layout));
        let after = wrong(&equalised(&levels, layout).unwrap());
        assert!(
            before > 15 && after * 2 < before,
            "{before} wrong before, {after} after"
        );
    }
}

//! What the surface model leaves over: small shifts of the grid, found on the alignment patterns and
//! then tile by tile.
//!
//! - **Alignment patterns** are looked for near where the surface says they are; each that is found
//!   pulls its neighbourhood along, by the inverse fourth power of the distance.
//! - **Elastic tiles**: squares of six modules shift to where their modules differ most from each
//!   other, which is where samples fall on the middles of modules and not on edges.

use super::super::geometry::Point;
use super::super::picture::View;
use super::super::symbol::Layout;
use super::fit::{Anchor, fit};
use super::score::{Fixed, climb};
use super::signed::Signed;
use super::surface::{Camera, Surface};

/// How far an alignment pattern may be off, modules.
const SEARCH: f32 = 2.2;
/// Agreement below which nothing was found.
const LEAST_AGREEMENT: f32 = 0.5;
/// A distant find must agree better: cost per squared module.
const FAR_COST: f32 = 0.03;

/// Modules per side of an elastic tile, and what overlaps its neighbours.
const TILE: usize = 6;
const OVERLAP: usize = 2;
/// Shifts tried per direction: so many steps of a quarter of a module either way.
const SHIFTS: i32 = 2;
const SHIFT: f32 = 0.25;

/// Rounds of looking for alignment patterns and fitting to them.
const REFINEMENTS: usize = 3;

/// Fits a surface that is about right to the alignment patterns that are seen and climbs again, as long
/// as the agreement grows.
pub fn refined(
    surface: Surface,
    score: f32,
    layout: &Layout,
    fixed: &Fixed,
    signed: &Signed,
    camera: Camera,
) -> (Surface, f32) {
    let mut best = (surface, score);
    let far = layout.size as f32 - 3.5;
    for _ in 0..REFINEMENTS {
        let map = best.0.map();
        let finders = [(3.5, 3.5), (far, 3.5), (3.5, far)].map(|(x, y)| (x, y, map.at(x, y)));
        let found = layout.alignment_centres().filter_map(|(column, row)| {
            let (x, y) = (column as f32 + 0.5, row as f32 + 0.5);
            let place = |dx: f32, dy: f32| map.at(x + dx, y + dy);
            find_alignment(&place, signed).map(|(dx, dy)| (x, y, place(dx, dy)))
        });
        let anchors: Vec<Anchor> = finders
            .into_iter()
            .chain(found)
            .map(|(x, y, seen)| Anchor {
                symbol: Point::new(x, y),
                seen,
                weight: 1.0,
            })
            .collect();
        if anchors.len() < 5 {
            break;
        }
        let (fitted, _) = fit(&best.0, &anchors, camera);
        let next = climb(&fitted, fixed, signed);
        if next.1 <= best.1 + 0.005 {
            break;
        }
        best = next;
    }
    best
}

/// The grid of a surface, pulled onto the alignment patterns that are seen.
pub fn aligned(surface: &Surface, layout: &Layout, signed: &Signed) -> Vec<Point> {
    let map = surface.map();
    let mut grid = map.grid(layout.size);
    let far = layout.size as f32 - 3.5;
    // Finders are where the surface was fitted: they hold still.
    let mut pulls: Vec<(f32, f32, Point)> = [(3.5, 3.5), (far, 3.5), (3.5, far)]
        .iter()
        .map(|(x, y)| (*x, *y, Point::default()))
        .collect();
    for (column, row) in layout.alignment_centres() {
        let (x, y) = (column as f32 + 0.5, row as f32 + 0.5);
        let place = |dx: f32, dy: f32| map.at(x + dx, y + dy);
        if let Some((dx, dy)) = find_alignment(&place, signed) {
            pulls.push((x, y, place(dx, dy) - place(0.0, 0.0)));
        }
    }
    if pulls.len() > 3 {
        pull(&mut grid, layout.size, &pulls);
    }
    grid
}

fn find_alignment(place: &impl Fn(f32, f32) -> Point, signed: &Signed) -> Option<(f32, f32)> {
    let mut best = (0.0, 0.0, f32::MIN);
    let mut around = |centre: (f32, f32), reach: f32, step: f32| {
        let count = (reach / step).round() as i32;
        for (i, j) in (-count..=count).flat_map(|j| (-count..=count).map(move |i| (i, j))) {
            let (dx, dy) = (centre.0 + i as f32 * step, centre.1 + j as f32 * step);
            let value = alignment_agreement(place, signed, dx, dy) - FAR_COST * (dx * dx + dy * dy);
            if value > best.2 {
                best = (dx, dy, value);
            }
        }
        (best.0, best.1)
    };
    let coarse = around((0.0, 0.0), SEARCH, 0.44);
    around(coarse, 0.3, 0.15);
    (best.2 >= LEAST_AGREEMENT).then_some((best.0, best.1))
}

/// -1 … 1: how much the five by five modules look like an alignment pattern.
fn alignment_agreement(
    place: &impl Fn(f32, f32) -> Point,
    signed: &Signed,
    dx: f32,
    dy: f32,
) -> f32 {
    let (mut dark, mut light) = (0.0, 0.0);
    for (i, j) in (-2i32..=2).flat_map(|j| (-2i32..=2).map(move |i| (i, j))) {
        let value = signed.at(place(dx + i as f32, dy + j as f32));
        if i.abs().max(j.abs()) == 1 {
            light -= value;
        } else {
            dark += value;
        }
    }
    // Eight light and seventeen dark modules count equally.
    dark / 34.0 + light / 16.0
}

fn pull(grid: &mut [Point], size: usize, pulls: &[(f32, f32, Point)]) {
    for (index, place) in grid.iter_mut().enumerate() {
        let (x, y) = ((index % size) as f32 + 0.5, (index / size) as f32 + 0.5);
        let mut shift = Point::default();
        let mut weight = 0.004;
        for (px, py, by) in pulls {
            let square = (px - x).powi(2) + (py - y).powi(2);
            let share = 1.0 / (square * square + 1.0);
            shift = shift + by.scaled(share);
            weight += share;
        }
        *place = *place + shift.scaled(1.0 / weight);
    }
}

/// One elastic pass over the grid.
pub fn elastic(view: &View<'_>, grid: &mut [Point], size: usize) {
    let tiles = size.div_ceil(TILE);
    let mut shifts = Vec::with_capacity(tiles * tiles);
    for row in 0..tiles {
        for column in 0..tiles {
            shifts.push(best_shift(view, grid, size, column * TILE, row * TILE));
        }
    }
    let smooth = smoothed(&shifts, tiles);
    for y in 0..size {
        for x in 0..size {
            let by = between(&smooth, tiles, x, y);
            grid[y * size + x] = grid[y * size + x] + by;
        }
    }
}

/// Shift of a tile in pixels and how much to trust it.
fn best_shift(
    view: &View<'_>,
    grid: &[Point],
    size: usize,
    left: usize,
    top: usize,
) -> (Point, f32) {
    let from_x = left.saturating_sub(OVERLAP);
    let from_y = top.saturating_sub(OVERLAP);
    let to_x = (left + TILE + OVERLAP).min(size);
    let to_y = (top + TILE + OVERLAP).min(size);
    let middle = usize::midpoint(from_y, to_y) * size + usize::midpoint(from_x, to_x);
    let middle = middle.min(size * size - size - 2);
    let right = grid[middle + 1] - grid[middle];
    let down = grid[middle + size] - grid[middle];
    let mut best = (Point::default(), -1.0);
    for (i, j) in (-SHIFTS..=SHIFTS).flat_map(|j| (-SHIFTS..=SHIFTS).map(move |i| (i, j))) {
        let (a, b) = (i as f32 * SHIFT, j as f32 * SHIFT);
        let by = right.scaled(a) + down.scaled(b);
        let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
        for y in from_y..to_y {
            for place in &grid[y * size + from_x..y * size + to_x] {
                let value = view.at(place.x + by.x, place.y + by.y);
                sum += value;
                squares += value * value;
                count += 1.0f32;
            }
        }
        let variance = squares / count - (sum / count).powi(2);
        let value = variance * (1.0 - 0.04 * (a * a + b * b));
        if value > best.1 {
            best = (by, value);
        }
    }
    (best.0, best.1.max(1.0).sqrt())
}

/// Weighed means with the neighbours.
fn smoothed(shifts: &[(Point, f32)], tiles: usize) -> Vec<Point> {
    let mut smooth = Vec::with_capacity(shifts.len());
    for row in 0..tiles {
        for column in 0..tiles {
            let mut sum = Point::default();
            let mut weight = 1e-6;
            for y in row.saturating_sub(1)..(row + 2).min(tiles) {
                for x in column.saturating_sub(1)..(column + 2).min(tiles) {
                    let (by, trust) = shifts[y * tiles + x];
                    let share = if (x, y) == (column, row) {
                        2.0 * trust
                    } else {
                        trust
                    };
                    sum = sum + by.scaled(share);
                    weight += share;
                }
            }
            smooth.push(sum.scaled(1.0 / weight));
        }
    }
    smooth
}

/// The shift at a module, between the middles of tiles.
fn between(smooth: &[Point], tiles: usize, x: usize, y: usize) -> Point {
    let last = (tiles - 1) as f32;
    let place = |value: usize| ((value as f32 + 0.5) / TILE as f32 - 0.5).clamp(0.0, last);
    let (px, py) = (place(x), place(y));
    let (column, row) = (px as usize, py as usize);
    let (next_column, next_row) = ((column + 1).min(tiles - 1), (row + 1).min(tiles - 1));
    let upper = smooth[row * tiles + column].between(smooth[row * tiles + next_column], px.fract());
    let lower = smooth[next_row * tiles + column]
        .between(smooth[next_row * tiles + next_column], px.fract());
    upper.between(lower, py.fract())
}

//! Fits a surface to places that were seen: damped Gauss–Newton on the distance in the picture.

use super::super::geometry::Point;
use super::surface::{Camera, FREEDOMS, Surface};

/// A place of the symbol and where it was seen.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    /// Symbol coordinates.
    pub symbol: Point,
    /// Picture coordinates.
    pub seen: Point,
    /// How much it counts.
    pub weight: f32,
}

/// The focal length is known to about a quarter; anchors may move it, weakly.
const FOCAL_TRUST: f64 = 4.0;
/// The arc stays where the caller put it, unless anchors say otherwise.
const ARC_TRUST: f64 = 6.0;
const ROUNDS: usize = 6;
const STEP: f64 = 1e-5;

/// Moves `start` so that the anchors fit. Gives the surface and the mean distance in modules.
pub fn fit(start: &Surface, anchors: &[Anchor], camera: Camera) -> (Surface, f32) {
    let mut surface = *start;
    let arc = start.arc;
    let mut cost = cost_of(&surface, anchors, camera, arc);
    let mut damping = 1e-3;
    for _ in 0..ROUNDS {
        let (mut normal, right) = equations(&surface, anchors, camera, arc);
        for (i, row) in normal.iter_mut().enumerate() {
            row[i] *= 1.0 + damping;
            row[i] += 1e-9;
        }
        let Some(step) = solve(normal, right) else {
            break;
        };
        let next = surface.moved(&step);
        let next_cost = cost_of(&next, anchors, camera, arc);
        if next_cost < cost {
            let is_done = next_cost > cost * 0.999;
            (surface, cost) = (next, next_cost);
            damping = (damping * 0.3).max(1e-6);
            if is_done {
                break;
            }
        } else {
            damping *= 10.0;
        }
    }
    (surface, distance(&surface, anchors))
}

/// Mean distance between anchors and surface, in modules.
pub fn distance(surface: &Surface, anchors: &[Anchor]) -> f32 {
    let map = surface.map();
    let apart = |a: &Anchor| map.at(a.symbol.x, a.symbol.y).distance(a.seen) * a.weight;
    let weight: f32 = anchors.iter().map(|a| a.weight).sum();
    anchors.iter().map(apart).sum::<f32>() / weight.max(1e-6) / surface.module().max(1e-3)
}

/// Differences in modules, weighed; priors last.
fn differences(surface: &Surface, anchors: &[Anchor], camera: Camera, arc: f64) -> Vec<f64> {
    let map = surface.map();
    let scale = 1.0 / surface.module().max(1e-3);
    let mut all = Vec::with_capacity(anchors.len() * 2 + 2);
    for anchor in anchors {
        let apart = map.at(anchor.symbol.x, anchor.symbol.y) - anchor.seen;
        all.push(f64::from(apart.x * scale * anchor.weight));
        all.push(f64::from(apart.y * scale * anchor.weight));
    }
    all.push(surface.focal_drift(camera) * FOCAL_TRUST);
    all.push((surface.arc - arc) * ARC_TRUST);
    all
}

fn cost_of(surface: &Surface, anchors: &[Anchor], camera: Camera, arc: f64) -> f64 {
    let all = differences(surface, anchors, camera, arc);
    // A place that cannot be (not a number) must not look better than a bad one.
    let sum: f64 = all.iter().map(|value| value * value).sum();
    if sum.is_finite() { sum } else { f64::MAX }
}

type Matrix = [[f64; FREEDOMS]; FREEDOMS];

fn equations(
    surface: &Surface,
    anchors: &[Anchor],
    camera: Camera,
    arc: f64,
) -> (Matrix, [f64; FREEDOMS]) {
    let here = differences(surface, anchors, camera, arc);
    // The single-precision map needs steps well above its rounding.
    let step = STEP * 100.0;
    let slopes: Vec<Vec<f64>> = (0..FREEDOMS)
        .map(|i| {
            let mut by = [0.0; FREEDOMS];
            by[i] = step;
            let there = differences(&surface.moved(&by), anchors, camera, arc);
            there
                .iter()
                .zip(&here)
                .map(|(a, b)| (a - b) / step)
                .collect()
        })
        .collect();
    let mut normal = [[0.0; FREEDOMS]; FREEDOMS];
    let mut right = [0.0; FREEDOMS];
    for i in 0..FREEDOMS {
        for j in 0..FREEDOMS {
            normal[i][j] = slopes[i].iter().zip(&slopes[j]).map(|(a, b)| a * b).sum();
        }
        right[i] = -slopes[i].iter().zip(&here).map(|(a, b)| a * b).sum::<f64>();
    }
    (normal, right)
}

/// Gauss elimination with pivots.
fn solve(mut matrix: Matrix, mut right: [f64; FREEDOMS]) -> Option<[f64; FREEDOMS]> {
    for i in 0..FREEDOMS {
        let pivot =
            (i..FREEDOMS).max_by(|a, b| matrix[*a][i].abs().total_cmp(&matrix[*b][i].abs()))?;
        matrix.swap(i, pivot);
        right.swap(i, pivot);
        if matrix[i][i].abs() < 1e-14 {
            return None;
        }
        for k in i + 1..FREEDOMS {
            let factor = matrix[k][i] / matrix[i][i];
            for j in i..FREEDOMS {
                matrix[k][j] -= factor * matrix[i][j];
            }
            right[k] -= factor * right[i];
        }
    }
    for i in (0..FREEDOMS).rev() {
        let known: f64 = (i + 1..FREEDOMS).map(|j| matrix[i][j] * right[j]).sum();
        right[i] = (right[i] - known) / matrix[i][i];
    }
    right.iter().all(|value| value.is_finite()).then_some(right)
}

#[cfg(test)]
mod tests {
    use super::super::surface::tests::{CAMERA, label};
    use super::*;

    /// The twelve outer corners of the finders of a surface.
    fn corners(surface: &Surface) -> Vec<Anchor> {
        let map = surface.map();
        let far = surface.size as f32 - 7.0;
        let starts = [(0.0, 0.0), (far, 0.0), (0.0, far)];
        let places = starts.iter().flat_map(|(x, y)| {
            [(0.0, 0.0), (7.0, 0.0), (7.0, 7.0), (0.0, 7.0)].map(|(a, b)| Point::new(x + a, y + b))
        });
        places
            .map(|symbol| Anchor {
                symbol,
                seen: map.at(symbol.x, symbol.y),
                weight: 1.0,
            })
            .collect()
    }

    #[test]
    fn a_tilted_label_is_found_from_its_finders() {
        let truth = label([0.4, -0.5, 0.3], 0.0, true);
        let map = truth.map();
        let centres = [map.at(3.5, 3.5), map.at(37.5, 3.5), map.at(3.5, 37.5)];
        let poses = Surface::from_centres(41, centres, CAMERA, 0.0, true).unwrap();
        let fits = poses.map(|pose| fit(&pose, &corners(&truth), CAMERA));
        let (found, apart) = if fits[0].1 < fits[1].1 {
            fits[0]
        } else {
            fits[1]
        };
        assert!(apart < 0.05, "{apart}");
        let far = truth.map().at(41.0, 41.0);
        assert!(found.map().at(41.0, 41.0).distance(far) < 2.0);
    }

    #[test]
    fn a_bent_label_is_found_when_the_arc_is_about_right() {
        for bends_x in [true, false] {
            let truth = label([0.2, 0.1, 0.0], 1.6, bends_x);
            let start = label([0.0; 3], 1.4, bends_x);
            let (found, apart) = fit(&start, &corners(&truth), CAMERA);
            assert!(apart < 0.2, "{apart}");
            // Within a module of five pixels: what climbing can take up.
            let middle = truth.map().at(20.5, 20.5);
            assert!(found.map().at(20.5, 20.5).distance(middle) < 5.0);
        }
    }

    #[test]
    fn anchors_without_sense_do_no_harm() {
        let bad = Anchor {
            symbol: Point::new(1.0, 1.0),
            seen: Point::new(f32::NAN, 1e30),
            weight: 1.0,
        };
        let (found, _) = fit(&label([0.0; 3], 0.0, true), &[bad], CAMERA);
        assert!(found.map().at(1.0, 1.0).x.is_finite());
    }
}

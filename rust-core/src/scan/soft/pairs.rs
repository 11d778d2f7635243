//! Symbols of which only two finders can be seen, because glare, a thumb or a screw covers the third: where it
//! must lie follows from the two. A covered finder leaves no pattern to search for (`recover.rs`), but the
//! timing lines and alignment patterns around it are enough to climb on once its place is about right.

use super::super::geometry::Point;
use super::anchors::{Seen, Triple, is_among, triple};

/// Distances between finders of one symbol, modules: versions 1 to 15.
const APART: std::ops::RangeInclusive<f32> = 13.0..=74.0;
/// A way along a side of the symbol leaves it by at most this share, one across it by at least this.
const MOST_SIDEWAYS: f32 = 0.3;
const LEAST_ACROSS: f32 = 0.6;
/// The nearer finder of a tilted label is at most this much larger.
const MOST_LARGER: f32 = 1.7;

/// Finders that are paired, the largest first.
const MOST_LOOKED_AT: usize = 4;

/// Triples with a finder that nobody saw, most plausible first. `is_true` tells whether a finder looks like one
/// on grey, too.
pub fn triples(seen: &[Seen], is_true: impl Fn(&Seen) -> bool) -> Vec<Triple> {
    let mut sure: Vec<&Seen> = seen
        .iter()
        .filter(|finder| !finder.is_guess && finder.is_square())
        .collect();
    // Looking at each on grey costs a millisecond, and a frame without a code can show dozens.
    sure.sort_by(|a, b| b.side.total_cmp(&a.side));
    sure.truncate(MOST_LOOKED_AT);
    sure.retain(|finder| is_true(finder));
    let mut found = Vec::new();
    for (i, a) in sure.iter().enumerate() {
        for b in sure.iter().skip(i + 1) {
            if a.side.max(b.side) < MOST_LARGER * a.side.min(b.side) {
                found.extend(thirds(a, b));
            }
        }
    }
    // Three that were seen have been tried together already.
    found.retain(|triple: &Triple| {
        let supposed = triple.finders.iter().find(|finder| finder.is_unseen());
        supposed.is_some_and(|finder| !is_among(seen, finder))
    });
    found.sort_by(|a, b| a.strain.total_cmp(&b.strain));
    found
}

/// Where the third finder may lie: beside one end of a side, or at the corner between two ends of a diagonal.
fn thirds(a: &Seen, b: &Seen) -> Vec<Triple> {
    let (Some(axes_a), Some(axes_b)) = (a.axes(), b.axes()) else {
        return Vec::new();
    };
    let way = b.centre - a.centre;
    let Some((i, j)) = modules(way, axes_a) else {
        return Vec::new();
    };
    let (long, short) = (i.abs().max(j.abs()), i.abs().min(j.abs()));
    if !APART.contains(&long) {
        return Vec::new();
    }
    if short < MOST_SIDEWAYS * long {
        let out_a = if i.abs() > j.abs() {
            axes_a[1]
        } else {
            axes_a[0]
        };
        let out_b = nearest(axes_b, out_a);
        let beside = [(a, b, out_a), (b, a, out_b)];
        let both = beside.into_iter().flat_map(|(corner, other, out)| {
            [long, -long].map(|far| {
                triple(
                    corner,
                    other,
                    &unseen(corner.centre + out.scaled(far), corner),
                )
            })
        });
        return both.flatten().collect();
    }
    if short > LEAST_ACROSS * long {
        let corners = [axes_a[0].scaled(i), axes_a[1].scaled(j)];
        let both = corners.map(|to| triple(&unseen(a.centre + to, a), a, b));
        return both.into_iter().flatten().collect();
    }
    Vec::new()
}

/// A way in modules along both sides of a finder.
fn modules(way: Point, [along, across]: [Point; 2]) -> Option<(f32, f32)> {
    let area = along.cross(across);
    (area.abs() > 1e-3).then(|| (way.cross(across) / area, along.cross(way) / area))
}

/// The side of a finder that runs most like `wanted`, in its direction.
fn nearest(axes: [Point; 2], wanted: Point) -> Point {
    let like = |axis: Point| axis.dot(wanted) / axis.length().max(1e-6);
    let best = if like(axes[0]).abs() > like(axes[1]).abs() {
        axes[0]
    } else {
        axes[1]
    };
    best.scaled(like(best).signum())
}

/// A finder as large as its sibling, of which nothing is known but where it should be.
fn unseen(centre: Point, sibling: &Seen) -> Seen {
    Seen {
        centre,
        side: sibling.side,
        corners: None,
        is_guess: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A finder of five pixels a module with level sides.
    fn level(x: f32, y: f32) -> Seen {
        let at = |dx: f32, dy: f32| Point::new(x + 15.0 * dx, y + 15.0 * dy);
        Seen {
            centre: Point::new(x, y),
            side: 35.0,
            corners: Some([at(-1.0, -1.0), at(1.0, -1.0), at(1.0, 1.0), at(-1.0, 1.0)]),
            is_guess: false,
        }
    }

    fn has(triples: &[Triple], finders: [(f32, f32); 3]) -> bool {
        triples.iter().any(|triple| {
            let places = triple.finders.iter().zip(finders);
            places
                .into_iter()
                .all(|(seen, (x, y))| seen.centre.distance(Point::new(x, y)) < 1.0)
        })
    }

    #[test]
    fn the_third_finder_is_proposed_wherever_it_is_hidden() {
        let whole = [(100.0, 100.0), (300.0, 100.0), (100.0, 300.0)];
        for hidden in 0..3 {
            let seen: Vec<Seen> = (0..3)
                .filter(|n| *n != hidden)
                .map(|n| level(whole[n].0, whole[n].1))
                .collect();
            assert!(has(&triples(&seen, |_| true), whole), "{hidden}");
            assert!(triples(&seen, |_| false).is_empty());
        }
    }

    #[test]
    fn finders_of_different_labels_propose_nothing() {
        let far = [level(100.0, 100.0), level(900.0, 100.0)];
        assert!(triples(&far, |_| true).is_empty());
        let askew = [level(100.0, 100.0), level(300.0, 190.0)];
        assert!(triples(&askew, |_| true).is_empty());
    }
}

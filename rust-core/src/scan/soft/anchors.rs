//! Finder patterns of all bitmaps of a frame put together, and the triples among them that could be a
//! symbol. A finder lost on one bitmap is often there on another, so triples are formed after merging.

use super::super::fast::Pass;
use super::super::finder::fenced;
use super::super::geometry::Point;
use super::fit::Anchor;
use rxing::common::cpp_essentials::FindConcentricPatternCorners;

/// A finder pattern in frame pixels.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Middle.
    pub centre: Point,
    /// Side of its seven modules.
    pub side: f32,
    /// Corners on the middle of the outer dark ring, three modules from the centre, around it in order.
    pub corners: Option<[Point; 4]>,
    /// Proposed by a search instead of seen on a bitmap.
    pub is_guess: bool,
}

impl Seen {
    /// The same in a picture reduced by `factor`.
    #[must_use]
    pub fn scaled(&self, factor: f32) -> Self {
        Self {
            centre: self.centre.scaled(factor),
            side: self.side * factor,
            corners: self
                .corners
                .map(|corners| corners.map(|corner| corner.scaled(factor))),
            is_guess: self.is_guess,
        }
    }

    /// Whether its place was only concluded from the others'.
    pub const fn is_unseen(&self) -> bool {
        self.is_guess && self.corners.is_none()
    }

    /// Pixels per module in the direction where they are fewer.
    pub fn narrowest(&self) -> f32 {
        let [a, b] = self
            .axes()
            .map_or([self.side / 7.0; 2], |axes| axes.map(Point::length));
        a.min(b)
    }

    /// Whether its corners form something that a camera could see of a square.
    pub fn is_square(&self) -> bool {
        self.axes().is_some_and(|[a, b]| {
            let (long, short) = (a.length().max(b.length()), a.length().min(b.length()));
            short > 1.2 && long < 2.6 * short && a.cross(b).abs() > 0.6 * long * short
        })
    }

    /// Two directions of one module along its sides, from its corners.
    pub fn axes(&self) -> Option<[Point; 2]> {
        let [a, b, c, d] = self.corners?;
        let along = ((b - a) + (c - d)).scaled(0.5 / 6.0);
        let across = ((d - a) + (c - b)).scaled(0.5 / 6.0);
        Some([along, across])
    }
}

/// Three finders of one symbol.
#[derive(Clone, Copy, Debug)]
pub struct Triple {
    /// Top left, top right, bottom left.
    pub finders: [Seen; 3],
    /// Smaller is more plausible.
    pub strain: f32,
}

/// Half the side of the square through the middle of a finder's outer ring, modules.
const RING: f32 = 3.0;
/// How much a finder counts of which only the place is supposed.
const UNSEEN: f32 = 0.1;
/// Most finders that are combined.
const MOST_SEEN: usize = 36;

/// Finders of all passes, each once.
pub fn collect(passes: &[Pass]) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    for pass in passes {
        for finder in &pass.sighting.finders {
            let quad =
                fenced(|| FindConcentricPatternCorners(&pass.bits, finder.p, finder.size, 2));
            let here = Seen {
                centre: finder.p.into(),
                side: finder.size as f32,
                corners: quad.map(|quad| quad.0.map(Point::from)),
                is_guess: false,
            };
            let mut here = here.scaled(pass.scale());
            if let Some([along, across]) = here.axes() {
                here.side = 3.5 * (along.length() + across.length());
            }
            merge(&mut all, here);
        }
    }
    all.truncate(MOST_SEEN);
    all
}

/// Adds a finder unless it is there; corners are kept from whoever has them.
pub fn merge(all: &mut Vec<Seen>, new: Seen) {
    let reach = new.side * 0.4;
    match all
        .iter_mut()
        .find(|old| old.centre.distance(new.centre) < reach)
    {
        Some(old) if old.corners.is_none() && new.corners.is_some() => *old = new,
        Some(_) => {}
        None => all.push(new),
    }
}

/// Whether a finder is at the place of one of these.
pub fn is_among(all: &[Seen], finder: &Seen) -> bool {
    all.iter()
        .any(|old| old.centre.distance(finder.centre) < old.side * 0.4)
}

/// Triples that could be symbols, most plausible first.
pub fn triples(seen: &[Seen]) -> Vec<Triple> {
    let mut found = Vec::new();
    for (corner, top_left) in seen.iter().enumerate() {
        for (i, first) in seen.iter().enumerate() {
            for (j, second) in seen.iter().enumerate().skip(i + 1) {
                if i == corner || j == corner {
                    continue;
                }
                found.extend(triple(top_left, first, second));
            }
        }
    }
    found.sort_by(|a: &Triple, b| a.strain.total_cmp(&b.strain));
    found
}

/// A triple, unless no camera sees a symbol so.
pub fn triple(top_left: &Seen, first: &Seen, second: &Seen) -> Option<Triple> {
    let (a, b) = (
        first.centre - top_left.centre,
        second.centre - top_left.centre,
    );
    let (long, short) = (a.length().max(b.length()), a.length().min(b.length()));
    let sides = [top_left.side, first.side, second.side];
    let largest = sides.iter().copied().fold(0.0, f32::max);
    let smallest = sides.iter().copied().fold(f32::MAX, f32::min);
    let mean = sides.iter().sum::<f32>() / 3.0;
    // Distances in finder sides: version 1 has two sevenths and one, version 20 some thirteen.
    let reach = f32::midpoint(long, short) / mean;
    let turn = a.cross(b) / (long * short).max(1e-6);
    if largest > 2.4 * smallest || long > 2.6 * short || !(1.2..=16.0).contains(&reach) {
        return None;
    }
    if turn.abs() < 0.5 {
        return None;
    }
    let guesses = [top_left, first, second]
        .iter()
        .filter(|seen| seen.is_guess)
        .count();
    let lean = (a.dot(b) / (long * short)).abs();
    let strain = (long / short).ln()
        + lean
        + (largest / smallest).ln()
        + reach * 0.03
        + misfit(top_left, [a, b])
        + guesses as f32 * 0.25;
    // In a picture with y downwards, right to below turns clockwise: a positive cross product.
    let (right, below) = if turn > 0.0 {
        (first, second)
    } else {
        (second, first)
    };
    Some(Triple {
        finders: [*top_left, *right, *below],
        strain,
    })
}

/// How far the ways to the other finders are from the sides of the one at the corner.
fn misfit(corner: &Seen, ways: [Point; 2]) -> f32 {
    let Some(axes) = corner.axes() else {
        return 0.3;
    };
    let off = |way: Point| {
        let sines =
            axes.map(|axis| (axis.cross(way) / (axis.length() * way.length()).max(1e-6)).abs());
        sines[0].min(sines[1])
    };
    off(ways[0]) + off(ways[1])
}

/// Where the finders of a triple pin down a symbol of `size` modules: their centres, and their corners
/// where seen.
pub fn anchors(finders: &[Seen; 3], size: usize) -> Vec<Anchor> {
    let far = size as f32 - 3.5;
    let homes = [
        Point::new(3.5, 3.5),
        Point::new(far, 3.5),
        Point::new(3.5, far),
    ];
    let ways = [
        finders[1].centre - finders[0].centre,
        finders[2].centre - finders[0].centre,
    ];
    let mut all = Vec::with_capacity(15);
    for (finder, home) in finders.iter().zip(homes) {
        all.push(Anchor {
            symbol: home,
            seen: finder.centre,
            weight: if finder.is_unseen() { UNSEEN } else { 1.0 },
        });
        for (seen, (x, y)) in ordered(finder, ways).into_iter().flatten() {
            let symbol = home + Point::new(RING * x, RING * y);
            all.push(Anchor {
                symbol,
                seen,
                weight: 0.6,
            });
        }
    }
    all
}

/// The corners of a finder with the signs of their symbol directions. `None` when they do not sort
/// into four different ones.
fn ordered(finder: &Seen, ways: [Point; 2]) -> Option<[(Point, (f32, f32)); 4]> {
    let area = ways[0].cross(ways[1]);
    if area.abs() < 1e-3 {
        return None;
    }
    let sorted = finder.corners?.map(|corner| {
        let from = corner - finder.centre;
        // Coordinates along the two ways, scaled to equal lengths.
        let along = from.cross(ways[1]) / area * ways[0].length();
        let across = ways[0].cross(from) / area * ways[1].length();
        (corner, (along.signum(), across.signum()))
    });
    let mut kinds: Vec<(f32, f32)> = sorted.iter().map(|(_, signs)| *signs).collect();
    kinds.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    kinds.dedup();
    (kinds.len() == 4).then_some(sorted)
}

/// Sizes in modules worth trying, most likely first, estimated along both sides of a triple.
pub fn sizes(finders: &[Seen; 3], is_curved_x: Option<bool>) -> Vec<usize> {
    let estimate = |other: &Seen| {
        let way = other.centre - finders[0].centre;
        let (here, there) = (module_along(&finders[0], way), module_along(other, way));
        let module = match (finders[0].is_unseen(), other.is_unseen()) {
            (true, false) => there,
            (false, true) => here,
            _ => here.midpoint(there),
        };
        way.length() / module.max(0.1) + 7.0
    };
    let (across, down) = (estimate(&finders[1]), estimate(&finders[2]));
    // Where a label is bent, its finders are foreshortened: believe the straight side.
    let size = match is_curved_x {
        None => across.midpoint(down),
        Some(true) => down,
        Some(false) => across,
    };
    let version = ((size - 17.0) / 4.0).round() as i64;
    let near = [0, 1, -1, 2, -2].map(|offset| version + offset);
    let possible = near
        .into_iter()
        .filter(|version| (1..=32).contains(version));
    possible.map(|version| version as usize * 4 + 17).collect()
}

/// Length of a module of a finder in a direction.
fn module_along(finder: &Seen, way: Point) -> f32 {
    let Some(axes) = finder.axes() else {
        return finder.side / 7.0;
    };
    let unit = way.scaled(1.0 / way.length().max(1e-6));
    let [a, b] = axes;
    let area = a.cross(b);
    if area.abs() < 1e-6 {
        return finder.side / 7.0;
    }
    // The way in modules per pixel along both sides.
    let (along, across) = (unit.cross(b) / area, a.cross(unit) / area);
    1.0 / along.hypot(across).max(1e-6)
}

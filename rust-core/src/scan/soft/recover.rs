//! Finds finders that no bitmap showed: under dirt, at the edge of glare, in weak print. A finder that
//! was seen tells how large and how turned its siblings are; its pattern of nine by nine modules (with
//! the light border) is slid over the surroundings and compared on normalised grey, where a few hidden
//! modules lower the agreement without destroying it.

use super::super::geometry::Point;
use super::super::picture::View;
use super::anchors::Seen;
use super::signed::Signed;

/// Reach of the search in modules: version 15 seen from one of its corners.
const REACH: f32 = 74.0;
/// Positions are this many modules apart at first.
const COARSE: f32 = 0.75;
/// Agreement of the quick comparison and of the whole pattern, -1 … 1.
const LEAST_QUICK: f32 = 0.36;
const LEAST_WHOLE: f32 = 0.42;
/// Agreement that a finder must have before its siblings are looked for.
const LEAST_OWN: f32 = 0.6;
/// Guesses handed on.
const MOST_GUESSES: usize = 6;
/// Nothing closer than this many modules can be another finder of the symbol.
const NEAREST: f32 = 12.0;

/// Finders like `known` around it, best first; `known` is in the picture's pixels.
pub fn siblings(view: &View<'_>, known: &Seen) -> Vec<Seen> {
    let Some(axes) = known.axes() else {
        return Vec::new();
    };
    let module = known.side / 7.0;
    if !is_true(view, known) {
        return Vec::new();
    }
    let Some(rect) = around(view, known.centre, REACH * module) else {
        return Vec::new();
    };
    let signed = Signed::of(view, rect, module);
    let quick = Pattern::quick(axes);
    let whole = Pattern::whole(axes);
    let mut best: Vec<(f32, Point)> = Vec::new();
    let step = (COARSE * module).max(1.0);
    let [left, top, width, height] = rect.map(|value| value as f32);
    let (columns, rows) = ((width / step) as usize, (height / step) as usize);
    for (i, j) in (0..rows).flat_map(|j| (0..columns).map(move |i| (i, j))) {
        let place = Point::new(left + i as f32 * step, top + j as f32 * step);
        if quick.agreement_near(&signed, place) < LEAST_QUICK {
            continue;
        }
        if place.distance(known.centre) < NEAREST * module {
            continue;
        }
        let (value, place) = refined(&whole, &signed, place, axes);
        if value >= LEAST_WHOLE {
            keep(&mut best, value, place, 3.0 * module);
        }
    }
    best.sort_by(|a, b| b.0.total_cmp(&a.0));
    best.truncate(MOST_GUESSES);
    best.into_iter()
        .map(|(_, place)| at(place, known, axes))
        .collect()
}

/// Whether a finder that was seen looks like one on grey.
pub fn is_true(view: &View<'_>, known: &Seen) -> bool {
    known
        .axes()
        .is_some_and(|axes| own_agreement(view, known, axes, known.side / 7.0) >= LEAST_OWN)
}

/// How much a finder that was seen looks like one: screw heads are round and fall short.
fn own_agreement(view: &View<'_>, known: &Seen, axes: [Point; 2], module: f32) -> f32 {
    around(view, known.centre, 12.0 * module).map_or(0.0, |rect| {
        let signed = Signed::of(view, rect, module);
        refined(&Pattern::whole(axes), &signed, known.centre, axes).0
    })
}

/// A guess of the same size and turn as a known finder.
fn at(centre: Point, known: &Seen, [along, across]: [Point; 2]) -> Seen {
    let corner = |x: f32, y: f32| centre + along.scaled(3.0 * x) + across.scaled(3.0 * y);
    Seen {
        centre,
        side: known.side,
        corners: Some([
            corner(-1.0, -1.0),
            corner(1.0, -1.0),
            corner(1.0, 1.0),
            corner(-1.0, 1.0),
        ]),
        is_guess: true,
    }
}

fn around(view: &View<'_>, centre: Point, reach: f32) -> Option<[usize; 4]> {
    let clamp = |value: f32, most: usize| value.clamp(0.0, most as f32) as usize;
    let (left, right) = (
        clamp(centre.x - reach, view.width()),
        clamp(centre.x + reach, view.width()),
    );
    let (top, bottom) = (
        clamp(centre.y - reach, view.height()),
        clamp(centre.y + reach, view.height()),
    );
    (right > left + 20 && bottom > top + 20).then(|| [left, top, right - left, bottom - top])
}

/// Keeps the best of places that are near each other.
fn keep(best: &mut Vec<(f32, Point)>, value: f32, place: Point, reach: f32) {
    match best
        .iter_mut()
        .find(|(_, other)| other.distance(place) < reach)
    {
        Some(other) if other.0 < value => *other = (value, place),
        Some(_) => {}
        None => best.push((value, place)),
    }
}

/// The best place within a module.
fn refined(pattern: &Pattern, signed: &Signed, start: Point, axes: [Point; 2]) -> (f32, Point) {
    let mut best = (pattern.agreement(signed, start), start);
    for step in [0.5, 0.25] {
        let centre = best.1;
        for (i, j) in (-1..=1).flat_map(|j| (-1..=1).map(move |i| (i as f32, j as f32))) {
            let place = centre + axes[0].scaled(i * step) + axes[1].scaled(j * step);
            let value = pattern.agreement(signed, place);
            if value > best.0 {
                best = (value, place);
            }
        }
    }
    best
}

/// Offsets of modules around a finder's middle, with their share of the agreement (dark positive).
struct Pattern {
    parts: Vec<(Point, f32)>,
}

impl Pattern {
    /// All modules within four of the middle; dark and light count the same altogether.
    fn whole(axes: [Point; 2]) -> Self {
        let modules = (-4i32..=4).flat_map(|y| (-4i32..=4).map(move |x| (x, y)));
        Self::of(modules, axes)
    }

    /// Middle and directions only.
    fn quick(axes: [Point; 2]) -> Self {
        let rays = [
            (1, 0),
            (-1, 0),
            (0, 1),
            (0, -1),
            (1, 1),
            (1, -1),
            (-1, 1),
            (-1, -1),
        ];
        let modules = rays
            .iter()
            .flat_map(|(x, y)| (1..=4).map(move |ring| (x * ring, y * ring)));
        Self::of(modules.chain([(0, 0)]), axes)
    }

    fn of(modules: impl Iterator<Item = (i32, i32)>, [along, across]: [Point; 2]) -> Self {
        let colours: Vec<(Point, bool)> = modules
            .map(|(x, y)| {
                let ring = x.abs().max(y.abs());
                let place = along.scaled(x as f32) + across.scaled(y as f32);
                (place, matches!(ring, 0 | 1 | 3))
            })
            .collect();
        let dark = colours.iter().filter(|(_, dark)| *dark).count() as f32;
        let light = colours.len() as f32 - dark;
        let share = |dark_module: bool| {
            if dark_module {
                0.5 / dark
            } else {
                -0.5 / light
            }
        };
        let parts = colours
            .iter()
            .map(|(place, dark_module)| (*place, share(*dark_module)));
        Self {
            parts: parts.collect(),
        }
    }

    fn agreement(&self, signed: &Signed, place: Point) -> f32 {
        self.parts
            .iter()
            .map(|(offset, share)| share * signed.at(place + *offset))
            .sum()
    }

    fn agreement_near(&self, signed: &Signed, place: Point) -> f32 {
        let value = |(offset, share): &(Point, f32)| share * signed.near(place + *offset) as f32;
        self.parts.iter().map(value).sum::<f32>() * 0.01
    }
}

//! Everything tried on one triple of finders: surfaces proposed, climbed and read, cheapest first.

use super::super::finder::Sampled;
use super::super::geometry::Point;
use super::super::grade::{LabelGrade, grade};
use super::super::limit::Limit;
use super::super::picture::View;
use super::super::symbol::{
    Effort, LEAST_FIT, Layout, Reading, decode, format_fit, layout, layout_of_size,
};
use super::Unread;
use super::anchors::{Seen, anchors, sizes};
use super::equalise::equalised;
use super::fit::{Anchor, fit};
use super::residual::{aligned, elastic, refined};
use super::sample::Levels;
use super::score::{Fixed, climb};
use super::signed::Signed;
use super::surface::{Camera, Surface};

/// Surfaces that are climbed and read, flat and bent.
const MOST_FLAT: usize = 3;
const MOST_BENT: usize = 4;
/// Score below which a proposal is not climbed, and below which a climbed surface is not read.
const LEAST_PROPOSED: f32 = 0.12;
const LEAST_SCORE: f32 = 0.25;
/// Score that two finders and a supposed one must have from the start: two of anything propose eight symbols.
const LEAST_SUPPOSED: f32 = 0.2;
const LEAST_TIMING: f32 = 0.12;
/// Score that only symbols reach.
const CERTAIN_SCORE: f32 = 0.5;
/// Between these scores a surface is about right: alignment patterns may put it right.
const HOPEFUL_SCORE: f32 = 0.3;
const CLEAR_SCORE: f32 = 0.8;
/// Surfaces read of those below.
const MOST_READ: usize = 2;
/// Arcs tried for bent labels, radians (35 to 150 degrees).
const ARCS: [f64; 8] = [0.5, 0.8, 1.1, 1.4, 1.7, 2.0, 2.3, 2.6];
/// Elastic passes over a grid that did not read.
const ELASTIC_PASSES: usize = 2;

/// The part of a picture around a symbol.
#[derive(Debug)]
pub struct Place<'a> {
    view: View<'a>,
    camera: Camera,
    signed: Signed,
}

impl<'a> Place<'a> {
    /// Cuts out the surroundings of three finders. `None` when they lie outside.
    pub fn of(view: View<'a>, camera: Camera, finders: &[Seen; 3]) -> Option<Self> {
        let module = finders.iter().map(|finder| finder.side).sum::<f32>() / 21.0;
        let rect = surroundings(&view, finders)?;
        let signed = Signed::of(&view, rect, module);
        Some(Self {
            view,
            camera,
            signed,
        })
    }
}

/// Box around the finders and the corner opposite, with a margin, inside the picture.
fn surroundings(view: &View<'_>, finders: &[Seen; 3]) -> Option<[usize; 4]> {
    let [corner, right, below] = finders.map(|finder| finder.centre);
    let opposite = right + below - corner;
    let all = [corner, right, below, opposite];
    let margin = corner.distance(right).max(corner.distance(below)) * 0.3 + finders[0].side;
    let low = |of: fn(&Point) -> f32| all.iter().map(of).fold(f32::MAX, f32::min) - margin;
    let high = |of: fn(&Point) -> f32| all.iter().map(of).fold(f32::MIN, f32::max) + margin;
    let clamp = |value: f32, most: usize| value.clamp(0.0, most as f32) as usize;
    let (left, right) = (
        clamp(low(|p| p.x), view.width()),
        clamp(high(|p| p.x), view.width()),
    );
    let (top, bottom) = (
        clamp(low(|p| p.y), view.height()),
        clamp(high(|p| p.y), view.height()),
    );
    let is_enough = right >= left + 21 && bottom >= top + 21;
    is_enough.then(|| [left, top, right - left, bottom - top])
}

/// A surface, what it was scored and the version it is for.
struct Proposal {
    surface: Surface,
    score: f32,
    layout: &'static Layout,
}

impl Proposal {
    /// Whether another proposal came out at the same place.
    fn is_like(&self, other: &Self) -> bool {
        self.layout.version == other.layout.version
            && self.surface.bends_x == other.surface.bends_x
            && (self.score - other.score).abs() < 0.004
            && (self.surface.arc - other.surface.arc).abs() < 0.06
    }
}

/// Reads the symbol of three finders, corners in the place's picture.
pub fn read(
    place: &Place<'_>,
    finders: &[Seen; 3],
    limit: &Limit<'_>,
    unread: &mut Vec<Unread>,
) -> Option<Sampled> {
    let mut flat = proposals(place, finders, None, &[0.0]);
    let is_supposed = finders.iter().any(Seen::is_unseen);
    if is_supposed {
        flat.retain(|proposal| proposal.score >= LEAST_SUPPOSED);
    }
    if let Some(sampled) = read_best(place, flat, MOST_FLAT, limit, unread) {
        return Some(sampled);
    }
    // A bend shows in where three finders lie; two and a guess do not tell it.
    if is_supposed {
        return None;
    }
    let mut bent = proposals(place, finders, Some(true), &ARCS);
    bent.extend(proposals(place, finders, Some(false), &ARCS));
    read_best(place, bent, MOST_BENT, limit, unread)
}

/// Surfaces fitted to the finders for all sizes near the estimate and all arcs.
fn proposals(
    place: &Place<'_>,
    finders: &[Seen; 3],
    bends_x: Option<bool>,
    arcs: &[f64],
) -> Vec<Proposal> {
    let centres = finders.map(|finder| finder.centre);
    let mut all = Vec::new();
    let most = if bends_x.is_some() { 3 } else { 5 };
    for size in sizes(finders, bends_x).into_iter().take(most) {
        let Some(layout) = layout_of_size(size) else {
            continue;
        };
        let fixed = Fixed::of(layout);
        let anchors = anchors(finders, size);
        for arc in arcs {
            let is_x = bends_x.unwrap_or(true);
            let poses = Surface::from_centres(size, centres, place.camera, *arc, is_x);
            for pose in poses.into_iter().flatten() {
                let (surface, _) = fit(&pose, &anchors, place.camera);
                let score = fixed.score(&surface, &place.signed);
                all.push(Proposal {
                    surface,
                    score,
                    layout,
                });
            }
        }
    }
    all
}

/// Climbs and reads the best proposals.
fn read_best(
    place: &Place<'_>,
    mut all: Vec<Proposal>,
    most: usize,
    limit: &Limit<'_>,
    unread: &mut Vec<Unread>,
) -> Option<Sampled> {
    all.sort_by(|a, b| b.score.total_cmp(&a.score));
    all.retain(|proposal| proposal.score >= LEAST_PROPOSED);
    all.dedup_by(|a, b| a.is_like(b));
    let mut climbed: Vec<Proposal> = Vec::new();
    for proposal in all.into_iter().take(most) {
        if limit.is_over() {
            return None;
        }
        let fixed = Fixed::of(proposal.layout);
        let (mut surface, mut score) = climb(&proposal.surface, &fixed, &place.signed);
        if (HOPEFUL_SCORE..CLEAR_SCORE).contains(&score) {
            (surface, score) = refined(
                surface,
                score,
                proposal.layout,
                &fixed,
                &place.signed,
                place.camera,
            );
        }
        let timing = fixed.timing(&surface, &place.signed);
        if score < LEAST_SCORE || timing < LEAST_TIMING {
            continue;
        }
        let next = Proposal {
            surface,
            score,
            ..proposal
        };
        // Nothing but a symbol agrees that well: read it before others are climbed.
        if score >= CERTAIN_SCORE {
            if let Some(sampled) = read_surface(place, &next, unread) {
                return Some(sampled);
            }
        } else {
            climbed.push(next);
        }
    }
    climbed.sort_by(|a, b| b.score.total_cmp(&a.score));
    climbed.dedup_by(|a, b| a.is_like(b));
    climbed
        .iter()
        .take(MOST_READ)
        .find_map(|proposal| read_surface(place, proposal, unread))
}

/// Samples and corrects, pulling the grid into place and undoing blur as needed.
fn read_surface(
    place: &Place<'_>,
    proposal: &Proposal,
    unread: &mut Vec<Unread>,
) -> Option<Sampled> {
    let layout = proposal.layout;
    let size = layout.size;
    let mut grid = aligned(&proposal.surface, layout, &place.signed);
    for pass in 0..=ELASTIC_PASSES {
        if pass > 0 {
            elastic(&place.view, &mut grid, size);
        }
        let levels = Levels::of(&place.view, &grid, size);
        let modules = levels.modules(layout);
        if format_fit(&modules) < LEAST_FIT {
            break;
        }
        let mut reading = decode(&modules, Effort::Soft);
        if reading.is_none() && pass == 0 {
            let sharp = equalised(&levels, layout);
            reading = sharp
                .as_ref()
                .and_then(|modules| decode(modules, Effort::Soft));
            if reading.is_none() && proposal.score >= CERTAIN_SCORE {
                let corners = outer_corners(&proposal.surface);
                let both = [Some(modules), sharp].into_iter().flatten();
                unread.extend(both.map(|modules| Unread {
                    modules,
                    corners,
                    score: proposal.score,
                }));
            }
        }
        if let Some(reading) = reading {
            let grade = graded(&levels, layout, &reading);
            let corners = outer_corners(&proposal.surface);
            return Some(Sampled {
                reading,
                corners,
                grade,
            });
        }
    }
    None
}

fn graded(levels: &Levels, layout: &Layout, reading: &Reading) -> Option<LabelGrade> {
    let thresholds: Vec<f32> = levels
        .thresholds()
        .into_iter()
        .map(|(value, _)| value)
        .collect();
    grade(&levels.grey, &thresholds, layout, reading)
}

/// Grades a symbol that the fast lane read, from its corners in the view.
pub fn grade_flat(
    view: &View<'_>,
    camera: Camera,
    corners: [Point; 4],
    reading: &Reading,
) -> Option<LabelGrade> {
    let layout = layout(reading.version)?;
    let (size, far) = (layout.size, layout.size as f32);
    let symbol = [(0.0, 0.0), (far, 0.0), (far, far), (0.0, far)].map(|(x, y)| Point::new(x, y));
    let anchors = symbol.into_iter().zip(corners);
    let anchors: Vec<Anchor> = anchors
        .map(|(symbol, seen)| Anchor {
            symbol,
            seen,
            weight: 1.0,
        })
        .collect();
    let inner = 3.5 / far;
    let centres = [
        corners[0].between(corners[2], inner),
        corners[1].between(corners[3], inner),
        corners[3].between(corners[1], inner),
    ];
    let poses = Surface::from_centres(size, centres, camera, 0.0, true)?;
    let fits = poses.map(|pose| fit(&pose, &anchors, camera));
    let (surface, apart) = if fits[0].1 <= fits[1].1 {
        fits[0]
    } else {
        fits[1]
    };
    let levels = Levels::of(view, &surface.map().grid(size), size);
    (apart < 1.0).then(|| graded(&levels, layout, reading))?
}

fn outer_corners(surface: &Surface) -> [Point; 4] {
    let (map, far) = (surface.map(), surface.size as f32);
    [(0.0, 0.0), (far, 0.0), (far, far), (0.0, far)].map(|(x, y)| map.at(x, y))
}

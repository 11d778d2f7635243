//! The soft lane: reads symbols from grey levels where black and white was not enough.
//!
//! 1. Finders of all bitmaps are merged and combined into triples (`anchors.rs`).
//!    Where one cannot be seen at all, its place is concluded from two (`pairs.rs`).
//! 2. For a triple, a part of the picture is freed of light and shadow (`signed.rs`), and surfaces are
//!    proposed: sizes near the estimate, flat first, then bent around either axis (`surface.rs`). Each
//!    is fitted to the finders (`fit.rs`) and scored by the fixed patterns (`score.rs`).
//! 3. The best climb on that score; so timing lines and alignment patterns place what the finders
//!    alone leave open.
//! 4. Modules are sampled with certainties (`sample.rs`) and corrected with erasures (`symbol/`); when
//!    that fails, the grid is pulled into place (`residual.rs`), then blur is undone (`equalise.rs`).

mod anchors;
mod attempt;
mod equalise;
mod fit;
mod pairs;
mod recover;
mod residual;
mod sample;
mod score;
mod signed;
mod surface;

use super::fast::{Pass, Pyramid};
use super::finder::Sampled;
use super::geometry::Point;
use super::grade::LabelGrade;
use super::limit::Limit;
use super::symbol::Modules;
use anchors::{Seen, Triple};
use attempt::Place;
use surface::Camera;

/// Triples tried when the first code is enough, and when all are wanted.
const MOST_TRIPLES: [usize; 2] = [7, 60];
/// Triples tried when the lane runs again with more finders.
const MOST_AGAIN: usize = 4;
/// Finders whose surroundings are searched for lost ones, likewise.
const MOST_RECOVERED: [usize; 2] = [3, 12];
/// Triples of two finders and a supposed one, likewise.
const MOST_PAIRED: [usize; 2] = [4, 24];
/// Modules are sampled on the step of the pyramid where they are at least so many pixels.
const LEAST_MODULE: f32 = 2.4;

/// Runs the lane on what the fast lane saw. `known` are middles of codes that were read. `take` gets
/// every symbol with corners in frame pixels and says whether to go on.
pub fn run(
    pyramid: &Pyramid<'_>,
    passes: &[Pass],
    wants_all: bool,
    limit: &Limit<'_>,
    known: &[Point],
    mut take: impl FnMut(Sampled) -> bool,
) -> Findings {
    let mut findings = Findings::default();
    run_on(
        pyramid,
        anchors::collect(passes),
        wants_all,
        limit,
        known,
        &mut take,
        &mut findings,
    );
    findings
}

/// Runs the lane again with the finders of more bitmaps; only triples with a new finder are tried.
pub fn run_again(
    pyramid: &Pyramid<'_>,
    more: &[Pass],
    wants_all: bool,
    limit: &Limit<'_>,
    known: &[Point],
    mut take: impl FnMut(Sampled) -> bool,
    findings: &mut Findings,
) {
    let mut seen = findings.seen.clone();
    for finder in anchors::collect(more) {
        anchors::merge(&mut seen, finder);
    }
    if seen.len() > findings.seen.len() {
        run_on(pyramid, seen, wants_all, limit, known, &mut take, findings);
    }
}

/// What the lane saw without reading it.
#[derive(Debug, Default)]
pub struct Findings {
    /// Finders, guesses included.
    seen: Vec<Seen>,
    /// Symbols that were placed but not corrected.
    pub unread: Vec<Unread>,
}

impl Findings {
    /// Whether anything on the picture speaks for a symbol.
    pub fn has_clue(&self) -> bool {
        self.seen
            .iter()
            .filter(|finder| !finder.is_guess && finder.is_square())
            .count()
            >= 2
            || !self.unread.is_empty()
    }
}

/// A symbol that was placed but not corrected: its certainties may add up over frames.
#[derive(Clone, Debug)]
pub struct Unread {
    /// Certainties.
    pub modules: Modules,
    /// Outer corners in frame pixels.
    pub corners: [Point; 4],
    /// Agreement of the fixed patterns.
    pub score: f32,
}

fn run_on(
    pyramid: &Pyramid<'_>,
    mut seen: Vec<Seen>,
    wants_all: bool,
    limit: &Limit<'_>,
    known: &[Point],
    take: &mut dyn FnMut(Sampled) -> bool,
    findings: &mut Findings,
) {
    let before = std::mem::take(&mut findings.seen);
    let is_new = |triple: &Triple| {
        triple
            .finders
            .iter()
            .any(|finder| !anchors::is_among(&before, finder))
    };
    let mut search = Search {
        unread: &mut findings.unread,
        pyramid,
        limit,
        wants_all,
        done: known.to_vec(),
        take,
    };
    let is_first = before.is_empty();
    let most = if is_first {
        MOST_TRIPLES[usize::from(wants_all)]
    } else {
        MOST_AGAIN
    };
    let plain = anchors::triples(&seen).into_iter().filter(is_new);
    let mut goes_on = search.try_triples(plain.take(most));
    if goes_on && search.recover(&mut seen, &before) {
        let guessed = anchors::triples(&seen).into_iter().filter(is_new);
        let guessed = guessed.filter(|triple| triple.finders.iter().any(|finder| finder.is_guess));
        goes_on = search.try_triples(guessed.take(most));
    }
    // Once is enough: what sharper bitmaps add are finders that were seen, not covered ones.
    if goes_on && is_first {
        let paired = pairs::triples(&seen, |finder| search.is_true(finder));
        let most = MOST_PAIRED[usize::from(wants_all)];
        search.try_triples(paired.into_iter().take(most));
    }
    findings.seen = seen;
}

/// The lane at work on one frame.
struct Search<'a> {
    pyramid: &'a Pyramid<'a>,
    limit: &'a Limit<'a>,
    wants_all: bool,
    /// Middles of codes that were read.
    done: Vec<Point>,
    unread: &'a mut Vec<Unread>,
    take: &'a mut dyn FnMut(Sampled) -> bool,
}

impl Search<'_> {
    /// Says whether to go on.
    fn try_triples(&mut self, triples: impl Iterator<Item = Triple>) -> bool {
        for triple in triples {
            if self.limit.is_over() {
                return false;
            }
            let [_, right, below] = &triple.finders;
            let middle = right.centre.between(below.centre, 0.5);
            let reach = right.centre.distance(below.centre) * 0.25;
            if self.done.iter().any(|place| place.distance(middle) < reach) {
                continue;
            }
            if let Some(sampled) = read(self.pyramid, &triple, self.limit, self.unread) {
                self.done.push(middle);
                if !(self.take)(sampled) {
                    return false;
                }
            }
        }
        true
    }

    fn is_true(&self, finder: &Seen) -> bool {
        let step = step_for(self.pyramid, std::slice::from_ref(finder));
        let view = self.pyramid.step(step);
        recover::is_true(&view, &finder.scaled(1.0 / (1u32 << step) as f32))
    }

    /// Looks for lost siblings of the finders that were seen. Says whether any was found.
    fn recover(&self, seen: &mut Vec<Seen>, old: &[Seen]) -> bool {
        let before = seen.len();
        let is_new = |finder: &&Seen| finder.is_square() && !anchors::is_among(old, finder);
        let mut known: Vec<Seen> = seen.iter().filter(is_new).copied().collect();
        known.sort_by(|a, b| b.side.total_cmp(&a.side));
        for finder in known
            .iter()
            .take(MOST_RECOVERED[usize::from(self.wants_all)])
        {
            if self.limit.is_over() {
                break;
            }
            let step = step_for(self.pyramid, std::slice::from_ref(finder));
            let factor = (1u32 << step) as f32;
            let view = self.pyramid.step(step);
            for sibling in recover::siblings(&view, &finder.scaled(1.0 / factor)) {
                anchors::merge(seen, sibling.scaled(factor));
            }
        }
        seen.len() > before
    }
}

/// Reads the symbol of a triple, corners in frame pixels.
fn read(
    pyramid: &Pyramid<'_>,
    triple: &Triple,
    limit: &Limit<'_>,
    unread: &mut Vec<Unread>,
) -> Option<Sampled> {
    let step = step_for(pyramid, &triple.finders);
    let scale = (1u32 << step) as f32;
    let view = pyramid.step(step);
    let finders = triple.finders.map(|finder| finder.scaled(1.0 / scale));
    let place = Place::of(
        view,
        Camera::of_frame(view.width(), view.height()),
        &finders,
    )?;
    let mut misses = Vec::new();
    let sampled = attempt::read(&place, &finders, limit, &mut misses);
    unread.extend(misses.into_iter().map(|miss: Unread| Unread {
        corners: miss.corners.map(|corner| corner.scaled(scale)),
        ..miss
    }));
    let mut sampled = sampled?;
    sampled.corners = sampled.corners.map(|corner| corner.scaled(scale));
    Some(sampled)
}

/// Grades a symbol of the fast lane from its corners in frame pixels.
pub fn grade(pyramid: &Pyramid<'_>, sampled: &Sampled) -> Option<LabelGrade> {
    let view = pyramid.step(0);
    let camera = Camera::of_frame(view.width(), view.height());
    attempt::grade_flat(&view, camera, sampled.corners, &sampled.reading)
}

/// The coarsest step that still shows modules well.
fn step_for(pyramid: &Pyramid<'_>, finders: &[Seen]) -> usize {
    let module = finders.iter().map(Seen::narrowest).fold(f32::MAX, f32::min);
    let fits = |step: &usize| module / (1u32 << step) as f32 >= LEAST_MODULE;
    (0..pyramid.len()).rev().find(fits).unwrap_or(0)
}

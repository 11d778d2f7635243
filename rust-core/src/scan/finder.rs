//! Finder patterns on a bitmap through rxing's detector, and the black-and-white reading of a symbol
//! from three of them. rxing may panic on odd geometry (its own documentation says so); every call is
//! fenced, and a panic counts as "nothing found".

use super::geometry::Point;
use super::grade::LabelGrade;
use super::symbol::{Effort, Modules, Reading, decode};
use rxing::common::cpp_essentials::ConcentricPattern;
use rxing::common::{BitMatrix, DetectorRXingResult as _};
use rxing::qrcode::cpp_port::detector::{
    FindFinderPatterns, FinderPatternSet, GenerateFinderPatternSets, SampleQR,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Finder patterns beyond this are texture, not print; combining them would cost seconds. A sheet of labels
/// has a hundred and twenty, when all codes are wanted.
const MOST_FINDERS: [usize; 2] = [300, 120];
/// Triples tried on one bitmap when all codes are wanted, and when the first is enough.
const MOST_TRIPLES: [usize; 2] = [400, 48];

/// What a bitmap shows.
#[derive(Debug, Default)]
pub struct Sighting {
    /// Single finder patterns.
    pub finders: Vec<ConcentricPattern>,
    /// Triples that could be symbols, most plausible first.
    pub triples: Vec<FinderPatternSet>,
}

/// A symbol read from a bitmap, with its corners there.
#[derive(Debug)]
pub struct Sampled {
    /// What it says.
    pub reading: Reading,
    /// Outer corners from the symbol's top left on, clockwise.
    pub corners: [Point; 4],
    /// Its print, when the lane measured it.
    pub grade: Option<LabelGrade>,
}

/// Finds finder patterns and combines them.
pub fn look(bits: &BitMatrix, wants_all: bool) -> Sighting {
    fenced(|| {
        let mut finders = FindFinderPatterns(bits, true, 0);
        finders.truncate(MOST_FINDERS[usize::from(!wants_all)]);
        let triples = GenerateFinderPatternSets(&mut finders);
        Some(Sighting { finders, triples })
    })
    .unwrap_or_default()
}

/// Reads the symbols whose finders were seen, each finder used once.
pub fn read(bits: &BitMatrix, sighting: &Sighting, wants_all: bool) -> Vec<Sampled> {
    let mut found = Vec::new();
    let mut used = Vec::new();
    read_triples(bits, &sighting.triples, wants_all, &mut used, &mut found);
    // Labels in rows stand as square to each other as the finders of one symbol do. What is left
    // over combines anew, without the finders of symbols that were read.
    let mut before = 0;
    while wants_all && found.len() > before {
        before = found.len();
        let mut rest = sighting.finders.clone();
        rest.retain(|finder| !used.contains(finder));
        let triples = fenced(|| Some(GenerateFinderPatternSets(&mut rest))).unwrap_or_default();
        read_triples(bits, &triples, wants_all, &mut used, &mut found);
    }
    found
}

fn read_triples(
    bits: &BitMatrix,
    triples: &[FinderPatternSet],
    wants_all: bool,
    used: &mut Vec<ConcentricPattern>,
    found: &mut Vec<Sampled>,
) {
    let most = MOST_TRIPLES[usize::from(!wants_all)];
    for triple in triples.iter().take(most) {
        let three = [triple.tl, triple.tr, triple.bl];
        if three.iter().any(|finder| used.contains(finder)) {
            continue;
        }
        if let Some(sampled) = fenced(|| sample(bits, triple)) {
            used.extend(three);
            found.push(sampled);
            if !wants_all {
                break;
            }
        }
    }
}

fn sample(bits: &BitMatrix, triple: &FinderPatternSet) -> Option<Sampled> {
    let sampled = SampleQR(bits, triple).ok()?;
    let matrix = sampled.getBits();
    let size = matrix.width();
    let places = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
    let values = places.map(|(x, y)| if matrix.get(x, y) { 1.0 } else { -1.0 });
    let modules = Modules {
        size: size as usize,
        values: values.collect(),
    };
    let reading = decode(&modules, Effort::Plain)?;
    // rxing names the lower corners from left to right and counts from the middle of the first pixel.
    let &[top_left, top_right, bottom_left, bottom_right] = sampled.getPoints() else {
        return None;
    };
    let corners = [top_left, top_right, bottom_right, bottom_left]
        .map(|corner| Point::from(corner) - Point::new(0.5, 0.5));
    Some(Sampled {
        reading,
        corners,
        grade: None,
    })
}

/// Runs foreign code that may panic; a panic is "nothing".
pub fn fenced<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten()
}

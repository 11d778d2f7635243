//! From certainties of modules to corrected data: format, mask, codewords, interleaved blocks,
//! Reed–Solomon with growing sets of erasures.
//!
//! Never a wrong payload: as soon as erasures are used, [`SPARE`] check symbols of every block stay
//! unused, so that a word that merely happens to be near is refused.

use super::content::{self, Content};
use super::format::{self, Format};
use super::layout::{Layout, layout_of_size};
use super::{Modules, reed_solomon};

/// Check symbols that stay unused when erasures are used.
pub const SPARE: usize = 3;

/// How hard to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Errors only, best format only, no mirror: for grids that were sampled black and white.
    Plain,
    /// Erasures, mirrored symbols, formats that fit nearly as well.
    Soft,
}

/// What a block cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Check symbols the block has.
    pub check: usize,
    /// Symbols corrected at unknown places.
    pub errors: usize,
    /// Symbols given up beforehand.
    pub erasures: usize,
}

impl Cost {
    /// Check symbols left unused.
    pub const fn unused(self) -> usize {
        self.check.saturating_sub(2 * self.errors + self.erasures)
    }
}

/// A symbol that was read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// 1 to 40.
    pub version: u32,
    /// Level and mask.
    pub format: Format,
    /// Rows and columns change places.
    pub is_mirrored: bool,
    /// What it says.
    pub content: Content,
    /// The most expensive block.
    pub cost: Cost,
    /// All codewords as they should have been printed, in printed order.
    pub codewords: Vec<u8>,
}

impl Reading {
    /// Whether module (column, row) as sampled ought to be dark; `None` for fixed patterns.
    pub fn ought(&self, layout: &Layout) -> Vec<(usize, bool)> {
        let bits = self
            .codewords
            .iter()
            .flat_map(|word| (0..8).rev().map(move |i| word >> i & 1 == 1));
        let places = layout.walk.iter().zip(bits);
        places
            .map(|(&(x, y), bit)| {
                let (x, y) = (usize::from(x), usize::from(y));
                let dark = bit ^ self.format.inverts(x, y);
                let index = if self.is_mirrored {
                    x * layout.size + y
                } else {
                    y * layout.size + x
                };
                (index, dark)
            })
            .collect()
    }
}

/// Reads a symbol from the certainties of its modules.
pub fn decode(modules: &Modules, effort: Effort) -> Option<Reading> {
    let layout = layout_of_size(modules.size)?;
    (modules.values.len() == layout.size * layout.size).then_some(())?;
    // What a format must fit at least, how far behind the best it may be, and how many are tried.
    let (least, behind, most) = match effort {
        Effort::Plain => (0.5, 0.15, 2),
        Effort::Soft => (LEAST_FIT, 0.25, 4),
    };
    let mut ranked = formats(modules);
    ranked.truncate(most);
    let best = ranked.first().map_or(0.0, |choice| choice.0);
    let mut worth = ranked
        .into_iter()
        .filter(|(fit, ..)| *fit >= least && *fit >= best - behind);
    worth.find_map(|(_, format, is_mirrored)| {
        decode_as(modules, layout, format, is_mirrored, effort)
    })
}

/// Fit of a format below which a grid is not worth correcting.
pub const LEAST_FIT: f32 = 0.3;

/// How well the best format word fits: a quick test of a grid.
pub fn format_fit(modules: &Modules) -> f32 {
    formats(modules).first().map_or(0.0, |choice| choice.0)
}

/// Formats of both ways round, best first.
fn formats(modules: &Modules) -> Vec<(f32, Format, bool)> {
    let of = |is_mirrored: bool| {
        let ranked = format::ranked(modules, is_mirrored).into_iter();
        ranked.map(move |(fit, format)| (fit, format, is_mirrored))
    };
    let mut both: Vec<(f32, Format, bool)> = of(false).chain(of(true)).collect();
    // Stable: the symbol as printed goes before its mirror image.
    both.sort_by(|a, b| b.0.total_cmp(&a.0));
    both
}

fn decode_as(
    modules: &Modules,
    layout: &Layout,
    format: Format,
    is_mirrored: bool,
    effort: Effort,
) -> Option<Reading> {
    let (words, doubts) = codewords(modules, layout, format, is_mirrored);
    let (sizes, check) = layout.blocks(format.level)?;
    let spread = places_of_blocks(&sizes, check);
    let mut corrected = words.clone();
    let mut data = Vec::with_capacity(words.len());
    let mut worst = Cost {
        check,
        ..Cost::default()
    };
    for (places, size) in spread.iter().zip(&sizes) {
        let mut block: Vec<u8> = places.iter().map(|place| words[*place]).collect();
        let doubt: Vec<f32> = places.iter().map(|place| doubts[*place]).collect();
        let cost = correct_block(&mut block, &doubt, check, layout.version, effort)?;
        if cost.unused() <= worst.unused() {
            worst = cost;
        }
        for (place, word) in places.iter().zip(&block) {
            corrected[*place] = *word;
        }
        data.extend_from_slice(&block[..*size]);
    }
    let content = content::parse(&data, layout.version)?;
    Some(Reading {
        version: layout.version,
        format,
        is_mirrored,
        content,
        cost: worst,
        codewords: corrected,
    })
}

/// Codewords in printed order and the doubt about each: the larger, the likelier it is wrong.
fn codewords(
    modules: &Modules,
    layout: &Layout,
    format: Format,
    is_mirrored: bool,
) -> (Vec<u8>, Vec<f32>) {
    let eights = layout.walk.chunks_exact(8);
    eights
        .map(|eight| {
            let (mut word, mut doubt) = (0u8, 0f32);
            for &(x, y) in eight {
                let (x, y) = (usize::from(x), usize::from(y));
                let dark = modules.dark(x, y, is_mirrored);
                let sure = modules.values[modules.index(x, y, is_mirrored)].abs();
                word = word << 1 | u8::from(dark ^ format.inverts(x, y));
                // The chance that a bit is wrong falls off quickly with its certainty.
                doubt += (-8.0 * sure).exp();
            }
            (word, doubt)
        })
        .unzip()
}

/// For each block, where its codewords lie in printed order: data, then check symbols.
fn places_of_blocks(sizes: &[usize], check: usize) -> Vec<Vec<usize>> {
    let mut spread: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
    let mut next = 0;
    for i in 0..sizes.iter().copied().max().unwrap_or(0) {
        for (places, size) in spread.iter_mut().zip(sizes) {
            if i < *size {
                places.push(next);
                next += 1;
            }
        }
    }
    for _ in 0..check {
        for places in &mut spread {
            places.push(next);
            next += 1;
        }
    }
    spread
}

/// Check symbols the standard keeps for detecting errors in the smallest versions.
const fn kept_by_standard(version: u32, check: usize) -> usize {
    match (version, check) {
        (1, 7) => 3,
        (1 | 2, 10) => 2,
        (1, _) | (3, 15) => 1,
        _ => 0,
    }
}

fn correct_block(
    block: &mut [u8],
    doubt: &[f32],
    check: usize,
    version: u32,
    effort: Effort,
) -> Option<Cost> {
    let kept = kept_by_standard(version, check);
    let original = block.to_vec();
    if let Some(errors) = reed_solomon::correct(block, check, &[]) {
        if 2 * errors + kept <= check {
            return Some(Cost {
                check,
                errors,
                erasures: 0,
            });
        }
        block.copy_from_slice(&original);
    }
    if effort == Effort::Plain {
        return None;
    }
    let mut order: Vec<usize> = (0..block.len()).collect();
    order.sort_by(|a, b| doubt[*b].total_cmp(&doubt[*a]));
    for erasures in (2..).step_by(2).take_while(|count| count + SPARE < check) {
        let Some(erased) = order.get(..erasures) else {
            break;
        };
        if let Some(named) = reed_solomon::correct(block, check, erased) {
            let errors = named.saturating_sub(erasures);
            if erasures + 2 * errors + SPARE <= check {
                return Some(Cost {
                    check,
                    errors,
                    erasures,
                });
            }
            block.copy_from_slice(&original);
        }
    }
    None
}

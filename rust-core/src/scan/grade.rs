//! How well a label is printed and kept, in the manner of ISO/IEC 15415: the worst of symbol contrast,
//! modulation and unused error correction. The standard's lighting, aperture and five rotations are not
//! a phone's, and a phone knows no absolute reflectance (the paper counts as white), so this is the
//! *label grade*, not an ISO grade.

use super::symbol::{Layout, Reading};
use serde::Serialize;

/// A letter, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Letter {
    /// Very good.
    A,
    /// Good: what printing should reach.
    B,
    /// Fair.
    C,
    /// Poor: print it anew.
    D,
    /// Failing.
    F,
}

/// What a grade is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Parameter {
    /// Dark against light.
    Contrast,
    /// How far single modules are from the threshold between dark and light.
    Modulation,
    /// Error correction that dirt and damage left.
    UnusedCorrection,
}

/// The grade and what it comes from, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LabelGrade {
    /// The worst of the letters of the three parameters.
    pub letter: Letter,
    /// The parameter that costs most.
    pub costs_most: Parameter,
    /// Dark against light, of the light.
    pub contrast_percent: u8,
    /// Distance to the threshold that nineteen of twenty modules keep, of the contrast.
    pub modulation_percent: u8,
    /// Share of the error correction that was left unused in the worst block.
    pub unused_correction_percent: u8,
}

/// Least percent for A, B, C and D (limits of the standard as verifiers' manuals print them).
const CONTRAST: [u8; 4] = [70, 55, 40, 20];
const MODULATION: [u8; 4] = [50, 40, 30, 20];
const UNUSED_CORRECTION: [u8; 4] = [62, 50, 37, 25];

/// Grades a symbol from the grey levels of its modules and their thresholds.
pub fn grade(
    grey: &[f32],
    thresholds: &[f32],
    layout: &Layout,
    reading: &Reading,
) -> Option<LabelGrade> {
    let mut known: Vec<(usize, bool)> = reading.ought(layout);
    let fixed = layout.colours().into_iter().enumerate();
    known.extend(fixed.filter_map(|(index, colour)| Some((index, colour?))));
    let levels = |wanted: bool| {
        let mut levels: Vec<f32> = known
            .iter()
            .filter(|(_, dark)| *dark == wanted)
            .filter_map(|(index, _)| grey.get(*index).copied())
            .collect();
        levels.sort_by(f32::total_cmp);
        levels
    };
    let (dark, light) = (
        percentile(&levels(true), 50)?,
        percentile(&levels(false), 50)?,
    );
    let span = (light - dark).max(1.0);
    let mut margins: Vec<f32> = known
        .iter()
        .filter_map(|(index, dark)| {
            let apart = grey.get(*index)? - thresholds.get(*index)?;
            Some(if *dark { -apart } else { apart })
        })
        .collect();
    margins.sort_by(f32::total_cmp);
    let modulation = 2.0 * percentile(&margins, 5)? / span;
    Some(LabelGrade::of(
        percent(span / light.max(1.0)),
        percent(modulation),
        percent(reading.cost.unused() as f32 / reading.cost.check.max(1) as f32),
    ))
}

fn percentile(sorted: &[f32], percent: usize) -> Option<f32> {
    sorted
        .get(sorted.len().saturating_sub(1) * percent / 100)
        .copied()
}

fn percent(share: f32) -> u8 {
    (share * 100.0).round().clamp(0.0, 100.0) as u8
}

impl LabelGrade {
    fn of(contrast: u8, modulation: u8, unused: u8) -> Self {
        let letters = [
            (letter(contrast, CONTRAST), Parameter::Contrast),
            (letter(modulation, MODULATION), Parameter::Modulation),
            (
                letter(unused, UNUSED_CORRECTION),
                Parameter::UnusedCorrection,
            ),
        ];
        let mut worst = letters[0];
        for next in letters {
            if next.0 > worst.0 {
                worst = next;
            }
        }
        Self {
            letter: worst.0,
            costs_most: worst.1,
            contrast_percent: contrast,
            modulation_percent: modulation,
            unused_correction_percent: unused,
        }
    }
}

fn letter(percent: u8, least: [u8; 4]) -> Letter {
    let letters = [Letter::A, Letter::B, Letter::C, Letter::D];
    let first = letters
        .into_iter()
        .zip(least)
        .find(|(_, least)| percent >= *least);
    first.map_or(Letter::F, |(letter, _)| letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_parameter_decides() {
        let grade = LabelGrade::of(80, 60, 45);
        assert_eq!(
            (grade.letter, grade.costs_most),
            (Letter::C, Parameter::UnusedCorrection)
        );
        assert_eq!(LabelGrade::of(80, 60, 70).letter, Letter::A);
        assert_eq!(LabelGrade::of(15, 60, 70).letter, Letter::F);
        assert_eq!(LabelGrade::of(80, 25, 70).letter, Letter::D);
    }
}

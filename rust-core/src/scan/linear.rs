//! Bar codes of meters: Code 128, Code 39 and interleaved 2 of 5, through rxing's row readers, along
//! rows and columns of the bitmaps of the fast lane.
//!
//! Bars carry little or no error control, so a code counts only when several lines agree on it, and
//! lines are tried only where bars are likely: many edges on a line, and the same ones a few lines on.

use super::code::CodeFormat;
use super::fast::Pass;
use super::finder::fenced;
use super::geometry::Point;
use super::limit::Limit;
use rxing::common::{BitArray, BitMatrix};
use rxing::oned::{Code39Reader, Code128Reader, ITFReader, OneDReader};
use rxing::{BarcodeFormat, DecodeHints, RXingResult};
use std::collections::HashSet;

/// Lines are tried this far apart, pixels of the bitmap.
const SPACING: usize = 6;
/// Edges on a line from which on bars are likely: three characters of Code 128 have eighteen.
const LEAST_EDGES: u32 = 30;
/// Of the pixels near edges, this share may differ one spacing further.
const MOST_CHANGE: f32 = 0.35;
/// Lines that must agree. Code 128 has a check character, the others have none.
const AGREEING: [usize; 2] = [2, 3];
/// Shortest content believed.
const SHORTEST: usize = 5;
/// Even lengths of interleaved 2 of 5 in use for meter and asset numbers.
const ITF_LENGTHS: [u32; 9] = [8, 10, 12, 14, 16, 18, 20, 22, 24];

/// A bar code that was read, with corners in frame pixels.
#[derive(Debug)]
pub struct Bars {
    /// Kind.
    pub format: CodeFormat,
    /// Content.
    pub bytes: Vec<u8>,
    /// Around all lines that agreed.
    pub corners: [Point; 4],
    agreeing: usize,
}

/// Reads the bar codes of the bitmaps.
pub fn run(passes: &[Pass], limit: &Limit<'_>) -> Vec<Bars> {
    let mut found: Vec<Bars> = Vec::new();
    for pass in passes {
        for is_column in [false, true] {
            read_lines(&pass.bits, is_column, pass.scale(), limit, &mut found);
        }
    }
    found.retain(|bars| {
        let needed = AGREEING[usize::from(bars.format != CodeFormat::Code128)];
        bars.agreeing >= needed
    });
    found
}

fn read_lines(
    bits: &BitMatrix,
    is_column: bool,
    scale: f32,
    limit: &Limit<'_>,
    found: &mut Vec<Bars>,
) {
    let count = if is_column {
        bits.width()
    } else {
        bits.height()
    } as usize;
    let hints = hints();
    let mut last: Option<BitArray> = None;
    for index in (0..count).step_by(SPACING) {
        if limit.is_over() {
            return;
        }
        let line = if is_column {
            bits.getCol(index as u32)
        } else {
            bits.getRow(index as u32)
        };
        let is_likely = last.as_ref().is_some_and(|before| has_bars(before, &line));
        if is_likely && let Some((format, result)) = fenced(|| read_line(&line, &hints)) {
            add(found, format, &result, index as f32 + 0.5, is_column, scale);
        }
        last = Some(line);
    }
}

fn hints() -> DecodeHints {
    DecodeHints {
        PossibleFormats: Some(HashSet::from([
            BarcodeFormat::CODE_128,
            BarcodeFormat::CODE_39,
            BarcodeFormat::ITF,
        ])),
        AllowedLengths: Some(ITF_LENGTHS.to_vec()),
        ..DecodeHints::default()
    }
}

/// Whether two lines a spacing apart show the same many edges.
fn has_bars(before: &BitArray, line: &BitArray) -> bool {
    let words = line.getBitArray().iter().zip(before.getBitArray());
    let (mut edges, mut changed) = (0, 0);
    for (now, then) in words {
        let own = (now ^ (now >> 1)).count_ones();
        // Parts without edges say nothing.
        if own >= 6 {
            edges += own;
            changed += (now ^ then).count_ones();
        }
    }
    edges >= LEAST_EDGES && (changed as f32) < MOST_CHANGE * edges as f32
}

/// Reads one line, then backwards.
fn read_line(line: &BitArray, hints: &DecodeHints) -> Option<(CodeFormat, RXingResult)> {
    let size = line.get_size();
    let mut backwards = line.clone();
    backwards.reverse();
    for (line, is_turned) in [(line, false), (&backwards, true)] {
        let result = Code128Reader
            .decode_row(0, line, hints)
            .map(|result| (CodeFormat::Code128, result))
            .or_else(|_| {
                let result = Code39Reader::default().decode_row(0, line, hints);
                result.map(|result| (CodeFormat::Code39, result))
            })
            .or_else(|_| {
                let result = ITFReader::default().decode_row(0, line, hints);
                result.map(|result| (CodeFormat::Itf, result))
            });
        let Ok((format, mut result)) = result else {
            continue;
        };
        if result.getText().len() < SHORTEST {
            continue;
        }
        if is_turned {
            for point in result.getPointsMut() {
                point.x = size as f32 - point.x;
            }
        }
        return Some((format, result));
    }
    None
}

/// Adds a line to what was read, or begins with it.
fn add(
    found: &mut Vec<Bars>,
    format: CodeFormat,
    result: &RXingResult,
    at: f32,
    is_column: bool,
    scale: f32,
) {
    // Characters of these codes are below 256; rxing hands them out as text.
    let bytes: Vec<u8> = result
        .getText()
        .chars()
        .map(|c| u32::from(c) as u8)
        .collect();
    let along = result.getPoints().iter().map(|point| point.x);
    let (low, high) = along.fold((f32::MAX, f32::MIN), |(a, b), x| (a.min(x), b.max(x)));
    if low > high {
        return;
    }
    let place = |along: f32| {
        let place = if is_column {
            Point::new(at, along)
        } else {
            Point::new(along, at)
        };
        place.scaled(scale)
    };
    let ends = [place(low), place(high)];
    let known = found
        .iter_mut()
        .find(|bars| bars.format == format && bars.bytes == bytes);
    match known {
        Some(bars) => {
            bars.agreeing += 1;
            bars.corners = [bars.corners[0], bars.corners[1], ends[1], ends[0]];
        }
        None => found.push(Bars {
            format,
            bytes,
            corners: [ends[0], ends[1], ends[1], ends[0]],
            agreeing: 1,
        }),
    }
}

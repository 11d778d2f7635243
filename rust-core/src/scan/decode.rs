//! The order of the lanes and the rules of safety. The way in for stills; live preview goes through
//! `session.rs`, which calls this with a part of the frame.

use super::code::{Code, CodeFormat, Lane, Report, SymbolShape};
use super::fast::{self, Pyramid};
use super::finder::Sampled;
use super::limit::Limit;
use super::plane::GreyPlane;
use super::symbol::{Reading, to_text};

/// What to look for and how hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// All codes of the picture, or stop at the first.
    pub wants_all: bool,
    /// The dearest lane that may run.
    pub deepest: Lane,
    /// Also look for bar codes.
    pub wants_linear: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            wants_all: false,
            deepest: Lane::Rescue,
            wants_linear: true,
        }
    }
}

/// Looks for codes in a picture.
pub fn decode(plane: &GreyPlane<'_>, options: &Options, limit: &Limit<'_>) -> Report {
    let mut found = Found {
        plane,
        limit,
        wants_all: options.wants_all,
        report: Report::default(),
    };
    let pyramid = Pyramid::of(plane.view());
    found.report.lanes.push(Lane::Fast);
    fast::run(&pyramid, options.wants_all, limit, |sampled| {
        found.take(&sampled, Lane::Fast)
    });
    found.finish()
}

/// Codes so far.
struct Found<'a> {
    plane: &'a GreyPlane<'a>,
    limit: &'a Limit<'a>,
    wants_all: bool,
    report: Report,
}

impl Found<'_> {
    /// Adds a symbol unless it is known already; says whether to go on.
    fn take(&mut self, sampled: &Sampled, lane: Lane) -> bool {
        let code = Code {
            format: CodeFormat::Qr,
            bytes: sampled.reading.content.bytes.clone(),
            text: to_text(&sampled.reading.content),
            corners: sampled.corners.map(|corner| self.plane.displayed(corner)),
            lane,
            elapsed_us: self.limit.spent_us(),
            confidence: confidence(&sampled.reading),
            is_sure: lane == Lane::Fast,
            shape: Some(shape(&sampled.reading)),
            grade: None,
        };
        if !self.report.codes.iter().any(|known| known.is_same(&code)) {
            self.report.codes.push(code);
        }
        self.wants_all
    }

    fn finish(mut self) -> Report {
        self.report.elapsed_us = self.limit.spent_us();
        let is_done = !self.wants_all && !self.report.codes.is_empty();
        if !is_done {
            self.report.ended = self.limit.ended();
        }
        self.report
    }
}

fn shape(reading: &Reading) -> SymbolShape {
    SymbolShape {
        version: reading.version,
        level: reading.format.level_letter(),
        mask: reading.format.mask,
        is_mirrored: reading.is_mirrored,
    }
}

/// Percent of error correction left in the worst block.
fn confidence(reading: &Reading) -> u8 {
    let percent = 100 * reading.cost.unused() / reading.cost.check.max(1);
    u8::try_from(percent).unwrap_or(100)
}

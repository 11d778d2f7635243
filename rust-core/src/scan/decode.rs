//! The order of the lanes and the rules of safety. The way in for stills; live preview goes through
//! `session.rs`, which calls this frame by frame.
//!
//! A lane runs only when the cheaper ones left something to do, and the dear ones only where the
//! picture gives a reason: two finders, or a symbol that was placed but not read.

use super::code::{Code, CodeFormat, Lane, Report, SymbolShape};
use super::fast::{self, Pass, Pyramid};
use super::finder::Sampled;
use super::geometry::Point;
use super::limit::Limit;
use super::linear::{self, Bars};
use super::plane::GreyPlane;
use super::rescue;
use super::soft::{self, Unread};
use super::symbol::{Reading, to_text};

/// What to look for and how hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// All codes of the picture, or stop at the first.
    pub wants_all: bool,
    /// The dearest lane that may run.
    pub deepest: Lane,
    /// Also look for bar codes, when no QR code was found or all codes are wanted.
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
    look(plane, options, limit).0
}

/// Looks for codes; also tells which symbols were placed but not read.
pub(super) fn look(
    plane: &GreyPlane<'_>,
    options: &Options,
    limit: &Limit<'_>,
) -> (Report, Vec<Unread>) {
    let pyramid = Pyramid::of(plane.view());
    let mut found = Found {
        plane,
        pyramid: &pyramid,
        limit,
        wants_all: options.wants_all,
        middles: Vec::new(),
        report: Report::default(),
    };
    found.report.lanes.push(Lane::Fast);
    let passes = fast::run(&pyramid, options.wants_all, limit, |sampled| {
        found.take(&sampled, Lane::Fast)
    });
    let unread = if options.deepest >= Lane::Soft && found.goes_on() {
        dear_lanes(&mut found, &pyramid, &passes, options)
    } else {
        Vec::new()
    };
    if options.wants_linear && found.goes_on() {
        found.report.lanes.push(Lane::Linear);
        for bars in linear::run(&passes, limit) {
            found.take_bars(bars);
        }
    }
    (found.finish(), unread)
}

fn dear_lanes(
    found: &mut Found<'_>,
    pyramid: &Pyramid<'_>,
    passes: &[Pass],
    options: &Options,
) -> Vec<Unread> {
    let (all, limit) = (options.wants_all, found.limit);
    found.report.lanes.push(Lane::Soft);
    let known = found.middles.clone();
    let mut findings = soft::run(pyramid, passes, all, limit, &known, |sampled| {
        found.take(&sampled, Lane::Soft)
    });
    if options.deepest >= Lane::Rescue && findings.has_clue() && found.goes_on() {
        found.report.lanes.push(Lane::Rescue);
        let more = rescue::run(pyramid, passes, all, limit, |sampled| {
            found.take(&sampled, Lane::Rescue)
        });
        if found.goes_on() {
            let known = found.middles.clone();
            let mut take = |sampled: Sampled| found.take(&sampled, Lane::Rescue);
            soft::run_again(pyramid, &more, all, limit, &known, &mut take, &mut findings);
        }
    }
    findings.unread
}

/// Codes so far.
struct Found<'a> {
    plane: &'a GreyPlane<'a>,
    pyramid: &'a Pyramid<'a>,
    limit: &'a Limit<'a>,
    wants_all: bool,
    /// Where codes were read, in the picture as stored.
    middles: Vec<Point>,
    report: Report,
}

impl Found<'_> {
    /// Adds a symbol unless it is known already; says whether to go on.
    fn take(&mut self, sampled: &Sampled, lane: Lane) -> bool {
        let mut code = qr_code(&sampled.reading, lane);
        code.corners = sampled.corners.map(|corner| self.plane.displayed(corner));
        code.elapsed_us = self.limit.spent_us();
        code.grade = sampled.grade.or_else(|| soft::grade(self.pyramid, sampled));
        if !self.report.codes.iter().any(|known| known.is_same(&code)) {
            self.report.codes.push(code);
            self.middles
                .push(sampled.corners[0].between(sampled.corners[2], 0.5));
        }
        self.goes_on()
    }

    fn take_bars(&mut self, bars: Bars) {
        let code = Code {
            format: bars.format,
            text: bars.bytes.iter().map(|byte| char::from(*byte)).collect(),
            bytes: bars.bytes,
            corners: bars.corners.map(|corner| self.plane.displayed(corner)),
            lane: Lane::Linear,
            elapsed_us: self.limit.spent_us(),
            // Bars have no error correction to have left over.
            confidence: 0,
            is_sure: bars.format == CodeFormat::Code128,
            shape: None,
            grade: None,
        };
        if self.goes_on() && !self.report.codes.iter().any(|known| known.is_same(&code)) {
            self.report.codes.push(code);
        }
    }

    /// Whether there is something left to look for and time to do it.
    fn goes_on(&self) -> bool {
        (self.wants_all || self.report.codes.is_empty()) && !self.limit.is_over()
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

/// A code of a reading, not yet placed.
pub(super) fn qr_code(reading: &Reading, lane: Lane) -> Code {
    let percent = 100 * reading.cost.unused() / reading.cost.check.max(1);
    Code {
        format: CodeFormat::Qr,
        bytes: reading.content.bytes.clone(),
        text: to_text(&reading.content),
        corners: [Point::default(); 4],
        lane,
        elapsed_us: 0,
        confidence: u8::try_from(percent).unwrap_or(100),
        is_sure: lane == Lane::Fast,
        shape: Some(SymbolShape {
            version: reading.version,
            level: reading.format.level_letter(),
            mask: reading.format.mask,
            is_mirrored: reading.is_mirrored,
        }),
        grade: None,
    }
}

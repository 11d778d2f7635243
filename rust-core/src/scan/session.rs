//! Live preview: frame after frame of the same scene. What one frame leaves open the next may close:
//! - a code that was read a moment ago is looked for first, on a part of the full-size frame around it;
//! - certainties of a symbol that was placed but not read are added up over frames: glare and shake
//!   move, the print does not;
//! - a read of the dear lanes that nothing vouches for becomes sure when a second frame agrees;
//! - the dearest lanes run on every few frames only.

use super::code::{Code, Lane, Report};
use super::decode::{Options, look, qr_code};
use super::geometry::Point;
use super::limit::Limit;
use super::plane::{Crop, GreyPlane};
use super::soft::Unread;
use super::symbol::{Effort, Modules, decode};

/// A track is forgotten after so many frames without a sign of it.
const MEMORY_FRAMES: u64 = 12;
/// Frames of one symbol kept for adding up.
const MOST_FRAMES: usize = 8;
/// Two sightings belong together when their middles are closer than this share of the diagonal.
const SAME_PLACE: f32 = 0.4;
/// The part searched first is this many times as large as the code was.
const MARGIN: f32 = 1.5;
/// The rescue lane and bar codes have their turn once in so many frames.
const RESCUE_EVERY: u64 = 4;
const LINEAR_EVERY: u64 = 6;

/// One live preview. Frames come through [`Session::look`].
#[derive(Debug, Default)]
pub struct Session {
    frame: u64,
    /// Where a code was read last, as stored in memory, and when.
    last_read: Option<([Point; 4], u64)>,
    tracks: Vec<Track>,
    /// Unsure reads and the frame of each.
    unsure: Vec<(Vec<u8>, u64)>,
}

/// A symbol that was placed on several frames.
#[derive(Debug)]
struct Track {
    size: usize,
    corners: [Point; 4],
    last_frame: u64,
    /// Certainties and their weights, newest last.
    frames: Vec<(Modules, f32)>,
}

impl Session {
    /// A session without a past.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at the next frame.
    pub fn look(&mut self, plane: &GreyPlane<'_>, options: &Options, limit: &Limit<'_>) -> Report {
        self.frame += 1;
        self.forget();
        let mut report = match self.look_near(plane, options, limit) {
            Some(report) => report,
            None => self.look_everywhere(plane, options, limit),
        };
        report.elapsed_us = limit.spent_us();
        for code in &mut report.codes {
            self.agree(code);
        }
        report
    }

    /// The part of the frame where a code was read a moment ago, fast lane only.
    fn look_near(
        &mut self,
        plane: &GreyPlane<'_>,
        options: &Options,
        limit: &Limit<'_>,
    ) -> Option<Report> {
        let (corners, _) = self.last_read.filter(|_| !options.wants_all)?;
        let part = plane.cropped(crop_around(plane, corners)?).ok()?;
        let fast = Options {
            deepest: Lane::Fast,
            wants_linear: false,
            ..*options
        };
        let (report, _) = look(&part, &fast, limit);
        (!report.codes.is_empty()).then_some(report)
    }

    fn look_everywhere(
        &mut self,
        plane: &GreyPlane<'_>,
        options: &Options,
        limit: &Limit<'_>,
    ) -> Report {
        let has_turn = |every: u64| self.frame % every == 1;
        let options = Options {
            deepest: if has_turn(RESCUE_EVERY) {
                options.deepest
            } else {
                options.deepest.min(Lane::Soft)
            },
            wants_linear: options.wants_linear && has_turn(LINEAR_EVERY),
            ..*options
        };
        // Corners are compared as stored; results turn for the display at the end.
        let (mut report, unread) = look(plane, &options, limit);
        for miss in unread {
            if !options.wants_all && !report.codes.is_empty() {
                break;
            }
            if let Some(mut code) = self.fuse(miss) {
                code.corners = code.corners.map(|corner| plane.displayed(corner));
                code.elapsed_us = limit.spent_us();
                report.lanes.push(Lane::Fusion);
                report.codes.push(code);
            }
        }
        report
    }

    /// Adds a sighting to its track and tries to read the sum.
    fn fuse(&mut self, miss: Unread) -> Option<Code> {
        let frame = self.frame;
        let is_same = |track: &&mut Track| {
            let reach = track.corners[0].distance(track.corners[2]) * SAME_PLACE;
            track.size == miss.modules.size
                && middle(track.corners).distance(middle(miss.corners)) < reach
        };
        let weight = miss.score * miss.score;
        let track = match self.tracks.iter_mut().find(is_same) {
            Some(track) => track,
            None => {
                self.tracks.push(Track {
                    size: miss.modules.size,
                    corners: miss.corners,
                    last_frame: frame,
                    frames: Vec::new(),
                });
                self.tracks.last_mut()?
            }
        };
        let is_first = track.frames.is_empty();
        track.corners = miss.corners;
        track.last_frame = frame;
        track.frames.push((miss.modules, weight));
        if track.frames.len() > MOST_FRAMES {
            track.frames.remove(0);
        }
        if is_first {
            return None;
        }
        let reading = track.sums().find_map(|sum| decode(&sum, Effort::Soft))?;
        let mut code = qr_code(&reading, Lane::Fusion);
        code.corners = miss.corners;
        Some(code)
    }

    /// Marks a read as sure when an earlier frame said the same.
    fn agree(&mut self, code: &mut Code) {
        let frame = self.frame;
        let is_seen = |(bytes, when): &(Vec<u8>, u64)| *bytes == code.bytes && *when != frame;
        if !code.is_sure && self.unsure.iter().any(is_seen) {
            code.is_sure = true;
        }
        self.unsure.push((code.bytes.clone(), frame));
        self.last_read = Some((code.corners, frame));
    }

    fn forget(&mut self) {
        let oldest = self.frame.saturating_sub(MEMORY_FRAMES);
        self.tracks.retain(|track| track.last_frame >= oldest);
        self.unsure.retain(|(_, frame)| *frame >= oldest);
        self.last_read = self.last_read.filter(|(_, frame)| *frame >= oldest);
    }
}

impl Track {
    /// Sums worth reading: all frames, then the newest with each older one.
    fn sums(&self) -> impl Iterator<Item = Modules> + '_ {
        let all: Vec<usize> = (0..self.frames.len()).collect();
        let newest = self.frames.len().saturating_sub(1);
        let pairs = (0..newest).map(move |older| vec![older, newest]);
        std::iter::once(all)
            .chain(pairs)
            .map(|frames| self.sum(&frames))
    }

    fn sum(&self, frames: &[usize]) -> Modules {
        let mut values = vec![0.0; self.size * self.size];
        let mut weight = 1e-6;
        for (modules, share) in frames.iter().filter_map(|i| self.frames.get(*i)) {
            weight += share;
            for (value, part) in values.iter_mut().zip(&modules.values) {
                *value += part * share;
            }
        }
        // Frames err independently: certainty grows with the root of their number.
        let factor = (frames.len() as f32).sqrt() / weight;
        for value in &mut values {
            *value = (*value * factor).clamp(-1.0, 1.0);
        }
        Modules {
            size: self.size,
            values,
        }
    }
}

fn middle(corners: [Point; 4]) -> Point {
    let sum = corners
        .iter()
        .fold(Point::default(), |sum, corner| sum + *corner);
    sum.scaled(0.25)
}

/// A box around the corners (as displayed) with a margin, inside the picture as stored.
fn crop_around(plane: &GreyPlane<'_>, corners: [Point; 4]) -> Option<Crop> {
    let corners = corners.map(|corner| plane.stored(corner));
    let centre = middle(corners);
    let reach = corners
        .iter()
        .map(|corner| corner.distance(centre))
        .fold(0.0, f32::max)
        * MARGIN;
    let (width, height) = plane.size();
    let edge = |value: f32, most: usize| value.clamp(0.0, most as f32) as usize;
    let (left, right) = (edge(centre.x - reach, width), edge(centre.x + reach, width));
    let (top, bottom) = (
        edge(centre.y - reach, height),
        edge(centre.y + reach, height),
    );
    let is_enough = right >= left + 21 && bottom >= top + 21;
    is_enough.then(|| Crop {
        left,
        top,
        width: right - left,
        height: bottom - top,
    })
}

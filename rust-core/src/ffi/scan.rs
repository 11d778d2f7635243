//! The decoder at the door: a camera's luma rows go in as they lie in memory, codes with their corners
//! come out; and what a code means, in words.

use super::errors::guarded;
use super::{Core, PhoneError, Words};
use crate::clock::SystemClock;
use crate::error::CoreError;
use crate::lookup::{Meaning, Verdict};
use crate::pictures::grey;
use crate::scan::{
    Code, Ended, GreyPlane, Lane, Limit, Options, Report, Rotation, Session, decode,
};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Longest time for one live frame, microseconds: the next one is fresher.
const FRAME_BUDGET_US: u64 = 120_000;
/// Longest time for a still picture, microseconds.
const PICTURE_BUDGET_US: u64 = 3_000_000;

/// A corner in the picture as displayed, pixels.
#[derive(uniffi::Record, Clone, Copy, Debug, PartialEq)]
pub struct Corner {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// One code.
#[derive(uniffi::Record, Clone, Debug, PartialEq)]
pub struct ScannedCode {
    /// What it says. May hold control characters: show it only through [`ScanVerdict`].
    pub text: String,
    /// `qr`, `code_128`, `code_39` or `itf`.
    pub format: String,
    /// Outer corners, clockwise.
    pub corners: Vec<Corner>,
    /// A second frame is not needed before acting on it.
    pub is_sure: bool,
    /// Share of error correction left unused, 0 to 100.
    pub confidence: u8,
}

/// What one picture held.
#[derive(uniffi::Record, Clone, Debug, PartialEq)]
pub struct FrameView {
    /// Codes, in the order they were read.
    pub codes: Vec<ScannedCode>,
    /// Microseconds it took.
    pub elapsed_us: u64,
    /// The budget ran out before everything was tried.
    pub is_cut: bool,
}

/// Frames since the scanner was made, for the diagnosis.
#[derive(uniffi::Record, Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScannerCounts {
    /// Searched.
    pub frames: u64,
    /// With a code.
    pub hits: u64,
    /// Microseconds altogether.
    pub elapsed_us: u64,
}

/// What a scanned text means.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct ScanVerdict {
    /// `known`, `unknown`, `number`, `not_ours`, `newer` or `misread`.
    pub meaning: String,
    /// In words.
    pub words: Words,
    /// Going on with it makes sense.
    pub is_usable: bool,
}

/// Reads codes. Knows no store: may be called from the camera's thread, one frame at a time.
#[derive(uniffi::Object, Debug, Default)]
pub struct Scanner {
    watch: SystemClock,
    is_cancelled: AtomicBool,
    frames: AtomicU64,
    hits: AtomicU64,
    elapsed_us: AtomicU64,
    /// What the frames of this preview know of each other.
    session: Mutex<Session>,
}

#[uniffi::export]
impl Scanner {
    /// A scanner.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Looks for codes in a live frame: `luma` are grey rows `stride` bytes apart, not copied. Frames of
    /// one scanner belong together: a code is followed, and what one frame leaves open the next closes.
    pub fn frame(
        &self,
        luma: &[u8],
        width: u32,
        height: u32,
        stride: u32,
        rotation_degrees: u32,
    ) -> Result<FrameView, PhoneError> {
        let options = Options {
            wants_all: false,
            deepest: Lane::Rescue,
            wants_linear: true,
        };
        let plane = Plane(luma, width, height, stride, rotation_degrees);
        guarded(|| {
            let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
            self.search(&plane, FRAME_BUDGET_US, |plane, limit| {
                session.look(plane, &options, limit)
            })
        })
    }

    /// Looks for codes in a still picture, harder and longer.
    pub fn picture(
        &self,
        luma: &[u8],
        width: u32,
        height: u32,
        stride: u32,
    ) -> Result<FrameView, PhoneError> {
        let plane = Plane(luma, width, height, stride, 0);
        guarded(|| self.still(&plane))
    }

    /// Looks for codes in a picture file: JPEG, PNG or WebP.
    pub fn picture_file(&self, path: String) -> Result<FrameView, PhoneError> {
        guarded(|| {
            let picture = grey::load(Path::new(&path))?;
            let side = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX);
            let (width, height) = (side(picture.width), side(picture.height));
            self.still(&Plane(&picture.grey, width, height, width, 0))
        })
    }

    /// The screen is gone: a search under way ends soon, later ones at once.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Figures for the diagnosis.
    pub fn counts(&self) -> ScannerCounts {
        ScannerCounts {
            frames: self.frames.load(Ordering::Relaxed),
            hits: self.hits.load(Ordering::Relaxed),
            elapsed_us: self.elapsed_us.load(Ordering::Relaxed),
        }
    }
}

/// Rows as they come in: bytes, width, height, stride, rotation.
struct Plane<'a>(&'a [u8], u32, u32, u32, u32);

impl Scanner {
    fn still(&self, given: &Plane<'_>) -> Result<FrameView, CoreError> {
        let options = Options::default();
        self.search(given, PICTURE_BUDGET_US, |plane, limit| {
            decode(plane, &options, limit)
        })
    }

    fn search(
        &self,
        given: &Plane<'_>,
        budget_us: u64,
        look: impl FnOnce(&GreyPlane<'_>, &Limit<'_>) -> Report,
    ) -> Result<FrameView, CoreError> {
        let Plane(luma, width, height, stride, degrees) = *given;
        let rotation = match degrees % 360 {
            90 => Rotation::Quarter,
            180 => Rotation::Half,
            270 => Rotation::ThreeQuarters,
            _ => Rotation::None,
        };
        let plane =
            GreyPlane::new(luma, size(width), size(height), size(stride))?.rotated(rotation);
        let limit = Limit::of(&self.watch, budget_us).or_when(&self.is_cancelled);
        let report = look(&plane, &limit);
        self.frames.fetch_add(1, Ordering::Relaxed);
        self.elapsed_us
            .fetch_add(report.elapsed_us, Ordering::Relaxed);
        if !report.codes.is_empty() {
            self.hits.fetch_add(1, Ordering::Relaxed);
        }
        Ok(FrameView {
            codes: report.codes.into_iter().map(ScannedCode::from).collect(),
            elapsed_us: report.elapsed_us,
            is_cut: report.ended == Ended::Budget,
        })
    }
}

fn size(pixels: u32) -> usize {
    usize::try_from(pixels).unwrap_or(usize::MAX)
}

impl From<Code> for ScannedCode {
    fn from(code: Code) -> Self {
        let corners = code.corners.iter().map(|corner| Corner {
            x: corner.x,
            y: corner.y,
        });
        Self {
            corners: corners.collect(),
            format: code.format.as_str().to_owned(),
            is_sure: code.is_sure,
            confidence: code.confidence,
            text: code.text,
        }
    }
}

#[uniffi::export]
impl Core {
    /// What a scanned text or typed number means, from the phone's own archive.
    pub fn judge(&self, text: String) -> Result<ScanVerdict, PhoneError> {
        guarded(|| {
            let Verdict { meaning, zh, en } = self.phone().lookup().judge(&text)?;
            Ok(ScanVerdict {
                meaning: meaning.as_str().to_owned(),
                is_usable: matches!(meaning, Meaning::Known | Meaning::Unknown | Meaning::Number),
                words: Words { zh, en },
            })
        })
    }
}

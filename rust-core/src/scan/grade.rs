//! How well a label is printed and kept, in the manner of ISO/IEC 15415. The standard's lighting and
//! five rotations are not a phone's, so this is the *label grade*, not an ISO grade.

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

/// The grade and what it comes from, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LabelGrade {
    /// The worst of the letters below.
    pub letter: Letter,
    /// Share of the error correction that was left unused.
    pub unused_correction_percent: u8,
}

//! What the decoder hands out. The bytes are the result; text is only for reading them.

use super::geometry::Point;
use super::grade::LabelGrade;
use super::limit::Ended;
use serde::Serialize;

/// What kind of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeFormat {
    /// QR code, model 2.
    Qr,
    /// Bars: Code 128.
    #[serde(rename = "code_128")]
    Code128,
    /// Bars: Code 39.
    #[serde(rename = "code_39")]
    Code39,
    /// Bars: interleaved 2 of 5.
    Itf,
}

impl CodeFormat {
    /// The word used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Qr => "qr",
            Self::Code128 => "code_128",
            Self::Code39 => "code_39",
            Self::Itf => "itf",
        }
    }
}

/// How much work a read took, cheapest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Black and white bitmaps; every frame.
    #[default]
    Fast,
    /// Bar codes.
    Linear,
    /// Grey grid with erasures and curved surfaces; where something like a symbol was seen.
    Soft,
    /// Sharpening, enlarging, inverting, searching for lost finders; now and then.
    Rescue,
    /// Several frames of one symbol added up.
    Fusion,
}

impl Lane {
    /// The word used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Linear => "linear",
            Self::Soft => "soft",
            Self::Rescue => "rescue",
            Self::Fusion => "fusion",
        }
    }
}

/// How a QR symbol was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SymbolShape {
    /// 1 to 40.
    pub version: u32,
    /// L, M, Q or H.
    pub level: char,
    /// 0 to 7.
    pub mask: u8,
    /// Seen in a mirror or through the back.
    pub is_mirrored: bool,
}

/// One code that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// Kind.
    pub format: CodeFormat,
    /// Exactly what the code stores.
    pub bytes: Vec<u8>,
    /// The bytes as text, by the code's own designator or a guess. May hold control characters.
    pub text: String,
    /// Outer corners in the picture as displayed: top left of the symbol first, then clockwise in the
    /// symbol's own orientation.
    pub corners: [Point; 4],
    /// Who read it.
    pub lane: Lane,
    /// Microseconds from the beginning of the call.
    pub elapsed_us: u64,
    /// 0 to 100: the share of error correction that was left unused.
    pub confidence: u8,
    /// False for reads of the soft lanes that nothing vouches for: without a valid signature a second
    /// frame must agree before anybody acts on it.
    pub is_sure: bool,
    /// Shape of a QR symbol.
    pub shape: Option<SymbolShape>,
    /// How well the label is printed and kept.
    pub grade: Option<LabelGrade>,
}

impl Code {
    /// Middle of the corners.
    pub fn centre(&self) -> Point {
        let sum = self
            .corners
            .iter()
            .fold(Point::default(), |sum, corner| sum + *corner);
        sum.scaled(0.25)
    }

    /// Whether `other` is the same code at the same place.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let reach = self.corners[0].distance(self.corners[2]) * 0.4;
        self.format == other.format
            && self.bytes == other.bytes
            && self.centre().distance(other.centre()) < reach.max(4.0)
    }
}

/// What one call found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Codes, in the order they were read.
    pub codes: Vec<Code>,
    /// Lanes that ran, whether they read something or not.
    pub lanes: Vec<Lane>,
    /// Microseconds the call took.
    pub elapsed_us: u64,
    /// Why it ended.
    pub ended: Ended,
}

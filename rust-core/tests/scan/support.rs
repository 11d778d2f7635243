//! Flat pictures of symbols, and a clock that stands still.

use dianma_core::scan::{GreyPlane, Limit, Options, Report, Watch, decode};
use qrcodegen::{QrCode, QrCodeEcc, QrSegment};

/// A clock that does not move: budgets never run out by themselves.
pub struct Still;

impl Watch for Still {
    fn now_us(&self) -> u64 {
        0
    }
}

/// A grey picture.
pub struct Picture {
    pub bytes: Vec<u8>,
    pub width: usize,
    pub height: usize,
}

impl Picture {
    /// A symbol of `module` pixels a module with its quiet zone, dark on light.
    pub fn of(segments: &[QrSegment], module: usize) -> Self {
        let code = QrCode::encode_segments(segments, QrCodeEcc::Medium).expect("it fits");
        let side = (usize::try_from(code.size()).expect("a size") + 8) * module;
        let dark = |at: usize| i32::try_from(at / module).expect("a small picture") - 4;
        let pixels = (0..side * side).map(|i| {
            if code.get_module(dark(i % side), dark(i / side)) {
                40
            } else {
                220
            }
        });
        Self {
            bytes: pixels.collect(),
            width: side,
            height: side,
        }
    }

    pub fn text(text: &str, module: usize) -> Self {
        Self::of(&QrSegment::make_segments(text), module)
    }

    pub fn plane(&self) -> GreyPlane<'_> {
        GreyPlane::new(&self.bytes, self.width, self.height, self.width).expect("sizes fit")
    }

    pub fn decode(&self) -> Report {
        decode(&self.plane(), &Options::default(), &Limit::none(&Still))
    }
}

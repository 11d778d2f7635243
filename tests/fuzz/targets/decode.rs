//! The decoder's door: any pixels, any sizes, any crop. No panic, no work beyond its budget.
#![no_main]

use dianma_core::scan::{Crop, GreyPlane, Limit, Options, Watch, decode};
use libfuzzer_sys::fuzz_target;
use std::sync::atomic::{AtomicU64, Ordering};

/// A clock that moves 100 µs every time somebody looks: a budget is a number of looks.
struct Ticking(AtomicU64);

impl Watch for Ticking {
    fn now_us(&self) -> u64 {
        self.0.fetch_add(100, Ordering::Relaxed)
    }
}

/// Looks after the budget is over until everything must have stopped.
const LATE_LOOKS: u64 = 2_000;
const BUDGET_US: u64 = 300_000;

fuzz_target!(|input: (u8, u8, u8, u8, u8, bool, &[u8])| {
    let (width, padding, left, top, flags, is_symbol, pixels) = input;
    let width = usize::from(width) + 1;
    let stride = width + usize::from(padding % 16);
    // Bits as modules make symbols likelier than free pixels do.
    let pixels: Vec<u8> = if is_symbol {
        let bits = pixels
            .iter()
            .flat_map(|byte| (0..8).map(move |at| byte >> at & 1));
        bits.map(|bit| if bit == 1 { 30 } else { 225 }).collect()
    } else {
        pixels.to_vec()
    };
    let height = pixels.len() / stride;
    let Ok(plane) = GreyPlane::new(&pixels, width, height, stride) else {
        return;
    };
    let crop = Crop {
        left: usize::from(left),
        top: usize::from(top),
        width: width.saturating_sub(usize::from(left)),
        height: height.saturating_sub(usize::from(top)),
    };
    let plane = if flags & 1 == 1 {
        plane.cropped(crop).unwrap_or(plane)
    } else {
        plane
    };
    let options = Options {
        wants_all: flags & 2 == 2,
        ..Options::default()
    };
    let clock = Ticking(AtomicU64::new(0));
    let _ = decode(&plane, &options, &Limit::of(&clock, BUDGET_US));
    let spent = clock.0.load(Ordering::Relaxed);
    assert!(
        spent < BUDGET_US + LATE_LOOKS * 100,
        "it went on after its budget: {spent} µs"
    );
});

//! From grey to black and white, two ways that fail on different pictures.
//!
//! **Block midpoint**: every 8 × 8 block votes for the middle between its darkest and brightest pixel,
//! but only if the two differ by more than the contrast floor; a flat block knows nothing and says
//! nothing. Votes are averaged over 5 × 5 blocks, and blocks without any neighbour that knows take the
//! last threshold along the row. Good on shadows and large flat parts.
//!
//! **Window mean**: a pixel is black when it is darker than the mean of the window around it. Good on
//! low contrast and glare, bad on large black areas.
//!
//! The contrast floor follows the noise of the picture, so that weak print is seen in a quiet picture
//! and grain is not taken for print in a noisy one.

use super::picture::View;
use rxing::common::{BitArray, BitMatrix};

const BLOCK: usize = 8;
/// Contrast floors in grey levels: never believe less than the first, always believe the second.
const FLOORS: (f32, f32) = (6.0, 24.0);
/// Blocks of pure noise span about five to six standard deviations.
const NOISE_SPANS: f32 = 7.0;

/// The contrast floor for a picture: from its noise, between the two fixed floors.
pub fn contrast_floor(view: &View<'_>) -> u8 {
    (noise(view) * NOISE_SPANS).clamp(FLOORS.0, FLOORS.1) as u8
}

/// Standard deviation of the noise in grey levels, from second differences along a few rows. Their
/// median belongs to flat places as long as edges cover less than half of the picture.
pub fn noise(view: &View<'_>) -> f32 {
    let mut counts = [0u32; 256];
    let mut total = 0u32;
    for y in (0..view.height()).step_by((view.height() / 48).max(1)) {
        for three in view.row(y).chunks_exact(3) {
            let [a, b, c] = [three[0], three[1], three[2]].map(i32::from);
            let bend = (a + c - 2 * b).unsigned_abs().min(255);
            counts[bend as usize] += 1;
            total += 1;
        }
    }
    let mut seen = 0;
    let median = counts.iter().position(|count| {
        seen += count;
        2 * seen >= total
    });
    // The median of |N(0, s)| is 0.6745 s; a second difference has sqrt(6) times the deviation.
    median.unwrap_or(0) as f32 / (0.6745 * 6.0f32.sqrt())
}

/// Block midpoint threshold. `None` for pictures of less than five blocks or without any contrast.
pub fn block_midpoint(view: &View<'_>, floor: u8) -> Option<BitMatrix> {
    let (width, height) = (view.width(), view.height());
    if width < BLOCK * 5 || height < BLOCK * 5 {
        return None;
    }
    let columns = width.div_ceil(BLOCK);
    let rows = height.div_ceil(BLOCK);
    let votes = block_votes(view, columns, rows, floor);
    let thresholds = smoothed(&votes, columns, rows)?;
    let mut bits = Packed::new(width, height)?;
    for y in 0..height {
        let line = &thresholds[y / BLOCK * columns..][..columns];
        bits.row(y, view.row(y), line);
    }
    Some(bits.matrix)
}

/// One vote per block: 0 for "does not know", else the midpoint.
fn block_votes(view: &View<'_>, columns: usize, rows: usize, floor: u8) -> Vec<u16> {
    let width = view.width();
    let mut votes = vec![0u16; columns * rows];
    let (mut low, mut high) = (vec![0u8; width], vec![0u8; width]);
    for by in 0..rows {
        // The last row of blocks overlaps the one before so that every block is full.
        let top = (by * BLOCK).min(view.height() - BLOCK);
        low.copy_from_slice(view.row(top));
        high.copy_from_slice(view.row(top));
        for y in top + 1..top + BLOCK {
            for ((low, high), value) in low.iter_mut().zip(&mut high).zip(view.row(y)) {
                *low = (*low).min(*value);
                *high = (*high).max(*value);
            }
        }
        for bx in 0..columns {
            let left = (bx * BLOCK).min(width - BLOCK);
            let darkest = low[left..left + BLOCK].iter().copied().min().unwrap_or(0);
            let brightest = high[left..left + BLOCK].iter().copied().max().unwrap_or(0);
            if brightest - darkest > floor {
                votes[by * columns + bx] = u16::midpoint(u16::from(brightest), u16::from(darkest));
            }
        }
    }
    votes
}

/// Means over 5 × 5 blocks of those that know, the own vote counted three times; gaps take the last
/// known value. `None` when no block knows.
fn smoothed(votes: &[u16], columns: usize, rows: usize) -> Option<Vec<u8>> {
    let mut sums = vec![(0u32, 0u32); columns * rows];
    // Along the rows first, then down the columns.
    for y in 0..rows {
        let line = &votes[y * columns..][..columns];
        for x in 0..columns {
            let near = &line[x.saturating_sub(2)..(x + 3).min(columns)];
            let known = near.iter().filter(|vote| **vote > 0).count() as u32;
            let sum = near.iter().map(|vote| u32::from(*vote)).sum();
            sums[y * columns + x] = (sum, known);
        }
    }
    let mut thresholds = vec![0u8; columns * rows];
    for y in 0..rows {
        for x in 0..columns {
            let own = u32::from(votes[y * columns + x]);
            let mut sum = own * 2;
            let mut known = if own > 0 { 2 } else { 0 };
            for near in y.saturating_sub(2)..(y + 3).min(rows) {
                let (part, count) = sums[near * columns + x];
                sum += part;
                known += count;
            }
            thresholds[y * columns + x] = sum.checked_div(known).unwrap_or(0) as u8;
        }
    }
    let mut last = thresholds.iter().copied().find(|value| *value > 0)?;
    for value in &mut thresholds {
        if *value == 0 {
            *value = last;
        }
        last = *value;
    }
    Some(thresholds)
}

/// Black where a pixel is more than `offset` grey levels below the mean of the window of `2·radius + 1`.
pub fn window_mean(view: &View<'_>, radius: usize, offset: f32) -> Option<BitMatrix> {
    let (width, height) = (view.width(), view.height());
    let mut bits = Packed::new(width, height)?;
    let mut thresholds = vec![0u8; width];
    let mut means = WindowMeans::new(view, radius);
    for y in 0..height {
        means.row(y, |x, mean| {
            // "Darker than mean - offset" as a comparison of whole numbers: v <= ceil(t) - 1.
            thresholds[x] = ((mean - offset).ceil() - 1.0).clamp(0.0, 255.0) as u8;
        });
        bits.row_each(y, view.row(y), &thresholds);
    }
    Some(bits.matrix)
}

/// Means over a square window, row after row, from running sums of columns.
pub struct WindowMeans<'a> {
    view: View<'a>,
    radius: usize,
    columns: Vec<u32>,
    /// Rows in `columns`: from..to.
    from: usize,
    to: usize,
    /// Sums of the columns up to each place.
    running: Vec<u32>,
}

impl<'a> WindowMeans<'a> {
    pub fn new(view: &View<'a>, radius: usize) -> Self {
        Self {
            view: *view,
            radius,
            columns: vec![0; view.width()],
            from: 0,
            to: 0,
            running: vec![0; view.width() + 1],
        }
    }

    /// Means of row `y`; rows must come in order.
    pub fn row(&mut self, y: usize, mut take: impl FnMut(usize, f32)) {
        let width = self.view.width();
        let until = (y + self.radius + 1).min(self.view.height());
        while self.to < until {
            for (sum, value) in self.columns.iter_mut().zip(self.view.row(self.to)) {
                *sum += u32::from(*value);
            }
            self.to += 1;
        }
        while self.from + self.radius < y {
            for (sum, value) in self.columns.iter_mut().zip(self.view.row(self.from)) {
                *sum -= u32::from(*value);
            }
            self.from += 1;
        }
        let mut total = 0;
        for (place, sum) in self.running.iter_mut().skip(1).zip(&self.columns) {
            total += sum;
            *place = total;
        }
        let rows = (self.to - self.from) as f32;
        let full = 1.0 / (rows * (2 * self.radius + 1) as f32);
        for x in 0..width {
            let left = x.saturating_sub(self.radius);
            let right = (x + self.radius + 1).min(width);
            let share = if right - left == 2 * self.radius + 1 {
                full
            } else {
                1.0 / (rows * (right - left) as f32)
            };
            take(x, (self.running[right] - self.running[left]) as f32 * share);
        }
    }
}

/// A bit matrix filled a row at a time, eight pixels a step.
struct Packed {
    matrix: BitMatrix,
    line: BitArray,
    words: Vec<usize>,
}

impl Packed {
    fn new(width: usize, height: usize) -> Option<Self> {
        let matrix =
            BitMatrix::new(u32::try_from(width).ok()?, u32::try_from(height).ok()?).ok()?;
        Some(Self {
            matrix,
            line: BitArray::with_size(width),
            words: vec![0; width.div_ceil(usize::BITS as usize)],
        })
    }

    /// Black where a pixel is at most the threshold of its block.
    fn row(&mut self, y: usize, pixels: &[u8], thresholds: &[u8]) {
        let blocks = pixels.chunks(BLOCK).zip(thresholds);
        self.fill(y, blocks.map(|(eight, threshold)| below(eight, *threshold)));
    }

    /// Black where a pixel is at most its own threshold.
    fn row_each(&mut self, y: usize, pixels: &[u8], thresholds: &[u8]) {
        let blocks = pixels.chunks(BLOCK).zip(thresholds.chunks(BLOCK));
        self.fill(
            y,
            blocks.map(|(eight, thresholds)| {
                let pairs = eight.iter().zip(thresholds).enumerate();
                pairs.fold(0, |bits, (i, (value, threshold))| {
                    bits | (u8::from(value <= threshold) << i)
                })
            }),
        );
    }

    fn fill(&mut self, y: usize, eights: impl Iterator<Item = u8>) {
        const PER_WORD: usize = usize::BITS as usize / 8;
        self.words.fill(0);
        for (i, bits) in eights.enumerate() {
            self.words[i / PER_WORD] |= usize::from(bits) << (8 * (i % PER_WORD));
        }
        for (i, word) in self.words.iter().enumerate() {
            self.line.setBulk(i * usize::BITS as usize, *word);
        }
        self.matrix.setRow(y as u32, &self.line);
    }
}

/// One bit per pixel of at most eight: set when the pixel is at most `threshold`.
fn below(eight: &[u8], threshold: u8) -> u8 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    const ONES: u64 = 0x0101_0101_0101_0101;
    if let (Ok(bytes), Some(next)) = (<[u8; 8]>::try_from(eight), threshold.checked_add(1)) {
        // All eight at once: the high bit of each byte says "pixel >= threshold + 1".
        let (pixels, limit) = (u64::from_le_bytes(bytes), u64::from(next) * ONES);
        let apart = (pixels | HIGH).wrapping_sub(limit & !HIGH);
        let above = ((pixels & !limit) | (!(pixels ^ limit) & apart)) & HIGH;
        let dark = (!above & HIGH) >> 7;
        return (dark.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8;
    }
    let pairs = eight.iter().enumerate();
    pairs.fold(0, |bits, (i, value)| {
        bits | (u8::from(*value <= threshold) << i)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn eight_at_once_says_what_one_by_one_says(eight in any::<[u8; 8]>(), threshold in any::<u8>()) {
            let bits = below(&eight, threshold);
            for (i, value) in eight.iter().enumerate() {
                prop_assert_eq!(bits >> i & 1 == 1, *value <= threshold);
            }
        }

        #[test]
        fn window_means_are_means(
            bytes in proptest::collection::vec(any::<u8>(), 7 * 6), radius in 0usize..5,
        ) {
            let view = View::new(&bytes, 7, 6, 7);
            let mut means = WindowMeans::new(&view, radius);
            for y in 0..6usize {
                let mut line = [0.0f32; 7];
                means.row(y, |x, mean| line[x] = mean);
                for (x, mean) in line.iter().enumerate() {
                    let ys = y.saturating_sub(radius)..(y + radius + 1).min(6);
                    let xs = x.saturating_sub(radius)..(x + radius + 1).min(7);
                    let count = (ys.len() * xs.len()) as f32;
                    let sum: f32 = ys.flat_map(|v| xs.clone().map(move |u| (u, v)))
                        .map(|(u, v)| f32::from(bytes[v * 7 + u])).sum();
                    prop_assert!((mean - sum / count).abs() < 0.01);
                }
            }
        }
    }

    #[test]
    fn flat_pictures_have_no_threshold_and_edges_do() {
        let flat = vec![90u8; 64 * 64];
        assert!(block_midpoint(&View::new(&flat, 64, 64, 64), 24).is_none());
        let half: Vec<u8> = (0..64 * 64)
            .map(|i| if i % 64 < 35 { 40 } else { 200 })
            .collect();
        let bits = block_midpoint(&View::new(&half, 64, 64, 64), 24).unwrap();
        assert!(bits.get(0, 10) && bits.get(34, 63));
        assert!(!bits.get(35, 0) && !bits.get(63, 63));
    }

    #[test]
    fn the_floor_follows_the_noise() {
        let quiet = vec![100u8; 3_000];
        assert_eq!(contrast_floor(&View::new(&quiet, 60, 50, 60)), 6);
        let rough: Vec<u8> = (0..3_000u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        assert_eq!(contrast_floor(&View::new(&rough, 60, 50, 60)), 24);
    }
}

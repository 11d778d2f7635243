//! What every symbol of one version shares: which modules are fixed patterns, in which order data
//! modules are walked, where alignment patterns lie. Computed once per version. The tables of blocks
//! and alignment centres are those of rxing.

use rxing::qrcode::common::{ErrorCorrectionLevel, Version};
use std::sync::OnceLock;

/// Shape of one version.
#[derive(Debug)]
pub struct Layout {
    /// 1 to 40.
    pub version: u32,
    /// Modules per side.
    pub size: usize,
    /// Column and row of each data module in the order of the bits, remainder bits left out.
    pub walk: Vec<(u16, u16)>,
    /// Centres of alignment patterns along one side, in whole modules.
    pub alignment: Vec<usize>,
    fixed: Vec<bool>,
}

impl Layout {
    /// Whether a module belongs to a fixed pattern or to format and version words.
    pub fn is_fixed(&self, x: usize, y: usize) -> bool {
        self.fixed[y * self.size + x]
    }

    /// Centres of the alignment patterns in the symbol, those under finders left out.
    pub fn alignment_centres(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let last = self.size.saturating_sub(7);
        let rows = self.alignment.iter().copied();
        rows.flat_map(move |y| self.alignment.iter().map(move |x| (*x, y)))
            .filter(move |(x, y)| {
                !((*x == 6 && (*y == 6 || *y == last)) || (*y == 6 && *x == last))
            })
    }

    /// Colours of finders with their borders, timing lines and alignment patterns (true is dark), row by
    /// row; `None` for everything else.
    pub fn colours(&self) -> Vec<Option<bool>> {
        let size = self.size;
        let mut colours = vec![None; size * size];
        for i in 8..size - 8 {
            colours[6 * size + i] = Some(i % 2 == 0);
            colours[i * size + 6] = Some(i % 2 == 0);
        }
        for (cx, cy) in self.alignment_centres() {
            for (x, y) in (cy - 2..=cy + 2).flat_map(|y| (cx - 2..=cx + 2).map(move |x| (x, y))) {
                colours[y * size + x] = Some(x.abs_diff(cx).max(y.abs_diff(cy)) != 1);
            }
        }
        for (cx, cy) in [(3, 3), (size - 4, 3), (3, size - 4)] {
            let rows = cy.saturating_sub(4)..(cy + 5).min(size);
            for (x, y) in
                rows.flat_map(|y| (cx.saturating_sub(4)..(cx + 5).min(size)).map(move |x| (x, y)))
            {
                let ring = x.abs_diff(cx).max(y.abs_diff(cy));
                colours[y * size + x] = Some(matches!(ring, 0 | 1 | 3));
            }
        }
        colours
    }

    /// Data codewords of each block, and check symbols per block.
    pub fn blocks(&self, level: u8) -> Option<(Vec<usize>, usize)> {
        let version = Version::getVersionForNumber(self.version).ok()?;
        let blocks = version.getECBlocksForLevel(ErrorCorrectionLevel::forBits(level).ok()?);
        let sizes = blocks.getECBlocks().iter().flat_map(|group| {
            std::iter::repeat_n(group.getDataCodewords() as usize, group.getCount() as usize)
        });
        Some((sizes.collect(), blocks.getECCodewordsPerBlock() as usize))
    }
}

/// Layout of a version, or `None` outside 1..=40.
pub fn layout(version: u32) -> Option<&'static Layout> {
    static LAYOUTS: [OnceLock<Option<Layout>>; 40] = [const { OnceLock::new() }; 40];
    let slot = LAYOUTS.get(version.checked_sub(1)? as usize)?;
    slot.get_or_init(|| build(version)).as_ref()
}

/// Layout of a symbol of `size` modules a side.
pub fn layout_of_size(size: usize) -> Option<&'static Layout> {
    let above = size.checked_sub(17)?;
    (above % 4 == 0).then_some(())?;
    layout(u32::try_from(above / 4).ok()?)
}

fn build(number: u32) -> Option<Layout> {
    let version = Version::getVersionForNumber(number).ok()?;
    let size = version.getDimensionForVersion() as usize;
    let pattern = version.buildFunctionPattern().ok()?;
    let places = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
    let fixed: Vec<bool> = places
        .map(|(x, y)| pattern.get(x as u32, y as u32))
        .collect();
    let mut walk = walk(size, &fixed);
    walk.truncate(version.getTotalCodewords() as usize * 8);
    let centres = version.getAlignmentPatternCenters().iter();
    Some(Layout {
        version: number,
        size,
        walk,
        alignment: centres.map(|centre| *centre as usize).collect(),
        fixed,
    })
}

/// Pairs of columns from the right, up and down in turn, skipping the vertical timing line.
fn walk(size: usize, fixed: &[bool]) -> Vec<(u16, u16)> {
    let mut order = Vec::with_capacity(size * size);
    let right_columns = (1..size)
        .rev()
        .step_by(2)
        .map(|x| if x <= 6 { x - 1 } else { x });
    for (pair, right) in right_columns.enumerate() {
        for step in 0..size {
            let y = if pair % 2 == 0 { size - 1 - step } else { step };
            for x in [right, right - 1] {
                if !fixed[y * size + x] {
                    order.push((x as u16, y as u16));
                }
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_walks_all_of_its_codewords() {
        for number in 1..=40 {
            let layout = layout(number).unwrap();
            for level in 0..4 {
                let (sizes, check) = layout.blocks(level).unwrap();
                let words = sizes.iter().sum::<usize>() + check * sizes.len();
                assert_eq!(layout.walk.len(), words * 8, "version {number}");
            }
            assert_eq!(layout_of_size(layout.size).unwrap().version, number);
        }
        assert!(layout(0).is_none() && layout(41).is_none());
        assert!(layout_of_size(22).is_none() && layout_of_size(3).is_none());
    }

    #[test]
    fn alignment_patterns_do_not_sit_on_finders() {
        assert_eq!(layout(1).unwrap().alignment_centres().count(), 0);
        assert_eq!(
            layout(2).unwrap().alignment_centres().collect::<Vec<_>>(),
            [(18, 18)]
        );
        assert_eq!(layout(7).unwrap().alignment_centres().count(), 6);
    }
}

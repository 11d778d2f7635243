//! The format word: error correction level and mask, fifteen bits stored twice. Read as a whole by
//! correlation: every bit counts with its certainty, so a copy under dirt or glare does no harm.

use super::Modules;

/// Level and mask of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Level as the two bits of the standard: 1 is L, 0 M, 3 Q, 2 H.
    pub level: u8,
    /// 0 to 7.
    pub mask: u8,
}

impl Format {
    const fn of(bits: u8) -> Self {
        Self {
            level: bits >> 3,
            mask: bits & 7,
        }
    }

    /// The letter of the level.
    pub const fn level_letter(self) -> char {
        match self.level {
            0 => 'M',
            1 => 'L',
            2 => 'H',
            _ => 'Q',
        }
    }

    /// Whether the mask inverts a data module.
    pub const fn inverts(self, x: usize, y: usize) -> bool {
        match self.mask {
            0 => (x + y).is_multiple_of(2),
            1 => y.is_multiple_of(2),
            2 => x.is_multiple_of(3),
            3 => (x + y).is_multiple_of(3),
            4 => (y / 2 + x / 3).is_multiple_of(2),
            5 => (x * y) % 2 + (x * y) % 3 == 0,
            6 => ((x * y) % 2 + (x * y) % 3).is_multiple_of(2),
            _ => ((x + y) % 2 + (x * y) % 3).is_multiple_of(2),
        }
    }

    /// The fifteen bits as printed, first bit highest.
    pub(super) fn word(self) -> u16 {
        let bits = u16::from(self.level << 3 | self.mask);
        let mut rest = bits;
        for _ in 0..10 {
            rest = (rest << 1) ^ ((rest >> 9) * 0x537);
        }
        (bits << 10 | rest) ^ 0x5412
    }
}

/// Places (column, row) of bit `i`, counted from the first, in both copies.
pub fn places(i: usize, size: usize) -> [(usize, usize); 2] {
    let first = match i {
        0..=5 => (i, 8),
        6 => (7, 8),
        7 => (8, 8),
        8 => (8, 7),
        _ => (8, 14 - i),
    };
    let second = if i < 7 {
        (8, size - 1 - i)
    } else {
        (size - 15 + i, 8)
    };
    [first, second]
}

/// All formats from the best to the worst fit, each with its fit per bit (1 is perfect).
pub fn ranked(modules: &Modules, mirrored: bool) -> Vec<(f32, Format)> {
    let mut signs = [0f32; 15];
    let mut weight = 0f32;
    for (i, sign) in signs.iter_mut().enumerate() {
        for (x, y) in places(i, modules.size) {
            let value = modules.values[modules.index(x, y, mirrored)];
            *sign += value;
            weight += value.abs();
        }
    }
    let fit = |format: Format| {
        let word = format.word();
        let bits = signs.iter().enumerate();
        let sum: f32 = bits
            .map(|(i, sign)| {
                if word >> (14 - i) & 1 == 1 {
                    *sign
                } else {
                    -*sign
                }
            })
            .sum();
        sum / weight.max(1e-6)
    };
    let mut all: Vec<(f32, Format)> = (0..32)
        .map(Format::of)
        .map(|format| (fit(format), format))
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A symbol that is all unknown but for its format bits.
    fn printed(format: Format, size: usize) -> Modules {
        let mut modules = Modules {
            size,
            values: vec![0.0; size * size],
        };
        for i in 0..15 {
            let dark = format.word() >> (14 - i) & 1 == 1;
            for (x, y) in places(i, size) {
                modules.values[y * size + x] = if dark { 1.0 } else { -1.0 };
            }
        }
        modules
    }

    #[test]
    fn every_format_reads_back_with_either_copy_missing() {
        for bits in 0..32 {
            let format = Format::of(bits);
            let whole = printed(format, 25);
            assert_eq!(ranked(&whole, false)[0], (1.0, format));
            for copy in 0..2 {
                let mut part = whole.clone();
                for i in 0..15 {
                    let (x, y) = places(i, 25)[copy];
                    part.values[y * 25 + x] = 0.0;
                }
                assert_eq!(ranked(&part, false)[0].1, format);
            }
        }
    }

    #[test]
    fn words_are_those_of_the_standard() {
        // Annex C: level M, mask 5 is 100000011001110.
        assert_eq!(Format { level: 0, mask: 5 }.word(), 0b100_0000_1100_1110);
    }
}

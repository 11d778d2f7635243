//! Segments of the data codewords: numeric, alphanumeric, byte, kanji, hanzi, ECI, FNC1 and structured
//! append. The result is the bytes as stored; which encoding each part claims is kept for `text.rs`.

/// What an encoding designator says about a part of the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Nothing said: text is a guess.
    #[default]
    Unsaid,
    /// The number of an extended channel interpretation.
    Eci(u32),
}

/// ECI numbers that modes imply.
const ECI_SHIFT_JIS: u32 = 20;
const ECI_GB18030: u32 = 32;

/// What a symbol says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// All segments joined.
    pub bytes: Vec<u8>,
    /// Length of each part and its encoding.
    pub parts: Vec<(usize, Encoding)>,
    /// Position and count when the symbol is one of several that belong together.
    pub part_of: Option<(u8, u8)>,
    /// FNC1: the content follows GS1 rules.
    pub is_gs1: bool,
}

const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Bits of a slice from the highest of the first byte on.
struct Bits<'a> {
    bytes: &'a [u8],
    next: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        if self.next + count > self.bytes.len() * 8 {
            return None;
        }
        let mut value = 0;
        for i in self.next..self.next + count {
            value = value << 1 | u32::from(self.bytes[i / 8] >> (7 - i % 8) & 1);
        }
        self.next += count;
        Some(value)
    }
}

/// Parses the data codewords of a symbol. `None` when a segment is cut off or holds values that cannot
/// be, or when nothing is said at all.
pub fn parse(data: &[u8], version: u32) -> Option<Content> {
    let mut bits = Bits {
        bytes: data,
        next: 0,
    };
    let mut content = Content::default();
    let mut encoding = Encoding::Unsaid;
    // Widths of the counts grow at versions 10 and 27.
    let class = usize::from(version > 9) + usize::from(version > 26);
    loop {
        let before = content.bytes.len();
        let mut own = encoding;
        match bits.take(4) {
            None | Some(0) => break,
            Some(1) => numeric(&mut bits, [10, 12, 14][class], &mut content.bytes)?,
            Some(2) => alphanumeric(&mut bits, [9, 11, 13][class], &mut content)?,
            Some(3) => {
                let (position, last) = (bits.take(4)? as u8, bits.take(4)? as u8);
                bits.take(8)?;
                content.part_of = Some((position + 1, last + 1));
            }
            Some(4) => {
                for _ in 0..bits.take([8, 16, 16][class])? {
                    content.bytes.push(bits.take(8)? as u8);
                }
            }
            Some(5) => content.is_gs1 = true,
            Some(9) => {
                bits.take(8)?;
                content.is_gs1 = true;
            }
            Some(7) => encoding = Encoding::Eci(designator(&mut bits)?),
            Some(8) => {
                double_byte(&mut bits, [8, 10, 12][class], &KANJI, &mut content.bytes)?;
                own = Encoding::Eci(ECI_SHIFT_JIS);
            }
            Some(13) => {
                // Only the GB 2312 subset is defined.
                (bits.take(4)? == 1).then_some(())?;
                double_byte(&mut bits, [8, 10, 12][class], &HANZI, &mut content.bytes)?;
                own = Encoding::Eci(ECI_GB18030);
            }
            Some(_) => return None,
        }
        let added = content.bytes.len() - before;
        if added > 0 {
            content.parts.push((added, own));
        }
    }
    (!content.bytes.is_empty()).then_some(content)
}

fn numeric(bits: &mut Bits<'_>, width: usize, out: &mut Vec<u8>) -> Option<()> {
    let mut left = bits.take(width)?;
    while left > 0 {
        let digits = left.min(3);
        let (width, limit) = [(4, 10), (7, 100), (10, 1_000)][digits as usize - 1];
        let value = bits.take(width)?;
        (value < limit).then_some(())?;
        let mut unit = limit / 10;
        while unit > 0 {
            out.push(b'0' + (value / unit % 10) as u8);
            unit /= 10;
        }
        left -= digits;
    }
    Some(())
}

fn alphanumeric(bits: &mut Bits<'_>, width: usize, content: &mut Content) -> Option<()> {
    let mut left = bits.take(width)?;
    let mut letters = Vec::new();
    while left >= 2 {
        let pair = bits.take(11)? as usize;
        letters.push(*ALPHANUMERIC.get(pair / 45)?);
        letters.push(ALPHANUMERIC[pair % 45]);
        left -= 2;
    }
    if left == 1 {
        letters.push(*ALPHANUMERIC.get(bits.take(6)? as usize)?);
    }
    if !content.is_gs1 {
        content.bytes.append(&mut letters);
        return Some(());
    }
    // Under GS1 rules "%" ends a field and "%%" is a percent sign.
    let mut letters = letters.into_iter().peekable();
    while let Some(letter) = letters.next() {
        let doubled = letter == b'%' && letters.next_if_eq(&b'%').is_some();
        let is_separator = letter == b'%' && !doubled;
        content.bytes.push(if is_separator { 0x1d } else { letter });
    }
    Some(())
}

/// How a 13-bit value becomes two bytes.
struct DoubleByte {
    per_row: u32,
    /// Rows below go up by the first offset, the others by the second.
    edge: u32,
    low: u32,
    high: u32,
}

const KANJI: DoubleByte = DoubleByte {
    per_row: 0xC0,
    edge: 0x1F00,
    low: 0x8140,
    high: 0xC140,
};
const HANZI: DoubleByte = DoubleByte {
    per_row: 0x60,
    edge: 0x0A00,
    low: 0xA1A1,
    high: 0xA6A1,
};

fn double_byte(
    bits: &mut Bits<'_>,
    width: usize,
    table: &DoubleByte,
    out: &mut Vec<u8>,
) -> Option<()> {
    for _ in 0..bits.take(width)? {
        let value = bits.take(13)?;
        let joined = ((value / table.per_row) << 8) | (value % table.per_row);
        let offset = if joined < table.edge {
            table.low
        } else {
            table.high
        };
        out.extend_from_slice(&((joined + offset) as u16).to_be_bytes());
    }
    Some(())
}

/// One to three bytes, the count in the leading ones of the first.
fn designator(bits: &mut Bits<'_>) -> Option<u32> {
    let first = bits.take(8)?;
    match first {
        0..=0x7F => Some(first),
        0x80..=0xBF => Some((first & 0x3F) << 8 | bits.take(8)?),
        0xC0..=0xDF => Some((first & 0x1F) << 16 | bits.take(16)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Writes (value, width) pairs as bits.
    fn bits(fields: &[(u32, usize)]) -> Vec<u8> {
        let digits: Vec<u8> = fields
            .iter()
            .flat_map(|(value, width)| (0..*width).rev().map(move |i| (value >> i & 1) as u8))
            .collect();
        digits
            .chunks(8)
            .map(|eight| {
                eight
                    .iter()
                    .enumerate()
                    .fold(0, |sum, (i, bit)| sum | bit << (7 - i))
            })
            .collect()
    }

    #[test]
    fn modes_follow_each_other() {
        let data = bits(&[
            (1, 4),
            (4, 10),
            (12, 10),
            (3, 4),
            (2, 4),
            (3, 9),
            (10 * 45 + 11, 11),
            (44, 6),
            (7, 4),
            (26, 8),
            (4, 4),
            (2, 8),
            (0xC3, 8),
            (0xA4, 8),
            (0, 4),
        ]);
        let content = parse(&data, 3).unwrap();
        assert_eq!(content.bytes, b"0123AB:\xC3\xA4");
        assert_eq!(
            content.parts,
            [
                (4, Encoding::Unsaid),
                (3, Encoding::Unsaid),
                (2, Encoding::Eci(26))
            ]
        );
    }

    #[test]
    fn hanzi_and_kanji_become_two_bytes_each() {
        // 电 is B5E7 in GB 2312; 点 is 935F in Shift-JIS (the standard's own example).
        let hanzi = (0xB5 - 0xA6) * 0x60 + (0xE7 - 0xA1);
        let data = bits(&[
            (13, 4),
            (1, 4),
            (1, 8),
            (hanzi, 13),
            (8, 4),
            (1, 8),
            (0xD9F, 13),
        ]);
        assert_eq!(parse(&data, 1).unwrap().bytes, [0xB5, 0xE7, 0x93, 0x5F]);
    }

    #[test]
    fn gs1_separators_and_structured_append_are_told() {
        let data = bits(&[
            (3, 4),
            (1, 4),
            (2, 4),
            (9, 8),
            (5, 4),
            (2, 4),
            (3, 9),
            (38 * 45 + 38, 11),
            (38, 6),
        ]);
        let content = parse(&data, 1).unwrap();
        assert_eq!(
            (content.bytes.as_slice(), content.part_of),
            (&b"%\x1d"[..], Some((2, 3)))
        );
        assert!(content.is_gs1);
    }

    #[test]
    fn cut_off_or_impossible_segments_are_refused() {
        assert_eq!(parse(&bits(&[(4, 4), (9, 8), (1, 8)]), 1), None);
        assert_eq!(parse(&bits(&[(1, 4), (3, 10), (1_000, 10)]), 1), None);
        assert_eq!(parse(&bits(&[(6, 4), (0, 8)]), 1), None);
        assert_eq!(parse(&[0, 0, 0], 1), None);
        assert_eq!(parse(&[], 1), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_safe(data in proptest::collection::vec(any::<u8>(), 0..200), version in 1u32..=40) {
            if let Some(content) = parse(&data, version) {
                prop_assert_eq!(content.parts.iter().map(|p| p.0).sum::<usize>(), content.bytes.len());
            }
        }
    }
}

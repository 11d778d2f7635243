//! Features of a text for the second opinion (字词特征): character 1–3-grams and the word groups found,
//! each hashed to 32 bits. The trainer and the phone must compute exactly the same ones.

use super::lexicon::Lexicon;
use super::scope::State;
use super::score::Scan;

/// How much an n-gram counts in the length norm and the sum.
const GRAM_VALUE: i32 = 2;
/// How much a word group counts: it stands for many spellings at once.
const GROUP_VALUE: i32 = 4;
/// How much a pair of word groups counts.
const PAIR_VALUE: i32 = 2;
/// Pairs are formed of at most this many groups, so that a hostile text stays cheap.
const MOST_GROUPS: usize = 24;

/// One feature: its key, its value and, for an n-gram, where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// FNV-1a hash of the n-gram or group.
    pub key: u32,
    /// Its value, > 0.
    pub value: i32,
    /// First character, of the normalised text; `None` for groups.
    pub at: Option<(usize, usize)>,
}

/// All features of a text, each key once, sorted by key.
pub(crate) fn features(scan: &Scan, lexicon: &Lexicon) -> Vec<Feature> {
    let mut features = Vec::new();
    grams(&scan.text.chars, &mut features);
    groups(scan, lexicon, &mut features);
    features.sort_by_key(|feature| feature.key);
    features.dedup_by_key(|feature| feature.key);
    features
}

fn grams(chars: &[char], features: &mut Vec<Feature>) {
    let mut folded: Vec<(char, usize)> = vec![('^', 0)];
    for (index, c) in chars.iter().enumerate() {
        let c = shape(*c);
        if (c == '0' || c == ',') && folded.last().is_some_and(|(last, _)| *last == c) {
            continue;
        }
        folded.push((c, index));
    }
    folded.push(('$', chars.len().saturating_sub(1)));
    for size in 1..=3 {
        for window in folded.windows(size) {
            let mut hash = Fnv::new(u32::try_from(size).unwrap_or(0));
            for (c, _) in window {
                hash.add(u32::from(*c));
            }
            let (Some((_, first)), Some((_, last))) = (window.first(), window.last()) else {
                continue;
            };
            features.push(Feature {
                key: hash.0,
                value: GRAM_VALUE,
                at: Some((*first, last + 1)),
            });
        }
    }
}

/// Digits and punctuation say only that they are there.
fn shape(c: char) -> char {
    if c.is_ascii_digit() {
        '0'
    } else if c.is_alphanumeric() || c == '【' || c == '】' || c == '?' {
        c
    } else {
        ','
    }
}

fn groups(scan: &Scan, lexicon: &Lexicon, features: &mut Vec<Feature>) {
    let mut found: Vec<u32> = scan
        .hits
        .iter()
        .filter_map(|hit| {
            let name = lexicon.concept_name(hit.tag)?;
            let mut hash = Fnv::new(100);
            for byte in name.bytes() {
                hash.add(u32::from(byte));
            }
            hash.add(match hit.state {
                State::Said => 1,
                State::Negated => 2,
                State::Feared => 3,
                State::Past => 4,
            });
            Some(hash.0)
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(MOST_GROUPS);
    for (index, one) in found.iter().enumerate() {
        features.push(Feature {
            key: *one,
            value: GROUP_VALUE,
            at: None,
        });
        for other in found.iter().skip(index + 1) {
            let mut hash = Fnv::new(200);
            hash.add(*one);
            hash.add(*other);
            features.push(Feature {
                key: hash.0,
                value: PAIR_VALUE,
                at: None,
            });
        }
    }
}

/// FNV-1a over 32-bit units, byte by byte.
struct Fnv(u32);

impl Fnv {
    fn new(salt: u32) -> Self {
        let mut hash = Self(0x811c_9dc5);
        hash.add(salt);
        hash
    }

    fn add(&mut self, unit: u32) {
        for byte in unit.to_le_bytes() {
            self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
}

//! Normalised text (规范化): what the matcher reads, with a map back to the caller's characters.
//! Full width becomes half width, Latin letters lower case, common traditional characters of the
//! trade simplified, and typing or hearing mistakes put right from a table.

/// Longest text that is looked at; a caller's words are far shorter, a hostile body is not.
pub const MAX_CHARS: usize = 4_000;

/// A text ready for matching.
#[derive(Debug, Clone, Default)]
pub(crate) struct Normal {
    /// The normalised characters.
    pub chars: Vec<char>,
    /// For every normalised character the index of the original character it came from.
    pub origin: Vec<u32>,
    /// The same characters as one string, for the automaton.
    pub text: String,
    /// For every byte of `text` the index of the character it belongs to; one more entry for the end.
    char_at_byte: Vec<u32>,
}

impl Normal {
    pub fn new(chars: Vec<char>, origin: Vec<u32>) -> Self {
        let text: String = chars.iter().collect();
        let mut char_at_byte = Vec::with_capacity(text.len() + 1);
        for (index, c) in (0_u32..).zip(&chars) {
            char_at_byte.extend(std::iter::repeat_n(index, c.len_utf8()));
        }
        char_at_byte.push(u32::try_from(chars.len()).unwrap_or(u32::MAX));
        Self {
            chars,
            origin,
            text,
            char_at_byte,
        }
    }

    /// Whether there is a Chinese character at all; without one only the model's bias would speak.
    pub fn has_words(&self) -> bool {
        self.chars
            .iter()
            .any(|c| ('\u{3400}'..='\u{9FFF}').contains(c))
    }

    /// The character index of a byte offset the automaton reported.
    pub fn char_at(&self, byte: usize) -> usize {
        self.char_at_byte
            .get(byte)
            .map_or(self.chars.len(), |index| *index as usize)
    }

    /// Where the normalised character `index` stood in the original, counted in characters.
    pub fn origin_of(&self, index: usize) -> u32 {
        self.origin.get(index).copied().unwrap_or(0)
    }

    /// Where the original text behind normalised characters `start..end` ends (exclusive).
    pub fn origin_end(&self, end: usize) -> u32 {
        end.checked_sub(1)
            .and_then(|last| self.origin.get(last))
            .map_or(0, |index| index + 1)
    }
}

/// Normalises a word of the tables the way a caller's text is, so the two can meet.
pub(crate) fn fold_word(word: &str) -> String {
    fold(word).0.into_iter().collect()
}

pub(crate) fn fold(text: &str) -> (Vec<char>, Vec<u32>) {
    let mut chars = Vec::new();
    let mut origin = Vec::new();
    for (index, c) in (0_u32..).zip(text.chars().take(MAX_CHARS)) {
        let c = fold_char(c);
        if c == ' ' && chars.last() == Some(&' ') {
            continue;
        }
        chars.push(c);
        origin.push(index);
    }
    (chars, origin)
}

fn fold_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0)
            .unwrap_or(c)
            .to_ascii_lowercase(),
        '“' | '”' | '‘' | '’' | '"' | '\'' => '"',
        c if c.is_whitespace() || c.is_control() => ' ',
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c => simplify(c),
    }
}

/// Traditional characters that hotline texts of the trade hold (Cantonese and Min speakers).
fn simplify(c: char) -> char {
    const PAIRS: &[(char, char)] = &[
        ('電', '电'),
        ('沒', '没'),
        ('錶', '表'),
        ('線', '线'),
        ('斷', '断'),
        ('變', '变'),
        ('壓', '压'),
        ('閘', '闸'),
        ('燈', '灯'),
        ('來', '来'),
        ('師', '师'),
        ('請', '请'),
        ('問', '问'),
        ('費', '费'),
        ('錢', '钱'),
        ('繳', '缴'),
        ('裝', '装'),
        ('換', '换'),
        ('壞', '坏'),
        ('燒', '烧'),
        ('煙', '烟'),
        ('樹', '树'),
        ('桿', '杆'),
        ('竊', '窃'),
        ('舉', '举'),
        ('報', '报'),
        ('驗', '验'),
        ('檢', '检'),
        ('開', '开'),
        ('關', '关'),
        ('無', '无'),
        ('嚟', '来'),
        ('嘅', '的'),
        ('喺', '在'),
        ('們', '们'),
        ('嗎', '吗'),
        ('還', '还'),
        ('樓', '楼'),
        ('櫃', '柜'),
        ('纜', '缆'),
        ('觸', '触'),
        ('復', '复'),
        ('訴', '诉'),
        ('賠', '赔'),
        ('償', '偿'),
        ('個', '个'),
    ];
    PAIRS
        .iter()
        .find(|(from, _)| *from == c)
        .map_or(c, |(_, to)| *to)
}

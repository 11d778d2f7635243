//! Typing and hearing mistakes (错别字、同音字): a table of pairs, and words of the trade whose
//! characters may come as any of the same sound (着火 as 着货). The data is in `typos.toml`.

use super::normal::{Normal, fold, fold_word};
use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The typo file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypoFile {
    /// Pairs of wrong and right.
    pub typo: Vec<Typo>,
    /// Words that are also recognised with one character replaced by one of the same sound.
    pub heard: Vec<String>,
    /// Characters that sound alike, tones and the n/l, s/sh, in/ing confusions aside.
    pub sounds: Vec<String>,
    /// What would be read as a mistake but is right as it stands.
    pub unheard: Vec<String>,
}

/// One pair: what people type or a recogniser hears, and what they mean.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Typo {
    /// What stands in the text.
    pub wrong: String,
    /// What it means.
    pub right: String,
}

/// The typo table, compiled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typos {
    /// `None` when the table is empty.
    automaton: Option<AhoCorasick>,
    right: Vec<Vec<char>>,
}

impl Typos {
    /// Compiles the file; `is_word` tells what stands in the word table and so is no mistake.
    pub fn new(file: &TypoFile, is_word: impl Fn(&str) -> bool) -> Result<Self, String> {
        let mut pairs = misheard(file, is_word)?;
        // A word that is right as it stands replaces itself, so that no shorter mistake is seen in it.
        pairs.extend(
            file.unheard
                .iter()
                .map(|word| (fold_word(word), fold_word(word))),
        );
        pairs.extend(
            file.typo
                .iter()
                .map(|row| (fold_word(&row.wrong), fold_word(&row.right))),
        );
        if pairs.keys().any(String::is_empty) {
            return Err("错别字表有空词，请删去".to_owned());
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(pairs.keys())
            .map_err(|error| error.to_string())?;
        Ok(Self {
            automaton: Some(automaton),
            right: pairs
                .values()
                .map(|right| right.chars().collect())
                .collect(),
        })
    }

    /// Normalises a caller's text.
    pub fn normalise(&self, text: &str) -> Normal {
        let (chars, origin) = fold(text);
        let folded = Normal::new(chars, origin);
        let Some(automaton) = &self.automaton else {
            return folded;
        };
        let mut chars = Vec::with_capacity(folded.chars.len());
        let mut origin = Vec::with_capacity(folded.chars.len());
        let mut done = 0;
        for found in automaton.find_iter(&folded.text) {
            let start = folded.char_at(found.start());
            let end = folded.char_at(found.end());
            chars.extend_from_slice(folded.chars.get(done..start).unwrap_or(&[]));
            origin.extend_from_slice(folded.origin.get(done..start).unwrap_or(&[]));
            let right = self.right.get(found.pattern().as_usize());
            for (nth, c) in right.into_iter().flatten().enumerate() {
                chars.push(*c);
                origin.push(folded.origin_of((start + nth).min(end - 1)));
            }
            done = end;
        }
        chars.extend_from_slice(folded.chars.get(done..).unwrap_or(&[]));
        origin.extend_from_slice(folded.origin.get(done..).unwrap_or(&[]));
        Normal::new(chars, origin)
    }
}

/// Every word of `heard` with one character replaced by one that sounds alike.
fn misheard(
    file: &TypoFile,
    is_word: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, String>, String> {
    let mut pairs: BTreeMap<String, String> = BTreeMap::new();
    for word in &file.heard {
        let chars: Vec<char> = word.chars().collect();
        if chars.len() < 2 {
            return Err(format!("{word}：同音词至少两个字，请改写"));
        }
        for (at, c) in chars.iter().enumerate() {
            let alike = file.sounds.iter().filter(|set| set.contains(*c));
            for other in alike.flat_map(|set| set.chars()).filter(|other| other != c) {
                let mut wrong = chars.clone();
                if let Some(slot) = wrong.get_mut(at) {
                    *slot = other;
                }
                let wrong: String = wrong.into_iter().collect();
                if !is_word(&wrong) && !file.heard.contains(&wrong) {
                    pairs.entry(wrong).or_insert_with(|| word.clone());
                }
            }
        }
    }
    Ok(pairs)
}

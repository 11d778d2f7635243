//! The word table (词库) compiled: every word of every group and every literal word of a rule in one
//! automaton. Knows words, groups and which group swallows which; knows nothing of rules or scores.

use super::normal::fold_word;
use super::problem::RuleProblem;
use aho_corasick::AhoCorasick;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Index of a group or of a literal word, in one numbering.
pub(crate) type Tag = usize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConceptRow {
    pub name: String,
    pub zh: String,
    #[serde(default)]
    pub covers: Vec<String>,
    pub words: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LexiconFile {
    pub concept: Vec<ConceptRow>,
}

/// What a group swallows inside its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Covers {
    Nothing,
    Everything,
    Tags(Vec<Tag>),
}

/// Names, words and the automaton over all of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lexicon {
    /// `None` when there are no words.
    automaton: Option<AhoCorasick>,
    /// Per word of the automaton the tags it carries.
    word_tags: Vec<Vec<Tag>>,
    tag_names: Vec<String>,
    covers: Vec<Covers>,
    /// Tags below this are groups, the rest literal words.
    concept_count: usize,
}

/// Collects words before the automaton can be built.
#[derive(Debug, Default)]
pub(crate) struct LexiconBuilder {
    words: BTreeMap<String, Vec<Tag>>,
    tag_names: Vec<String>,
    by_name: BTreeMap<String, Tag>,
    covers: Vec<Covers>,
    concept_count: usize,
}

impl LexiconBuilder {
    pub fn new(file: &LexiconFile, problems: &mut Vec<RuleProblem>) -> Self {
        let mut builder = Self::default();
        for row in &file.concept {
            let tag = builder.tag_names.len();
            if builder
                .by_name
                .insert(format!("@{}", row.name), tag)
                .is_some()
            {
                problems.push(RuleProblem::at(&row.name, "词组名重复，请改名"));
            }
            if row.zh.is_empty() || row.words.is_empty() {
                problems.push(RuleProblem::at(&row.name, "词组缺中文名或没有词"));
            }
            builder.tag_names.push(row.name.clone());
            for word in &row.words {
                builder.add(&row.name, word, tag, problems);
            }
        }
        builder.concept_count = builder.tag_names.len();
        for row in &file.concept {
            let covers = builder.covers_of(row, problems);
            builder.covers.push(covers);
        }
        builder
    }

    fn covers_of(&self, row: &ConceptRow, problems: &mut Vec<RuleProblem>) -> Covers {
        if row.covers.is_empty() {
            return Covers::Nothing;
        }
        if row.covers.iter().any(|name| name == "*") {
            return Covers::Everything;
        }
        let mut tags = Vec::new();
        for name in &row.covers {
            match self.by_name.get(&format!("@{name}")) {
                Some(tag) => tags.push(*tag),
                None => problems.push(RuleProblem::at(
                    &row.name,
                    format!("covers 中没有词组 {name}"),
                )),
            }
        }
        Covers::Tags(tags)
    }

    fn add(&mut self, owner: &str, word: &str, tag: Tag, problems: &mut Vec<RuleProblem>) {
        let folded = fold_word(word.trim());
        if folded.is_empty() {
            problems.push(RuleProblem::at(owner, "有空词"));
            return;
        }
        let tags = self.words.entry(folded).or_default();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }

    /// The tag of `@group` or of a literal word, which is added when new.
    pub fn tag(&mut self, owner: &str, word: &str, problems: &mut Vec<RuleProblem>) -> Option<Tag> {
        if let Some(tag) = self.by_name.get(word) {
            return Some(*tag);
        }
        if word.starts_with('@') {
            problems.push(RuleProblem::at(owner, format!("没有词组 {word}")));
            return None;
        }
        let tag = self.tag_names.len();
        self.tag_names.push(word.to_owned());
        self.covers.push(Covers::Nothing);
        self.by_name.insert(word.to_owned(), tag);
        self.add(owner, word, tag, problems);
        Some(tag)
    }

    /// Whether a word stands in the table as it is.
    pub fn has(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    pub fn build(self) -> Result<Lexicon, RuleProblem> {
        let automaton = AhoCorasick::new(self.words.keys())
            .map_err(|error| RuleProblem::at("lexicon", error.to_string()))?;
        Ok(Lexicon {
            automaton: Some(automaton),
            word_tags: self.words.into_values().collect(),
            tag_names: self.tag_names,
            covers: self.covers,
            concept_count: self.concept_count,
        })
    }
}

/// One word found in a text, in normalised characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawHit {
    pub tag: Tag,
    pub start: usize,
    pub end: usize,
}

impl Lexicon {
    /// Group name of a tag, `None` for a literal word.
    pub fn concept_name(&self, tag: Tag) -> Option<&str> {
        (tag < self.concept_count)
            .then(|| self.tag_names.get(tag).map(String::as_str))
            .flatten()
    }

    /// All words of the table in the text, those swallowed by a longer word left out.
    pub fn find(&self, text: &super::normal::Normal) -> Vec<RawHit> {
        let mut hits = Vec::new();
        let Some(automaton) = &self.automaton else {
            return hits;
        };
        for found in automaton.find_overlapping_iter(&text.text) {
            let start = text.char_at(found.start());
            let end = text.char_at(found.end());
            for tag in self
                .word_tags
                .get(found.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                hits.push(RawHit {
                    tag: *tag,
                    start,
                    end,
                });
            }
        }
        hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), hit.tag));
        self.without_swallowed(hits)
    }

    fn without_swallowed(&self, hits: Vec<RawHit>) -> Vec<RawHit> {
        let covering: Vec<RawHit> = hits
            .iter()
            .filter(|hit| {
                self.covers
                    .get(hit.tag)
                    .is_some_and(|covers| *covers != Covers::Nothing)
            })
            .copied()
            .collect();
        hits.into_iter()
            .filter(|hit| !covering.iter().any(|outer| self.swallows(*outer, *hit)))
            .collect()
    }

    fn swallows(&self, outer: RawHit, inner: RawHit) -> bool {
        let inside = outer.start <= inner.start && inner.end <= outer.end;
        let longer = outer.end - outer.start > inner.end - inner.start;
        inside
            && longer
            && match self.covers.get(outer.tag) {
                Some(Covers::Everything) => true,
                Some(Covers::Tags(tags)) => tags.contains(&inner.tag),
                _ => false,
            }
    }
}

//! Negation, worry, past and supposition (否定与虚拟): decides for each word found whether the caller
//! says it is so, says it is not so, fears it, or speaks of an earlier time. Cues are data.

use super::lexicon::RawHit;
use super::normal::{Normal, fold_word};
use super::rules::Hazards;
use serde::Deserialize;

/// What the caller says about a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// It is so.
    Said,
    /// It is not so (没有跳闸).
    Negated,
    /// It is feared or supposed (怕着火, 万一倒了).
    Feared,
    /// It was so at an earlier time (上次停电).
    Past,
}

/// The cue words; a cue reaches forward to the end of the clause or `reach` characters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScopeFile {
    pub negators: CueTable,
    pub fears: CueTable,
    pub past: CueTable,
    /// Characters that end the reach of a cue.
    pub clause_ends: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CueTable {
    /// How many characters may stand between cue and word.
    pub reach: usize,
    /// Cues so short that they reach over one character only.
    pub short: Vec<String>,
    pub words: Vec<String>,
    /// Longer words that hold a cue but are none (特别, 有没有).
    pub not: Vec<String>,
    /// Characters that cut the reach when they stand between (又, 就, 但).
    pub breakers: String,
}

/// Characters a one-character cue reaches over.
const SHORT_REACH: usize = 1;

/// The cue tables as characters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    cues: Vec<(State, Cues)>,
    clause_ends: Vec<char>,
}

#[derive(Debug, Clone)]
struct Cues {
    reach: usize,
    words: Vec<Vec<char>>,
    short: Vec<Vec<char>>,
    not: Vec<Vec<char>>,
    breakers: Vec<char>,
}

impl Cues {
    fn new(table: &CueTable) -> Self {
        let chars = |words: &[String]| -> Vec<Vec<char>> {
            words
                .iter()
                .map(|word| fold_word(word).chars().collect())
                .collect()
        };
        Self {
            reach: table.reach,
            words: chars(&table.words),
            short: chars(&table.short),
            not: chars(&table.not),
            breakers: table.breakers.chars().collect(),
        }
    }

    /// Whether a cue stands behind `wall` and before character `start`, and reaches it.
    fn reaches(&self, text: &[char], start: usize, wall: usize, clause_ends: &[char]) -> bool {
        for gap in 0..=self.reach {
            let Some(end) = start.checked_sub(gap).filter(|end| *end > wall) else {
                return false;
            };
            if gap > 0 {
                match text.get(end) {
                    Some(c) if clause_ends.contains(c) || self.breakers.contains(c) => {
                        return false;
                    }
                    None => return false,
                    Some(_) => {}
                }
            }
            let before = text.get(..end).unwrap_or(&[]);
            let short: &[Vec<char>] = if gap <= SHORT_REACH { &self.short } else { &[] };
            let mut cues = self.words.iter().chain(short);
            if cues.any(|cue| self.ends_with(text, before, cue)) {
                return true;
            }
        }
        false
    }

    fn ends_with(&self, text: &[char], before: &[char], cue: &[char]) -> bool {
        if !before.ends_with(cue) {
            return false;
        }
        let cue_start = before.len() - cue.len();
        !self
            .not
            .iter()
            .any(|not| covers(text, not, cue_start, before.len()))
    }
}

/// Whether `word` stands in `text` so that it holds characters `start..end`.
fn covers(text: &[char], word: &[char], start: usize, end: usize) -> bool {
    let earliest = end.saturating_sub(word.len());
    (earliest..=start).any(|from| text.get(from..from + word.len()) == Some(word))
}

impl Scope {
    pub fn new(file: &ScopeFile) -> Self {
        Self {
            cues: vec![
                (State::Negated, Cues::new(&file.negators)),
                (State::Feared, Cues::new(&file.fears)),
                (State::Past, Cues::new(&file.past)),
            ],
            clause_ends: file.clause_ends.chars().collect(),
        }
    }

    /// The state of every hit, in the order given (by start).
    pub fn states(&self, text: &Normal, hits: &[RawHit], hazards: &Hazards) -> Vec<State> {
        let mut states: Vec<State> = Vec::with_capacity(hits.len());
        for (index, hit) in hits.iter().enumerate() {
            let wall = wall_before(hits, *hit, hazards);
            let own = self
                .cues
                .iter()
                .find(|(_, cues)| cues.reaches(&text.chars, hit.start, wall, &self.clause_ends))
                .map_or(State::Said, |(state, _)| *state);
            let state = if own == State::Said {
                carried(text, hits, &states, index, wall)
            } else {
                own
            };
            states.push(state);
        }
        states
    }
}

/// The character before which no cue reaches a danger: the end of the last word before it whose
/// denial says nothing about dangers (不是停电着火了 denies the outage alone). 0 for other words.
fn wall_before(hits: &[RawHit], hit: RawHit, hazards: &Hazards) -> usize {
    if hazards.dangers.binary_search(&hit.tag).is_err() {
        return 0;
    }
    hits.iter()
        .filter(|other| {
            other.end <= hit.start && hazards.denied_apart.binary_search(&other.tag).is_ok()
        })
        .map(|other| other.end)
        .max()
        .unwrap_or(0)
}

/// A list keeps its negation: 没有打火、冒烟和焦味.
fn carried(text: &Normal, hits: &[RawHit], states: &[State], index: usize, wall: usize) -> State {
    const LIST_JOINTS: &[char] = &['、', '和', '或', '跟', '及', '与'];
    let Some(hit) = hits.get(index) else {
        return State::Said;
    };
    let before = hits.iter().zip(states).rev().take(8);
    for (other, state) in before {
        if *state != State::Negated || other.start < wall {
            continue;
        }
        let adjacent = other.end == hit.start && other.start < hit.start;
        let joined = other.end + 1 == hit.start
            && text
                .chars
                .get(other.end)
                .is_some_and(|c| LIST_JOINTS.contains(c));
        let overlapping = other.start < hit.start && hit.start < other.end && hit.end <= other.end;
        if adjacent || joined || overlapping {
            return State::Negated;
        }
    }
    State::Said
}

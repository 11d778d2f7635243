//! Scoring (打分): what every rule makes of one text, with the words that counted. Integer sums only.

use super::lexicon::{Lexicon, RawHit, Tag};
use super::normal::Normal;
use super::rules::{Hazard, Hazards, Rule};
use super::scope::{Scope, State};

/// Weight of a topic word: the hotline agent has already classed the call (service rules 2.7).
pub(crate) const TOPIC_WEIGHT: i32 = 8;
/// Added when the words stand behind a turn of the talk (另外, 主要是): the later request is the main one.
const LATER_BONUS: i32 = 1;

/// One text with everything found in it.
#[derive(Debug)]
pub(crate) struct Scan {
    pub text: Normal,
    pub hits: Vec<Hit>,
    /// Where the text proper starts, behind a leading 【topic】.
    pub body_start: usize,
}

/// One word found, and what the caller says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub tag: Tag,
    pub start: usize,
    pub end: usize,
    pub state: State,
}

impl Scan {
    pub fn new(text: Normal, lexicon: &Lexicon, scope: &Scope, hazards: &Hazards) -> Self {
        let raw: Vec<RawHit> = lexicon.find(&text);
        let states = scope.states(&text, &raw, hazards);
        let hits = raw
            .into_iter()
            .zip(states)
            .map(|(hit, state)| Hit {
                tag: hit.tag,
                start: hit.start,
                end: hit.end,
                state,
            })
            .collect();
        let body_start = topic_end(&text.chars);
        Self {
            text,
            hits,
            body_start,
        }
    }

    /// Said hits of any of the tags.
    fn said<'a>(&'a self, tags: &'a [Tag]) -> impl Iterator<Item = &'a Hit> {
        self.hits
            .iter()
            .filter(|hit| hit.state == State::Said && tags.binary_search(&hit.tag).is_ok())
    }
}

/// End of a 【topic】 that opens the text, or 0.
fn topic_end(chars: &[char]) -> usize {
    const LONGEST_TOPIC: usize = 24;
    let open = chars.iter().take(3).position(|c| *c == '【' || *c == '[');
    let Some(open) = open else { return 0 };
    chars
        .iter()
        .take(open + LONGEST_TOPIC)
        .position(|c| *c == '】' || *c == ']')
        .map_or(0, |close| close + 1)
}

/// A word that counted for a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub start: usize,
    pub end: usize,
    pub weight: i32,
    pub topic: bool,
}

/// What one rule makes of one text.
#[derive(Debug, Clone)]
pub(crate) struct Scored {
    /// Index into the engine's rules.
    pub rule: usize,
    pub score: i32,
    pub words: Vec<Counted>,
}

/// Scores one rule; `None` when it does not match.
pub(crate) fn score(index: usize, rule: &Rule, scan: &Scan, turn: usize) -> Option<Scored> {
    if scan.said(&rule.none).next().is_some() {
        return None;
    }
    let mut words = Vec::new();
    let mut score = rule.priority;
    for group in &rule.all {
        let hit = scan.said(group).next()?;
        words.push(counted(hit, 2, scan));
        score += 2;
    }
    let mut met = !rule.all.is_empty();
    let mut later = false;
    for group in &rule.any {
        let mut hits = scan.hits.iter().filter(|hit| {
            group.state.takes(hit.state) && group.tags.binary_search(&hit.tag).is_ok()
        });
        let Some(hit) = hits.next() else { continue };
        met |= group.weight > 0;
        later |= turn > 0 && group.weight > 1 && hits.next().unwrap_or(hit).start >= turn;
        score += group.weight;
        words.push(counted(hit, group.weight, scan));
    }
    if let Some(hit) = scan
        .hits
        .iter()
        .find(|hit| hit.end <= scan.body_start && rule.topic.binary_search(&hit.tag).is_ok())
    {
        met = true;
        score += TOPIC_WEIGHT;
        words.push(Counted {
            start: hit.start,
            end: hit.end,
            weight: TOPIC_WEIGHT,
            topic: true,
        });
    }
    if later {
        score += LATER_BONUS;
    }
    met.then_some(Scored {
        rule: index,
        score,
        words,
    })
}

fn counted(hit: &Hit, weight: i32, scan: &Scan) -> Counted {
    Counted {
        start: hit.start,
        end: hit.end,
        weight,
        topic: hit.end <= scan.body_start,
    }
}

/// Where the last turn of the talk stands (另外, 主要是, 但是), or 0.
pub(crate) fn turn_of_talk(scan: &Scan, turns: &[Tag]) -> usize {
    scan.hits
        .iter()
        .filter(|hit| turns.binary_search(&hit.tag).is_ok())
        .map(|hit| hit.end)
        .max()
        .unwrap_or(0)
}

/// The danger words that are said.
pub(crate) fn hazards(hazards: &Hazards, scan: &Scan) -> Vec<Counted> {
    let mut words: Vec<Counted> = Vec::new();
    if scan.said(&hazards.story).next().is_some() {
        return words;
    }
    for rule in &hazards.rows {
        if scan.said(&rule.none).next().is_some() {
            continue;
        }
        for word in met(rule, scan).into_iter().flatten() {
            if !words
                .iter()
                .any(|other| other.start == word.start && other.end == word.end)
            {
                words.push(word);
            }
        }
    }
    words.sort_by_key(|word| (word.start, word.end));
    words
}

/// One word of every group of a danger, close enough to each other; `None` when a group is missing.
fn met(rule: &Hazard, scan: &Scan) -> Option<Vec<Counted>> {
    let (first, others) = rule.all.split_first()?;
    scan.said(first).find_map(|danger| {
        let mut words = vec![counted(danger, 1, scan)];
        for group in others {
            let close = |hit: &&Hit| rule.near.is_none_or(|near| gap(danger, hit) <= near);
            words.push(counted(scan.said(group).find(close)?, 1, scan));
        }
        Some(words)
    })
}

/// Characters between two words, 0 when they touch or overlap.
fn gap(one: &Hit, other: &Hit) -> usize {
    one.start
        .saturating_sub(other.end)
        .max(other.start.saturating_sub(one.end))
}

/// Whether every danger is over: a word like 修好了 or 谢谢 stands behind the last of them.
pub(crate) fn is_settled(hazards: &Hazards, scan: &Scan, words: &[Counted]) -> bool {
    let last = words.iter().map(|word| word.end).max().unwrap_or(0);
    scan.hits
        .iter()
        .filter(|hit| matches!(hit.state, State::Said | State::Past))
        .any(|hit| hit.start >= last && hazards.settled.binary_search(&hit.tag).is_ok())
}

/// Whether the text speaks of a danger only to deny or to fear it, or tells a story.
pub(crate) fn denies_hazard(hazards: &Hazards, scan: &Scan) -> bool {
    scan.said(&hazards.story).next().is_some()
        || scan
            .hits
            .iter()
            .any(|hit| hit.state != State::Said && hazards.dangers.binary_search(&hit.tag).is_ok())
}

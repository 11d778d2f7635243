//! The stages of a search in the order of the ranking: index ranges for exact and prefix, then one
//! full-text match of all words that the indexes can answer together. What it leaves out is checked
//! row by row.

use super::query::{Field, MatchMode, SHORTEST_INSIDE, Term, Terms};
use crate::store::search_index::tokens;
use std::fmt::Write as _;

/// Trigrams of a term that narrow the match enough. Its last ones are taken: numbers and addresses
/// begin alike and differ at the end, and a trigram that every row has costs time and narrows nothing.
const MOST_TRIGRAMS: usize = 5;

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Orders in hand.
    Orders,
    /// Customers of the station.
    Customers,
}

/// One step of the ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A range of a field's index.
    Index(MatchMode, Field),
    /// Full text.
    Inside(Match),
    /// No words: orders by time, newest first.
    Time,
}

/// A full-text match: which index, which expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Trigrams, else characters.
    pub is_trigram: bool,
    /// Expression of the index.
    pub expression: String,
}

/// The stages of a search.
pub fn stages(group: Group, terms: &Terms) -> Vec<Stage> {
    let Some(first) = terms.words.first() else {
        return vec![Stage::Time];
    };
    let inside = inside_match(terms);
    let mut stages = Vec::new();
    // Several words that full text can answer together: no index range could narrow them as well.
    if terms.words.len() == 1 || inside.is_none() || !is_safe(first) {
        for mode in [MatchMode::Exact, MatchMode::Prefix] {
            let fields = first
                .fields()
                .iter()
                .filter(|field| has_index(group, **field));
            stages.extend(fields.map(|field| Stage::Index(mode, *field)));
        }
    }
    stages.extend(inside.map(Stage::Inside));
    stages
}

/// The field has an index of its own in the group.
pub const fn has_index(group: Group, field: Field) -> bool {
    match field {
        Field::Address => false,
        Field::OrderNumber => matches!(group, Group::Orders),
        _ => true,
    }
}

/// Every way the word can fit is in the character index.
fn is_in_characters(term: &Term) -> bool {
    let has = |field: &Field| {
        matches!(
            field,
            Field::AccountName | Field::PoleNumber | Field::Address
        )
    };
    term.fields().iter().all(has)
}

/// Every way the word can fit is in one of the full-text indexes.
fn is_safe(term: &Term) -> bool {
    let is_in_trigrams =
        !term.fields().contains(&Field::PinyinInitials) && term.length() >= SHORTEST_INSIDE;
    is_in_trigrams || is_in_characters(term)
}

/// The full-text expression of the first word and of all others that can be put beside it; none when
/// the first is only an initial. What it leaves out is checked row by row.
fn inside_match(terms: &Terms) -> Option<Match> {
    let first = terms.words.first()?;
    if first.fields() == [Field::PinyinInitials] {
        return None;
    }
    let others = || terms.words.iter().skip(1).filter(|term| is_safe(term));
    let all_in_characters = is_in_characters(first) && others().all(is_in_characters);
    let all_long = others().all(|term| term.length() >= SHORTEST_INSIDE);
    let is_trigram = first.length() >= SHORTEST_INSIDE && (all_long || !all_in_characters);
    let mut parts = Vec::new();
    if is_trigram {
        for term in std::iter::once(first).chain(others()) {
            parts.extend(trigrams(&term.text));
        }
    } else {
        let beside = others().filter(|term| is_in_characters(term));
        for term in std::iter::once(first).chain(beside) {
            parts.push(format!("\"{}\"", tokens(&term.text).trim_end()));
        }
    }
    Some(Match {
        is_trigram,
        expression: parts.join(" AND "),
    })
}

/// Quoted trigrams of a text; none when it is shorter.
fn trigrams(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut quoted = Vec::new();
    for window in characters.windows(3) {
        let mut one = String::from("\"");
        for character in window {
            if *character == '"' {
                one.push('"');
            }
            let _ = write!(one, "{character}");
        }
        one.push('"');
        if !quoted.contains(&one) {
            quoted.push(one);
        }
    }
    quoted.split_off(quoted.len().saturating_sub(MOST_TRIGRAMS))
}

/// The smallest text above every text that starts with `prefix` (lower case): its last character
/// counted up, as the index orders them.
pub fn upper_bound(prefix: &str) -> String {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            characters.push(next);
            return characters.into_iter().collect();
        }
    }
    String::from(char::MAX)
}

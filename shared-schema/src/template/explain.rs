//! Reasons in words (判定理由): which of the caller's own words counted, and one Chinese sentence.

use super::decision::{MatchedWord, RunnerUp, Why, WordSource};
use super::engine::Engine;
use super::score::{Counted, Scan};
use crate::order::kind::OrderKind;

/// A counted word as the caller wrote it.
pub(super) fn matched(word: &Counted, scan: &Scan, original: &str) -> MatchedWord {
    let source = if word.topic {
        WordSource::Topic
    } else {
        WordSource::Rule
    };
    span(word.start, word.end, word.weight, source, scan, original)
}

/// Characters `start..end` of the normalised text as the caller wrote them.
pub(super) fn span(
    start: usize,
    end: usize,
    weight: i32,
    source: WordSource,
    scan: &Scan,
    original: &str,
) -> MatchedWord {
    let from = scan.text.origin_of(start);
    let to = scan.text.origin_end(end).max(from);
    MatchedWord {
        word: original
            .chars()
            .skip(from as usize)
            .take((to - from) as usize)
            .collect(),
        start_char: from,
        weight,
        source,
    }
}

/// The reason as one sentence.
pub(super) fn sentence(
    engine: &Engine,
    why: Why,
    template: Option<&str>,
    words: &[MatchedWord],
    runner_up: Option<&RunnerUp>,
) -> String {
    let name = |id: &str| {
        engine
            .templates()
            .find(|(template, _)| *template == id)
            .map_or_else(|| general_name(id), |(_, zh)| zh.to_owned())
    };
    let mut strongest: Vec<&MatchedWord> = words.iter().filter(|word| word.weight > 0).collect();
    strongest.sort_by_key(|word| {
        (
            word.source == WordSource::Model,
            std::cmp::Reverse(word.weight),
        )
    });
    let shown: Vec<String> = strongest
        .iter()
        .take(3)
        .map(|word| format!("“{}”", word.word))
        .collect();
    let mut parts = vec![match template {
        Some(template) => format!("{}：{}", why.zh(), name(template)),
        None => why.zh().to_owned(),
    }];
    if !shown.is_empty() {
        parts.push(format!("依据{}", shown.join("、")));
    }
    if let Some(other) = runner_up {
        parts.push(format!(
            "其次是{}（{}分）",
            name(&other.template),
            other.score
        ));
    }
    parts.join("；")
}

/// Chinese name of a template that no rule carries: `<kind>.general`.
fn general_name(id: &str) -> String {
    let kind = id
        .split('.')
        .next()
        .and_then(|word| word.parse::<OrderKind>().ok());
    kind.map_or_else(|| "不需派人".to_owned(), |kind| kind.zh().to_owned())
}

//! Putting rules and second opinion together (综合判定). A thin, tied or contested result is never
//! guessed: it goes to a person.

use super::decision::{Decision, MatchedWord, RunnerUp, Why, WordSource};
use super::engine::Engine;
use super::features;
use super::fields;
use super::model::{Model, NO_VISIT, OUTPUTS, URGENT};
use super::score::{self, Counted, Scan, Scored};
use crate::order::kind::OrderKind;

/// A rule below this has too little to go by.
const MIN_SCORE: i32 = 4;
/// The best rule must lead the best of another kind by this.
const MIN_LEAD: i32 = 1;
/// What a point of a rule is worth in the model's units; chosen by cross-validation.
const POINT_LOGITS: i32 = 30;
/// Points of a rule beyond this add nothing: a long text must not outvote the model.
const MOST_POINTS: i32 = 14;
/// The best kind must lead by this much in the model's units; chosen by cross-validation.
const MIN_MARGIN: i32 = 120;
/// Output above which the model calls a text urgent.
const URGENT_ABOVE: i32 = 0;
/// How many n-grams are shown.
const SHOWN_GRAMS: usize = 6;

/// What the rules alone make of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RuleVerdict {
    /// Index of the winning rule.
    Decided(usize),
    /// Nothing scores enough or leads enough.
    Unclear,
    /// Two rules of different kinds with the same score.
    Tie(usize, usize),
}

/// The rules' own verdict; `scored` is sorted best first.
pub(crate) fn rule_verdict(engine: &Engine, scored: &[Scored]) -> RuleVerdict {
    let Some(best) = scored.first() else {
        return RuleVerdict::Unclear;
    };
    if best.score < MIN_SCORE {
        return RuleVerdict::Unclear;
    }
    match rival(engine, scored, slot(engine, best)) {
        Some(other) if other.score == best.score => RuleVerdict::Tie(best.rule, other.rule),
        Some(other) if best.score - other.score < MIN_LEAD => RuleVerdict::Unclear,
        _ => RuleVerdict::Decided(best.rule),
    }
}

/// The best rule of another kind.
fn rival<'a>(engine: &Engine, scored: &'a [Scored], of: usize) -> Option<&'a Scored> {
    scored.iter().find(|other| slot(engine, other) != of)
}

/// Output index of a rule's kind.
fn slot(engine: &Engine, scored: &Scored) -> usize {
    let kind = engine.rules.get(scored.rule).and_then(|rule| rule.kind);
    kind.and_then(|kind| OrderKind::ALL.iter().position(|one| *one == kind))
        .unwrap_or(NO_VISIT)
}

/// Decides one text.
pub(crate) fn decide(engine: &Engine, original: &str, scan: &Scan) -> Decision {
    let scored = engine.score(scan);
    let found = engine
        .model
        .as_ref()
        .map(|model| (model, features::features(scan, &engine.lexicon)));
    let outputs = found.as_ref().map(|(model, found)| model.outputs(found));
    let hazard_words = score::hazards(&engine.hazards, scan);
    let verdict = rule_verdict(engine, &scored);
    let (choice, why) = choose(engine, &scored, &verdict, outputs.as_ref());

    let best = choice.and_then(|index| scored.iter().find(|one| slot(engine, one) == index));
    let shown = best.or(scored.first());
    let mut words: Vec<MatchedWord> = shown
        .map(|one| {
            one.words
                .iter()
                .map(|word| matched(word, scan, original))
                .collect()
        })
        .unwrap_or_default();
    if let (Some((model, found)), Some(index)) = (&found, choice) {
        words.extend(top_grams(model, found, index, scan, original));
    }
    words.sort_by_key(|word| word.start_char);
    let other = choice.or(shown.map(|one| slot(engine, one)));
    let runner_up = other
        .and_then(|index| rival(engine, &scored, index))
        .and_then(|one| {
            Some(RunnerUp {
                template: engine.rules.get(one.rule)?.template.clone(),
                score: one.score,
            })
        });
    let kind = choice.and_then(|index| OrderKind::ALL.get(index).copied());
    let model_urgent = outputs
        .as_ref()
        .and_then(|outputs| outputs.get(URGENT))
        .is_some_and(|output| *output > URGENT_ABOVE);
    let urgent = !hazard_words.is_empty() || model_urgent;
    let template = template_of(engine, best, kind, choice);
    let sentence = sentence(engine, why, template.as_deref(), &words, runner_up.as_ref());
    Decision {
        kind,
        template,
        score: best.map_or(0, |one| one.score),
        words,
        runner_up,
        urgent,
        hazard_words: hazard_words
            .iter()
            .map(|word| matched(word, scan, original))
            .collect(),
        fields: fields::extract(&scan.text.text),
        why,
        sentence,
    }
}

/// The chosen output index, if any, and why.
fn choose(
    engine: &Engine,
    scored: &[Scored],
    verdict: &RuleVerdict,
    outputs: Option<&[i32; OUTPUTS]>,
) -> (Option<usize>, Why) {
    let Some(outputs) = outputs else {
        return match verdict {
            RuleVerdict::Decided(_) => {
                let index = scored.first().map(|one| slot(engine, one));
                (
                    index,
                    if index == Some(NO_VISIT) {
                        Why::NoVisit
                    } else {
                        Why::Rules
                    },
                )
            }
            RuleVerdict::Unclear => (None, Why::Unclear),
            RuleVerdict::Tie(..) => (None, Why::Tie),
        };
    };
    let totals = totals(engine, scored, outputs);
    let (best, margin) = best_and_margin(&totals);
    let by_rules = match verdict {
        RuleVerdict::Decided(_) => scored.first().map(|one| slot(engine, one)),
        _ => None,
    };
    if margin < MIN_MARGIN {
        let model_best = best_and_margin(outputs.get(..URGENT).unwrap_or(&[])).0;
        return match verdict {
            RuleVerdict::Tie(..) => (None, Why::Tie),
            RuleVerdict::Decided(_) if by_rules != Some(model_best) => (None, Why::Disagreement),
            _ => (None, Why::Unclear),
        };
    }
    let why = if best == NO_VISIT {
        Why::NoVisit
    } else if by_rules == Some(best) {
        Why::Rules
    } else {
        Why::SecondOpinion
    };
    (Some(best), why)
}

/// Model outputs plus what the best rule of each kind is worth.
fn totals(engine: &Engine, scored: &[Scored], outputs: &[i32; OUTPUTS]) -> Vec<i32> {
    outputs
        .iter()
        .take(URGENT)
        .enumerate()
        .map(|(index, output)| {
            let points = scored
                .iter()
                .find(|one| slot(engine, one) == index)
                .map_or(0, |one| one.score.clamp(0, MOST_POINTS));
            output + points * POINT_LOGITS
        })
        .collect()
}

fn best_and_margin(totals: &[i32]) -> (usize, i32) {
    let mut order: Vec<(usize, i32)> = totals.iter().copied().enumerate().collect();
    order.sort_by_key(|(index, total)| (std::cmp::Reverse(*total), *index));
    match order.as_slice() {
        [(best, first), (_, second), ..] => (*best, first - second),
        _ => (NO_VISIT, 0),
    }
}

fn template_of(
    engine: &Engine,
    best: Option<&Scored>,
    kind: Option<OrderKind>,
    choice: Option<usize>,
) -> Option<String> {
    let by_rule = best.and_then(|one| engine.rules.get(one.rule));
    match (by_rule, kind) {
        (Some(rule), _) => Some(rule.template.clone()),
        (None, Some(kind)) => Some(format!("{kind}.general")),
        (None, None) => choice.map(|_| "none.general".to_owned()),
    }
}

fn matched(word: &Counted, scan: &Scan, original: &str) -> MatchedWord {
    let source = if word.topic {
        WordSource::Topic
    } else {
        WordSource::Rule
    };
    span(word.start, word.end, word.weight, source, scan, original)
}

fn span(
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

/// The n-grams that spoke most for an output against the mean of the others, strongest first.
fn top_grams(
    model: &Model,
    found: &[features::Feature],
    index: usize,
    scan: &Scan,
    original: &str,
) -> Vec<MatchedWord> {
    let mut grams: Vec<(i32, usize, usize)> = found
        .iter()
        .filter_map(|feature| {
            let (start, end) = feature.at?;
            let weights = model.weights(feature.key)?;
            let weight = i32::from(*weights.get(index)?);
            (weight > 0 && end - start >= 2).then_some((weight, start, end))
        })
        .collect();
    grams.sort_by_key(|(weight, start, end)| (std::cmp::Reverse(*weight), *start, *end));
    grams
        .into_iter()
        .take(SHOWN_GRAMS)
        .map(|(weight, start, end)| span(start, end, weight, WordSource::Model, scan, original))
        .collect()
}

fn sentence(
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
            .map_or_else(|| id.to_owned(), |(_, zh)| zh.to_owned())
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
    let mut text = why.zh().to_owned();
    if let Some(template) = template {
        text.push_str(&format!("：{}", name(template)));
    }
    if !shown.is_empty() {
        text.push_str(&format!("；依据{}", shown.join("、")));
    }
    if let Some(other) = runner_up {
        text.push_str(&format!(
            "；其次是{}（{}分）",
            name(&other.template),
            other.score
        ));
    }
    text
}

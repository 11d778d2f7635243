//! Putting rules and second opinion together (综合判定). A thin, tied or contested result is never
//! guessed: it goes to a person.

use super::decision::{Decision, MatchedWord, RunnerUp, Why, WordSource};
use super::engine::Engine;
use super::explain::{matched, sentence, span};
use super::features;
use super::fields;
use super::model::{Model, NO_VISIT, OUTPUTS, URGENT};
use super::score::{self, Counted, Scan, Scored};
use crate::order::kind::OrderKind;

/// When the engine dares to decide; the file says what each number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Lowest score of a rule that decides, in rule points.
    pub min_score: i32,
    /// Lead over the best rule of another kind, in rule points.
    pub min_lead: i32,
    /// Model units a rule point is worth.
    pub point_units: i32,
    /// Rule points beyond this add nothing.
    pub most_points: i32,
    /// Lead of the best kind over the next, in model units.
    pub min_margin: i32,
    /// The same lead when the next is "no visit": a crew sent for nothing is the dearest mistake.
    pub min_margin_over_no_visit: i32,
    /// Model output above which a text is urgent without a danger word.
    pub urgent_above: i32,
    /// The same when the text denies a danger and names none.
    pub urgent_above_denied: i32,
}

impl Default for Thresholds {
    /// Never decides: for an engine without rules.
    fn default() -> Self {
        Self {
            min_score: i32::MAX,
            min_lead: i32::MAX,
            point_units: 0,
            most_points: 0,
            min_margin: i32::MAX,
            min_margin_over_no_visit: i32::MAX,
            urgent_above: i32::MAX,
            urgent_above_denied: i32::MAX,
        }
    }
}

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
    if best.score < engine.thresholds.min_score {
        return RuleVerdict::Unclear;
    }
    match rival(engine, scored, slot(engine, best)) {
        Some(other) if other.score == best.score => RuleVerdict::Tie(best.rule, other.rule),
        Some(other) if best.score - other.score < engine.thresholds.min_lead => {
            RuleVerdict::Unclear
        }
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
    let opinion = engine
        .model
        .as_ref()
        .map(|model| Opinion::new(engine, model, scan));
    let verdict = rule_verdict(engine, &scored);
    let outputs = opinion.as_ref().map(|opinion| &opinion.outputs);
    let (choice, why) = if scored.is_empty() && !scan.text.has_words() {
        (None, Why::Unclear)
    } else {
        choose(engine, &scored, &verdict, outputs)
    };

    let best = choice.and_then(|index| scored.iter().find(|one| slot(engine, one) == index));
    let shown = best.or(scored.first());
    let mut words: Vec<MatchedWord> = shown
        .iter()
        .flat_map(|one| &one.words)
        .map(|word| matched(word, scan, original))
        .collect();
    if let (Some(opinion), Some(index)) = (&opinion, choice) {
        words.extend(opinion.top_grams(index, scan, original));
    }
    words.sort_by_key(|word| word.start_char);
    let beaten = choice.or(shown.map(|one| slot(engine, one)));
    let runner_up = beaten.and_then(|index| runner_up(engine, &scored, index));
    let (urgent, hazard_words) = danger(engine, scan, outputs, choice);
    let hazard_words = hazard_words
        .iter()
        .map(|word| matched(word, scan, original))
        .collect();
    let kind = choice.and_then(|index| OrderKind::ALL.get(index).copied());
    let template = template_of(engine, best, kind, choice);
    Decision {
        kind,
        sentence: sentence(engine, why, template.as_deref(), &words, runner_up.as_ref()),
        template,
        score: best.map_or(0, |one| one.score),
        words,
        runner_up,
        urgent,
        hazard_words,
        fields: fields::extract(&scan.text.text),
        why,
    }
}

/// Whether the text tells of a danger, and the words that say so. A danger that is over by the
/// caller's own words counts only while somebody has to look into the call.
fn danger(
    engine: &Engine,
    scan: &Scan,
    outputs: Option<&[i32; OUTPUTS]>,
    choice: Option<usize>,
) -> (bool, Vec<Counted>) {
    let words = score::hazards(&engine.hazards, scan);
    if choice == Some(NO_VISIT) && score::is_settled(&engine.hazards, scan, &words) {
        return (false, Vec::new());
    }
    let threshold = if score::denies_hazard(&engine.hazards, scan) {
        engine.thresholds.urgent_above_denied
    } else {
        engine.thresholds.urgent_above
    };
    let by_model = outputs.is_some_and(|all| all[URGENT] > threshold);
    (by_model || !words.is_empty(), words)
}

/// The best template of another kind that has anything to say for itself.
fn runner_up(engine: &Engine, scored: &[Scored], of: usize) -> Option<RunnerUp> {
    let other = rival(engine, scored, of).filter(|other| other.score > 0)?;
    Some(RunnerUp {
        template: engine.rules.get(other.rule)?.template.clone(),
        score: other.score,
    })
}

/// What the model makes of one text.
struct Opinion<'a> {
    model: &'a Model,
    found: Vec<features::Feature>,
    outputs: [i32; OUTPUTS],
}

impl<'a> Opinion<'a> {
    fn new(engine: &Engine, model: &'a Model, scan: &Scan) -> Self {
        let found = features::features(scan, &engine.lexicon);
        let outputs = model.outputs(&found);
        Self {
            model,
            found,
            outputs,
        }
    }

    /// The n-grams that spoke most for an output, strongest first.
    fn top_grams(&self, index: usize, scan: &Scan, original: &str) -> Vec<MatchedWord> {
        let mut grams: Vec<(i32, usize, usize)> = self
            .found
            .iter()
            .filter_map(|feature| {
                let (start, end) = feature.at?;
                let weight = i32::from(*self.model.weights(feature.key)?.get(index)?);
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
}

/// The chosen output index, if any, and why.
fn choose(
    engine: &Engine,
    scored: &[Scored],
    verdict: &RuleVerdict,
    outputs: Option<&[i32; OUTPUTS]>,
) -> (Option<usize>, Why) {
    let by_rules = match verdict {
        RuleVerdict::Decided(_) => scored.first().map(|one| slot(engine, one)),
        _ => None,
    };
    let Some(outputs) = outputs else {
        return (by_rules, rules_why(verdict, by_rules));
    };
    let totals = totals(engine, scored, outputs);
    let (best, next, margin) = best_and_margin(&totals);
    let needed = if next == NO_VISIT {
        engine.thresholds.min_margin_over_no_visit
    } else {
        engine.thresholds.min_margin
    };
    if margin < needed {
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

/// Why, when there is no second opinion.
fn rules_why(verdict: &RuleVerdict, by_rules: Option<usize>) -> Why {
    match verdict {
        RuleVerdict::Decided(_) if by_rules == Some(NO_VISIT) => Why::NoVisit,
        RuleVerdict::Decided(_) => Why::Rules,
        RuleVerdict::Unclear => Why::Unclear,
        RuleVerdict::Tie(..) => Why::Tie,
    }
}

/// Model outputs plus what the best rule of each kind is worth.
fn totals(engine: &Engine, scored: &[Scored], outputs: &[i32; OUTPUTS]) -> Vec<i32> {
    let thresholds = engine.thresholds;
    outputs
        .iter()
        .take(URGENT)
        .enumerate()
        .map(|(index, output)| {
            let points = scored
                .iter()
                .find(|one| slot(engine, one) == index && one.score >= thresholds.min_score)
                .map_or(0, |one| one.score.min(thresholds.most_points));
            output + points * thresholds.point_units
        })
        .collect()
}

/// The best output, the next one and the lead.
fn best_and_margin(totals: &[i32]) -> (usize, usize, i32) {
    let mut order: Vec<(usize, i32)> = totals.iter().copied().enumerate().collect();
    order.sort_by_key(|(index, total)| (std::cmp::Reverse(*total), *index));
    match order.as_slice() {
        [(best, first), (next, second), ..] => (*best, *next, first - second),
        _ => (NO_VISIT, NO_VISIT, 0),
    }
}

fn template_of(
    engine: &Engine,
    best: Option<&Scored>,
    kind: Option<OrderKind>,
    choice: Option<usize>,
) -> Option<String> {
    let by_rule = best
        .filter(|one| one.score >= engine.thresholds.min_score)
        .and_then(|one| engine.rules.get(one.rule));
    match (by_rule, kind) {
        (Some(rule), _) => Some(rule.template.clone()),
        (None, Some(kind)) => Some(format!("{kind}.general")),
        (None, None) => choice.map(|_| "none.general".to_owned()),
    }
}

//! The engine: loads a rule set, refuses it when a test inside fails, and decides texts.

use super::combine::Thresholds;
use super::decision::Decision;
use super::lexicon::{Lexicon, LexiconBuilder, LexiconFile, Tag};
use super::model::Model;
use super::problem::RuleProblem;
use super::rules::{self, HazardFile, Hazards, Rule, RuleFile};
use super::scope::{Scope, ScopeFile};
use super::score::{self, Scan, Scored};
use super::typos::{TypoFile, Typos};
use super::{checks, combine, features};

/// The texts of a rule set.
#[derive(Debug, Clone, Copy)]
pub struct RuleSources<'a> {
    /// Word groups.
    pub lexicon: &'a str,
    /// Negation and other cues.
    pub scope: &'a str,
    /// Typing and hearing mistakes.
    pub typos: &'a str,
    /// Danger words.
    pub hazards: &'a str,
    /// When the engine dares to decide.
    pub thresholds: &'a str,
    /// Rule files: name and text.
    pub rules: &'a [(&'a str, &'a str)],
    /// The trained second opinion in its stored form; `None` leaves the rules alone.
    pub model: Option<&'a [u8]>,
}

/// A loaded rule set.
#[derive(Debug, Clone, Default)]
pub struct Engine {
    pub(crate) lexicon: Lexicon,
    pub(crate) typos: Typos,
    pub(crate) scope: Scope,
    pub(crate) rules: Vec<Rule>,
    pub(crate) hazards: Hazards,
    /// Words at which a talk turns to its real subject.
    pub(crate) turns: Vec<Tag>,
    pub(crate) model: Option<Model>,
    pub(crate) thresholds: Thresholds,
}

impl Engine {
    /// Loads and proves a rule set.
    ///
    /// # Errors
    /// Every mistake found in the files, every failing test inside them, every tie.
    pub fn load(sources: &RuleSources<'_>) -> Result<Self, Vec<RuleProblem>> {
        let mut problems = Vec::new();
        let mut files = Vec::new();
        for (name, text) in sources.rules {
            if let Some(file) = parse::<RuleFile>(name, text, &mut problems) {
                files.push(file);
            }
        }
        let engine = Self::build(sources, &files, &mut problems);
        if let Some(engine) = engine
            && problems.is_empty()
        {
            checks::run(&engine, &files, &mut problems);
            if problems.is_empty() {
                return Ok(engine);
            }
        }
        Err(problems)
    }

    fn build(
        sources: &RuleSources<'_>,
        files: &[RuleFile],
        problems: &mut Vec<RuleProblem>,
    ) -> Option<Self> {
        let lexicon = parse::<LexiconFile>("lexicon", sources.lexicon, problems);
        let scope = parse::<ScopeFile>("scope", sources.scope, problems);
        let typos = parse::<TypoFile>("typos", sources.typos, problems);
        let hazards = parse::<HazardFile>("hazards", sources.hazards, problems);
        let thresholds = parse::<Thresholds>("thresholds", sources.thresholds, problems)?;
        let (lexicon, scope, typos, hazards) = (lexicon?, scope?, typos?, hazards?);
        let mut words = LexiconBuilder::new(&lexicon, problems);
        let mut compiled = Vec::new();
        for file in files {
            compiled.extend(rules::compile(file, &mut words, problems));
        }
        let hazards = rules::compile_hazards(&hazards, &mut words, problems);
        let turns = words.tag("engine", "@turn", problems).into_iter().collect();
        let typos = Typos::new(&typos, |word| words.has(word))
            .map_err(|what| problems.push(RuleProblem::at("typos", what)))
            .ok()?;
        let lexicon = words
            .build()
            .map_err(|problem| problems.push(problem))
            .ok()?;
        let model = match sources.model {
            None => None,
            Some(bytes) => {
                let model = Model::read(bytes);
                if model.is_none() {
                    problems.push(RuleProblem::at("model", "模型文件损坏，请重新训练"));
                }
                model
            }
        };
        Some(Self {
            lexicon,
            typos,
            scope: Scope::new(&scope),
            rules: compiled,
            hazards,
            turns,
            model,
            thresholds,
        })
    }

    /// An engine that knows nothing and sends every text to a person.
    pub fn without_rules() -> Self {
        Self::default()
    }

    /// Decides one text: a kind, no visit, or the human queue, with every reason.
    pub fn decide(&self, text: &str) -> Decision {
        let scan = self.scan(text);
        combine::decide(self, text, &scan)
    }

    /// The text as the engine reads it, typing and hearing mistakes put right.
    pub fn read(&self, text: &str) -> String {
        self.typos.normalise(text).text
    }

    /// The features the second opinion sees, for the trainer.
    pub fn features(&self, text: &str) -> Vec<features::Feature> {
        features::features(&self.scan(text), &self.lexicon)
    }

    /// The same engine with another second opinion, for the trainer's cross-validation.
    #[must_use]
    pub fn with_model(&self, model: Option<Model>) -> Self {
        Self {
            model,
            ..self.clone()
        }
    }

    /// The same engine with other thresholds, for choosing them.
    #[must_use]
    pub fn with_thresholds(&self, thresholds: Thresholds) -> Self {
        Self {
            thresholds,
            ..self.clone()
        }
    }

    /// The thresholds in use.
    pub const fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    pub(crate) fn scan(&self, text: &str) -> Scan {
        Scan::new(
            self.typos.normalise(text),
            &self.lexicon,
            &self.scope,
            &self.hazards,
        )
    }

    /// Every rule that matches, best first; ties in file order.
    pub(crate) fn score(&self, scan: &Scan) -> Vec<Scored> {
        let turn = score::turn_of_talk(scan, &self.turns);
        let mut scored: Vec<Scored> = self
            .rules
            .iter()
            .enumerate()
            .filter_map(|(index, rule)| score::score(index, rule, scan, turn))
            .collect();
        scored.sort_by_key(|one| (std::cmp::Reverse(one.score), one.rule));
        scored
    }

    /// Templates with their kind word (`none` for no visit) and Chinese name.
    pub fn templates(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rules
            .iter()
            .map(|rule| (rule.template.as_str(), rule.zh.as_str()))
    }
}

fn parse<T: serde::de::DeserializeOwned>(
    name: &str,
    text: &str,
    problems: &mut Vec<RuleProblem>,
) -> Option<T> {
    toml::from_str(text)
        .map_err(|error| problems.push(RuleProblem::at(name, error.to_string())))
        .ok()
}

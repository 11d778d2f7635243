//! Rule files (规则文件): their shape, and their compilation against the word table. Every mistake a
//! person can make in a file becomes a `RuleProblem`; scoring is in `score.rs`.

use super::lexicon::{LexiconBuilder, Tag};
use super::problem::RuleProblem;
use super::scope::State;
use crate::order::kind::OrderKind;
use serde::Deserialize;

/// A rule file proves itself on at least this many texts.
const MIN_TESTS: usize = 12;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile {
    /// An order kind's word, or `none` for texts that need no visit.
    pub kind: String,
    pub rule: Vec<RuleRow>,
    /// Tests of the file as a whole, over all its rules.
    #[serde(default)]
    pub test: Vec<TestRow>,
}

impl RuleFile {
    /// Every test in the file.
    pub fn tests(&self) -> impl Iterator<Item = &TestRow> {
        self.rule
            .iter()
            .flat_map(|rule| &rule.test)
            .chain(&self.test)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleRow {
    pub template: String,
    pub zh: String,
    /// Added to the score of a rule that matches at all; settles close calls between templates.
    #[serde(default)]
    pub priority: i32,
    /// Every group must be met by one of its words.
    #[serde(default)]
    pub all: Vec<Vec<String>>,
    /// Each group that is met adds its weight once; at least one must be met when there is no `all`.
    #[serde(default)]
    pub any: Vec<AnyRow>,
    /// One of these words, said and not negated, and the rule is out.
    #[serde(default)]
    pub none: Vec<String>,
    /// Words in the 【topic】 in front of the text.
    #[serde(default)]
    pub topic: Vec<String>,
    #[serde(default)]
    pub test: Vec<TestRow>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnyRow {
    pub w: i32,
    pub words: Vec<String>,
    #[serde(default)]
    pub state: StateWord,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StateWord {
    #[default]
    Said,
    Negated,
    Feared,
    Past,
    SaidOrPast,
    Mentioned,
}

impl StateWord {
    pub fn takes(self, state: State) -> bool {
        match self {
            Self::Said => state == State::Said,
            Self::Negated => state == State::Negated,
            Self::Feared => state == State::Feared,
            Self::Past => state == State::Past,
            Self::SaidOrPast => matches!(state, State::Said | State::Past),
            Self::Mentioned => true,
        }
    }
}

/// A text with the decision the file's author expects for it: a template, a kind or `unclear`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestRow {
    pub text: String,
    pub expect: String,
    /// Whether it must be marked urgent; not checked when left out.
    pub urgent: Option<bool>,
}

/// A rule ready for scoring.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub kind: Option<OrderKind>,
    pub template: String,
    pub zh: String,
    pub priority: i32,
    pub all: Vec<Vec<Tag>>,
    pub any: Vec<AnyGroup>,
    pub none: Vec<Tag>,
    pub topic: Vec<Tag>,
}

#[derive(Debug, Clone)]
pub(crate) struct AnyGroup {
    pub weight: i32,
    pub tags: Vec<Tag>,
    pub state: StateWord,
}

/// Danger words: all groups must be met by a word that is said; then the order is urgent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HazardFile {
    pub hazard: Vec<HazardRow>,
    /// One of these said, and the text tells a story, not a danger (作文、演习).
    pub story: Vec<String>,
    /// One of these said behind the danger, and the danger is over when no visit is asked for.
    pub settled: Vec<String>,
    /// A denial of one of these does not reach a danger behind it: 不是停电着火了.
    pub denied_apart: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HazardRow {
    pub zh: String,
    pub all: Vec<Vec<String>>,
    #[serde(default)]
    pub none: Vec<String>,
    /// At most this many characters between the first group's word and each other; no bound when left out.
    pub near: Option<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Hazard {
    pub all: Vec<Vec<Tag>>,
    pub none: Vec<Tag>,
    pub near: Option<usize>,
}

/// The danger words, ready for matching.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hazards {
    pub rows: Vec<Hazard>,
    pub story: Vec<Tag>,
    pub settled: Vec<Tag>,
    pub denied_apart: Vec<Tag>,
    /// The tags that name a danger: the first group of every row.
    pub dangers: Vec<Tag>,
}

/// Compiles one rule file.
pub(crate) fn compile(
    file: &RuleFile,
    words: &mut LexiconBuilder,
    problems: &mut Vec<RuleProblem>,
) -> Vec<Rule> {
    let kind = file.kind.parse::<OrderKind>().ok();
    if kind.is_none() && file.kind != "none" {
        problems.push(RuleProblem::at(
            &file.kind,
            "kind 不是八种工单之一，也不是 none",
        ));
        return Vec::new();
    }
    let prefix = kind.map_or("none", OrderKind::as_str);
    if file.tests().count() < MIN_TESTS {
        problems.push(RuleProblem::at(
            prefix,
            format!("测试句不足 {MIN_TESTS} 句，请补写"),
        ));
    }
    file.rule
        .iter()
        .map(|row| {
            check_row(prefix, row, problems);
            compile_row(kind, row, words, problems)
        })
        .collect()
}

fn check_row(prefix: &str, row: &RuleRow, problems: &mut Vec<RuleProblem>) {
    let subtype = row
        .template
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('.'));
    if subtype.is_none_or(str::is_empty) {
        problems.push(RuleProblem::at(
            &row.template,
            format!("模板名要写成 {prefix}.子类"),
        ));
    }
    if row.zh.trim().is_empty() {
        problems.push(RuleProblem::at(&row.template, "缺中文名 zh"));
    }
    if row.all.is_empty() && !row.any.iter().any(|group| group.w > 0) {
        problems.push(RuleProblem::at(
            &row.template,
            "all 和 any 都没有词，永远不会匹配",
        ));
    }
    if row.test.is_empty() {
        problems.push(RuleProblem::at(&row.template, "没有测试句，请至少写一句"));
    }
}

fn compile_row(
    kind: Option<OrderKind>,
    row: &RuleRow,
    words: &mut LexiconBuilder,
    problems: &mut Vec<RuleProblem>,
) -> Rule {
    let owner = row.template.as_str();
    Rule {
        kind,
        template: row.template.clone(),
        zh: row.zh.clone(),
        priority: row.priority,
        all: row
            .all
            .iter()
            .map(|group| tags(owner, group, words, problems))
            .collect(),
        any: row
            .any
            .iter()
            .map(|group| AnyGroup {
                weight: group.w,
                tags: tags(owner, &group.words, words, problems),
                state: group.state,
            })
            .collect(),
        none: tags(owner, &row.none, words, problems),
        topic: tags(owner, &row.topic, words, problems),
    }
}

/// Compiles the danger words.
pub(crate) fn compile_hazards(
    file: &HazardFile,
    words: &mut LexiconBuilder,
    problems: &mut Vec<RuleProblem>,
) -> Hazards {
    let rows: Vec<Hazard> = file
        .hazard
        .iter()
        .map(|row| compile_hazard(row, words, problems))
        .collect();
    let mut dangers: Vec<Tag> = rows
        .iter()
        .filter_map(|row| row.all.first())
        .flatten()
        .copied()
        .collect();
    dangers.sort_unstable();
    dangers.dedup();
    Hazards {
        rows,
        story: tags("hazards", &file.story, words, problems),
        settled: tags("hazards", &file.settled, words, problems),
        denied_apart: tags("hazards", &file.denied_apart, words, problems),
        dangers,
    }
}

fn compile_hazard(
    row: &HazardRow,
    words: &mut LexiconBuilder,
    problems: &mut Vec<RuleProblem>,
) -> Hazard {
    if row.all.is_empty() {
        problems.push(RuleProblem::at(&row.zh, "危险词缺 all，请补写词组"));
    }
    if row.near.is_some() && row.all.len() < 2 {
        problems.push(RuleProblem::at(
            &row.zh,
            "near 要有两组以上的词，请删去 near 或补写词组",
        ));
    }
    Hazard {
        all: row
            .all
            .iter()
            .map(|group| tags(&row.zh, group, words, problems))
            .collect(),
        none: tags(&row.zh, &row.none, words, problems),
        near: row.near,
    }
}

fn tags(
    owner: &str,
    list: &[String],
    words: &mut LexiconBuilder,
    problems: &mut Vec<RuleProblem>,
) -> Vec<Tag> {
    let mut tags: Vec<Tag> = list
        .iter()
        .filter_map(|word| words.tag(owner, word, problems))
        .collect();
    tags.sort_unstable();
    tags.dedup();
    tags
}

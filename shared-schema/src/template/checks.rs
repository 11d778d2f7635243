//! The tests inside the rule files (规则自测): run on the rules alone, before a rule set goes live.

use super::combine::{self, RuleVerdict};
use super::engine::Engine;
use super::problem::RuleProblem;
use super::rules::{RuleFile, TestRow};

/// Runs every embedded test and reports failures and ties.
pub(crate) fn run(engine: &Engine, files: &[RuleFile], problems: &mut Vec<RuleProblem>) {
    for test in files.iter().flat_map(RuleFile::tests) {
        check(engine, test, problems);
    }
}

fn check(engine: &Engine, test: &TestRow, problems: &mut Vec<RuleProblem>) {
    let scan = engine.scan(&test.text);
    let scored = engine.score(&scan);
    let verdict = combine::rule_verdict(engine, &scored);
    let found = match &verdict {
        RuleVerdict::Decided(best) => engine.rules.get(*best).map_or("", |rule| &rule.template),
        RuleVerdict::Unclear => "unclear",
        RuleVerdict::Tie(one, two) => {
            let name = |index: &usize| engine.rules.get(*index).map_or("", |rule| &rule.template);
            problems.push(RuleProblem::at(
                &test.text,
                format!("{} 与 {} 得分相同，请区分", name(one), name(two)),
            ));
            return;
        }
    };
    let fits = found == test.expect
        || found
            .strip_prefix(test.expect.as_str())
            .is_some_and(|rest| rest.starts_with('.'));
    if !fits {
        let seen: Vec<String> = scored
            .iter()
            .take(3)
            .filter_map(|one| {
                let rule = engine.rules.get(one.rule)?;
                Some(format!("{}={}", rule.template, one.score))
            })
            .collect();
        problems.push(RuleProblem::at(
            &test.text,
            format!("应为 {}，实为 {found}（{}）", test.expect, seen.join(" ")),
        ));
    }
    let urgent = !super::score::hazards(&engine.hazards, &scan).is_empty();
    if test.urgent.is_some_and(|expected| expected != urgent) {
        problems.push(RuleProblem::at(
            &test.text,
            format!("紧急标记应为 {}，实为 {urgent}", !urgent),
        ));
    }
}

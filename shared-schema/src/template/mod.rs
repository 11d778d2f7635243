//! Order templates (工单模板): which kind of work order a caller's words ask for, and why.
//!
//! Keyword rules in TOML decide; a small linear model gives a second opinion where they are thin.
//! Rules carry their own tests and do not load when one fails. No I/O: files are embedded or handed in.

mod checks;
mod combine;
mod decision;
mod engine;
mod explain;
mod features;
mod fields;
mod lexicon;
pub mod model;
mod normal;
mod problem;
mod rules;
mod scope;
mod score;
mod typos;

pub use combine::Thresholds;
pub use decision::{Decision, MatchedWord, RunnerUp, Why, WordSource};
pub use engine::{Engine, RuleSources};
pub use features::Feature;
pub use normal::MAX_CHARS;
pub use problem::RuleProblem;

use std::sync::LazyLock;

/// The rule set that ships with the program.
pub const SHIPPED: RuleSources<'static> = RuleSources {
    lexicon: include_str!("../../catalogues/templates/lexicon.toml"),
    scope: include_str!("../../catalogues/templates/scope.toml"),
    typos: include_str!("../../catalogues/templates/typos.toml"),
    hazards: include_str!("../../catalogues/templates/hazards.toml"),
    thresholds: include_str!("../../catalogues/templates/thresholds.toml"),
    rules: &[
        (
            "fault_repair",
            include_str!("../../catalogues/templates/fault_repair.toml"),
        ),
        (
            "new_connection",
            include_str!("../../catalogues/templates/new_connection.toml"),
        ),
        (
            "meter_change",
            include_str!("../../catalogues/templates/meter_change.toml"),
        ),
        (
            "acceptance_energization",
            include_str!("../../catalogues/templates/acceptance_energization.toml"),
        ),
        (
            "bill_collection",
            include_str!("../../catalogues/templates/bill_collection.toml"),
        ),
        (
            "safety_inspection",
            include_str!("../../catalogues/templates/safety_inspection.toml"),
        ),
        (
            "contract_inspection",
            include_str!("../../catalogues/templates/contract_inspection.toml"),
        ),
        (
            "ad_hoc",
            include_str!("../../catalogues/templates/ad_hoc.toml"),
        ),
        (
            "no_visit",
            include_str!("../../catalogues/templates/no_visit.toml"),
        ),
    ],
    model: Some(include_bytes!("../../catalogues/templates/model.bin")),
};

static ENGINE: LazyLock<Result<Engine, Vec<RuleProblem>>> =
    LazyLock::new(|| Engine::load(&SHIPPED));

/// The shipped engine, or what is wrong with it; the server refuses to start on a problem.
///
/// # Errors
/// Every problem in the shipped files, which a test forbids.
pub fn shipped() -> Result<&'static Engine, &'static [RuleProblem]> {
    ENGINE.as_ref().map_err(Vec::as_slice)
}

/// The shipped rules without the second opinion, for training it.
///
/// # Errors
/// What is wrong with the shipped files.
pub fn rules_only() -> Result<Engine, Vec<RuleProblem>> {
    Engine::load(&RuleSources {
        model: None,
        ..SHIPPED
    })
}

/// The shipped engine. Should the shipped files be broken, which a test forbids, it is an engine
/// without rules that sends everything to a person.
pub fn engine() -> &'static Engine {
    static EMPTY: LazyLock<Engine> = LazyLock::new(Engine::without_rules);
    shipped().unwrap_or(&EMPTY)
}

#[cfg(test)]
mod tests;

//! The template engine against texts that its rules and its model were not made from, and the check
//! that the model in the repository is the one its corpus gives.

use dianma_schema::template::{engine, rules_only};
use dianma_server::templates::evaluate::Evaluation;
use dianma_server::templates::train::{Example, Settings, read_corpus, train};
use std::collections::BTreeSet;

/// What the model learns from, in the order `scripts/gen` gives; all but the first were measured once
/// while unseen.
const LEARNED: [&str; 5] = [
    include_str!("../fixtures/templates/train.tsv"),
    include_str!("../fixtures/templates/fresh.tsv"),
    include_str!("../fixtures/templates/fresh2.tsv"),
    include_str!("../fixtures/templates/fresh3.tsv"),
    include_str!("../fixtures/templates/fresh4.tsv"),
];
const HELD_OUT: &str = include_str!("../fixtures/templates/heldout.tsv");
const MODEL: &[u8] = include_bytes!("../../shared-schema/catalogues/templates/model.bin");

fn learned() -> Result<Vec<Example>, String> {
    let mut all = Vec::new();
    for texts in LEARNED {
        all.extend(read_corpus(texts)?);
    }
    Ok(all)
}

#[test]
fn unseen_texts_are_decided_within_the_bounds() {
    let found = Evaluation::of(engine(), &read_corpus(HELD_OUT).unwrap());
    assert!(found.total >= 500, "{found}");
    assert!(found.basis_points(found.right()) >= 8_000, "{found}");
    assert!(found.basis_points(found.wrong()) <= 500, "{found}");
    assert_eq!(found.hazards_found, found.hazards, "{found}");
    // A dispatcher who sees too many false alarms stops looking: at most one in eight.
    let calm = found.total - found.hazards;
    assert!(found.false_alarms * 8 <= calm, "{found}");
}

#[test]
fn no_unseen_text_is_in_the_training_corpus() {
    let texts =
        |rows: Vec<Example>| -> BTreeSet<String> { rows.into_iter().map(|row| row.text).collect() };
    let unseen = texts(read_corpus(HELD_OUT).unwrap());
    assert_eq!(texts(learned().unwrap()).intersection(&unseen).count(), 0);
}

#[test]
fn every_danger_of_the_training_corpus_is_urgent() {
    for example in learned().unwrap().iter().filter(|example| example.urgent) {
        assert!(engine().decide(&example.text).urgent, "{}", example.text);
    }
}

#[test]
fn the_model_is_the_one_its_corpus_gives() {
    let rules = rules_only().unwrap();
    let model = train(&rules, &learned().unwrap(), &Settings::default());
    assert!(model.write() == MODEL, "run: scripts/gen");
    assert!(MODEL.len() <= 200_000);
}

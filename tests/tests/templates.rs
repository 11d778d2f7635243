//! The template engine against texts that its rules and its model were not made from, and the check
//! that the model in the repository is the one its corpus gives.

use dianma_schema::template::{engine, rules_only};
use dianma_server::templates::evaluate::Evaluation;
use dianma_server::templates::train::{Example, Settings, read_corpus, train};
use std::collections::BTreeSet;

const TRAIN: &str = include_str!("../fixtures/templates/train.tsv");
const HELD_OUT: &str = include_str!("../fixtures/templates/heldout.tsv");
const MODEL: &[u8] = include_bytes!("../../shared-schema/catalogues/templates/model.bin");

#[test]
fn unseen_texts_are_decided_within_the_bounds() {
    let found = Evaluation::of(engine(), &read_corpus(HELD_OUT).unwrap());
    assert!(found.total >= 500, "{found}");
    assert!(found.basis_points(found.right()) >= 8_000, "{found}");
    assert!(found.basis_points(found.wrong()) <= 500, "{found}");
    // 100 % is the aim; the bound keeps what was reached.
    assert!(found.hazards_found * 100 >= found.hazards * 93, "{found}");
}

#[test]
fn no_held_out_text_is_in_the_training_corpus() {
    let texts = |corpus: &str| -> BTreeSet<String> {
        let rows: Vec<Example> = read_corpus(corpus).unwrap();
        rows.into_iter().map(|row| row.text).collect()
    };
    assert_eq!(texts(TRAIN).intersection(&texts(HELD_OUT)).count(), 0);
}

#[test]
fn the_model_is_the_one_its_corpus_gives() {
    let rules = rules_only().unwrap();
    let model = train(&rules, &read_corpus(TRAIN).unwrap(), &Settings::default());
    assert!(
        model.write() == MODEL,
        "run: cargo run -p dianma-server -- templates train tests/fixtures/templates/train.tsv"
    );
    assert!(MODEL.len() <= 200_000);
}

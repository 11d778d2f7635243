//! One English name per Chinese term: every word of the vocabularies stands in docs/GLOSSARY.md.

use crate::tree::{expect_none, root};
use dianma_schema::customer::{AreaClass, CustomerClass};
use dianma_schema::fault;
use dianma_schema::kpi::Kpi;
use dianma_schema::order::evidence::EvidenceKind;
use dianma_schema::order::lifecycle::{Command, OrderState};
use dianma_schema::order::{OrderKind, Urgency};
use dianma_schema::permission::Role;

#[test]
fn every_vocabulary_word_stands_in_the_glossary() {
    let glossary = std::fs::read_to_string(root().join("docs/GLOSSARY.md")).unwrap();
    let mut missing = Vec::new();
    let mut look = |word: &str, zh: &str| {
        let named = glossary
            .lines()
            .any(|line| line.contains(&format!("`{word}`")) && line.contains(zh));
        if !named {
            missing.push(format!("`{word}` {zh}"));
        }
    };
    OrderKind::ALL
        .iter()
        .for_each(|kind| look(kind.as_str(), kind.zh()));
    OrderState::ALL
        .iter()
        .for_each(|state| look(state.as_str(), state.zh()));
    Command::ALL
        .iter()
        .for_each(|command| look(command.as_str(), command.zh()));
    Urgency::ALL
        .iter()
        .for_each(|urgency| look(urgency.as_str(), urgency.zh()));
    Role::ALL
        .iter()
        .for_each(|role| look(role.as_str(), role.zh()));
    EvidenceKind::ALL
        .iter()
        .for_each(|kind| look(kind.as_str(), kind.zh()));
    Kpi::ALL.iter().for_each(|kpi| look(kpi.as_str(), kpi.zh()));
    AreaClass::ALL
        .iter()
        .for_each(|class| look(class.as_str(), class.zh()));
    CustomerClass::ALL
        .iter()
        .for_each(|class| look(class.as_str(), class.zh()));
    fault::CATALOGUE
        .iter()
        .for_each(|entry| look(&entry.code, ""));
    expect_none("docs/GLOSSARY.md has no row for", &missing);
}

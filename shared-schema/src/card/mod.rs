//! Standard operation cards (标准化作业指导卡): what they hold and which one fits a job. Cards are data in
//! `catalogues/operation_cards/`; reading and checking them is [`load`], the hazard rule is [`lint`].
//!
//! A card fits when every condition it names is met by a fact of the order; the one with the weightiest
//! conditions wins. Facts: `subtype`, `supply` (outage, live), `height` (ground, high), `phase`
//! (single, three).

pub mod lint;
pub mod load;
mod model;

pub use model::{
    CardItem, CardStage, CardText, Crew, HazardPoint, Measurement, OperationCard, Preparation,
    Step, StepLock,
};

use crate::order::OrderKind;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The facts a card may ask for, weightiest first, with the values cards may name (none = any word).
pub const FACTS: [(&str, &[&str]); 4] = [
    ("subtype", &[]),
    ("supply", &["outage", "live"]),
    ("height", &["ground", "high"]),
    ("phase", &["single", "three"]),
];

impl OperationCard {
    /// Every condition is met by the facts.
    fn fits(&self, facts: &BTreeMap<String, String>) -> bool {
        self.when
            .iter()
            .all(|(fact, values)| facts.get(fact).is_some_and(|fact| values.contains(fact)))
    }

    /// Weight of the conditions: a weightier fact outweighs all lighter ones together.
    fn weight(&self) -> u32 {
        FACTS.iter().fold(0, |weight, (fact, _)| {
            weight * 2 + u32::from(self.when.contains_key(*fact))
        })
    }
}

static CARDS: LazyLock<Vec<OperationCard>> = LazyLock::new(|| load::shipped().unwrap_or_default());

/// Every shipped card. Empty only if an embedded file is broken, which a test forbids.
pub fn all() -> &'static [OperationCard] {
    &CARDS
}

/// The shipped card of that id.
pub fn by_id(id: &str) -> Option<&'static OperationCard> {
    CARDS.iter().find(|card| card.id == id)
}

/// A card and why it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardMatch {
    /// The card.
    pub card: &'static OperationCard,
    /// Chinese: kind and the facts that decided.
    pub why: String,
    /// English: kind and the facts that decided.
    pub why_en: String,
}

/// The shipped card that fits the kind and the facts best; a kind has at least one for any facts.
pub fn find(kind: OrderKind, facts: &BTreeMap<String, String>) -> Option<CardMatch> {
    let fitting = CARDS
        .iter()
        .filter(|card| card.kind == kind && card.fits(facts));
    let card = fitting.max_by_key(|card| card.weight())?;
    let decided: Vec<String> = card
        .when
        .keys()
        .filter_map(|fact| facts.get(fact).map(|value| format!("{fact}={value}")))
        .collect();
    let (why, why_en) = if decided.is_empty() {
        (
            format!("{}通用卡", kind.zh()),
            format!("general card for {}", kind.en()),
        )
    } else {
        let facts = decided.join("，");
        (
            format!("{}，且{facts}", kind.zh()),
            format!("{} with {}", kind.en(), decided.join(", ")),
        )
    };
    Some(CardMatch { card, why, why_en })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn facts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(fact, value)| ((*fact).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn found(kind: OrderKind, pairs: &[(&str, &str)]) -> &'static str {
        find(kind, &facts(pairs)).unwrap().card.id.as_str()
    }

    #[test]
    fn the_most_exact_card_wins() {
        let kind = OrderKind::FaultRepair;
        assert_eq!(found(kind, &[]), "fault-repair");
        assert_eq!(found(kind, &[("subtype", "trip")]), "fault-repair-trip");
        assert_eq!(found(kind, &[("height", "high")]), "fault-repair.high");
        assert_eq!(
            found(kind, &[("height", "high"), ("subtype", "line_down")]),
            "fault-repair-line-down"
        );
        assert_eq!(
            found(kind, &[("subtype", "no such"), ("height", "ground")]),
            "fault-repair"
        );
        let kind = OrderKind::MeterChange;
        assert_eq!(found(kind, &[("phase", "single")]), "meter-change");
        assert_eq!(found(kind, &[("phase", "three")]), "meter-change-three");
        assert_eq!(
            found(kind, &[("phase", "three"), ("supply", "live")]),
            "meter-change-three.live"
        );
        assert_eq!(
            found(kind, &[("subtype", "reading_doubt"), ("phase", "three")]),
            "meter-change-check"
        );
    }

    #[test]
    fn the_choice_is_explained() {
        let choice = find(OrderKind::FaultRepair, &facts(&[("subtype", "trip")])).unwrap();
        assert_eq!(choice.why, "抢修，且subtype=trip");
        assert!(
            find(OrderKind::AdHoc, &facts(&[]))
                .unwrap()
                .why
                .contains("通用")
        );
    }

    #[test]
    fn outage_cards_test_before_they_earth_and_earth_before_they_work() {
        let mut seen = 0;
        for card in all() {
            let position = |word: &str| {
                card.steps
                    .iter()
                    .position(|step| step.text.zh.contains(word))
            };
            let Some(earth) = position("挂接地线") else {
                continue;
            };
            seen += 1;
            let test = position("验电三步").unwrap();
            let open = position("断开断路器").unwrap();
            let first_work = card
                .steps
                .iter()
                .position(|step| step.stage == CardStage::Work)
                .unwrap();
            assert!(
                open < test && test < earth && earth < first_work,
                "{}",
                card.id
            );
            assert!(
                card.steps[test].ticks.len() == 3,
                "{}: tester, known live part, target",
                card.id
            );
        }
        assert!(seen >= 5, "{seen} cards isolate");
    }

    #[test]
    fn high_variants_carry_the_high_work_hazards() {
        for card in all().iter().filter(|card| {
            card.when
                .get("height")
                .is_some_and(|v| v.contains(&"high".to_owned()))
        }) {
            assert!(
                card.hazards
                    .iter()
                    .any(|hazard| hazard.action.zh.contains("安全带")),
                "{}",
                card.id
            );
            assert!(
                card.tools.iter().any(|tool| tool.code == "harness"),
                "{}",
                card.id
            );
            assert!(card.crew.min_people >= 2, "{}", card.id);
        }
    }

    #[test]
    fn live_work_at_height_has_both_kinds_of_hazards() {
        let card = by_id("meter-change-three.live.high").unwrap();
        for word in ["安全带", "断、接线"] {
            let has = |hazard: &HazardPoint| {
                hazard.name.zh.contains(word) || hazard.action.zh.contains(word)
            };
            assert!(card.hazards.iter().any(has), "{word}");
        }
        assert_eq!(
            card.title.en,
            "Three-phase meter: install, change, remove live at height"
        );
    }

    proptest! {
        #[test]
        fn electrical_work_at_height_always_asks_for_the_harness(
            kind in prop::sample::select(vec![OrderKind::FaultRepair, OrderKind::MeterChange, OrderKind::NewConnection]),
            subtype in prop::sample::select(vec!["", "trip", "line_down", "voltage", "fire", "meter_fault", "remove"]),
            supply in prop::sample::select(vec!["outage", "live"]), phase in prop::sample::select(vec!["single", "three"]),
        ) {
            let facts = facts(&[("subtype", subtype), ("supply", supply), ("height", "high"), ("phase", phase)]);
            let card = find(kind, &facts).unwrap().card;
            prop_assert!(card.tools.iter().any(|tool| tool.code == "harness"), "{}", card.id);
        }

        #[test]
        fn every_kind_has_a_card_for_any_facts(
            kind in 0..OrderKind::ALL.len(), subtype in "[a-z_]{0,12}|trip|line_down|fire",
            supply in prop::sample::select(vec!["outage", "live", "?"]),
            height in prop::sample::select(vec!["ground", "high", ""]),
            phase in prop::sample::select(vec!["single", "three"]),
        ) {
            let facts = facts(&[("subtype", &subtype), ("supply", supply), ("height", height), ("phase", phase)]);
            let choice = find(OrderKind::ALL[kind], &facts).unwrap();
            prop_assert!(choice.card.fits(&facts));
            let best = all().iter().filter(|card| card.kind == OrderKind::ALL[kind] && card.fits(&facts));
            prop_assert_eq!(best.map(OperationCard::weight).max(), Some(choice.card.weight()));
        }
    }
}

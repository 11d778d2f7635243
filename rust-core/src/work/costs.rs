//! The cost tab: orders under way with what stands on their sheets, the facts a card can be chosen by,
//! and what may never be charged.

use super::today::TodayRow;
use super::{Costing, Orders};
use crate::error::CoreError;
use crate::store::orders::StoredOrder;
use crate::store::{drafts, facts, orders};
use dianma_schema::card;
use dianma_schema::cost::{ForbiddenItem, PriceBook};
use dianma_schema::geo::Place;
use dianma_schema::order::{OrderKind, OrderState};
use dianma_schema::text_enum;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Topic of the drafts of a sheet.
const DRAFT: &str = "cost.";

text_enum! {
    /// How far the sheet of an order is.
    pub enum SheetStand {
        0 Open = "open", "待填费用", "To be filled in";
        1 Draft = "draft", "草稿未提交", "Draft, not submitted";
        2 Given = "given", "费用已提交", "Submitted";
    }
}

/// An order on the cost tab.
#[derive(Clone, Debug)]
pub struct SheetRow {
    /// As in every list.
    pub row: TodayRow,
    /// How far.
    pub stand: SheetStand,
    /// Total of the submitted sheet, fen.
    pub total_fen: Option<i64>,
}

/// A fact to choose a card by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactChoice {
    /// Word of the fact.
    pub fact: &'static str,
    /// Name, Chinese and English.
    pub name: (&'static str, &'static str),
    /// Values with their names.
    pub values: Vec<(String, String, String)>,
}

impl Orders {
    /// Orders under way, those without a sheet first, then by what is due.
    pub fn sheets(&self, here: Option<Place>) -> Result<Vec<SheetRow>, CoreError> {
        const UNDERWAY: [OrderState; 5] = [
            OrderState::Accepted,
            OrderState::Arrived,
            OrderState::Working,
            OrderState::Rejected,
            OrderState::Suspended,
        ];
        let user = self.shared.user()?;
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| {
            let mut found: Vec<(SheetStand, Option<i64>, StoredOrder)> = Vec::new();
            for order in orders::in_states(db, &UNDERWAY)? {
                let (stand, total_fen) = stand(db, &order)?;
                found.push((stand, total_fen, order));
            }
            found.sort_by_key(|(stand, _, order)| {
                let due_at_ms = orders::due_at_ms(&order.record, order.state);
                (*stand == SheetStand::Given, due_at_ms, order.doc_id)
            });
            let rows = found.iter().map(|(stand, total_fen, order)| {
                Ok(SheetRow {
                    row: TodayRow::read(db, order, &user, here, now_ms)?,
                    stand: *stand,
                    total_fen: *total_fen,
                })
            });
            rows.collect()
        })
    }
}

fn stand(db: &Connection, order: &StoredOrder) -> Result<(SheetStand, Option<i64>), CoreError> {
    let given = facts::cost(db, &order.record.id)?.map(|sheet| sheet.total_fen);
    let begun = drafts::of_order(db, &order.record.id)?;
    let stand = if begun.keys().any(|name| name.starts_with(DRAFT)) {
        SheetStand::Draft
    } else if given.is_some() {
        SheetStand::Given
    } else {
        SheetStand::Open
    };
    Ok((stand, given))
}

impl Costing {
    /// What may not be charged today.
    pub fn never_charged(&self) -> Result<Vec<&'static ForbiddenItem>, CoreError> {
        let now_ms = self.shared.server_now_ms()?;
        let all = PriceBook::shipped().forbidden_items().iter();
        Ok(all
            .filter(|item| PriceBook::shipped().forbidden(&item.code, now_ms).is_some())
            .collect())
    }
}

/// The facts that make a difference between the cards of a kind.
pub fn fact_choices(kind: OrderKind) -> Vec<FactChoice> {
    let cards: Vec<&card::OperationCard> = card::all()
        .iter()
        .filter(|card| card.kind == kind)
        .collect();
    let asked = card::FACTS.iter().filter(|(fact, _)| {
        let mut cards = cards.iter();
        cards.any(|card| card.when.contains_key(*fact))
    });
    asked
        .map(|(fact, values)| FactChoice {
            fact,
            name: fact_name(fact),
            values: if values.is_empty() {
                subtypes(&cards)
            } else {
                values.iter().map(|value| value_name(value)).collect()
            },
        })
        .collect()
}

/// The subtypes that have a card of their own, under its title.
fn subtypes(cards: &[&card::OperationCard]) -> Vec<(String, String, String)> {
    let own = cards
        .iter()
        .filter(|card| card.when.len() == 1 && card.when.contains_key("subtype"));
    own.filter_map(|card| {
        let value = card.when.get("subtype")?.first()?;
        let zh = card.title.zh.trim_end_matches("作业卡");
        Some((value.clone(), zh.to_owned(), card.title.en.clone()))
    })
    .collect()
}

/// Subtypes that share a card are one choice: the word the choices name it by.
pub fn shown_facts(kind: OrderKind, facts: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut shown = facts.clone();
    let card = shown.get("subtype").and_then(|value| {
        card::all()
            .iter()
            .filter(|card| card.kind == kind && card.when.len() == 1)
            .find_map(|card| card.when.get("subtype").filter(|all| all.contains(value)))
    });
    if let Some(first) = card.and_then(|values| values.first()) {
        shown.insert("subtype".to_owned(), first.clone());
    }
    shown
}

fn fact_name(fact: &str) -> (&'static str, &'static str) {
    match fact {
        "subtype" => ("作业分类", "Kind of job"),
        "supply" => ("是否停电", "Supply"),
        "height" => ("作业位置", "Where"),
        _ => ("供电方式", "Phases"),
    }
}

fn value_name(value: &str) -> (String, String, String) {
    let (zh, en) = match value {
        "outage" => ("停电作业", "Dead"),
        "live" => ("低压带电", "Live"),
        "ground" => ("地面", "On the ground"),
        "high" => ("登高", "At height"),
        "single" => ("单相", "Single-phase"),
        "three" => ("三相", "Three-phase"),
        other => (other, other),
    };
    (value.to_owned(), zh.to_owned(), en.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_a_card_asks_for_can_be_chosen_by_name() {
        for kind in OrderKind::ALL {
            for choice in fact_choices(*kind) {
                assert!(!choice.values.is_empty(), "{kind}: {}", choice.fact);
                for (value, zh, en) in &choice.values {
                    assert!(!zh.is_empty() && zh != value, "{kind}: {value}");
                    assert!(!en.is_empty(), "{kind}: {value}");
                    let facts = BTreeMap::from([(choice.fact.to_owned(), value.clone())]);
                    assert!(card::find(*kind, &facts).is_some());
                }
            }
        }
    }

    #[test]
    fn a_subtype_that_shares_a_card_shows_as_the_choice_of_that_card() {
        let facts = BTreeMap::from([("subtype".to_owned(), "pole_down".to_owned())]);
        let shown = shown_facts(OrderKind::FaultRepair, &facts);
        assert_eq!(shown["subtype"], "line_down");
    }
}

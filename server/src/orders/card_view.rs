//! Which operation card (作业指导卡) belongs to an order: the one and the version it was begun with, as
//! the time line keeps it; before that the one that fits kind, subtype and meter.

use super::parts::EventView;
use super::row::OrderRow;
use crate::args;
use crate::store::{StoreError, Tx};
use dianma_schema::card;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A card by id and version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CardRef {
    /// Id in the catalogue `operation_cards`.
    pub id: String,
    /// Version.
    pub version: i64,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
}

/// The card of the order; `None` only for an order begun with a card that is no longer shipped.
pub fn card(
    tx: &mut dyn Tx,
    order: &OrderRow,
    events: &[EventView],
) -> Result<Option<CardRef>, StoreError> {
    let begun = events
        .iter()
        .rev()
        .filter(|event| event.command == "begin")
        .find_map(|event| event.detail["card"].as_str());
    if let Some((id, version)) = begun.and_then(|named| named.split_once('@')) {
        return Ok(card::by_id(id).map(|card| CardRef {
            id: card.id.clone(),
            version: version.parse().unwrap_or(i64::from(card.version)),
            title: card.title.zh.clone(),
            title_en: card.title.en.clone(),
        }));
    }
    let facts = facts(tx, order)?;
    Ok(card::find(order.kind, &facts).map(|found| CardRef {
        id: found.card.id.clone(),
        version: i64::from(found.card.version),
        title: found.card.title.zh.clone(),
        title_en: found.card.title.en.clone(),
    }))
}

/// What the phone goes by, too: the subtype, and the phases of the meter.
fn facts(tx: &mut dyn Tx, order: &OrderRow) -> Result<BTreeMap<String, String>, StoreError> {
    let mut facts = BTreeMap::new();
    if !order.subtype.is_empty() {
        facts.insert("subtype".to_owned(), order.subtype.clone());
    }
    let phases = match &order.meter_number {
        Some(number) => tx.first(
            "SELECT phases FROM meters WHERE meter_number = ?1",
            args![number],
            |row| row.int(0),
        )?,
        None => None,
    };
    if let Some(phases) = phases {
        let phase = if phases >= 3 { "three" } else { "single" };
        facts.insert("phase".to_owned(), phase.to_owned());
    }
    Ok(facts)
}

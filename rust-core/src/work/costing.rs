//! Operation cards and cost sheets: the card that fits an order and its key facts, with the names and
//! prices of its tools and materials, and pricing of lines by the list of the day. Works offline:
//! cards and price lists come with the app.

use super::resolve;
use crate::error::CoreError;
use crate::shared::Shared;
use crate::store::customers;
use dianma_schema::card::{self, CardItem, CardMatch, OperationCard};
use dianma_schema::cost::{self, CostInput, CostSheet, PriceBook, PricedItem};
use dianma_schema::fault;
use dianma_schema::order::OrderKind;
use dianma_schema::wire::record::OrderRecord;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Facts a card is chosen by: `subtype`, `supply`, `height`, `phase`.
pub type KeyFacts = BTreeMap<String, String>;

/// A tool or material of a card with its name and price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CardLine {
    /// Code in the price book.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Quantity in thousandths of the unit.
    pub quantity_milli: i64,
    /// Only if the job needs it.
    pub is_optional: bool,
    /// Price of one unit today, fen; none = not charged.
    pub unit_price_fen: Option<i64>,
}

/// A card and why it was chosen.
#[derive(Clone, Debug, Serialize)]
pub struct CardView {
    /// The card as shipped.
    #[serde(flatten)]
    pub matched: CardMatch,
    /// Facts it was chosen by.
    pub facts: KeyFacts,
    /// Its materials in words.
    pub material_lines: Vec<CardLine>,
    /// Its tools in words.
    pub tool_lines: Vec<CardLine>,
}

/// Operation cards and cost sheets.
#[derive(Clone, Debug)]
pub struct Costing {
    pub(super) shared: Arc<Shared>,
}

impl Costing {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The card of an order on the phone. Facts given here outweigh those of the order.
    pub fn card_of_order(&self, order: &str, facts: &KeyFacts) -> Result<CardView, CoreError> {
        self.shared.user()?;
        let (kind, facts) = self.shared.read(|db| {
            let order = resolve(db, order)?;
            let mut all = facts_of(db, &order.record)?;
            all.extend(facts.clone());
            Ok((order.record.kind, all))
        })?;
        self.card(kind, facts)
    }

    /// The card of a kind and facts.
    pub fn card(&self, kind: OrderKind, facts: KeyFacts) -> Result<CardView, CoreError> {
        let matched = card::find(kind, &facts).ok_or_else(no_card)?;
        let now_ms = self.shared.server_now_ms()?;
        let lines = |items: &[CardItem]| items.iter().map(|item| line(item, now_ms)).collect();
        Ok(CardView {
            material_lines: lines(&matched.card.materials),
            tool_lines: lines(&matched.card.tools),
            matched,
            facts,
        })
    }

    /// Everything that has a price today.
    pub fn price_list(&self) -> Result<Vec<PricedItem>, CoreError> {
        Ok(PriceBook::shipped().priced_items(self.shared.server_now_ms()?))
    }

    /// Prices lines by the list of the day, without keeping anything.
    pub fn price(&self, lines: &[CostInput]) -> Result<CostSheet, CoreError> {
        price_at(lines, self.shared.server_now_ms()?)
    }
}

/// Prices lines; what is wrong with them becomes one fault with a field for each.
pub fn price_at(lines: &[CostInput], at_ms: i64) -> Result<CostSheet, CoreError> {
    cost::price(lines, at_ms).map_err(|problems| {
        let error = CoreError::of(fault::V_FIELD);
        problems
            .iter()
            .fold(error, |error, p| error.field(&p.code, &p.zh, &p.en))
    })
}

fn line(item: &CardItem, now_ms: i64) -> CardLine {
    let book = PriceBook::shipped();
    let known = book.item(&item.code);
    let price = book
        .list_at(now_ms)
        .and_then(|list| list.price_of(&item.code));
    CardLine {
        name: known.map_or_else(|| item.code.clone(), |known| known.zh.clone()),
        unit: known.map_or_else(String::new, |known| known.unit.clone()),
        code: item.code.clone(),
        quantity_milli: item.quantity_milli,
        is_optional: item.optional,
        unit_price_fen: price,
    }
}

fn no_card() -> CoreError {
    CoreError::of(fault::V_NOT_FOUND).because_of(
        "没有这种作业的指导卡",
        "there is no card for this kind of job",
    )
}

/// The card an order is begun with: the one named, if it is for this kind, else the best fit.
pub fn card_of(
    db: &Connection,
    order: &OrderRecord,
    card_id: Option<&str>,
) -> Result<&'static OperationCard, CoreError> {
    if let Some(id) = card_id {
        return card::by_id(id)
            .filter(|card| card.kind == order.kind)
            .ok_or_else(no_card);
    }
    let facts = facts_of(db, order)?;
    card::find(order.kind, &facts)
        .map(|matched| matched.card)
        .ok_or_else(no_card)
}

/// What the phone knows: the subtype, and the phases of the customer's first meter.
fn facts_of(db: &Connection, order: &OrderRecord) -> Result<KeyFacts, CoreError> {
    let mut facts = KeyFacts::new();
    if !order.subtype.is_empty() {
        facts.insert("subtype".to_owned(), order.subtype.clone());
    }
    let customer = match &order.customer_id {
        Some(id) => customers::find(db, id)?,
        None => None,
    };
    if let Some(meter) = customer
        .as_ref()
        .and_then(|customer| customer.meters.first())
    {
        let phase = if meter.phases >= 3 { "three" } else { "single" };
        facts.insert("phase".to_owned(), phase.to_owned());
    }
    Ok(facts)
}

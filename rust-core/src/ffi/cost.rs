//! Operation cards and cost sheets at the door, with every amount in words.

use super::errors::guarded;
use super::words::words_of;
use super::{Core, PhoneError, SavedView, Words};
use crate::error::CoreError;
use crate::work::{CardLine, CardView, CostView, KeyFacts};
use dianma_schema::card::{self, Step};
use dianma_schema::cost::{CostInput, CostLine, CostSheet, LineKind, PriceBook, PricedItem};
use dianma_schema::fault;
use dianma_schema::money::format_yuan;
use dianma_schema::order::OrderKind;
use dianma_schema::quantity::{format_milli, parse_milli};
use std::collections::HashMap;

/// A code and how much of it, as typed: "2", "12.5".
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct CostQuantity {
    /// Code of the price list.
    pub code: String,
    /// Quantity in units.
    pub quantity: String,
}

/// One line of a sheet.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct CostLineView {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Words,
    /// `labour`, `material` or `tool`.
    pub line_kind: String,
    /// Unit.
    pub unit: String,
    /// "12.5".
    pub quantity: String,
    /// "3.20"; empty on a saved sheet whose list is no longer shipped.
    pub unit_price: String,
    /// "40.00"; empty likewise.
    pub amount: String,
}

/// A priced sheet (费用单).
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct CostSheetView {
    /// Price list.
    pub price_list_version: String,
    /// Sample prices: no official quote.
    pub is_sample: bool,
    /// Lines.
    pub lines: Vec<CostLineView>,
    /// "128.50".
    pub total: String,
    /// Total, fen.
    pub total_fen: i64,
    /// "合计 128.50 元".
    pub total_words: Words,
}

/// Something with a price today.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct PricedItemView {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Words,
    /// Type or size.
    pub spec: String,
    /// Group on screens.
    pub group: String,
    /// `labour`, `material` or `tool`.
    pub line_kind: String,
    /// Its name.
    pub line_kind_name: Words,
    /// Unit.
    pub unit: String,
    /// Price of one unit.
    pub unit_price: String,
    /// The quantity may have a fraction.
    pub is_divisible: bool,
}

/// A text of a card with when it is good enough.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct CardText {
    /// What.
    pub text: Words,
    /// To what checkable level; may be empty.
    pub standard: Words,
}

/// A hazard point (危险点) with its control.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct HazardView {
    /// Number to acknowledge it by.
    pub number: u16,
    /// What can happen.
    pub name: Words,
    /// What to do.
    pub action: Words,
    /// How.
    pub method: Words,
    /// To what checkable level.
    pub standard: Words,
}

/// A step of the procedure (作业流程).
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// Number, from 1.
    pub number: u32,
    /// Part of the job.
    pub stage: Words,
    /// What to do.
    pub text: Words,
    /// When it is done right.
    pub standard: Words,
    /// What must happen before the next step opens; empty when nothing.
    pub lock: Words,
    /// Items to confirm one by one.
    pub ticks: Vec<Words>,
}

/// A tool or material of a card.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct CardLineView {
    /// Code.
    pub code: String,
    /// Name, Chinese.
    pub name: String,
    /// "2 个".
    pub quantity_words: String,
    /// "2", to start a cost line with.
    pub quantity: String,
    /// Only if the job needs it.
    pub is_optional: bool,
    /// Price of one unit; none = not charged.
    pub unit_price: Option<String>,
}

/// A standard operation card (标准化作业指导卡) and why it was chosen.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct OperationCardView {
    /// Id, to begin work with.
    pub id: String,
    /// Title.
    pub title: Words,
    /// Why this card.
    pub why: Words,
    /// What it covers.
    pub scope: Words,
    /// Not confirmed by the utility.
    pub is_sample: bool,
    /// At least so many people.
    pub min_people: u32,
    /// What they must be entitled to.
    pub qualifications: Vec<Words>,
    /// What to prepare.
    pub preparation: Vec<CardText>,
    /// Hazards with their controls.
    pub hazards: Vec<HazardView>,
    /// The procedure.
    pub steps: Vec<StepView>,
    /// Tools.
    pub tools: Vec<CardLineView>,
    /// Materials.
    pub materials: Vec<CardLineView>,
    /// Documents it follows.
    pub references: Vec<String>,
}

#[uniffi::export]
impl Core {
    /// The card of an order on the phone. Facts given here outweigh those of the order.
    pub fn card_of_order(
        &self,
        order: String,
        facts: HashMap<String, String>,
    ) -> Result<OperationCardView, PhoneError> {
        guarded(|| {
            let facts: KeyFacts = facts.into_iter().collect();
            Ok(self.phone().costing().card_of_order(&order, &facts)?.into())
        })
    }

    /// The card of a kind and key facts, for the cost tab.
    pub fn card_of_kind(
        &self,
        kind: String,
        facts: HashMap<String, String>,
    ) -> Result<OperationCardView, PhoneError> {
        guarded(|| {
            let kind: OrderKind = kind.parse().map_err(|_| {
                CoreError::of(fault::V_FIELD).field("kind", "没有这种工单", "no such kind of order")
            })?;
            Ok(self
                .phone()
                .costing()
                .card(kind, facts.into_iter().collect())?
                .into())
        })
    }

    /// Everything that has a price today.
    pub fn price_list(&self) -> Result<Vec<PricedItemView>, PhoneError> {
        guarded(|| {
            let items = self.phone().costing().price_list()?;
            Ok(items.into_iter().map(PricedItemView::from).collect())
        })
    }

    /// Prices lines by the list of the day, without keeping anything.
    pub fn price(&self, lines: Vec<CostQuantity>) -> Result<CostSheetView, PhoneError> {
        guarded(|| Ok(self.phone().costing().price(&inputs(&lines)?)?.into()))
    }

    /// Keeps the sheet of an order; it replaces the earlier one.
    pub fn set_cost(
        &self,
        order: String,
        lines: Vec<CostQuantity>,
    ) -> Result<SavedView, PhoneError> {
        self.saving(|orders, here| orders.set_cost(&order, &inputs(&lines)?, here))
    }
}

fn inputs(lines: &[CostQuantity]) -> Result<Vec<CostInput>, CoreError> {
    let read = |line: &CostQuantity| {
        let quantity_milli = parse_milli(line.quantity.trim()).ok_or_else(|| {
            CoreError::of(fault::V_FIELD).field(
                &line.code,
                "数量应为数字",
                "the quantity is a number",
            )
        })?;
        Ok(CostInput {
            code: line.code.clone(),
            quantity_milli,
        })
    };
    lines.iter().map(read).collect()
}

fn total_words(total_fen: i64) -> Words {
    let total = format_yuan(total_fen);
    Words {
        zh: format!("合计 {total} 元"),
        en: format!("Total ¥{total}"),
    }
}

impl From<CostSheet> for CostSheetView {
    fn from(sheet: CostSheet) -> Self {
        Self {
            price_list_version: sheet.price_list_version,
            is_sample: sheet.sample,
            lines: sheet.lines.into_iter().map(CostLineView::from).collect(),
            total: format_yuan(sheet.total_fen),
            total_fen: sheet.total_fen,
            total_words: total_words(sheet.total_fen),
        }
    }
}

impl From<CostLine> for CostLineView {
    fn from(line: CostLine) -> Self {
        Self {
            name: Words::new(&line.name, &line.name_en),
            line_kind: LineKind::as_str(line.line_kind).to_owned(),
            quantity: format_milli(line.quantity_milli),
            unit_price: format_yuan(line.unit_price_fen),
            amount: format_yuan(line.amount_fen),
            unit: line.unit,
            code: line.code,
        }
    }
}

/// A sheet as it was kept: its total is what was agreed, its lines are named from the shipped book.
pub(super) fn saved_sheet(kept: &CostView) -> CostSheetView {
    let book = PriceBook::shipped();
    let lines = kept
        .lines
        .iter()
        .map(|(code, quantity_milli): &(String, i64)| {
            let item = book.item(code);
            CostLineView {
                code: code.clone(),
                name: item.map_or_else(|| Words::same(code), |item| Words::new(&item.zh, &item.en)),
                line_kind: item.map_or("", |item| item.line_kind.as_str()).to_owned(),
                unit: item.map_or_else(String::new, |item| item.unit.clone()),
                quantity: format_milli(*quantity_milli),
                unit_price: String::new(),
                amount: String::new(),
            }
        });
    CostSheetView {
        price_list_version: kept.price_list_version.clone(),
        is_sample: false,
        lines: lines.collect(),
        total: format_yuan(kept.total_fen),
        total_fen: kept.total_fen,
        total_words: total_words(kept.total_fen),
    }
}

impl From<PricedItem> for PricedItemView {
    fn from(priced: PricedItem) -> Self {
        let item = priced.item;
        Self {
            is_divisible: item.is_divisible(),
            name: Words::new(&item.zh, &item.en),
            line_kind: item.line_kind.as_str().to_owned(),
            line_kind_name: words_of!(item.line_kind),
            unit_price: format_yuan(priced.unit_price_fen),
            code: item.code,
            spec: item.spec,
            group: item.group,
            unit: item.unit,
        }
    }
}

impl From<CardLine> for CardLineView {
    fn from(line: CardLine) -> Self {
        let quantity = format_milli(line.quantity_milli);
        Self {
            quantity_words: format!("{quantity} {}", line.unit),
            quantity,
            code: line.code,
            name: line.name,
            is_optional: line.is_optional,
            unit_price: line.unit_price_fen.map(format_yuan),
        }
    }
}

fn text(text: &card::CardText) -> Words {
    Words::new(&text.zh, &text.en)
}

fn step(step: &Step) -> StepView {
    StepView {
        number: step.no,
        stage: words_of!(step.stage),
        text: text(&step.text),
        standard: text(&step.standard),
        lock: step
            .lock
            .map_or_else(Words::default, |lock| words_of!(lock)),
        ticks: step.ticks.iter().map(text).collect(),
    }
}

impl From<CardView> for OperationCardView {
    fn from(view: CardView) -> Self {
        let card = view.matched.card;
        let hazards = (0u16..)
            .zip(&card.hazards)
            .map(|(number, hazard)| HazardView {
                number,
                name: text(&hazard.name),
                action: text(&hazard.action),
                method: text(&hazard.method),
                standard: text(&hazard.standard),
            });
        let preparation = card.preparation.iter().map(|item| CardText {
            text: text(&item.content),
            standard: text(&item.standard),
        });
        Self {
            id: card.id.clone(),
            title: text(&card.title),
            why: Words::new(&view.matched.why, &view.matched.why_en),
            scope: text(&card.scope),
            is_sample: card.sample,
            min_people: card.crew.min_people,
            qualifications: card.crew.qualifications.iter().map(text).collect(),
            preparation: preparation.collect(),
            hazards: hazards.collect(),
            steps: card.steps.iter().map(step).collect(),
            tools: view
                .tool_lines
                .into_iter()
                .map(CardLineView::from)
                .collect(),
            materials: view
                .material_lines
                .into_iter()
                .map(CardLineView::from)
                .collect(),
            references: card.references.clone(),
        }
    }
}

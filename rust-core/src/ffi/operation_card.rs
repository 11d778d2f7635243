//! Standard operation cards at the door: hazards, procedure, tools and materials, and the facts a card
//! is chosen by.

use super::cost::price_words;
use super::errors::guarded;
use super::order_view::ChoiceView;
use super::words::words_of;
use super::{Core, PhoneError, Words};
use crate::error::CoreError;
use crate::work::{CardLine, CardView, KeyFacts, fact_choices, shown_facts};
use dianma_schema::card::{self, Step};
use dianma_schema::fault;
use dianma_schema::money::format_yuan;
use dianma_schema::order::OrderKind;
use dianma_schema::quantity::format_milli;
use std::collections::HashMap;

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
    /// "3.20 元/米"; says so when it is not charged.
    pub price_words: Words,
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
    /// What the choice of the card hangs on, with what was taken for this one.
    pub facts: Vec<FactView>,
}

/// A fact a card is chosen by.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct FactView {
    /// Word of the fact.
    pub name: String,
    /// What is asked.
    pub label: Words,
    /// What to choose from.
    pub choices: Vec<ChoiceView>,
    /// What was taken; empty when nothing is known.
    pub value: String,
}

/// Something that may never be charged.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct NeverChargedView {
    /// What.
    pub name: Words,
    /// Why.
    pub why: Words,
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

    /// Every kind of order, to look a card up by.
    pub fn order_kinds(&self) -> Vec<ChoiceView> {
        let kinds = OrderKind::ALL.iter().map(|kind| ChoiceView {
            value: kind.as_str().to_owned(),
            name: words_of!(*kind),
        });
        kinds.collect()
    }

    /// What may never be charged, with the rule.
    pub fn never_charged(&self) -> Result<Vec<NeverChargedView>, PhoneError> {
        guarded(|| {
            let items = self.phone().costing().never_charged()?.into_iter();
            let view = |item: &'static dianma_schema::cost::ForbiddenItem| NeverChargedView {
                name: Words::new(&item.zh, &item.en),
                why: Words {
                    zh: format!("禁止收取：{}", item.source),
                    en: "May not be charged by rule".to_owned(),
                },
            };
            Ok(items.map(view).collect())
        })
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
            price_words: line
                .unit_price_fen
                .map_or_else(not_charged, |fen| price_words(fen, &line.unit)),
            unit_price: line.unit_price_fen.map(format_yuan),
        }
    }
}

fn not_charged() -> Words {
    Words::new("不收费", "Not charged")
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

fn facts(kind: OrderKind, taken: &KeyFacts) -> Vec<FactView> {
    let shown = shown_facts(kind, taken);
    let choices = fact_choices(kind).into_iter();
    choices
        .map(|choice| FactView {
            name: choice.fact.to_owned(),
            label: Words::new(choice.name.0, choice.name.1),
            value: shown.get(choice.fact).cloned().unwrap_or_default(),
            choices: choice
                .values
                .into_iter()
                .map(|(value, zh, en)| ChoiceView {
                    value,
                    name: Words { zh, en },
                })
                .collect(),
        })
        .collect()
}

/// The facts that decided, by their names; the general card says so itself.
fn why(view: &CardView, facts: &[FactView]) -> Words {
    let decided = facts
        .iter()
        .filter(|fact| view.matched.card.when.contains_key(&fact.name));
    let names: Vec<&Words> = decided
        .filter_map(|fact| fact.choices.iter().find(|c| c.value == fact.value))
        .map(|choice| &choice.name)
        .collect();
    if names.is_empty() {
        return Words::new(&view.matched.why, &view.matched.why_en);
    }
    let kind = view.matched.card.kind;
    let join = |pick: fn(&Words) -> &str, with: &str| {
        let all: Vec<&str> = names.iter().map(|name| pick(name)).collect();
        all.join(with)
    };
    Words {
        zh: format!("{}：{}", kind.zh(), join(|w| &w.zh, "、")),
        en: format!("{}: {}", kind.en(), join(|w| &w.en, ", ")),
    }
}

impl From<CardView> for OperationCardView {
    fn from(view: CardView) -> Self {
        let card = view.matched.card;
        let facts = facts(card.kind, &view.facts);
        let why = why(&view, &facts);
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
            why,
            facts,
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

//! Reading operation cards: one file per order kind plus `packs.toml`, whose steps, hazards and tools
//! many cards share. A card may have variants, which add packs under a further condition and combine.

use super::{CardItem, CardText, Crew, FACTS, HazardPoint, OperationCard, Preparation, Step, lint};
use crate::catalogue::{self, CatalogueError};
use crate::cost::{LineKind, PriceBook};
use crate::order::{OrderKind, evidence, record};
use serde::Deserialize;
use std::collections::BTreeMap;

macro_rules! card_files {
    ($($file:literal),+) => {
        &[$(include_str!(concat!("../../catalogues/operation_cards/", $file, ".toml"))),+]
    };
}

const PACKS: &str = include_str!("../../catalogues/operation_cards/packs.toml");
const FILES: &[&str] = card_files![
    "fault_repair",
    "new_connection",
    "meter_change",
    "acceptance_energization",
    "bill_collection",
    "safety_inspection",
    "contract_inspection",
    "ad_hoc"
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    pack: Vec<Pack>,
}

/// Steps, hazards and tools that many cards share.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    id: String,
    source: String,
    #[serde(default)]
    steps: Vec<Step>,
    #[serde(default)]
    hazards: Vec<HazardPoint>,
    #[serde(default)]
    tools: Vec<CardItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardFile {
    kind: OrderKind,
    card: Vec<CardRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardRow {
    id: String,
    version: u32,
    title: CardText,
    #[serde(default)]
    when: BTreeMap<String, Vec<String>>,
    scope: CardText,
    references: Vec<String>,
    crew: Crew,
    preparation: Vec<Preparation>,
    #[serde(default)]
    documents: Vec<CardText>,
    #[serde(default)]
    materials: Vec<CardItem>,
    tools: Vec<CardItem>,
    packs: Vec<String>,
    #[serde(default)]
    hazards: Vec<HazardPoint>,
    steps: Vec<Step>,
    report_fields: Vec<String>,
    limit_minutes: Option<u32>,
    warn_minutes: Option<u32>,
    #[serde(default = "default_break")]
    rescan_after_break_minutes: u32,
    valid_from: String,
    source: String,
    sample: bool,
    #[serde(default)]
    variants: Vec<Variant>,
}

/// What a further condition adds to a card; variants combine, so that live work at height has both.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    suffix: String,
    /// Added to the card's title.
    title: CardText,
    when: BTreeMap<String, Vec<String>>,
    /// Packs added.
    packs: Vec<String>,
    /// Packs of the card left out.
    #[serde(default)]
    without: Vec<String>,
    min_people: u32,
}

/// Longest break without a new scan, minutes (design; service rules 5.3).
const fn default_break() -> u32 {
    15
}

/// The cards in the binary.
pub fn shipped() -> Result<Vec<OperationCard>, CatalogueError> {
    load(PACKS, FILES)
}

/// Reads packs and card files; refuses slogans, unknown codes and cards that fit equally well.
pub fn load(packs: &str, files: &[&str]) -> Result<Vec<OperationCard>, CatalogueError> {
    let packs: PackFile = catalogue::parse(packs)?;
    for pack in &packs.pack {
        catalogue::filled(&pack.id, "source", &pack.source)?;
    }
    let mut cards: Vec<OperationCard> = Vec::new();
    for text in files {
        let file: CardFile = catalogue::parse(text)?;
        for row in &file.card {
            for variants in combinations(&row.variants)? {
                cards.push(row.card(file.kind, &packs.pack, &variants)?);
            }
        }
    }
    for (position, card) in cards.iter().enumerate() {
        check(card).map_err(|why| CatalogueError::at(&card.id, why))?;
        if let Some(rival) = cards
            .iter()
            .take(position)
            .find(|other| rivals(card, other))
        {
            return Err(CatalogueError::at(
                &card.id,
                format_args!("fits as well as {}", rival.id),
            ));
        }
    }
    Ok(cards)
}

/// Every subset of the variants, from none to all, in the order of the file.
fn combinations(variants: &[Variant]) -> Result<Vec<Vec<&Variant>>, CatalogueError> {
    if variants.len() > 3 {
        return Err(CatalogueError("a card has at most 3 variants".to_owned()));
    }
    let mut subsets: Vec<Vec<&Variant>> = vec![Vec::new()];
    for variant in variants {
        let mut with: Vec<Vec<&Variant>> = subsets.clone();
        for subset in &mut with {
            subset.push(variant);
        }
        subsets.append(&mut with);
    }
    Ok(subsets)
}

impl CardRow {
    fn card(
        &self,
        kind: OrderKind,
        packs: &[Pack],
        variants: &[&Variant],
    ) -> Result<OperationCard, CatalogueError> {
        let mut card = self.plain(kind)?;
        let mut named: Vec<&String> = self.packs.iter().collect();
        for variant in variants {
            card.id = format!("{}.{}", card.id, variant.suffix);
            card.title.zh.push_str(&variant.title.zh);
            card.title.en.push_str(&variant.title.en);
            card.when.extend(variant.when.clone());
            card.crew.min_people = card.crew.min_people.max(variant.min_people);
            named.retain(|pack| !variant.without.contains(pack));
            named.extend(&variant.packs);
        }
        let mut steps: Vec<Step> = Vec::new();
        for name in named {
            let pack = packs.iter().find(|pack| pack.id == *name);
            let pack =
                pack.ok_or_else(|| CatalogueError::at(&card.id, format_args!("no pack {name}")))?;
            steps.extend_from_slice(&pack.steps);
            card.hazards.extend_from_slice(&pack.hazards);
            card.tools.extend_from_slice(&pack.tools);
        }
        steps.append(&mut card.steps);
        // Stable: within a stage, packs come first in the order named, then the card's own steps.
        steps.sort_by_key(|step| step.stage);
        for (no, step) in (1..).zip(&mut steps) {
            step.no = no;
        }
        card.steps = steps;
        card.tools
            .sort_by(|a, b| (&a.code, a.optional).cmp(&(&b.code, b.optional)));
        card.tools.dedup_by(|later, first| later.code == first.code);
        Ok(card)
    }

    fn plain(&self, kind: OrderKind) -> Result<OperationCard, CatalogueError> {
        Ok(OperationCard {
            id: self.id.clone(),
            version: self.version,
            kind,
            title: self.title.clone(),
            when: self.when.clone(),
            scope: self.scope.clone(),
            references: self.references.clone(),
            crew: self.crew.clone(),
            preparation: self.preparation.clone(),
            documents: self.documents.clone(),
            materials: self.materials.clone(),
            tools: self.tools.clone(),
            hazards: self.hazards.clone(),
            steps: self.steps.clone(),
            report_fields: self.report_fields.clone(),
            limit_minutes: self.limit_minutes,
            warn_minutes: self.warn_minutes,
            rescan_after_break_minutes: self.rescan_after_break_minutes,
            valid_from_day: catalogue::day(&self.id, &self.valid_from)?,
            source: self.source.clone(),
            sample: self.sample,
        })
    }
}

/// Same weight, and some facts fit both.
fn rivals(card: &OperationCard, other: &OperationCard) -> bool {
    let meet =
        |values: &[String], others: &[String]| values.iter().any(|value| others.contains(value));
    card.id == other.id
        || card.kind == other.kind
            && card.when.keys().eq(other.when.keys())
            && card
                .when
                .values()
                .zip(other.when.values())
                .all(|(a, b)| meet(a, b))
}

fn check(card: &OperationCard) -> Result<(), String> {
    if card.source.trim().is_empty() || card.title.zh.is_empty() || card.title.en.is_empty() {
        return Err("title and source must not be empty".to_owned());
    }
    if card.hazards.len() < 2 || card.steps.len() < 5 || card.preparation.is_empty() {
        return Err("a card has at least 2 hazards, 5 steps and something to prepare".to_owned());
    }
    if let Some(why) = card.hazards.iter().find_map(lint::fault) {
        return Err(why);
    }
    for (fact, values) in &card.when {
        let known = FACTS
            .iter()
            .find(|(name, _)| name == fact)
            .ok_or(format!("no fact {fact}"))?
            .1;
        if values.is_empty()
            || !known.is_empty() && values.iter().any(|v| !known.contains(&v.as_str()))
        {
            return Err(format!("condition on {fact} can never be met"));
        }
    }
    check_codes(&card.materials, LineKind::Material)?;
    check_codes(&card.tools, LineKind::Tool)?;
    check_report(card)?;
    card.steps.iter().try_for_each(check_step)
}

fn check_codes(items: &[CardItem], kind: LineKind) -> Result<(), String> {
    for item in items {
        let known = PriceBook::shipped().item(&item.code);
        if known.is_none_or(|known| known.line_kind != kind) || item.quantity_milli < 1 {
            return Err(format!("{} is no {kind} or has no quantity", item.code));
        }
    }
    Ok(())
}

fn check_report(card: &OperationCard) -> Result<(), String> {
    let form = record::form(card.kind);
    if let Some(field) = card
        .report_fields
        .iter()
        .find(|field| form.field(field).is_none())
    {
        return Err(format!("the record form has no field {field}"));
    }
    let slots = evidence::required(card.kind);
    let taken = |slot: &str| {
        card.steps
            .iter()
            .any(|step| step.evidence.iter().any(|own| own == slot))
    };
    if let Some(slot) = slots.iter().find(|slot| !taken(&slot.slot)) {
        return Err(format!("no step takes the evidence {}", slot.slot));
    }
    let is_slot = |slot: &&String| !slots.iter().any(|known| known.slot == **slot);
    match card
        .steps
        .iter()
        .flat_map(|step| &step.evidence)
        .find(is_slot)
    {
        Some(slot) => Err(format!("the order kind has no evidence slot {slot}")),
        None => Ok(()),
    }
}

fn check_step(step: &Step) -> Result<(), String> {
    use super::StepLock::{MeasureInRange, TickEach};
    let row = step.no;
    for text in [&step.text, &step.standard].into_iter().chain(&step.ticks) {
        if text.zh.trim().is_empty() || text.en.trim().is_empty() {
            return Err(format!("step {row}: a text is empty"));
        }
    }
    if (step.lock == Some(TickEach)) == step.ticks.is_empty() {
        return Err(format!(
            "step {row}: ticks and the lock tick_each go together"
        ));
    }
    let range = step.measurement.as_ref();
    let has_bound =
        range.is_some_and(|range| range.min_milli.is_some() || range.max_milli.is_some());
    if step.lock == Some(MeasureInRange) && !has_bound {
        return Err(format!("step {row}: measure_in_range needs a range"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_cards_load_with_several_for_faults_and_meters() {
        let cards = shipped().unwrap();
        let count = |kind| cards.iter().filter(|card| card.kind == kind).count();
        assert!(OrderKind::ALL.iter().all(|kind| count(*kind) >= 1));
        assert!(count(OrderKind::FaultRepair) >= 5 && count(OrderKind::MeterChange) >= 5);
    }

    #[test]
    fn refuses_slogans_unknown_codes_and_rivals() {
        let fault = FILES[0];
        let with = |text: &str| {
            load(PACKS, &[text])
                .map(|cards| cards.len())
                .map_err(|error| error.0)
        };
        with(fault).unwrap();
        for (good, bad, why) in [
            (
                "id = \"fault-repair-trip\"",
                "id = \"fault-repair\"",
                "fits as well as",
            ),
            (
                "code = \"breaker-2p-63\"",
                "code = \"perpetual-motion\"",
                "is no material",
            ),
            (
                "packs = [\"arrival\"",
                "packs = [\"departure\"",
                "no pack departure",
            ),
            (
                "\"fault_cause\"",
                "\"fault_colour\"",
                "no field fault_colour",
            ),
            (
                "evidence = [\"fault_point\"]",
                "evidence = [\"selfie\"]",
                "evidence",
            ),
            (
                "height = [\"high\"]",
                "height = [\"sky\"]",
                "can never be met",
            ),
        ] {
            let text = fault.replacen(good, bad, 1);
            assert_ne!(text, fault, "{good}");
            let error = with(&text).unwrap_err();
            assert!(error.contains(why), "{bad}: {error}");
        }
    }

    #[test]
    fn a_pack_with_a_slogan_stops_the_catalogue() {
        let control = "落物半径 3 m 内不留人";
        assert!(PACKS.contains(control));
        let error = load(&PACKS.replace(control, "注意安全，小心谨慎"), FILES).unwrap_err();
        assert!(error.0.contains("slogan"), "{error}");
    }
}

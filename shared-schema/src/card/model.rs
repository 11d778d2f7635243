//! What an operation card holds: people, preparation, tools, hazards with their controls, and steps.

use crate::order::OrderKind;
use crate::text_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

text_enum! {
    /// Part of the job a step belongs to; steps of a card run in this order.
    pub enum CardStage {
        0 Preparation = "preparation", "准备", "Preparation";
        1 Briefing = "briefing", "安全交底", "Briefing";
        2 Verification = "verification", "现场核对", "Verification";
        3 Isolation = "isolation", "停电隔离", "Isolation";
        4 Work = "work", "作业", "Work";
        5 Restoration = "restoration", "恢复送电", "Restoration";
        6 Sealing = "sealing", "加封", "Sealing";
        7 Handover = "handover", "客户确认", "Handover";
        8 Closing = "closing", "清场", "Closing";
    }
}

text_enum! {
    /// What must happen before the next step opens.
    pub enum StepLock {
        0 ScanPlace = "scan_place", "扫描现场码", "Scan the place code";
        1 ScanMeter = "scan_meter", "扫描表计码", "Scan the meter code";
        2 Photo = "photo", "拍照", "Take a photo";
        3 MeasureInRange = "measure_in_range", "测量值在范围内", "Measure within the range";
        4 SecondPerson = "second_person", "第二人确认", "A second person confirms";
        5 AcknowledgeHazards = "acknowledge_hazards", "确认危险点", "Acknowledge the hazards";
        6 TickEach = "tick_each", "逐项确认", "Tick each item";
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CardText {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A hazard point (危险点) with its control (预控措施): what to do, how, and to what checkable level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HazardPoint {
    /// What can happen.
    pub name: CardText,
    /// What to do (动作).
    pub action: CardText,
    /// How (方法).
    pub method: CardText,
    /// To what checkable level (标准).
    pub standard: CardText,
}

/// A value to measure in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Unit.
    pub unit: String,
    /// Lowest value that passes, thousandths of the unit.
    pub min_milli: Option<i64>,
    /// Highest value that passes, thousandths of the unit.
    pub max_milli: Option<i64>,
}

/// One step of the procedure (作业流程).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Number on the card, from 1; given while loading.
    #[serde(default)]
    pub no: u32,
    /// Part of the job.
    pub stage: CardStage,
    /// What to do.
    pub text: CardText,
    /// When it is done right.
    pub standard: CardText,
    /// What must happen before the next step opens.
    pub lock: Option<StepLock>,
    /// Items to confirm one by one.
    #[serde(default)]
    pub ticks: Vec<CardText>,
    /// Evidence slots the step fills.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Value to measure.
    pub measurement: Option<Measurement>,
}

/// Something to prepare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Preparation {
    /// What.
    pub content: CardText,
    /// When it is enough.
    pub standard: CardText,
    /// Somebody signs for it.
    #[serde(default)]
    pub needs_signature: bool,
}

/// People needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Crew {
    /// At least so many.
    pub min_people: u32,
    /// What they must be entitled to.
    pub qualifications: Vec<CardText>,
}

/// A material or tool on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CardItem {
    /// Code in the price book.
    pub code: String,
    /// Quantity in thousandths of its unit.
    #[serde(default = "one_unit")]
    pub quantity_milli: i64,
    /// Only if the job needs it.
    #[serde(default)]
    pub optional: bool,
}

const fn one_unit() -> i64 {
    crate::money::MILLI
}

/// A standard operation card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperationCard {
    /// Stable id.
    pub id: String,
    /// Version; a running job keeps the one it began with.
    pub version: u32,
    /// Order kind it is for.
    pub kind: OrderKind,
    /// Title.
    pub title: CardText,
    /// Conditions: every fact named must have one of the values.
    pub when: BTreeMap<String, Vec<String>>,
    /// What the card covers.
    pub scope: CardText,
    /// Documents it follows.
    pub references: Vec<String>,
    /// People.
    pub crew: Crew,
    /// What to prepare.
    pub preparation: Vec<Preparation>,
    /// Papers to take along.
    pub documents: Vec<CardText>,
    /// Materials.
    pub materials: Vec<CardItem>,
    /// Tools and instruments.
    pub tools: Vec<CardItem>,
    /// Hazards and their controls, numbered from 0 in acknowledgements.
    pub hazards: Vec<HazardPoint>,
    /// The procedure.
    pub steps: Vec<Step>,
    /// Fields of the record form that report the job.
    pub report_fields: Vec<String>,
    /// Longest time the job may run on an emergency sheet (紧急抢修单), minutes; `None` = no limit.
    pub limit_minutes: Option<u32>,
    /// When to warn before that, minutes from the start.
    pub warn_minutes: Option<u32>,
    /// After a longer break the pole or box code is scanned again, minutes.
    pub rescan_after_break_minutes: u32,
    /// First Chinese civil day it is valid on, days since 1970-01-01.
    pub valid_from_day: i64,
    /// Where the content comes from.
    pub source: String,
    /// Not confirmed by the utility.
    pub sample: bool,
}

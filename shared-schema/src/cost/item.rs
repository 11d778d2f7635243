//! What a price book is made of: items, dated lists of prices, and what may not be charged.

use crate::text_enum;
use serde::Serialize;
use std::collections::BTreeMap;

text_enum! {
    /// What a line is for.
    pub enum LineKind {
        0 Labour = "labour", "人工", "Labour";
        1 Material = "material", "材料", "Material";
        2 Tool = "tool", "工器具", "Tool";
    }
}

/// Units that are measured, not counted; everything else is whole.
const DIVISIBLE_UNITS: [&str; 4] = ["米", "千克", "平方米", "工时"];

/// A material, tool or labour item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// Stable code, unique over all three kinds.
    pub code: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Unit of quantities.
    pub unit: String,
    /// Type or size; empty for labour.
    pub spec: String,
    /// Group on screens; empty for labour.
    pub group: String,
    /// Labour, material or tool.
    pub line_kind: LineKind,
    /// Longest time between tests of a tool, days; `None` = never tested.
    pub test_due_days: Option<i64>,
    /// Not confirmed by the utility.
    pub sample: bool,
}

impl Item {
    /// The quantity may have a fraction.
    pub fn is_divisible(&self) -> bool {
        DIVISIBLE_UNITS.contains(&self.unit.as_str())
    }
}

/// Prices of one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceList {
    /// Named by every sheet priced with it.
    pub version: String,
    /// First Chinese civil day it is valid on, days since 1970-01-01.
    pub valid_from_day: i64,
    /// Last day; `None` = open.
    pub valid_to_day: Option<i64>,
    /// The document it rests on.
    pub basis: String,
    /// Sample prices (示例): no official quote or receipt.
    pub sample: bool,
    /// Fen per unit, by code.
    pub unit_price_fen: BTreeMap<String, i64>,
}

impl PriceList {
    /// Fen per unit.
    pub fn price_of(&self, code: &str) -> Option<i64> {
        self.unit_price_fen.get(code).copied()
    }

    /// Whether the list is valid on that day.
    pub fn is_valid_on(&self, day: i64) -> bool {
        self.valid_from_day <= day && self.valid_to_day.is_none_or(|last| day <= last)
    }
}

/// Something that may not be charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForbiddenItem {
    /// Stable code.
    pub code: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Names people use for it.
    pub names: Vec<String>,
    /// First Chinese civil day it is forbidden on.
    pub valid_from_day: i64,
    /// The rule that forbids it.
    pub source: String,
    /// The rule's wording is not confirmed.
    pub sample: bool,
}

/// An item with its price on a day, for choosing on a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PricedItem {
    /// The item.
    #[serde(flatten)]
    pub item: Item,
    /// Fen per unit.
    pub unit_price_fen: i64,
}

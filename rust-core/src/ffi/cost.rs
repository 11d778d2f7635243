//! Price list and cost sheets at the door, with every amount in words.

use super::errors::guarded;
use super::words::words_of;
use super::{Core, OrderRow, PhoneError, SavedView, Words};
use crate::error::CoreError;
use crate::work::{CostView, SheetRow};
use dianma_schema::cost::{CostInput, CostLine, CostSheet, LineKind, PriceBook, PricedItem};
use dianma_schema::fault;
use dianma_schema::money::format_yuan;
use dianma_schema::quantity::{format_milli, parse_milli};

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
    /// "2 个 × 3.20 元 = 6.40 元"; quantity and unit alone on such a saved sheet.
    pub words: Words,
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
    /// "3.20 元/米"; says so when it costs nothing.
    pub price_words: Words,
    /// The quantity may have a fraction.
    pub is_divisible: bool,
}

/// An order on the cost tab.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct SheetRowView {
    /// The order.
    pub row: OrderRow,
    /// `open`, `draft` or `given`.
    pub stand: String,
    /// Its name.
    pub stand_name: Words,
    /// "合计 128.50 元" of the submitted sheet; empty when there is none.
    pub total_words: Words,
}

#[uniffi::export]
impl Core {
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

    /// Orders under way with how far their sheets are.
    pub fn sheets(&self) -> Result<Vec<SheetRowView>, PhoneError> {
        guarded(|| {
            let rows = self.phone().orders().sheets(self.here())?;
            Ok(rows.into_iter().map(SheetRowView::from).collect())
        })
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

/// "3.20 元/米".
pub(super) fn price_words(unit_price_fen: i64, unit: &str) -> Words {
    if unit_price_fen == 0 {
        return Words::new("免费", "Free of charge");
    }
    let price = format_yuan(unit_price_fen);
    Words {
        zh: format!("{price} 元/{unit}"),
        en: format!("¥{price} / {unit}"),
    }
}

impl From<SheetRow> for SheetRowView {
    fn from(sheet: SheetRow) -> Self {
        Self {
            row: sheet.row.into(),
            stand: sheet.stand.as_str().to_owned(),
            stand_name: words_of!(sheet.stand),
            total_words: sheet.total_fen.map_or_else(Words::default, total_words),
        }
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
        let quantity = format_milli(line.quantity_milli);
        let (price, amount) = (
            format_yuan(line.unit_price_fen),
            format_yuan(line.amount_fen),
        );
        Self {
            words: Words {
                zh: format!("{quantity} {} × {price} 元 = {amount} 元", line.unit),
                en: format!("{quantity} {} × ¥{price} = ¥{amount}", line.unit),
            },
            name: Words::new(&line.name, &line.name_en),
            line_kind: LineKind::as_str(line.line_kind).to_owned(),
            quantity,
            unit_price: price,
            amount,
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
            let unit = item.map_or_else(String::new, |item| item.unit.clone());
            let quantity = format_milli(*quantity_milli);
            CostLineView {
                words: Words::same(&format!("{quantity} {unit}")),
                code: code.clone(),
                name: item.map_or_else(|| Words::same(code), |item| Words::new(&item.zh, &item.en)),
                line_kind: item.map_or("", |item| item.line_kind.as_str()).to_owned(),
                unit,
                quantity,
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
            price_words: price_words(priced.unit_price_fen, &item.unit),
            code: item.code,
            spec: item.spec,
            group: item.group,
            unit: item.unit,
        }
    }
}

//! Sheets and rolls labels are printed on, and where each thing lies on a label in printer dots.

use super::symbol::QUIET;
use crate::error::ApiError;
use dianma_schema::fault;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use utoipa::ToSchema;

/// Resolutions printers have, dots per inch.
pub const RESOLUTIONS: [u32; 3] = [203, 300, 600];
/// Fewest dots of a module: below, a thermal printer smears them together.
const FEWEST_DOTS: u32 = 4;
/// Side of the symbols we issue, modules: version 8.
pub const USUAL_SIZE: u32 = 49;
/// Air between a label's edge and what is on it.
const PADDING_UM: u32 = 800;
/// Height of the text under a symbol.
const TEXT_BELOW_UM: u32 = 9_000;
const UM_PER_INCH: u64 = 25_400;

/// How a label is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Text to the right of the symbol.
    Beside,
    /// Text under the symbol.
    Below,
    /// A customer's card.
    Card,
}

/// A sheet or roll of the catalogue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Word used in requests.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// How a label is laid out.
    pub layout: Layout,
    /// Page.
    pub page_width_um: u32,
    /// Page.
    pub page_height_um: u32,
    /// Labels side by side.
    pub columns: u32,
    /// Labels one below the other.
    pub rows: u32,
    /// Before the first column.
    pub margin_left_um: u32,
    /// Above the first row.
    pub margin_top_um: u32,
    /// Label.
    pub label_width_um: u32,
    /// Label.
    pub label_height_um: u32,
    /// Between columns.
    pub gap_x_um: u32,
    /// Between rows.
    pub gap_y_um: u32,
}

#[derive(Deserialize)]
struct File {
    sheet: Vec<Sheet>,
}

/// The catalogue. Empty only if the embedded file is broken, which a test forbids.
pub static SHEETS: LazyLock<Vec<Sheet>> = LazyLock::new(|| {
    let text = include_str!("../../../shared-schema/catalogues/label_sheets.toml");
    toml::from_str::<File>(text)
        .map(|file| file.sheet)
        .unwrap_or_default()
});

/// Length in whole printer dots, rounded to the nearest.
fn dots(um: u32, dpi: u32) -> u32 {
    let dots = (u64::from(um) * u64::from(dpi) + UM_PER_INCH / 2) / UM_PER_INCH;
    u32::try_from(dots).unwrap_or(u32::MAX)
}

/// Where things lie on one label, in dots from the label's corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Resolution.
    pub dpi: u32,
    /// Dots of a module.
    pub module: u32,
    /// Corner of the symbol's dark area.
    pub symbol_x: u32,
    /// Corner of the symbol's dark area.
    pub symbol_y: u32,
    /// Corner of the text.
    pub text_x: u32,
    /// Corner of the text.
    pub text_y: u32,
    /// Width of the text.
    pub text_width: u32,
}

impl Sheet {
    /// A sheet by its id.
    pub fn find(id: &str) -> Result<&'static Self, ApiError> {
        let found = SHEETS.iter().find(|sheet| sheet.id == id);
        found.ok_or_else(|| ApiError::field("sheet", "没有这种标签纸", "No such sheet"))
    }

    /// Labels on a page.
    pub const fn per_page(&self) -> u32 {
        self.columns * self.rows
    }

    /// Plans a label with a symbol of `size` modules; refused when a module would be under four dots.
    pub fn plan(&self, size: u32, dpi: u32) -> Result<Plan, ApiError> {
        if !RESOLUTIONS.contains(&dpi) {
            let zh = "分辨率须为 203、300 或 600";
            return Err(ApiError::field("dpi", zh, "203, 300 or 600 dpi"));
        }
        let below = if self.layout == Layout::Below {
            TEXT_BELOW_UM
        } else {
            0
        };
        let height_um = self.label_height_um.saturating_sub(2 * PADDING_UM + below);
        let width_um = self.label_width_um.saturating_sub(2 * PADDING_UM);
        // A card leaves the right half to the text.
        let width_um = if self.layout == Layout::Below {
            width_um
        } else {
            width_um.min(self.label_width_um * 11 / 20)
        };
        let side = dots(height_um.min(width_um), dpi);
        let whole = size + 2 * QUIET;
        let module = side / whole;
        if module < FEWEST_DOTS {
            let zh = format!("{} 在 {dpi} dpi 下每个模块不足 4 点，请换大标签", self.zh);
            let en = format!(
                "{} has fewer than 4 dots a module at {dpi} dpi: take a larger label",
                self.en
            );
            return Err(ApiError::unprocessable(fault::V_FIELD).with_detail(zh, en));
        }
        let padding = dots(PADDING_UM, dpi);
        let taken = module * whole;
        let (text_x, text_y, text_width) = match self.layout {
            Layout::Below => (padding, padding + taken, dots(width_um, dpi)),
            _ => {
                let x = padding + taken;
                let width = dots(self.label_width_um, dpi).saturating_sub(x + padding);
                (x, padding + module * QUIET, width)
            }
        };
        let across = dots(self.label_width_um, dpi);
        let symbol_left = match self.layout {
            Layout::Below => across.saturating_sub(taken) / 2,
            _ => padding,
        };
        Ok(Plan {
            dpi,
            module,
            symbol_x: symbol_left + module * QUIET,
            symbol_y: padding + module * QUIET,
            text_x,
            text_y,
            text_width,
        })
    }

    /// Page in whole dots, so that dots of the page fall on dots of the printer.
    pub fn page_dots(&self, dpi: u32) -> (u32, u32) {
        (
            dots(self.page_width_um, dpi),
            dots(self.page_height_um, dpi),
        )
    }

    /// Corner of the n-th label of a page, in dots.
    pub fn corner(&self, n: u32, dpi: u32) -> (u32, u32) {
        let (column, row) = (n % self.columns, n / self.columns);
        let x = self.margin_left_um + column * (self.label_width_um + self.gap_x_um);
        let y = self.margin_top_um + row * (self.label_height_um + self.gap_y_um);
        (dots(x, dpi), dots(y, dpi))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sheet_holds_its_labels_and_prints_at_300_dpi() {
        assert!(SHEETS.len() >= 6);
        for sheet in SHEETS.iter() {
            let last = sheet.per_page() - 1;
            let (x, y) = sheet.corner(last, 300);
            let (width, height) = sheet.page_dots(300);
            assert!(
                x + dots(sheet.label_width_um, 300) <= width + 1,
                "{}",
                sheet.id
            );
            assert!(
                y + dots(sheet.label_height_um, 300) <= height + 1,
                "{}",
                sheet.id
            );
            let plan = sheet.plan(USUAL_SIZE, 300).unwrap();
            let side = plan.module * (USUAL_SIZE + 2 * QUIET);
            assert!(side <= dots(sheet.label_height_um, 300), "{}", sheet.id);
            assert!(plan.text_width > 0, "{}", sheet.id);
            assert!(
                sheet.plan(USUAL_SIZE, 600).unwrap().module >= 8,
                "{}",
                sheet.id
            );
        }
    }

    #[test]
    fn small_labels_are_refused_at_203_dpi_and_large_ones_are_not() {
        let at_203 = |id: &str| Sheet::find(id).unwrap().plan(USUAL_SIZE, 203).is_ok();
        assert!(at_203("a4_24") && at_203("roll_60_40") && at_203("card_a4_10"));
        assert!(!at_203("roll_50_30") && !at_203("a4_40"));
        let sheet = Sheet::find("a4_24").unwrap();
        assert!(sheet.plan(USUAL_SIZE, 301).is_err());
        assert!(Sheet::find("nothing").is_err());
    }
}

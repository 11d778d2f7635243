//! Costing (费用核算): from codes and quantities to a cost sheet in integer fen, by the price list of the
//! day. Rounding is half-up at the line, the total is the sum of the lines. What may not be charged is
//! refused; there is no free-text line.

mod item;
mod price_list;

pub use item::{ForbiddenItem, Item, LineKind, PriceList, PricedItem};
pub use price_list::PriceBook;

use crate::money;
use crate::text_enum;
use serde::{Deserialize, Serialize};

/// Most lines on one sheet.
pub const MOST_LINES: usize = 200;
/// Largest quantity on one line, thousandths: a million units.
pub const LARGEST_QUANTITY_MILLI: i64 = 1_000_000_000;

/// One line as asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostInput {
    /// Code of a material, tool or labour item.
    pub code: String,
    /// Quantity in thousandths of the unit.
    pub quantity_milli: i64,
}

/// One line as priced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostLine {
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Unit of the quantity.
    pub unit: String,
    /// Quantity in thousandths of the unit.
    pub quantity_milli: i64,
    /// Price of one unit, fen.
    pub unit_price_fen: i64,
    /// Quantity × price, rounded half-up, fen.
    pub amount_fen: i64,
    /// Labour, material or tool.
    pub line_kind: LineKind,
}

/// A priced sheet (费用单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostSheet {
    /// The price list it was priced by.
    pub price_list_version: String,
    /// The price list is a sample (示例): no official quote or receipt may be issued from it.
    pub sample: bool,
    /// Lines in the order given.
    pub lines: Vec<CostLine>,
    /// Sum of the lines, fen.
    pub total_fen: i64,
}

text_enum! {
    /// Why a sheet cannot be priced.
    pub enum CostFault {
        0 NoPriceList = "no_price_list", "该日期没有有效的价目，请联系管理员", "no price list is valid on that day: ask the administrator";
        1 UnknownCode = "unknown_code", "价目中没有此项，请从目录中选择", "is not in the price list: choose from the catalogue";
        2 Forbidden = "forbidden", "此项禁止收取，请删除", "may not be charged: remove it";
        3 BadQuantity = "bad_quantity", "数量须大于零且不超过一百万", "must have a quantity above zero and up to a million";
        4 NotWhole = "not_whole", "此项按整数计量，请填整数", "is counted in whole units: give a whole number";
        5 TooManyLines = "too_many_lines", "费用单超过200行，请合并", "the sheet has more than 200 lines: merge some";
        6 TooLarge = "too_large", "金额过大，请检查数量", "the amount is too large: check the quantities";
    }
}

/// One thing to mend on a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostProblem {
    /// Zero-based line; `None` when the whole sheet is meant.
    pub line: Option<usize>,
    /// The code given, cut to 40 characters; empty for the whole sheet.
    pub code: String,
    /// What is wrong.
    pub fault: CostFault,
    /// Chinese sentence.
    pub zh: String,
    /// English sentence.
    pub en: String,
}

impl CostProblem {
    fn sheet(fault: CostFault) -> Self {
        Self {
            line: None,
            code: String::new(),
            fault,
            zh: format!("费用单：{}", fault.zh()),
            en: format!("Cost sheet: {}", fault.en()),
        }
    }

    fn line(line: usize, code: &str, fault: CostFault) -> Self {
        let code: String = code.chars().take(40).collect();
        Self {
            line: Some(line),
            fault,
            zh: format!("第{}行 {code}：{}", line + 1, fault.zh()),
            en: format!("Line {} {code}: {}", line + 1, fault.en()),
            code,
        }
    }
}

/// Prices the lines by the shipped list that is valid on that day.
pub fn price(lines: &[CostInput], at_ms: i64) -> Result<CostSheet, Vec<CostProblem>> {
    PriceBook::shipped().price(lines, at_ms)
}

impl PriceBook {
    /// Prices the lines by the list that is valid on that day; every problem is named at once.
    pub fn price(&self, lines: &[CostInput], at_ms: i64) -> Result<CostSheet, Vec<CostProblem>> {
        let Some(list) = self.list_at(at_ms) else {
            return Err(vec![CostProblem::sheet(CostFault::NoPriceList)]);
        };
        if lines.len() > MOST_LINES {
            return Err(vec![CostProblem::sheet(CostFault::TooManyLines)]);
        }
        let mut priced = Vec::with_capacity(lines.len());
        let mut problems = Vec::new();
        for (position, line) in lines.iter().enumerate() {
            match self.price_line(list, line, at_ms) {
                Ok(line) => priced.push(line),
                Err(fault) => problems.push(CostProblem::line(position, &line.code, fault)),
            }
        }
        let total = priced
            .iter()
            .try_fold(0i64, |sum, line| sum.checked_add(line.amount_fen));
        match total {
            Some(total_fen) if problems.is_empty() => Ok(CostSheet {
                price_list_version: list.version.clone(),
                sample: list.sample,
                lines: priced,
                total_fen,
            }),
            Some(_) => Err(problems),
            None => Err(vec![CostProblem::sheet(CostFault::TooLarge)]),
        }
    }

    fn price_line(
        &self,
        list: &PriceList,
        line: &CostInput,
        at_ms: i64,
    ) -> Result<CostLine, CostFault> {
        if self.forbidden(&line.code, at_ms).is_some() {
            return Err(CostFault::Forbidden);
        }
        let item = self.item(&line.code).ok_or(CostFault::UnknownCode)?;
        let unit_price_fen = list.price_of(&line.code).ok_or(CostFault::UnknownCode)?;
        if !(1..=LARGEST_QUANTITY_MILLI).contains(&line.quantity_milli) {
            return Err(CostFault::BadQuantity);
        }
        if !item.is_divisible() && line.quantity_milli % money::MILLI != 0 {
            return Err(CostFault::NotWhole);
        }
        let amount_fen = money::line_amount_fen(line.quantity_milli, unit_price_fen)
            .ok_or(CostFault::TooLarge)?;
        Ok(CostLine {
            code: item.code.clone(),
            name: item.zh.clone(),
            name_en: item.en.clone(),
            unit: item.unit.clone(),
            quantity_milli: line.quantity_milli,
            unit_price_fen,
            amount_fen,
            line_kind: item.line_kind,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time;
    use proptest::prelude::*;

    fn day(text: &str) -> i64 {
        time::parse_china_time(text).unwrap()
    }

    fn line(code: &str, quantity_milli: i64) -> CostInput {
        CostInput {
            code: code.to_owned(),
            quantity_milli,
        }
    }

    fn faults(lines: &[CostInput], at: &str) -> Vec<(Option<usize>, CostFault)> {
        price(lines, day(at))
            .unwrap_err()
            .into_iter()
            .map(|problem| (problem.line, problem.fault))
            .collect()
    }

    #[test]
    fn sheet_names_its_list_and_rounds_each_line() {
        let lines = [
            line("labour-replace-breaker-single", 1_000),
            line("wire-bv-2.5", 2_345),
            line("clamp-meter", 1_000),
        ];
        let sheet = price(&lines, day("2026-05-04")).unwrap();
        let amounts: Vec<i64> = sheet.lines.iter().map(|line| line.amount_fen).collect();
        // 2.345 m × 2.60 yuan = 6.097 yuan.
        assert_eq!(amounts, [3_000, 610, 0]);
        assert_eq!(sheet.total_fen, 3_610);
        assert_eq!(sheet.price_list_version, "sample-2025-1");
        assert!(sheet.sample);
        assert_eq!(sheet.lines[1].line_kind, LineKind::Material);
        assert_eq!(sheet.lines[1].unit, "米");
    }

    #[test]
    fn free_service_is_an_empty_sheet() {
        assert_eq!(price(&[], day("2026-05-04")).unwrap().total_fen, 0);
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let lines = [
            line("no-such-code", 1_000),
            line("breaker-2p-63", 500),
            line("wire-bv-4", 0),
            line("wire-bv-4", -1),
            line("wire-bv-4", LARGEST_QUANTITY_MILLI + 1),
            line("forbidden-meter-test", 1_000),
            line("移表费", 1_000),
            line("tape-pvc", 1_000),
        ];
        assert_eq!(
            faults(&lines, "2026-05-04"),
            [
                (Some(0), CostFault::UnknownCode),
                (Some(1), CostFault::NotWhole),
                (Some(2), CostFault::BadQuantity),
                (Some(3), CostFault::BadQuantity),
                (Some(4), CostFault::BadQuantity),
                (Some(5), CostFault::Forbidden),
                (Some(6), CostFault::Forbidden),
            ]
        );
    }

    #[test]
    fn day_without_a_list_has_no_prices() {
        assert_eq!(
            faults(&[line("tape-pvc", 1_000)], "2024-12-31"),
            [(None, CostFault::NoPriceList)]
        );
        assert!(price(&[line("tape-pvc", 1_000)], day("2025-01-01")).is_ok());
    }

    #[test]
    fn too_many_lines_are_refused() {
        let many = vec![line("tape-pvc", 1_000); MOST_LINES + 1];
        assert_eq!(
            faults(&many, "2026-05-04"),
            [(None, CostFault::TooManyLines)]
        );
        assert!(price(&many[1..], day("2026-05-04")).is_ok());
    }

    #[test]
    fn sum_that_overflows_is_refused() {
        let book = price_list::tests::book(&[("dear", i64::MAX / 1_000_000)]);
        let one = line("dear", LARGEST_QUANTITY_MILLI);
        assert!(
            book.price(std::slice::from_ref(&one), day("2026-01-01"))
                .is_ok()
        );
        let problems = book
            .price(&[one.clone(), one], day("2026-01-01"))
            .unwrap_err();
        assert_eq!(problems[0].fault, CostFault::TooLarge);
    }

    fn any_line() -> impl Strategy<Value = CostInput> {
        let codes: Vec<String> = PriceBook::shipped()
            .items()
            .map(|item| item.code.clone())
            .collect();
        (prop::sample::select(codes), 1i64..5_000).prop_map(|(code, units)| CostInput {
            code,
            quantity_milli: units * 1_000,
        })
    }

    proptest! {
        #[test]
        fn total_is_the_sum_of_lines_and_grows_with_every_quantity(
            lines in prop::collection::vec(any_line(), 1..40), more in 0usize..40, extra in 1i64..100,
        ) {
            let at_ms = day("2026-05-04");
            let sheet = price(&lines, at_ms).unwrap();
            prop_assert_eq!(sheet.total_fen, sheet.lines.iter().map(|line| line.amount_fen).sum::<i64>());
            prop_assert_eq!(sheet.lines.len(), lines.len());
            let mut larger = lines;
            let position = more % larger.len();
            larger[position].quantity_milli += extra * 1_000;
            prop_assert!(price(&larger, at_ms).unwrap().total_fen >= sheet.total_fen);
        }

        #[test]
        fn any_lines_are_priced_or_refused_without_panic(
            lines in prop::collection::vec(("\\PC{0,20}|wire-bv-4|breaker-2p-63", any::<i64>()), 0..12), at_ms in any::<i64>(),
        ) {
            let lines: Vec<CostInput> = lines.into_iter().map(|(code, quantity_milli)| CostInput { code, quantity_milli }).collect();
            match price(&lines, at_ms) {
                Ok(sheet) => prop_assert!(sheet.lines.iter().all(|line| line.amount_fen >= 0)),
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
        }
    }
}

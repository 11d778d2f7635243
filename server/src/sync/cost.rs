//! The cost sheet of an order: the phone sends codes and quantities, the server prices them itself
//! (`dianma_schema::cost`) and says when the totals differ.

use crate::error::Detail;
use dianma_schema::cost::{self, CostInput, CostSheet, PriceBook};
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::time::china_day_start_ms;
use dianma_schema::wire::command::CostLines;
use serde_json::{Value as Json, json};

/// Sentences about wrong lines that fit the phone's card.
const MAX_SENTENCES: usize = 5;

/// What the server makes of the phone's lines.
#[derive(Debug)]
pub(super) struct Priced {
    /// The sheet; `None` when it cannot be priced: the lines are kept on the time line.
    pub(super) sheet: Option<CostSheet>,
    /// For the time line.
    pub(super) detail: Json,
    /// For the phone.
    pub(super) remark: Option<(FaultCode, Detail)>,
}

/// Prices by the list the phone names, since the person saw and told those prices; by the list of
/// the day when that one is unknown.
pub(super) fn price(lines: &CostLines, at_ms: i64) -> Priced {
    let inputs: Vec<CostInput> = lines
        .lines
        .iter()
        .map(|line| CostInput {
            code: line.code.clone(),
            quantity_milli: line.quantity_milli,
        })
        .collect();
    let book = PriceBook::shipped();
    let named = book
        .lists()
        .iter()
        .find(|list| list.version == lines.price_list_version);
    let priced_at_ms = named.map_or(at_ms, |list| china_day_start_ms(list.valid_from_day));
    match cost::price(&inputs, priced_at_ms) {
        Ok(sheet) => priced(sheet, lines),
        Err(problems) => {
            let sentences = problems.into_iter().take(MAX_SENTENCES);
            let (zh, en): (Vec<String>, Vec<String>) = sentences.map(|p| (p.zh, p.en)).unzip();
            let said = Detail::new(zh.join("；"), en.join("; "));
            Priced {
                sheet: None,
                detail: json!({ "fact": "cost", "problems": said.zh, "lines": inputs }),
                remark: Some((fault::V_FIELD, said)),
            }
        }
    }
}

fn priced(sheet: CostSheet, lines: &CostLines) -> Priced {
    let differs = sheet.total_fen != lines.total_fen;
    let mut detail = json!({ "fact": "cost", "total_fen": sheet.total_fen,
                             "price_list_version": sheet.price_list_version });
    if differs {
        detail["phone_total_fen"] = json!(lines.total_fen);
    }
    let remark = differs.then(|| {
        let yuan = |fen: i64| format!("{}.{:02}", fen / 100, (fen % 100).abs());
        let (ours, theirs) = (yuan(sheet.total_fen), yuan(lines.total_fen));
        let said = Detail::new(
            format!("按价目应为 {ours} 元，手机为 {theirs} 元"),
            format!("{ours} yuan by the price list, {theirs} on the phone"),
        );
        (fault::V_MONEY, said)
    });
    Priced {
        sheet: Some(sheet),
        detail,
        remark,
    }
}

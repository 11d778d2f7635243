//! The cost sheet of an order: what the phone sends is quantities; the server keeps what it was sent
//! and what it makes of it.

use super::command::Stop;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::wire::command::CostLines;
use serde_json::{Value as Json, json};

/// Most lines on a sheet.
const MAX_LINES: usize = 500;

/// A sheet as stored.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) total_fen: Option<i64>,
    pub(super) json: Json,
    pub(super) detail: Json,
    pub(super) remark: Option<FaultCode>,
}

pub(super) fn compute(lines: &CostLines) -> Result<Sheet, Stop> {
    if lines.lines.len() > MAX_LINES {
        return Err(Stop::Quarantine(fault::V_FIELD));
    }
    let list: Vec<Json> = lines
        .lines
        .iter()
        .map(|line| json!({ "code": line.code, "quantity_milli": line.quantity_milli }))
        .collect();
    Ok(Sheet {
        total_fen: Some(lines.total_fen),
        json: json!({ "price_list_version": lines.price_list_version, "lines": list,
                      "total_fen": lines.total_fen }),
        detail: json!({ "fact": "cost", "total_fen": lines.total_fen }),
        remark: None,
    })
}

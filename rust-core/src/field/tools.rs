//! Search, scan, cards and prices.

use super::args::{CardArgs, Cli, Command, Only, SearchArgs};
use super::orders::{pairs, summary_line};
use super::output::Output;
use super::run::transport;
use super::scanned::{self, Scanned};
use crate::clock::{Clock as _, SystemClock};
use crate::error::CoreError;
use crate::lookup::{Field, Filter, Reason, SearchQuery, SearchResult};
use crate::phone::Phone;
use dianma_schema::cost::CostInput;
use dianma_schema::fault;
use dianma_schema::money::format_yuan;
use dianma_schema::quantity::{format_milli, parse_milli};
use dianma_schema::time::parse_china_time;
use serde_json::json;
use std::fmt::Write as _;

/// Runs one of them.
pub fn command(phone: &Phone, cli: &Cli, command: &Command) -> Result<Output, CoreError> {
    match command {
        Command::Search(options) => search(phone, options),
        Command::Scan {
            input,
            text,
            online,
        } => {
            let scanned = match (input, text) {
                (_, Some(text)) => Scanned {
                    text: text.clone(),
                    grade: None,
                    decode_ms: None,
                },
                (input, None) => scanned::read(input.as_deref().unwrap_or_default())?,
            };
            scan(phone, cli, &scanned, *online)
        }
        Command::Card(options) => card(phone, options),
        Command::Price { lines: given } => {
            let sheet = phone.costing().price(&lines(given)?)?;
            let mut text = String::new();
            for line in &sheet.lines {
                let quantity = format_milli(line.quantity_milli);
                let amount = format_yuan(line.amount_fen);
                let _ = writeln!(text, "{} {quantity} {} {amount} 元", line.name, line.unit);
            }
            let _ = write!(text, "合计 {} 元", format_yuan(sheet.total_fen));
            if sheet.sample {
                text.push_str("（示例价目，不得用于收费）");
            }
            Ok(Output::new(json!({ "cost_sheet": sheet }), text))
        }
        _ => {
            let items = phone.costing().price_list()?;
            let lines: Vec<String> = items
                .iter()
                .map(|item| {
                    let price = format_yuan(item.unit_price_fen);
                    format!(
                        "{} {} {price} 元/{}",
                        item.item.code, item.item.zh, item.item.unit
                    )
                })
                .collect();
            Ok(Output::new(json!({ "items": items }), lines.join("\n")))
        }
    }
}

fn search(phone: &Phone, options: &SearchArgs) -> Result<Output, CoreError> {
    let filters: Result<Vec<Filter>, CoreError> = pairs(&options.by)?
        .into_iter()
        .map(|(field, text)| {
            let field: Field = field.parse().map_err(|_| {
                CoreError::of(fault::V_FIELD).field(&field, "没有这个查询项", "no such field")
            })?;
            Ok(Filter { field, text })
        })
        .collect();
    let query = SearchQuery {
        filters: filters?,
        from_ms: options
            .from
            .as_deref()
            .map(|t| time("from", t))
            .transpose()?,
        to_ms: options.to.as_deref().map(|t| time("to", t)).transpose()?,
        wants_orders: options.only != Some(Only::Customers),
        wants_customers: options.only != Some(Only::Orders),
        limit: options.limit,
        order_cursor: options.order_cursor.clone(),
        customer_cursor: options.customer_cursor.clone(),
        ..SearchQuery::of(&options.text)
    };
    let result = phone.lookup().search(&query)?;
    let text = search_text(&result);
    Ok(Output::new(json!({ "search": result }), text))
}

fn search_text(result: &SearchResult) -> String {
    let mut text = String::new();
    for hit in &result.work_orders.hits {
        let _ = writeln!(
            text,
            "工单 {}{}",
            summary_line(&hit.item),
            why(hit.reason.as_ref())
        );
    }
    for hit in &result.customers.hits {
        let c = &hit.item;
        let _ = writeln!(
            text,
            "客户 {} {} {}{}",
            c.account_number,
            c.account_name,
            c.supply_address,
            why(hit.reason.as_ref()),
        );
    }
    if text.is_empty() {
        text.push_str("没有找到");
    }
    text
}

fn why(reason: Option<&Reason>) -> String {
    reason.map_or_else(String::new, |r| format!("（{}{}）", r.field_zh, r.mode_zh))
}

fn scan(phone: &Phone, cli: &Cli, scanned: &Scanned, online: bool) -> Result<Output, CoreError> {
    let text = scanned.text.as_str();
    let clock = SystemClock::new();
    let began_ms = clock.elapsed_ms();
    let found = phone.lookup().scan(text);
    let opened_ms = clock.elapsed_ms() - began_ms;
    match found {
        Ok(result) => {
            let mut lines = String::new();
            if let Some(label) = &result.label {
                let _ = writeln!(lines, "{}", label.sentence);
            }
            if !result.dropped.is_empty() {
                let parts = result.dropped.join("、");
                let _ = writeln!(lines, "旧系统码，其中的{parts}已丢弃");
            }
            if let Some(place) = &result.place {
                let _ = writeln!(
                    lines,
                    "{} {} {}",
                    place.kind_zh, place.number, place.area_name
                );
            }
            for c in &result.customers {
                let _ = writeln!(lines, "{} {}", c.account_number, c.account_name);
            }
            if let Some(c) = &result.customer {
                let _ = writeln!(
                    lines,
                    "{} {} {}",
                    c.account_number, c.account_name, c.supply_address
                );
                let _ = writeln!(lines, "欠费 {} 元", format_yuan(c.arrears_fen));
                for meter in &c.meters {
                    let _ = writeln!(lines, "表 {}", meter.meter_number);
                }
            }
            for order in &result.work_orders {
                let _ = writeln!(lines, "{}", summary_line(order));
            }
            let mut shown = json!(result);
            shown["grade"] = json!(scanned.grade);
            shown["decode_ms"] = json!(scanned.decode_ms);
            shown["opened_ms"] = json!(opened_ms);
            Ok(Output::new(json!({ "scan": shown }), lines))
        }
        Err(CoreError::NotFound(_)) if online => {
            let mut transport = transport(phone, cli)?;
            let answer = phone.lookup().scan_online(&mut transport, text)?;
            let text = serde_json::to_string_pretty(&answer).unwrap_or_default();
            Ok(Output::new(json!({ "scan": answer }), text))
        }
        Err(error) => Err(error),
    }
}

fn card(phone: &Phone, options: &CardArgs) -> Result<Output, CoreError> {
    let facts = pairs(&options.facts)?.into_iter().collect();
    let view = match (&options.order, &options.kind) {
        (Some(order), _) => phone.costing().card_of_order(order, &facts)?,
        (None, kind) => {
            let kind = kind.as_deref().unwrap_or_default().parse().map_err(|_| {
                CoreError::of(fault::V_FIELD).field("kind", "没有这种工单", "no such kind")
            })?;
            phone.costing().card(kind, facts)?
        }
    };
    let card = view.matched.card;
    let mut text = format!(
        "{} 第{}版（{}）\n",
        card.title.zh, card.version, view.matched.why
    );
    for (number, hazard) in card.hazards.iter().enumerate() {
        let _ = writeln!(
            text,
            "危险点 {number}：{}。{}：{}，{}",
            hazard.name.zh, hazard.action.zh, hazard.method.zh, hazard.standard.zh
        );
    }
    for step in &card.steps {
        let _ = writeln!(text, "{}. [{}] {}", step.no, step.stage.zh(), step.text.zh);
    }
    for (word, lines) in [("材料", &view.material_lines), ("工器具", &view.tool_lines)] {
        for line in lines {
            let quantity = format_milli(line.quantity_milli);
            let _ = writeln!(
                text,
                "{word} {} {} {quantity} {}",
                line.code, line.name, line.unit
            );
        }
    }
    Ok(Output::new(json!({ "card": view }), text))
}

/// code=quantity pairs.
pub fn lines(given: &[String]) -> Result<Vec<CostInput>, CoreError> {
    pairs(given)?
        .into_iter()
        .map(|(code, quantity)| {
            let quantity_milli = parse_milli(&quantity).ok_or_else(|| {
                CoreError::of(fault::V_FIELD).field(&code, "数量应为数字", "a number expected")
            })?;
            Ok(CostInput {
                code,
                quantity_milli,
            })
        })
        .collect()
}

/// A time as people write it, or epoch milliseconds.
pub fn time(field: &str, text: &str) -> Result<i64, CoreError> {
    let as_number = text
        .parse::<i64>()
        .ok()
        .filter(|ms| *ms > 1_000_000_000_000);
    as_number.or_else(|| parse_china_time(text)).ok_or_else(|| {
        CoreError::of(fault::V_DATE).field(field, "时间应写成 2026-05-04 09:30", "not a time")
    })
}

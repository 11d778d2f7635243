//! Orders in hand: lists, actions, facts, outbox, refusals.

use super::args::{Cli, Command, ConsentArgs, OrdersCommand};
use super::output::Output;
use super::scanned;
use super::tools::{lines, time};
use crate::error::CoreError;
use crate::label::consent::ConsentInput;
use crate::phone::Phone;
use crate::work::{
    ClosingInput, Departure, EvidenceInput, KeyFacts, OrderDetail, OrderSummary, Orders,
    OutboxEntry, Saved, ScanInput, SuspensionInput,
};
use dianma_schema::fault;
use dianma_schema::time::format_minute;
use serde_json::json;
use std::fmt::Write as _;

/// Runs one of them.
pub fn command(phone: &Phone, cli: &Cli, command: &Command) -> Result<Output, CoreError> {
    let orders = phone.orders();
    match command {
        Command::Orders { command } => show(&orders, command),
        Command::Outbox { limit } => outbox(&orders, *limit),
        Command::Refusals { n, choice, words } => {
            refusals(&orders, *n, choice.as_deref(), words.as_deref())
        }
        action => act(phone, &orders, cli, action).map(|saved| saved_output(&saved)),
    }
}

fn show(orders: &Orders, command: &OrdersCommand) -> Result<Output, CoreError> {
    match command {
        OrdersCommand::List {
            state,
            limit,
            cursor,
        } => {
            let state = match state {
                Some(word) => Some(word.parse().map_err(|_| {
                    CoreError::of(fault::V_FIELD).field("state", "没有这个状态", "no such state")
                })?),
                None => None,
            };
            let page = orders.list(state, cursor.as_deref(), *limit)?;
            let lines: Vec<String> = page.work_orders.iter().map(summary_line).collect();
            let text = if lines.is_empty() {
                "没有工单".to_owned()
            } else {
                lines.join("\n")
            };
            let meta = json!({ "next_cursor": page.next_cursor });
            Ok(Output::new(
                json!({ "work_orders": page.work_orders, "meta": meta }),
                text,
            ))
        }
        OrdersCommand::Show(arg) => {
            let detail = orders.show(&arg.order)?;
            let text = detail_text(&detail);
            Ok(Output::new(json!({ "work_order": detail }), text))
        }
        OrdersCommand::Departed { limit } => {
            let departures = orders.departures(*limit)?;
            let lines: Vec<String> = departures.iter().map(departure_line).collect();
            let text = if lines.is_empty() {
                "没有移出的工单".to_owned()
            } else {
                lines.join("\n")
            };
            Ok(Output::new(json!({ "departures": departures }), text))
        }
    }
}

/// What became of an order that is no longer here.
pub fn departure_line(departure: &Departure) -> String {
    let reason = departure.reason.as_deref();
    let reason = reason.map_or_else(String::new, |reason| format!("：{reason}"));
    format!("{} {}{reason}", departure.order_number, departure.cause_zh)
}

/// One line of a list.
pub fn summary_line(order: &OrderSummary) -> String {
    let mut line = format!(
        "{} {} [{}] {} {}",
        order.order_number,
        order.kind_zh,
        order.state_zh,
        order.account_name.as_deref().unwrap_or("-"),
        order.address.as_deref().unwrap_or("-"),
    );
    if let Some(due) = order.due_at_ms {
        let late = if order.is_overdue {
            "（已超期）"
        } else {
            ""
        };
        let _ = write!(line, " 限 {}{late}", format_minute(due));
    }
    if order.pending > 0 {
        let _ = write!(line, " 待上传 {}", order.pending);
    }
    if order.refused > 0 {
        let _ = write!(line, " 被拒 {}", order.refused);
    }
    if order.has_left {
        line.push_str(" 已不在名下");
    }
    line
}

fn detail_text(detail: &OrderDetail) -> String {
    let mut text = summary_line(&detail.summary);
    let _ = write!(text, "\n内容：{}", detail.summary.content);
    for (label, value) in [
        ("户号", &detail.summary.account_number),
        ("电话", &detail.contact_phone),
        ("表号", &detail.meter_number),
        ("杆号", &detail.pole_number),
        ("承诺", &detail.promise),
        ("派工备注", &detail.dispatch_note),
        ("原因", &detail.reason),
    ] {
        if let Some(value) = value {
            let _ = write!(text, "\n{label}：{value}");
        }
    }
    for problem in &detail.record_problems {
        let _ = write!(text, "\n记录：{}", problem.zh);
    }
    for demand in &detail.evidence_demands {
        let _ = write!(
            text,
            "\n凭证：{} {}/{}",
            demand.zh, demand.count, demand.min_count
        );
    }
    let can: Vec<&str> = detail
        .commands
        .iter()
        .filter(|command| command.is_allowed)
        .map(|command| command.zh)
        .collect();
    let _ = write!(text, "\n可操作：{}", can.join("、"));
    text
}

fn act(phone: &Phone, orders: &Orders, cli: &Cli, command: &Command) -> Result<Saved, CoreError> {
    let at = cli.at;
    match command {
        Command::Accept(arg) => orders.accept(&arg.order, at),
        Command::Depart(arg) => orders.depart(&arg.order, at),
        Command::Resume(arg) => orders.resume(&arg.order, at),
        Command::Submit(arg) => orders.submit(&arg.order, at),
        Command::Redo(arg) => orders.redo(&arg.order, at),
        Command::RequestReassignment { order, reason } => {
            orders.request_reassignment(order, reason, at)
        }
        Command::Note { order, words } => orders.note(order, words, at),
        Command::Begin {
            order,
            hazards,
            card,
        } => {
            let hazards = hazard_numbers(phone, order, card.as_deref(), hazards)?;
            orders.begin(order, card.as_deref(), &hazards, at)
        }
        with_input => act_with_input(orders, cli, with_input),
    }
}

fn act_with_input(orders: &Orders, cli: &Cli, command: &Command) -> Result<Saved, CoreError> {
    let at = cli.at;
    match command {
        Command::Arrive {
            order,
            scan,
            typed,
            reason,
            consent,
        } => {
            let scan = ScanInput {
                reason: reason.clone(),
                consent: consent_input(consent)?,
                ..place_input(scan.as_deref(), typed.as_deref())?
            };
            orders.arrive(order, scan, at)
        }
        Command::Record { order, values } => orders.record(order, &pairs(values)?, at),
        Command::Cost {
            order,
            lines: given,
        } => orders.set_cost(order, &lines(given)?, at),
        Command::Evidence {
            order,
            file,
            slot,
            kind,
            imported,
        } => {
            let input = EvidenceInput {
                path: file.clone(),
                slot: slot.clone(),
                kind: kind.as_deref().map(evidence_kind).transpose()?,
                is_imported: *imported,
            };
            orders.add_evidence(order, &input, at)
        }
        Command::Suspend {
            order,
            reason,
            appointment,
        } => {
            let suspension = SuspensionInput {
                reason: reason.clone(),
                appointment_at_ms: time("appointment", appointment)?,
            };
            orders.suspend(order, suspension, at)
        }
        Command::Finish {
            order,
            scan,
            signature,
            satisfaction,
            remark,
            consent,
        } => {
            let closing = ClosingInput {
                scan: scan
                    .as_deref()
                    .map(|scan| place_input(Some(scan), None))
                    .transpose()?,
                signature_sha256: signature.clone(),
                satisfaction: satisfaction.clone(),
                remark: remark.clone(),
                consent: consent_input(consent)?,
            };
            orders.finish(order, closing, at)
        }
        other => Err(CoreError::of(fault::X_INTERNAL).because(&format!("{other:?}"))),
    }
}

/// The place code as it was read, or as it was typed.
fn place_input(scan: Option<&str>, typed: Option<&str>) -> Result<ScanInput, CoreError> {
    let Some(scan) = scan else {
        return Ok(ScanInput {
            is_typed: true,
            text: typed.unwrap_or_default().to_owned(),
            ..ScanInput::default()
        });
    };
    let read = scanned::read(scan)?;
    Ok(ScanInput {
        text: read.text,
        grade: read.grade,
        ..ScanInput::default()
    })
}

fn consent_input(args: &ConsentArgs) -> Result<Option<ConsentInput>, CoreError> {
    if let Some(input) = &args.consent {
        let text = scanned::read(input)?.text;
        let is_typed = false;
        return Ok(Some(ConsentInput { text, is_typed }));
    }
    Ok(args.digits.clone().map(|text| ConsentInput {
        text,
        is_typed: true,
    }))
}

fn evidence_kind(word: &str) -> Result<dianma_schema::order::EvidenceKind, CoreError> {
    word.parse().map_err(|_| {
        CoreError::of(fault::V_FIELD).field(
            "kind",
            "凭证类型应为 photo、audio、video 或 signature",
            "photo, audio, video or signature",
        )
    })
}

/// `all`, or numbers separated by commas.
fn hazard_numbers(
    phone: &Phone,
    order: &str,
    card: Option<&str>,
    text: &str,
) -> Result<Vec<u16>, CoreError> {
    if text == "all" {
        let count = if let Some(card) = card.and_then(dianma_schema::card::by_id) {
            card.hazards.len()
        } else {
            let view = phone.costing().card_of_order(order, &KeyFacts::new())?;
            view.matched.card.hazards.len()
        };
        return Ok((0..u16::try_from(count).unwrap_or(u16::MAX)).collect());
    }
    let numbers: Result<Vec<u16>, _> = text
        .split(',')
        .filter(|part| !part.trim().is_empty())
        .map(|part| part.trim().parse())
        .collect();
    numbers.map_err(|_| {
        CoreError::of(fault::V_FIELD).field("hazards", "危险点编号应为数字", "numbers expected")
    })
}

/// name=value pairs.
pub fn pairs(given: &[String]) -> Result<Vec<(String, String)>, CoreError> {
    given
        .iter()
        .map(|pair| {
            let (name, value) = pair.split_once('=').ok_or_else(|| {
                CoreError::of(fault::V_FIELD).field(pair, "应写成 名称=值", "write name=value")
            })?;
            Ok((name.trim().to_owned(), value.to_owned()))
        })
        .collect()
}

fn saved_output(saved: &Saved) -> Output {
    let text = match &saved.work_order {
        Some(order) => format!("已保存（第 {} 条）\n{}", saved.n, summary_line(order)),
        None => format!("已保存（第 {} 条）", saved.n),
    };
    Output::new(json!({ "saved": saved }), text)
}

fn outbox(orders: &Orders, limit: u32) -> Result<Output, CoreError> {
    let rows = orders.outbox(None, limit)?;
    let lines: Vec<String> = rows.iter().map(outbox_line).collect();
    let text = if lines.is_empty() {
        "发件箱是空的".to_owned()
    } else {
        lines.join("\n")
    };
    Ok(Output::new(json!({ "outbox": rows }), text))
}

fn outbox_line(row: &OutboxEntry) -> String {
    let mut line = format!(
        "{} {} {} [{}]",
        row.n,
        row.order_number.as_deref().unwrap_or("-"),
        row.command_zh,
        row.status_zh,
    );
    if let Some(code) = &row.code {
        let message = row.message.unwrap_or("");
        let detail = row.detail.as_deref().unwrap_or("");
        let _ = write!(line, " {code} {message}{detail}");
    }
    line
}

fn refusals(
    orders: &Orders,
    n: Option<u64>,
    choice: Option<&str>,
    words: Option<&str>,
) -> Result<Output, CoreError> {
    let (Some(n), Some(choice)) = (n, choice) else {
        let refusals = orders.refusals()?;
        let lines: Vec<String> = refusals.iter().map(|r| outbox_line(&r.entry)).collect();
        let text = if lines.is_empty() {
            "没有被拒绝的操作".to_owned()
        } else {
            lines.join("\n")
        };
        return Ok(Output::new(json!({ "refusals": refusals }), text));
    };
    let choice = choice.parse().map_err(|_| {
        CoreError::of(fault::V_FIELD).field(
            "choice",
            "应为 redo、note 或 record_only",
            "redo, note or record_only",
        )
    })?;
    let saved = orders.handle_refusal(n, choice, words)?;
    Ok(saved_output(&saved))
}

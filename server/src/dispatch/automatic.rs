//! Dispatch without a person: for orders that cannot wait, and for all when the setting says so.
//! Intake calls it right after it made a draft. Nobody eligible = the draft waits for a dispatcher.

use super::assign::{detail, keep_decision, rank};
use super::policy;
use super::rank::{Candidate, Mode};
use crate::error::ApiError;
use crate::feed::Change;
use crate::orders::act::Office;
use crate::orders::change::{EventTimes, touch};
use crate::orders::{By, OrderRow, change};
use crate::store::{StoreError, Tx};
use dianma_schema::order::{Command, OrderState, Urgency};
use serde_json::json;
use std::collections::BTreeMap;

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// For the caller's `feed::publish`; none when the draft stays.
    pub changes: Vec<Change>,
    /// Chinese: why the draft stays although the settings ask for dispatch.
    pub remark: Option<String>,
}

/// Dispatches the draft if the settings ask for it and somebody is eligible. The time line tells who
/// was chosen and why, or why nobody was.
pub fn automatic(tx: &mut dyn Tx, now_ms: i64, order: &mut OrderRow) -> Result<Sent, ApiError> {
    if order.state != OrderState::Draft {
        return Ok(Sent::default());
    }
    let Some(mode) = mode(tx, order.urgency)? else {
        return Ok(Sent::default());
    };
    let ranked = rank(tx, now_ms, order, mode)?;
    let Some(chosen) = ranked.first().filter(|candidate| candidate.is_eligible) else {
        return stay(tx, now_ms, order, &ranked);
    };
    let office = Office::system(now_ms);
    let mut told = detail(chosen, "automatic", None);
    if let Some(told) = told.as_object_mut() {
        told.insert("ranked_by".to_owned(), json!(mode.as_str()));
        told.insert("note".to_owned(), json!(why(mode, chosen)));
    }
    let step = office.step(Command::Dispatch, told);
    let staff_id = chosen.staff_id;
    let changes = change(tx, now_ms, order, &step, |order| {
        order.assignee_id = Some(staff_id);
        order.dispatched_at_ms.get_or_insert(now_ms);
    })?;
    keep_decision(tx, &office, order, "automatic", chosen, &ranked)?;
    Ok(Sent {
        changes,
        remark: None,
    })
}

/// The sentence of the time line: who and by which points.
fn why(mode: Mode, chosen: &Candidate) -> String {
    let mode = match mode {
        Mode::Nearest => "就近",
        Mode::Jurisdiction => "按辖区",
    };
    let reasons: Vec<&str> = chosen.reasons.iter().map(|r| r.zh.as_str()).collect();
    format!(
        "系统自动派工（{mode}）给{}：{}",
        chosen.display_name,
        reasons.join("，")
    )
}

/// The draft waits for a dispatcher; the time line says what rules everybody out.
fn stay(
    tx: &mut dyn Tx,
    now_ms: i64,
    order: &mut OrderRow,
    ranked: &[Candidate],
) -> Result<Sent, ApiError> {
    let mut counts: BTreeMap<&str, (&str, i64)> = BTreeMap::new();
    for blocker in ranked.iter().flat_map(|candidate| &candidate.blockers) {
        let entry = counts.entry(&blocker.code).or_insert((&blocker.zh, 0));
        entry.1 += 1;
    }
    let counted: Vec<String> = counts
        .values()
        .map(|(zh, people)| format!("{people} 人{zh}"))
        .collect();
    let why = if ranked.is_empty() {
        "没有在用的农电工账号".to_owned()
    } else {
        format!("{} 人中 {}", ranked.len(), counted.join("，"))
    };
    let remark = format!("没有自动派工：{why}；请人工派发");
    let before = order.clone();
    let times = EventTimes {
        at_ms: now_ms,
        occurred_at_ms: now_ms,
        uncertainty_ms: 0,
    };
    let told = json!({ "automatic": "nobody", "people": ranked.len(), "note": remark });
    let changes = touch(tx, now_ms, &before, order, &By::system(), times, &told)?;
    Ok(Sent {
        changes,
        remark: Some(remark),
    })
}

/// How an order of this urgency is dispatched by itself; `None` = by a person.
fn mode(tx: &mut dyn Tx, urgency: Urgency) -> Result<Option<Mode>, StoreError> {
    let policy = policy::load(tx)?;
    let is_hazard = urgency == Urgency::Hazard && policy.is_hazard_automatic;
    Ok(policy.general.or(is_hazard.then_some(Mode::Nearest)))
}

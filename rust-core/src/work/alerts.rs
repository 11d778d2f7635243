//! What the phone tells its owner while the app is not in front: new orders, deadlines that come near or
//! pass, work that came back. Worded without any personal data, because it stands on the lock screen;
//! told without the PIN for the same reason. Many of a kind become one sentence.

use super::Orders;
use super::due::moment;
use crate::error::CoreError;
use crate::release::{Releases, Standing};
use crate::session::SessionRecord;
use crate::store::orders::{self, StoredOrder};
use crate::store::outbox_rows;
use crate::store::settings::{self, name};
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::deadline::{WARN_SOON, level_at_ms, warn_level};
use dianma_schema::order::{OrderKind, OrderState, Urgency};
use dianma_schema::release::Release;
use dianma_schema::text_enum;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

text_enum! {
    /// What an alert is about.
    pub enum AlertKind {
        0 Urgent = "urgent", "新抢修单", "New urgent order";
        1 New = "new", "新工单", "New order";
        2 Overdue = "overdue", "已超时限", "Overdue";
        3 Soon = "soon", "时限临近", "Due soon";
        4 Returned = "returned", "工单被驳回", "Order came back";
        5 Refused = "refused", "有操作被退回", "The server refused something";
        6 SignIn = "sign_in", "需要重新登录", "Sign in again";
        7 Update = "update", "有新版本", "New version";
    }
}

/// More of a kind than this become one alert.
const MOST_SINGLE: usize = 3;

/// One alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// Stays the same as long as the alert is about the same.
    pub key: String,
    /// What about.
    pub kind: AlertKind,
    /// First line, Chinese.
    pub title_zh: String,
    /// First line, English.
    pub title_en: String,
    /// Second line, Chinese.
    pub text_zh: String,
    /// Second line, English.
    pub text_en: String,
    /// The order it is about; none when it is about several or none.
    pub order_id: Option<WorkOrderId>,
    /// The order can be accepted as it stands.
    pub can_accept: bool,
    /// Something in it has not been told yet.
    pub is_fresh: bool,
    /// What it tells; give it back once told.
    pub covers: Vec<String>,
}

/// Everything that is to be told now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Alerts {
    /// Most pressing kind first.
    pub alerts: Vec<Alert>,
    /// When a deadline comes near or passes next, ms from now.
    pub next_in_ms: Option<u64>,
}

impl Orders {
    /// What is to be told now; `installed` is the version code of the running app. Needs no PIN: there
    /// is no personal data in it.
    pub fn alerts(&self, installed: u32) -> Result<Alerts, CoreError> {
        let now_ms = self.shared.server_now_ms()?;
        // What cannot be read of a newer version must not silence an urgent order.
        let update = Releases::new(Arc::clone(&self.shared)).standing(installed);
        self.shared.read(|db| {
            let Some(session) = SessionRecord::load(db)? else {
                return Ok(Alerts::default());
            };
            let told = told(db)?;
            let mut found = Vec::new();
            let mut next_ms = i64::MAX;
            let states: Vec<OrderState> = OrderState::ALL
                .iter()
                .copied()
                .filter(|s| s.is_with_electrician() && *s != OrderState::Suspended)
                .collect();
            for order in orders::in_states(db, &states)? {
                let is_ours = order.record.assignee_id == Some(session.staff_id);
                if order.left_at_ms.is_none() && is_ours {
                    of_order(&order, now_ms, &mut found);
                    next_ms = next_ms.min(next_change_ms(&order, now_ms));
                }
            }
            of_outbox(db, &session, &mut found)?;
            if let Ok(Standing::Offered(offer)) = &update {
                found.push(of_release(&offer.release));
            }
            for alert in &mut found {
                alert.is_fresh = !told.contains(&alert.key);
            }
            Ok(Alerts {
                alerts: folded(found),
                next_in_ms: u64::try_from(next_ms - now_ms)
                    .ok()
                    .filter(|_| next_ms < i64::MAX),
            })
        })
    }

    /// Remembers what was told: everything that [`Alerts`] covered, no longer what it did not.
    pub fn alerts_told(&self, covers: &[String]) -> Result<(), CoreError> {
        let now: BTreeSet<String> = covers.iter().cloned().collect();
        if self.shared.read(told)? == now {
            return Ok(());
        }
        let text = covers.join("\n");
        self.shared
            .write(|tx| settings::set(tx, name::ALERTS_TOLD, text.as_str()))
    }
}

fn told(db: &Connection) -> Result<BTreeSet<String>, CoreError> {
    let text: Option<String> = settings::get(db, name::ALERTS_TOLD)?;
    let text = text.unwrap_or_default();
    Ok(text.lines().map(str::to_owned).collect())
}

/// What is to be told about one order.
fn of_order(order: &StoredOrder, now_ms: i64, found: &mut Vec<Alert>) {
    let due_ms = orders::due_at_ms(&order.record, order.state);
    let by = due_words(order, due_ms, now_ms);
    let is_new = matches!(order.state, OrderState::Dispatched | OrderState::Reassigned);
    if is_new {
        let is_urgent = order.record.kind == OrderKind::FaultRepair
            || matches!(order.record.urgency, Urgency::Urgent | Urgency::Hazard);
        let kind = if is_urgent {
            AlertKind::Urgent
        } else {
            AlertKind::New
        };
        found.push(about(order, kind, &by));
    }
    if order.state == OrderState::Rejected {
        let redo = (
            "重做后再提交".to_owned(),
            "redo it and submit again".to_owned(),
        );
        found.push(about(order, AlertKind::Returned, &redo));
    }
    if due_ms == i64::MAX {
        return;
    }
    match warn_level(now_ms, order.record.taken_in_at_ms, due_ms) {
        0 | 1 => {}
        2 | 3 => found.push(about(order, AlertKind::Soon, &by)),
        _ => found.push(about(order, AlertKind::Overdue, &by)),
    }
}

/// "到达时限 14:30", a clock time because nobody refreshes it.
fn due_words(order: &StoredOrder, due_ms: i64, now_ms: i64) -> (String, String) {
    if due_ms == i64::MAX {
        return ("没有时限".to_owned(), "no deadline".to_owned());
    }
    let at = moment(due_ms, now_ms);
    if order.record.due_at_ms == Some(due_ms) {
        (format!("完成时限 {at}"), format!("complete by {at}"))
    } else {
        (format!("到达时限 {at}"), format!("arrive by {at}"))
    }
}

/// An alert about one order: its kind and the end of its number say which, nothing else does.
fn about(order: &StoredOrder, kind: AlertKind, (zh, en): &(String, String)) -> Alert {
    let record = &order.record;
    let digits: Vec<char> = record.order_number.chars().collect();
    let tail: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
    let key = format!("{}.{}", record.id, kind.as_str());
    Alert {
        covers: vec![key.clone()],
        key,
        kind,
        title_zh: format!("{} · {}", kind.zh(), record.kind.zh()),
        title_en: format!("{} · {}", kind.en(), record.kind.en()),
        text_zh: format!("{zh} · 单号尾号 {tail}"),
        text_en: format!("{en} · order …{tail}"),
        order_id: Some(record.id),
        can_accept: matches!(kind, AlertKind::Urgent | AlertKind::New),
        is_fresh: true,
    }
}

/// Refused commands and a sign-in that unsent work waits for.
fn of_outbox(
    db: &Connection,
    session: &SessionRecord,
    found: &mut Vec<Alert>,
) -> Result<(), CoreError> {
    let refused = outbox_rows::open_refusals(db, 1_000)?;
    if let Some(last) = refused.iter().map(|row| row.n).max() {
        let count = refused.len();
        found.push(general(
            AlertKind::Refused,
            // A further refusal is told again.
            format!("refused.{last}"),
            (
                format!("{count} 项，打开查看怎么办"),
                format!("{count}: open to decide"),
            ),
        ));
    }
    let pending = outbox_rows::count_pending(db)?;
    if session.token.is_none() && pending > 0 {
        found.push(general(
            AlertKind::SignIn,
            "sign_in".to_owned(),
            (
                format!("{pending} 项工作已保存，登录后上传"),
                format!("{pending} saved, sent once signed in"),
            ),
        ));
    }
    Ok(())
}

fn of_release(release: &Release) -> Alert {
    let name = &release.version_name;
    general(
        AlertKind::Update,
        format!("update.{}", release.version_code),
        (
            format!("{name}，有空时在“系统”的“更新”里安装"),
            format!("{name}: install it under System, Update when there is time"),
        ),
    )
}

fn general(kind: AlertKind, key: String, (text_zh, text_en): (String, String)) -> Alert {
    Alert {
        covers: vec![key.clone()],
        key,
        kind,
        title_zh: kind.zh().to_owned(),
        title_en: kind.en().to_owned(),
        text_zh,
        text_en,
        order_id: None,
        can_accept: false,
        is_fresh: true,
    }
}

/// One alert for each kind that has too many. An overdue urgent order stays single: each counts.
fn folded(found: Vec<Alert>) -> Vec<Alert> {
    let mut folded = Vec::new();
    for kind in AlertKind::ALL {
        let same: Vec<Alert> = found.iter().filter(|a| a.kind == *kind).cloned().collect();
        if same.len() <= MOST_SINGLE || *kind == AlertKind::Urgent {
            folded.extend(same);
            continue;
        }
        let count = same.len();
        let words = (
            format!("共 {count} 张，打开查看"),
            format!("{count} orders, open to see them"),
        );
        let mut one = general(*kind, format!("many.{}", kind.as_str()), words);
        one.is_fresh = same.iter().any(|alert| alert.is_fresh);
        one.covers = same.into_iter().flat_map(|alert| alert.covers).collect();
        folded.push(one);
    }
    folded
}

/// When the order's deadline comes near or passes next; `i64::MAX` = never.
fn next_change_ms(order: &StoredOrder, now_ms: i64) -> i64 {
    let due_ms = orders::due_at_ms(&order.record, order.state);
    if due_ms == i64::MAX {
        return due_ms;
    }
    let soon_ms = level_at_ms(WARN_SOON, order.record.taken_in_at_ms, due_ms);
    let later = [soon_ms, due_ms].into_iter().filter(|at| *at > now_ms);
    later.min().unwrap_or(i64::MAX)
}

//! The one way an order comes to be and changes: lifecycle table, version, row, time-line event,
//! feed, notice. Rooms (dispatch, review, sync, intake) call this and nothing else.

use super::row::{self, OrderRow};
use crate::args;
use crate::auth::Actor;
use crate::error::ApiError;
use crate::feed::{self, Change};
use crate::store::{Notice, StoreError, Tx};
use dianma_schema::fault;
use dianma_schema::id::{DeviceId, StaffId};
use dianma_schema::order::lifecycle;
use dianma_schema::order::{Command, OrderState};
use dianma_schema::permission::Role;
use dianma_schema::time::day_key;
use dianma_schema::wire::sync::EntryKind;

/// Who does it, as the time line shows it.
#[derive(Clone, Debug)]
pub struct By {
    /// Staff id, or `system`.
    pub id: String,
    /// Name shown.
    pub name: String,
    /// Role that the lifecycle table asks for.
    pub role: Role,
    /// The phone, when it was done on one.
    pub device_id: Option<DeviceId>,
}

impl By {
    /// The server acting by a rule.
    pub fn system() -> Self {
        Self {
            id: "system".to_owned(),
            name: "系统".to_owned(),
            role: Role::System,
            device_id: None,
        }
    }
}

impl From<&Actor> for By {
    fn from(actor: &Actor) -> Self {
        Self {
            id: actor.staff_id.to_string(),
            name: actor.display_name.clone(),
            role: actor.role,
            device_id: actor.device_id,
        }
    }
}

/// One step in an order's life.
#[derive(Clone, Debug)]
pub struct Step {
    /// The command; its row in the lifecycle table decides.
    pub command: Command,
    /// Who.
    pub by: By,
    /// The version the person saw; `None` when only the state matters (phones, see sync design §3).
    pub expected_version: Option<i64>,
    /// When it happened on site, epoch ms.
    pub occurred_at_ms: i64,
    /// How sure that time is, ± ms; 0 for the server's own clock.
    pub uncertainty_ms: i64,
    /// What else the time line keeps; no personal data.
    pub detail: serde_json::Value,
}

impl Step {
    /// A step in the office, now.
    pub fn office(command: Command, by: By, expected_version: Option<i64>, now_ms: i64) -> Self {
        Self {
            command,
            by,
            expected_version,
            occurred_at_ms: now_ms,
            uncertainty_ms: 0,
            detail: serde_json::json!({}),
        }
    }

    /// Adds what the time line keeps.
    #[must_use]
    pub fn with_detail(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail;
        self
    }
}

/// Stores a new draft: gives it its number, its first event and its notice. `order.version` and
/// `order.order_number` are set here. Drafts are in nobody's feed.
pub fn create(
    tx: &mut dyn Tx,
    now_ms: i64,
    order: &mut OrderRow,
    by: &By,
    detail: &serde_json::Value,
) -> Result<(), StoreError> {
    order.order_number = next_number(tx, now_ms)?;
    order.version = 1;
    order.updated_at_ms = now_ms;
    row::insert(tx, order)?;
    let times = EventTimes {
        at_ms: now_ms,
        occurred_at_ms: now_ms,
        uncertainty_ms: 0,
    };
    write_event(tx, order, OrderState::Draft, "create", by, times, detail)?;
    notify(tx, order);
    Ok(())
}

/// `GD` + day + five digits: readable on the phone, unique per day, in order of creation.
fn next_number(tx: &mut dyn Tx, now_ms: i64) -> Result<String, StoreError> {
    let day = day_key(now_ms);
    let number = tx
        .first(
            "INSERT INTO counters (name, value) VALUES (?1, 1) \
             ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value",
            args![format!("order_number:{day}")],
            |row| row.int(0),
        )?
        .ok_or_else(|| StoreError::Engine("the order counter answered nothing".to_owned()))?;
    Ok(format!("GD{day}-{number:05}"))
}

/// Applies a step to a locked order: checks version, lifecycle row and assignee, lets `edit` set
/// the columns, writes row and event, and returns the feed changes. The caller passes those of all
/// its steps to `feed::publish` at the end of its transaction.
pub fn change(
    tx: &mut dyn Tx,
    now_ms: i64,
    order: &mut OrderRow,
    step: &Step,
    edit: impl FnOnce(&mut OrderRow),
) -> Result<Vec<Change>, ApiError> {
    check_version(order, step)?;
    check_assignee(order, step)?;
    let loaded = order.clone();
    let before = (order.state, order.assignee_id);
    let next = lifecycle::apply(order.state, step.command, step.by.role)?;
    order.state = next;
    edit(order);
    order.version += 1;
    order.updated_at_ms = now_ms;
    if step.by.device_id.is_some() {
        // A phone's steps come by the thousand and change few columns.
        row::update(tx, &loaded, order)?;
    } else {
        row::update_whole(tx, order)?;
    }
    let times = EventTimes {
        at_ms: now_ms,
        occurred_at_ms: step.occurred_at_ms,
        uncertainty_ms: step.uncertainty_ms,
    };
    write_event(
        tx,
        order,
        before.0,
        step.command.as_str(),
        &step.by,
        times,
        &step.detail,
    )?;
    notify(tx, order);
    Ok(feed_changes(order, before.1))
}

/// Writes back columns that are no step of the life (a fact arrived: evidence, record, cost). The
/// version grows, so that phones and pages see it; the time line gets a row named `fact`. `before` is
/// the order as it is stored. A closed order is frozen and refused: whoever has a late fact keeps it
/// beside the order.
pub fn touch(
    tx: &mut dyn Tx,
    now_ms: i64,
    before: &OrderRow,
    order: &mut OrderRow,
    by: &By,
    times: EventTimes,
    detail: &serde_json::Value,
) -> Result<Vec<Change>, StoreError> {
    if before.state.is_final() {
        return Err(StoreError::Engine(format!(
            "order {} is closed and frozen",
            order.order_number
        )));
    }
    order.version += 1;
    order.updated_at_ms = now_ms;
    row::update(tx, before, order)?;
    write_event(tx, order, order.state, "fact", by, times, detail)?;
    notify(tx, order);
    Ok(feed_changes(order, order.assignee_id))
}

fn check_version(order: &OrderRow, step: &Step) -> Result<(), ApiError> {
    match step.expected_version {
        Some(expected) if expected != order.version => Err(ApiError::conflict(fault::S_VERSION)
            .with_detail(
                format!("当前版本 {}，您看到的是 {expected}", order.version),
                format!("version {} now, you saw {expected}", order.version),
            )),
        _ => Ok(()),
    }
}

fn check_assignee(order: &OrderRow, step: &Step) -> Result<(), ApiError> {
    let needs = lifecycle::transition(step.command).map_or(&[][..], |row| row.needs);
    let must_be_assignee = needs.contains(&lifecycle::Need::Assignee);
    if must_be_assignee && order.assignee_id.map(|id| id.to_string()) != Some(step.by.id.clone()) {
        return Err(ApiError::forbidden(fault::S_NOT_ASSIGNEE));
    }
    Ok(())
}

/// The order is in the scope of its assignee as long as it is with an electrician or was handed in
/// and is not final; whoever had it before gets a `leave`.
fn feed_changes(order: &OrderRow, assignee_before: Option<StaffId>) -> Vec<Change> {
    let item = order.id.0;
    let visible = order.state.is_with_electrician() || order.state == OrderState::Submitted;
    let mut changes = Vec::new();
    if let Some(before) = assignee_before
        && (order.assignee_id != Some(before) || !visible)
    {
        let scope = feed::user_scope(before);
        changes.push(Change::leave(scope, EntryKind::Order, item, order.version));
    }
    if let (Some(assignee), true) = (order.assignee_id, visible) {
        let scope = feed::user_scope(assignee);
        changes.push(Change::put(scope, EntryKind::Order, item, order.version));
    }
    changes
}

/// The two times of an event.
#[derive(Clone, Copy, Debug)]
pub struct EventTimes {
    /// Server receipt, epoch ms.
    pub at_ms: i64,
    /// Derived site time, epoch ms.
    pub occurred_at_ms: i64,
    /// ± ms.
    pub uncertainty_ms: i64,
}

fn write_event(
    tx: &mut dyn Tx,
    order: &OrderRow,
    from: OrderState,
    command: &str,
    by: &By,
    times: EventTimes,
    detail: &serde_json::Value,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO order_events (order_id, seq, at_ms, occurred_at_ms, uncertainty_ms, actor_id, \
         actor_name, device_id, command, from_state, to_state, detail) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        args![
            order.id.to_string(),
            order.version,
            times.at_ms,
            times.occurred_at_ms,
            times.uncertainty_ms,
            &by.id,
            &by.name,
            by.device_id.map(|id| id.to_string()),
            command,
            from.as_str(),
            order.state.as_str(),
            detail.to_string()
        ],
    )?;
    Ok(())
}

fn notify(tx: &mut dyn Tx, order: &OrderRow) {
    tx.notify(Notice::Order {
        id: order.id.to_string(),
        version: order.version,
        state: order.state.as_str().to_owned(),
        urgency: order.urgency.as_str().to_owned(),
    });
}

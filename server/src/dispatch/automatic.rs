//! Dispatch without a person: for orders that cannot wait, and for all when the setting says so.
//! Intake calls it right after it made a draft. Nobody eligible = the draft waits for a dispatcher.

use super::assign::{detail, keep_decision, rank};
use super::rank::Mode;
use crate::args;
use crate::error::ApiError;
use crate::feed::Change;
use crate::orders::act::Office;
use crate::orders::{OrderRow, change};
use crate::store::{StoreError, Tx};
use dianma_schema::order::{Command, OrderState, Urgency};

/// Setting for all orders: `nearest`, `jurisdiction`, or `off` (as when absent).
pub const SETTING: &str = "auto_dispatch";
/// Setting for hazards: `off`, or `nearest` (as when absent).
pub const HAZARD_SETTING: &str = "auto_dispatch_hazard";

/// Dispatches the draft if the settings ask for it and somebody is eligible. Returns the feed
/// changes for the caller's `feed::publish`; none when the draft stays.
pub fn automatic(
    tx: &mut dyn Tx,
    now_ms: i64,
    order: &mut OrderRow,
) -> Result<Vec<Change>, ApiError> {
    if order.state != OrderState::Draft {
        return Ok(Vec::new());
    }
    let Some(mode) = mode(tx, order.urgency)? else {
        return Ok(Vec::new());
    };
    let ranked = rank(tx, now_ms, order, mode)?;
    let Some(chosen) = ranked.first().filter(|candidate| candidate.is_eligible) else {
        return Ok(Vec::new());
    };
    let office = Office::system(now_ms);
    let step = office.step(Command::Dispatch, detail(chosen, "automatic", None));
    let staff_id = chosen.staff_id;
    let changes = change(tx, now_ms, order, &step, |order| {
        order.assignee_id = Some(staff_id);
        order.dispatched_at_ms.get_or_insert(now_ms);
    })?;
    keep_decision(tx, &office, order, "automatic", chosen, &ranked)?;
    Ok(changes)
}

/// How an order of this urgency is dispatched by itself; `None` = by a person.
fn mode(tx: &mut dyn Tx, urgency: Urgency) -> Result<Option<Mode>, StoreError> {
    let setting = setting(tx, SETTING)?;
    let general = match setting.as_deref() {
        Some("nearest") => Some(Mode::Nearest),
        Some("jurisdiction") => Some(Mode::Jurisdiction),
        _ => None,
    };
    if urgency == Urgency::Hazard && general.is_none() {
        let is_off = self::setting(tx, HAZARD_SETTING)?.as_deref() == Some("off");
        return Ok((!is_off).then_some(Mode::Nearest));
    }
    Ok(general)
}

fn setting(tx: &mut dyn Tx, name: &str) -> Result<Option<String>, StoreError> {
    tx.first(
        "SELECT value FROM settings WHERE name = ?1",
        args![name],
        |row| row.text(0),
    )
}

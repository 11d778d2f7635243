//! Work that keeps coming while the demo runs: hotline orders pushed through the same door as a real
//! system's, and rows of the marketing side in a staging database that the server polls. Some come
//! twice, some name an account that nobody has. Two of three are handed at once to somebody whose phone
//! is online; the rest waits for the person at the console.

use super::county::{CUSTOMERS, account_number};
use super::marketing::{Marketing, path_in};
use super::names;
use super::random::Random;
use super::texts;
use crate::app::App;
use crate::args;
use crate::clock;
use crate::dispatch::assign::{DispatchBody, assign};
use crate::dispatch::rank::Mode;
use crate::error::ApiError;
use crate::intake::hotline;
use crate::intake::imports::run::Target;
use crate::intake::staging::Poller;
use crate::intake::staging_source::Staging;
use crate::mint::Mint;
use crate::orders::act::{Office, on_order};
use crate::orders::{By, OrderRow, row};
use crate::store::{StoreError, Tx};
use crate::text::hex;
use dianma_schema::id::{StaffId, WorkOrderId};
use dianma_schema::order::{OrderKind, OrderState};
use dianma_schema::time::{MINUTE_MS, format_minute};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Longest and shortest pause between two requests, seconds.
const PAUSE_S: (i64, i64) = (15, 45);

/// Pause between two rows of the marketing side, seconds.
const MARKETING_S: (i64, i64) = (10, 40);
/// The poller looks every few seconds; then the row is an order.
const POLLED: Duration = Duration::from_secs(5);

/// Starts the feed; needs the async runtime and ends with it.
pub(super) fn start(app: App, seed: u64) {
    tokio::spawn(push_for_ever(app.clone(), seed));
    tokio::spawn(async move {
        if let Err(error) = write_for_ever(app, seed).await {
            tracing::warn!(error = %error, "the demo's marketing side stopped");
        }
    });
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The marketing side writes its file; the server's own poller reads it.
async fn write_for_ever(app: App, seed: u64) -> Result<(), Failed> {
    let seed = seed ^ app.clock.now_ms().unsigned_abs();
    let mut random = Random::of(seed, 11);
    let path = path_in(&app.settings.data);
    let marketing = Arc::new(Mutex::new(Marketing::open(&path, seed)?));
    let poller = Poller {
        target: Target {
            store: app.store.clone(),
            clock: app.clock.clone(),
        },
        staging: Staging::File(path),
        source: "mis".to_owned(),
        node: hex(&clock::random::<8>()?),
    };
    poller.start()?;
    loop {
        let pause = random.between(MARKETING_S.0, MARKETING_S.1).unsigned_abs();
        tokio::time::sleep(Duration::from_secs(pause)).await;
        if let Err(error) = write_one(&app, &marketing, random.chance(660)).await {
            tracing::warn!(error = %error, "a row of the demo's marketing side failed");
        }
    }
}

/// A row, and some seconds later, when it was polled, somebody for the order it made.
async fn write_one(
    app: &App,
    marketing: &Arc<Mutex<Marketing>>,
    hands_over: bool,
) -> Result<(), Failed> {
    let (writer, now_ms) = (Arc::clone(marketing), app.clock.now_ms());
    let written = tokio::task::spawn_blocking(move || {
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.write(now_ms)
    });
    written.await??;
    tokio::time::sleep(POLLED).await;
    if !hands_over {
        return Ok(());
    }
    if let Some(order_id) = app.store.read(newest_draft).await? {
        let now_ms = app.clock.now_ms();
        let handed = app.store.write(move |tx| hand_over(tx, now_ms, order_id));
        handed.await?;
    }
    Ok(())
}

/// The youngest draft that came from the marketing side.
fn newest_draft(tx: &mut dyn Tx) -> Result<Option<WorkOrderId>, StoreError> {
    tx.first(
        "SELECT id FROM work_orders WHERE state = 'draft' AND source = 'mis' \
         ORDER BY taken_in_at_ms DESC, id DESC LIMIT 1",
        args![],
        |row| row.parse(0),
    )
}

async fn push_for_ever(app: App, seed: u64) {
    let now_ms = app.clock.now_ms();
    let mut random = Random::of(seed ^ now_ms.unsigned_abs(), 8);
    let mut last: Option<Value> = None;
    loop {
        let pause = random.between(PAUSE_S.0, PAUSE_S.1).unsigned_abs();
        tokio::time::sleep(Duration::from_secs(pause)).await;
        let again = last.take().filter(|_| random.chance(60));
        let order = again.unwrap_or_else(|| request(&mut random, app.clock.now_ms()));
        let hands_over = random.chance(660);
        if let Err(error) = push(&app, &order, hands_over).await {
            tracing::warn!(error = %error, "a request of the demo's feed failed");
        }
        last = Some(order);
    }
}

/// An order as the dispatch console's interface writes it.
fn request(random: &mut Random, now_ms: i64) -> Value {
    let kind = random.weighted(&[
        (OrderKind::FaultRepair, 70),
        (OrderKind::MeterChange, 12),
        (OrderKind::AdHoc, 10),
        (OrderKind::NewConnection, 8),
    ]);
    let wish = random.pick(texts::of_kind(kind));
    // One in sixteen names an account that is not in the archive.
    let customer = random.index(CUSTOMERS + CUSTOMERS / 16);
    json!({
        "WorkOrderNo": format!("HL{now_ms}{:03}", random.index(1_000)),
        "AmmeterAccountNum": account_number(customer),
        "UserName": names::person(random),
        "ContactPhone": names::phone(customer),
        "AcceptContent": wish.content,
        "SortId": if kind == OrderKind::FaultRepair { "0" } else { "9" },
        "OrderGrade": "0",
        "AcceptTime": format_minute(now_ms),
    })
}

async fn push(app: &App, order: &Value, hands_over: bool) -> Result<(), ApiError> {
    let incoming = hotline::read_order(order)?;
    let now_ms = app.clock.now_ms();
    let mint = Mint::new(now_ms, clock::random()?);
    let made = app
        .store
        .write(move |tx| {
            hotline::receive(
                tx,
                &mut mint.clone(),
                &By::system(),
                std::slice::from_ref(&incoming),
            )
        })
        .await
        .map_err(|error: StoreError| ApiError::from(error))?;
    let order_id = made.first().and_then(|received| received.order_id);
    if let Some(order_id) = order_id.filter(|_| hands_over) {
        app.store
            .write(move |tx| hand_over(tx, now_ms, order_id))
            .await?;
    }
    Ok(())
}

/// To a colleague of the order's station who is on duty and whose phone was just heard, if any.
fn hand_over(tx: &mut dyn Tx, now_ms: i64, id: WorkOrderId) -> Result<(), ApiError> {
    let Some(order) = row::load(tx, id)?.filter(|order| order.state == OrderState::Draft) else {
        return Ok(());
    };
    let Some(staff_id) = online(tx, now_ms, &order)? else {
        return Ok(());
    };
    let office = Office::system(now_ms);
    on_order(tx, &office, id, &mut |tx, office, order| {
        let body = DispatchBody {
            version: order.version,
            staff_id: Some(staff_id),
            mode: Mode::Jurisdiction,
            note: None,
        };
        assign(tx, office, order, &body)
    })
}

fn online(tx: &mut dyn Tx, now_ms: i64, order: &OrderRow) -> Result<Option<StaffId>, StoreError> {
    let people = tx.all(
        "SELECT p.id, p.skills FROM staff p JOIN devices d ON d.staff_id = p.id \
         WHERE p.is_on_duty = 1 AND p.is_active = 1 AND d.state = 'active' \
         AND d.last_seen_at_ms >= ?1 ORDER BY CASE WHEN p.station_id = ?2 THEN 0 ELSE 1 END, \
         (SELECT count(*) FROM work_orders w WHERE w.assignee_id = p.id AND w.is_open = 1) LIMIT 50",
        args![
            now_ms - 5 * MINUTE_MS,
            order.station_id.map(|id| id.to_string()).unwrap_or_default()
        ],
        |row| Ok((row.parse(0)?, row.text(1)?)),
    )?;
    let able = people
        .into_iter()
        .find(|(_, skills)| skills.split(',').any(|skill| skill == order.kind.as_str()));
    Ok(able.map(|(id, _)| id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_is_one_the_door_can_read() {
        let mut random = Random::new(3);
        for n in 0..60 {
            let order = request(&mut random, 1_780_000_000_000 + n);
            let incoming = hotline::read_order(&order).unwrap();
            assert!(incoming.fields.is_ok(), "{order}");
        }
    }
}

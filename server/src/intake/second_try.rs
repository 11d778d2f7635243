//! Waiting records that wait no longer: after archive rows came in, the records that missed one of them
//! are tried again by themselves. A record whose row has come by another way meanwhile is settled, not
//! applied: what is newer stays. What still misses something goes on waiting, untouched.

use super::imports::inputs;
use super::imports::mapping::{self, Fields};
use super::imports::run::Target;
use super::record::{self, Standing};
use super::solve::{attempt, columns};
use crate::args;
use crate::clock::random;
use crate::error::ApiError;
use crate::feed::{self, Change};
use crate::mint::Mint;
use crate::orders::By;
use crate::store::{MAX_LIST, StoreError, Tx, Value, in_list, savepoint};
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::id::IntakeRecordId;
use dianma_schema::intake::{RecordKind, RecordState};
use std::collections::HashSet;

/// Records looked at in one transaction.
const PAGE: i64 = 400;
/// What a record says whose row came by another way.
const SUPERSEDED: &str = "之后的导入已带来此记录";
/// What a customer row says whose meter has come.
const METER_CAME: &str = "表计已入档";

/// Whether rows of this kind can be what other records wait for.
pub const fn brings(kind: RecordKind) -> bool {
    matches!(
        kind,
        RecordKind::Areas | RecordKind::Customers | RecordKind::Meters
    )
}

/// Tries all that can be settled now, newest first; how many were.
pub fn run(target: &Target) -> Result<usize, ApiError> {
    let mut before = "~".to_owned();
    let mut settled = 0;
    loop {
        let mint = Mint::new(target.clock.now_ms(), random()?);
        let from = before.clone();
        let page = target.store.write_blocking(move |tx| {
            let mut mint = mint.clone();
            let waiting = waiting(tx, &from)?;
            let last = waiting.last().map(|record| record.id.to_string());
            let (count, changes) = settle_ready(tx, &mut mint, &waiting)?;
            feed::publish(tx, mint.now_ms(), changes)?;
            Ok::<_, StoreError>((count, last))
        })?;
        settled += page.0;
        match page.1 {
            Some(last) => before = last,
            None => return Ok(settled),
        }
    }
}

/// A record that waits for a row of an archive.
struct Waiting {
    id: IntakeRecordId,
    kind: RecordKind,
    code: FaultCode,
    account: Option<String>,
    area: Option<String>,
    meter: Option<String>,
    month: Option<i64>,
}

/// A page of them; ids rise with time.
fn waiting(tx: &mut dyn Tx, before: &str) -> Result<Vec<Waiting>, StoreError> {
    tx.all(
        "SELECT id, record_kind, fault_code, mapping, raw FROM intake_records \
         WHERE state = 'exception' AND id < ?1 AND fault_code IN (?2, ?3, ?4) \
         ORDER BY id DESC LIMIT ?5",
        args![
            before,
            fault::V_UNKNOWN_CUSTOMER.as_str(),
            fault::V_NOT_THIS_AREA.as_str(),
            fault::V_NO_METER.as_str(),
            PAGE
        ],
        |row| {
            let fields = fields(&row.text(3)?, &row.text(4)?);
            let text = |name: &str| fields.get(name).map(str::to_owned);
            let bill = inputs::bill(&fields).ok();
            Ok(Waiting {
                id: row.parse(0)?,
                kind: row.parse(1)?,
                code: FaultCode::find(&row.text(2)?).unwrap_or(fault::X_INTERNAL),
                account: text("account_number"),
                area: text("area_code"),
                meter: text("meter_number").map(|number| number.to_ascii_uppercase()),
                month: bill.map(|bill| bill.bill_month),
            })
        },
    )
}

/// The fields of a stored record; none when its mapping is gone.
fn fields(name: &str, raw: &str) -> Fields {
    let (names, values) = columns(raw);
    let read = mapping::find(name).and_then(|mapping| {
        let plan = mapping.plan(&names).ok()?;
        plan.read(&values).ok()
    });
    read.unwrap_or_default()
}

/// What of the archives the records of a page name and is there.
struct There {
    accounts: HashSet<String>,
    areas: HashSet<String>,
    meters: HashSet<String>,
    metered: HashSet<String>,
    bills: HashSet<String>,
}

impl There {
    fn look(tx: &mut dyn Tx, page: &[Waiting]) -> Result<Self, StoreError> {
        let list = |text: fn(&Waiting) -> Option<&String>| -> Vec<Value> {
            let named: HashSet<&String> = page.iter().filter_map(text).collect();
            named.into_iter().map(|text| text.as_str().into()).collect()
        };
        let accounts = list(|record| record.account.as_ref());
        Ok(Self {
            areas: found(
                tx,
                "SELECT code FROM transformer_areas WHERE code IN",
                &list(|record| record.area.as_ref()),
            )?,
            meters: found(
                tx,
                "SELECT meter_number FROM meters WHERE meter_number IN",
                &list(|record| record.meter.as_ref()),
            )?,
            metered: found(
                tx,
                "SELECT c.account_number FROM customers c JOIN meters m ON m.customer_id = c.id \
                 WHERE m.state = 'installed' AND c.account_number IN",
                &accounts,
            )?,
            bills: found(
                tx,
                "SELECT c.account_number || '/' || CAST(b.bill_month AS TEXT) FROM customers c \
                 JOIN bills b ON b.customer_id = c.id WHERE c.account_number IN",
                &accounts,
            )?,
            accounts: found(
                tx,
                "SELECT account_number FROM customers WHERE account_number IN",
                &accounts,
            )?,
        })
    }

    /// What can be done about the record now.
    fn chance(&self, record: &Waiting) -> Chance {
        let has = |set: &HashSet<String>, text: &Option<String>| {
            text.as_ref().is_some_and(|text| set.contains(text))
        };
        let has_account = has(&self.accounts, &record.account);
        if record.code == fault::V_NO_METER {
            return if has(&self.metered, &record.account) {
                Chance::Settled(METER_CAME)
            } else {
                Chance::None
            };
        }
        let (is_there, is_ready) = match record.kind {
            RecordKind::Customers => (has_account, has(&self.areas, &record.area)),
            RecordKind::Meters => (has(&self.meters, &record.meter), has_account),
            RecordKind::Arrears => {
                let bill = record.account.as_ref().zip(record.month);
                let bill = bill.map(|(account, month)| format!("{account}/{month}"));
                (has(&self.bills, &bill), has_account)
            }
            RecordKind::Business | RecordKind::Hotline => (false, has_account),
            RecordKind::Areas | RecordKind::Request => (false, false),
        };
        match (is_there, is_ready) {
            (true, _) => Chance::Settled(SUPERSEDED),
            (false, true) => Chance::Ready,
            (false, false) => Chance::None,
        }
    }
}

enum Chance {
    None,
    Ready,
    Settled(&'static str),
}

fn found(
    tx: &mut dyn Tx,
    head: &'static str,
    texts: &[Value],
) -> Result<HashSet<String>, StoreError> {
    let mut all = HashSet::new();
    for part in texts.chunks(MAX_LIST) {
        if let Some((list, padded)) = in_list(part) {
            all.extend(tx.all(&format!("{head} {list}"), &padded, |row| row.text(0))?);
        }
    }
    Ok(all)
}

fn settle_ready(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    page: &[Waiting],
) -> Result<(usize, Vec<Change>), StoreError> {
    let there = There::look(tx, page)?;
    let by = By::system();
    let mut changes = Vec::new();
    let mut settled = 0;
    // Of two records of one row the newer one counts, which comes first.
    let mut done: HashSet<(RecordKind, String)> = HashSet::new();
    for record in page {
        let key = key(record);
        let chance = match there.chance(record) {
            Chance::Ready if record.kind.is_archive() && !done.insert((record.kind, key)) => {
                Chance::Settled(SUPERSEDED)
            }
            chance => chance,
        };
        match chance {
            Chance::None => {}
            Chance::Settled(message) => {
                let standing = Standing {
                    state: RecordState::Used,
                    problem: None,
                    message: Some(message),
                    order_id: None,
                    handled_by: Some(&by.id),
                };
                record::settle(tx, mint.now_ms(), record.id, &standing)?;
                settled += 1;
            }
            Chance::Ready => {
                let person = super::document::Person::default();
                let outcome = savepoint(tx, |tx| {
                    attempt(tx, mint, &by, record.id, &person).map_err(Stop)
                });
                match outcome {
                    Ok(more) => {
                        changes.extend(more);
                        settled += usize::from(is_settled(tx, record.id)?);
                    }
                    Err(Stop(refusal)) if refusal.status.is_server_error() => {
                        return Err(StoreError::Engine(refusal.to_string()));
                    }
                    // Somebody was faster, or it is refused for another reason: it stays as it is.
                    Err(Stop(_)) => {}
                }
            }
        }
    }
    Ok((settled, changes))
}

/// What makes two records the same row of an archive.
fn key(record: &Waiting) -> String {
    let account = record.account.clone().unwrap_or_default();
    match record.kind {
        RecordKind::Meters => record.meter.clone().unwrap_or_default(),
        RecordKind::Arrears => format!("{account}/{}", record.month.unwrap_or(0)),
        _ => account,
    }
}

/// Ends the savepoint of one record.
struct Stop(ApiError);

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

fn is_settled(tx: &mut dyn Tx, id: IntakeRecordId) -> Result<bool, StoreError> {
    let state = tx.first(
        "SELECT state FROM intake_records WHERE id = ?1",
        args![id.to_string()],
        |row| row.parse::<RecordState>(0),
    )?;
    Ok(state == Some(RecordState::Used))
}

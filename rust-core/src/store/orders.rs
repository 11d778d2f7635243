//! The mirror of the orders in hand: the server's record, and beside it what the person sees, which
//! is the record with the unanswered commands folded on top. Pull overwrites the record at any time.

use super::outbox_rows::{self, key, order_id};
use super::search_index::{self, Texts};
use crate::error::{CoreError, inconsistent};
use crate::outbox::fold;
use crate::pinyin_initials::initials;
use dianma_schema::id::{WorkOrderId, half_width};
use dianma_schema::order::OrderState;
use dianma_schema::wire::record::OrderRecord;
use rusqlite::{Connection, OptionalExtension as _, Row};

/// An order as the store holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOrder {
    /// The server's word.
    pub record: OrderRecord,
    /// Newest version known.
    pub version: u64,
    /// What the person sees.
    pub state: OrderState,
    /// Service was finished, in what the person sees.
    pub is_finished: bool,
    /// Commands without an answer.
    pub pending: u32,
    /// Refused commands nobody has decided on.
    pub refused: u32,
    /// No longer ours since then.
    pub left_at_ms: Option<i64>,
    /// Row number in the search indexes.
    pub doc_id: i64,
}

/// What a live row adds to the scope's checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Live {
    /// Number of the scope it belongs to.
    pub scope: i64,
    /// Its version.
    pub version: u64,
}

const COLUMNS: &str = "record, version, state, is_finished, pending, refused, left_at_ms, doc_id";

fn read(row: &Row<'_>) -> rusqlite::Result<(Vec<u8>, String, StoredPart)> {
    Ok((
        row.get(0)?,
        row.get(2)?,
        StoredPart {
            version: row.get(1)?,
            is_finished: row.get(3)?,
            pending: row.get(4)?,
            refused: row.get(5)?,
            left_at_ms: row.get(6)?,
            doc_id: row.get(7)?,
        },
    ))
}

struct StoredPart {
    version: i64,
    is_finished: bool,
    pending: u32,
    refused: u32,
    left_at_ms: Option<i64>,
    doc_id: i64,
}

fn checked((record, state, part): (Vec<u8>, String, StoredPart)) -> Result<StoredOrder, CoreError> {
    Ok(StoredOrder {
        record: minicbor::decode(&record).map_err(|_| inconsistent("mirror_orders.record"))?,
        state: state
            .parse()
            .map_err(|_| inconsistent("mirror_orders.state"))?,
        version: part.version.cast_unsigned(),
        is_finished: part.is_finished,
        pending: part.pending,
        refused: part.refused,
        left_at_ms: part.left_at_ms,
        doc_id: part.doc_id,
    })
}

/// The order of an id.
pub fn find(db: &Connection, id: &WorkOrderId) -> Result<Option<StoredOrder>, CoreError> {
    let row = db
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM mirror_orders WHERE id = ?1"
        ))?
        .query_row([key(id)], read)
        .optional()?;
    row.map(checked).transpose()
}

/// The order of a search document.
pub fn find_document(db: &Connection, doc_id: i64) -> Result<Option<StoredOrder>, CoreError> {
    let row = db
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM mirror_orders WHERE doc_id = ?1"
        ))?
        .query_row([doc_id], read)
        .optional()?;
    row.map(checked).transpose()
}

/// The order of a human number.
pub fn find_number(db: &Connection, number: &str) -> Result<Option<StoredOrder>, CoreError> {
    let sql = format!("SELECT {COLUMNS} FROM mirror_orders WHERE order_number = ?1");
    let row = db
        .prepare_cached(&sql)?
        .query_row([number], read)
        .optional()?;
    row.map(checked).transpose()
}

/// Orders after `(due_at_ms, doc_id)`, nearest deadline first; with `state` only those seen in it.
pub fn by_deadline(
    db: &Connection,
    state: Option<OrderState>,
    after: (i64, i64),
    limit: u32,
) -> Result<Vec<StoredOrder>, CoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mirror_orders
         WHERE (due_at_ms, doc_id) > (?1, ?2) AND (?3 IS NULL OR state = ?3)
         ORDER BY due_at_ms, doc_id LIMIT ?4"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(
        (after.0, after.1, state.map(OrderState::as_str), limit),
        read,
    )?;
    rows.map(|row| checked(row?)).collect()
}

/// Every order seen in one of the states.
pub fn in_states(db: &Connection, states: &[OrderState]) -> Result<Vec<StoredOrder>, CoreError> {
    let words: Vec<String> = states.iter().map(|state| format!("'{state}'")).collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM mirror_orders WHERE state IN ({})",
        words.join(", ")
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    rows.map(|row| checked(row?)).collect()
}

/// How many orders are seen in each state.
pub fn count_by_state(db: &Connection) -> Result<Vec<(OrderState, u32)>, CoreError> {
    let mut statement =
        db.prepare_cached("SELECT state, count(*) FROM mirror_orders GROUP BY state")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    rows.map(|row| {
        let (state, count) = row?;
        let state = state
            .parse()
            .map_err(|_| inconsistent("mirror_orders.state"))?;
        Ok((state, count))
    })
    .collect()
}

/// Orders of an account, newest first.
pub fn of_account(
    db: &Connection,
    account_number: &str,
    limit: u32,
) -> Result<Vec<StoredOrder>, CoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mirror_orders WHERE account_number = ?1
         ORDER BY taken_in_at_ms DESC LIMIT ?2"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map((account_number, limit), read)?;
    rows.map(|row| checked(row?)).collect()
}

/// Deadline that sorts the list: arrival as long as nobody has arrived, then completion. `state` is
/// what the person sees: the server does not send an order back for the phone's own steps.
pub fn due_at_ms(record: &OrderRecord, state: OrderState) -> i64 {
    let arrive = match state {
        OrderState::Dispatched | OrderState::Reassigned | OrderState::Accepted => {
            record.arrive_due_at_ms
        }
        _ => None,
    };
    let due = record.due_at_ms.unwrap_or(i64::MAX);
    arrive.unwrap_or(i64::MAX).min(due)
}

/// Searchable texts of a record, folded to half width: what people type is folded too.
pub fn texts(record: &OrderRecord) -> Texts {
    let text = |value: &Option<String>| half_width(value.as_deref().unwrap_or_default());
    let account_name = text(&record.account_name);
    Texts {
        order_number: half_width(&record.order_number),
        account_number: text(&record.account_number),
        pinyin_initials: initials(&account_name),
        account_name,
        meter_numbers: text(&record.meter_number),
        contact_phone: text(&record.contact_phone),
        pole_number: text(&record.pole_number),
        address: text(&record.address),
    }
}

/// Writes the server's record, moves the indexes along and folds the pending commands on top again.
/// Returns what the row counted for in its scope's checksum before.
pub fn put(
    db: &Connection,
    scope: i64,
    mark: i64,
    version: u64,
    record: &OrderRecord,
) -> Result<Option<Live>, CoreError> {
    let old = find(db, &record.id)?;
    let live = match &old {
        Some(old) => {
            search_index::ORDERS.remove(db, old.doc_id, &texts(&old.record))?;
            live(db, &record.id)?
        }
        None => None,
    };
    let texts = texts(record);
    let doc_id = upsert(db, (scope, mark, version), record, &texts)?;
    search_index::ORDERS.add(db, doc_id, &texts)?;
    refold(db, &record.id)?;
    Ok(live)
}

fn upsert(
    db: &Connection,
    (scope, mark, version): (i64, i64, u64),
    record: &OrderRecord,
    texts: &Texts,
) -> Result<i64, CoreError> {
    let body = minicbor::to_vec(record).map_err(|_| inconsistent("order record"))?;
    let mut statement = db.prepare_cached(
        "INSERT INTO mirror_orders (id, scope, version, record_version, mark, record, order_number,
           account_number, account_name, pinyin_initials, meter_numbers, contact_phone, pole_number,
           address, taken_in_at_ms, due_at_ms, state, is_finished, pending, refused)
         VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 0, 0)
         ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, version = excluded.version,
           record_version = excluded.record_version, mark = excluded.mark, record = excluded.record,
           order_number = excluded.order_number, account_number = excluded.account_number,
           account_name = excluded.account_name, pinyin_initials = excluded.pinyin_initials,
           meter_numbers = excluded.meter_numbers, contact_phone = excluded.contact_phone,
           pole_number = excluded.pole_number, address = excluded.address,
           taken_in_at_ms = excluded.taken_in_at_ms, due_at_ms = excluded.due_at_ms,
           left_at_ms = NULL
         RETURNING doc_id",
    )?;
    let doc_id = statement.query_row(
        rusqlite::params![
            key(&record.id),
            scope,
            version.cast_signed(),
            mark,
            body,
            texts.order_number,
            texts.account_number,
            texts.account_name,
            texts.pinyin_initials,
            texts.meter_numbers,
            texts.contact_phone,
            texts.pole_number,
            texts.address,
            record.taken_in_at_ms,
            due_at_ms(record, record.state),
            record.state.as_str(),
            record.is_finished,
        ],
        |row| row.get(0),
    )?;
    Ok(doc_id)
}

/// What the row counts for in its scope's checksum; `None` when it has left.
pub fn live(db: &Connection, id: &WorkOrderId) -> Result<Option<Live>, CoreError> {
    Ok(db
        .prepare_cached(
            "SELECT scope, version FROM mirror_orders WHERE id = ?1 AND left_at_ms IS NULL",
        )?
        .query_row([key(id)], |row| {
            Ok(Live {
                scope: row.get(0)?,
                version: row.get::<_, i64>(1)?.cast_unsigned(),
            })
        })
        .optional()?)
}

/// Raises the newest version known, after a command's result; never lowers it.
pub fn raise_version(db: &Connection, id: &WorkOrderId, version: u64) -> Result<(), CoreError> {
    db.prepare_cached("UPDATE mirror_orders SET version = ?2 WHERE id = ?1 AND version < ?2")?
        .execute((key(id), version.cast_signed()))?;
    Ok(())
}

/// Folds the commands the server's record does not contain yet over it and stores what is seen.
pub fn refold(db: &Connection, id: &WorkOrderId) -> Result<(), CoreError> {
    let found: Option<(Vec<u8>, i64)> = db
        .prepare_cached("SELECT record, record_version FROM mirror_orders WHERE id = ?1")?
        .query_row([key(id)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((record, record_version)) = found else {
        return Ok(());
    };
    let record: OrderRecord =
        minicbor::decode(&record).map_err(|_| inconsistent("mirror_orders.record"))?;
    let rows = outbox_rows::of_order(db, id)?;
    let folded = fold::fold(&record, record_version.cast_unsigned(), &rows);
    db.prepare_cached(
        "UPDATE mirror_orders SET state = ?2, is_finished = ?3, pending = ?4, refused = ?5,
         due_at_ms = ?6 WHERE id = ?1",
    )?
    .execute((
        key(id),
        folded.state.as_str(),
        folded.is_finished,
        folded.pending,
        folded.refused,
        due_at_ms(&record, folded.state),
    ))?;
    Ok(())
}

/// The order is no longer ours: the row goes, unless something on it is pending or refused; then it
/// stays visible as left until that is settled. Own facts and files are never touched here.
pub fn leave(db: &Connection, id: &WorkOrderId, now_ms: i64) -> Result<Option<Live>, CoreError> {
    let Some(order) = find(db, id)? else {
        return Ok(None);
    };
    let live = live(db, id)?;
    if order.pending == 0 && order.refused == 0 {
        remove(db, &order)?;
    } else {
        db.prepare_cached(
            "UPDATE mirror_orders SET left_at_ms = coalesce(left_at_ms, ?2) WHERE id = ?1",
        )?
        .execute((key(id), now_ms))?;
    }
    super::files::close_order(db, id, now_ms)?;
    Ok(live)
}

/// Removes rows that have left and are settled now.
pub fn remove_settled(db: &Connection) -> Result<(), CoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mirror_orders
         WHERE left_at_ms IS NOT NULL AND pending = 0 AND refused = 0"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows: Vec<_> = statement.query_map([], read)?.collect::<Result<_, _>>()?;
    rows.into_iter()
        .try_for_each(|row| remove(db, &checked(row)?))
}

/// Ids of live rows of a scope with another mark: not seen since the reset began.
pub fn unmarked(db: &Connection, scope: i64, mark: i64) -> Result<Vec<WorkOrderId>, CoreError> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM mirror_orders WHERE scope = ?1 AND mark <> ?2 AND left_at_ms IS NULL",
    )?;
    let rows = statement.query_map((scope, mark), |row| Ok(order_id(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn remove(db: &Connection, order: &StoredOrder) -> Result<(), CoreError> {
    search_index::ORDERS.remove(db, order.doc_id, &texts(&order.record))?;
    db.prepare_cached("DELETE FROM mirror_orders WHERE doc_id = ?1")?
        .execute([order.doc_id])?;
    Ok(())
}

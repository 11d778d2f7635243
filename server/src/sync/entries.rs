//! Feed rows with their bodies, encoded for the wire. Chunks are read with joins over the feed, so
//! that a first pull of ten thousand customers costs a few statements per chunk, not per customer.

use crate::args;
use crate::feed::user_scope;
use crate::labels::consent;
use crate::orders::{OrderRow, row};
use crate::store::{Row, StoreError, Tx};
use dianma_schema::geo::Place;
use dianma_schema::id::StaffId;
use dianma_schema::order::OrderState;
use dianma_schema::wire::record::{
    CustomerRecord, MeterRecord, OrderRecord, PlaceRecord, StaffRecord,
};
use dianma_schema::wire::sync::{Entry, EntryKind, EntryOp, LeaveCause, Left};
use minicbor::bytes::ByteVec;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Feed rows looked at in one go.
const CHUNK: i64 = 200;
/// What an entry costs besides its body: kind, id, version.
const ENTRY_BYTES: usize = 24;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) entries: Vec<Entry>,
    /// Set when the budget ended before the feed did: the position of the last entry.
    pub(super) last_position: Option<i64>,
    /// Plain bytes of the entries.
    pub(super) bytes: usize,
}

/// A feed row.
#[derive(Debug)]
struct FeedRow {
    position: i64,
    kind: EntryKind,
    id: Uuid,
    version: i64,
    op: EntryOp,
}

/// Where reading starts, and what is passed over.
#[derive(Clone, Copy, Debug)]
pub(super) struct From<'a> {
    pub(super) scope: &'a str,
    pub(super) position: i64,
    /// Leaves are of no use to a phone that starts over.
    pub(super) only_live: bool,
    /// Positions the phone need not be told.
    pub(super) hidden: &'a [i64],
}

/// Entries after a position until the budget is used up; always at least one when there is one.
pub(super) fn after(tx: &mut dyn Tx, start: &From<'_>, budget: usize) -> Result<Read, StoreError> {
    let mut read = Read::default();
    let mut from = start.position;
    loop {
        let rows = feed_rows(tx, start.scope, from, start.only_live)?;
        let Some(last) = rows.last() else {
            read.last_position = None;
            return Ok(read);
        };
        let span = Span {
            scope: start.scope,
            after: from,
            to: last.position,
        };
        let mut bodies = Bodies::load(tx, &span, &rows)?;
        from = last.position;
        let is_whole = rows.len() < usize::try_from(CHUNK).unwrap_or(usize::MAX);
        for row in rows
            .iter()
            .filter(|row| !start.hidden.contains(&row.position))
        {
            let body = bodies.take(tx, row)?;
            let left = match body {
                None if row.kind == EntryKind::Order => left(tx, start.scope, row.id)?,
                _ => None,
            };
            let cost = ENTRY_BYTES + body.as_ref().map_or(0, Vec::len);
            if !read.entries.is_empty() && read.bytes + cost > budget {
                return Ok(read);
            }
            read.bytes += cost;
            read.last_position = Some(row.position);
            read.entries.push(entry(row, body, left));
        }
        if is_whole {
            read.last_position = None;
            return Ok(read);
        }
    }
}

/// A row whose thing is gone becomes a leave.
fn entry(row: &FeedRow, body: Option<Vec<u8>>, left: Option<Left>) -> Entry {
    Entry {
        kind: row.kind,
        op: if body.is_some() {
            EntryOp::Put
        } else {
            EntryOp::Leave
        },
        id: ByteVec::from(row.id.as_bytes().to_vec()),
        version: row.version.unsigned_abs(),
        body: body.map(ByteVec::from),
        left,
    }
}

/// Why an order has left the scope's person. Another person's order is only said to be another's: what
/// became of it there is not told.
fn left(tx: &mut dyn Tx, scope: &str, order_id: Uuid) -> Result<Option<Left>, StoreError> {
    tx.first(
        "SELECT state, assignee_id, reason FROM work_orders WHERE id = ?1",
        args![order_id.to_string()],
        |row| {
            let state: OrderState = row.parse(0)?;
            let assignee: Option<StaffId> = row.opt_parse(1)?;
            let is_own = assignee.is_some_and(|id| user_scope(id) == scope);
            let cause = match state {
                _ if assignee.is_some() && !is_own => LeaveCause::Reassigned,
                OrderState::Cancelled => LeaveCause::Cancelled,
                OrderState::Archived => LeaveCause::Archived,
                _ => LeaveCause::Recalled,
            };
            let reason = row.opt_text(2)?;
            let is_told = cause == LeaveCause::Cancelled && is_own;
            Ok(Left {
                cause,
                reason: reason.filter(|_| is_told),
            })
        },
    )
}

fn feed_rows(
    tx: &mut dyn Tx,
    scope: &str,
    after: i64,
    only_live: bool,
) -> Result<Vec<FeedRow>, StoreError> {
    let leave = if only_live {
        EntryOp::Put
    } else {
        EntryOp::Leave
    };
    tx.all(
        "SELECT position, kind, item_id, version, op FROM feed \
         WHERE scope = ?1 AND position > ?2 AND (op = 'put' OR op = ?3) ORDER BY position LIMIT ?4",
        args![scope, after, leave.as_str(), CHUNK],
        |row| {
            Ok(FeedRow {
                position: row.int(0)?,
                kind: row.parse(1)?,
                id: row.parse(2)?,
                version: row.int(3)?,
                op: row.parse(4)?,
            })
        },
    )
}

/// A stretch of a scope's feed.
struct Span<'a> {
    scope: &'a str,
    after: i64,
    to: i64,
}

/// Bodies of a chunk that come by a join; orders and profiles are few and read one by one.
#[derive(Default)]
struct Bodies {
    customers: BTreeMap<Uuid, CustomerRecord>,
}

impl Bodies {
    fn load(tx: &mut dyn Tx, span: &Span<'_>, rows: &[FeedRow]) -> Result<Self, StoreError> {
        let is_needed = |row: &FeedRow| row.kind == EntryKind::Customer && row.op == EntryOp::Put;
        if !rows.iter().any(is_needed) {
            return Ok(Self::default());
        }
        let mut customers = customers(tx, span)?;
        add_meters(tx, span, &mut customers)?;
        Ok(Self { customers })
    }

    fn take(&mut self, tx: &mut dyn Tx, row: &FeedRow) -> Result<Option<Vec<u8>>, StoreError> {
        if row.op == EntryOp::Leave {
            return Ok(None);
        }
        match row.kind {
            EntryKind::Order => {
                let order = row::load(tx, dianma_schema::id::WorkOrderId(row.id))?;
                match order {
                    Some(order) => {
                        let mut record = order_record(order);
                        record.consent = consent::checks(tx, record.id)?;
                        encode(&record).map(Some)
                    }
                    None => Ok(None),
                }
            }
            EntryKind::Customer => {
                let found = self.customers.remove(&row.id);
                found.map(|customer| encode(&customer)).transpose()
            }
            EntryKind::Staff => staff(tx, row.id)?.map(|staff| encode(&staff)).transpose(),
            EntryKind::Place => place(tx, row.id)?.map(|place| encode(&place)).transpose(),
        }
    }
}

fn encode<T: minicbor::Encode<()>>(record: &T) -> Result<Vec<u8>, StoreError> {
    minicbor::to_vec(record).map_err(|error| StoreError::Engine(error.to_string()))
}

/// An order as a phone holds it.
pub(super) fn order_record(order: OrderRow) -> OrderRecord {
    OrderRecord {
        place: order.place(),
        id: order.id,
        order_number: order.order_number,
        kind: order.kind,
        subtype: order.subtype,
        state: order.state,
        urgency: order.urgency,
        version: order.version.unsigned_abs(),
        content: order.content,
        customer_id: order.customer_id,
        account_number: order.account_number,
        account_name: order.account_name,
        contact_phone: order.contact_phone,
        address: order.address,
        meter_number: order.meter_number,
        pole_number: order.pole_number,
        taken_in_at_ms: order.taken_in_at_ms,
        arrive_due_at_ms: order.arrive_due_at_ms,
        due_at_ms: order.due_at_ms,
        promise: order.promise,
        appointment_at_ms: order.appointment_at_ms,
        assignee_id: order.assignee_id,
        reason: order.reason,
        dispatch_note: order.dispatch_note,
        is_finished: order.finished_at_ms.is_some(),
        evidence_arrived: u32::try_from(order.evidence_arrived).unwrap_or(0),
        evidence_expected: u32::try_from(order.evidence_expected).unwrap_or(0),
        consent: None,
    }
}

fn staff(tx: &mut dyn Tx, id: Uuid) -> Result<Option<StaffRecord>, StoreError> {
    tx.first(
        "SELECT p.id, p.version, p.display_name, COALESCE(s.name, ''), p.is_on_duty \
         FROM staff p LEFT JOIN stations s ON s.id = p.station_id WHERE p.id = ?1",
        args![id.to_string()],
        |row| {
            Ok(StaffRecord {
                id: row.parse(0)?,
                version: row.int(1)?.unsigned_abs(),
                display_name: row.text(2)?,
                station_name: row.text(3)?,
                is_on_duty: row.flag(4)?,
            })
        },
    )
}

/// A labelled place with its label and the meters in it.
fn place(tx: &mut dyn Tx, id: Uuid) -> Result<Option<PlaceRecord>, StoreError> {
    let found = tx.first(
        "SELECT p.id, p.version, p.kind, p.number, a.name, p.latitude_e6, p.longitude_e6, \
         (SELECT MAX(l.id) FROM labels l WHERE l.place_id = p.id AND l.state = 'valid') \
         FROM label_places p JOIN transformer_areas a ON a.id = p.area_id WHERE p.id = ?1",
        args![id.to_string()],
        |row| {
            Ok(PlaceRecord {
                id: row.parse(0)?,
                version: row.int(1)?.unsigned_abs(),
                kind: row.parse(2)?,
                number: row.text(3)?,
                area_name: row.text(4)?,
                place: match (row.opt_int(5)?, row.opt_int(6)?) {
                    (Some(latitude), Some(longitude)) => Place::new(latitude, longitude),
                    _ => None,
                },
                label_id: row.opt_parse(7)?,
                meter_numbers: Vec::new(),
            })
        },
    )?;
    let Some(mut record) = found else {
        return Ok(None);
    };
    record.meter_numbers = tx.all(
        "SELECT m.meter_number FROM label_place_meters b JOIN meters m ON m.id = b.meter_id \
         WHERE b.place_id = ?1 ORDER BY m.meter_number LIMIT 200",
        args![id.to_string()],
        |row| row.text(0),
    )?;
    Ok(Some(record))
}

/// Columns of [`customer`], with the area joined as `a`.
pub(crate) const CUSTOMER_COLUMNS: &str = "c.id, c.version, c.account_number, c.account_name, c.contact_phone, c.supply_address, a.name, \
     c.pole_number, c.customer_class, c.latitude_e6, c.longitude_e6, c.arrears_fen, \
     (SELECT MAX(l.id) FROM labels l WHERE l.customer_id = c.id AND l.kind = 'customer' \
      AND l.state = 'valid')";

/// Reads [`CUSTOMER_COLUMNS`]; meters are added by the caller.
pub(crate) fn customer(row: &Row<'_>) -> Result<CustomerRecord, StoreError> {
    Ok(CustomerRecord {
        id: row.parse(0)?,
        version: row.int(1)?.unsigned_abs(),
        account_number: row.text(2)?,
        account_name: row.text(3)?,
        contact_phone: row.opt_text(4)?,
        address: row.text(5)?,
        area_name: row.text(6)?,
        pole_number: row.opt_text(7)?,
        customer_class: row.text(8)?,
        place: match (row.opt_int(9)?, row.opt_int(10)?) {
            (Some(latitude), Some(longitude)) => Place::new(latitude, longitude),
            _ => None,
        },
        arrears_fen: row.int(11)?,
        meters: Vec::new(),
        label_id: row.opt_parse(12)?,
    })
}

/// Columns of [`meter`].
pub(crate) const METER_COLUMNS: &str = "m.customer_id, m.meter_number, m.phases, m.multiplier, m.last_reading_wh, \
     (SELECT MAX(l.id) FROM labels l WHERE l.meter_id = m.id AND l.state = 'valid')";

/// Reads [`METER_COLUMNS`]: the customer's id and the meter.
pub(crate) fn meter(row: &Row<'_>) -> Result<(Uuid, MeterRecord), StoreError> {
    let meter = MeterRecord {
        meter_number: row.text(1)?,
        phases: u8::try_from(row.int(2)?).unwrap_or(1),
        multiplier: u32::try_from(row.int(3)?).unwrap_or(1),
        last_reading_wh: row.opt_int(4)?,
        label_id: row.opt_parse(5)?,
    };
    Ok((row.parse(0)?, meter))
}

fn customers(
    tx: &mut dyn Tx,
    span: &Span<'_>,
) -> Result<BTreeMap<Uuid, CustomerRecord>, StoreError> {
    let sql = format!(
        "SELECT {CUSTOMER_COLUMNS} FROM feed f JOIN customers c ON c.id = f.item_id \
         JOIN transformer_areas a ON a.id = c.area_id WHERE f.scope = ?1 AND f.position > ?2 \
         AND f.position <= ?3 AND f.kind = 'customer' AND f.op = 'put' LIMIT {CHUNK}"
    );
    let found = tx.all(&sql, args![span.scope, span.after, span.to], customer)?;
    Ok(found
        .into_iter()
        .map(|record| (record.id.0, record))
        .collect())
}

fn add_meters(
    tx: &mut dyn Tx,
    span: &Span<'_>,
    customers: &mut BTreeMap<Uuid, CustomerRecord>,
) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT {METER_COLUMNS} FROM feed f JOIN meters m ON m.customer_id = f.item_id \
         WHERE f.scope = ?1 AND f.position > ?2 AND f.position <= ?3 AND f.kind = 'customer' \
         AND f.op = 'put' AND m.state = 'installed' ORDER BY m.customer_id, m.meter_number \
         LIMIT 10000"
    );
    let found = tx.all(&sql, args![span.scope, span.after, span.to], meter)?;
    for (customer_id, meter) in found {
        if let Some(customer) = customers.get_mut(&customer_id) {
            customer.meters.push(meter);
        }
    }
    Ok(())
}

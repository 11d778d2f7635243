//! Rows of the outbox table: insert, settle, read. What a command means is not decided here.

use crate::error::{CoreError, inconsistent};
use dianma_schema::id::WorkOrderId;
use dianma_schema::text_enum;
use dianma_schema::wire::command::CommandEnvelope;
use rusqlite::{Connection, OptionalExtension as _, Row};

text_enum! {
    /// Where a command stands. "Sent" is no state: it lives in memory only.
    pub enum Status {
        0 Pending = "pending", "待上传", "Pending";
        1 Accepted = "accepted", "已接收", "Accepted";
        2 Rejected = "rejected", "被拒绝", "Rejected";
        3 Quarantined = "quarantined", "已隔离", "Quarantined";
    }
}

impl Status {
    /// The command counts in what the person sees: sent or not, nobody has refused it.
    pub const fn is_standing(self) -> bool {
        matches!(self, Self::Pending | Self::Accepted)
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Number.
    pub n: u64,
    /// Order.
    pub order_id: Option<WorkOrderId>,
    /// Word of the payload.
    pub command: String,
    /// As it goes over the wire.
    pub envelope: CommandEnvelope,
    /// Where it stands.
    pub status: Status,
    /// Fault code when refused.
    pub code: Option<String>,
    /// Who changed what meanwhile, Chinese.
    pub detail: Option<String>,
    /// English.
    pub detail_en: Option<String>,
    /// Order version after it.
    pub result_version: Option<u64>,
    /// Queued, phone clock.
    pub created_at_ms: i64,
    /// What the person chose: 0 redo, 1 note, 2 record only.
    pub handled: Option<u8>,
}

const COLUMNS: &str = "n, order_id, command, body, status, code, detail, result_version,
                       created_at_ms, handled, detail_en";

struct Raw {
    n: i64,
    order_id: Option<[u8; 16]>,
    command: String,
    body: Vec<u8>,
    status: String,
    code: Option<String>,
    detail: Option<String>,
    result_version: Option<i64>,
    created_at_ms: i64,
    handled: Option<u8>,
    detail_en: Option<String>,
}

impl Raw {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            n: row.get(0)?,
            order_id: row.get(1)?,
            command: row.get(2)?,
            body: row.get(3)?,
            status: row.get(4)?,
            code: row.get(5)?,
            detail: row.get(6)?,
            result_version: row.get(7)?,
            created_at_ms: row.get(8)?,
            handled: row.get(9)?,
            detail_en: row.get(10)?,
        })
    }

    fn checked(self) -> Result<OutboxRow, CoreError> {
        Ok(OutboxRow {
            n: self.n.cast_unsigned(),
            order_id: self.order_id.map(order_id),
            command: self.command,
            envelope: minicbor::decode(&self.body).map_err(|_| inconsistent("outbox.body"))?,
            status: self
                .status
                .parse()
                .map_err(|_| inconsistent("outbox.status"))?,
            code: self.code,
            detail: self.detail,
            detail_en: self.detail_en,
            result_version: self.result_version.map(i64::cast_unsigned),
            created_at_ms: self.created_at_ms,
            handled: self.handled,
        })
    }
}

/// The id of 16 stored bytes.
pub fn order_id(bytes: [u8; 16]) -> WorkOrderId {
    WorkOrderId(uuid::Uuid::from_bytes(bytes))
}

/// The stored form of an id.
pub const fn key(id: &WorkOrderId) -> &[u8; 16] {
    id.0.as_bytes()
}

/// Queues a command.
pub fn insert(
    db: &Connection,
    envelope: &CommandEnvelope,
    body: &[u8],
    command: &str,
) -> Result<(), CoreError> {
    db.prepare_cached(
        "INSERT INTO outbox (n, order_id, command, body, status, created_at_ms)
         VALUES (?1, ?2, ?3, ?4, 'pending', ?5)",
    )?
    .execute((
        envelope.n.cast_signed(),
        envelope.order_id.as_ref().map(key),
        command,
        body,
        envelope.wall_ms,
    ))?;
    Ok(())
}

/// What the server said about a command.
#[derive(Clone, Debug)]
pub struct Verdict<'a> {
    /// Number.
    pub n: u64,
    /// Verdict.
    pub status: Status,
    /// Fault code.
    pub code: Option<&'a str>,
    /// Words for the card, Chinese.
    pub detail: Option<&'a str>,
    /// English.
    pub detail_en: Option<&'a str>,
    /// Order version after it.
    pub version: Option<u64>,
    /// Now.
    pub at_ms: i64,
}

/// Stores the server's verdict.
pub fn settle(db: &Connection, verdict: &Verdict<'_>) -> Result<(), CoreError> {
    db.prepare_cached(
        "UPDATE outbox SET status = ?2, code = ?3, detail = ?4, result_version = ?5,
         settled_at_ms = ?6, detail_en = ?7 WHERE n = ?1",
    )?
    .execute((
        verdict.n.cast_signed(),
        verdict.status.as_str(),
        verdict.code,
        verdict.detail,
        verdict.version.map(u64::cast_signed),
        verdict.at_ms,
        verdict.detail_en,
    ))?;
    Ok(())
}

/// The row of a number.
pub fn find(db: &Connection, n: u64) -> Result<Option<OutboxRow>, CoreError> {
    let raw = db
        .prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE n = ?1"))?
        .query_row([n.cast_signed()], Raw::read)
        .optional()?;
    raw.map(Raw::checked).transpose()
}

/// All rows of an order, oldest first.
pub fn of_order(db: &Connection, order: &WorkOrderId) -> Result<Vec<OutboxRow>, CoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE order_id = ?1 ORDER BY n");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([key(order)], Raw::read)?;
    rows.map(|raw| raw?.checked()).collect()
}

/// Rows of a status with n above `after`, oldest first.
pub fn with_status(
    db: &Connection,
    status: Status,
    after: u64,
    limit: u32,
) -> Result<Vec<OutboxRow>, CoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM outbox WHERE status = ?1 AND n > ?2 ORDER BY n LIMIT ?3");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map((status.as_str(), after.cast_signed(), limit), Raw::read)?;
    rows.map(|raw| raw?.checked()).collect()
}

/// Refused commands nobody has decided on, oldest first.
pub fn open_refusals(db: &Connection, limit: u32) -> Result<Vec<OutboxRow>, CoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox WHERE status IN ('rejected', 'quarantined')
         AND handled IS NULL ORDER BY n LIMIT ?1"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([limit], Raw::read)?;
    rows.map(|raw| raw?.checked()).collect()
}

/// The newest rows before `before`, newest first.
pub fn newest(db: &Connection, before: u64, limit: u32) -> Result<Vec<OutboxRow>, CoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE n < ?1 ORDER BY n DESC LIMIT ?2");
    let mut statement = db.prepare_cached(&sql)?;
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    let rows = statement.query_map((before, limit), Raw::read)?;
    rows.map(|raw| raw?.checked()).collect()
}

/// Notes the person's choice for a refused command.
pub fn set_handled(db: &Connection, n: u64, choice: u8) -> Result<(), CoreError> {
    db.prepare_cached("UPDATE outbox SET handled = ?2 WHERE n = ?1")?
        .execute((n.cast_signed(), choice))?;
    Ok(())
}

/// Numbers and encoded bodies from `from` on, dense: it stops at a hole.
pub fn bodies_from(
    db: &Connection,
    from: u64,
    max_commands: usize,
    max_bytes: usize,
) -> Result<Vec<(u64, Vec<u8>)>, CoreError> {
    let mut statement =
        db.prepare_cached("SELECT n, body FROM outbox WHERE n >= ?1 ORDER BY n LIMIT ?2")?;
    let limit = i64::try_from(max_commands).unwrap_or(i64::MAX);
    let mut rows = statement.query((from.cast_signed(), limit))?;
    let (mut bodies, mut bytes, mut next) = (Vec::new(), 0, from);
    while let Some(row) = rows.next()? {
        let n = row.get::<_, i64>(0)?.cast_unsigned();
        let body: Vec<u8> = row.get(1)?;
        bytes += body.len();
        if n != next || (bytes > max_bytes && !bodies.is_empty()) {
            break;
        }
        bodies.push((n, body));
        next += 1;
    }
    Ok(bodies)
}

/// Lowest pending number.
pub fn first_pending(db: &Connection) -> Result<Option<u64>, CoreError> {
    let n: Option<i64> = db
        .prepare_cached("SELECT min(n) FROM outbox WHERE status = 'pending'")?
        .query_row([], |row| row.get(0))?;
    Ok(n.map(i64::cast_unsigned))
}

/// Number of commands without an answer.
pub fn count_pending(db: &Connection) -> Result<u32, CoreError> {
    Ok(db
        .prepare_cached("SELECT count(*) FROM outbox WHERE status = 'pending'")?
        .query_row([], |row| row.get(0))?)
}

/// Number of refused commands nobody has decided on.
pub fn count_open_refusals(db: &Connection) -> Result<u32, CoreError> {
    Ok(db
        .prepare_cached(
            "SELECT count(*) FROM outbox
             WHERE status IN ('rejected', 'quarantined') AND handled IS NULL",
        )?
        .query_row([], |row| row.get(0))?)
}

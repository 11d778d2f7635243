//! The feed phones follow: per scope a self-compacting list of (kind, id, version) under a counter
//! row. `publish` is the last thing a use case does before its transaction ends: positions must be
//! given out in commit order, or a reader steps over a row that is not visible yet.

mod leaves;

pub use leaves::forget_leaves;

use crate::args;
use crate::store::{Engine, MAX_LIST, Notice, StoreError, Tx, Value, in_list, insert_rows};
use dianma_schema::id::{StaffId, StationId};
use dianma_schema::wire::sync::{EntryKind, EntryOp, checksum_term};
use std::collections::BTreeMap;

/// The scope of a person's own orders.
pub fn user_scope(staff_id: StaffId) -> String {
    format!("user:{staff_id}")
}

/// The scope of a station's customers.
pub fn station_scope(station_id: StationId) -> String {
    format!("station:{station_id}")
}

/// The scope of a station's labelled places.
pub fn places_scope(station_id: StationId) -> String {
    format!("places:{station_id}")
}

/// One change of one thing in one scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Scope name.
    pub scope: String,
    /// What it is.
    pub kind: EntryKind,
    /// Its id.
    pub item_id: uuid::Uuid,
    /// Its version after the change.
    pub version: i64,
    /// Put or leave.
    pub op: EntryOp,
}

impl Change {
    /// The item is in the scope, in this version.
    pub fn put(scope: String, kind: EntryKind, item_id: uuid::Uuid, version: i64) -> Self {
        Self {
            scope,
            kind,
            item_id,
            version,
            op: EntryOp::Put,
        }
    }

    /// The item has left the scope.
    pub fn leave(scope: String, kind: EntryKind, item_id: uuid::Uuid, version: i64) -> Self {
        Self {
            scope,
            kind,
            item_id,
            version,
            op: EntryOp::Leave,
        }
    }
}

/// A published change and where its item stood in the scope before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// What was published.
    pub change: Change,
    /// Its position now.
    pub position: i64,
    /// Position and version of the row it replaced, when the item was live in the scope.
    pub before: Option<(i64, i64)>,
}

/// Position and version of items' live rows.
type Rows = BTreeMap<(EntryKind, uuid::Uuid), (i64, i64)>;

/// Writes the changes, scopes in sorted order (one order of locks: no deadlock). A later change of
/// the same item in the same scope replaces the earlier one.
pub fn publish(tx: &mut dyn Tx, now_ms: i64, changes: Vec<Change>) -> Result<(), StoreError> {
    publish_each(tx, now_ms, changes, &mut |_, _, _| {})
}

/// [`publish`], telling what moved from where.
pub fn publish_moves(
    tx: &mut dyn Tx,
    now_ms: i64,
    changes: Vec<Change>,
) -> Result<Vec<Moved>, StoreError> {
    let mut moves = Vec::with_capacity(changes.len());
    publish_each(tx, now_ms, changes, &mut |change, position, before| {
        moves.push(Moved {
            change: change.clone(),
            position,
            before,
        });
    })?;
    Ok(moves)
}

/// Told of each change: its position, and where and in which version its item stood.
type Tell<'a> = &'a mut dyn FnMut(&Change, i64, Option<(i64, i64)>);

fn publish_each(
    tx: &mut dyn Tx,
    now_ms: i64,
    mut changes: Vec<Change>,
    tell: Tell<'_>,
) -> Result<(), StoreError> {
    // Stable sort: of two changes to one item the last one given stays last.
    changes.sort_by(|a, b| (&a.scope, a.kind, a.item_id).cmp(&(&b.scope, b.kind, b.item_id)));
    changes.reverse();
    changes.dedup_by(|later, earlier| {
        (&later.scope, later.kind, later.item_id) == (&earlier.scope, earlier.kind, earlier.item_id)
    });
    changes.reverse();
    let mut rest = changes.as_slice();
    while let Some(first) = rest.first() {
        let count = rest
            .iter()
            .take_while(|change| change.scope == first.scope)
            .count();
        let (scope, after) = rest.split_at(count);
        publish_scope(tx, now_ms, scope, tell)?;
        rest = after;
    }
    Ok(())
}

fn publish_scope(
    tx: &mut dyn Tx,
    now_ms: i64,
    changes: &[Change],
    tell: Tell<'_>,
) -> Result<(), StoreError> {
    let Some(first) = changes.first() else {
        return Ok(());
    };
    let scope = first.scope.as_str();
    let count = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    let (end, mut checksum) = tx
        .first(
            "INSERT INTO scopes (scope, position, floor, checksum) VALUES (?1, ?2, 0, 0) \
             ON CONFLICT (scope) DO UPDATE SET position = scopes.position + ?2 \
             RETURNING position, checksum",
            args![scope, count],
            |row| Ok((row.int(0)?, row.int(1)?)),
        )?
        .ok_or_else(|| StoreError::Engine("the scope counter answered nothing".to_owned()))?;
    let old = if let [only] = changes {
        move_one(tx, now_ms, only, end)?
    } else {
        let old = take_out(tx, changes)?;
        put_in(tx, now_ms, changes, end - count)?;
        old
    };
    for (position, change) in (end - count + 1..).zip(changes) {
        let before = old.get(&(change.kind, change.item_id)).copied();
        if let Some((_, version)) = before {
            checksum = checksum.wrapping_sub(term(change, version));
        }
        if change.op == EntryOp::Put {
            checksum = checksum.wrapping_add(term(change, change.version));
        }
        tell(change, position, before);
    }
    tx.execute(
        "UPDATE scopes SET checksum = ?2 WHERE scope = ?1",
        args![scope, checksum],
    )?;
    tx.notify(Notice::Scope {
        scope: scope.to_owned(),
    });
    Ok(())
}

/// A single change, as almost every command of a phone makes: its row is moved in place, and the index
/// by item stays as it is. Gives back where a live row was.
fn move_one(
    tx: &mut dyn Tx,
    now_ms: i64,
    change: &Change,
    position: i64,
) -> Result<Rows, StoreError> {
    let (scope, kind, op) = (&change.scope, change.kind.as_str(), change.op.as_str());
    let item = change.item_id.to_string();
    let old = tx.first(
        "SELECT position, version, op FROM feed WHERE scope = ?1 AND kind = ?2 AND item_id = ?3",
        args![scope, kind, &item],
        |row| Ok((row.int(0)?, row.int(1)?, row.parse::<EntryOp>(2)?)),
    )?;
    let Some((old_position, old_version, old_op)) = old else {
        put_in(tx, now_ms, std::slice::from_ref(change), position - 1)?;
        return Ok(Rows::new());
    };
    tx.execute(
        "UPDATE feed SET position = ?3, version = ?4, op = ?5, at_ms = ?6 \
         WHERE scope = ?1 AND position = ?2",
        args![scope, old_position, position, change.version, op, now_ms],
    )?;
    let is_live = old_op == EntryOp::Put;
    let live = is_live.then_some(((change.kind, change.item_id), (old_position, old_version)));
    Ok(live.into_iter().collect())
}

/// Takes the items' old rows out of their scope; gives back where the live ones were.
fn take_out(tx: &mut dyn Tx, changes: &[Change]) -> Result<Rows, StoreError> {
    let mut rows = Rows::new();
    for of_kind in changes.chunk_by(|a, b| a.kind == b.kind) {
        for part in of_kind.chunks(MAX_LIST) {
            let Some(first) = part.first() else { continue };
            let items: Vec<Value> = part.iter().map(|c| c.item_id.to_string().into()).collect();
            let Some((list, padded)) = in_list(&items) else {
                continue;
            };
            let sql = format!(
                "DELETE FROM feed WHERE item_id IN {list} AND scope = ?{} AND kind = ?{} \
                 RETURNING item_id, position, version, op",
                padded.len() + 1,
                padded.len() + 2
            );
            let mut values = padded;
            values.push(first.scope.as_str().into());
            values.push(first.kind.as_str().into());
            let old = tx.all(&sql, &values, |row| {
                let at = (row.int(1)?, row.int(2)?);
                Ok((row.parse::<uuid::Uuid>(0)?, at, row.parse::<EntryOp>(3)?))
            })?;
            let live = old.into_iter().filter(|(_, _, op)| *op == EntryOp::Put);
            rows.extend(live.map(|(item, at, _)| ((first.kind, item), at)));
        }
    }
    Ok(rows)
}

/// Writes the rows at the positions after `from`.
fn put_in(tx: &mut dyn Tx, now_ms: i64, changes: &[Change], from: i64) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(changes.len());
    for (position, change) in (from + 1..).zip(changes) {
        let row = args![
            &change.scope,
            position,
            change.kind.as_str(),
            change.item_id.to_string(),
            change.version,
            change.op.as_str(),
            now_ms
        ];
        rows.push(row.to_vec());
    }
    let head = "INSERT INTO feed (scope, position, kind, item_id, version, op, at_ms)";
    insert_rows(tx, head, 7, &rows, "").map(drop)
}

fn term(change: &Change, version: i64) -> i64 {
    let version = u64::try_from(version).unwrap_or(0);
    checksum_term(change.kind, change.item_id.as_bytes(), version).cast_signed()
}

/// How a scope stands; the default is that of a scope nothing was ever published in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScopeHead {
    /// Last position given out.
    pub position: i64,
    /// Cursors below this must start over.
    pub floor: i64,
    /// Sum of the live entries' terms.
    pub checksum: u64,
}

/// The head of a scope; `None` when nothing was ever published in it.
pub fn head(tx: &mut dyn Tx, scope: &str) -> Result<Option<ScopeHead>, StoreError> {
    tx.first(
        "SELECT position, floor, checksum FROM scopes WHERE scope = ?1",
        args![scope],
        |row| {
            Ok(ScopeHead {
                position: row.int(0)?,
                floor: row.int(1)?,
                checksum: row.int(2)?.cast_unsigned(),
            })
        },
    )
}

/// The random number of this database's incarnation, never 0; made at the first start. A restore
/// from a backup gives it a new one, so that phones start over and offer their tail again.
pub fn epoch(tx: &mut dyn Tx) -> Result<u32, StoreError> {
    let found = tx.first(
        "SELECT value FROM settings WHERE name = 'epoch'",
        args![],
        |row| row.parse::<u32>(0),
    )?;
    found.ok_or_else(|| StoreError::Refused("the database has no epoch".to_owned()))
}

/// Gives a new database its epoch.
pub fn prepare(tx: &mut dyn Tx, random: [u8; 4]) -> Result<(), StoreError> {
    let epoch = u32::from_be_bytes(random).max(1);
    tx.execute(
        "INSERT INTO settings (name, value) VALUES ('epoch', ?1) ON CONFLICT (name) DO NOTHING",
        args![epoch.to_string()],
    )?;
    Ok(())
}

/// Locks a row against other nodes: on SQLite the single writer needs none.
pub fn for_update(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " FOR UPDATE",
    }
}

//! The pull half of a sync: pages of changed things per scope, cut to a byte budget, with the scope's
//! checksum on the last one. Everything is read in one snapshot, so a page and its checksum agree.

use super::entries;
use crate::args;
use crate::auth::Actor;
use crate::feed::{self, ScopeHead};
use crate::keys::trust;
use crate::store::{StoreError, Tx};
use dianma_schema::id::DeviceId;
use dianma_schema::wire::sync::{Cursor, Page, ScopeKind, SyncRequest, TrustHave, TrustUpdate};

/// Plain CBOR bytes that make one byte on the wire, low estimate: the budget is one of the wire.
const SQUEEZE: usize = 3;
/// Set in a cursor while a reset runs across several requests, so that a position below the floor
/// does not start it over. Phones hand positions back as they got them.
const IN_RESET: u64 = 1 << 62;
/// Most scopes a phone may follow.
const MAX_CURSORS: usize = 4;

/// Where a device and its scopes stand.
#[derive(Debug)]
pub struct Standing {
    pub epoch: u32,
    pub last_n: u64,
    pub is_blocked: bool,
    /// Serials of the signed lists in force.
    pub trust: TrustHave,
    heads: Vec<(String, ScopeHead)>,
}

/// What a pull answers.
#[derive(Debug, Default)]
pub struct Pulled {
    pub pages: Vec<Page>,
    /// Something was left for the next request.
    pub has_more: bool,
    /// Signed lists the phone does not have.
    pub trust: Option<TrustUpdate>,
}

/// One query for all an empty poll needs.
pub fn standing(
    tx: &mut dyn Tx,
    actor: &Actor,
    device_id: DeviceId,
) -> Result<Option<Standing>, StoreError> {
    let user = feed::user_scope(actor.staff_id);
    let station = actor.station_id.map(feed::station_scope);
    let places = actor.station_id.map(feed::places_scope);
    let rows = tx.all(
        "SELECT d.last_n, d.state, p.is_active, (SELECT value FROM settings WHERE name = 'epoch'), \
         s.scope, s.position, s.floor, s.checksum, \
         (SELECT value FROM settings WHERE name = 'signed_lists') \
         FROM devices d JOIN staff p ON p.id = d.staff_id \
         LEFT JOIN scopes s ON s.scope = ?2 OR s.scope = ?3 OR s.scope = ?4 WHERE d.id = ?1 LIMIT 3",
        args![device_id.to_string(), &user, station.as_ref(), places.as_ref()],
        |row| {
            let head = match row.opt_text(4)? {
                Some(scope) => Some((
                    scope,
                    ScopeHead {
                        position: row.int(5)?,
                        floor: row.int(6)?,
                        checksum: row.int(7)?.cast_unsigned(),
                    },
                )),
                None => None,
            };
            let is_blocked = row.text(1)? != "active" || !row.flag(2)?;
            let trust = trust::serials(row.opt_text(8)?.as_deref());
            Ok((row.int(0)?, is_blocked, row.parse::<u32>(3)?, head, trust))
        },
    )?;
    let Some((last_n, is_blocked, epoch, _, trust)) = rows.first() else {
        return Ok(None);
    };
    Ok(Some(Standing {
        epoch: *epoch,
        last_n: last_n.unsigned_abs(),
        is_blocked: *is_blocked,
        trust: *trust,
        heads: rows
            .into_iter()
            .filter_map(|(_, _, _, head, _)| head)
            .collect(),
    }))
}

/// The pages for the phone's cursors; nothing for scopes that did not move.
pub fn pages(
    tx: &mut dyn Tx,
    actor: &Actor,
    standing: &Standing,
    request: &SyncRequest,
) -> Result<Pulled, StoreError> {
    let budget = request.net_class.page_budget_bytes() as usize * SQUEEZE;
    let mut left = budget;
    let mut pulled = Pulled::default();
    for cursor in request.cursors.iter().take(MAX_CURSORS) {
        let Some(name) = scope_name(actor, cursor.scope) else {
            continue;
        };
        let found = standing.heads.iter().find(|(scope, _)| *scope == name);
        let head = found.map_or(ScopeHead::default(), |(_, head)| *head);
        let start = Start::of(cursor, standing.epoch, &head);
        if start.is_current(&head) {
            continue;
        }
        let (page, used) = page(tx, &name, standing.epoch, &head, &start, left)?;
        left = left.saturating_sub(used);
        pulled.has_more |= page.more;
        pulled.pages.push(Page {
            scope: cursor.scope,
            ..page
        });
    }
    Ok(pulled)
}

fn scope_name(actor: &Actor, kind: ScopeKind) -> Option<String> {
    match kind {
        ScopeKind::User => Some(feed::user_scope(actor.staff_id)),
        ScopeKind::Station => actor.station_id.map(feed::station_scope),
        ScopeKind::Places => actor.station_id.map(feed::places_scope),
    }
}

/// Where reading begins.
struct Start {
    position: i64,
    /// The phone's cursor is unusable: it starts over.
    is_reset: bool,
    /// A reset that began in an earlier request.
    is_in_reset: bool,
}

impl Start {
    fn of(cursor: &Cursor, epoch: u32, head: &ScopeHead) -> Self {
        let is_in_reset = cursor.position & IN_RESET != 0;
        let position = i64::try_from(cursor.position & !IN_RESET).unwrap_or(i64::MAX);
        let is_usable = cursor.epoch == epoch
            && position <= head.position
            && (position >= head.floor || is_in_reset);
        Self {
            position: if is_usable { position } else { 0 },
            is_reset: !is_usable,
            is_in_reset: is_usable && is_in_reset,
        }
    }

    fn is_current(&self, head: &ScopeHead) -> bool {
        !self.is_reset && !self.is_in_reset && self.position == head.position
    }
}

fn page(
    tx: &mut dyn Tx,
    scope: &str,
    epoch: u32,
    head: &ScopeHead,
    start: &Start,
    budget: usize,
) -> Result<(Page, usize), StoreError> {
    let only_live = start.is_reset || start.is_in_reset;
    let read = entries::after(tx, scope, start.position, only_live, budget)?;
    let more = read.last_position.is_some();
    let position = read.last_position.unwrap_or(head.position);
    let mut shown = position.unsigned_abs();
    if more && only_live && position < head.floor {
        shown |= IN_RESET;
    }
    let page = Page {
        scope: ScopeKind::User,
        epoch,
        position: shown,
        reset: start.is_reset,
        more,
        entries: read.entries,
        checksum: (!more).then_some(head.checksum),
    };
    Ok((page, read.bytes))
}

//! The pull half of a sync: pages of changed things per scope, cut to a byte budget, with the scope's
//! checksum on the last one. Everything is read in one snapshot, so a page and its checksum agree.

use super::entries;
use super::own::Own;
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
/// So many changes are read without a thread of their own.
const FEW: i64 = 16;
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

impl Standing {
    fn head(&self, name: &str) -> ScopeHead {
        let found = self.heads.iter().find(|(scope, _)| scope == name);
        found.map_or(ScopeHead::default(), |(_, head)| *head)
    }
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

/// Whether the phone is so near the present that reading the rest takes microseconds.
pub(super) fn is_short(actor: &Actor, standing: &Standing, request: &SyncRequest) -> bool {
    moved(actor, standing, request).all(|it| it.start.is_near(&it.head))
}

/// The answer to a phone in whose scopes nothing moved but by the commands it just sent: at most an
/// empty page with the new position. `None` when there is something to read.
pub(super) fn unread(
    actor: &Actor,
    standing: &Standing,
    request: &SyncRequest,
    own: &[Own],
) -> Option<Pulled> {
    let mut pulled = Pulled::default();
    for it in moved(actor, standing, request) {
        let head = it.head;
        let is_own = it.scope == ScopeKind::User && it.start.leads_to(&head, own);
        if !is_own {
            return None;
        }
        pulled.pages.push(Page {
            scope: it.scope,
            epoch: standing.epoch,
            position: head.position.unsigned_abs(),
            reset: false,
            more: false,
            entries: Vec::new(),
            checksum: Some(head.checksum),
        });
    }
    Some(pulled)
}

/// The pages for the phone's cursors, without the changes in `own`, which the phone shows already;
/// nothing for scopes that did not move.
pub fn pages(
    tx: &mut dyn Tx,
    actor: &Actor,
    standing: &Standing,
    request: &SyncRequest,
    own: &[Own],
) -> Result<Pulled, StoreError> {
    let budget = request.net_class.page_budget_bytes() as usize * SQUEEZE;
    let mut left = budget;
    let mut pulled = Pulled::default();
    for it in moved(actor, standing, request) {
        let hidden = match it.scope {
            ScopeKind::User => it.start.hides(own),
            ScopeKind::Station | ScopeKind::Places => Vec::new(),
        };
        let stretch = Stretch {
            scope: &it.name,
            head: &it.head,
            start: &it.start,
            hidden: &hidden,
        };
        let (page, used) = page(tx, standing.epoch, &stretch, left)?;
        left = left.saturating_sub(used);
        pulled.has_more |= page.more;
        pulled.pages.push(Page {
            scope: it.scope,
            ..page
        });
    }
    Ok(pulled)
}

/// A scope the phone follows in which something moved, and where reading begins.
struct Moved {
    scope: ScopeKind,
    name: String,
    head: ScopeHead,
    start: Start,
}

fn moved<'a>(
    actor: &'a Actor,
    standing: &'a Standing,
    request: &'a SyncRequest,
) -> impl Iterator<Item = Moved> + 'a {
    let cursors = request.cursors.iter().take(MAX_CURSORS);
    cursors.filter_map(move |cursor| {
        let name = scope_name(actor, cursor.scope)?;
        let head = standing.head(&name);
        let start = Start::of(cursor, standing.epoch, &head);
        (!start.is_current(&head)).then_some(Moved {
            scope: cursor.scope,
            name,
            head,
            start,
        })
    })
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

    fn is_near(&self, head: &ScopeHead) -> bool {
        !self.is_reset && !self.is_in_reset && head.position - self.position <= FEW
    }

    /// Positions of changes whose earlier state this cursor has seen.
    fn hides(&self, own: &[Own]) -> Vec<i64> {
        if self.is_reset || self.is_in_reset {
            return Vec::new();
        }
        let seen = own.iter().filter(|own| own.before <= self.position);
        seen.map(|own| own.position).collect()
    }

    /// Everything from here to the head is hidden: positions are given out once, so it is enough to
    /// count them.
    fn leads_to(&self, head: &ScopeHead, own: &[Own]) -> bool {
        let hidden = self.hides(own);
        let span = self.position + 1..=head.position;
        let count = hidden.iter().filter(|at| span.contains(at)).count();
        !self.is_reset && i64::try_from(count) == Ok(head.position - self.position)
    }

    fn is_current(&self, head: &ScopeHead) -> bool {
        !self.is_reset && !self.is_in_reset && self.position == head.position
    }
}

/// What is read of one scope.
struct Stretch<'a> {
    scope: &'a str,
    head: &'a ScopeHead,
    start: &'a Start,
    /// Positions that are passed over.
    hidden: &'a [i64],
}

fn page(
    tx: &mut dyn Tx,
    epoch: u32,
    stretch: &Stretch<'_>,
    budget: usize,
) -> Result<(Page, usize), StoreError> {
    let (head, start) = (stretch.head, stretch.start);
    let from = entries::From {
        scope: stretch.scope,
        position: start.position,
        only_live: start.is_reset || start.is_in_reset,
        hidden: stretch.hidden,
    };
    let only_live = from.only_live;
    let read = entries::after(tx, &from, budget)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use dianma_schema::id::{StaffId, StationId};
    use dianma_schema::permission::Role;
    use dianma_schema::wire::sync::{NetClass, PROTOCOL};

    const EPOCH: u32 = 7;

    fn ask(user: i64, station: i64, own: &[Own]) -> Option<Pulled> {
        let actor = Actor {
            staff_id: StaffId::new(1, [1; 10]),
            display_name: "生成员".to_owned(),
            role: Role::Electrician,
            station_id: Some(StationId::new(1, [2; 10])),
            device_id: None,
        };
        let head = |position| ScopeHead {
            position,
            floor: 0,
            checksum: 99,
        };
        let standing = Standing {
            epoch: EPOCH,
            last_n: 0,
            is_blocked: false,
            trust: TrustHave::default(),
            heads: vec![
                (feed::user_scope(actor.staff_id), head(10)),
                (feed::station_scope(actor.station_id?), head(5)),
            ],
        };
        let cursor = |scope, position: i64| Cursor {
            scope,
            epoch: EPOCH,
            position: position.unsigned_abs(),
        };
        let request = SyncRequest {
            protocol: PROTOCOL,
            app_version: None,
            acked_n: 0,
            commands: None,
            cursors: vec![
                cursor(ScopeKind::User, user),
                cursor(ScopeKind::Station, station),
            ],
            net_class: NetClass::Wifi,
            wall_ms: None,
            pending_commands: None,
            pending_files: None,
            trust: None,
        };
        unread(&actor, &standing, &request, own)
    }

    fn own(before: i64, position: i64) -> Own {
        Own { before, position }
    }

    #[test]
    fn own_changes_alone_make_an_empty_page_with_the_new_position() {
        let pulled = ask(8, 5, &[own(3, 9), own(8, 10)]).unwrap();
        assert_eq!(pulled.pages.len(), 1);
        let page = &pulled.pages[0];
        assert_eq!((page.position, page.checksum), (10, Some(99)));
        assert!(page.entries.is_empty() && !page.more && !page.reset);
        assert!(ask(10, 5, &[]).unwrap().pages.is_empty());
    }

    #[test]
    fn anything_else_is_read() {
        // A foreign change between, a state this phone has not seen, another scope, another cursor.
        assert!(ask(7, 5, &[own(3, 9), own(7, 10)]).is_none());
        assert!(ask(8, 5, &[own(3, 9), own(9, 10)]).is_none());
        assert!(ask(10, 4, &[]).is_none());
        assert!(ask(11, 5, &[]).is_none());
        assert!(ask(8, 5, &[]).is_none());
    }
}

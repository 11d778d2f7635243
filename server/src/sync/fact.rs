//! Facts: always stored. In time they change the order's record, manifest or costs; late ones (the
//! order has left the person, or is closed) are kept beside it and marked, and change nothing.

use super::batch::Batch;
use super::command::{Done, Stop, load_order};
use super::occurred::Occurred;
use super::{cost, record};
use crate::args;
use crate::devices::presence;
use crate::feed::{self, Change};
use crate::orders::OrderRow;
use crate::orders::change::{EventTimes, touch};
use crate::store::{Notice, StoreError, Tx};
use dianma_schema::fault;
use dianma_schema::order::evidence::{self, EvidenceKind};
use dianma_schema::wire::command::{Body, CommandEnvelope, EvidenceItem};
use dianma_schema::wire::sync::EntryKind;
use serde_json::{Value as Json, json};

/// Longest remark taken, in characters.
const LONGEST_NOTE: usize = 2_000;
/// Largest evidence file, bytes.
const MAX_FILE_BYTES: u64 = 100 * 1024 * 1024;

/// Stores a fact; the caller keeps the envelope whatever this answers.
pub(super) fn apply(
    tx: &mut dyn Tx,
    batch: &Batch,
    envelope: &CommandEnvelope,
    occurred: Occurred,
) -> Result<Done, Stop> {
    if let Body::Duty(is_on_duty) = envelope.body {
        return duty(tx, batch, is_on_duty);
    }
    let loaded = match envelope.order_id {
        Some(id) => load_order(tx, batch, id)?,
        None => None,
    };
    let Some(order) = loaded else {
        return Err(Stop::Quarantine(fault::V_NOT_FOUND));
    };
    let is_own = order.assignee_id == Some(batch.staff_id);
    let is_late = !is_own || !order.state.is_with_electrician();
    if !is_own && !batch.is_vouched && !had_it(tx, batch, &order)? {
        return Err(Stop::Quarantine(fault::S_NOT_ASSIGNEE));
    }
    let fact = Fact {
        envelope,
        occurred,
        is_late,
    };
    fact.store(tx, batch, order)
}

/// Whether the order was ever in this person's feed; others' orders are none of his business.
fn had_it(tx: &mut dyn Tx, batch: &Batch, order: &OrderRow) -> Result<bool, StoreError> {
    let found = tx.first(
        "SELECT 1 FROM feed WHERE scope = ?1 AND kind = 'order' AND item_id = ?2",
        args![feed::user_scope(batch.staff_id), order.id.to_string()],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

struct Fact<'a> {
    envelope: &'a CommandEnvelope,
    occurred: Occurred,
    is_late: bool,
}

impl Fact<'_> {
    fn store(&self, tx: &mut dyn Tx, batch: &Batch, mut order: OrderRow) -> Result<Done, Stop> {
        let before = order.clone();
        let mut remark = None;
        let mut detail = match &self.envelope.body {
            Body::Record(values) => {
                let mut merged = record::read(&order)?;
                record::merge(&mut merged, values)?;
                let names: Vec<&str> = values.iter().map(|v| v.name.as_str()).collect();
                if self.is_late {
                    let values = values.iter().map(|v| (v.name.clone(), json!(v.value)));
                    json!({ "fact": "record", "values": values.collect::<serde_json::Map<_, _>>() })
                } else {
                    order.record_values = json!(merged).to_string();
                    json!({ "fact": "record", "fields": names })
                }
            }
            Body::Evidence(item) => {
                let Some(detail) = self.manifest(tx, batch, &mut order, item)? else {
                    return Ok(Done::default());
                };
                detail
            }
            Body::Cost(lines) => {
                let priced = cost::price(lines, self.occurred.at_ms);
                remark = priced.remark;
                if let (Some(sheet), false) = (priced.sheet, self.is_late) {
                    order.total_fen = Some(sheet.total_fen);
                    order.cost_sheet = Some(json!(sheet).to_string());
                }
                priced.detail
            }
            Body::Note(text) => {
                let text: String = text.chars().take(LONGEST_NOTE).collect();
                json!({ "fact": "note", "text": text })
            }
            Body::RefusalHandled(handled) => {
                let note = handled.note.as_deref().unwrap_or_default();
                let note: String = note.chars().take(LONGEST_NOTE).collect();
                json!({ "fact": "refusal_handled", "n": handled.n, "choice": handled.choice,
                        "text": note })
            }
            _ => return Err(Stop::Quarantine(fault::V_UNKNOWN_COMMAND)),
        };
        detail["n"] = json!(self.envelope.n);
        let mut done = self.close(tx, batch, &before, order, detail)?;
        done.remark = remark;
        Ok(done)
    }

    /// Writes the order and its time line. A closed order is frozen: the fact is kept beside it.
    fn close(
        &self,
        tx: &mut dyn Tx,
        batch: &Batch,
        before: &OrderRow,
        mut order: OrderRow,
        mut detail: Json,
    ) -> Result<Done, Stop> {
        if order.state.is_final() {
            return Ok(Done::default());
        }
        if self.is_late {
            detail["is_late"] = json!(true);
        }
        if self.occurred.is_clock_off() {
            detail["clock"] = json!(fault::D_CLOCK);
        }
        let times = EventTimes {
            at_ms: batch.now_ms,
            occurred_at_ms: self.occurred.at_ms,
            uncertainty_ms: self.occurred.uncertainty_ms,
        };
        let changes = touch(
            tx,
            batch.now_ms,
            before,
            &mut order,
            &batch.by,
            times,
            &detail,
        )?;
        Ok(Done {
            order: Some(Box::new(order)),
            before: Some(Box::new(before.clone())),
            changes,
            ..Done::default()
        })
    }

    /// Adds a manifest row; `None` when the order has this file already.
    fn manifest(
        &self,
        tx: &mut dyn Tx,
        batch: &Batch,
        order: &mut OrderRow,
        item: &EvidenceItem,
    ) -> Result<Option<Json>, Stop> {
        let Ok(kind) = item.kind.parse::<EvidenceKind>() else {
            return Err(Stop::Quarantine(fault::V_FIELD));
        };
        let fits = item.sha256.len() == 32
            && (1..=40).contains(&item.slot.chars().count())
            && item.mime.chars().count() <= 100
            && item.size > 0;
        if !fits {
            return Err(Stop::Quarantine(fault::V_FIELD));
        }
        if item.size > MAX_FILE_BYTES {
            return Err(Stop::Quarantine(fault::E_TOO_LARGE));
        }
        let sha256 = crate::text::hex(&item.sha256);
        let arrived = arrived(tx, &sha256)?;
        let has_arrived = arrived.is_some();
        let mime = arrived.as_ref().unwrap_or(&item.mime);
        let added = tx.execute(
            "INSERT INTO evidence (order_id, sha256, slot, kind, mime, size, is_imported, is_late, \
             device_id, taken_at_ms, has_arrived) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
             ON CONFLICT (order_id, sha256) DO NOTHING",
            args![
                order.id.to_string(),
                &sha256,
                &item.slot,
                kind.as_str(),
                mime,
                super::stored::signed(item.size),
                item.imported,
                self.is_late,
                batch.device_id.to_string(),
                self.occurred.at_ms,
                has_arrived
            ],
        )?;
        if added == 0 {
            return self.refile(tx, order, &sha256, item);
        }
        if !self.is_late {
            order.evidence_expected += 1;
            order.evidence_arrived += i64::from(has_arrived);
        }
        Ok(Some(
            json!({ "fact": "evidence", "slot": item.slot, "kind": kind, "sha256": sha256 }),
        ))
    }
}

impl Fact<'_> {
    /// Takes a piece back, or files one again that was taken back, while the order is with the person.
    fn refile(
        &self,
        tx: &mut dyn Tx,
        order: &OrderRow,
        sha256: &str,
        item: &EvidenceItem,
    ) -> Result<Option<Json>, Stop> {
        let listed = tx.all(
            "SELECT sha256, slot, kind FROM evidence WHERE order_id = ?1 AND is_late = 0 LIMIT 1000",
            args![order.id.to_string()],
            |row| Ok((row.text(0)?, row.text(1)?, row.parse::<EvidenceKind>(2)?)),
        )?;
        let Some((_, before, kind)) = listed.iter().find(|(hash, _, _)| hash == sha256) else {
            return Ok(None);
        };
        let was_withdrawn = before == evidence::WITHDRAWN;
        let is_withdrawn = item.slot == evidence::WITHDRAWN;
        let have: Vec<_> = listed.iter().map(|(_, s, k)| (s.as_str(), *k)).collect();
        let is_finished = order.finished_at_ms.is_some();
        let piece = (before.as_str(), *kind);
        let may = !is_withdrawn
            || evidence::may_withdraw(order.kind, order.state, is_finished, piece, &have);
        if self.is_late || is_withdrawn == was_withdrawn || !may {
            return Ok(None);
        }
        tx.execute(
            "UPDATE evidence SET slot = ?3 WHERE order_id = ?1 AND sha256 = ?2",
            args![order.id.to_string(), sha256, &item.slot],
        )?;
        let fact = if is_withdrawn {
            "evidence_withdrawn"
        } else {
            "evidence"
        };
        Ok(Some(
            json!({ "fact": fact, "slot": item.slot, "from": before,
            "kind": kind, "sha256": sha256 }),
        ))
    }
}

/// What a file that came before its manifest is; `None` when it is not here in full.
fn arrived(tx: &mut dyn Tx, sha256: &str) -> Result<Option<String>, StoreError> {
    tx.first(
        "SELECT COALESCE(mime, '') FROM blobs WHERE sha256 = ?1 AND is_complete = 1",
        args![sha256],
        |row| row.text(0),
    )
}

/// On or off duty: the person's row, the presence quarter, the phone's own profile.
fn duty(tx: &mut dyn Tx, batch: &Batch, is_on_duty: bool) -> Result<Done, Stop> {
    let version = tx.first(
        "UPDATE staff SET is_on_duty = ?2, version = version + 1 WHERE id = ?1 RETURNING version",
        args![batch.staff_id.to_string(), is_on_duty],
        |row| row.int(0),
    )?;
    presence::heard(tx, batch.now_ms, batch.staff_id)?;
    tx.notify(Notice::List {
        name: "staff".to_owned(),
    });
    let scope = feed::user_scope(batch.staff_id);
    let change = Change::put(
        scope,
        EntryKind::Staff,
        batch.staff_id.0,
        version.unwrap_or(1),
    );
    Ok(Done {
        changes: vec![change],
        is_on_duty: Some(is_on_duty),
        ..Done::default()
    })
}

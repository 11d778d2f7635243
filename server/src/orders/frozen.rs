//! The frozen form of an order: one canonical JSON of its row, time line, manifest and cost, and the
//! SHA-256 of it. Archiving stores the hash and puts it into the audit chain; anybody can compute it
//! again later. What may still change after archiving (call-backs, late arrivals) is left out.

use super::row::{self, OrderRow};
use crate::args;
use crate::store::{StoreError, Tx};
use crate::text::sha256_hex;
use dianma_schema::id::WorkOrderId;
use serde_json::{Value, json};

/// Events and files read in one go.
const PAGE: i64 = 500;

/// A frozen order: its hash and the files it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// SHA-256 of the canonical form.
    pub hash: String,
    /// SHA-256 of each file of the manifest, sorted.
    pub files: Vec<String>,
}

/// Freezes the order as it stands: every event so far, every file of the manifest.
pub fn freeze(tx: &mut dyn Tx, order: &OrderRow) -> Result<Frozen, StoreError> {
    let files = manifest(tx, order.id)?;
    let names = files.iter().map(|file| file.0.clone()).collect();
    let events = events(tx, order.id, order.version)?;
    Ok(Frozen {
        hash: hash(order, &events, &files),
        files: names,
    })
}

/// Whether an archived order still is what was archived; `None` when it is not archived.
pub fn is_intact(tx: &mut dyn Tx, id: WorkOrderId) -> Result<Option<bool>, StoreError> {
    let Some(order) = row::load(tx, id)? else {
        return Ok(None);
    };
    let Some(stored) = order.archive_hash.clone() else {
        return Ok(None);
    };
    let archived = tx.first(
        "SELECT seq, detail FROM order_events \
         WHERE order_id = ?1 AND command = 'archive' ORDER BY seq LIMIT 1",
        args![id.to_string()],
        |row| Ok((row.int(0)?, row.parse::<Value>(1)?)),
    )?;
    let Some((seq, detail)) = archived else {
        return Ok(Some(false));
    };
    let named = |file: &str| {
        detail["files"]
            .as_array()
            .is_some_and(|files| files.iter().any(|named| named == file))
    };
    let mut files = manifest(tx, id)?;
    files.retain(|(sha256, _)| named(sha256));
    let events = events(tx, id, seq - 1)?;
    Ok(Some(hash(&order, &events, &files) == stored))
}

fn hash(order: &OrderRow, events: &[Value], files: &[(String, Value)]) -> String {
    let files: Vec<&Value> = files.iter().map(|(_, file)| file).collect();
    let whole = json!({
        "format": 1,
        "order": row_of(order),
        "events": events,
        "evidence": files,
    });
    sha256_hex(canonical(&whole).as_bytes())
}

/// JSON with sorted keys and no spaces: one text for one content.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<(&String, &Value)> = map.iter().collect();
            pairs.sort_by_key(|(key, _)| *key);
            let pairs: Vec<String> = pairs
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", pairs.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}

/// The columns that never change after archiving. JSON columns go in as their stored text.
fn row_of(order: &OrderRow) -> Value {
    json!({
        "what": {
            "id": order.id,
            "order_number": order.order_number,
            "kind": order.kind,
            "subtype": order.subtype,
            "urgency": order.urgency,
            "source": order.source,
            "source_key": order.source_key,
            "template": order.template,
            "match_detail": order.match_detail,
            "content": order.content,
            "created_by": order.created_by,
        },
        "whom": {
            "customer_id": order.customer_id,
            "account_number": order.account_number,
            "account_name": order.account_name,
            "contact_phone": order.contact_phone,
            "address": order.address,
            "meter_number": order.meter_number,
            "pole_number": order.pole_number,
            "area_id": order.area_id,
            "station_id": order.station_id,
            "area_class": order.area_class,
            "place": order.place(),
            "assignee_id": order.assignee_id,
        },
        "when": {
            "taken_in_at_ms": order.taken_in_at_ms,
            "appointment_at_ms": order.appointment_at_ms,
            "arrive_due_at_ms": order.arrive_due_at_ms,
            "arrive_rule": order.arrive_rule,
            "due_at_ms": order.due_at_ms,
            "due_rule": order.due_rule,
            "dispatched_at_ms": order.dispatched_at_ms,
            "accepted_at_ms": order.accepted_at_ms,
            "departed_at_ms": order.departed_at_ms,
            "arrived_at_ms": order.arrived_at_ms,
            "began_at_ms": order.began_at_ms,
            "finished_at_ms": order.finished_at_ms,
            "submitted_at_ms": order.submitted_at_ms,
            "approved_at_ms": order.approved_at_ms,
            "archived_at_ms": order.archived_at_ms,
        },
        "result": {
            "place_proof": order.place_proof,
            "consent_proof": order.consent_proof,
            "satisfaction": order.satisfaction,
            "reject_count": order.reject_count,
            "evidence_expected": order.evidence_expected,
            "evidence_waived_reason": order.evidence_waived_reason,
            "record_values": order.record_values,
            "cost_sheet": order.cost_sheet,
            "total_fen": order.total_fen,
        },
    })
}

fn events(tx: &mut dyn Tx, id: WorkOrderId, last: i64) -> Result<Vec<Value>, StoreError> {
    let mut all: Vec<Value> = Vec::new();
    let mut after = 0;
    loop {
        let page = tx.all(
            "SELECT seq, at_ms, occurred_at_ms, uncertainty_ms, actor_id, actor_name, device_id, \
             command, from_state, to_state, detail FROM order_events \
             WHERE order_id = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4",
            args![id.to_string(), after, last, PAGE],
            |row| {
                let event = json!([
                    row.int(0)?,
                    row.int(1)?,
                    row.int(2)?,
                    row.int(3)?,
                    row.text(4)?,
                    row.text(5)?,
                    row.opt_text(6)?,
                    row.text(7)?,
                    row.text(8)?,
                    row.text(9)?,
                    row.text(10)?,
                ]);
                Ok((row.int(0)?, event))
            },
        )?;
        let Some((seq, _)) = page.last() else {
            return Ok(all);
        };
        after = *seq;
        all.extend(page.into_iter().map(|(_, event)| event));
    }
}

/// Without the media type: the server finds it out when the bytes arrive, which may be after a waiver.
fn manifest(tx: &mut dyn Tx, id: WorkOrderId) -> Result<Vec<(String, Value)>, StoreError> {
    tx.all(
        "SELECT sha256, slot, kind, size, is_imported, is_late, device_id, taken_at_ms \
         FROM evidence WHERE order_id = ?1 ORDER BY sha256 LIMIT ?2",
        args![id.to_string(), PAGE],
        |row| {
            let sha256 = row.text(0)?;
            let file = json!([
                sha256,
                row.text(1)?,
                row.text(2)?,
                row.int(3)?,
                row.int(4)?,
                row.int(5)?,
                row.text(6)?,
                row.int(7)?,
            ]);
            Ok((sha256, file))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_has_sorted_keys_and_no_spaces() {
        let one: Value =
            serde_json::from_str(r#"{ "b": [1, {"z": null, "a": "户\"" }], "a": true }"#).unwrap();
        assert_eq!(
            canonical(&one),
            r#"{"a":true,"b":[1,{"a":"户\"","z":null}]}"#
        );
    }
}

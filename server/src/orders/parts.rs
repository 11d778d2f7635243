//! What hangs on an order besides its row: time line, evidence, refused phone commands, dispatch
//! decisions, call-backs. One statement each, newest or first in order, always with a limit.

use crate::args;
use crate::store::{StoreError, Tx};
use dianma_schema::fault::FaultCode;
use dianma_schema::id::{DeviceId, StaffId, WorkOrderId};
use dianma_schema::order::{EvidenceKind, OrderKind, OrderState, Satisfaction, evidence};
use serde::Serialize;
use utoipa::ToSchema;

/// One row of the time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventView {
    /// Number within the order; equals the version it made.
    pub seq: i64,
    /// Server receipt, epoch ms.
    pub at_ms: i64,
    /// Derived site time, epoch ms.
    pub occurred_at_ms: i64,
    /// How sure that is, ± ms.
    pub uncertainty_ms: i64,
    /// Who.
    pub actor_name: String,
    /// On which phone.
    pub device_id: Option<DeviceId>,
    /// Command word, `create`, or `fact`.
    pub command: String,
    /// State before.
    pub from_state: OrderState,
    /// State after.
    pub to_state: OrderState,
    /// What else was kept.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// One file of the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EvidenceView {
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// Slot of the requirement it fulfils; free when none.
    pub slot: String,
    /// Its Chinese name.
    pub slot_name: String,
    /// Its English name.
    pub slot_name_en: String,
    /// Photo, audio, video, signature.
    pub kind: EvidenceKind,
    /// Media type.
    pub mime: String,
    /// Bytes.
    pub size: i64,
    /// Taken, epoch ms.
    pub taken_at_ms: i64,
    /// The bytes are here.
    pub has_arrived: bool,
    /// Chosen from the phone's files, not taken by the app.
    pub is_imported: bool,
    /// Came after the order had left the person.
    pub is_late: bool,
}

/// A command of a phone that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RejectedCommand {
    /// Phone.
    pub device_id: DeviceId,
    /// Its number there.
    pub n: i64,
    /// Fault code.
    pub code: String,
    /// Chinese sentence of the code.
    pub message: String,
    /// Received, epoch ms.
    pub received_at_ms: i64,
}

/// What was proposed and who was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DecisionView {
    /// When, epoch ms.
    pub at_ms: i64,
    /// `nearest`, `jurisdiction`, `manual`, `automatic`.
    pub mode: String,
    /// Who got it.
    pub chosen_staff_id: StaffId,
    /// Their name.
    pub chosen_name: String,
    /// Name of who decided; the system's when it was a rule.
    pub decided_by: String,
    /// The best candidates as they were ranked then.
    #[schema(value_type = Vec<Object>)]
    pub candidates: serde_json::Value,
}

/// A call-back (回访).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CallbackView {
    /// When, epoch ms.
    pub at_ms: i64,
    /// Who called.
    pub by_name: String,
    /// Somebody answered.
    pub is_reached: bool,
    /// What they said.
    pub satisfaction: Option<Satisfaction>,
    /// Remark.
    pub note: Option<String>,
}

/// The time line, oldest first. An order with more than 1,000 events shows its first 1,000.
pub(crate) fn events(tx: &mut dyn Tx, id: WorkOrderId) -> Result<Vec<EventView>, StoreError> {
    tx.all(
        "SELECT seq, at_ms, occurred_at_ms, uncertainty_ms, actor_name, device_id, command, \
         from_state, to_state, detail FROM order_events WHERE order_id = ?1 ORDER BY seq LIMIT 1000",
        args![id.to_string()],
        |row| {
            Ok(EventView {
                seq: row.int(0)?,
                at_ms: row.int(1)?,
                occurred_at_ms: row.int(2)?,
                uncertainty_ms: row.int(3)?,
                actor_name: row.text(4)?,
                device_id: row.opt_parse(5)?,
                command: row.text(6)?,
                from_state: row.parse(7)?,
                to_state: row.parse(8)?,
                detail: row.parse(9)?,
            })
        },
    )
}

/// The manifest, in the order the requirements name the slots, then as the files were taken; free pieces
/// last. Files of one moment would else stand in the order of their hashes.
pub(crate) fn evidence(
    tx: &mut dyn Tx,
    id: WorkOrderId,
    kind: OrderKind,
) -> Result<Vec<EvidenceView>, StoreError> {
    let required = evidence::required(kind);
    let mut pieces = tx.all(
        "SELECT sha256, slot, kind, mime, size, taken_at_ms, has_arrived, is_imported, is_late \
         FROM evidence WHERE order_id = ?1 ORDER BY taken_at_ms, sha256 LIMIT 500",
        args![id.to_string()],
        |row| {
            let slot = row.text(1)?;
            let (slot_name, slot_name_en) = required
                .iter()
                .find(|demand| demand.slot == slot)
                .map(|demand| (demand.zh.clone(), demand.en.clone()))
                .or_else(|| {
                    let (zh, en) = evidence::own_slot(&slot)?;
                    Some((zh.to_owned(), en.to_owned()))
                })
                .unwrap_or_else(|| (slot.clone(), slot.clone()));
            Ok(EvidenceView {
                sha256: row.text(0)?,
                slot,
                slot_name,
                slot_name_en,
                kind: row.parse(2)?,
                mime: row.text(3)?,
                size: row.int(4)?,
                taken_at_ms: row.int(5)?,
                has_arrived: row.flag(6)?,
                is_imported: row.flag(7)?,
                is_late: row.flag(8)?,
            })
        },
    )?;
    by_slot(&mut pieces, required);
    Ok(pieces)
}

/// The sort is stable: within a slot the order of the statement stays.
fn by_slot(pieces: &mut [EvidenceView], required: &[evidence::EvidenceRequirement]) {
    let place = |slot: &str| required.iter().position(|demand| demand.slot == slot);
    pieces.sort_by_key(|piece| place(&piece.slot).unwrap_or(required.len()));
}

/// Refused commands of phones about this order, newest first.
pub(super) fn rejected_commands(
    tx: &mut dyn Tx,
    id: WorkOrderId,
) -> Result<Vec<RejectedCommand>, StoreError> {
    tx.all(
        "SELECT device_id, n, code, received_at_ms FROM commands \
         WHERE order_id = ?1 AND outcome <> 'accepted' ORDER BY received_at_ms DESC, n DESC LIMIT 100",
        args![id.to_string()],
        |row| {
            let code = row.opt_text(2)?.unwrap_or_default();
            let message = FaultCode::find(&code).map_or("", FaultCode::zh);
            Ok(RejectedCommand {
                device_id: row.parse(0)?,
                n: row.int(1)?,
                message: message.to_owned(),
                code,
                received_at_ms: row.int(3)?,
            })
        },
    )
}

/// Dispatch decisions, newest first.
pub(super) fn decisions(tx: &mut dyn Tx, id: WorkOrderId) -> Result<Vec<DecisionView>, StoreError> {
    tx.all(
        "SELECT d.at_ms, d.mode, d.chosen_staff_id, c.display_name, COALESCE(b.display_name, '系统'), \
         d.candidates FROM dispatch_decisions d JOIN staff c ON c.id = d.chosen_staff_id \
         LEFT JOIN staff b ON b.id = d.decided_by \
         WHERE d.order_id = ?1 ORDER BY d.at_ms DESC, d.id DESC LIMIT 50",
        args![id.to_string()],
        |row| {
            Ok(DecisionView {
                at_ms: row.int(0)?,
                mode: row.text(1)?,
                chosen_staff_id: row.parse(2)?,
                chosen_name: row.text(3)?,
                decided_by: row.text(4)?,
                candidates: row.parse(5)?,
            })
        },
    )
}

/// Call-backs, newest first.
pub(super) fn callbacks(tx: &mut dyn Tx, id: WorkOrderId) -> Result<Vec<CallbackView>, StoreError> {
    tx.all(
        "SELECT c.at_ms, p.display_name, c.is_reached, c.satisfaction, c.note FROM callbacks c \
         JOIN staff p ON p.id = c.by_id WHERE c.order_id = ?1 ORDER BY c.at_ms DESC, c.id DESC LIMIT 50",
        args![id.to_string()],
        |row| {
            Ok(CallbackView {
                at_ms: row.int(0)?,
                by_name: row.text(1)?,
                is_reached: row.flag(2)?,
                satisfaction: row.opt_parse(3)?,
                note: row.opt_text(4)?,
            })
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_stand_in_the_order_of_the_demands_and_then_of_time() {
        let piece = |slot: &str, taken_at_ms: i64| EvidenceView {
            sha256: format!("{slot}{taken_at_ms}"),
            slot: slot.to_owned(),
            slot_name: String::new(),
            slot_name_en: String::new(),
            kind: EvidenceKind::Photo,
            mime: "image/jpeg".to_owned(),
            size: 1,
            taken_at_ms,
            has_arrived: true,
            is_imported: false,
            is_late: false,
        };
        let required = evidence::required(OrderKind::FaultRepair);
        let [first, second, ..] = required else {
            panic!("a repair asks for two pieces at least")
        };
        let mut pieces = [
            piece("free", 1),
            piece(&second.slot, 2),
            piece(&first.slot, 3),
            piece(&first.slot, 4),
        ];
        by_slot(&mut pieces, required);
        let told = pieces.map(|piece| (piece.slot, piece.taken_at_ms));
        let wanted = [
            (&first.slot, 3),
            (&first.slot, 4),
            (&second.slot, 2),
            (&"free".to_owned(), 1),
        ];
        assert_eq!(told, wanted.map(|(slot, at)| (slot.clone(), at)));
    }
}

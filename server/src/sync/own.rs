//! What a phone need not be told: changes its own commands made and it shows already. The results carry
//! the new version, the phone folds the commands over the record it has; sending the record back
//! would cost more than the command did.

use super::entries::order_record;
use crate::feed::{Moved, user_scope};
use crate::orders::OrderRow;
use dianma_schema::id::{StaffId, WorkOrderId};
use dianma_schema::order::OrderState;
use dianma_schema::wire::record::OrderRecord;
use dianma_schema::wire::sync::{EntryKind, EntryOp};
use std::collections::BTreeMap;

/// A change in the phone's own scope that it shows already, if it had seen what was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own {
    /// Where the order stood in the scope before.
    pub before: i64,
    /// Where it stands now.
    pub position: i64,
}

/// The changes of a batch that need no telling. `before` are the orders as the batch found them,
/// `after` as it left them.
pub(super) fn find(
    moves: &[Moved],
    staff_id: StaffId,
    mut before: BTreeMap<WorkOrderId, OrderRow>,
    mut after: BTreeMap<WorkOrderId, OrderRow>,
) -> Vec<Own> {
    let scope = user_scope(staff_id);
    let mut own = Vec::new();
    for moved in moves {
        let change = &moved.change;
        let is_candidate =
            change.scope == scope && change.kind == EntryKind::Order && change.op == EntryOp::Put;
        let id = WorkOrderId(change.item_id);
        let (true, Some((position, version)), Some(old), Some(new)) = (
            is_candidate,
            moved.before,
            before.remove(&id),
            after.remove(&id),
        ) else {
            continue;
        };
        if old.version == version && new.version == change.version && shows_the_same(old, new) {
            own.push(Own {
                before: position,
                position: moved.position,
            });
        }
    }
    own
}

/// Whether the records differ in nothing but what the phone folds by the lifecycle table.
fn shows_the_same(old: OrderRow, new: OrderRow) -> bool {
    let told = |order: OrderRow| OrderRecord {
        state: OrderState::Draft,
        version: 0,
        is_finished: false,
        ..order_record(order)
    };
    told(old) == told(new)
}

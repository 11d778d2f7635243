//! A phone of the history: encodes commands with its next numbers and hands them to the sync room, as
//! a real phone's request would.

use crate::args;
use crate::auth::Actor;
use crate::store::{StoreError, Tx};
use crate::sync;
use dianma_schema::id::WorkOrderId;
use dianma_schema::wire::command::{Body, CommandEnvelope};
use dianma_schema::wire::sync::{NetClass, Outcome, PROTOCOL, SyncRequest};
use minicbor::bytes::ByteVec;

/// When all phones of the history were switched on, epoch ms.
const BOOT_MS: i64 = 1_700_000_000_000;

/// Sends what was done at the given times; it arrives at `now_ms`.
pub(super) fn push(
    tx: &mut dyn Tx,
    now_ms: i64,
    actor: &Actor,
    order_id: WorkOrderId,
    done: &[(i64, Body)],
) -> Result<(), StoreError> {
    let Some(device_id) = actor.device_id else {
        return Ok(());
    };
    let last_n = tx.first(
        "SELECT last_n FROM devices WHERE id = ?1",
        args![device_id.to_string()],
        |row| row.int(0),
    )?;
    let first = last_n.unwrap_or(0).unsigned_abs() + 1;
    let commands: Result<Vec<ByteVec>, StoreError> = (first..)
        .zip(done)
        .map(|(n, (at_ms, body))| encode(n, *at_ms, order_id, body))
        .collect();
    let request = SyncRequest {
        protocol: PROTOCOL,
        app_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        acked_n: first - 1,
        commands: Some(commands?),
        cursors: Vec::new(),
        net_class: NetClass::FourG,
        wall_ms: Some(now_ms),
        pending_commands: Some(0),
        pending_files: Some(0),
        trust: None,
    };
    for result in sync::push(tx, now_ms, actor, device_id, &request)?.results {
        if result.outcome != Outcome::Accepted {
            tracing::debug!(code = ?result.code, detail = ?result.detail, "a demo command was refused");
        }
    }
    Ok(())
}

fn encode(n: u64, at_ms: i64, order_id: WorkOrderId, body: &Body) -> Result<ByteVec, StoreError> {
    let envelope = CommandEnvelope {
        n,
        order_id: Some(order_id),
        base_version: 0,
        wall_ms: at_ms,
        elapsed_ms: (at_ms - BOOT_MS).unsigned_abs(),
        boot_id: 1,
        clock_offset_ms: Some(0),
        body: body.clone(),
        place: None,
        schema_version: None,
        depends_on: None,
    };
    minicbor::to_vec(&envelope)
        .map(ByteVec::from)
        .map_err(|error| StoreError::Engine(error.to_string()))
}

//! The rows behind the outbox protocol: the device's counters, the commands taken with their stored
//! results, the quarantine. What a command does is elsewhere.

use super::incoming::Incoming;
use crate::args;
use crate::audit::commands::Link;
use crate::feed::for_update;
use crate::store::{Notice, StoreError, Tx};
use dianma_schema::id::{DeviceId, WorkOrderId};
use dianma_schema::wire::sync::{CommandResult, Outcome, SyncRequest};
use sha2::{Digest, Sha256};

/// What the protocol needs of a device row, locked until the commit.
#[derive(Clone, Debug)]
pub(super) struct DeviceRow {
    /// Highest command number taken.
    pub(super) last_n: u64,
    /// Retired, or its person disabled: commands go into quarantine.
    pub(super) is_blocked: bool,
    /// The person is on duty: only then is the place kept.
    pub(super) is_on_duty: bool,
    /// End of the chain of this phone's commands.
    pub(super) chain: Option<Vec<u8>>,
}

/// Loads and locks the device, so that two requests of one phone follow each other.
pub(super) fn lock_device(
    tx: &mut dyn Tx,
    device_id: DeviceId,
) -> Result<Option<DeviceRow>, StoreError> {
    let lock = for_update(tx.engine());
    let sql = format!(
        "SELECT last_n, state, (SELECT is_active FROM staff WHERE staff.id = devices.staff_id), \
         (SELECT is_on_duty FROM staff WHERE staff.id = devices.staff_id), \
         chain FROM devices WHERE id = ?1{lock}"
    );
    tx.first(&sql, args![device_id.to_string()], |row| {
        Ok(DeviceRow {
            last_n: row.int(0)?.unsigned_abs(),
            is_blocked: row.text(1)? != "active" || !row.flag(2)?,
            is_on_duty: row.flag(3)?,
            chain: row.opt_bytes(4)?,
        })
    })
}

/// What a batch leaves on the device row.
#[derive(Debug, Default)]
pub(super) struct DeviceTouch {
    pub(super) last_n: u64,
    pub(super) skew_ms: Option<i64>,
    pub(super) place: Option<(i64, i64, i64)>,
    /// New end of the chain of commands.
    pub(super) chain: Option<Vec<u8>>,
}

/// Writes the counters and what the request told about the phone.
pub(super) fn touch_device(
    tx: &mut dyn Tx,
    now_ms: i64,
    device_id: DeviceId,
    request: &SyncRequest,
    touch: &DeviceTouch,
) -> Result<(), StoreError> {
    let answered = request.commands.as_ref().map_or(0, Vec::len);
    let waiting = request
        .pending_commands
        .map(|count| i64::from(count) - i64::try_from(answered).unwrap_or(0));
    tx.execute(
        "UPDATE devices SET last_n = ?2, acked_n = CASE WHEN ?3 > acked_n THEN ?3 ELSE acked_n END, \
         last_seen_at_ms = ?4, last_synced_at_ms = ?4, net_class = ?5, \
         app_version = COALESCE(?6, app_version), \
         pending_commands = COALESCE(?7, pending_commands), \
         pending_files = COALESCE(?8, pending_files), \
         clock_offset_ms = COALESCE(?9, clock_offset_ms), \
         latitude_e6 = COALESCE(?10, latitude_e6), longitude_e6 = COALESCE(?11, longitude_e6), \
         located_at_ms = COALESCE(?12, located_at_ms), chain = COALESCE(?13, chain) WHERE id = ?1",
        args![
            device_id.to_string(),
            signed(touch.last_n),
            signed(request.acked_n.min(touch.last_n)),
            now_ms,
            request.net_class.as_str(),
            request.app_version.as_ref().map(|v| v.chars().take(40).collect::<String>()),
            waiting.map(|count| count.max(0)),
            request.pending_files.map(i64::from),
            touch.skew_ms,
            touch.place.map(|(latitude, _, _)| latitude),
            touch.place.map(|(_, longitude, _)| longitude),
            touch.place.map(|(_, _, at)| at),
            touch.chain.clone()
        ],
    )?;
    Ok(())
}

/// A command number as SQL has it; numbers are checked to fit when they are read.
pub(super) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A command taken earlier.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) hash: String,
    pub(super) envelope: Vec<u8>,
    pub(super) outcome: Outcome,
    pub(super) code: Option<String>,
    pub(super) result: CommandResult,
}

/// The stored row of a number.
pub(super) fn taken(
    tx: &mut dyn Tx,
    device_id: DeviceId,
    n: u64,
) -> Result<Option<Taken>, StoreError> {
    tx.first(
        "SELECT body_hash, envelope, outcome, code, result FROM commands \
         WHERE device_id = ?1 AND n = ?2",
        args![device_id.to_string(), signed(n)],
        |row| {
            let result =
                minicbor::decode(&row.bytes(4)?).map_err(|error| StoreError::Inconsistent {
                    column: 4,
                    expected: "a command result",
                    found: error.to_string(),
                })?;
            Ok(Taken {
                hash: row.text(0)?,
                envelope: row.bytes(1)?,
                outcome: row.parse(2)?,
                code: row.opt_text(3)?,
                result,
            })
        },
    )
}

/// A verdict with its times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict<'a> {
    pub(super) result: &'a CommandResult,
    pub(super) order_id: Option<WorkOrderId>,
    pub(super) received_at_ms: i64,
    pub(super) occurred_at_ms: i64,
}

/// Keeps a command with its verdict: from now on this is the answer to its number. Gives back the new
/// end of the phone's chain.
pub(super) fn keep(
    tx: &mut dyn Tx,
    device_id: DeviceId,
    command: &Incoming<'_>,
    verdict: Verdict<'_>,
    chain: Option<&[u8]>,
) -> Result<Vec<u8>, StoreError> {
    let result = verdict.result;
    let encoded =
        minicbor::to_vec(result).map_err(|error| StoreError::Engine(error.to_string()))?;
    let link = Link {
        device_id,
        n: signed(result.n),
        body_hash: &command.hash,
        outcome: result.outcome.as_str(),
        code: result.code.as_deref(),
        received_at_ms: verdict.received_at_ms,
        occurred_at_ms: verdict.occurred_at_ms,
    };
    let chain = link.after(chain);
    tx.execute(
        "INSERT INTO commands (device_id, n, body_hash, envelope, order_id, outcome, code, result, \
         received_at_ms, occurred_at_ms, chain) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        args![
            device_id.to_string(),
            link.n,
            link.body_hash,
            command.raw,
            verdict.order_id.map(|id| id.to_string()),
            link.outcome,
            link.code,
            encoded,
            link.received_at_ms,
            link.occurred_at_ms,
            chain.as_slice()
        ],
    )?;
    Ok(chain)
}

/// Puts bytes before a person. The id follows from the content, so a repeat adds nothing.
pub(super) fn quarantine(
    tx: &mut dyn Tx,
    now_ms: i64,
    device_id: DeviceId,
    n: u64,
    code: &str,
    envelope: &[u8],
) -> Result<(), StoreError> {
    let mut hash = Sha256::new();
    hash.update(device_id.0.as_bytes());
    hash.update(n.to_be_bytes());
    hash.update(envelope);
    let mut id = [0; 16];
    for (to, from) in id.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    let added = tx.execute(
        "INSERT INTO quarantine (id, device_id, n, code, envelope, received_at_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING",
        args![
            uuid::Builder::from_custom_bytes(id).into_uuid().to_string(),
            device_id.to_string(),
            signed(n),
            code,
            envelope,
            now_ms
        ],
    )?;
    if added > 0 {
        tx.notify(Notice::List {
            name: "quarantine".to_owned(),
        });
    }
    Ok(())
}

/// Notes which file a quarantined manifest names and when it was taken: its bytes may still come.
pub(super) fn name_file(
    tx: &mut dyn Tx,
    device_id: DeviceId,
    n: u64,
    sha256: &[u8],
    taken_at_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE quarantine SET sha256 = ?3, taken_at_ms = ?4 WHERE device_id = ?1 AND n = ?2",
        args![
            device_id.to_string(),
            signed(n),
            crate::text::hex(sha256),
            taken_at_ms
        ],
    )?;
    Ok(())
}

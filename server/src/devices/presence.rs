//! In which quarter hours a person's phone was heard, and whether the person was on duty: what the
//! online rate counts. One row per person and quarter.

use crate::args;
use crate::store::{StoreError, Tx};
use dianma_schema::id::{DeviceId, StaffId};
use dianma_schema::time::{MINUTE_MS, day_key};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Length of a quarter.
pub const QUARTER_MS: i64 = 15 * MINUTE_MS;
/// A device's row is written at most this often for being heard alone.
const WRITE_EVERY_MS: i64 = MINUTE_MS;
/// Devices remembered before the memory starts over.
const MAX_REMEMBERED: usize = 200_000;

/// The quarter of a time.
pub const fn quarter(at_ms: i64) -> i64 {
    at_ms.div_euclid(QUARTER_MS)
}

/// The person's phone was heard now. Duty counts when it held at any moment of the quarter.
pub fn heard(tx: &mut dyn Tx, now_ms: i64, staff_id: StaffId) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO presence (staff_id, quarter, day_key, is_on_duty, is_online) \
         SELECT id, ?2, ?3, is_on_duty, 1 FROM staff WHERE id = ?1 \
         ON CONFLICT (staff_id, quarter) DO UPDATE SET is_online = 1, is_on_duty = \
         CASE WHEN excluded.is_on_duty = 1 THEN 1 ELSE presence.is_on_duty END",
        args![staff_id.to_string(), quarter(now_ms), day_key(now_ms)],
    )?;
    Ok(())
}

/// Writes this quarter's row for everybody on duty, heard or not: the denominator of the online
/// rate. Called every minute; on several nodes it changes nothing twice.
pub fn mark_duty(tx: &mut dyn Tx, now_ms: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO presence (staff_id, quarter, day_key, is_on_duty, is_online) \
         SELECT id, ?1, ?2, 1, 0 FROM staff WHERE is_on_duty = 1 AND is_active = 1 \
         ON CONFLICT (staff_id, quarter) DO UPDATE SET is_on_duty = 1 \
         WHERE presence.is_on_duty = 0",
        args![quarter(now_ms), day_key(now_ms)],
    )?;
    Ok(())
}

/// A poll without commands was answered: remembers it on the device row and in the quarter.
pub fn heard_poll(
    tx: &mut dyn Tx,
    now_ms: i64,
    staff_id: StaffId,
    device_id: DeviceId,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE devices SET last_seen_at_ms = ?2 WHERE id = ?1",
        args![device_id.to_string(), now_ms],
    )?;
    heard(tx, now_ms, staff_id)
}

/// When each device was last written down by this node, so that a poll costs no write.
#[derive(Debug, Default)]
pub struct Heard {
    last_ms: Mutex<HashMap<DeviceId, i64>>,
}

impl Heard {
    /// Whether it is time to write again; says yes once per [`WRITE_EVERY_MS`] and quarter.
    pub fn is_due(&self, device_id: DeviceId, now_ms: i64) -> bool {
        let mut last_ms = self.last_ms.lock().unwrap_or_else(PoisonError::into_inner);
        if last_ms.len() >= MAX_REMEMBERED {
            last_ms.clear();
        }
        let last = last_ms.get(&device_id).copied();
        let is_due = last
            .is_none_or(|last| now_ms - last >= WRITE_EVERY_MS || quarter(last) != quarter(now_ms));
        if is_due {
            last_ms.insert(device_id, now_ms);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_written_once_a_minute_and_in_every_quarter() {
        let heard = Heard::default();
        let device = DeviceId::new(1, [1; 10]);
        let start = 100 * QUARTER_MS + QUARTER_MS - 30_000;
        assert!(heard.is_due(device, start));
        assert!(!heard.is_due(device, start + 20_000));
        assert!(heard.is_due(device, start + 30_000), "a new quarter begins");
        assert!(!heard.is_due(device, start + 89_999));
        assert!(heard.is_due(device, start + 90_000));
    }
}

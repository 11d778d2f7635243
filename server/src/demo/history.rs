//! Lets the planned days happen, in order of time and in large transactions.

use super::Options;
use super::county::customer_ids;
use super::crew::Crew;
use super::deeds::{World, perform};
use super::evidence::Pool;
use super::plan::plan;
use super::random::Random;
use crate::args;
use crate::devices::presence::{QUARTER_MS, quarter};
use crate::devices::retire;
use crate::error::ApiError;
use crate::keys::Keyring;
use crate::store::{Store, StoreError, Value, insert_rows};
use dianma_schema::time::{HOUR_MS, china_day, china_day_start_ms, day_key};
use std::sync::Arc;

/// Steps in one transaction.
const BATCH: usize = 250;

/// Writes the days up to `now_ms`. Accounts and county are there.
pub(super) fn write(
    store: &Store,
    options: &Options,
    keys: &Arc<Keyring>,
    now_ms: i64,
) -> Result<(), ApiError> {
    let (seed, days) = (options.seed, options.days);
    let start_ms = china_day_start_ms(china_day(now_ms) - days + 1);
    let crew = Crew::enrol(store, seed, start_ms - HOUR_MS)?;
    let pool = Pool::new(seed);
    pool.store(store, &options.data, start_ms)?;
    duty(store, &crew, seed, start_ms, now_ms)?;
    let world = Arc::new(World {
        plan: plan(seed, days, now_ms),
        crew,
        customers: customer_ids(store)?,
        pool,
        keys: Arc::clone(keys),
    });
    let steps = world.plan.steps.len();
    for first in (0..steps).step_by(BATCH) {
        let world = Arc::clone(&world);
        store.write_blocking(move |tx| -> Result<(), ApiError> {
            for step in world.plan.steps.iter().skip(first).take(BATCH) {
                perform(tx, &world, *step)?;
            }
            Ok(())
        })?;
    }
    put_away_phones(store, world, now_ms)
}

/// Nobody holds the phones of the history: from now on the county works with phones that are really
/// there. Their work is done and stays.
fn put_away_phones(store: &Store, world: Arc<World>, now_ms: i64) -> Result<(), ApiError> {
    store.write_blocking(move |tx| -> Result<(), ApiError> {
        let crew = &world.crew;
        for device_id in crew.electricians().iter().filter_map(|a| a.device_id) {
            retire::apply(tx, now_ms, crew.administrator(), device_id)?;
        }
        Ok(())
    })
}

/// Day shifts of three people out of four, and the quarter hours in which their phones were heard.
fn duty(
    store: &Store,
    crew: &Crew,
    seed: u64,
    start_ms: i64,
    now_ms: i64,
) -> Result<(), StoreError> {
    let mut random = Random::of(seed, 7);
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for (number, actor) in crew.electricians().iter().enumerate() {
        let id = actor.staff_id.to_string();
        for day in china_day(start_ms)..=china_day(now_ms) {
            if (i64::try_from(number).unwrap_or(0) + day) % 4 == 3 {
                continue;
            }
            let morning = china_day_start_ms(day) + 8 * HOUR_MS;
            let mut is_online = true;
            for at_ms in (0..40).map(|slot| morning + slot * QUARTER_MS) {
                if at_ms >= now_ms {
                    break;
                }
                // Dead zones last a while: the state is kept three times out of four.
                if random.chance(250) {
                    is_online = random.chance(890);
                }
                rows.push(args![&id, quarter(at_ms), day_key(at_ms), true, is_online].to_vec());
            }
        }
    }
    store.write_blocking(move |tx| -> Result<(), StoreError> {
        insert_rows(
            tx,
            "INSERT INTO presence (staff_id, quarter, day_key, is_on_duty, is_online)",
            5,
            &rows,
            "ON CONFLICT (staff_id, quarter) DO NOTHING",
        )?;
        Ok(())
    })
}

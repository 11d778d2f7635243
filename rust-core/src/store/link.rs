//! The network the phone is on, and what its files have taken of the data plan today (流量).

use super::settings::{self, name};
use crate::error::CoreError;
use crate::sync::policy::{self, Link};
use dianma_schema::time::day_key;
use dianma_schema::wire::sync::NetClass;
use rusqlite::Connection;

/// The network class as last set; Wi-Fi when it never was.
pub fn net_class(db: &Connection) -> Result<NetClass, CoreError> {
    let word: Option<String> = settings::get(db, name::NET_CLASS)?;
    Ok(word.and_then(|w| w.parse().ok()).unwrap_or(NetClass::Wifi))
}

/// Keeps the network class.
pub fn set_net_class(db: &Connection, net: NetClass) -> Result<(), CoreError> {
    settings::set(db, name::NET_CLASS, net.as_str())
}

/// The network and today's use.
pub fn standing(db: &Connection, now_ms: i64) -> Result<Link, CoreError> {
    Ok(Link {
        net: net_class(db)?,
        used_bytes: used(db, now_ms)?,
    })
}

/// Counts bytes of files the server has taken; those by Wi-Fi cost nothing.
pub fn count(db: &Connection, now_ms: i64, bytes: u64) -> Result<(), CoreError> {
    if !policy::is_mobile(net_class(db)?) {
        return Ok(());
    }
    let used = used(db, now_ms)?.saturating_add(bytes);
    settings::set(db, name::MOBILE_DAY, day_key(now_ms))?;
    settings::set(db, name::MOBILE_BYTES, used.cast_signed())
}

fn used(db: &Connection, now_ms: i64) -> Result<u64, CoreError> {
    let day: Option<i64> = settings::get(db, name::MOBILE_DAY)?;
    if day != Some(day_key(now_ms)) {
        return Ok(0);
    }
    let bytes: Option<i64> = settings::get(db, name::MOBILE_BYTES)?;
    Ok(bytes.unwrap_or_default().cast_unsigned())
}

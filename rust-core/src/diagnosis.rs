//! The diagnosis a person can send to the office: figures, codes and versions that tell how the phone
//! stands. No name, number, address, text or place of anybody enters it, the person's own among them.

use crate::error::CoreError;
use crate::phone::{APP_VERSION, Phone};
use crate::store::{outbox_rows, schema};
use dianma_schema::time::format_minute;
use std::fmt::Write as _;

/// Commands listed.
const MOST_COMMANDS: u32 = 100;

impl Phone {
    /// The diagnosis as plain text. `platform` are lines about the phone itself: model, system, figures
    /// of the camera. Works locked and signed out: that is when it is needed.
    pub fn diagnosis(&self, platform: &[String]) -> Result<String, CoreError> {
        let mut text = String::from("电码 Dianma diagnosis 1\n");
        let mut say = |line: std::fmt::Arguments<'_>| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{line}");
        };
        say(format_args!("app {APP_VERSION} store {}", schema::VERSION));
        let now_ms = self.server_now_ms()?;
        say(format_args!("at {}", format_minute(now_ms)));
        for line in platform {
            let shown: String = line.chars().filter(|c| !c.is_control()).take(200).collect();
            say(format_args!("{shown}"));
        }
        match self.session().state()? {
            None => say(format_args!("session none")),
            Some(state) => {
                say(format_args!("device {}", state.device_id));
                say(format_args!(
                    "session signed_in={} locked={} pin={} lease_over={} clock_ahead_ms={} server_seen={}",
                    state.is_signed_in,
                    state.is_locked,
                    state.has_pin,
                    state.is_lease_over,
                    state.clock_ahead_ms,
                    format_minute(state.server_seen_ms),
                ));
            }
        }
        say(format_args!("net {}", self.net_class()?.as_str()));
        let unsent = self.unsent()?;
        say(format_args!(
            "unsent commands={} refused={} files={} file_bytes={}",
            unsent.commands, unsent.refused, unsent.files, unsent.file_bytes
        ));
        let usage = self.evidence().usage()?;
        say(format_args!(
            "bytes store={} waiting={} freeable={}",
            usage.store_bytes, usage.waiting_bytes, usage.freeable_bytes
        ));
        let lists = self.signed_lists()?;
        say(format_args!(
            "lists keys={} revocations={}",
            lists.key_serial, lists.revocation_serial
        ));
        if self.put_away().is_some() {
            say(format_args!("put away: the key store lost its key"));
        }
        if let Some(at_ms) = self.restored_at_ms()? {
            say(format_args!("restored {}", format_minute(at_ms)));
        }
        for row in self.inspect(|db| outbox_rows::newest(db, u64::MAX >> 1, MOST_COMMANDS))? {
            say(format_args!(
                "command {} {} {} {} {}",
                row.n,
                format_minute(row.created_at_ms),
                row.command,
                row.status.as_str(),
                row.code.as_deref().unwrap_or("-"),
            ));
        }
        Ok(text)
    }
}

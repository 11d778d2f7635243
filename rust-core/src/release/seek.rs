//! Asking for a newer version without being told to: an electrician never opens the update screen.

use super::{Releases, Standing};
use crate::error::CoreError;
use crate::store::{settings, settings::name};
use crate::sync::transport::Transport;

/// The server is asked once a day.
const ASK_EVERY_MS: i64 = 24 * 3_600_000;
/// What failed is tried again after an hour.
const TRY_EVERY_MS: i64 = 3_600_000;

impl Releases {
    /// Asks the server when that is due; none when it is not. Blocking on the network. `installed` is
    /// the version code of the running app.
    pub fn seek(
        &self,
        transport: &mut dyn Transport,
        installed: u32,
    ) -> Result<Option<Standing>, CoreError> {
        let now_ms = self.shared.server_now_ms()?;
        let (asked, sought) = self.shared.read(|db| {
            let asked = settings::get(db, name::RELEASE_ASKED_AT_MS)?;
            Ok((asked, settings::get(db, name::RELEASE_SOUGHT_AT_MS)?))
        })?;
        if !is_due(asked, now_ms, ASK_EVERY_MS) || !is_due(sought, now_ms, TRY_EVERY_MS) {
            return Ok(None);
        }
        self.shared
            .write(|tx| settings::set(tx, name::RELEASE_SOUGHT_AT_MS, now_ms))?;
        self.ask(transport, installed).map(Some)
    }
}

/// A time ahead of now was written by a wrong clock: it counts for nothing.
const fn is_due(last_ms: Option<i64>, now_ms: i64, every_ms: i64) -> bool {
    match last_ms {
        None => true,
        Some(last_ms) => last_ms > now_ms || now_ms - last_ms >= every_ms,
    }
}

//! Sign-in (online), offline unlock by PIN, and the lease on customer data. A lost token or an
//! expired lease never stops work on orders in hand: capture goes on, only lookup closes.

mod enrol;
#[cfg(any(feature = "field", feature = "probe"))]
mod key_file;
mod leave;
mod password;
mod pin;
pub(crate) mod seal;

pub use enrol::{CodeEnrolment, Enrolment};
#[cfg(any(feature = "field", feature = "probe"))]
pub use key_file::KeyFile;
pub use leave::LeftSession;
pub use pin::MOST_WRONG_PINS;
pub use seal::TokenSealer;

use crate::error::{CoreError, inconsistent};
use crate::shared::Shared;
use crate::store::journal::JournalEntry;
use crate::store::{outbox_rows, settings, settings::name};
use dianma_schema::fault;
use dianma_schema::id::{DeviceId, StaffId};
use dianma_schema::time::DAY_MS;
use minicbor::{Decode, Encode};
use rusqlite::Connection;
use serde::Serialize;
use std::sync::Arc;

/// The sign-in as stored, in the database and in the journal.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SessionRecord {
    /// This phone, as the server numbers it.
    #[n(0)]
    pub device_id: DeviceId,
    /// Who.
    #[n(1)]
    pub staff_id: StaffId,
    /// Name to sign in with.
    #[n(2)]
    pub login_name: String,
    /// Name shown.
    #[n(3)]
    pub display_name: String,
    /// Station shown.
    #[n(4)]
    pub station_name: String,
    /// Address of the server.
    #[n(5)]
    pub server: String,
    /// Bearer token, sealed when the platform has a key store; none after signing out.
    #[n(6)]
    pub token: Option<String>,
    /// Days that customer data stays readable without contact.
    #[n(7)]
    pub lease_days: u32,
    /// Server time at sign-in, epoch ms.
    #[n(8)]
    pub signed_in_at_ms: i64,
    /// argon2id hash of the PIN; none = no PIN set.
    #[n(9)]
    pub pin_hash: Option<String>,
    /// Wrong PINs in a row.
    #[n(10)]
    pub wrong_pins: u32,
}

/// Neither token nor hash is ever printed.
impl std::fmt::Debug for SessionRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionRecord")
            .field("device_id", &self.device_id)
            .field("staff_id", &self.staff_id)
            .finish_non_exhaustive()
    }
}

impl SessionRecord {
    /// The stored sign-in.
    pub fn load(db: &Connection) -> Result<Option<Self>, CoreError> {
        let bytes: Option<Vec<u8>> = settings::get(db, name::SESSION)?;
        bytes
            .map(|b| minicbor::decode(&b).map_err(|_| inconsistent("session")))
            .transpose()
    }

    /// Stores it; the caller hands the entry to the journal.
    pub(crate) fn save(&self, db: &Connection) -> Result<JournalEntry, CoreError> {
        let bytes = minicbor::to_vec(self).map_err(|_| inconsistent("session"))?;
        settings::set(db, name::SESSION, &bytes)?;
        Ok(JournalEntry::Session(bytes.into()))
    }
}

/// Which screen a person has to pass before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// None: everything that the person may see is open.
    Open,
    /// Sign in with the password or a code: nobody did, somebody signed out, or too many wrong PINs.
    SignIn,
    /// Enter the PIN.
    Unlock,
    /// Set a PIN first: customer data is on this phone.
    SetPin,
}

/// How the phone stands, for the profile page.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of one page, read by name in JSON and Kotlin"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionState {
    /// This phone.
    pub device_id: DeviceId,
    /// Who.
    pub staff_id: StaffId,
    /// Name to sign in with.
    pub login_name: String,
    /// Name shown.
    pub display_name: String,
    /// Station shown.
    pub station_name: String,
    /// Address of the server.
    pub server: String,
    /// There is a token; whether the server still takes it shows at the next sync.
    pub is_signed_in: bool,
    /// A PIN is set.
    pub has_pin: bool,
    /// The PIN must be entered before anything is shown.
    pub is_locked: bool,
    /// How many wrong PINs are left before only the password helps.
    pub pin_tries_left: u32,
    /// The screen to pass first.
    pub gate: Gate,
    /// Phone clock minus server clock, ms, as last measured; positive = the phone is ahead.
    pub clock_ahead_ms: i64,
    /// Newest server time seen, epoch ms.
    pub server_seen_ms: i64,
    /// Customer data stays readable until then, epoch ms server time.
    pub lease_until_ms: i64,
    /// The lease is over: lookup is closed, orders in hand go on.
    pub is_lease_over: bool,
    /// On duty as last set here or told by the server.
    pub is_on_duty: Option<bool>,
    /// Commands without an answer.
    pub pending_commands: u32,
}

/// Sign-in, PIN, lease.
#[derive(Clone, Debug)]
pub struct Session {
    shared: Arc<Shared>,
}

impl Session {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// How the phone stands; `None` when nobody ever signed in.
    pub fn state(&self) -> Result<Option<SessionState>, CoreError> {
        let Some(session) = self.shared.read(SessionRecord::load)? else {
            return Ok(None);
        };
        let lease_until_ms = self.lease_until_ms(&session)?;
        let now_ms = self.shared.server_now_ms()?;
        let (pending_commands, is_on_duty) = self.shared.read(|db| {
            let told = crate::store::staff::find(db, &session.staff_id)?;
            let own = settings::get(db, name::ON_DUTY)?;
            let pending = outbox_rows::count_pending(db)?;
            Ok((pending, own.or(told.map(|staff| staff.is_on_duty))))
        })?;
        let is_locked = session.pin_hash.is_some() && !self.shared.is_unlocked();
        let (offset_ms, server_seen_ms) = self.shared.read(|db| {
            Ok((
                settings::get::<i64>(db, name::CLOCK_OFFSET_MS)?.unwrap_or(0),
                settings::get::<i64>(db, name::SERVER_SEEN_MS)?.unwrap_or(0),
            ))
        })?;
        Ok(Some(SessionState {
            is_locked,
            pin_tries_left: MOST_WRONG_PINS.saturating_sub(session.wrong_pins),
            gate: gate(&session, is_locked),
            clock_ahead_ms: -offset_ms,
            server_seen_ms,
            has_pin: session.pin_hash.is_some(),
            is_signed_in: session.token.is_some(),
            is_lease_over: now_ms > lease_until_ms,
            device_id: session.device_id,
            staff_id: session.staff_id,
            login_name: session.login_name,
            display_name: session.display_name,
            station_name: session.station_name,
            server: session.server,
            lease_until_ms,
            is_on_duty,
            pending_commands,
        }))
    }

    fn lease_until_ms(&self, session: &SessionRecord) -> Result<i64, CoreError> {
        let seen = self
            .shared
            .read(|db| settings::get::<i64>(db, name::SERVER_SEEN_MS))?;
        let from = seen.unwrap_or(0).max(session.signed_in_at_ms);
        Ok(from + i64::from(session.lease_days) * DAY_MS)
    }
}

fn gate(session: &SessionRecord, is_locked: bool) -> Gate {
    let has_pin = session.pin_hash.is_some();
    let is_locked_out = session.wrong_pins >= MOST_WRONG_PINS;
    if session.token.is_none() && (is_locked || !has_pin) {
        Gate::SignIn
    } else if !has_pin {
        Gate::SetPin
    } else if !is_locked {
        Gate::Open
    } else if is_locked_out {
        Gate::SignIn
    } else {
        Gate::Unlock
    }
}

impl Shared {
    /// The sign-in, when the phone may be used: somebody signed in once and the PIN was entered.
    pub fn user(&self) -> Result<SessionRecord, CoreError> {
        let session = self
            .read(SessionRecord::load)?
            .ok_or_else(|| CoreError::of(fault::A_SIGN_IN))?;
        // Signed out without a PIN: nothing else would keep a stranger out.
        if session.pin_hash.is_none() && session.token.is_none() {
            return Err(CoreError::of(fault::A_SIGN_IN));
        }
        if session.pin_hash.is_none() || self.is_unlocked() {
            return Ok(session);
        }
        let code = if session.wrong_pins >= pin::MOST_WRONG_PINS {
            fault::A_LOCKED
        } else {
            fault::A_UNLOCK
        };
        Err(CoreError::of(code))
    }

    /// The sign-in, when customer data may be read: the lease is not over.
    pub fn user_with_lease(&self) -> Result<SessionRecord, CoreError> {
        let session = self.user()?;
        let holder = self.read(|db| settings::get::<i64>(db, name::SERVER_SEEN_MS))?;
        let from = holder.unwrap_or(0).max(session.signed_in_at_ms);
        let until = from + i64::from(session.lease_days) * DAY_MS;
        if self.server_now_ms()? > until {
            return Err(CoreError::of(fault::A_LEASE));
        }
        Ok(session)
    }

    /// Best estimate of the server's time; turning the phone's clock back does not turn it back
    /// behind what the server once said.
    pub fn server_now_ms(&self) -> Result<i64, CoreError> {
        let wall_ms = self.clock().wall_ms();
        let (offset, seen) = self.read(|db| {
            Ok((
                settings::get::<i64>(db, name::CLOCK_OFFSET_MS)?.unwrap_or(0),
                settings::get::<i64>(db, name::SERVER_SEEN_MS)?.unwrap_or(0),
            ))
        })?;
        Ok((wall_ms + offset).max(seen))
    }
}

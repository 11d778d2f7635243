//! Signing out. Unsent work stays on the phone, but nobody sends it until the person signs in again:
//! that is said before, with figures. The server's session ends too, at once or when it is next reached.

use super::{Session, SessionRecord, seal};
use crate::error::CoreError;
use crate::shared::Shared;
use crate::store::{files, outbox_rows, settings, settings::name};
use crate::sync::asked::ask;
use crate::sync::transport::{Method, Request, Transport};
use dianma_schema::fault;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// Most sign-ins remembered that the server does not know to be over; the oldest go first.
const MOST_LEFT: usize = 8;

/// A sign-in that is over here.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftSession {
    /// Address of the server.
    pub server: String,
    /// Its token, as it was kept.
    token: String,
}

/// The token is never printed.
impl std::fmt::Debug for LeftSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LeftSession")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Forgets the token. Unsent work, mirror and PIN stay; signing in again goes on with them. That the
    /// server's session ends is queued: see [`Session::end_left`].
    pub fn sign_out(&self) -> Result<(), CoreError> {
        self.shared.write_journaled(|tx| {
            let Some(mut session) = SessionRecord::load(tx)? else {
                return Ok(((), Vec::new()));
            };
            if let Some(token) = session.token.take() {
                let mut left = load(tx)?;
                left.push(LeftSession {
                    server: session.server.clone(),
                    token,
                });
                let surplus = left.len().saturating_sub(MOST_LEFT);
                left.drain(..surplus);
                save(tx, &left)?;
            }
            Ok(((), vec![session.save(tx)?]))
        })?;
        self.shared.set_unlocked(false);
        Ok(())
    }

    /// Sign-ins that are over here and perhaps not at the server.
    pub fn left(&self) -> Result<Vec<LeftSession>, CoreError> {
        self.shared.read(load)
    }

    /// Ends one of them at its server. Blocking on the network. One that the server no longer knows, or
    /// whose token cannot be opened any more, is over as well.
    pub fn end_left(
        &self,
        transport: &mut dyn Transport,
        left: &LeftSession,
    ) -> Result<(), CoreError> {
        if let Ok(token) = seal::open(self.shared.sealer(), left.token.clone()) {
            let request = Request {
                method: Method::Delete,
                path: "/v1/sessions/current".to_owned(),
                token: Some(token),
                content_type: None,
                headers: Vec::new(),
                body: Vec::new(),
            };
            match ask(transport, &request, &[204]) {
                Err(error) if !is_over(&error) => return Err(error),
                _ => {}
            }
        }
        self.shared.write(|tx| {
            let mut all = load(tx)?;
            all.retain(|one| one != left);
            save(tx, &all)
        })
    }

    /// Whether signing out now leaves nothing unsent behind.
    pub fn may_sign_out(&self) -> Result<(), CoreError> {
        check(&self.shared)
    }
}

/// The server said itself that it takes this token no more.
fn is_over(error: &CoreError) -> bool {
    [fault::A_SIGN_IN, fault::A_DEVICE_REVOKED].contains(&error.code())
}

fn load(db: &Connection) -> Result<Vec<LeftSession>, CoreError> {
    let text: Option<String> = settings::get(db, name::LEFT_SESSIONS)?;
    // Unreadable: nothing to end.
    Ok(text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

fn save(db: &Connection, left: &[LeftSession]) -> Result<(), CoreError> {
    if left.is_empty() {
        return settings::clear(db, name::LEFT_SESSIONS);
    }
    let text = serde_json::to_string(left)
        .map_err(|error| CoreError::of(fault::D_STORE).because(&error.to_string()))?;
    settings::set(db, name::LEFT_SESSIONS, text)
}

/// Refuses while something is unsent, and says what.
fn check(shared: &Shared) -> Result<(), CoreError> {
    let (commands, files) = shared.read(|db| {
        let files = files::count_pending(db)?;
        Ok((outbox_rows::count_pending(db)?, files))
    })?;
    if commands + files == 0 {
        return Ok(());
    }
    let mut error = CoreError::of(fault::S_UNSENT);
    if commands > 0 {
        let (zh, en) = (
            format!("{commands} 项操作没有上传"),
            format!("{commands} commands are not sent"),
        );
        error = error.field("commands", &zh, &en);
    }
    if files > 0 {
        let (zh, en) = (
            format!("{files} 个照片、录音或录像没有上传"),
            format!("{files} photos, recordings or videos are not sent"),
        );
        error = error.field("files", &zh, &en);
    }
    Err(error)
}

//! Online sign-in: makes this phone a device of the server and gives it a token. Whoever signs in again
//! stays the same device, with the same command numbers. Unsent work of the same person goes along;
//! unsent work of another person is never mixed in.

use super::{Session, SessionRecord};
use crate::error::CoreError;
use crate::outbox;
use crate::phone::APP_VERSION;
use crate::store::seal::{Origin, RECOVERY_BYTES};
use crate::store::{Store, outbox_rows, settings, settings::name};
use crate::sync::asked::ask;
use crate::sync::transport::{Method, Request, Transport};
use crate::text::from_hex;
use dianma_schema::enrol_code::EnrolCode;
use dianma_schema::fault;
use dianma_schema::id::{DeviceId, StaffId};
use rusqlite::Connection;
use serde::Deserialize;

/// What a person types and the phone says about itself.
#[derive(Clone)]
pub struct Enrolment {
    /// Address of the server, for the profile page.
    pub server: String,
    /// Name to sign in with.
    pub login_name: String,
    /// Password; not kept.
    pub password: String,
    /// Phone model.
    pub model: String,
    /// Version of its system.
    pub os_version: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolment")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

/// A one-time code the console showed, and what the phone says about itself.
#[derive(Clone, Debug)]
pub struct CodeEnrolment {
    /// Server and token.
    pub code: EnrolCode,
    /// Phone model.
    pub model: String,
    /// Version of its system.
    pub os_version: String,
}

#[derive(Deserialize)]
struct EnrolAnswer {
    device: DeviceAnswer,
    staff: StaffAnswer,
    station: Option<StationAnswer>,
    token: String,
    server_ms: i64,
    lease_days: u32,
    /// What this phone's data key is left with, hexadecimal.
    #[serde(default)]
    recovery_key: String,
}

#[derive(Deserialize)]
struct DeviceAnswer {
    id: DeviceId,
    /// Highest command number the server has of this phone.
    #[serde(default)]
    last_n: u64,
}

#[derive(Deserialize)]
struct StaffAnswer {
    id: StaffId,
    #[serde(default)]
    login_name: String,
    display_name: String,
}

#[derive(Deserialize)]
struct StationAnswer {
    name: String,
}

impl Session {
    /// Signs in. Blocking on the network. The PIN stays; wrong tries are forgotten.
    pub fn enrol(
        &self,
        transport: &mut dyn Transport,
        enrolment: &Enrolment,
    ) -> Result<SessionRecord, CoreError> {
        let proof = serde_json::json!({
            "login_name": enrolment.login_name,
            "password": enrolment.password,
            "model": enrolment.model,
            "os_version": enrolment.os_version,
        });
        self.sign_in(transport, "/v1/devices/enrol", &enrolment.server, proof)
    }

    /// Signs in by a one-time code; no password is typed. Blocking on the network.
    pub fn enrol_by_code(
        &self,
        transport: &mut dyn Transport,
        enrolment: &CodeEnrolment,
    ) -> Result<SessionRecord, CoreError> {
        let code = &enrolment.code;
        let proof = serde_json::json!({
            "token": code.token,
            "model": enrolment.model,
            "os_version": enrolment.os_version,
        });
        self.sign_in(transport, "/v1/devices/enrol_by_code", &code.server, proof)
    }

    fn sign_in(
        &self,
        transport: &mut dyn Transport,
        path: &str,
        server: &str,
        proof: serde_json::Value,
    ) -> Result<SessionRecord, CoreError> {
        let known = self.shared.read(SessionRecord::load)?;
        let device = match &known {
            Some(known) => Some(known.device_id.to_string()),
            None => self.shared.put_away().map(|origin| origin.device),
        };
        let mut answer = question(transport, path, proof, device)?;
        answer.token = self.shared.sealed_token(&answer.token)?;
        let wall_ms = self.shared.clock().wall_ms();
        let recovery = recovery_key(&answer.recovery_key);
        if let Some(recovery) = &recovery {
            self.shared
                .with_store(|store| store.give_back(recovery, wall_ms))?;
        }
        // What came back has its own sign-in.
        let known = self.shared.read(SessionRecord::load)?;
        let record = self.shared.write_journaled(|tx| {
            let last_n = answer.device.last_n;
            let record = record(server, answer, known.as_ref());
            take_over(tx, known.as_ref(), &record)?;
            outbox::number_above(tx, last_n)?;
            settings::set(tx, name::CLOCK_OFFSET_MS, record.signed_in_at_ms - wall_ms)?;
            settings::set(tx, name::SERVER_SEEN_MS, record.signed_in_at_ms)?;
            let entry = record.save(tx)?;
            Ok((record, vec![entry]))
        })?;
        self.shared.with_store(Store::rewrite_journal)?;
        self.entrust(&record, recovery.as_ref())?;
        self.shared.set_unlocked(true);
        Ok(record)
    }

    fn entrust(
        &self,
        record: &SessionRecord,
        recovery: Option<&[u8; RECOVERY_BYTES]>,
    ) -> Result<(), CoreError> {
        let home = self.shared.with_store(|store| Ok(store.home().clone()))?;
        let origin = Origin {
            device: record.device_id.to_string(),
            server: record.server.clone(),
        };
        self.shared
            .with_entropy(|entropy| home.entrust(&origin, recovery, entropy))
    }
}

/// An older server gives none.
fn recovery_key(text: &str) -> Option<[u8; RECOVERY_BYTES]> {
    from_hex(text)?.try_into().ok()
}

fn question(
    transport: &mut dyn Transport,
    path: &str,
    mut body: serde_json::Value,
    device: Option<String>,
) -> Result<EnrolAnswer, CoreError> {
    if let Some(body) = body.as_object_mut() {
        body.insert("app_version".to_owned(), APP_VERSION.into());
        if let Some(device) = device {
            body.insert("device_id".to_owned(), device.into());
        }
    }
    let request = Request {
        method: Method::Post,
        path: path.to_owned(),
        token: None,
        content_type: Some("application/json"),
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
    };
    let answer = ask(transport, &request, &[200, 201])?;
    serde_json::from_slice(&answer.body)
        .map_err(|error| CoreError::of(fault::N_NOT_OURS).because(&error.to_string()))
}

fn record(server: &str, answer: EnrolAnswer, known: Option<&SessionRecord>) -> SessionRecord {
    let same = known.filter(|known| known.staff_id == answer.staff.id);
    SessionRecord {
        device_id: answer.device.id,
        staff_id: answer.staff.id,
        login_name: answer.staff.login_name,
        display_name: answer.staff.display_name,
        station_name: answer.station.map_or_else(String::new, |s| s.name),
        server: server.to_owned(),
        token: Some(answer.token),
        lease_days: answer.lease_days,
        signed_in_at_ms: answer.server_ms,
        pin_hash: same.and_then(|known| known.pin_hash.clone()),
        wrong_pins: 0,
    }
}

/// Another device number means new command numbers; another person means an empty mirror, and is
/// refused while the first one has unsent work.
fn take_over(
    db: &Connection,
    known: Option<&SessionRecord>,
    new: &SessionRecord,
) -> Result<(), CoreError> {
    let Some(known) = known else {
        return Ok(());
    };
    if known.staff_id != new.staff_id {
        if outbox_rows::count_pending(db)? > 0 {
            let name = &known.display_name;
            return Err(CoreError::of(fault::A_OTHER_UNSENT).because(name));
        }
        db.execute("UPDATE cursors SET epoch = 0, position = 0", [])?;
        settings::clear(db, name::ON_DUTY)?;
        settings::clear(db, name::RECENT_LOOKUPS)?;
    }
    if known.device_id != new.device_id {
        outbox::renumber(db)?;
    }
    Ok(())
}

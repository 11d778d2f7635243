//! Carries the engine's effects to the store and the network. Blocking; one run goes on until the
//! engine rests. The store is not locked while the network is asked.

use super::apply;
use super::engine::Engine;
use super::message::{Applied, Effect, Event, Failure, FileState, Notice, Outgoing};
use super::transport::{Answer, Method, Request, Transport, Unreachable};
use crate::error::CoreError;
use crate::shared::Shared;
use crate::store::departures::{self, Departure};
use crate::store::files::{self, FileJob};
use crate::store::seal::blob::Blob;
use crate::store::{cursors, link, outbox_rows, settings, trust};
use crate::text::hex;
use dianma_schema::fault;
use dianma_schema::wire::codec::{CONTENT_TYPE, MAX_UNPACKED_BYTES};
use dianma_schema::wire::sync::SyncResponse;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::VecDeque;

/// A skew beyond this is shown to the person.
pub const CLOCK_SKEW_MS: i64 = 120_000;

/// Most departures told in one report; the list has all.
const MOST_DEPARTURES: u32 = 50;

/// What one run did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Sync exchanges that were answered.
    pub requests: u32,
    /// Commands sent in them.
    pub commands_sent: usize,
    /// Entries received.
    pub entries_received: usize,
    /// Bytes of sync bodies up.
    pub bytes_up: usize,
    /// Bytes of sync bodies down.
    pub bytes_down: usize,
    /// Evidence bytes up.
    pub file_bytes_up: u64,
    /// Files the server has now.
    pub files_uploaded: u32,
    /// Commands without an answer that are left.
    pub pending_commands: u32,
    /// Files left to send.
    pub pending_files: u32,
    /// What a person should hear about.
    pub notices: Vec<Notice>,
    /// Orders that have left, newest first, with what became of them.
    pub departures: Vec<Departure>,
    /// When the engine wants to run again, ms from now.
    pub next_run_ms: u64,
}

/// Runs the engine from `event` until it rests.
pub fn run(
    shared: &Shared,
    engine: &mut Engine,
    transport: &mut dyn Transport,
    event: Event,
) -> Result<SyncReport, CoreError> {
    let started_ms = shared.clock().wall_ms();
    let mut report = SyncReport::default();
    let mut events = VecDeque::from([event]);
    while let Some(event) = events.pop_front() {
        let now_ms = shared.clock().elapsed_ms();
        let effects = shared.with_entropy(|entropy| engine.step(now_ms, event, entropy))?;
        for effect in effects {
            let mut carrier = Carrier {
                shared,
                transport,
                report: &mut report,
            };
            match carrier.carry(effect) {
                Ok(next) => events.extend(next),
                Err(error) => {
                    report.notices.push(Notice {
                        detail: error.fault().detail.clone(),
                        detail_en: error.fault().detail_en.clone(),
                        ..Notice::of(error.code())
                    });
                    events.push_back(Event::StoreFailed);
                }
            }
        }
    }
    let (commands, files) = shared.read(pending)?;
    report.pending_commands = commands;
    report.pending_files = files;
    report.departures = shared.read(|db| departures::newest(db, started_ms, MOST_DEPARTURES))?;
    Ok(report)
}

fn pending(db: &Connection) -> Result<(u32, u32), CoreError> {
    Ok((outbox_rows::count_pending(db)?, files::count_pending(db)?))
}

struct Carrier<'a> {
    shared: &'a Shared,
    transport: &'a mut dyn Transport,
    report: &'a mut SyncReport,
}

impl Carrier<'_> {
    fn carry(&mut self, effect: Effect) -> Result<Option<Event>, CoreError> {
        match effect {
            Effect::Load {
                max_commands,
                max_bytes,
            } => self.load(max_commands, max_bytes).map(Some),
            Effect::Send(body) => self.send(body).map(Some),
            Effect::Apply(response) => self.apply(&response).map(Some),
            Effect::PickFile => self.pick_file().map(Some),
            Effect::AskFile(job) => self.ask_file(&job).map(Some),
            Effect::SendPiece {
                job,
                offset,
                length,
            } => self.send_piece(&job, offset, length).map(Some),
            Effect::FileReached {
                sha256,
                offset,
                is_complete,
            } => self.file_reached(&sha256, offset, is_complete),
            Effect::FileRefused { sha256, code } => {
                self.report.notices.push(Notice::of(code));
                self.shared
                    .write(|tx| files::set_fault(tx, &sha256, code.as_str()))?;
                Ok(None)
            }
            Effect::SetTimer { at_ms } => {
                self.report.next_run_ms = at_ms.saturating_sub(self.shared.clock().elapsed_ms());
                Ok(None)
            }
            Effect::Notify(notice) => {
                self.report.notices.push(notice);
                Ok(None)
            }
        }
    }

    fn load(&mut self, max_commands: usize, max_bytes: usize) -> Result<Event, CoreError> {
        let wall_ms = self.shared.clock().wall_ms();
        let mut outgoing = self
            .shared
            .read(|db| outgoing(db, max_commands, max_bytes))?;
        outgoing.wall_ms = wall_ms;
        self.report.commands_sent += outgoing.commands.len();
        Ok(Event::Loaded(Box::new(outgoing)))
    }

    fn send(&mut self, body: Vec<u8>) -> Result<Event, CoreError> {
        let Some(token) = self.shared.token()? else {
            return Ok(Event::Answered(Err(failure(fault::A_SIGN_IN))));
        };
        let request = Request {
            method: Method::Post,
            path: "/v1/sync".to_owned(),
            token: Some(token),
            content_type: Some(CONTENT_TYPE),
            headers: Vec::new(),
            body,
        };
        self.report.bytes_up += request.body.len();
        let (before, sent_wall_ms) = self.times();
        let answer = self.transport.exchange(&request);
        let took_ms = self.times().0.saturating_sub(before);
        let body = match checked(answer, &[200]) {
            Ok(answer) if !is_ours(&answer) => Err(failure(fault::N_NOT_OURS)),
            Ok(answer) => Ok(answer.body),
            Err(failure) => Err(failure),
        };
        if let Ok(body) = &body {
            self.report.requests += 1;
            self.report.bytes_down += body.len();
            self.shared.note_exchange(sent_wall_ms, took_ms);
        }
        Ok(Event::Answered(body))
    }

    fn times(&self) -> (u64, i64) {
        (
            self.shared.clock().elapsed_ms(),
            self.shared.clock().wall_ms(),
        )
    }

    fn apply(&mut self, response: &SyncResponse) -> Result<Event, CoreError> {
        let pages = response.pages.iter().flatten();
        self.report.entries_received += pages.map(|page| page.entries.len()).sum::<usize>();
        let skew = self.shared.note_server_time(response.server_ms)?;
        let now_ms = self.shared.clock().wall_ms();
        let mut applied: Applied = self
            .shared
            .with_store(|store| apply::apply(store, response, now_ms))?;
        if skew.abs() > CLOCK_SKEW_MS {
            applied.notices.push(Notice::of(fault::D_CLOCK));
        }
        Ok(Event::Applied(Box::new(applied)))
    }

    fn pick_file(&self) -> Result<Event, CoreError> {
        let now_ms = self.shared.server_now_ms()?;
        let link = self.shared.read(|db| link::standing(db, now_ms))?;
        Ok(Event::Picked(
            self.shared.read(|db| files::next(db, &link))?,
        ))
    }

    fn blob_request(&self, method: Method, job: &FileJob) -> Result<Option<Request>, CoreError> {
        Ok(self.shared.token()?.map(|token| Request {
            method,
            path: format!("/v1/blobs/{}", hex(&job.sha256)),
            token: Some(token),
            content_type: None,
            headers: Vec::new(),
            body: Vec::new(),
        }))
    }

    fn ask_file(&mut self, job: &FileJob) -> Result<Event, CoreError> {
        let Some(request) = self.blob_request(Method::Head, job)? else {
            return Ok(Event::File(Err(failure(fault::A_SIGN_IN))));
        };
        Ok(Event::File(self.file_exchange(&request, job)))
    }

    fn send_piece(&mut self, job: &FileJob, offset: u64, length: u64) -> Result<Event, CoreError> {
        let Some(mut request) = self.blob_request(Method::Patch, job)? else {
            return Ok(Event::File(Err(failure(fault::A_SIGN_IN))));
        };
        let Some(piece) = self.piece(job, offset, length) else {
            return Ok(Event::File(Err(failure(fault::E_MISSING))));
        };
        request.headers = vec![
            ("upload-offset", offset.to_string()),
            ("upload-length", job.size.to_string()),
        ];
        request.content_type = Some("application/octet-stream");
        request.body = piece;
        self.report.file_bytes_up += length;
        let state = self.file_exchange(&request, job);
        if state.is_ok() {
            let now_ms = self.shared.server_now_ms()?;
            self.shared.write(|tx| link::count(tx, now_ms, length))?;
        }
        Ok(Event::File(state))
    }

    /// Reads a piece of the local file; `None` when the file is gone or shorter than registered.
    fn piece(&self, job: &FileJob, offset: u64, length: u64) -> Option<Vec<u8>> {
        let path = self.shared.evidence_path(&job.sha256);
        let blob = Blob::open(&path, self.shared.data_key().as_ref()).ok()?;
        blob.piece(offset, usize::try_from(length).ok()?).ok()
    }

    fn file_exchange(&mut self, request: &Request, job: &FileJob) -> Result<FileState, Failure> {
        let before = self.times().0;
        let answer = checked(self.transport.exchange(request), &[200, 204])?;
        let took_ms = self.times().0.saturating_sub(before);
        let offset = answer
            .number("upload-offset")
            .ok_or_else(|| failure(fault::N_NOT_OURS))?;
        let is_complete = answer.header("upload-complete") == Some("?1");
        Ok(FileState {
            offset: if is_complete { job.size } else { offset },
            is_complete,
            took_ms,
        })
    }

    fn file_reached(
        &mut self,
        sha256: &[u8; 32],
        offset: u64,
        is_complete: bool,
    ) -> Result<Option<Event>, CoreError> {
        let now_ms = self.shared.clock().wall_ms();
        self.report.files_uploaded += u32::from(is_complete);
        self.shared.write(|tx| {
            if is_complete {
                files::set_uploaded(tx, sha256, now_ms)
            } else {
                files::set_sent(tx, sha256, offset)
            }
        })?;
        Ok(None)
    }
}

fn outgoing(db: &Connection, max_commands: usize, max_bytes: usize) -> Result<Outgoing, CoreError> {
    let first = outbox_rows::first_pending(db)?;
    let next: i64 = settings::get(db, settings::name::NEXT_N)?.unwrap_or(1);
    let resend = settings::get::<i64>(db, settings::name::RESEND_FROM)?.map(i64::cast_unsigned);
    let from = match (first, resend) {
        (Some(first), Some(resend)) => Some(first.min(resend)),
        (first, resend) => first.or(resend),
    };
    let commands = match from {
        Some(from) => outbox_rows::bodies_from(db, from, max_commands, max_bytes)?,
        None => Vec::new(),
    };
    let (pending_commands, pending_files) = pending(db)?;
    Ok(Outgoing {
        commands: commands.into_iter().map(|(_, body)| body).collect(),
        acked_n: first.map_or(next.cast_unsigned() - 1, |n| n - 1),
        cursors: cursors::all(db)?,
        pending_commands,
        pending_files,
        wall_ms: 0,
        trust: trust::have(db)?,
    })
}

const fn failure(code: fault::FaultCode) -> Failure {
    Failure {
        code,
        retry_after_s: 0,
    }
}

/// Our answers carry our content type; a captive portal's page does not.
fn is_ours(answer: &Answer) -> bool {
    answer.header("content-type") == Some(CONTENT_TYPE) && answer.body.len() <= MAX_UNPACKED_BYTES
}

/// The answer when its status is as hoped, else what went wrong, by the server's own code if given.
pub fn checked(answer: Result<Answer, Unreachable>, good: &[u16]) -> Result<Answer, Failure> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(Unreachable::Offline) => return Err(failure(fault::N_OFFLINE)),
        Err(Unreachable::TimedOut) => return Err(failure(fault::N_TIMEOUT)),
        Err(Unreachable::NotOurs) => return Err(failure(fault::N_NOT_OURS)),
        Err(Unreachable::Untrusted) => return Err(failure(fault::N_CERTIFICATE)),
    };
    if good.contains(&answer.status) {
        return Ok(answer);
    }
    let code = stated_code(&answer).unwrap_or(match answer.status {
        // A page for people comes from something on the way (captive portal, proxy), which knows nothing
        // about our sign-in.
        300..=499 if is_page(&answer) => fault::N_NOT_OURS,
        401 => fault::A_SIGN_IN,
        403 => fault::A_ROLE,
        413 => fault::V_TOO_LARGE,
        429 | 502..=504 => fault::X_BUSY,
        500..=599 => fault::X_INTERNAL,
        _ => fault::N_NOT_OURS,
    });
    let asked = answer.number("retry-after").unwrap_or(0);
    Err(Failure {
        code,
        retry_after_s: u32::try_from(asked).unwrap_or(u32::MAX).min(3_600),
    })
}

fn is_page(answer: &Answer) -> bool {
    let kind = answer.header("content-type").unwrap_or_default();
    kind.trim_start().starts_with("text/html")
}

/// The code in the error body; a HEAD answer has none.
fn stated_code(answer: &Answer) -> Option<fault::FaultCode> {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    fault::FaultCode::find(body.get("error")?.get("code")?.as_str()?)
}

//! The exchange with the server on its own thread: one at a time, soon after something was saved, at
//! the engine's own pace while the app is online, or now because a person asks.

use super::errors::guarded;
use super::platform::{Platform, Transport};
use super::{Core, FaultView, PhoneError, Words};
use crate::error::CoreError;
use crate::phone::{Phone, Sync, Unsent};
use crate::sync::{Event, SyncReport};
use crate::work::moment;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::wire::sync::NetClass;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// After something was saved the exchange waits so long for more, ms: a form sends one request, not ten.
const GATHER_MS: u64 = 2_000;

/// The strip about unsent work (同步条).
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct SyncStrip {
    /// `sent`, `waiting` or `attention`.
    pub level: String,
    /// "已全部上传 09:42", "3 项待上传，连接后自动", "1 项被退回，查看".
    pub words: Words,
    /// Commands without an answer.
    pub pending_commands: u32,
    /// Files that still have to go up.
    pub pending_files: u32,
    /// Bytes of them.
    pub pending_bytes: u64,
    /// Refused commands to decide on.
    pub refused: u32,
}

/// What a person should hear about.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct NoticeView {
    /// Fault code.
    pub code: String,
    /// Its sentence.
    pub sentence: Words,
    /// More.
    pub detail: Option<Words>,
}

/// What one exchange did.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct SyncOutcome {
    /// The server answered.
    pub is_reached: bool,
    /// Commands sent.
    pub commands_sent: u32,
    /// Updates received.
    pub entries_received: u32,
    /// Files the server has now.
    pub files_uploaded: u32,
    /// When the engine wants to run again, ms from now; 0 = only a person can help.
    pub next_run_ms: u64,
    /// What a person should hear about.
    pub notices: Vec<NoticeView>,
    /// "发出 3 项，收到 5 条，传完 2 个文件".
    pub words: Words,
    /// The strip afterwards.
    pub strip: SyncStrip,
}

/// What the thread is told.
pub(super) enum Job {
    /// Something was saved.
    Soon,
    /// Run now and answer.
    Now(Event, Sender<Result<SyncOutcome, CoreError>>),
    /// Exchange by itself from now on, or no longer.
    Online(bool),
    /// A person signed out: the server should know.
    Left,
}

/// What the thread works with.
pub(super) struct Runner {
    pub(super) phone: Phone,
    pub(super) platform: Platform,
    /// Phone clock of the last answer of the server, epoch ms; 0 = none in this process.
    pub(super) reached_at_ms: AtomicI64,
}

#[uniffi::export]
impl Core {
    /// Exchanges with the server now and waits for the outcome. Blocking on the network.
    pub fn sync_now(&self) -> Result<SyncOutcome, PhoneError> {
        guarded(|| self.run_now(Event::Kick))
    }

    /// Exchanges by itself: while the app is in front or its owner on duty.
    pub fn set_online(&self, is_online: bool) {
        self.tell(Job::Online(is_online));
    }

    /// The strip about unsent work.
    pub fn strip(&self) -> Result<SyncStrip, PhoneError> {
        guarded(|| self.strip_view())
    }
}

impl Core {
    pub(super) fn strip_view(&self) -> Result<SyncStrip, CoreError> {
        self.runner.strip()
    }

    /// Server time as the phone knows it, epoch ms.
    pub(super) fn now_ms(&self) -> Result<i64, CoreError> {
        self.phone().server_now_ms()
    }

    /// Something was saved: tells the listener and lets it go out soon.
    pub(super) fn written(&self) {
        if let Ok(strip) = self.strip_view() {
            self.runner.platform.listener.on_sync_changed(strip);
        }
        self.tell(Job::Soon);
    }

    /// A person signed in: the engine may ask again.
    pub(super) fn signed_in(&self) {
        let (answer, _) = channel();
        self.tell(Job::Now(Event::SignedIn, answer));
    }

    /// A person signed out.
    pub(super) fn signed_out(&self) {
        self.tell(Job::Left);
    }

    /// The network class changed.
    pub(super) fn network_changed(&self, net: NetClass) {
        let (answer, _) = channel();
        self.tell(Job::Now(Event::Network(net), answer));
    }

    fn run_now(&self, event: Event) -> Result<SyncOutcome, CoreError> {
        let (answer, outcome) = channel();
        self.tell(Job::Now(event, answer));
        outcome
            .recv()
            .unwrap_or_else(|_| Err(CoreError::of(fault::D_PANIC)))
    }

    fn tell(&self, job: Job) {
        // The thread ends only with this object.
        let _ = self.jobs.send(job);
    }
}

impl Runner {
    fn strip(&self) -> Result<SyncStrip, CoreError> {
        let counts = self.phone.unsent()?;
        let now_ms = self.phone.server_now_ms()?;
        let reached = self.reached_at_ms.load(Ordering::Relaxed);
        let (level, words) = if counts.refused > 0 {
            let n = counts.refused;
            let en = format!("{n} came back: look");
            ("attention", (format!("{n} 项被退回，查看"), en))
        } else if counts.commands > 0 {
            let n = counts.commands;
            let en = format!("{n} to send, by itself once connected");
            ("waiting", (format!("{n} 项待上传，连接后自动"), en))
        } else if counts.files > 0 {
            ("waiting", files_words(&counts))
        } else {
            let at = if reached > 0 {
                format!(" {}", moment(reached, now_ms))
            } else {
                String::new()
            };
            ("sent", (format!("已全部上传{at}"), format!("All sent{at}")))
        };
        Ok(SyncStrip {
            level: level.to_owned(),
            words: Words {
                zh: words.0,
                en: words.1,
            },
            pending_commands: counts.commands,
            pending_files: counts.files,
            pending_bytes: counts.file_bytes,
            refused: counts.refused,
        })
    }

    /// Runs the engine and tells the listener. A panic in it is a coded notice, not the end.
    fn run(&self, engine: &mut Sync, event: Event) -> Result<SyncOutcome, CoreError> {
        let caught = catch_unwind(AssertUnwindSafe(|| self.exchange(engine, event)));
        let outcome = caught.unwrap_or_else(|_| Err(CoreError::of(fault::D_PANIC)));
        match &outcome {
            Ok(outcome) => self.announce(outcome),
            Err(error) => self
                .platform
                .listener
                .on_notice(notice(error.code().as_str(), None)),
        }
        outcome
    }

    /// Ends sign-ins at the server that are over here. What fails is tried with the next exchange.
    fn end_left(&self) -> Result<(), CoreError> {
        for left in self.phone.session().left()? {
            let mut transport = Transport::new(self.platform.http.clone(), &left.server);
            self.phone.session().end_left(&mut transport, &left)?;
        }
        Ok(())
    }

    /// The same, where nothing hangs on it: a panic in it is not the end of the thread.
    fn try_to_end_left(&self) {
        let _ = catch_unwind(AssertUnwindSafe(|| self.end_left()));
    }

    fn exchange(&self, engine: &mut Sync, event: Event) -> Result<SyncOutcome, CoreError> {
        self.try_to_end_left();
        let server = self.phone.session().state()?.map(|state| state.server);
        let server = server.ok_or_else(|| CoreError::of(fault::A_SIGN_IN))?;
        let mut transport = Transport::new(self.platform.http.clone(), &server);
        let report = engine.run(&mut transport, event)?;
        if report.requests > 0 {
            self.reached_at_ms
                .store(self.phone.server_now_ms()?, Ordering::Relaxed);
        }
        self.outcome(report)
    }

    fn outcome(&self, report: SyncReport) -> Result<SyncOutcome, CoreError> {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let words = outcome_words(&report);
        let notices = report.notices.into_iter();
        Ok(SyncOutcome {
            words,
            is_reached: report.requests > 0,
            commands_sent: count(report.commands_sent),
            entries_received: count(report.entries_received),
            files_uploaded: report.files_uploaded,
            next_run_ms: report.next_run_ms,
            notices: notices
                .map(|n| notice(n.code, Words::of(n.detail, n.detail_en)))
                .collect(),
            strip: self.strip()?,
        })
    }

    fn announce(&self, outcome: &SyncOutcome) {
        let listener = &self.platform.listener;
        listener.on_sync_changed(outcome.strip.clone());
        if outcome.entries_received > 0 || outcome.commands_sent > 0 {
            listener.on_orders_changed();
        }
        for notice in &outcome.notices {
            match FaultCode::find(&notice.code) {
                Some(code) if code == fault::A_SIGN_IN || code == fault::A_DEVICE_REVOKED => {
                    listener.on_sign_in_needed(FaultView::from(CoreError::of(code).fault()));
                }
                _ => listener.on_notice(notice.clone()),
            }
        }
    }

    /// The thread: until the core is dropped.
    pub(super) fn work(&self, mut engine: Sync, jobs: &Receiver<Job>) {
        let (mut is_online, mut due_ms) = (false, None::<u64>);
        loop {
            let now_ms = self.phone.elapsed_ms();
            let wait_ms = due_ms.map_or(u64::MAX, |due: u64| due.saturating_sub(now_ms));
            let event = match wait(jobs, wait_ms) {
                Ok(Job::Online(online)) => {
                    is_online = online;
                    due_ms = is_online.then_some(now_ms);
                    continue;
                }
                Ok(Job::Left) => {
                    self.try_to_end_left();
                    continue;
                }
                Ok(Job::Soon) => {
                    let soon = now_ms + GATHER_MS;
                    due_ms = is_online.then(|| due_ms.map_or(soon, |due| due.min(soon)));
                    continue;
                }
                Ok(Job::Now(event, answer)) => {
                    let outcome = self.run(&mut engine, event);
                    due_ms = next_due(is_online, self.phone.elapsed_ms(), &outcome);
                    // Whoever asked may have gone away.
                    let _ = answer.send(outcome);
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => Event::Timer,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let outcome = self.run(&mut engine, event);
            due_ms = next_due(is_online, self.phone.elapsed_ms(), &outcome);
        }
    }
}

fn wait(jobs: &Receiver<Job>, wait_ms: u64) -> Result<Job, RecvTimeoutError> {
    if wait_ms == u64::MAX {
        return jobs.recv().map_err(|_| RecvTimeoutError::Disconnected);
    }
    jobs.recv_timeout(Duration::from_millis(wait_ms))
}

/// When to run again by itself; never when offline by choice or when only a person can help.
fn next_due(is_online: bool, now_ms: u64, outcome: &Result<SyncOutcome, CoreError>) -> Option<u64> {
    let next = outcome.as_ref().map_or(0, |outcome| outcome.next_run_ms);
    (is_online && next > 0).then(|| now_ms + next)
}

fn outcome_words(report: &SyncReport) -> Words {
    if report.requests == 0 {
        return Words::new(
            "这次没有联系上服务器",
            "The server was not reached this time",
        );
    }
    let (sent, received) = (report.commands_sent, report.entries_received);
    let files = report.files_uploaded;
    Words {
        zh: format!("已同步：发出 {sent} 项，收到 {received} 条，传完 {files} 个文件"),
        en: format!("Synced: {sent} sent, {received} received, {files} files done"),
    }
}

fn notice(code: &str, detail: Option<Words>) -> NoticeView {
    let sentence =
        FaultCode::find(code).map_or_else(Words::default, |c| Words::new(c.zh(), c.en()));
    NoticeView {
        code: code.to_owned(),
        sentence,
        detail,
    }
}

/// "8.2 MB", rounded up.
pub(super) fn megabytes(bytes: u64) -> String {
    let (tenths, unit) = match bytes.div_ceil(100_000) {
        megabytes @ 0..10_000 => (megabytes, "MB"),
        megabytes => (megabytes / 1_000, "GB"),
    };
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

/// "2 个文件 8.2 MB 待上传", or what they wait for.
fn files_words(counts: &Unsent) -> (String, String) {
    let (files, size) = (counts.files, megabytes(counts.file_bytes));
    let noun = if files == 1 { "file" } else { "files" };
    match counts.file_hold {
        Some(hold) => (
            format!("{files} 个文件 {size}：{}", hold.zh()),
            format!("{files} {noun}, {size}: {}", hold.en()),
        ),
        None => (
            format!("{files} 个文件 {size} 待上传"),
            format!("{files} {noun}, {size}, to send"),
        ),
    }
}

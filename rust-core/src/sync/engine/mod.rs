//! The sync engine: `step(now, event) -> effects`, no I/O, no clock, no randomness of its own. It
//! decides when to exchange and what a failure means, and in `upload` which evidence bytes go up next;
//! the store and the network do what it says and report back.
//!
//! One thing is under way at a time. "Sent" is never written down: until an answer is stored, a
//! command is pending and will be sent again.

mod upload;

use super::backoff;
use super::message::{Applied, Effect, Event, Failure, Notice, Outgoing};
use crate::entropy::Entropy;
use crate::error::CoreError;
use crate::store::files::FileJob;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::wire::codec;
use dianma_schema::wire::sync::{
    MAX_COMMANDS, NetClass, PROTOCOL, ScopeKind, SyncRequest, SyncResponse,
};

/// Most bytes of commands in one request, by network class: one request must pass in seconds.
const fn push_budget_bytes(net: NetClass) -> usize {
    match net {
        NetClass::Gprs => 16 * 1024,
        NetClass::ThreeG => 64 * 1024,
        NetClass::FourG | NetClass::Wifi => 512 * 1024,
    }
}

/// A server that keeps asking for the same commands is left alone after so many times.
const MOST_RESENDS: u32 = 4;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Loading,
    Sending,
    Applying,
    Picking,
    /// The server is asked how much of the file it has.
    Asking(FileJob),
    /// A piece of the file is under way.
    Piece(FileJob),
    /// The token is no longer good: only a sign-in helps. Capture goes on.
    SignedOut,
}

/// Signed lists and places change seldom: a poll that brings nothing else asks for them every tenth
/// time, which keeps an empty poll small.
const QUIET_POLLS: u32 = 9;

/// The engine.
#[derive(Debug)]
pub struct Engine {
    phase: Phase,
    net: NetClass,
    app_version: &'static str,
    has_introduced_itself: bool,
    reported: Option<(u32, u32)>,
    was_kicked: bool,
    /// Polls since signed lists and places were asked for.
    quiet_polls: u32,
    failures: u32,
    file_failures: u32,
    wrong_hash: Option<([u8; 32], u32)>,
    resends: u32,
    rate_bytes_per_s: u64,
    next_poll_s: u32,
}

impl Engine {
    /// An engine that has not exchanged anything yet.
    pub const fn new(app_version: &'static str, net: NetClass) -> Self {
        Self {
            phase: Phase::Idle,
            net,
            app_version,
            has_introduced_itself: false,
            reported: None,
            was_kicked: false,
            quiet_polls: QUIET_POLLS,
            failures: 0,
            file_failures: 0,
            wrong_hash: None,
            resends: 0,
            rate_bytes_per_s: 0,
            next_poll_s: 60,
        }
    }

    /// Nothing is under way; the engine waits for an event.
    pub fn is_idle(&self) -> bool {
        matches!(self.phase, Phase::Idle | Phase::SignedOut)
    }

    /// One step. `now_ms` is a clock that never goes back.
    pub fn step(
        &mut self,
        now_ms: u64,
        event: Event,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Effect>, CoreError> {
        match event {
            Event::Kick => Ok(self.kick()),
            Event::Timer => Ok(self.wake()),
            Event::SignedIn => Ok(self.signed_in()),
            Event::Network(net) => {
                self.net = net;
                Ok(self.kick())
            }
            Event::Loaded(outgoing) if self.phase == Phase::Loading => self.send(*outgoing),
            Event::Answered(answer) if self.phase == Phase::Sending => {
                self.answered(now_ms, answer, entropy)
            }
            Event::Applied(applied) if self.phase == Phase::Applying => {
                Ok(self.applied(now_ms, *applied))
            }
            Event::Picked(job) if self.phase == Phase::Picking => Ok(self.picked(now_ms, job)),
            Event::File(state) => self.file(now_ms, state, entropy),
            Event::StoreFailed => self.failed(now_ms, fault::D_STORE, 0, entropy),
            // A late answer of something given up: what it would say is asked again.
            _ => Ok(Vec::new()),
        }
    }

    fn kick(&mut self) -> Vec<Effect> {
        self.quiet_polls = QUIET_POLLS;
        if self.phase == Phase::Idle {
            return self.load();
        }
        self.was_kicked = true;
        Vec::new()
    }

    fn wake(&mut self) -> Vec<Effect> {
        if self.phase == Phase::Idle {
            self.load()
        } else {
            Vec::new()
        }
    }

    fn signed_in(&mut self) -> Vec<Effect> {
        self.failures = 0;
        self.has_introduced_itself = false;
        if self.phase == Phase::SignedOut {
            self.phase = Phase::Idle;
        }
        self.kick()
    }

    fn load(&mut self) -> Vec<Effect> {
        self.phase = Phase::Loading;
        self.was_kicked = false;
        vec![Effect::Load {
            max_commands: MAX_COMMANDS,
            max_bytes: push_budget_bytes(self.net),
        }]
    }

    fn send(&mut self, outgoing: Outgoing) -> Result<Vec<Effect>, CoreError> {
        let has_commands = !outgoing.commands.is_empty();
        let counts = (outgoing.pending_commands, outgoing.pending_files);
        let says_counts = self.reported != Some(counts);
        let introduces = has_commands || !self.has_introduced_itself;
        let asks_lists = introduces || self.quiet_polls >= QUIET_POLLS;
        self.quiet_polls = if asks_lists { 0 } else { self.quiet_polls + 1 };
        let mut cursors = outgoing.cursors;
        cursors.retain(|cursor| asks_lists || cursor.scope != ScopeKind::Places);
        let commands = outgoing.commands.into_iter().map(Into::into).collect();
        let request = SyncRequest {
            protocol: PROTOCOL,
            app_version: introduces.then(|| self.app_version.to_owned()),
            acked_n: outgoing.acked_n,
            commands: has_commands.then_some(commands),
            cursors,
            net_class: self.net,
            wall_ms: introduces.then_some(outgoing.wall_ms),
            pending_commands: says_counts.then_some(counts.0),
            pending_files: says_counts.then_some(counts.1),
            trust: asks_lists.then_some(outgoing.trust),
        };
        self.reported = Some(counts);
        self.phase = Phase::Sending;
        Ok(vec![Effect::Send(codec::pack(&request)?)])
    }

    fn answered(
        &mut self,
        now_ms: u64,
        answer: Result<Vec<u8>, Failure>,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Effect>, CoreError> {
        let body = match answer {
            Ok(body) => body,
            Err(failure) => {
                return self.failed(now_ms, failure.code, failure.retry_after_s, entropy);
            }
        };
        match codec::unpack::<SyncResponse>(&body) {
            Ok(response) => {
                self.phase = Phase::Applying;
                Ok(vec![Effect::Apply(Box::new(response))])
            }
            Err(_) => self.failed(now_ms, fault::N_NOT_OURS, 0, entropy),
        }
    }

    fn applied(&mut self, now_ms: u64, applied: Applied) -> Vec<Effect> {
        self.failures = 0;
        self.has_introduced_itself = true;
        if applied.more_pages {
            self.quiet_polls = QUIET_POLLS;
        }
        self.next_poll_s = applied.next_poll_s.clamp(1, 3_600);
        let mut effects: Vec<Effect> = applied.notices.into_iter().map(Effect::Notify).collect();
        self.resends = if applied.is_fruitless {
            self.resends + 1
        } else {
            0
        };
        if self.resends > MOST_RESENDS {
            effects.push(Effect::Notify(Notice::of(fault::X_INTERNAL)));
            self.resends = 0;
            effects.extend(self.rest(now_ms));
            return effects;
        }
        let has_unsent = applied.pending_commands > 0 && !applied.is_wedged;
        if applied.more_pages || has_unsent {
            effects.extend(self.load());
        } else {
            effects.extend(self.next_file(now_ms));
        }
        effects
    }

    fn rest(&mut self, now_ms: u64) -> Vec<Effect> {
        self.phase = Phase::Idle;
        let at_ms = now_ms + u64::from(self.next_poll_s) * 1_000;
        vec![Effect::SetTimer { at_ms }]
    }

    fn failed(
        &mut self,
        now_ms: u64,
        code: FaultCode,
        retry_after_s: u32,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Effect>, CoreError> {
        self.reported = None;
        let mut effects = vec![Effect::Notify(Notice::of(code))];
        if matches!(code, fault::A_SIGN_IN | fault::A_DEVICE_REVOKED) {
            self.phase = Phase::SignedOut;
            return Ok(effects);
        }
        self.failures = self.failures.saturating_add(1);
        self.phase = Phase::Idle;
        let asked_ms = u64::from(retry_after_s) * 1_000;
        let wait = backoff::wait_ms(self.failures, asked_ms, entropy)?;
        effects.push(Effect::SetTimer {
            at_ms: now_ms + wait,
        });
        Ok(effects)
    }
}

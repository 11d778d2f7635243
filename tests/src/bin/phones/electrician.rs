//! One simulated electrician: his phone, his day. Decides nothing about orders itself (`plan`) and
//! does nothing on them itself (`acts`); it keeps time, the network and the refusals.

use crate::County;
use crate::acts::Site;
use crate::plan::{Act, Chance, focus_rank, next_act, resume_at_ms};
use crate::settings::{Login, Settings};
use crate::stickers::Stickers;
use dianma_core::clock::Clock;
use dianma_core::entropy::SystemEntropy;
use dianma_core::field::http::HttpTransport;
use dianma_core::phone::Sync;
use dianma_core::session::Enrolment;
use dianma_core::sync::{Event, SyncReport};
use dianma_core::work::{Choice, OrderDetail};
use dianma_core::{CoreError, Phone};
use dianma_schema::fault;
use dianma_schema::id::WorkOrderId;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Orders looked at in one round.
const IN_HAND: u32 = 200;
/// Longest sleep, so that a stop is noticed.
const LONGEST_REST_MS: i64 = 5_000;
/// Shortest sleep, so that a quick pace does not spin.
const SHORTEST_REST_MS: i64 = 50;
/// Without a fault the phone asks at least so often.
const LONGEST_POLL_MS: i64 = 60_000;
/// After a refused or impossible act the order waits, ms at pace 1.
const SET_ASIDE_MS: i64 = 1_800_000;
/// Times with and without a signal, ms at pace 1.
const SIGNAL_MS: u64 = 5_400_000;
const NO_SIGNAL_MS: u64 = 900_000;

/// What is planned for an order, and when it is done.
struct Job {
    act: Act,
    ready_at_ms: i64,
}

/// A person with a phone.
pub struct Electrician {
    login: Login,
    name: String,
    phone: Phone,
    clock: Arc<dyn Clock>,
    sync: Sync,
    transport: HttpTransport,
    chance: Chance,
    pace: u32,
    camera: PathBuf,
    stickers: Arc<Stickers>,
    disk_bytes: u64,
    jobs: BTreeMap<WorkOrderId, Job>,
    has_signal: bool,
    signal_changes: u64,
    next_signal_change_ms: i64,
    next_sync_ms: i64,
    last_notice: Option<String>,
}

impl Electrician {
    /// Opens the store and signs in when nobody is.
    pub fn open(
        settings: &Settings,
        county: &County,
        login: &Login,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, CoreError> {
        let server = county.url.as_str();
        let store = settings.store_of(&login.login_name);
        let camera = store.join("camera");
        std::fs::create_dir_all(&camera)?;
        let phone = Phone::open(&store, Arc::clone(clock), Box::new(SystemEntropy))?;
        let mut transport = HttpTransport::new(server, false)?;
        let state = phone.session().state()?;
        if !state.is_some_and(|state| state.is_signed_in && state.server == server) {
            enrol(&phone, &mut transport, server, login)?;
        }
        let name = phone.session().state()?.map(|state| state.display_name);
        let now_ms = clock.wall_ms();
        let chance = Chance::new(settings.seed, &login.login_name);
        let first_spell_ms = SIGNAL_MS / 4 + chance.below(SIGNAL_MS, "0", "signal");
        Ok(Self {
            name: name.unwrap_or_else(|| login.login_name.clone()),
            sync: phone.sync()?,
            chance,
            pace: settings.pace,
            disk_bytes: settings.disk_mb * 1_000_000,
            clock: Arc::clone(clock),
            login: login.clone(),
            phone,
            transport,
            stickers: Arc::clone(&county.stickers),
            camera,
            jobs: BTreeMap::new(),
            has_signal: true,
            signal_changes: 0,
            next_signal_change_ms: now_ms + scaled(first_spell_ms, settings.pace),
            next_sync_ms: now_ms,
            last_notice: None,
        })
    }

    /// Works until told to stop.
    pub fn run(&mut self, stop: &AtomicBool) -> Result<(), CoreError> {
        self.phone.orders().set_duty(true, None)?;
        self.say(None, "上岗");
        while !stop.load(Ordering::Relaxed) {
            self.change_signal();
            if self.has_signal && self.clock.wall_ms() >= self.next_sync_ms {
                self.exchange()?;
            }
            let is_idle = self.settle_refusals()? && self.work()?;
            if is_idle {
                self.rest();
            }
        }
        Ok(())
    }

    /// Goes through what is in hand and does the first act that is due. `true` when none was.
    fn work(&mut self) -> Result<bool, CoreError> {
        let orders = self.phone.orders();
        let page = orders.list(None, None, IN_HAND)?;
        let own = page.work_orders.iter().filter(|order| !order.has_left);
        let mut details = Vec::new();
        for summary in own.filter(|order| order.state.is_with_electrician()) {
            details.push(orders.show(&summary.id.to_string())?);
        }
        self.jobs
            .retain(|id, _| details.iter().any(|order| order.summary.id == *id));
        if self.is_full()? {
            return Ok(true);
        }
        let on_site = details
            .iter()
            .filter(|order| next_act(order, &self.chance).is_some_and(|act| !act.is_at_once()));
        let focus = on_site
            .min_by_key(|order| focus_rank(order))
            .map(|order| order.summary.id);
        for order in &details {
            let Some(act) = next_act(order, &self.chance) else {
                continue;
            };
            let is_his_turn = act.is_at_once() || focus == Some(order.summary.id);
            if is_his_turn && self.is_due(order, act) {
                self.perform(order, act)?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Plans the act when it is new; says whether its time has come.
    fn is_due(&mut self, order: &OrderDetail, act: Act) -> bool {
        let now_ms = self.clock.wall_ms();
        let id = order.summary.id;
        if self.jobs.get(&id).is_none_or(|job| job.act != act) {
            let takes_ms = self
                .chance
                .duration_ms(act, &order.summary.order_number, self.pace);
            let earliest = match act {
                Act::Resume => resume_at_ms(order, self.pace).max(now_ms),
                _ => now_ms,
            };
            let ready_at_ms = earliest + takes_ms;
            self.jobs.insert(id, Job { act, ready_at_ms });
        }
        self.jobs
            .get(&id)
            .is_some_and(|job| job.ready_at_ms <= now_ms)
    }

    fn perform(&mut self, order: &OrderDetail, act: Act) -> Result<(), CoreError> {
        let site = Site {
            phone: &self.phone,
            stickers: &self.stickers,
            order,
            chance: &self.chance,
            now_ms: self.clock.wall_ms(),
            pace: self.pace,
            camera: &self.camera,
        };
        let id = order.summary.id;
        match site.perform(act) {
            Ok(()) => {
                self.jobs.remove(&id);
                self.next_sync_ms = self.clock.wall_ms();
                let state = self.phone.orders().show(&id.to_string());
                let state = state.map_or(order.summary.state_zh, |order| order.summary.state_zh);
                self.say(Some(order), &format!("{} → {state}", act_zh(act)));
            }
            Err(error @ (CoreError::Report(_) | CoreError::SignIn(_) | CoreError::Unlock(_))) => {
                return Err(error);
            }
            Err(error) => {
                self.say(Some(order), &format!("{}未成：{error}", act_zh(act)));
                let wait_ms = SET_ASIDE_MS / i64::from(self.pace);
                let ready_at_ms = self.clock.wall_ms() + wait_ms;
                self.jobs.insert(id, Job { act, ready_at_ms });
            }
        }
        Ok(())
    }

    /// Decides on refused commands at once: again on the new state, else a note to the dispatcher.
    /// `true` when there was none.
    fn settle_refusals(&self) -> Result<bool, CoreError> {
        let orders = self.phone.orders();
        let refusals = orders.refusals()?;
        for refusal in &refusals {
            let n = refusal.entry.n;
            let again = orders.handle_refusal(n, Choice::Redo, None);
            let choice = if again.is_ok() {
                Choice::Redo
            } else {
                Choice::Note
            };
            if again.is_err() {
                orders.handle_refusal(n, Choice::Note, Some("请调度核对（模拟）"))?;
            }
            let entry = &refusal.entry;
            let (order, code) = (entry.order_number.as_deref(), entry.code.as_deref());
            let words = format!(
                "{}被拒 {}，处理：{}",
                entry.command_zh,
                code.unwrap_or("-"),
                choice.zh()
            );
            self.line(order.unwrap_or("-"), &words);
        }
        Ok(refusals.is_empty())
    }

    fn exchange(&mut self) -> Result<(), CoreError> {
        let report = self.sync.run(&mut self.transport, Event::Kick)?;
        let now_ms = self.clock.wall_ms();
        let asked_ms = i64::try_from(report.next_run_ms).unwrap_or(LONGEST_POLL_MS);
        self.next_sync_ms = now_ms + asked_ms.clamp(SHORTEST_REST_MS, LONGEST_POLL_MS);
        self.tell_notices(&report);
        let is = |code: fault::FaultCode| report.notices.iter().any(|n| n.code == code.as_str());
        if is(fault::A_SIGN_IN) {
            let server = self.phone.session().state()?.map(|state| state.server);
            enrol(
                &self.phone,
                &mut self.transport,
                &server.unwrap_or_default(),
                &self.login,
            )?;
            self.sync = self.phone.sync()?;
            self.say(None, "重新登录");
        }
        Ok(())
    }

    /// Says a fault once, not at every try.
    fn tell_notices(&mut self, report: &SyncReport) {
        let newest = report.notices.last().map(|notice| notice.code.to_string());
        if newest != self.last_notice {
            match newest.as_deref().and_then(fault::FaultCode::find) {
                Some(code) => self.say(None, &format!("同步：{code} {}", code.zh())),
                None => self.say(None, "同步恢复正常"),
            }
            self.last_notice = newest;
        }
    }

    /// Into a valley without a network and out of it.
    fn change_signal(&mut self) {
        let now_ms = self.clock.wall_ms();
        if now_ms < self.next_signal_change_ms {
            return;
        }
        self.signal_changes += 1;
        self.has_signal = !self.has_signal;
        let mean_ms = if self.has_signal {
            SIGNAL_MS
        } else {
            NO_SIGNAL_MS
        };
        let question = self.signal_changes.to_string();
        let stays_ms = mean_ms / 2 + self.chance.below(mean_ms, &question, "signal");
        self.next_signal_change_ms = now_ms + scaled(stays_ms, self.pace);
        self.say(
            None,
            if self.has_signal {
                "恢复信号"
            } else {
                "进入无信号区，离线作业"
            },
        );
    }

    /// Sleeps until the next act, the next poll or a wake-up from the server.
    fn rest(&mut self) {
        let now_ms = self.clock.wall_ms();
        let acts = self
            .jobs
            .values()
            .map(|job| job.ready_at_ms)
            .filter(|at| *at > now_ms);
        let sync_at_ms = if self.has_signal {
            self.next_sync_ms
        } else {
            i64::MAX
        };
        let until_ms = acts
            .min()
            .unwrap_or(i64::MAX)
            .min(sync_at_ms)
            .min(self.next_signal_change_ms);
        let rest_ms = (until_ms - now_ms).clamp(SHORTEST_REST_MS, LONGEST_REST_MS);
        let rest = Duration::from_millis(rest_ms.unsigned_abs());
        let token = self.phone.bearer_token().ok().flatten();
        match token.filter(|_| self.has_signal && self.last_notice.is_none()) {
            Some(token) => match self.transport.wait_for_wake(&token, rest) {
                Ok(true) => self.next_sync_ms = self.clock.wall_ms(),
                Ok(false) => {}
                Err(_) => std::thread::sleep(rest),
            },
            None => std::thread::sleep(rest),
        }
    }

    /// The phone holds as much evidence as it may.
    fn is_full(&self) -> Result<bool, CoreError> {
        let stored: i64 = self.phone.inspect(|db| {
            let sum = "SELECT coalesce(sum(size), 0) FROM evidence_files";
            Ok(db.query_row(sum, [], |row| row.get(0))?)
        })?;
        Ok(stored.unsigned_abs() > self.disk_bytes)
    }

    fn say(&self, order: Option<&OrderDetail>, words: &str) {
        self.line(
            order.map_or("-", |order| &order.summary.order_number),
            words,
        );
    }

    #[expect(clippy::print_stdout, reason = "the actions are the program's output")]
    fn line(&self, order_number: &str, words: &str) {
        let minute = dianma_schema::time::format_minute(self.clock.wall_ms());
        println!("{minute} {} {order_number} {words}", self.name);
    }
}

fn scaled(ms: u64, pace: u32) -> i64 {
    i64::try_from(ms / u64::from(pace.max(1))).unwrap_or(i64::MAX)
}

fn enrol(
    phone: &Phone,
    transport: &mut HttpTransport,
    server: &str,
    login: &Login,
) -> Result<(), CoreError> {
    let enrolment = Enrolment {
        server: server.to_owned(),
        login_name: login.login_name.clone(),
        password: login.password.clone(),
        model: "模拟手机".to_owned(),
        os_version: std::env::consts::OS.to_owned(),
    };
    phone.session().enrol(transport, &enrolment).map(drop)
}

/// Chinese name of an act, the lifecycle's own where it is one of its commands.
const fn act_zh(act: Act) -> &'static str {
    use dianma_schema::order::Command;
    match act {
        Act::Accept => Command::Accept.zh(),
        Act::AskReassignment => Command::RequestReassignment.zh(),
        Act::Depart => Command::Depart.zh(),
        Act::Arrive => Command::Arrive.zh(),
        Act::Suspend => Command::Suspend.zh(),
        Act::Resume => Command::Resume.zh(),
        Act::Begin => Command::Begin.zh(),
        Act::Record => "填写现场记录",
        Act::Evidence(_) => "拍摄凭证",
        Act::Cost => "填写费用",
        Act::Finish => Command::Finish.zh(),
        Act::Submit => Command::Submit.zh(),
        Act::Redo => Command::Redo.zh(),
        Act::Supplement => "补充凭证",
    }
}

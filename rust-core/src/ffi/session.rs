//! Sign-in, offline unlock, duty and the profile page.

use super::errors::guarded;
use super::{Core, PhoneError, Words};
use crate::error::CoreError;
use crate::session::{CodeEnrolment, Enrolment, Gate, SessionState};
use crate::sync::driver::CLOCK_SKEW_MS;
use crate::work::moment;
use dianma_schema::enrol_code::{EnrolCode, address};
use dianma_schema::fault;
use dianma_schema::time::{DAY_MS, HOUR_MS, MINUTE_MS, format_minute};
use dianma_schema::wire::sync::NetClass;

/// Without a touch for so long the app locks itself, ms.
const IDLE_LOCK_MS: i64 = 10 * MINUTE_MS;

/// What a person types and the phone says about itself.
#[derive(uniffi::Record, Clone)]
pub struct SignIn {
    /// Address of the server.
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

/// The password is never printed.
impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

/// How the phone stands.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// Somebody signed in on this phone once.
    pub is_enrolled: bool,
    /// There is a token.
    pub is_signed_in: bool,
    /// The PIN must be entered first.
    pub is_locked: bool,
    /// A PIN is set.
    pub has_pin: bool,
    /// The screen to pass first: `open` (none), `sign_in`, `unlock` or `set_pin`.
    pub gate: String,
    /// Wrong PINs left before only the password helps.
    pub pin_tries_left: u32,
    /// Lock after so long without a touch, ms.
    pub idle_lock_ms: i64,
    /// Said when the phone's clock is far off; empty otherwise.
    pub clock: Words,
    /// "最近联系服务器 09:42"; empty before the first sign-in.
    pub last_contact: Words,
    /// Customer data is closed until the next contact; orders in hand go on.
    pub is_lease_over: bool,
    /// On duty as last set here or told by the server.
    pub is_on_duty: bool,
    /// Number of this phone.
    pub device_id: String,
    /// Name to sign in with.
    pub login_name: String,
    /// Name shown.
    pub display_name: String,
    /// Station shown.
    pub station_name: String,
    /// Address of the server.
    pub server: String,
    /// "客户资料可用至 2026-05-04 09:30"; empty before the first sign-in.
    pub lease: Words,
    /// Commands without an answer.
    pub pending_commands: u32,
    /// When a damaged store was restored, in words, until confirmed.
    pub restored: Option<Words>,
    /// Work of before the key store lost its key waits for the next sign-in, in words.
    pub put_away: Option<Words>,
    /// Word of the network class.
    pub net_class: String,
    /// Its name.
    pub net_class_name: Words,
}

#[uniffi::export]
impl Core {
    /// How the phone stands. Never refused: the first screen asks it.
    pub fn session(&self) -> Result<SessionView, PhoneError> {
        guarded(|| self.session_view())
    }

    /// Signs in. Blocking on the network. Unsent work of the same person goes along.
    pub fn sign_in(&self, sign_in: SignIn) -> Result<SessionView, PhoneError> {
        guarded(|| {
            let server = server_address(&sign_in.server)?;
            let enrolment = Enrolment {
                server: server.clone(),
                login_name: sign_in.login_name.trim().to_owned(),
                password: sign_in.password,
                model: sign_in.model,
                os_version: sign_in.os_version,
            };
            let mut transport = self.transport_to(&server);
            self.phone().session().enrol(&mut transport, &enrolment)?;
            self.signed_in();
            self.session_view()
        })
    }

    /// Signs in by a one-time code of the console, scanned or typed. Blocking on the network.
    pub fn enrol(
        &self,
        code_text: String,
        model: String,
        os_version: String,
    ) -> Result<SessionView, PhoneError> {
        guarded(|| {
            let code = enrol_code(&code_text)?;
            let mut transport = self.transport_to(&code.server);
            let enrolment = CodeEnrolment {
                code,
                model,
                os_version,
            };
            self.phone()
                .session()
                .enrol_by_code(&mut transport, &enrolment)?;
            self.signed_in();
            self.session_view()
        })
    }

    /// Forgets the token; orders, unsent work and PIN stay. The server's session ends as soon as the
    /// server is reached; nobody waits for it. Refused while something is unsent unless the
    /// person confirmed that it stays on the phone.
    pub fn sign_out(&self, is_confirmed: bool) -> Result<(), PhoneError> {
        guarded(|| {
            let session = self.phone().session();
            if !is_confirmed {
                session.may_sign_out()?;
            }
            session.sign_out()?;
            self.signed_out();
            Ok(())
        })
    }

    /// Changes the password at the server. Blocking on the network.
    pub fn change_password(
        &self,
        old_password: String,
        new_password: String,
    ) -> Result<(), PhoneError> {
        guarded(|| {
            let session = self.phone().session();
            let mut transport = self.transport()?;
            session.change_password(&mut transport, &old_password, &new_password)
        })
    }

    /// Changes the PIN by the one in use.
    pub fn change_pin(&self, old_pin: String, new_pin: String) -> Result<(), PhoneError> {
        guarded(|| self.phone().session().change_pin(&old_pin, &new_pin))
    }

    /// Sets or changes the PIN, 4 to 12 digits. Needs an unlocked phone.
    pub fn set_pin(&self, pin: String) -> Result<(), PhoneError> {
        guarded(|| self.phone().session().set_pin(&pin))
    }

    /// Unlocks with the PIN, without a network.
    pub fn unlock(&self, pin: String) -> Result<(), PhoneError> {
        guarded(|| self.phone().session().unlock(&pin))
    }

    /// Locks again, for the inactivity timer.
    pub fn lock(&self) {
        self.phone().session().lock();
    }

    /// On or off duty.
    pub fn set_duty(&self, is_on_duty: bool) -> Result<(), PhoneError> {
        self.saving(|orders, here| orders.set_duty(is_on_duty, here))
            .map(|_| ())
    }

    /// Sets the network class by its word: `gprs`, `three_g`, `four_g` or `wifi`.
    pub fn set_net_class(&self, word: String) -> Result<(), PhoneError> {
        guarded(|| {
            let net: NetClass = word.parse().map_err(|_| {
                CoreError::of(fault::V_FIELD).field("net_class", "没有这种网络", "no such network")
            })?;
            self.use_net_class(net)
        })
    }

    /// The person has seen that the store was restored.
    pub fn confirm_restored(&self) -> Result<(), PhoneError> {
        guarded(|| self.phone().confirm_restored())
    }
}

impl Core {
    /// Keeps the network class and tells the engine, when it is another one.
    pub(super) fn use_net_class(&self, net: NetClass) -> Result<(), CoreError> {
        if self.phone().net_class()? != net {
            self.phone().set_net_class(net)?;
            self.network_changed(net);
        }
        Ok(())
    }

    pub(super) fn session_view(&self) -> Result<SessionView, CoreError> {
        let state = self.phone().session().state()?;
        let net = self.phone().net_class()?;
        let restored = self.phone().restored_at_ms()?.map(|at_ms| {
            let at = format_minute(at_ms);
            Words {
                zh: format!("{at} 数据文件损坏，已从备份恢复未上传的工作"),
                en: format!("{at}: the store was damaged; unsent work was restored"),
            }
        });
        let put_away = self.phone().put_away().map(|origin| origin.server);
        let lease = state.as_ref().map_or_else(Words::default, lease);
        let known = state.as_ref();
        let now_ms = self.now_ms()?;
        let text = |pick: fn(&SessionState) -> &String| {
            known.map_or_else(String::new, |s| pick(s).clone())
        };
        Ok(SessionView {
            is_enrolled: known.is_some(),
            is_signed_in: known.is_some_and(|s| s.is_signed_in),
            is_locked: known.is_some_and(|s| s.is_locked),
            has_pin: known.is_some_and(|s| s.has_pin),
            gate: gate(known).to_owned(),
            pin_tries_left: known.map_or(0, |s| s.pin_tries_left),
            idle_lock_ms: IDLE_LOCK_MS,
            clock: known.map_or_else(Words::default, |s| clock_words(s.clock_ahead_ms)),
            last_contact: known.map_or_else(Words::default, |s| contact(s, now_ms)),
            is_lease_over: known.is_some_and(|s| s.is_lease_over),
            is_on_duty: known.and_then(|s| s.is_on_duty).unwrap_or(false),
            device_id: known.map_or_else(String::new, |s| s.device_id.to_string()),
            login_name: text(|s| &s.login_name),
            display_name: text(|s| &s.display_name),
            station_name: text(|s| &s.station_name),
            server: known.map_or_else(|| put_away.clone().unwrap_or_default(), |s| s.server.clone()),
            lease,
            pending_commands: known.map_or(0, |s| s.pending_commands),
            restored,
            put_away: put_away.map(|_| {
                Words::new(
                    "手机的密钥失效了：之前的工作还锁在手机里，用原来的账号联网登录就会回来",
                    "The phone lost its key: your earlier work is still locked on it and comes back once you sign in online as before",
                )
            }),
            net_class: net.as_str().to_owned(),
            net_class_name: Words::new(net.zh(), net.en()),
        })
    }
}

const fn gate(state: Option<&SessionState>) -> &'static str {
    match state {
        None => "sign_in",
        Some(state) => match state.gate {
            Gate::Open => "open",
            Gate::SignIn => "sign_in",
            Gate::Unlock => "unlock",
            Gate::SetPin => "set_pin",
        },
    }
}

fn contact(state: &SessionState, now_ms: i64) -> Words {
    let at = moment(state.server_seen_ms, now_ms);
    Words {
        zh: format!("最近联系服务器 {at}"),
        en: format!("Server last heard {at}"),
    }
}

fn lease(state: &SessionState) -> Words {
    let until = moment(state.lease_until_ms, 0);
    if state.is_lease_over {
        return Words::new(
            "离线期限已过：客户资料已锁，请联网",
            "Offline time is over: customer data is locked, go online",
        );
    }
    Words {
        zh: format!("客户资料可用至 {until}"),
        en: format!("Customer data readable until {until}"),
    }
}

fn server_address(text: &str) -> Result<String, CoreError> {
    address(text).ok_or_else(|| {
        CoreError::of(fault::V_FIELD).field(
            "server",
            "服务器地址应为 https:// 开头的网址",
            "the server's address starts with https://",
        )
    })
}

fn enrol_code(text: &str) -> Result<EnrolCode, CoreError> {
    EnrolCode::parse(text).ok_or_else(|| {
        CoreError::of(fault::V_FIELD).field(
            "code",
            "这不是登记码，或没有扫全：请扫控制台手机终端页上的登记码",
            "not an enrolment code, or cut: scan the one on the console's phones page",
        )
    })
}

/// Said when the phone's clock is off so far that records need a remark.
fn clock_words(ahead_ms: i64) -> Words {
    if ahead_ms.abs() <= CLOCK_SKEW_MS {
        return Words::default();
    }
    let (zh, en) = span(ahead_ms.abs());
    let (way_zh, way_en) = if ahead_ms > 0 {
        ("快", "ahead")
    } else {
        ("慢", "behind")
    };
    Words {
        zh: format!("手机时间{way_zh}了 {zh}：请打开自动校时，记录已按服务器时间标注"),
        en: format!("The phone's clock is {en} {way_en}: turn on automatic time"),
    }
}

fn span(ms: i64) -> (String, String) {
    if ms >= 2 * DAY_MS {
        let days = ms / DAY_MS;
        (format!("{days} 天"), format!("{days} days"))
    } else if ms >= 2 * HOUR_MS {
        let hours = ms / HOUR_MS;
        (format!("{hours} 小时"), format!("{hours} hours"))
    } else {
        let minutes = ms.max(MINUTE_MS) / MINUTE_MS;
        (format!("{minutes} 分钟"), format!("{minutes} minutes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_two_days_off_is_said_and_a_second_is_not() {
        assert_eq!(clock_words(1_000), Words::default());
        let words = clock_words(2 * DAY_MS + HOUR_MS);
        assert!(words.zh.contains("快了 2 天"), "{}", words.zh);
        let words = clock_words(-3 * HOUR_MS);
        assert!(words.en.contains("3 hours behind"), "{}", words.en);
    }

    #[test]
    fn a_hostile_code_is_refused_with_words() {
        for bad in [
            "",
            "DIANMA:E1:",
            "javascript:alert(1)",
            "DIANMA:E1:00:HTTP://X",
        ] {
            let error = enrol_code(bad).unwrap_err();
            assert_eq!(error.fault().fields[0].field, "code", "{bad}");
        }
        assert_eq!(
            server_address("http://gd.example").unwrap_err().code(),
            fault::V_FIELD
        );
    }
}

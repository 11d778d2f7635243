//! Sign-in, offline unlock, duty and the profile page.

use super::errors::guarded;
use super::{Core, PhoneError, Words};
use crate::error::CoreError;
use crate::session::{Enrolment, SessionState};
use crate::work::moment;
use dianma_schema::fault;
use dianma_schema::time::format_minute;
use dianma_schema::wire::sync::NetClass;

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

    /// Forgets the token. Unsent work, orders and PIN stay.
    pub fn sign_out(&self) -> Result<(), PhoneError> {
        guarded(|| self.phone().session().sign_out())
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
        let lease = state.as_ref().map_or_else(Words::default, lease);
        let known = state.as_ref();
        let text = |pick: fn(&SessionState) -> &String| {
            known.map_or_else(String::new, |s| pick(s).clone())
        };
        Ok(SessionView {
            is_enrolled: known.is_some(),
            is_signed_in: known.is_some_and(|s| s.is_signed_in),
            is_locked: known.is_some_and(|s| s.is_locked),
            has_pin: known.is_some_and(|s| s.has_pin),
            is_lease_over: known.is_some_and(|s| s.is_lease_over),
            is_on_duty: known.and_then(|s| s.is_on_duty).unwrap_or(false),
            device_id: known.map_or_else(String::new, |s| s.device_id.to_string()),
            login_name: text(|s| &s.login_name),
            display_name: text(|s| &s.display_name),
            station_name: text(|s| &s.station_name),
            server: text(|s| &s.server),
            lease,
            pending_commands: known.map_or(0, |s| s.pending_commands),
            restored,
            net_class: net.as_str().to_owned(),
            net_class_name: Words::new(net.zh(), net.en()),
        })
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

/// `https://host[:port]`; plain `http` only to this machine, for tests and the demo.
fn server_address(text: &str) -> Result<String, CoreError> {
    let text = text.trim().trim_end_matches('/');
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    let host = rest.split([':', '/']).next().unwrap_or_default();
    let is_local = matches!(host, "127.0.0.1" | "localhost" | "10.0.2.2");
    let is_good = !host.is_empty()
        && rest
            .chars()
            .all(|c| c.is_ascii_graphic() && !matches!(c, '@' | '?' | '#' | '\\'))
        && (scheme == "https" || (scheme == "http" && is_local));
    if is_good {
        return Ok(format!("{scheme}://{rest}"));
    }
    Err(CoreError::of(fault::V_FIELD).field(
        "server",
        "服务器地址应为 https:// 开头的网址",
        "the server's address starts with https://",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_addresses_are_taken() {
        assert_eq!(
            server_address(" gd.example/ ").unwrap(),
            "https://gd.example"
        );
        assert_eq!(
            server_address("http://127.0.0.1:8080").unwrap(),
            "http://127.0.0.1:8080"
        );
        for bad in [
            "",
            "http://gd.example",
            "ftp://x",
            "https://a@b",
            "https://a b",
        ] {
            assert!(server_address(bad).is_err(), "{bad}");
        }
    }
}

//! What runs while no screen is in front: alerts for the notification shade, the wake stream's address,
//! and what kind of network there is.

use super::errors::guarded;
use super::platform::{Header, HttpRequest};
use super::words::words_of;
use super::{Core, InstalledApp, PhoneError, Words};
use crate::work::{Alert, AlertKind};
use dianma_schema::order::Command;
use dianma_schema::wire::codec::TOKEN_HEADER;
use dianma_schema::wire::sync::NetClass;

/// One alert. No word in it is personal: it may stand on the lock screen.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct AlertView {
    /// Stays the same as long as the alert is about the same.
    pub key: String,
    /// `urgent`, `new`, `overdue`, `soon`, `returned`, `refused`, `sign_in` or `update`.
    pub kind: String,
    /// First line.
    pub title: Words,
    /// Second line.
    pub text: Words,
    /// The order to open; none = the app.
    pub order_id: Option<String>,
    /// What can be done from here, in a word; none = only opening it.
    pub accept: Option<Words>,
    /// Something in it has not been told yet: it may make a sound.
    pub is_fresh: bool,
    /// Give it back with `alerts_told`.
    pub covers: Vec<String>,
}

/// Everything to be told now.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct AlertsView {
    /// Most pressing first; what is not in here any more is taken away.
    pub alerts: Vec<AlertView>,
    /// When to ask again without any other cause, ms from now; none = no deadline is ahead.
    pub next_in_ms: Option<u64>,
}

#[uniffi::export]
impl Core {
    /// What to tell while the app is not in front. Works on a locked phone.
    pub fn alerts(&self, installed: InstalledApp) -> Result<AlertsView, PhoneError> {
        guarded(|| {
            let found = self.phone().orders().alerts(installed.version_code)?;
            Ok(AlertsView {
                alerts: found.alerts.into_iter().map(AlertView::from).collect(),
                next_in_ms: found.next_in_ms,
            })
        })
    }

    /// All of these were told; give every `covers` of the last answer.
    pub fn alerts_told(&self, covers: Vec<String>) -> Result<(), PhoneError> {
        guarded(|| self.phone().orders().alerts_told(&covers))
    }

    /// The stream on which the server says that something moved: a line that begins with `data:` is a
    /// reason to exchange. None when nobody is signed in.
    pub fn wake_request(&self) -> Result<Option<HttpRequest>, PhoneError> {
        guarded(|| {
            let state = self.phone().session().state()?;
            let token = self.phone().bearer_token()?;
            Ok(state.zip(token).map(|(state, token)| HttpRequest {
                method: "GET".to_owned(),
                url: format!("{}/v1/wake", state.server.trim_end_matches('/')),
                headers: vec![Header {
                    name: TOKEN_HEADER.to_owned(),
                    value: token,
                }],
                body: Vec::new(),
            }))
        })
    }

    /// The network as the system describes it: by mobile radio or not, and its estimated speed in
    /// kbit/s, 0 = unknown. It decides page sizes and whether files may go up.
    pub fn network_seen(&self, is_mobile: bool, downstream_kbps: u32) -> Result<(), PhoneError> {
        guarded(|| self.use_net_class(class_of(is_mobile, downstream_kbps)))
    }
}

/// Radio generations by what they reach in practice: EDGE up to 0.3 Mbit/s, 3G up to 3.
fn class_of(is_mobile: bool, downstream_kbps: u32) -> NetClass {
    match (is_mobile, downstream_kbps) {
        (false, _) => NetClass::Wifi,
        (true, 1..=300) => NetClass::Gprs,
        (true, 301..=3_000) => NetClass::ThreeG,
        (true, _) => NetClass::FourG,
    }
}

impl From<Alert> for AlertView {
    fn from(alert: Alert) -> Self {
        let accept = Command::Accept;
        Self {
            key: alert.key,
            kind: AlertKind::as_str(alert.kind).to_owned(),
            title: Words {
                zh: alert.title_zh,
                en: alert.title_en,
            },
            text: Words {
                zh: alert.text_zh,
                en: alert.text_en,
            },
            order_id: alert.order_id.map(|id| id.to_string()),
            accept: alert.can_accept.then(|| words_of!(accept)),
            is_fresh: alert.is_fresh,
            covers: alert.covers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_slow_radio_is_slow() {
        assert_eq!(class_of(false, 100), NetClass::Wifi);
        assert_eq!(class_of(true, 100), NetClass::Gprs);
        assert_eq!(class_of(true, 2_000), NetClass::ThreeG);
        assert_eq!(class_of(true, 30_000), NetClass::FourG);
        assert_eq!(class_of(true, 0), NetClass::FourG);
    }
}

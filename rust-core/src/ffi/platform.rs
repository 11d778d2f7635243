//! What only the platform has, as traits Kotlin implements, and their adapters to the core's own
//! traits. Called from core threads or from the worker thread of the caller, never from the main thread.

use super::errors::FaultView;
use super::sync::{NoticeView, SyncStrip};
use crate::error::CoreError;
use crate::session::TokenSealer;
use crate::sync::transport::{Answer, Method, Request, Transport as CoreTransport, Unreachable};
use dianma_schema::fault;
use std::sync::Arc;

/// One header.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Name, lower case.
    pub name: String,
    /// Value.
    pub value: String,
}

/// One request.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, `HEAD`, `POST`, `PATCH`, `PUT` or `DELETE`.
    pub method: String,
    /// Whole address.
    pub url: String,
    /// Headers, with authorization.
    pub headers: Vec<Header>,
    /// Body; empty when there is none.
    pub body: Vec<u8>,
}

/// One answer.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<Header>,
    /// Body, at most 16 MiB.
    pub body: Vec<u8>,
}

/// Why there was no answer.
#[derive(uniffi::Error, Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpProblem {
    /// No connection.
    #[error("no connection")]
    Offline,
    /// Connected, but too slow.
    #[error("timed out")]
    TimedOut,
    /// Something answered that is not our server: a captive portal.
    #[error("not our server")]
    NotOurs,
    /// The certificate is not trusted, or not at the time this phone believes it is.
    #[error("certificate not trusted")]
    Untrusted,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for HttpProblem {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Offline
    }
}

/// The network.
#[uniffi::export(with_foreign)]
pub trait HttpTransport: Send + Sync {
    /// Sends and waits, at most a minute. Redirects are not followed.
    fn exchange(&self, request: HttpRequest) -> Result<HttpAnswer, HttpProblem>;
}

/// The key store refused.
#[derive(uniffi::Error, Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyWrapperProblem {
    /// The key is gone for good, or what was sealed is not its.
    #[error("the key is gone")]
    Gone,
    /// The key store does not answer now; later it may.
    #[error("the key store does not answer")]
    Busy,
}

// What nobody expected is no proof that the key is gone: nothing is put away for it.
impl From<uniffi::UnexpectedUniFFICallbackError> for KeyWrapperProblem {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Busy
    }
}

/// The platform's key store: seals small secrets with a key that never leaves it.
#[uniffi::export(with_foreign)]
pub trait KeyWrapper: Send + Sync {
    /// Seals.
    fn wrap(&self, secret: Vec<u8>) -> Result<Vec<u8>, KeyWrapperProblem>;
    /// Opens what was sealed.
    fn unwrap(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyWrapperProblem>;
}

/// A position.
#[derive(uniffi::Record, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Latitude, micro-degrees WGS-84.
    pub latitude_e6: i64,
    /// Longitude, micro-degrees WGS-84.
    pub longitude_e6: i64,
    /// Radius of uncertainty, metres.
    pub accuracy_m: u32,
    /// The platform says that an app made it up.
    pub is_mock: bool,
}

/// Where the phone is. Asked at events and for distances, never followed.
#[uniffi::export(with_foreign)]
pub trait LocationSource: Send + Sync {
    /// The last fix that is fresh enough to be true now.
    fn current(&self) -> Option<Fix>;
}

/// Who hears of changes. Called from whichever thread made them.
#[uniffi::export(with_foreign)]
pub trait Listener: Send + Sync {
    /// What lists and cards show may have changed.
    fn on_orders_changed(&self);
    /// The strip about unsent work changed.
    fn on_sync_changed(&self, strip: SyncStrip);
    /// A person should hear of this.
    fn on_notice(&self, notice: NoticeView);
    /// The server no longer takes the sign-in.
    fn on_sign_in_needed(&self, fault: FaultView);
}

/// What the platform lends the core.
#[derive(uniffi::Record, Clone)]
pub struct Platform {
    /// The network.
    pub http: Arc<dyn HttpTransport>,
    /// The key store.
    pub keys: Arc<dyn KeyWrapper>,
    /// Where the phone is.
    pub location: Arc<dyn LocationSource>,
    /// Who hears of changes.
    pub listener: Arc<dyn Listener>,
    /// How often the phone was started, as its system counts; 0 = not known.
    #[uniffi(default = 0)]
    pub boot_count: u32,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").finish_non_exhaustive()
    }
}

/// The core's transport over the platform's network.
pub(super) struct Transport {
    http: Arc<dyn HttpTransport>,
    base: String,
}

impl Transport {
    /// `server` is the address up to the path.
    pub(super) fn new(http: Arc<dyn HttpTransport>, server: &str) -> Self {
        Self {
            http,
            base: server.trim_end_matches('/').to_owned(),
        }
    }
}

impl CoreTransport for Transport {
    fn exchange(&mut self, request: &Request) -> Result<Answer, Unreachable> {
        let mut headers = Vec::new();
        let mut add = |name: &str, value: String| {
            headers.push(Header {
                name: name.to_owned(),
                value,
            });
        };
        if let Some(token) = &request.token {
            add("authorization", format!("Bearer {token}"));
        }
        if let Some(content_type) = request.content_type {
            add("content-type", content_type.to_owned());
        }
        for (name, value) in &request.headers {
            add(name, value.clone());
        }
        let method = match request.method {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        };
        let answer = self.http.exchange(HttpRequest {
            method: method.to_owned(),
            url: format!("{}{}", self.base, request.path),
            headers,
            body: request.body.clone(),
        });
        answer.map(Answer::from).map_err(Unreachable::from)
    }
}

impl From<HttpAnswer> for Answer {
    fn from(answer: HttpAnswer) -> Self {
        let headers = answer.headers.into_iter();
        Self {
            status: answer.status,
            headers: headers
                .map(|header| (header.name.to_ascii_lowercase(), header.value))
                .collect(),
            body: answer.body,
        }
    }
}

impl From<HttpProblem> for Unreachable {
    fn from(problem: HttpProblem) -> Self {
        match problem {
            HttpProblem::Offline => Self::Offline,
            HttpProblem::TimedOut => Self::TimedOut,
            HttpProblem::NotOurs => Self::NotOurs,
            HttpProblem::Untrusted => Self::Untrusted,
        }
    }
}

/// The core's sealer over the platform's key store.
pub(super) struct Sealer {
    keys: Arc<dyn KeyWrapper>,
}

impl Sealer {
    pub(super) fn new(keys: Arc<dyn KeyWrapper>) -> Self {
        Self { keys }
    }
}

impl TokenSealer for Sealer {
    fn seal(&self, secret: &[u8]) -> Result<Vec<u8>, CoreError> {
        self.keys.wrap(secret.to_vec()).map_err(|_| not_now())
    }

    fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, CoreError> {
        let secret = self.keys.unwrap(sealed.to_vec());
        secret.map_err(|problem| match problem {
            KeyWrapperProblem::Gone => CoreError::of(fault::A_SIGN_IN),
            KeyWrapperProblem::Busy => not_now(),
        })
    }
}

fn not_now() -> CoreError {
    CoreError::of(fault::X_BUSY).because_of(
        "手机的密钥库现在没有响应",
        "the phone's key store does not answer now",
    )
}

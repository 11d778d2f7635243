//! What every handler can reach, and the assembly of the router with its outer layers.

use crate::clock::Clock;
use crate::store::Store;
use std::path::PathBuf;
use std::sync::Arc;

/// Settings of a running server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Evidence files live below.
    pub data: PathBuf,
    /// Cookies carry `Secure`: set when TLS ends at or before this server.
    pub is_secure: bool,
}

/// Shared by all handlers; cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// Settings.
    pub settings: Arc<Settings>,
    /// Guards against guessing.
    pub tries: Arc<crate::auth::tries::Tries>,
    /// Live updates of the console.
    pub live: Arc<crate::live::Hub>,
    /// Phones that wait for hints.
    pub wakes: Arc<crate::wake::Wakes>,
    /// When phones were last written down as heard.
    pub heard: Arc<crate::devices::presence::Heard>,
    /// Private keys that labels and lists are signed with.
    pub keys: Arc<crate::keys::Keyring>,
    /// How texts go to customers; none = a person sends them.
    pub delivery: Option<Arc<dyn crate::labels::delivery::Delivery>>,
    /// Address customers reach the server under, without a slash at the end.
    pub public_url: Arc<str>,
    /// Font of printed labels, when not one of the system's.
    pub label_font: Option<Arc<std::path::Path>>,
}

impl App {
    /// Puts a server together; the caller serves `crate::router::router(app)`.
    pub fn new(store: Store, clock: Clock, settings: Settings) -> Self {
        Self {
            store,
            clock,
            settings: Arc::new(settings),
            tries: Arc::new(crate::auth::tries::Tries::new()),
            live: Arc::new(crate::live::Hub::new()),
            wakes: Arc::default(),
            heard: Arc::default(),
            keys: Arc::default(),
            delivery: None,
            public_url: Arc::from(""),
            label_font: None,
        }
    }

    /// The same with opened signing keys.
    #[must_use]
    pub fn with_keys(mut self, keys: impl Into<Arc<crate::keys::Keyring>>) -> Self {
        self.keys = keys.into();
        self
    }
}

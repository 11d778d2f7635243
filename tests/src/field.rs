//! A headless phone: the real `dianma-field` on its own store folder.

use crate::process::{Guarded, binary};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// One phone.
#[derive(Debug)]
pub struct Field {
    store: PathBuf,
    key_file: Option<PathBuf>,
    /// Server address used by commands that need the network.
    pub url: String,
}

impl Field {
    /// A phone with an empty store.
    pub fn new(store: &Path, url: &str) -> Self {
        Self {
            store: store.to_owned(),
            key_file: None,
            url: url.to_owned(),
        }
    }

    /// A phone with an empty store that is sealed at rest, its key beside it.
    pub fn sealed(store: &Path, url: &str) -> Self {
        Self {
            key_file: Some(store.with_extension("key")),
            ..Self::new(store, url)
        }
    }

    /// Runs a command, expecting success; returns its JSON.
    ///
    /// # Panics
    /// When the command fails.
    pub fn run(&self, arguments: &[&str]) -> Value {
        let output = self.output(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{arguments:?} failed: {text} {errors}"
        );
        serde_json::from_str(text.trim()).unwrap_or(Value::Null)
    }

    /// Runs a command, expecting a refusal; returns its fault code.
    ///
    /// # Panics
    /// When the command succeeds or gives no code.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success(), "{arguments:?} succeeded: {text}");
        let answer: Value = serde_json::from_str(text.trim()).expect("a JSON refusal");
        answer["error"]["code"]
            .as_str()
            .expect("a fault code")
            .to_owned()
    }

    /// Runs a command, whatever comes of it.
    ///
    /// # Panics
    /// When the process cannot start.
    pub fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments)
            .output()
            .expect("dianma-field starts")
    }

    /// Starts a command and leaves it running.
    ///
    /// # Panics
    /// When the process cannot start.
    pub fn spawn(&self, arguments: &[&str]) -> Guarded {
        let mut command = self.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Guarded(command.spawn().expect("dianma-field starts"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary("dianma-field"));
        command.arg("--store").arg(&self.store).arg("--json");
        if let Some(key_file) = &self.key_file {
            command.arg("--key-file").arg(key_file);
        }
        command.args(["--server", &self.url]).args(arguments);
        command
    }
}

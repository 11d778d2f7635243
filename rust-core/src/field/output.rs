//! Output: one JSON object with `--json`, else Chinese text for people. Errors go to standard error
//! as text, or to standard output as `{"error":{…}}`.

use crate::error::CoreError;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

/// What a command answers.
#[derive(Debug)]
pub struct Output {
    /// For machines.
    pub json: Value,
    text: String,
}

impl Output {
    /// The object for machines and the lines for people.
    pub fn new(json: Value, text: impl Into<String>) -> Self {
        Self {
            json,
            text: text.into(),
        }
    }

    /// Prints it.
    pub fn print(&self, is_json: bool) -> ExitCode {
        if is_json {
            line(&self.json.to_string());
        } else {
            line(self.text.trim_end());
        }
        ExitCode::SUCCESS
    }
}

/// Writes a line; a closed pipe is no error worth a panic.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints an error and chooses the exit code.
pub fn print_error(error: &CoreError, is_json: bool) -> ExitCode {
    let fault = error.fault();
    if is_json {
        let retryable = fault.code.entry().is_some_and(|entry| entry.retryable);
        let mut body = json!(fault);
        if let Some(body) = body.as_object_mut() {
            body.insert("retryable".to_owned(), retryable.into());
        }
        line(&json!({ "error": body }).to_string());
    } else {
        let mut text = format!("{} {}", fault.code, fault.message);
        if let Some(detail) = &fault.detail {
            let _ = write!(text, "\n  {detail}");
        }
        for field in &fault.fields {
            let _ = write!(text, "\n  - {}：{}", field.field, field.message);
        }
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
    ExitCode::from(exit_code(error))
}

const fn exit_code(error: &CoreError) -> u8 {
    match error {
        CoreError::FixInput(_) => 1,
        CoreError::NotNow(_) => 3,
        CoreError::SignIn(_) | CoreError::Unlock(_) => 4,
        CoreError::Retry(_) => 5,
        CoreError::FreeSpace(_) | CoreError::Report(_) => 6,
        CoreError::NotFound(_) => 7,
    }
}

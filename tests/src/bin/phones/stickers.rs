//! The stickers that hang in the county: a phone reads off one what the office would print on it today.

use dianma_schema::id::LabelId;
use dianma_schema::label::{self, LabelCode, LabelKind};
use dianma_tests::console::Console;
use reqwest::Method;
use serde_json::Value;
use std::sync::Mutex;

/// Every sticker, through the office's own door.
#[derive(Debug)]
pub struct Stickers {
    office: Mutex<Console>,
}

impl Stickers {
    /// As the office account `login_name`.
    pub fn open(url: &str, login_name: &str, password: &str) -> Self {
        Self {
            office: Mutex::new(Console::sign_in(url, login_name, password)),
        }
    }

    /// The signed text of a label; the unsigned first version, as old stickers carry it, when the server
    /// is away or no longer knows the label.
    pub fn text(&self, kind: LabelKind, id: LabelId) -> String {
        let signed = self.office.lock().ok().and_then(|office| {
            let answer = office.ask(&Method::GET, &format!("/v1/labels/{id}"), None);
            let body: Value = answer.ok()?.json().ok()?;
            body["label"]["text"].as_str().map(str::to_owned)
        });
        signed.unwrap_or_else(|| label::encode(LabelCode { kind, id }))
    }
}

//! An electrician's way through one order on a headless phone, step by step or as a whole.

use crate::{Field, fill};
use dianma_schema::order::OrderKind;
use serde_json::Value;
use std::path::Path;

/// One order in one person's hands.
#[derive(Debug)]
pub struct Job<'a> {
    /// The phone.
    pub field: &'a Field,
    /// Order id.
    pub order: String,
    /// Its kind.
    pub kind: OrderKind,
    /// Text of the customer's code.
    pub label_text: String,
}

impl Job<'_> {
    /// From accepting to submitting, without a network.
    pub fn whole(&self, folder: &Path, now_ms: i64, seed: u64) {
        self.step("accept");
        self.step("depart");
        self.arrive();
        self.begin();
        self.record(now_ms);
        self.evidence(folder, seed);
        self.finish();
        self.step("submit");
    }

    /// A command without anything else.
    pub fn step(&self, command: &str) -> Value {
        self.field.run(&[command, &self.order])
    }

    /// First signature: the customer's code.
    pub fn arrive(&self) -> Value {
        self.field
            .run(&["arrive", &self.order, "--scan", &self.label_text])
    }

    /// All hazards of the card acknowledged.
    pub fn begin(&self) -> Value {
        self.field.run(&["begin", &self.order, "--hazards", "all"])
    }

    /// A complete field record.
    pub fn record(&self, now_ms: i64) -> Value {
        let values = fill::record(self.kind, now_ms);
        let pairs: Vec<String> = values
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut arguments = vec!["record", self.order.as_str()];
        arguments.extend(pairs.iter().map(String::as_str));
        self.field.run(&arguments)
    }

    /// Every piece of evidence the kind asks for.
    ///
    /// # Panics
    /// When the folder cannot be written.
    pub fn evidence(&self, folder: &Path, seed: u64) {
        for (slot, path) in fill::evidence(self.kind, folder, seed) {
            let path = path.display().to_string();
            let mut arguments = vec!["evidence", &self.order, &path, "--slot", &slot];
            if slot.contains("signature") {
                arguments.extend(["--kind", "signature"]);
            }
            self.field.run(&arguments);
        }
    }

    /// Second signature and the customer's opinion.
    pub fn finish(&self) -> Value {
        let scan = ["--scan", self.label_text.as_str()];
        let mut arguments = vec!["finish", &self.order, "--satisfaction", "satisfied"];
        arguments.extend(scan);
        self.field.run(&arguments)
    }

    /// The order as the phone shows it.
    pub fn shown(&self) -> Value {
        self.field.run(&["orders", "show", &self.order])["work_order"].clone()
    }
}

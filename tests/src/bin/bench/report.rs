//! The table of figures, printed as they come: each with its budget from the design, where there is
//! one, and the ratio to it. With a file given, each figure is appended to it as a line of JSON.

use serde_json::json;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// How a figure stands to its budget.
#[derive(Clone, Copy, Debug)]
enum Budget {
    None,
    AtLeast(f64),
    AtMost(f64),
}

/// Where figures go.
#[derive(Debug)]
pub struct Report {
    bench: &'static str,
    /// What is measured now: an engine, or the phone.
    subject: &'static str,
    file: Option<File>,
}

impl Report {
    /// Figures of a benchmark; lines are appended to `json`.
    pub fn open(bench: &'static str, json: Option<&Path>) -> std::io::Result<Self> {
        let append = |path: &Path| File::options().create(true).append(true).open(path);
        Ok(Self {
            bench,
            subject: "",
            file: json.map(append).transpose()?,
        })
    }

    /// The figures that follow are about this.
    pub const fn about(&mut self, subject: &'static str) {
        self.subject = subject;
    }

    /// A figure without a budget.
    pub fn plain(&mut self, what: &str, value: f64, unit: &str) {
        self.put(what, value, unit, Budget::None);
    }

    /// A rate, which a budget may bound from below.
    pub fn rate(&mut self, what: &str, value: f64, budget: Option<f64>) {
        let budget = budget.map_or(Budget::None, Budget::AtLeast);
        self.put(what, value, "/s", budget);
    }

    /// A cost, which the budget bounds from above.
    pub fn most(&mut self, what: &str, value: f64, unit: &str, budget: f64) {
        self.put(what, value, unit, Budget::AtMost(budget));
    }

    /// A count, which the budget bounds from below.
    pub fn least(&mut self, what: &str, value: f64, unit: &str, budget: f64) {
        self.put(what, value, unit, Budget::AtLeast(budget));
    }

    #[expect(clippy::print_stdout, reason = "the report is the output")]
    fn put(&mut self, what: &str, value: f64, unit: &str, budget: Budget) {
        let (limit, is_met, sign) = match budget {
            Budget::None => (None, None, ""),
            Budget::AtLeast(limit) => (Some(limit), Some(value >= limit), "≥"),
            Budget::AtMost(limit) => (Some(limit), Some(value <= limit), "≤"),
        };
        let beside = limit.map_or_else(String::new, |limit| {
            format!("   budget {sign} {limit}, ratio {:.2}", value / limit)
        });
        println!(
            "{:<9} {what:<58} {value:>12.2} {unit:<3}{beside}",
            self.subject
        );
        if let Some(file) = &mut self.file {
            let line = json!({ "bench": self.bench, "subject": self.subject, "what": what,
                "value": value, "unit": unit, "budget": limit, "is_met": is_met });
            writeln!(file, "{line}").expect("the report can be written");
        }
    }
}

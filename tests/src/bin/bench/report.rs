//! The table of figures, printed as they come: each with its budget from the design, where there is
//! one, and the ratio to it.

use serde_json::json;

/// How a figure stands to its budget.
#[derive(Clone, Copy, Debug)]
enum Budget {
    None,
    AtLeast(f64),
    AtMost(f64),
}

/// Figures of one engine.
pub struct Report {
    engine: &'static str,
    as_json: bool,
}

impl Report {
    /// An empty one.
    pub const fn new(engine: &'static str, as_json: bool) -> Self {
        Self { engine, as_json }
    }

    /// A figure without a budget.
    pub fn plain(&self, what: &str, value: f64, unit: &str) {
        self.print(what, value, unit, Budget::None);
    }

    /// A rate, which a budget bounds from below.
    pub fn rate(&self, what: &str, value: f64, budget: Option<f64>) {
        let budget = budget.map_or(Budget::None, Budget::AtLeast);
        self.print(what, value, "/s", budget);
    }

    /// A cost, which the budget bounds from above.
    pub fn most(&self, what: &str, value: f64, unit: &str, budget: f64) {
        self.print(what, value, unit, Budget::AtMost(budget));
    }

    #[expect(clippy::print_stdout, reason = "the report is the output")]
    fn print(&self, what: &str, value: f64, unit: &str, budget: Budget) {
        let (limit, is_met, sign) = match budget {
            Budget::None => (None, None, ""),
            Budget::AtLeast(limit) => (Some(limit), Some(value >= limit), "≥"),
            Budget::AtMost(limit) => (Some(limit), Some(value <= limit), "≤"),
        };
        if self.as_json {
            let line = json!({ "bench": "server", "engine": self.engine, "what": what,
                "value": value, "unit": unit, "budget": limit, "is_met": is_met });
            println!("{line}");
            return;
        }
        let budget = limit.map_or_else(String::new, |limit| {
            format!("   budget {sign} {limit}, ratio {:.2}", value / limit)
        });
        println!(
            "{:<9} {what:<58} {value:>11.2} {unit:<3}{budget}",
            self.engine
        );
    }
}

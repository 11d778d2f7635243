//! The table of figures: each with its budget from the design, where there is one.

use dianma_tests::Engine;
use serde_json::json;

/// One figure.
struct Row {
    what: String,
    value: f64,
    unit: &'static str,
    budget: Option<f64>,
}

/// Figures of one engine.
pub struct Report {
    engine: &'static str,
    as_json: bool,
    rows: Vec<Row>,
}

impl Report {
    pub fn new(engine: Engine, as_json: bool) -> Self {
        let engine = match engine {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        };
        Self { engine, as_json, rows: Vec::new() }
    }

    /// Adds a figure; `budget` is what the design asks for.
    pub fn add(&mut self, what: impl Into<String>, value: f64, unit: &'static str, budget: Option<f64>) {
        self.rows.push(Row { what: what.into(), value, unit, budget });
    }

    #[expect(clippy::print_stdout, reason = "the report is the output")]
    pub fn print(&self) {
        for row in &self.rows {
            if self.as_json {
                let line = json!({ "engine": self.engine, "what": row.what, "value": row.value,
                    "unit": row.unit, "budget": row.budget });
                println!("{line}");
            } else {
                let budget = row.budget.map_or_else(String::new, |budget| {
                    format!("  budget {budget:.0}, ratio {:.2}", row.value / budget)
                });
                println!("{:9} {:44} {:>12.1} {}{budget}", self.engine, row.what, row.value, row.unit);
            }
        }
    }
}

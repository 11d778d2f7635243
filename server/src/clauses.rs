//! Filters of lists: the conditions of a WHERE and their parameters, numbered as they come. Every
//! condition is a constant text; only values are ever bound.

use crate::store::Value;

/// Conditions joined by AND.
#[derive(Clone, Debug, Default)]
pub struct Clauses {
    conditions: Vec<String>,
    args: Vec<Value>,
}

impl Clauses {
    /// No condition yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Binds a value and gives back its `?n`.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.args.push(value.into());
        format!("?{}", self.args.len())
    }

    /// Adds a condition; each `?` in it stands for the one value.
    pub fn add(&mut self, condition: &'static str, value: impl Into<Value>) {
        let place = self.bind(value);
        self.conditions.push(condition.replace('?', &place));
    }

    /// [`Clauses::add`] when there is a value.
    pub fn add_some(&mut self, condition: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.add(condition, value);
        }
    }

    /// Adds a condition that has no value.
    pub fn add_fixed(&mut self, condition: &'static str) {
        self.conditions.push(condition.to_owned());
    }

    /// Adds a condition made with [`Clauses::bind`].
    pub fn add_bound(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    /// ` WHERE a AND b`, or nothing.
    pub fn sql(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.conditions.join(" AND "))
        }
    }

    /// The parameters, in order.
    pub fn args(&self) -> &[Value] {
        &self.args
    }
}

/// A LIKE pattern that finds `text` anywhere, in lower case; use it with `LIKE ? ESCAPE '!'`.
pub fn contains_pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.trim().to_lowercase().chars().take(100) {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_carry_the_numbers_of_their_values() {
        let mut clauses = Clauses::new();
        assert_eq!(clauses.sql(), "");
        clauses.add("a = ?", 1);
        clauses.add_some("b = ?", None::<i64>);
        clauses.add("(c LIKE ? OR d LIKE ?)", "x");
        clauses.add_fixed("e IS NULL");
        assert_eq!(
            clauses.sql(),
            " WHERE a = ?1 AND (c LIKE ?2 OR d LIKE ?2) AND e IS NULL"
        );
        assert_eq!(
            clauses.args(),
            [Value::Integer(1), Value::Text("x".to_owned())]
        );
    }

    #[test]
    fn wild_cards_in_a_search_are_plain_characters() {
        assert_eq!(contains_pattern(" A%b_ "), "%a!%b!_%");
    }
}

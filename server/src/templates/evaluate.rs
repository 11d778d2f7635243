//! `templates evaluate`: runs the engine over labelled texts and counts. Prints numbers only, never
//! the texts, so that an unseen set stays unseen. A measure of the rules, not of field accuracy.

use super::train::Example;
use dianma_schema::order::kind::OrderKind;
use dianma_schema::template::Engine;
use dianma_schema::template::model::NO_VISIT;
use std::fmt;

/// Kinds and "no visit".
const CLASSES: usize = NO_VISIT + 1;

/// What came out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// Texts.
    pub total: u32,
    /// Rows: right class, columns: found class; the last of each is "no visit or to a person".
    pub matrix: [[u32; CLASSES]; CLASSES],
    /// Texts that must be urgent.
    pub hazards: u32,
    /// Of those, found urgent.
    pub hazards_found: u32,
    /// Urgent without need.
    pub false_alarms: u32,
}

impl Evaluation {
    /// Runs the engine over the examples.
    pub fn of(engine: &Engine, examples: &[Example]) -> Self {
        let mut result = Self::default();
        for example in examples {
            let decision = engine.decide(&example.text);
            let found = class(decision.kind);
            result.total += 1;
            if let Some(cell) = result
                .matrix
                .get_mut(example.output())
                .and_then(|row| row.get_mut(found))
            {
                *cell += 1;
            }
            match (example.urgent, decision.urgent) {
                (true, urgent) => {
                    result.hazards += 1;
                    result.hazards_found += u32::from(urgent);
                }
                (false, urgent) => result.false_alarms += u32::from(urgent),
            }
        }
        result
    }

    /// Decided right: the kind, or none where no visit should be made.
    pub fn right(&self) -> u32 {
        (0..CLASSES).map(|class| self.cell(class, class)).sum()
    }

    /// Sent out under a wrong kind.
    pub fn wrong(&self) -> u32 {
        self.total - self.right() - self.to_person()
    }

    /// Needs a visit, went to a person.
    pub fn to_person(&self) -> u32 {
        (0..NO_VISIT).map(|class| self.cell(class, NO_VISIT)).sum()
    }

    /// `count` of all texts in hundredths of a percent.
    pub fn basis_points(&self, count: u32) -> u32 {
        (count * 10_000).checked_div(self.total).unwrap_or(0)
    }

    fn cell(&self, right: usize, found: usize) -> u32 {
        self.matrix
            .get(right)
            .and_then(|row| row.get(found))
            .copied()
            .unwrap_or(0)
    }
}

fn class(kind: Option<OrderKind>) -> usize {
    kind.and_then(|kind| OrderKind::ALL.iter().position(|one| *one == kind))
        .unwrap_or(NO_VISIT)
}

fn name(class: usize) -> &'static str {
    OrderKind::ALL
        .get(class)
        .map_or("null", |kind| kind.as_str())
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (label, count) in [
            ("decided right", self.right()),
            ("wrong kind", self.wrong()),
            ("to a person", self.to_person()),
        ] {
            let points = self.basis_points(count);
            writeln!(
                f,
                "{label}: {count} of {} ({}.{:02} %)",
                self.total,
                points / 100,
                points % 100
            )?;
        }
        writeln!(
            f,
            "hazards urgent: {} of {}",
            self.hazards_found, self.hazards
        )?;
        writeln!(f, "urgent without need: {}", self.false_alarms)?;
        writeln!(f)?;
        write!(f, "| right \\ found |")?;
        for class in 0..CLASSES {
            write!(f, " {} |", name(class))?;
        }
        writeln!(f)?;
        writeln!(f, "|---|{}", "---:|".repeat(CLASSES))?;
        for right in 0..CLASSES {
            write!(f, "| {} |", name(right))?;
            for found in 0..CLASSES {
                write!(f, " {} |", self.cell(right, found))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::train::read_corpus;
    use super::*;
    use dianma_schema::template::engine;

    #[test]
    fn counts_add_up() {
        let examples = read_corpus(
            "fault_repair\t1\t变压器着火了快来人\nnull\t0\t请问一度电多少钱\nnew_connection\t0\t嗯\n",
        )
        .unwrap();
        let found = Evaluation::of(engine(), &examples);
        assert_eq!(
            (found.total, found.right(), found.wrong(), found.to_person()),
            (3, 2, 0, 1)
        );
        assert_eq!((found.hazards, found.hazards_found), (1, 1));
        assert!(
            found
                .to_string()
                .contains("decided right: 2 of 3 (66.66 %)")
        );
    }

    #[test]
    fn a_bad_corpus_line_is_named() {
        let problem = read_corpus("fault_repair\t0\t没电\nrepair\t0\t没电").unwrap_err();
        assert!(problem.contains('2'), "{problem}");
    }
}

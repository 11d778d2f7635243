//! The stages of a search: exact before prefix before tail before anywhere, each read in the order
//! of its own index, so that pages follow by key and never by offset. Which engine index serves a
//! stage is in `search_sqlite` and `search_postgres`; what a match is, in `terms`.

use super::terms::{LONG_CODE, Query, Term, prefix_end};

/// Where the rows of a stage come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A column of `customers` equals the text.
    Equals(&'static str, String),
    /// A column of `customers` begins with the text: from, below.
    Range(&'static str, String, String),
    /// A meter number equals or begins with the text: from, below (none: equals).
    Meter(String, Option<String>),
    /// Full text: all terms.
    Text(Vec<Term>),
    /// A number ends with the code.
    Tail(String),
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stage {
    pub source: Source,
    pub field: &'static str,
    pub how: &'static str,
}

fn stage(source: Source, field: &'static str, how: &'static str) -> Stage {
    Stage { source, field, how }
}

fn range(column: &'static str, text: &str) -> Source {
    // Without an end (a text of the very last characters) only the text itself can fit.
    match prefix_end(text) {
        Some(end) => Source::Range(column, text.to_owned(), end),
        None => Source::Equals(column, text.to_owned()),
    }
}

/// The stages, in the order of `terms::stage_of`.
pub(super) fn stages(query: &Query) -> Vec<Stage> {
    match query {
        Query::Code(code) => code_stages(code),
        Query::Letters(letters) => {
            let upper = letters.to_ascii_uppercase();
            let equals = Source::Equals("name_initials", letters.clone());
            let meter = Source::Meter(upper.clone(), prefix_end(&upper));
            vec![
                stage(equals, "account_name", "initials"),
                stage(range("name_initials", letters), "account_name", "initials"),
                stage(meter, "meter_number", "prefix"),
            ]
        }
        Query::Words(words) => {
            let equals = Source::Equals("account_name", words.clone());
            let text = Source::Text(vec![Term::Words(words.clone())]);
            vec![
                stage(equals, "account_name", "exact"),
                stage(range("account_name", words), "account_name", "prefix"),
                stage(text, "address", "contains"),
            ]
        }
        Query::All(terms) => {
            vec![stage(Source::Text(terms.clone()), "several", "contains")]
        }
    }
}

fn code_stages(code: &str) -> Vec<Stage> {
    let equals = |column| Source::Equals(column, code.to_owned());
    let upper = code.to_ascii_uppercase();
    let end = prefix_end(&upper);
    let mut stages = vec![
        stage(equals("account_number"), "account_number", "exact"),
        stage(Source::Meter(upper.clone(), None), "meter_number", "exact"),
        stage(equals("contact_phone"), "contact_phone", "exact"),
        stage(equals("pole_number"), "pole_number", "exact"),
        stage(range("account_number", code), "account_number", "prefix"),
        stage(Source::Meter(upper, end), "meter_number", "prefix"),
        stage(range("contact_phone", code), "contact_phone", "prefix"),
        stage(range("pole_number", code), "pole_number", "prefix"),
        stage(Source::Tail(code.to_owned()), "number", "tail"),
    ];
    if code.len() < LONG_CODE {
        let text = Source::Text(vec![Term::Code(code.to_owned())]);
        stages.push(stage(text, "address", "contains"));
    }
    stages
}

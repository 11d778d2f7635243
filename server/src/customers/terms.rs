//! What search compares: the text of a customer in normal form, and how a search box's text is
//! split. Both engines index exactly these texts; the definition of a match is here in plain Rust.

use dianma_schema::id::half_width;

/// Longest search text looked at, in characters.
const MAX_QUERY: usize = 64;
/// Most terms looked at.
const MAX_TERMS: usize = 6;
/// Codes (digits, or letters with digits) from this length on are looked for in all numbers;
/// shorter ones only in name, address and pole.
pub(super) const LONG_CODE: usize = 4;

/// Lower case, half width: what is compared.
pub(super) fn normal(text: &str) -> String {
    half_width(text).to_lowercase()
}

/// The fields of one customer that search looks at. Exact and prefix matches ask the B-trees and so
/// compare the stored text; `words` and `numbers` are in normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Texts {
    pub account: String,
    /// Upper case, as stored.
    pub meters: Vec<String>,
    pub phone: String,
    pub initials: String,
    pub name: String,
    pub address: String,
    pub pole: String,
}

impl Texts {
    /// `|name|address|pole|`.
    pub fn words(&self) -> String {
        normal(&format!("|{}|{}|{}|", self.name, self.address, self.pole))
    }

    /// `|account|meter|…|phone|`, and the long codes inside the words, so that one index finds both.
    pub fn numbers(&self) -> String {
        let mut text = format!("|{}|", self.account);
        let codes = self.runs();
        let parts = self.meters.iter().chain([&self.phone]).chain(&codes);
        for part in parts.filter(|part| !part.is_empty()) {
            text.push_str(&normal(part));
            text.push('|');
        }
        text
    }

    /// Runs of ASCII letters and digits of at least [`LONG_CODE`] characters in the words: pole
    /// numbers and the like.
    fn runs(&self) -> Vec<String> {
        self.words()
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|run| run.len() >= LONG_CODE)
            .map(str::to_owned)
            .collect()
    }
}

/// One piece of a search text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// Digits, or letters mixed with digits.
    Code(String),
    /// Latin letters only: pinyin initials.
    Letters(String),
    /// Chinese and everything else that is a letter.
    Words(String),
}

impl Term {
    pub fn text(&self) -> &str {
        match self {
            Self::Code(text) | Self::Letters(text) | Self::Words(text) => text,
        }
    }
}

/// A search text by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Query {
    /// Only digits and letters with digits: account, meter, phone, pole.
    Code(String),
    /// Only Latin letters: pinyin initials, or the head of a meter number.
    Letters(String),
    /// One Chinese term: name, address, pole.
    Words(String),
    /// Several terms, all of which must fit.
    All(Vec<Term>),
}

/// Splits a search text; `None` when nothing in it can be searched for.
pub(super) fn parse(text: &str) -> Option<Query> {
    let clean: String = normal(text).chars().take(MAX_QUERY).collect();
    let terms = terms(&clean);
    let is_code_only = terms.iter().all(|term| matches!(term, Term::Code(_)));
    match terms.as_slice() {
        [] => None,
        // `138 0000 1234` and `0722-331` are one number, typed as people write it.
        _ if is_code_only => Some(Query::Code(terms.iter().map(Term::text).collect())),
        [Term::Letters(letters)] => Some(Query::Letters(letters.clone())),
        [Term::Words(words)] => Some(Query::Words(words.clone())),
        _ => Some(Query::All(terms)),
    }
}

fn terms(clean: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let mut run = String::new();
    let mut run_is_ascii = false;
    for c in clean.chars().chain(['|']) {
        let belongs = c.is_alphanumeric();
        if !run.is_empty() && (!belongs || c.is_ascii() != run_is_ascii) {
            terms.push(term(std::mem::take(&mut run)));
        }
        if belongs {
            run_is_ascii = c.is_ascii();
            run.push(c);
        }
    }
    let mut seen: Vec<Term> = Vec::new();
    for term in terms {
        if !seen.contains(&term) || matches!(term, Term::Code(_)) {
            seen.push(term);
        }
    }
    seen.truncate(MAX_TERMS);
    seen
}

fn term(run: String) -> Term {
    if !run.is_ascii() {
        Term::Words(run)
    } else if run.bytes().all(|b| b.is_ascii_alphabetic()) {
        Term::Letters(run)
    } else {
        Term::Code(run)
    }
}

/// The least text that is greater than every text beginning with `prefix`: the last character that
/// has a successor is raised. `None` when there is no such text.
pub(super) fn prefix_end(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        // The range of chars skips the surrogates by itself.
        if let Some(next) = (last..=char::MAX).nth(1) {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

/// Why a customer was found: the field and the text that fits.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Match {
    /// `account_number`, `meter_number`, `contact_phone`, `pole_number`, `account_name`, `address`
    /// or `several`.
    pub field: &'static str,
    /// How: `exact`, `prefix`, `tail`, `initials`, `contains`.
    pub how: &'static str,
    /// The searched text that fits.
    pub text: String,
}

/// Stages of a code below this are whole numbers. Who types one wants that customer: when there is an
/// exact hit, the later stages are not part of the answer.
pub(super) const EXACT_STAGES: usize = 3;

/// The beginnings of initials that are indexed, as tokens: `=w`, `=wq`, `=wql`, `=wqlh`.
pub(super) fn initial_tokens(initials: &str) -> Vec<String> {
    let letters: Vec<char> = initials.chars().take(4).collect();
    (1..=letters.len())
        .map(|count| format!("={}", letters.iter().take(count).collect::<String>()))
        .collect()
}

/// Which stage of the answer a customer belongs to, the earliest that fits; see `query::stages`.
pub(super) fn stage_of(query: &Query, texts: &Texts) -> Option<usize> {
    let first = |tests: &[bool]| tests.iter().position(|fits| *fits);
    match query {
        Query::Code(code) => {
            let code = code.as_str();
            let upper = code.to_ascii_uppercase();
            let upper = upper.as_str();
            let meter = |fits: &dyn Fn(&str) -> bool| texts.meters.iter().any(|m| fits(m));
            let is_long = code.len() >= LONG_CODE;
            first(&[
                texts.account == code,
                meter(&|m| m == upper),
                texts.phone == code,
                texts.pole == code,
                texts.account.starts_with(code),
                meter(&|m| m.starts_with(upper)),
                texts.phone.starts_with(code),
                texts.pole.starts_with(code),
                is_long
                    && (texts.account.ends_with(code)
                        || meter(&|m| m.ends_with(upper))
                        || texts.phone.ends_with(code)
                        || texts.runs().iter().any(|run| run.ends_with(code))),
                !is_long && texts.words().contains(code),
            ])
        }
        Query::Letters(letters) => first(&[
            texts.initials == *letters,
            texts.initials.starts_with(letters.as_str()),
            texts
                .meters
                .iter()
                .any(|m| m.starts_with(&letters.to_ascii_uppercase())),
        ]),
        Query::Words(words) => first(&[
            texts.name == *words,
            texts.name.starts_with(words.as_str()),
            texts.words().contains(words.as_str()),
        ]),
        Query::All(terms) => first(&[terms.iter().all(|term| term_fits(term, texts))]),
    }
}

fn term_fits(term: &Term, texts: &Texts) -> bool {
    match term {
        Term::Code(code) if code.len() >= LONG_CODE => texts.numbers().contains(code.as_str()),
        Term::Letters(letters) => texts.initials.starts_with(letters.as_str()),
        Term::Code(text) | Term::Words(text) => texts.words().contains(text.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_split_by_its_content() {
        let code = |t: &str| Some(Query::Code(t.to_owned()));
        assert_eq!(parse("4213 0001"), code("42130001"));
        assert_eq!(parse("４２１３-0001"), code("42130001"));
        assert_eq!(parse("ZSF"), Some(Query::Letters("zsf".to_owned())));
        assert_eq!(parse(" 王伟 "), Some(Query::Words("王伟".to_owned())));
        assert_eq!(
            parse("青山村12号杆 zs"),
            Some(Query::All(vec![
                Term::Words("青山村".to_owned()),
                Term::Code("12".to_owned()),
                Term::Words("号杆".to_owned()),
                Term::Letters("zs".to_owned()),
            ]))
        );
        assert_eq!(parse(" \"*' -% "), None);
    }

    #[test]
    fn the_end_of_a_prefix_is_just_above_it() {
        assert_eq!(prefix_end("12").as_deref(), Some("13"));
        assert_eq!(prefix_end("a\u{10FFFF}").as_deref(), Some("b"));
        assert_eq!(prefix_end("\u{D7FF}").as_deref(), Some("\u{E000}"));
        assert_eq!(prefix_end("\u{10FFFF}"), None);
    }

    proptest! {
        #[test]
        fn splitting_never_panics_and_leaves_nothing_active(text in "\\PC{0,80}") {
            let terms = match parse(&text) {
                None => Vec::new(),
                Some(Query::All(terms)) => terms,
                Some(Query::Code(t) | Query::Letters(t) | Query::Words(t)) => vec![Term::Words(t)],
            };
            for term in terms {
                prop_assert!(term.text().chars().all(char::is_alphanumeric));
            }
        }

        #[test]
        fn a_prefix_range_holds_exactly_the_prefixed(prefix in "[a-z一-龥]{1,3}", text in "[a-z一-龥]{0,5}") {
            let end = prefix_end(&prefix).unwrap();
            prop_assert_eq!(text.starts_with(&prefix), text >= prefix && text < end);
        }
    }
}

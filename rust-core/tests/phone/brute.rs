//! The reference search: the documentation of the search box written down a second time, as a plain
//! scan over every document. Shares no code with the search it checks.

use dianma_core::lookup::{Field, SearchQuery};
use dianma_schema::wire::record::{CustomerRecord, OrderRecord};
use std::collections::BTreeSet;

/// The searchable texts of a document: field and value, folded as people type.
pub type Texts = Vec<(Field, String)>;

fn fold(text: &str) -> String {
    dianma_schema::id::half_width(text).to_lowercase()
}

fn initials(name: &str) -> String {
    use pinyin::ToPinyin as _;
    let mut out = String::new();
    for (at, character) in name.chars().enumerate() {
        match (at, character) {
            (0, '单') => out.push('s'),
            (0, '曾') => out.push('z'),
            (_, c) if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            (_, c) => out.push_str(c.to_pinyin().map_or("", pinyin::Pinyin::first_letter)),
        }
    }
    out
}

pub fn customer_texts(record: &CustomerRecord) -> Texts {
    let mut texts = vec![
        (Field::AccountNumber, fold(&record.account_number)),
        (Field::AccountName, fold(&record.account_name)),
        (Field::PinyinInitials, initials(&record.account_name)),
        (
            Field::ContactPhone,
            fold(record.contact_phone.as_deref().unwrap_or("")),
        ),
        (
            Field::PoleNumber,
            fold(record.pole_number.as_deref().unwrap_or("")),
        ),
        (Field::Address, fold(&record.address)),
    ];
    let meters = record
        .meters
        .iter()
        .map(|m| (Field::MeterNumber, fold(&m.meter_number)));
    texts.extend(meters);
    texts
}

pub fn order_texts(record: &OrderRecord) -> Texts {
    let text = |value: &Option<String>| fold(value.as_deref().unwrap_or(""));
    vec![
        (Field::OrderNumber, fold(&record.order_number)),
        (Field::AccountNumber, text(&record.account_number)),
        (Field::AccountName, text(&record.account_name)),
        (
            Field::PinyinInitials,
            initials(record.account_name.as_deref().unwrap_or("")),
        ),
        (Field::ContactPhone, text(&record.contact_phone)),
        (Field::PoleNumber, text(&record.pole_number)),
        (Field::Address, text(&record.address)),
        (Field::MeterNumber, text(&record.meter_number)),
    ]
}

/// Whether a word fits a field, as the documentation of the search says, written on its own.
fn fits(word: &str, only: Option<Field>, among_others: bool, texts: &Texts) -> bool {
    use Field as F;
    let short = word.chars().count() < 3;
    let digits = word.chars().all(|c| c.is_ascii_digit());
    let letters = word.chars().all(|c| c.is_ascii_alphabetic());
    texts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .any(|(field, value)| {
            let is_text = matches!(field, F::AccountName | F::PoleNumber | F::Address);
            let is_number = matches!(
                field,
                F::AccountNumber | F::MeterNumber | F::ContactPhone | F::OrderNumber
            );
            let is_asked = match only {
                Some(only) => only == *field,
                None if digits && short && among_others => is_text,
                None if digits => is_text || is_number,
                None if letters => {
                    is_text || matches!(field, F::PinyinInitials | F::MeterNumber | F::OrderNumber)
                }
                None if word.is_ascii() => {
                    is_text || matches!(field, F::MeterNumber | F::OrderNumber)
                }
                None => is_text,
            };
            let inside = is_text || (is_number && !short);
            is_asked && (value.starts_with(word) || (inside && value.contains(word)))
        })
}

/// Ids of the documents that fit.
pub fn scan<'a>(
    query: &SearchQuery,
    documents: impl Iterator<Item = (&'a str, Texts)>,
) -> BTreeSet<String> {
    let boxed = query.text.split_whitespace().map(|word| (fold(word), None));
    let single = query.filters.iter().flat_map(|filter| {
        filter
            .text
            .split_whitespace()
            .map(|word| (fold(word), Some(filter.field)))
    });
    let words: Vec<(String, Option<Field>)> = boxed.chain(single).collect();
    let several = words.len() > 1;
    documents
        .filter(|(_, texts)| {
            words
                .iter()
                .all(|(word, only)| fits(word, *only, several, texts))
        })
        .map(|(id, _)| id.to_owned())
        .collect()
}

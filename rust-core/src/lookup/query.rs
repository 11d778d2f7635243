//! What was asked for: the box is split into terms at blanks, each term is classed by its content
//! (digits, letters, Han), single fields become terms bound to their field. All terms must fit (AND).
//!
//! How a term fits a text, best first: exact, prefix, tail, substring. Prefix counts for every field;
//! tail and substring count for numbers from three characters on, for names, poles and addresses from
//! the first. Pinyin initials fit by prefix only. ASCII letters fit in either case.

use super::Reason;
use crate::error::CoreError;
use crate::store::search_index::Texts;
use dianma_schema::fault;
use dianma_schema::id::half_width;
use dianma_schema::text_enum;

text_enum! {
    /// A searchable field.
    pub enum Field {
        0 OrderNumber = "order_number", "工单号", "Order number";
        1 AccountNumber = "account_number", "户号", "Account number";
        2 MeterNumber = "meter_number", "表号", "Meter number";
        3 ContactPhone = "contact_phone", "电话", "Phone number";
        4 AccountName = "account_name", "户名", "Account name";
        5 PinyinInitials = "pinyin_initials", "拼音首字母", "Pinyin initials";
        6 PoleNumber = "pole_number", "杆号", "Pole number";
        7 Address = "address", "地址", "Address";
    }
}

text_enum! {
    /// How a term fits, best first.
    pub enum MatchMode {
        0 Exact = "exact", "完全一致", "Exact";
        1 Prefix = "prefix", "开头一致", "Prefix";
        2 Tail = "tail", "末尾一致", "Tail";
        3 Substring = "substring", "包含", "Substring";
    }
}

/// Shortest part of a number that is looked for inside numbers.
pub const SHORTEST_INSIDE: usize = 3;
/// Most terms in one search.
const MOST_TERMS: usize = 8;
/// Longest term, characters.
const LONGEST_TERM: usize = 64;

/// A field and what it must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Which field.
    pub field: Field,
    /// What.
    pub text: String,
}

/// A search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    /// The box.
    pub text: String,
    /// Single fields, for the combined form.
    pub filters: Vec<Filter>,
    /// Orders taken in from then on, epoch ms.
    pub from_ms: Option<i64>,
    /// Orders taken in before, epoch ms.
    pub to_ms: Option<i64>,
    /// Search orders.
    pub wants_orders: bool,
    /// Search customers.
    pub wants_customers: bool,
    /// Hits per group.
    pub limit: u32,
    /// Where the orders go on.
    pub order_cursor: Option<String>,
    /// Where the customers go on.
    pub customer_cursor: Option<String>,
}

impl SearchQuery {
    /// The box alone, 20 hits per group.
    pub fn of(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            filters: Vec::new(),
            from_ms: None,
            to_ms: None,
            wants_orders: true,
            wants_customers: true,
            limit: 20,
            order_cursor: None,
            customer_cursor: None,
        }
    }
}

/// One word to find, folded to half width and lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The word.
    pub text: String,
    /// Only in this field; none = in any.
    pub field: Option<Field>,
    /// A short number beside other words means a pole or house number, not the start of an account.
    pub is_short_beside_others: bool,
}

impl Term {
    /// The fields the term may fit, best guess first.
    pub fn fields(&self) -> &'static [Field] {
        use Field as F;
        if let Some(field) = self.field {
            return single(field);
        }
        if self.is_short_beside_others {
            return &[F::PoleNumber, F::AccountName, F::Address];
        }
        let all = |test: fn(char) -> bool| self.text.chars().all(test);
        if all(|c| c.is_ascii_digit()) {
            &[
                F::AccountNumber,
                F::MeterNumber,
                F::ContactPhone,
                F::OrderNumber,
                F::PoleNumber,
                F::AccountName,
                F::Address,
            ]
        } else if all(|c| c.is_ascii_alphabetic()) {
            &[
                F::PinyinInitials,
                F::MeterNumber,
                F::OrderNumber,
                F::PoleNumber,
                F::AccountName,
                F::Address,
            ]
        } else if all(|c| c.is_ascii()) {
            &[
                F::OrderNumber,
                F::MeterNumber,
                F::PoleNumber,
                F::AccountName,
                F::Address,
            ]
        } else {
            &[F::AccountName, F::PoleNumber, F::Address]
        }
    }

    /// Characters in the term.
    pub fn length(&self) -> usize {
        self.text.chars().count()
    }

    /// How the term fits one field of a document.
    pub fn fit(&self, field: Field, texts: &Texts) -> Option<MatchMode> {
        let value = value_of(field, texts);
        if field == Field::MeterNumber {
            return value
                .split(' ')
                .filter_map(|one| self.fit_text(field, one))
                .min();
        }
        self.fit_text(field, value)
    }

    fn fit_text(&self, field: Field, value: &str) -> Option<MatchMode> {
        let value = value.to_ascii_lowercase();
        let term = self.text.as_str();
        if value.is_empty() {
            None
        } else if value == term {
            Some(MatchMode::Exact)
        } else if value.starts_with(term) {
            Some(MatchMode::Prefix)
        } else if !self.may_be_inside(field) {
            None
        } else if value.ends_with(term) {
            Some(MatchMode::Tail)
        } else {
            value.contains(term).then_some(MatchMode::Substring)
        }
    }

    fn may_be_inside(&self, field: Field) -> bool {
        match field {
            Field::AccountName | Field::PoleNumber | Field::Address => true,
            Field::PinyinInitials => false,
            Field::OrderNumber
            | Field::AccountNumber
            | Field::MeterNumber
            | Field::ContactPhone => self.length() >= SHORTEST_INSIDE,
        }
    }

    /// The best fit of the term in a document: best mode first, then the order of the fields.
    pub fn best(&self, texts: &Texts) -> Option<(MatchMode, Field)> {
        let fits = self
            .fields()
            .iter()
            .enumerate()
            .filter_map(|(rank, field)| {
                let mode = self.fit(*field, texts)?;
                Some((mode, rank, *field))
            });
        fits.min().map(|(mode, _, field)| (mode, field))
    }
}

const fn single(field: Field) -> &'static [Field] {
    match field {
        Field::OrderNumber => &[Field::OrderNumber],
        Field::AccountNumber => &[Field::AccountNumber],
        Field::MeterNumber => &[Field::MeterNumber],
        Field::ContactPhone => &[Field::ContactPhone],
        Field::AccountName => &[Field::AccountName],
        Field::PinyinInitials => &[Field::PinyinInitials],
        Field::PoleNumber => &[Field::PoleNumber],
        Field::Address => &[Field::Address],
    }
}

/// The text of a field.
pub fn value_of(field: Field, texts: &Texts) -> &str {
    match field {
        Field::OrderNumber => &texts.order_number,
        Field::AccountNumber => &texts.account_number,
        Field::MeterNumber => &texts.meter_numbers,
        Field::ContactPhone => &texts.contact_phone,
        Field::AccountName => &texts.account_name,
        Field::PinyinInitials => &texts.pinyin_initials,
        Field::PoleNumber => &texts.pole_number,
        Field::Address => &texts.address,
    }
}

/// All that must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Words; the first drives the search.
    pub words: Vec<Term>,
    /// Taken in from then on.
    pub from_ms: i64,
    /// Taken in before.
    pub to_ms: i64,
}

impl Terms {
    /// Reads a query; refuses one that asks for nothing or for too much.
    pub fn of(query: &SearchQuery) -> Result<Self, CoreError> {
        let mut words = all_words(query);
        let has_range = query.from_ms.is_some() || query.to_ms.is_some();
        if words.is_empty() && !has_range {
            return Err(bad("请输入要查询的内容", "enter something to search for"));
        }
        if words.len() > MOST_TERMS || words.iter().any(|term| term.length() > LONGEST_TERM) {
            return Err(bad(
                "查询内容过长，请缩短",
                "the search is too long, shorten it",
            ));
        }
        // The most selective word drives: a number from four characters on, else the longest.
        words.sort_by_key(|term| {
            let is_number = term.text.is_ascii() && term.length() >= 4;
            (!is_number, usize::MAX - term.length())
        });
        Ok(Self {
            words,
            from_ms: query.from_ms.unwrap_or(i64::MIN),
            to_ms: query.to_ms.unwrap_or(i64::MAX),
        })
    }

    /// Only orders have a time and an order number.
    pub fn is_about_orders_only(&self) -> bool {
        let has_range = self.from_ms != i64::MIN || self.to_ms != i64::MAX;
        let is_order = |term: &Term| term.field == Some(Field::OrderNumber);
        has_range || self.words.iter().any(is_order)
    }

    /// Whether a document fits, and how its first word does.
    pub fn matches(&self, texts: &Texts) -> Option<Fit> {
        let mut words = self.words.iter();
        let first = match words.next() {
            Some(first) => {
                let (mode, field) = first.best(texts)?;
                Fit::Word(mode, field)
            }
            None => Fit::Time,
        };
        words
            .all(|term| term.best(texts).is_some())
            .then_some(first)
    }
}

/// How a document fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// By the best fit of the first word.
    Word(MatchMode, Field),
    /// No words were asked for.
    Time,
}

impl Reason {
    /// A fit in words.
    pub const fn of(mode: MatchMode, field: Field) -> Self {
        Self {
            field,
            field_zh: field.zh(),
            mode,
            mode_zh: mode.zh(),
        }
    }
}

fn all_words(query: &SearchQuery) -> Vec<Term> {
    let term = |text, field| Term {
        text,
        field,
        is_short_beside_others: false,
    };
    let boxed = words(&query.text).map(|text| term(text, None));
    let single = query
        .filters
        .iter()
        .flat_map(|filter| words(&filter.text).map(|text| term(text, Some(filter.field))));
    let mut words: Vec<Term> = boxed.chain(single).collect();
    let are_several = words.len() > 1;
    for word in &mut words {
        let is_short = word.length() < SHORTEST_INSIDE;
        let is_number = word.text.bytes().all(|b| b.is_ascii_digit());
        word.is_short_beside_others = are_several && is_short && is_number;
    }
    words
}

fn words(text: &str) -> impl Iterator<Item = String> + use<> {
    let folded = half_width(text).to_ascii_lowercase();
    let words: Vec<String> = folded.split_whitespace().map(str::to_owned).collect();
    words.into_iter()
}

fn bad(zh: &str, en: &str) -> CoreError {
    CoreError::of(fault::V_FIELD).field("text", zh, en)
}

//! How a search is answered: stages in the order of the ranking, each an index range or a full-text
//! match that yields a superset, and the rule of [`super::query`] as the last word on every row.
//!
//! Index stages come first (exact, then prefix, field by field), then everything that fits inside a
//! text. A row is shown in the one stage of its best fit, so nothing comes twice. Paging is by key.

use super::Reason;
use super::query::{Field, MatchMode, SHORTEST_INSIDE, Term, Terms};
use crate::error::CoreError;
use crate::store::search_index::{Texts, tokens};
use rusqlite::{Connection, Row, ToSql};
use std::fmt::Write as _;

/// Rows looked at in one call before it answers with what it has and a cursor.
const MOST_ROWS: usize = 2_000;
/// Up to so many inside fits are ranked as a whole; more come in the order of the rows.
const MOST_RANKED: usize = 500;
/// Trigrams of a term that narrow the match enough. Its last ones are taken: numbers and addresses
/// begin alike and differ at the end, and a trigram that every row has costs time and narrows nothing.
const MOST_TRIGRAMS: usize = 5;

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Orders in hand.
    Orders,
    /// Customers of the station.
    Customers,
}

/// One step of the ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// A range of a field's index.
    Index(MatchMode, Field),
    /// Full text.
    Inside(Match),
    /// No words: orders by time, newest first.
    Time,
}

/// A full-text match: which index, which expression.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Match {
    is_trigram: bool,
    expression: String,
}

/// Where a search goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    stage: usize,
    /// Number of mode and field of the last hit, in a ranked stage.
    rank: (u8, u8),
    doc_id: i64,
    key: String,
}

impl Cursor {
    /// From the beginning.
    pub const fn start() -> Self {
        Self::at_stage(0)
    }

    const fn at_stage(stage: usize) -> Self {
        Self {
            stage,
            rank: (0, 0),
            doc_id: i64::MIN,
            key: String::new(),
        }
    }

    /// For the caller to keep.
    pub fn to_text(&self) -> String {
        let (mode, field) = self.rank;
        format!("{}.{mode}.{field}.{}.{}", self.stage, self.doc_id, self.key)
    }

    /// Reads it back.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.splitn(5, '.');
        Some(Self {
            stage: parts.next()?.parse().ok()?,
            rank: (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?),
            doc_id: parts.next()?.parse().ok()?,
            key: parts.next()?.to_owned(),
        })
    }
}

/// Hits of one call.
#[derive(Debug, Default)]
pub struct Found {
    /// Documents and why.
    pub hits: Vec<(i64, Option<Reason>)>,
    /// Where to go on.
    pub next: Option<Cursor>,
}

/// A candidate row.
struct Candidate {
    doc_id: i64,
    key: String,
    texts: Texts,
    taken_in_at_ms: i64,
}

/// Runs the stages from the cursor until `limit` hits are there.
pub fn run(
    db: &Connection,
    group: Group,
    terms: &Terms,
    cursor: Cursor,
    limit: usize,
) -> Result<Found, CoreError> {
    let stages = stages(group, terms);
    let mut found = Found::default();
    let mut rows_left = MOST_ROWS;
    let mut at = cursor;
    while let Some(stage) = stages.get(at.stage) {
        let mut search = Search {
            db,
            group,
            terms,
            limit,
            rows_left: &mut rows_left,
            found: &mut found,
        };
        if let Some(next) = search.stage(stage, &at)? {
            found.next = Some(next);
            return Ok(found);
        }
        at = Cursor::at_stage(at.stage + 1);
    }
    Ok(found)
}

fn stages(group: Group, terms: &Terms) -> Vec<Stage> {
    let Some(first) = terms.words.first() else {
        return vec![Stage::Time];
    };
    let inside = inside_match(terms);
    let mut stages = Vec::new();
    // Several words that full text can answer together: no index range could narrow them as well.
    if terms.words.len() == 1 || inside.is_none() || !is_safe(first) {
        for mode in [MatchMode::Exact, MatchMode::Prefix] {
            let fields = first
                .fields()
                .iter()
                .filter(|field| has_index(group, **field));
            stages.extend(fields.map(|field| Stage::Index(mode, *field)));
        }
    }
    stages.extend(inside.map(Stage::Inside));
    stages
}

const fn has_index(group: Group, field: Field) -> bool {
    match field {
        Field::Address => false,
        Field::OrderNumber => matches!(group, Group::Orders),
        _ => true,
    }
}

/// Every way the word can fit is in the character index.
fn is_in_characters(term: &Term) -> bool {
    let has = |field: &Field| {
        matches!(
            field,
            Field::AccountName | Field::PoleNumber | Field::Address
        )
    };
    term.fields().iter().all(has)
}

/// Every way the word can fit is in one of the full-text indexes.
fn is_safe(term: &Term) -> bool {
    let is_in_trigrams =
        !term.fields().contains(&Field::PinyinInitials) && term.length() >= SHORTEST_INSIDE;
    is_in_trigrams || is_in_characters(term)
}

/// The full-text expression of the first word and of all others that can be put beside it; none when
/// the first is only an initial. What it leaves out is checked row by row.
fn inside_match(terms: &Terms) -> Option<Match> {
    let first = terms.words.first()?;
    if first.fields() == [Field::PinyinInitials] {
        return None;
    }
    let others = || terms.words.iter().skip(1).filter(|term| is_safe(term));
    let all_in_characters = is_in_characters(first) && others().all(is_in_characters);
    let all_long = others().all(|term| term.length() >= SHORTEST_INSIDE);
    let is_trigram = first.length() >= SHORTEST_INSIDE && (all_long || !all_in_characters);
    let mut parts = Vec::new();
    if is_trigram {
        for term in std::iter::once(first).chain(others()) {
            parts.extend(trigrams(&term.text));
        }
    } else {
        let beside = others().filter(|term| is_in_characters(term));
        for term in std::iter::once(first).chain(beside) {
            parts.push(format!("\"{}\"", tokens(&term.text).trim_end()));
        }
    }
    Some(Match {
        is_trigram,
        expression: parts.join(" AND "),
    })
}

/// Quoted trigrams of a text; none when it is shorter.
fn trigrams(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut quoted = Vec::new();
    for window in characters.windows(3) {
        let mut one = String::from("\"");
        for character in window {
            if *character == '"' {
                one.push('"');
            }
            let _ = write!(one, "{character}");
        }
        one.push('"');
        if !quoted.contains(&one) {
            quoted.push(one);
        }
    }
    quoted.split_off(quoted.len().saturating_sub(MOST_TRIGRAMS))
}

/// The smallest text above every text that starts with `prefix` (lower case): its last character
/// counted up, as the index orders them.
fn upper_bound(prefix: &str) -> String {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            characters.push(next);
            return characters.into_iter().collect();
        }
    }
    String::from(char::MAX)
}

struct Search<'a> {
    db: &'a Connection,
    group: Group,
    terms: &'a Terms,
    limit: usize,
    rows_left: &'a mut usize,
    found: &'a mut Found,
}

impl Search<'_> {
    /// Runs one stage; a cursor when it stopped before its end.
    fn stage(&mut self, stage: &Stage, at: &Cursor) -> Result<Option<Cursor>, CoreError> {
        match stage {
            Stage::Index(mode, field) => self.index(*mode, *field, at),
            Stage::Inside(wanted) => self.inside(wanted, at),
            Stage::Time => self.time(at),
        }
    }

    fn index(
        &mut self,
        mode: MatchMode,
        field: Field,
        at: &Cursor,
    ) -> Result<Option<Cursor>, CoreError> {
        let Some(word) = self.terms.words.first() else {
            return Ok(None);
        };
        let upper = match mode {
            MatchMode::Exact => word.text.clone(),
            _ => upper_bound(&word.text),
        };
        let sql = index_sql(self.group, field, mode == MatchMode::Exact);
        let rows_left = i64::try_from(*self.rows_left).unwrap_or(i64::MAX);
        let values: [&dyn ToSql; 5] = [&word.text, &upper, &at.key, &at.doc_id, &rows_left];
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query(values.as_slice())?;
        let stop = |candidate: &Candidate| Cursor {
            stage: at.stage,
            rank: (0, 0),
            doc_id: candidate.doc_id,
            key: candidate.key.clone(),
        };
        while let Some(row) = rows.next()? {
            let candidate = read(row)?;
            *self.rows_left -= 1;
            if let Some(fit) = self.fit(&candidate)
                && fit == Some((mode, field))
                && is_first_meter(word, mode, field, &candidate)
            {
                self.take(candidate.doc_id, fit);
            }
            if self.found.hits.len() >= self.limit || *self.rows_left == 0 {
                return Ok(Some(stop(&candidate)));
            }
        }
        Ok(None)
    }

    /// Fits inside a text. A set that is small enough is ranked as a whole, else it comes row by row.
    fn inside(&mut self, wanted: &Match, at: &Cursor) -> Result<Option<Cursor>, CoreError> {
        let is_streaming = at.key == "s";
        if !is_streaming && let Some(ranked) = self.ranked(wanted)? {
            return Ok(self.take_ranked(&ranked, at));
        }
        let after = if is_streaming { at.doc_id } else { i64::MIN };
        let mut last = after;
        let mut is_cut = false;
        let mut taken = Vec::new();
        let room = self.limit.saturating_sub(self.found.hits.len());
        self.each(wanted, after, MOST_ROWS, |search, candidate| {
            last = candidate.doc_id;
            if let Some(fit) = search.inside_fit(candidate) {
                taken.push((candidate.doc_id, fit));
            }
            is_cut = taken.len() >= room || *search.rows_left <= 1;
            !is_cut
        })?;
        taken.sort_by_key(|(doc_id, fit)| (*fit, *doc_id));
        for (doc_id, fit) in taken {
            self.take(doc_id, Some(fit));
        }
        Ok(is_cut.then(|| Cursor {
            stage: at.stage,
            rank: (0, 0),
            doc_id: last,
            key: "s".to_owned(),
        }))
    }

    /// All inside fits, best first; `None` when there are too many candidates.
    fn ranked(
        &mut self,
        wanted: &Match,
    ) -> Result<Option<Vec<(MatchMode, Field, i64)>>, CoreError> {
        let mut ranked = Vec::new();
        let mut seen = 0;
        self.each(wanted, i64::MIN, MOST_RANKED + 1, |search, candidate| {
            seen += 1;
            if let Some((mode, field)) = search.inside_fit(candidate) {
                ranked.push((mode, field, candidate.doc_id));
            }
            true
        })?;
        ranked.sort_unstable();
        Ok((seen <= MOST_RANKED).then_some(ranked))
    }

    fn take_ranked(&mut self, ranked: &[(MatchMode, Field, i64)], at: &Cursor) -> Option<Cursor> {
        let start = (at.rank.0, at.rank.1, at.doc_id);
        let rank = |hit: &(MatchMode, Field, i64)| (hit.0 as u8, hit.1 as u8, hit.2);
        let rest = ranked.iter().filter(|hit| rank(hit) > start);
        for hit in rest {
            if self.found.hits.len() >= self.limit {
                // The page was full before this one: go on after the last that was taken.
                break;
            }
            self.take(hit.2, Some((hit.0, hit.1)));
            if self.found.hits.len() >= self.limit {
                return Some(Cursor {
                    stage: at.stage,
                    rank: (hit.0 as u8, hit.1 as u8),
                    doc_id: hit.2,
                    key: String::new(),
                });
            }
        }
        None
    }

    fn each(
        &mut self,
        wanted: &Match,
        after: i64,
        most: usize,
        mut use_it: impl FnMut(&mut Self, &Candidate) -> bool,
    ) -> Result<(), CoreError> {
        let sql = inside_sql(self.group, wanted.is_trigram);
        let db = self.db;
        let mut statement = db.prepare_cached(&sql)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows = statement.query((&wanted.expression, after, most))?;
        while let Some(row) = rows.next()? {
            let candidate = read(row)?;
            *self.rows_left = self.rows_left.saturating_sub(1).max(1);
            if !use_it(self, &candidate) {
                break;
            }
        }
        Ok(())
    }

    /// The fit of a candidate, unless an index stage has shown it.
    fn inside_fit(&self, candidate: &Candidate) -> Option<(MatchMode, Field)> {
        let (mode, field) = self.fit(candidate)??;
        let has_index_stages = stages(self.group, self.terms)
            .first()
            .is_some_and(|stage| matches!(stage, Stage::Index(..)));
        let was_shown = has_index_stages
            && has_index(self.group, field)
            && matches!(mode, MatchMode::Exact | MatchMode::Prefix);
        (!was_shown).then_some((mode, field))
    }

    fn fit(&self, candidate: &Candidate) -> Option<Option<(MatchMode, Field)>> {
        let is_in_time = self.group == Group::Customers
            || (self.terms.from_ms..self.terms.to_ms).contains(&candidate.taken_in_at_ms);
        self.terms.matches(&candidate.texts).filter(|_| is_in_time)
    }

    fn take(&mut self, doc_id: i64, fit: Option<(MatchMode, Field)>) {
        let reason = fit.map(|(mode, field)| Reason::of(mode, field));
        self.found.hits.push((doc_id, reason));
    }

    fn time(&mut self, at: &Cursor) -> Result<Option<Cursor>, CoreError> {
        let before = match at.key.parse::<i64>() {
            Ok(at_ms) => (at_ms, at.doc_id),
            Err(_) => (self.terms.to_ms, i64::MIN),
        };
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
        let mut statement = self.db.prepare_cached(
            "SELECT doc_id, taken_in_at_ms FROM mirror_orders
             WHERE taken_in_at_ms >= ?1 AND (taken_in_at_ms, doc_id) < (?2, ?3)
             ORDER BY taken_in_at_ms DESC, doc_id DESC LIMIT ?4",
        )?;
        let mut rows = statement.query((self.terms.from_ms, before.0, before.1, limit))?;
        let mut last = None;
        while let Some(row) = rows.next()? {
            let (doc_id, at_ms): (i64, i64) = (row.get(0)?, row.get(1)?);
            self.take(doc_id, None);
            last = Some((doc_id, at_ms));
        }
        let is_full = self.found.hits.len() >= self.limit;
        Ok(last.filter(|_| is_full).map(|(doc_id, at_ms)| Cursor {
            stage: at.stage,
            rank: (0, 0),
            doc_id,
            key: at_ms.to_string(),
        }))
    }
}

/// A customer with two meters that fit is shown at the first of them only.
fn is_first_meter(word: &Term, mode: MatchMode, field: Field, candidate: &Candidate) -> bool {
    if field != Field::MeterNumber {
        return true;
    }
    let fits = |meter: &&str| match mode {
        MatchMode::Exact => *meter == word.text,
        _ => meter.starts_with(&word.text) && *meter != word.text,
    };
    let meters = candidate.texts.meter_numbers.to_ascii_lowercase();
    let first = meters.split(' ').filter(fits).min();
    first == Some(candidate.key.to_ascii_lowercase().as_str())
}

const ORDER_COLUMNS: &str = "d.doc_id, d.account_number, d.account_name, d.pinyin_initials,
    d.meter_numbers, d.contact_phone, d.pole_number, d.address, d.order_number, d.taken_in_at_ms";
const CUSTOMER_COLUMNS: &str = "d.doc_id, d.account_number, d.account_name, d.pinyin_initials,
    d.meter_numbers, d.contact_phone, d.pole_number, d.address, '', 0";

const fn columns(group: Group) -> &'static str {
    match group {
        Group::Orders => ORDER_COLUMNS,
        Group::Customers => CUSTOMER_COLUMNS,
    }
}

const fn table(group: Group) -> &'static str {
    match group {
        Group::Orders => "mirror_orders",
        Group::Customers => "mirror_customers",
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    Ok(Candidate {
        doc_id: row.get(0)?,
        texts: Texts {
            account_number: row.get(1)?,
            account_name: row.get(2)?,
            pinyin_initials: row.get(3)?,
            meter_numbers: row.get(4)?,
            contact_phone: row.get(5)?,
            pole_number: row.get(6)?,
            address: row.get(7)?,
            order_number: row.get(8)?,
        },
        taken_in_at_ms: row.get(9)?,
        key: row.get(10)?,
    })
}

/// Every statement a search can run, for the test that looks at their plans.
pub fn plan_statements() -> Vec<String> {
    let mut statements = Vec::new();
    for group in [Group::Orders, Group::Customers] {
        for field in Field::ALL.iter().filter(|field| has_index(group, **field)) {
            statements.push(index_sql(group, *field, true));
            statements.push(index_sql(group, *field, false));
        }
        statements.push(inside_sql(group, true));
        statements.push(inside_sql(group, false));
    }
    statements
}

/// Range of one index: ?1 lower and ?2 upper bound, ?3 and ?4 the last key and row, ?5 most rows.
fn index_sql(group: Group, field: Field, is_exact: bool) -> String {
    let (table, columns) = (table(group), columns(group));
    let range = if is_exact {
        "= ?1 AND ?2 = ?1"
    } else {
        ">= ?1 AND {key} < ?2"
    };
    let (from, key, id) = if field == Field::MeterNumber && group == Group::Customers {
        (
            format!("meters m CROSS JOIN {table} d ON d.doc_id = m.customer_doc_id"),
            "m.meter_number".to_owned(),
            "m.customer_doc_id",
        )
    } else {
        let column = match field {
            Field::MeterNumber => "meter_numbers",
            other => other.as_str(),
        };
        (format!("{table} d"), format!("d.{column}"), "d.doc_id")
    };
    let range = range.replace("{key}", &key);
    format!(
        "SELECT {columns}, {key} FROM {from}
         WHERE {key} {range} AND ({key}, {id}) > (?3, ?4) ORDER BY {key}, {id} LIMIT ?5"
    )
}

/// Full text: ?1 the expression, ?2 the last row, ?3 most rows.
fn inside_sql(group: Group, is_trigram: bool) -> String {
    let (table, columns) = (table(group), columns(group));
    let index = match (group, is_trigram) {
        (Group::Orders, true) => "order_trigrams",
        (Group::Orders, false) => "order_characters",
        (Group::Customers, true) => "customer_trigrams",
        (Group::Customers, false) => "customer_characters",
    };
    format!(
        "SELECT {columns}, '' FROM {index} f CROSS JOIN {table} d ON d.doc_id = f.rowid
         WHERE f.{index} MATCH ?1 AND f.rowid > ?2 ORDER BY f.rowid LIMIT ?3"
    )
}

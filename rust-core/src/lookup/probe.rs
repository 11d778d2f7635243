//! How a search is answered: stages in the order of the ranking, each an index range or a full-text
//! match that yields a superset, and the rule of [`super::query`] as the last word on every row.
//!
//! Index stages come first (exact, then prefix, field by field), then everything that fits inside a
//! text. A row is shown in the one stage of its best fit, so nothing comes twice. Paging is by key.

use super::Reason;
use super::plan::{Group, Match, Stage, has_index, stages, upper_bound};
use super::query::{Field, Fit, MatchMode, Term, Terms};
use super::statements::{Candidate, index_sql, inside_sql, read};
use crate::error::CoreError;
use rusqlite::{Connection, ToSql};

/// Rows looked at in one call before it answers with what it has and a cursor.
const MOST_ROWS: usize = 2_000;
/// Up to so many inside fits are ranked as a whole; more come in the order of the rows.
const MOST_RANKED: usize = 500;

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

/// A fit and its row, in the order of the ranking.
type Ranked = (MatchMode, Field, i64);

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
                && fit == Fit::Word(mode, field)
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
            self.take(doc_id, Fit::Word(fit.0, fit.1));
        }
        Ok(is_cut.then(|| Cursor {
            stage: at.stage,
            rank: (0, 0),
            doc_id: last,
            key: "s".to_owned(),
        }))
    }

    /// All inside fits, best first; `None` when there are too many candidates.
    fn ranked(&mut self, wanted: &Match) -> Result<Option<Vec<Ranked>>, CoreError> {
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

    fn take_ranked(&mut self, ranked: &[Ranked], at: &Cursor) -> Option<Cursor> {
        let start = (at.rank.0, at.rank.1, at.doc_id);
        let rank = |hit: &Ranked| (hit.0 as u8, hit.1 as u8, hit.2);
        let rest = ranked.iter().filter(|hit| rank(hit) > start);
        for hit in rest {
            if self.found.hits.len() >= self.limit {
                // The page was full before this one: go on after the last that was taken.
                break;
            }
            self.take(hit.2, Fit::Word(hit.0, hit.1));
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
        let Fit::Word(mode, field) = self.fit(candidate)? else {
            return None;
        };
        let has_index_stages = stages(self.group, self.terms)
            .first()
            .is_some_and(|stage| matches!(stage, Stage::Index(..)));
        let was_shown = has_index_stages
            && has_index(self.group, field)
            && matches!(mode, MatchMode::Exact | MatchMode::Prefix);
        (!was_shown).then_some((mode, field))
    }

    fn fit(&self, candidate: &Candidate) -> Option<Fit> {
        let is_in_time = self.group == Group::Customers
            || (self.terms.from_ms..self.terms.to_ms).contains(&candidate.taken_in_at_ms);
        self.terms.matches(&candidate.texts).filter(|_| is_in_time)
    }

    fn take(&mut self, doc_id: i64, fit: Fit) {
        let reason = match fit {
            Fit::Time => None,
            Fit::Word(mode, field) => Some(Reason::of(mode, field)),
        };
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
            self.take(doc_id, Fit::Time);
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

//! The search box: classified by content, staged, paged by key. One use case for both engines.

use super::query::{Source, Stage, stages};
use super::row::{self, COLUMNS, CustomerRow, WIDTH};
use super::search_sqlite::Statement;
use super::terms::{EXACT_STAGES, LONG_CODE, Match, Query, Term, parse, prefix_end, stage_of};
use super::{search_postgres, search_sqlite};
use crate::args;
use crate::error::ApiError;
use crate::page;
use crate::store::{Engine, Row, StoreError, Tx, Value};
use dianma_schema::id::{AreaId, StationId};
use std::fmt::Write as _;

/// Most rows on a page.
pub const MAX_LIMIT: usize = 200;
/// Batches looked at for one page; a page may then be short and still have a cursor.
const MAX_ROUNDS: usize = 20;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Text of the box.
    pub text: String,
    /// Only this station.
    pub station_id: Option<StationId>,
    /// Only this transformer area.
    pub area_id: Option<AreaId>,
    /// Rows wanted.
    pub limit: usize,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// A customer that fits, with its meters and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The row.
    pub customer: CustomerRow,
    /// Numbers of its installed meters.
    pub meter_numbers: Vec<String>,
    /// Why it was found.
    pub reason: Match,
}

/// One page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Best stage first.
    pub hits: Vec<Hit>,
    /// Where to go on; `None` at the end.
    pub next_cursor: Option<String>,
}

/// Position in the stages: the stage and the key of the last row seen in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Position {
    stage: usize,
    key: String,
    id: String,
}

impl Position {
    fn encode(&self) -> String {
        page::cursor(&[&self.stage.to_string(), &self.key, &self.id])
    }

    fn decode(cursor: Option<&str>) -> Result<Self, ApiError> {
        let Some([stage, key, id]) = page::read_cursor::<3>(cursor)? else {
            return Ok(Self::default());
        };
        let stage = stage.parse().map_err(|_| page::bad_cursor())?;
        Ok(Self { stage, key, id })
    }
}

/// Runs a search. A text with nothing to search for finds nothing.
pub fn search(tx: &mut dyn Tx, ask: &Ask) -> Result<Page, ApiError> {
    let Some(query) = parse(&ask.text) else {
        return Ok(Page::default());
    };
    prepare(tx)?;
    let stages = stages(&query);
    let limit = ask.limit.clamp(1, MAX_LIMIT);
    let mut at = Position::decode(ask.cursor.as_deref())?;
    let mut page = Page::default();
    // A page that ended among whole numbers has shown one.
    let is_code = matches!(query, Query::Code(_));
    let mut has_exact = is_code && ask.cursor.is_some() && at.stage < EXACT_STAGES;
    // Where the page would go on if its last place is taken.
    let mut full_at = None;
    for _ in 0..MAX_ROUNDS {
        let is_over = has_exact && at.stage >= EXACT_STAGES;
        let Some(stage) = stages.get(at.stage).filter(|_| !is_over) else {
            return Ok(page);
        };
        let rows = fetch(tx, stage, ask, &at, limit + 1)?;
        let is_last = rows.len() <= limit;
        for (position, hit) in judge(tx, &query, stage, &at, rows)? {
            at = position;
            let Some(hit) = hit else { continue };
            has_exact |= is_code && at.stage < EXACT_STAGES;
            if page.hits.len() == limit {
                page.next_cursor = full_at;
                return Ok(page);
            }
            page.hits.push(hit);
            if page.hits.len() == limit {
                full_at = Some(at.encode());
            }
        }
        if is_last {
            at = Position {
                stage: at.stage + 1,
                ..Position::default()
            };
        }
    }
    page.next_cursor = full_at.or_else(|| Some(at.encode()));
    Ok(page)
}

/// Every statement a search for this text can run, for the test that looks at their plans.
pub fn plan_statements(engine: Engine, text: &str) -> Vec<(String, Vec<Value>)> {
    let Some(query) = parse(text) else {
        return Vec::new();
    };
    let (ask, start) = (Ask::default(), Position::default());
    let read = |stage: &Stage| statement(engine, stage, &ask, &start, MAX_LIMIT);
    let found = stages(&query).iter().filter_map(read).collect::<Vec<_>>();
    found.into_iter().map(|one| (one.sql, one.args)).collect()
}

/// PostgreSQL must plan with the values: whether a character is common decides the index.
fn prepare(tx: &mut dyn Tx) -> Result<(), StoreError> {
    match tx.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => tx.batch("SET LOCAL plan_cache_mode = force_custom_plan"),
    }
}

type Keyed = (Position, CustomerRow);

/// Reads the next rows of a stage.
fn fetch(
    tx: &mut dyn Tx,
    stage: &Stage,
    ask: &Ask,
    at: &Position,
    limit: usize,
) -> Result<Vec<Keyed>, StoreError> {
    let Some(statement) = statement(tx.engine(), stage, ask, at, limit) else {
        return Ok(Vec::new());
    };
    let read = |row: &Row<'_>| {
        let customer = CustomerRow::read(row)?;
        let key = match row.0.get(WIDTH) {
            Some(Value::Integer(number)) => number.to_string(),
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        };
        let position = Position {
            stage: at.stage,
            key,
            id: customer.id.to_string(),
        };
        Ok((position, customer))
    };
    tx.all(&statement.sql, &statement.args, read)
}

fn statement(
    engine: Engine,
    stage: &Stage,
    ask: &Ask,
    at: &Position,
    limit: usize,
) -> Option<Statement> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let station = ask.station_id.map(|id| id.to_string()).unwrap_or_default();
    let area = ask.area_id.map(|id| id.to_string()).unwrap_or_default();
    let (station, area) = (station.as_str(), area.as_str());
    let tree = |sql: String, low: &str, high: &str, after: &str| Statement {
        sql,
        args: args![low, high, after, &at.id, station, area, limit].to_vec(),
    };
    match &stage.source {
        Source::Equals(column, text) => {
            Some(tree(tree_sql(column, true), text, "", after(at, text)))
        }
        Source::Range(column, low, high) => {
            Some(tree(tree_sql(column, false), low, high, after(at, low)))
        }
        Source::Meter(low, high) => {
            let sql = meter_sql(high.is_none());
            let high = high.as_deref().unwrap_or_default();
            Some(tree(sql, low, high, &at.key))
        }
        Source::Text(terms) => text_statement(engine, terms, at, (station, area), limit),
        Source::Tail(code) if code.len() < LONG_CODE => None,
        Source::Tail(code) => match engine {
            Engine::Sqlite => search_sqlite::tail(code, doc(at), station, area, limit),
            Engine::Postgres => Some(search_postgres::tail(code, &at.key, station, area, limit)),
        },
    }
}

fn text_statement(
    engine: Engine,
    terms: &[Term],
    at: &Position,
    (station, area): (&str, &str),
    limit: i64,
) -> Option<Statement> {
    if let Some(Term::Letters(letters)) = terms.first()
        && terms.iter().all(|term| matches!(term, Term::Letters(_)))
    {
        let end = prefix_end(letters)?;
        let from = after(at, letters);
        let mut args: Vec<Value> = args![letters, end, from, &at.id, station, area].to_vec();
        let mut sql = tree_head("name_initials", false);
        search_sqlite::filters(terms, &mut sql, &mut args);
        args.push(limit.into());
        let _ = write!(sql, " ORDER BY c.name_initials, c.id LIMIT ?{}", args.len());
        return Some(Statement { sql, args });
    }
    match engine {
        Engine::Sqlite => search_sqlite::text(terms, doc(at), station, area, limit),
        Engine::Postgres => Some(search_postgres::text(terms, &at.key, station, area, limit)),
    }
}

/// The key a page ended at; at the start the bound of the range itself. PostgreSQL begins to read where the
/// pair of key and id begins, not where the range does: an empty pair walked half of the index, 100 ms.
fn after<'a>(at: &'a Position, low: &'a str) -> &'a str {
    if at.key.is_empty() { low } else { &at.key }
}

/// The row id a page ended at; 0 at the start.
fn doc(at: &Position) -> i64 {
    at.key.parse().unwrap_or(0)
}

/// Head of a statement along a B-tree of `customers`. `?2` is used in both forms, so that both have
/// the same parameters.
fn tree_head(column: &str, is_exact: bool) -> String {
    let fits = if is_exact {
        format!("c.{column} = ?1 AND ?2 = ''")
    } else {
        format!("c.{column} >= ?1 AND c.{column} < ?2")
    };
    format!(
        "SELECT {COLUMNS}, c.{column} FROM customers c WHERE {fits} \
         AND (c.{column}, c.id) > (?3, ?4) \
         AND (?5 = '' OR c.station_id = ?5) AND (?6 = '' OR c.area_id = ?6)"
    )
}

fn tree_sql(column: &str, is_exact: bool) -> String {
    let head = tree_head(column, is_exact);
    format!("{head} ORDER BY c.{column}, c.id LIMIT ?7")
}

fn meter_sql(is_exact: bool) -> String {
    let fits = if is_exact {
        "m.meter_number = ?1 AND ?2 = ''"
    } else {
        "m.meter_number >= ?1 AND m.meter_number < ?2"
    };
    format!(
        "SELECT {COLUMNS}, m.meter_number FROM meters m JOIN customers c ON c.id = m.customer_id \
         WHERE {fits} AND m.meter_number > ?3 AND CAST(?4 AS TEXT) = ?4 AND m.state = 'installed' \
         AND (?5 = '' OR c.station_id = ?5) AND (?6 = '' OR c.area_id = ?6) \
         ORDER BY m.meter_number LIMIT ?7"
    )
}

/// Keeps of the rows those that belong to this stage and to no earlier one.
fn judge(
    tx: &mut dyn Tx,
    query: &Query,
    stage: &Stage,
    at: &Position,
    rows: Vec<Keyed>,
) -> Result<Vec<(Position, Option<Hit>)>, StoreError> {
    let ids: Vec<_> = rows.iter().map(|(_, customer)| customer.id).collect();
    let meters = row::meter_numbers(tx, &ids)?;
    let judged = rows.into_iter().map(|(position, customer)| {
        let meter_numbers = meters.get(&customer.id).cloned().unwrap_or_default();
        let texts = customer.texts(meter_numbers.clone());
        // A customer with several fitting meters comes once: at the first of them.
        let is_first = match &stage.source {
            Source::Meter(low, _) => {
                meter_numbers.iter().find(|m| m.starts_with(low.as_str())) == Some(&position.key)
            }
            _ => true,
        };
        let fits = is_first && stage_of(query, &texts) == Some(at.stage);
        let hit = fits.then(|| Hit {
            reason: reason(query, stage),
            customer,
            meter_numbers,
        });
        (position, hit)
    });
    Ok(judged.collect())
}

fn reason(query: &Query, stage: &Stage) -> Match {
    let text = match query {
        Query::Code(text) | Query::Letters(text) | Query::Words(text) => text.clone(),
        Query::All(terms) => {
            let texts: Vec<&str> = terms.iter().map(Term::text).collect();
            texts.join(" ")
        }
    };
    Match {
        field: stage.field,
        how: stage.how,
        text,
    }
}

//! `dianma-server bench-search`: fills a database with generated customers and times every documented
//! query of the search box. Used by `scripts/bench search`; hidden from the help.

use super::bench::{Draw, QUERIES, customer, prepare_areas, query};
use super::search::{Ask, search};
use super::write::{MAX_BATCH, upsert};
use crate::args;
use crate::clock::{Stopwatch, random};
use crate::error::ApiError;
use crate::mint::Mint;
use crate::store::{Engine, Store, StoreError};
use serde::Serialize;

/// Seed of the customers and of the questions.
const SEED: u64 = 2_026;
/// Questions of each shape.
const QUESTIONS: usize = 200;
/// Rows of a page, as the console asks for.
const PAGE: usize = 50;

/// Times of one documented query.
#[derive(Clone, Debug, Serialize)]
pub struct QueryTimes {
    /// Shape of the query.
    pub name: &'static str,
    /// Median, microseconds.
    pub p50_us: u64,
    /// 95th percentile, microseconds.
    pub p95_us: u64,
    /// Customers found on the first pages, mean.
    pub hits: u64,
}

/// Outcome of the benchmark.
#[derive(Clone, Debug, Serialize)]
pub struct SearchBench {
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// Customers in the database.
    pub customers: usize,
    /// Customers written in this run; those of an earlier run are used again.
    pub loaded: usize,
    /// Microseconds the writing took.
    pub load_us: u64,
    /// The queries.
    pub queries: Vec<QueryTimes>,
}

/// Fills up to `customers` and measures.
pub fn run(store: &Store, customers: usize) -> Result<SearchBench, ApiError> {
    let watch = Stopwatch::start();
    let loaded = load(store, customers)?;
    let load_us = watch.elapsed_us();
    let mut queries = Vec::with_capacity(QUERIES.len());
    for (shape, name) in QUERIES.iter().enumerate() {
        queries.push(measure(store, customers, shape, name)?);
    }
    Ok(SearchBench {
        engine: match store.engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        },
        customers,
        loaded,
        load_us,
        queries,
    })
}

fn load(store: &Store, customers: usize) -> Result<usize, ApiError> {
    prepare_areas(store)?;
    let there = store
        .read_blocking(|tx| tx.first("SELECT count(*) FROM customers", args![], |row| row.int(0)));
    let there = there.map_err(|error: StoreError| ApiError::from(error))?;
    let there = usize::try_from(there.unwrap_or(0)).unwrap_or(0);
    for first in (there..customers).step_by(MAX_BATCH) {
        let last = (first + MAX_BATCH).min(customers);
        let inputs: Vec<_> = (first..last).filter_map(|n| customer(SEED, n)).collect();
        let mint = Mint::new(1_793_000_000_000, random()?);
        store.write_blocking(move |tx| -> Result<(), StoreError> {
            upsert(tx, &mut mint.clone(), &inputs, None).map(drop)
        })?;
        if first % 50_000 == 0 {
            tracing::info!(customers = first, "loading");
        }
    }
    store.write_blocking(|tx| tx.batch("ANALYZE"))?;
    Ok(customers.saturating_sub(there))
}

fn measure(
    store: &Store,
    customers: usize,
    shape: usize,
    name: &'static str,
) -> Result<QueryTimes, ApiError> {
    let mut draw = Draw::new(SEED + shape as u64);
    let mut times = Vec::with_capacity(QUESTIONS);
    let mut hits = 0;
    while times.len() < QUESTIONS {
        let Some(input) = customer(SEED, draw.below(customers)) else {
            break;
        };
        let text = query(shape, &input, &mut draw);
        if text.trim().is_empty() {
            continue;
        }
        let ask = Ask {
            text,
            limit: PAGE,
            ..Ask::default()
        };
        let (time, found) = store.read_blocking(move |tx| -> Result<_, ApiError> {
            let watch = Stopwatch::start();
            let page = search(tx, &ask)?;
            Ok((watch.elapsed_us(), page.hits.len()))
        })?;
        times.push(time);
        hits += found as u64;
    }
    times.sort_unstable();
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(place).copied().unwrap_or(0)
    };
    Ok(QueryTimes {
        name,
        p50_us: at(50),
        p95_us: at(95),
        hits: hits / (times.len() as u64).max(1),
    })
}

//! The first page: its figures are those of the tables and of the numbers.

use crate::random_orders::seed;
use dianma_schema::kpi::Kpi;
use dianma_schema::permission::Role;
use dianma_schema::time::{DAY_MS, china_day_start_ms, days_from_civil};
use dianma_server::args;
use dianma_server::kpi::list::tallies;
use dianma_server::kpi::{KpiFilter, Scope};
use dianma_server::orders::summary::Viewer;
use dianma_server::overview::{Overview, gather};
use dianma_server::store::{Store, StoreError};

crate::conformance!(
    the_figures_are_those_of_the_tables,
    the_trend_is_that_of_the_numbers,
    a_new_server_has_an_empty_page,
);

const DAYS: i64 = 14;

fn start_ms() -> i64 {
    china_day_start_ms(days_from_civil(2026, 5, 4))
}

/// Noon of the last day.
fn now_ms() -> i64 {
    start_ms() + DAYS * DAY_MS - DAY_MS / 2
}

fn page(store: &Store) -> Overview {
    let viewer = Viewer {
        role: Role::Manager,
        now_ms: now_ms(),
    };
    store.read_blocking(move |tx| gather(tx, viewer)).unwrap()
}

fn count(store: &Store, sql: &'static str) -> i64 {
    let midnight = start_ms() + (DAYS - 1) * DAY_MS;
    let found = store.read_blocking(move |tx| tx.first(sql, args![midnight], |row| row.int(0)));
    found.map_err(|e: StoreError| e).unwrap().unwrap()
}

/// As a reviewer leaves an order whose last file is on its way.
fn approve_one(store: &Store) {
    let sql = "UPDATE work_orders SET approved_at_ms = ?1 WHERE id = \
               (SELECT id FROM work_orders WHERE state = 'submitted' AND approved_at_ms IS NULL LIMIT 1)";
    let changed = store.write_blocking(move |tx| tx.execute(sql, args![now_ms()]));
    assert_eq!(changed.map_err(|e: StoreError| e).unwrap(), 1);
}

fn the_figures_are_those_of_the_tables(store: &Store) {
    seed(store, start_ms(), DAYS, 120);
    let page = page(store);
    assert_eq!(page.by_state.values().sum::<i64>(), 120);
    let open = count(
        store,
        "SELECT count(*) FROM work_orders WHERE is_open = 1 AND is_open < ?1",
    );
    assert_eq!(page.by_kind.values().sum::<i64>(), open);
    let unjudged = "SELECT count(*) FROM work_orders WHERE state = 'submitted' AND approved_at_ms IS NULL AND is_open < ?1";
    let waiting = count(store, unjudged);
    assert!(waiting > 0);
    assert_eq!(page.review_waiting, waiting);
    let today = count(
        store,
        "SELECT count(*) FROM work_orders WHERE taken_in_at_ms >= ?1",
    );
    assert_eq!(page.today.taken_in, today);
    approve_one(store);
    assert_eq!(self::page(store).review_waiting, waiting - 1);
    assert_eq!(page.staff_on_duty, 3);
    assert_eq!(page.staff_online, 0);
    assert!(page.overdue.len() <= 10 && !page.overdue.is_empty());
    assert!(page.overdue.iter().all(|order| order.warn_level == 4));
    assert!(
        page.overdue
            .windows(2)
            .all(|two| two[0].due_at_ms <= two[1].due_at_ms)
    );
}

fn the_trend_is_that_of_the_numbers(store: &Store) {
    seed(store, start_ms(), DAYS, 120);
    let trend = page(store).trend;
    let days: Vec<i64> = trend.iter().map(|day| day.day).collect();
    assert_eq!(days.len(), 14);
    assert_eq!((days[0], days[13]), (20_260_504, 20_260_517));
    let taken_in: i64 = trend.iter().map(|day| day.taken_in).sum();
    assert_eq!(taken_in, 120);
    let filter = KpiFilter {
        from_ms: Some(start_ms()),
        to_ms: Some(now_ms() + 1),
        ..KpiFilter::default()
    };
    let scope = Scope::new(&filter, now_ms()).unwrap();
    let sums = store.read_blocking(move |tx| tallies(tx, &scope));
    let sums = sums.map_err(|e: StoreError| e).unwrap();
    let overdue: i64 = trend.iter().map(|day| day.overdue).sum();
    assert_eq!(overdue, sums[&Kpi::OverdueRate].numerator);
    assert!(overdue > 0);
    assert!(trend.iter().map(|day| day.archived).sum::<i64>() > 0);
}

fn a_new_server_has_an_empty_page(store: &Store) {
    let page = page(store);
    assert_eq!(page.by_state.values().sum::<i64>(), 0);
    assert_eq!(page.by_state.len(), 11);
    assert_eq!(page.by_kind.len(), 8);
    assert!(page.overdue.is_empty() && page.hazard.is_empty());
    assert_eq!(page.trend.len(), 14);
}

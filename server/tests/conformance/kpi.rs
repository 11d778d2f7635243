//! Numbers: each opens to exactly the orders behind it, each cut adds up to the whole.

use crate::random_orders::seed;
use dianma_schema::kpi::{Kpi, KpiUnit, Tally};
use dianma_schema::time::{DAY_MS, china_day_start_ms, days_from_civil};
use dianma_server::args;
use dianma_server::error::ApiError;
use dianma_server::kpi::list::{list, tallies};
use dianma_server::kpi::opened::{CountedIn, CountedOrder, open};
use dianma_server::kpi::series::{GroupBy, series};
use dianma_server::kpi::{KpiFilter, Scope};
use dianma_server::store::{Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

crate::conformance!(
    every_number_opens_to_exactly_its_orders,
    every_cut_adds_up_to_the_whole,
    filters_split_the_whole,
    a_second_arrival_on_the_same_day_is_one_visit,
    online_rate_counts_quarters_on_duty,
    duty_time_does_not_open_to_orders,
    an_empty_county_has_no_rates,
);

const DAYS: i64 = 12;
const ORDERS: usize = 160;

fn start_ms() -> i64 {
    china_day_start_ms(days_from_civil(2026, 5, 4))
}

fn scope(from_day: i64, to_day: i64) -> Scope {
    filtered(from_day, to_day, KpiFilter::default())
}

fn filtered(from_day: i64, to_day: i64, filter: KpiFilter) -> Scope {
    let filter = KpiFilter {
        from_ms: Some(start_ms() + from_day * DAY_MS),
        to_ms: Some(start_ms() + to_day * DAY_MS),
        ..filter
    };
    Scope::new(&filter, start_ms() + DAYS * DAY_MS).unwrap()
}

fn sums(store: &Store, scope: &Scope) -> BTreeMap<Kpi, Tally> {
    let scope = scope.clone();
    let sums = store.read_blocking(move |tx| tallies(tx, &scope));
    sums.map_err(|e: StoreError| e).unwrap()
}

/// All pages of a number.
fn opened(store: &Store, kpi: Kpi, counted: CountedIn, scope: &Scope) -> Vec<CountedOrder> {
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let (scope, from) = (scope.clone(), cursor.clone());
        let (page, meta) = store
            .read_blocking(move |tx| open(tx, kpi, counted, &scope, 7, from.as_deref()))
            .unwrap();
        assert!(page.len() <= 7);
        all.extend(page);
        cursor = meta.next_cursor;
        if cursor.is_none() {
            assert_eq!(meta.total, Some(all.len() as i64), "{kpi}");
            return all;
        }
    }
}

fn every_number_opens_to_exactly_its_orders(store: &Store) {
    seed(store, start_ms(), DAYS, ORDERS);
    let mut counted_somewhere = 0;
    for scope in [scope(0, DAYS), scope(3, 8)] {
        let sums = sums(store, &scope);
        for kpi in Kpi::ALL.iter().filter(|kpi| **kpi != Kpi::OnlineRate) {
            let above = opened(store, *kpi, CountedIn::Numerator, &scope);
            let below = opened(store, *kpi, CountedIn::Denominator, &scope);
            let missed = opened(store, *kpi, CountedIn::Missed, &scope);
            let tally = sums[kpi];
            let added: i64 = above.iter().map(|order| order.adds).sum();
            assert_eq!(tally.numerator, added, "{kpi}");
            if kpi.unit() == KpiUnit::BasisPoints {
                assert_eq!(tally.numerator, above.len() as i64, "{kpi}");
            }
            if *kpi != Kpi::VisitCount {
                assert_eq!(tally.denominator, below.len() as i64, "{kpi}");
            }
            assert_eq!(above.len() + missed.len(), below.len(), "{kpi}");
            let ids: BTreeSet<&str> = below.iter().map(|o| o.order_id.as_str()).collect();
            assert_eq!(ids.len(), below.len(), "{kpi}: an order came twice");
            let newest_first = below
                .windows(2)
                .all(|two| two[0].taken_in_at_ms >= two[1].taken_in_at_ms);
            assert!(newest_first && below.iter().all(|order| !order.why.is_empty()));
            counted_somewhere += usize::from(!above.is_empty());
        }
    }
    assert!(
        counted_somewhere > 25,
        "the random data must reach the numbers: {counted_somewhere}"
    );
}

fn every_cut_adds_up_to_the_whole(store: &Store) {
    seed(store, start_ms(), DAYS, ORDERS);
    let scope = scope(1, 9);
    let sums = sums(store, &scope);
    let cuts = [
        GroupBy::Day,
        GroupBy::Week,
        GroupBy::Month,
        GroupBy::Kind,
        GroupBy::Station,
        GroupBy::Area,
        GroupBy::Staff,
    ];
    for kpi in Kpi::ALL {
        for cut in cuts {
            let (kpi, asked) = (*kpi, scope.clone());
            let points = store
                .read_blocking(move |tx| series(tx, kpi, cut, &asked))
                .map_err(|e: StoreError| e)
                .unwrap();
            let above: i64 = points.iter().map(|point| point.numerator).sum();
            let below: i64 = points.iter().map(|point| point.denominator).sum();
            assert_eq!(
                (above, below),
                (sums[&kpi].numerator, sums[&kpi].denominator),
                "{kpi} {cut:?}"
            );
            assert!(
                cut != GroupBy::Day || points.len() == 8,
                "{kpi}: a day is missing"
            );
            assert!(points.iter().all(|point| !point.label.is_empty()));
        }
    }
}

fn filters_split_the_whole(store: &Store) {
    let county = seed(store, start_ms(), DAYS, ORDERS);
    let whole = sums(store, &scope(0, DAYS));
    let mut parts: BTreeMap<Kpi, Tally> = BTreeMap::new();
    for station_id in &county.stations {
        let filter = KpiFilter {
            station_id: Some(*station_id),
            ..KpiFilter::default()
        };
        for (kpi, tally) in sums(store, &filtered(0, DAYS, filter)) {
            let sum = parts.entry(kpi).or_default();
            sum.numerator += tally.numerator;
            sum.denominator += tally.denominator;
        }
    }
    assert_eq!(parts, whole);
    let previous = {
        let asked = scope(6, DAYS);
        store
            .read_blocking(move |tx| list(tx, &asked))
            .map_err(|e: StoreError| e)
            .unwrap()
    };
    let before = sums(store, &scope(6, DAYS).before());
    for view in &previous.kpis {
        assert_eq!(
            view.previous_value,
            before[&view.kpi].value(view.kpi),
            "{}",
            view.kpi
        );
        assert!(!view.formula_zh.is_empty());
    }
}

fn a_second_arrival_on_the_same_day_is_one_visit(store: &Store) {
    let county = seed(store, start_ms(), 1, 1);
    let visits = |store: &Store| sums(store, &scope(0, DAYS))[&Kpi::VisitCount].numerator;
    let (order, person) = (county.orders[0].clone(), county.staff[0].to_string());
    let before = visits(store);
    let arrive = move |seq: i64, at_ms: i64| {
        let (order, person) = (order.clone(), person.clone());
        store
            .write_blocking(move |tx| -> Result<(), StoreError> {
                tx.execute(
                    "UPDATE work_orders SET place_proof = 'meter_code' WHERE id = ?1",
                    args![&order],
                )?;
                tx.execute(
                    "INSERT INTO order_events (order_id, seq, at_ms, occurred_at_ms, uncertainty_ms, \
                     actor_id, actor_name, command, from_state, to_state, detail) \
                     VALUES (?1, ?2, ?3, ?3, 0, ?4, '生成人员', 'arrive', 'accepted', 'arrived', '{}')",
                    args![&order, seq, at_ms, &person],
                )?;
                Ok(())
            })
            .unwrap();
    };
    let day = start_ms() + 4 * DAY_MS;
    arrive(900, day);
    let one = visits(store);
    assert!(one > before || before > 0);
    arrive(901, day + 1_000);
    assert_eq!(visits(store), one);
    arrive(902, day + DAY_MS);
    assert_eq!(visits(store), one + 1);
}

fn online_rate_counts_quarters_on_duty(store: &Store) {
    let county = seed(store, start_ms(), 1, 0);
    let person = county.staff[0].to_string();
    let quarter = (start_ms() + 2 * DAY_MS) / 900_000;
    let written = store.write_blocking(move |tx| -> Result<(), StoreError> {
        tx.execute("DELETE FROM presence", args![])?;
        for (n, on_duty, online) in [(0, 1, 1), (1, 1, 0), (2, 1, 1), (3, 0, 1), (4, 1, 1)] {
            tx.execute(
                "INSERT INTO presence (staff_id, quarter, day_key, is_on_duty, is_online) \
                 VALUES (?1, ?2, 20260506, ?3, ?4)",
                args![&person, quarter + n, on_duty, online],
            )?;
        }
        Ok(())
    });
    written.unwrap();
    let tally = sums(store, &scope(0, DAYS))[&Kpi::OnlineRate];
    assert_eq!((tally.numerator, tally.denominator), (45, 60));
    assert_eq!(tally.value(Kpi::OnlineRate), Some(7_500));
    let elsewhere = sums(store, &scope(3, DAYS))[&Kpi::OnlineRate];
    assert_eq!(elsewhere, Tally::default());
}

fn duty_time_does_not_open_to_orders(store: &Store) {
    let scope = scope(0, DAYS);
    let refused: Result<_, ApiError> = store.read_blocking(move |tx| {
        open(
            tx,
            Kpi::OnlineRate,
            CountedIn::Denominator,
            &scope,
            10,
            None,
        )
    });
    assert_eq!(refused.unwrap_err().fields[0].field, "kpi");
}

fn an_empty_county_has_no_rates(store: &Store) {
    for (kpi, tally) in sums(store, &scope(0, DAYS)) {
        assert_eq!(tally, Tally::default(), "{kpi}");
        let is_sum = matches!(kpi.unit(), KpiUnit::Count | KpiUnit::Fen);
        assert_eq!(tally.value(kpi).is_none(), !is_sum, "{kpi}");
    }
}

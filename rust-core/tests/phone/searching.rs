//! Search: result sets equal a brute-force scan for thousands of generated queries, on a mirror that
//! is changed and shrunk in between; odd input is inert.

use super::brute::{self, customer_texts, order_texts};
use super::support::records::{customer, order, order_id};
use super::support::{Bench, START_MS};
use dianma_core::entropy::SeededEntropy;
use dianma_core::error::CoreError;
use dianma_core::lookup::{Field, Filter, MatchMode, SearchQuery, SearchResult};
use dianma_schema::wire::record::{CustomerRecord, MeterRecord, OrderRecord};
use std::collections::BTreeSet;

const NAMES: [&str; 14] = [
    "王伟",
    "王小伟",
    "李伟",
    "单伟",
    "曾小红",
    "欧阳红",
    "A伟b",
    "王",
    "红星厂",
    "红星二厂",
    "伟（二）",
    "𬭎伟",
    "李李李",
    "Wang伟",
];
const PLACES: [&str; 5] = ["城关镇", "城关镇东村", "河东乡", "河西 乡", "王村"];
const QUERIES: [&str; 26] = [
    "王",
    "伟",
    "小伟",
    "王伟",
    "红星",
    "星二厂",
    "城关",
    "城关镇东",
    "王村 王",
    "河 乡",
    "ww",
    "w",
    "sw",
    "zxh",
    "wang",
    "a伟",
    "伟（二）",
    "𬭎",
    "镇东村1",
    "城关 12",
    "城关 042",
    "ouyh",
    "oyh",
    "gd2026",
    "李李",
    "线",
];

struct World {
    bench: Bench,
    customers: Vec<CustomerRecord>,
    orders: Vec<OrderRecord>,
}

fn pick(numbers: &mut SeededEntropy, bound: usize) -> usize {
    usize::try_from(numbers.next_number() % bound as u64).unwrap()
}

fn random_customer(number: u32, numbers: &mut SeededEntropy) -> CustomerRecord {
    let meters = (0..pick(numbers, 3)).map(|_| MeterRecord {
        meter_number: format!(
            "{}{:06}",
            ["30", "JM", "jm0"][pick(numbers, 3)],
            pick(numbers, 9_000)
        ),
        ..customer(number).meters[0].clone()
    });
    CustomerRecord {
        meters: meters.collect(),
        account_number: format!("42{:06}", u64::from(number) * 37 % 5_000),
        account_name: NAMES[pick(numbers, NAMES.len())].to_owned(),
        contact_phone: (pick(numbers, 4) > 0).then(|| format!("1{:09}", pick(numbers, 99_999))),
        address: format!("{}{}号", PLACES[pick(numbers, 5)], pick(numbers, 200)),
        pole_number: (pick(numbers, 3) > 0)
            .then(|| format!("10kV{}线{:03}杆", pick(numbers, 9), pick(numbers, 60))),
        ..customer(number)
    }
}

fn random_order(number: u32, numbers: &mut SeededEntropy) -> OrderRecord {
    let of = random_customer(number, numbers);
    OrderRecord {
        account_number: Some(of.account_number),
        account_name: Some(of.account_name),
        contact_phone: of.contact_phone,
        meter_number: of.meters.first().map(|meter| meter.meter_number.clone()),
        pole_number: of.pole_number,
        address: Some(of.address),
        ..order(number)
    }
}

fn world(seed: u64, count: u32) -> World {
    let mut numbers = SeededEntropy::new(seed);
    let mut bench = Bench::new();
    let mut customers = Vec::new();
    let mut orders = Vec::new();
    for number in 0..count {
        customers.push(random_customer(number, &mut numbers));
        orders.push(random_order(number, &mut numbers));
    }
    for record in &customers {
        bench.server.put_customer(record);
    }
    for record in &orders {
        bench.server.put_order(record.clone());
    }
    bench.sync();
    // Half of the customers change, some leave: the indexes must follow.
    let mut kept = Vec::new();
    for mut record in customers {
        match pick(&mut numbers, 10) {
            0 => bench.server.remove_customer(&record),
            1..=4 => {
                let other = random_customer(9_999, &mut numbers);
                record.account_name = other.account_name;
                record.meters = other.meters;
                record.version += 1;
                bench.server.put_customer(&record);
                kept.push(record);
            }
            _ => kept.push(record),
        }
    }
    bench.sync();
    World {
        bench,
        customers: kept,
        orders,
    }
}

/// All pages of a search; checks that nothing comes twice.
fn all_pages(world: &World, query: &SearchQuery) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut found = (BTreeSet::new(), BTreeSet::new());
    let mut query = query.clone();
    for _ in 0..10_000 {
        let result: SearchResult = world.bench.phone.lookup().search(&query).unwrap();
        for hit in &result.work_orders.hits {
            assert!(
                found.0.insert(hit.item.order_number.clone()),
                "twice in {query:?}"
            );
        }
        for hit in &result.customers.hits {
            assert!(found.1.insert(hit.item.id.clone()), "twice in {query:?}");
        }
        query.wants_orders &= result.work_orders.next_cursor.is_some();
        query.wants_customers &= result.customers.next_cursor.is_some();
        query.order_cursor = result.work_orders.next_cursor;
        query.customer_cursor = result.customers.next_cursor;
        if !query.wants_orders && !query.wants_customers {
            return found;
        }
    }
    panic!("the paging of {query:?} does not end");
}

fn assert_equals_brute_force(world: &World, query: &SearchQuery) {
    let (orders, customers) = all_pages(world, query);
    let wanted = world
        .orders
        .iter()
        .map(|o| (o.order_number.as_str(), order_texts(o)));
    assert_eq!(orders, brute::scan(query, wanted), "orders of {query:?}");
    let about_orders = query.filters.iter().any(|f| f.field == Field::OrderNumber);
    let ids: Vec<String> = world.customers.iter().map(|c| c.id.to_string()).collect();
    let wanted = ids
        .iter()
        .zip(&world.customers)
        .map(|(id, c)| (id.as_str(), customer_texts(c)));
    let wanted = if about_orders {
        BTreeSet::new()
    } else {
        brute::scan(query, wanted)
    };
    assert_eq!(customers, wanted, "customers of {query:?}");
}

/// A part of a random value, in the box or bound to its field, alone or beside another.
fn random_query(world: &World, numbers: &mut SeededEntropy) -> SearchQuery {
    let mut query = SearchQuery::of("");
    query.limit = [2, 7, 20, 200][pick(numbers, 4)];
    for _ in 0..=pick(numbers, 2) {
        let texts = if pick(numbers, 2) == 0 {
            customer_texts(&world.customers[pick(numbers, world.customers.len())])
        } else {
            order_texts(&world.orders[pick(numbers, world.orders.len())])
        };
        let (field, value) = &texts[pick(numbers, texts.len())];
        let characters: Vec<char> = value.chars().collect();
        if characters.is_empty() {
            continue;
        }
        let start = pick(numbers, characters.len());
        let length = 1 + pick(numbers, characters.len() - start);
        let part: String = characters[start..start + length].iter().collect();
        if part.trim().is_empty() {
            continue;
        }
        if pick(numbers, 3) == 0 {
            query.filters.push(Filter {
                field: *field,
                text: part,
            });
        } else {
            query.text = format!("{} {part}", query.text);
        }
    }
    if query.text.trim().is_empty() && query.filters.is_empty() {
        query.text.push('伟');
    }
    query
}

#[test]
fn result_sets_equal_a_brute_force_scan() {
    let world = world(11, 130);
    let mut numbers = SeededEntropy::new(12);
    for text in QUERIES {
        assert_equals_brute_force(&world, &SearchQuery::of(text));
    }
    for _ in 0..2_000 {
        let query = random_query(&world, &mut numbers);
        assert_equals_brute_force(&world, &query);
    }
}

#[test]
fn a_set_too_large_to_rank_is_streamed_whole() {
    let mut bench = Bench::new();
    let records: Vec<CustomerRecord> = (0..2_600).map(customer).collect();
    for record in &records {
        bench.server.put_customer(record);
    }
    bench.server.page_entries = 1_000;
    bench.sync();
    let world = World {
        bench,
        customers: records,
        orders: Vec::new(),
    };
    for text in ["生成", "生", "成户", "户1", "线 号", "镇1"] {
        let mut query = SearchQuery::of(text);
        query.limit = 170;
        assert_equals_brute_force(&world, &query);
    }
}

#[test]
fn exact_comes_before_prefix_before_tail_before_substring() {
    let mut bench = Bench::new();
    let number = |at, account: &str| CustomerRecord {
        account_number: account.to_owned(),
        meters: Vec::new(),
        contact_phone: None,
        ..customer(at)
    };
    for (at, account) in ["99123499", "991234", "123499", "1234"].iter().enumerate() {
        bench
            .server
            .put_customer(&number(u32::try_from(at).unwrap(), account));
    }
    bench.sync();
    let result = bench
        .phone
        .lookup()
        .search(&SearchQuery::of("1234"))
        .unwrap();
    let hits = result.customers.hits.iter();
    let order: Vec<(&str, MatchMode)> = hits
        .map(|hit| {
            (
                hit.item.account_number.as_str(),
                hit.reason.as_ref().unwrap().mode,
            )
        })
        .collect();
    assert_eq!(
        order,
        [
            ("1234", MatchMode::Exact),
            ("123499", MatchMode::Prefix),
            ("991234", MatchMode::Tail),
            ("99123499", MatchMode::Substring),
        ]
    );
}

#[test]
fn a_time_range_asks_for_orders_only_newest_first() {
    let world = world(5, 40);
    let mut query = SearchQuery::of("");
    let base = START_MS - 600_000;
    query.from_ms = Some(base + 10);
    query.to_ms = Some(base + 25);
    query.limit = 4;
    let (orders, customers) = all_pages(&world, &query);
    let expected: BTreeSet<String> = (10..25).map(|n| order(n).order_number).collect();
    assert_eq!((orders, customers.len()), (expected, 0));
    let first = world.bench.phone.lookup().search(&query).unwrap();
    assert_eq!(first.work_orders.hits[0].item.id, order_id(24));
}

#[test]
fn full_text_syntax_in_the_box_is_inert() {
    let world = world(3, 60);
    for text in [
        "\"",
        "*",
        "伟*",
        "NEAR(王 伟)",
        "a OR b",
        "-王",
        "(",
        "王\"伟",
        "account_name:王",
        "^王",
        "'; --",
        "%%%",
        "___",
        "王_伟",
        "\\",
        "{a}",
        "a AND",
        "NOT 王",
        "\u{0}王",
        "“王”",
    ] {
        assert_equals_brute_force(&world, &SearchQuery::of(text));
    }
}

#[test]
fn empty_and_endless_searches_are_refused() {
    let bench = Bench::new();
    let many = "王 ".repeat(9);
    let long = "王".repeat(65);
    for text in ["", "   ", "\u{3000}", many.as_str(), long.as_str()] {
        let error = bench
            .phone
            .lookup()
            .search(&SearchQuery::of(text))
            .unwrap_err();
        assert!(matches!(error, CoreError::FixInput(_)), "{text:?}");
    }
    let mut query = SearchQuery::of("王");
    query.customer_cursor = Some("nonsense".to_owned());
    assert!(bench.phone.lookup().search(&query).is_err());
}

//! Measures search on the phone's own store: generates customers from a seed, then runs every
//! documented query often and reports p50 and p95. All names and numbers are generated.

use super::args::BenchArgs;
use super::output::Output;
use crate::clock::Clock as _;
use crate::entropy::SeededEntropy;
use crate::error::CoreError;
use crate::lookup::{Field, Filter, SearchQuery};
use crate::phone::Phone;
use crate::session::{KeyFile, SessionRecord};
use crate::store::customers;
use dianma_schema::id::{CustomerId, DeviceId, LabelId, StaffId};
use dianma_schema::label::{LabelCode, LabelKind, encode};
use dianma_schema::wire::record::{CustomerRecord, MeterRecord};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;
use uuid::Uuid;

const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾",
    "肖", "田", "董", "潘", "袁", "蔡", "蒋", "余",
];
const GIVEN: [&str; 40] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明",
    "超", "秀", "霞", "平", "刚", "桂", "英", "华", "玉", "兰", "国", "建", "文", "辉", "红", "云",
    "春", "梅", "海", "波", "林", "鹏", "宇", "飞",
];
const TOWNS: [&str; 12] = [
    "生成东镇",
    "生成西镇",
    "生成南镇",
    "生成北镇",
    "样例河镇",
    "样例山镇",
    "样例湖镇",
    "样例坪镇",
    "测试桥乡",
    "测试岭乡",
    "测试湾乡",
    "测试冲乡",
];
/// Customers per transaction while building.
const BATCH: u32 = 5_000;

/// Builds the store and measures.
pub fn search(options: &BenchArgs) -> Result<Output, CoreError> {
    let dir = match &options.keep {
        Some(dir) => dir.clone(),
        None => std::env::temp_dir().join(format!("dianma-bench-search-{}", std::process::id())),
    };
    let clock = Arc::new(crate::clock::SystemClock::new());
    let measured = measure(options, &dir, &clock);
    if options.keep.is_none() {
        std::fs::remove_dir_all(&dir)?;
    }
    measured
}

fn measure(
    options: &BenchArgs,
    dir: &std::path::Path,
    clock: &Arc<crate::clock::SystemClock>,
) -> Result<Output, CoreError> {
    let entropy = Box::new(SeededEntropy::new(options.seed));
    let clock_of_phone = Arc::clone(clock) as _;
    let phone = if options.sealed {
        std::fs::create_dir_all(dir)?;
        let keys = Arc::new(KeyFile::open(&dir.join("bench.key"))?);
        Phone::open_sealed(dir, clock_of_phone, entropy, keys)?
    } else {
        Phone::open(dir, clock_of_phone, entropy)?
    };
    let started_ms = clock.elapsed_ms();
    let mut numbers = SeededEntropy::new(options.seed);
    let shared = phone.shared();
    shared.write_journaled(|tx| Ok(((), vec![session().save(tx)?])))?;
    let mut done = 0;
    while done < options.customers {
        let end = (done + BATCH).min(options.customers);
        shared.write(|tx| {
            (done..end).try_for_each(|index| {
                let record = customer(index, &mut numbers);
                customers::put(tx, 1, 0, 1, &record).map(|_| ())
            })
        })?;
        done = end;
    }
    let build_ms = clock.elapsed_ms() - started_ms;
    let size = std::fs::metadata(
        phone
            .shared()
            .with_store(|store| Ok(store.dir().join("phone.db")))?,
    )?
    .len();
    let mut queries = Vec::new();
    for (name, make) in QUERIES {
        queries.push(one(&phone, options, name, *make)?);
    }
    queries.push(scan(&phone, options)?);
    Ok(report(options, build_ms, size, &queries))
}

/// Makes a query from a random customer.
type Make = fn(&CustomerRecord, &mut SeededEntropy) -> SearchQuery;

/// The documented queries.
const QUERIES: &[(&str, Make)] = &[
    ("account_exact", |c, _| box_of(&c.account_number)),
    ("account_prefix", |c, _| {
        box_of(&first(&c.account_number, 7))
    }),
    ("account_tail_6", |c, _| box_of(&last(&c.account_number, 6))),
    ("meter_exact", |c, _| box_of(&meter(c))),
    ("meter_tail_6", |c, _| box_of(&last(&meter(c), 6))),
    ("name_exact", |c, _| box_of(&c.account_name)),
    ("name_prefix", |c, _| box_of(&first(&c.account_name, 2))),
    ("name_one_character", |c, _| {
        box_of(&last(&c.account_name, 1))
    }),
    ("name_substring_2", |c, _| box_of(&last(&c.account_name, 2))),
    ("pinyin_initials_3", |c, _| {
        box_of(&crate::pinyin_initials::initials(&c.account_name))
    }),
    ("pinyin_initials_2", |c, _| {
        box_of(&first(
            &crate::pinyin_initials::initials(&c.account_name),
            2,
        ))
    }),
    ("pole_exact", |c, _| {
        box_of(c.pole_number.as_deref().unwrap_or_default())
    }),
    ("address_substring_4", |c, _| box_of(&last(&c.address, 6))),
    ("town_and_pole", |c, _| {
        let pole = last(c.pole_number.as_deref().unwrap_or_default(), 4);
        box_of(&format!("{} {pole}", first(&c.address, 4)))
    }),
    ("town_and_name", |c, _| {
        box_of(&format!("{} {}", first(&c.address, 4), c.account_name))
    }),
    ("by_meter_and_name", |c, _| SearchQuery {
        filters: vec![
            Filter {
                field: Field::MeterNumber,
                text: last(&meter(c), 5),
            },
            Filter {
                field: Field::AccountName,
                text: first(&c.account_name, 1),
            },
        ],
        ..box_of("")
    }),
    ("no_hit", |_, n| {
        box_of(&format!("9{:09}", n.next_number() % 1_000_000_000))
    }),
];

fn box_of(text: &str) -> SearchQuery {
    SearchQuery::of(text)
}

fn first(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

fn last(text: &str, count: usize) -> String {
    let skip = text.chars().count().saturating_sub(count);
    text.chars().skip(skip).collect()
}

fn meter(customer: &CustomerRecord) -> String {
    let meter = customer.meters.first();
    meter.map_or_else(String::new, |meter| meter.meter_number.clone())
}

struct Measured {
    name: &'static str,
    p50_us: u64,
    p95_us: u64,
    hits: usize,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures wall time; nothing else reads it"
)]
fn one(
    phone: &Phone,
    options: &BenchArgs,
    name: &'static str,
    make: Make,
) -> Result<Measured, CoreError> {
    let mut numbers = SeededEntropy::new(options.seed ^ 0x005E_A2C4);
    let lookup = phone.lookup();
    let (mut took, mut hits) = (Vec::new(), 0);
    for _ in 0..options.runs.max(1) {
        let index = numbers.next_number() % u64::from(options.customers.max(1));
        let doc_id = i64::try_from(index).unwrap_or(0) + 1;
        let Some(customer) = phone.inspect(|db| customers::find_document(db, doc_id))? else {
            continue;
        };
        let query = make(&customer, &mut numbers);
        let before = std::time::Instant::now();
        let result = lookup.search(&query)?;
        took.push(u64::try_from(before.elapsed().as_micros()).unwrap_or(u64::MAX));
        hits += result.customers.hits.len();
    }
    took.sort_unstable();
    let at = |percent: usize| took.get(took.len() * percent / 100).copied().unwrap_or(0);
    Ok(Measured {
        name,
        p50_us: at(50),
        p95_us: at(95),
        hits: hits / took.len().max(1),
    })
}

/// A scanned code to its customer, meter and orders, after decoding.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures wall time; nothing else reads it"
)]
fn scan(phone: &Phone, options: &BenchArgs) -> Result<Measured, CoreError> {
    let mut numbers = SeededEntropy::new(options.seed ^ 0x001A_BE15);
    let (mut took, mut hits) = (Vec::new(), 0);
    for _ in 0..options.runs.max(1) {
        let index = numbers.next_number() % u64::from(options.customers.max(1));
        let text = meter_code(u32::try_from(index).unwrap_or(0));
        let before = std::time::Instant::now();
        let found = phone.lookup().scan(&text)?;
        took.push(u64::try_from(before.elapsed().as_micros()).unwrap_or(u64::MAX));
        hits += usize::from(found.customer.is_some() && found.meter_number.is_some());
    }
    took.sort_unstable();
    let at = |percent: usize| took.get(took.len() * percent / 100).copied().unwrap_or(0);
    Ok(Measured {
        name: "scanned_meter_code",
        p50_us: at(50),
        p95_us: at(95),
        hits: hits / took.len().max(1),
    })
}

fn report(options: &BenchArgs, build_ms: u64, size: u64, measured: &[Measured]) -> Output {
    let queries: Vec<Value> = measured
        .iter()
        .map(|m| json!({"query": m.name, "p50_us": m.p50_us, "p95_us": m.p95_us, "mean_hits": m.hits}))
        .collect();
    let mut text = format!(
        "{} 户，建库 {build_ms} ms，{} MB\n",
        options.customers,
        size / 1_000_000
    );
    for m in measured {
        let _ = writeln!(
            text,
            "{:<20} p50 {:>7} µs  p95 {:>7} µs",
            m.name, m.p50_us, m.p95_us
        );
    }
    let json = json!({"bench_search": {
        "customers": options.customers,
        "runs": options.runs,
        "seed": options.seed,
        "build_ms": build_ms,
        "store_bytes": size,
        "queries": queries,
        "meter_codes": (0..5).map(|n| meter_code(options.customers / 5 * n)).collect::<Vec<_>>(),
    }});
    Output::new(json, text)
}

fn session() -> SessionRecord {
    SessionRecord {
        device_id: DeviceId::new(1, [1; 10]),
        staff_id: StaffId::new(1, [2; 10]),
        login_name: "bench".to_owned(),
        display_name: "生成".to_owned(),
        station_name: "生成所".to_owned(),
        server: String::new(),
        token: Some("generated".to_owned()),
        lease_days: 14,
        signed_in_at_ms: i64::MAX / 2,
        pin_hash: None,
        wrong_pins: 0,
    }
}

/// A generated customer. The text of names and addresses is made of common characters only.
fn customer(index: u32, numbers: &mut SeededEntropy) -> CustomerRecord {
    let mut draw = |bound: u64| numbers.next_number() % bound;
    let pick = |list: &[&str], number: u64| {
        let at = usize::try_from(number).unwrap_or(0) % list.len().max(1);
        list.get(at).copied().unwrap_or("").to_owned()
    };
    let mut name = pick(&SURNAMES, draw(40));
    for _ in 0..=draw(4).min(1) {
        name.push_str(&pick(&GIVEN, draw(40)));
    }
    let (village, group, house) = (draw(60), draw(12) + 1, draw(200) + 1);
    let line = draw(40);
    let meters = (0..=u64::from(draw(50) == 0)).map(|_| MeterRecord {
        meter_number: format!("{:012}", 300_000_000_000 + draw(600_000_000_000)),
        phases: if draw(10) == 0 { 3 } else { 1 },
        multiplier: 1,
        last_reading_wh: None,
        label_id: Some(label(index, 1)),
    });
    let meters = meters.collect();
    CustomerRecord {
        id: CustomerId::new(i64::from(index) + 1, [7; 10]),
        version: 1,
        account_number: format!("42{:08}", u64::from(index) * 97 % 100_000_000),
        account_name: name,
        contact_phone: Some(format!("1{:010}", draw(10_000_000_000))),
        address: format!(
            "{}{}村{group}组{house}号",
            pick(&TOWNS, draw(12)),
            village + 1
        ),
        area_name: format!("生成台区{:04}", draw(4_000)),
        pole_number: Some(format!("10kV{line:02}线{:04}杆", draw(3_000))),
        customer_class: "residential".to_owned(),
        place: None,
        arrears_fen: 0,
        meters,
        label_id: Some(label(index, 0)),
    }
}

/// Text of the code on the meters of a customer.
fn meter_code(index: u32) -> String {
    encode(LabelCode {
        kind: LabelKind::Meter,
        id: label(index, 1),
    })
}

/// The label of a customer (0) or of his meters (1).
fn label(index: u32, of: u128) -> LabelId {
    LabelId(Uuid::from_u128(u128::from(index) << 8 | of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_is_answered_on_a_small_store() {
        let folder = tempfile::tempdir().unwrap();
        let options = BenchArgs {
            customers: 2_000,
            runs: 5,
            seed: 7,
            sealed: true,
            keep: Some(folder.path().to_owned()),
        };
        let measured = search(&options).unwrap().json;
        let queries = measured["bench_search"]["queries"].as_array().unwrap();
        assert_eq!(queries.len(), QUERIES.len() + 1);
        for query in queries.iter().filter(|query| query["query"] != "no_hit") {
            assert!(query["mean_hits"].as_u64().unwrap() > 0, "{query}");
        }
    }
}

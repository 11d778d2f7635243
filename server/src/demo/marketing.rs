//! The demo's marketing side: rows that keep coming into a staging database, as the marketing system of
//! a company would write them, some twice, some of accounts that are not in the archive yet. The server
//! polls the file like any staging database; nothing here touches the server's own.

use super::county::{self, CUSTOMERS, account_number, area_code, meter_number};
use super::names::{self, COUNTY};
use super::random::Random;
use super::texts;
use crate::intake::staging_tables;
use dianma_schema::order::OrderKind;
use dianma_schema::time::{DAY_MS, china_day, civil_from_days, format_day, format_minute};
use rusqlite::{Connection, params_from_iter};
use std::path::{Path, PathBuf};

/// Accounts behind the archive's last one: they are named before their household comes.
const LATER: usize = CUSTOMERS / 16;
/// Bills that come are due so many days: past the rule's patience, so that a visit is drafted.
const OVERDUE_DAYS: (i64, i64) = (40, 70);

/// What low-voltage business the marketing system hands over, with the kind whose words it has.
const BUSINESS: [(&str, OrderKind); 8] = [
    ("低压居民新装", OrderKind::NewConnection),
    ("充电桩新装", OrderKind::NewConnection),
    ("换表", OrderKind::MeterChange),
    ("申请校表", OrderKind::MeterChange),
    ("竣工验收送电", OrderKind::AcceptanceEnergization),
    ("周期检查", OrderKind::SafetyInspection),
    ("违约用电检查", OrderKind::ContractInspection),
    ("临时工作", OrderKind::AdHoc),
];

#[derive(Clone, Copy)]
enum Table {
    Business,
    Hotline,
    Arrears,
    Household,
}

/// A row on its way into a staging table: its name, its columns and their texts.
type Row = (&'static str, Vec<(&'static str, String)>);

/// The writer of one staging file.
#[derive(Debug)]
pub struct Marketing {
    path: PathBuf,
    random: Random,
    last: Vec<Row>,
}

impl Marketing {
    /// Makes the staging file when it is not there.
    pub fn open(path: &Path, seed: u64) -> Result<Self, rusqlite::Error> {
        staging_tables::init(path)?;
        Ok(Self {
            path: path.to_owned(),
            random: Random::of(seed, 10),
            last: Vec::new(),
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// One thing that happened at the company, committed at once; one in ten comes a second time.
    pub fn write(&mut self, now_ms: i64) -> Result<(), rusqlite::Error> {
        let is_again = !self.last.is_empty() && self.random.chance(100);
        if !is_again {
            self.last = rows(&mut self.random, now_ms);
        }
        let mut connection = Connection::open(&self.path)?;
        let transaction = connection.transaction()?;
        for (table, cells) in &self.last {
            let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
            let places = vec!["?"; names.len()].join(", ");
            let sql = format!(
                "INSERT INTO {table} ({}) VALUES ({places})",
                names.join(", ")
            );
            let values = cells.iter().map(|(_, value)| value);
            transaction.execute(&sql, params_from_iter(values))?;
        }
        transaction.commit()
    }
}

fn rows(random: &mut Random, now_ms: i64) -> Vec<Row> {
    let table = random.weighted(&[
        (Table::Business, 60),
        (Table::Hotline, 16),
        (Table::Arrears, 14),
        (Table::Household, 10),
    ]);
    match table {
        Table::Business => vec![business(random, now_ms)],
        Table::Hotline => vec![hotline(random, now_ms)],
        Table::Arrears => vec![arrears(random, now_ms)],
        Table::Household => household(random),
    }
}

/// Number of a paper of this minute.
fn paper(random: &mut Random, letters: &str, now_ms: i64) -> String {
    format!("{letters}{now_ms}{:03}", random.index(1_000))
}

fn business(random: &mut Random, now_ms: i64) -> Row {
    let (kind_zh, kind) = random.pick(&BUSINESS);
    let customer = random.index(CUSTOMERS + LATER);
    let area = random.index(county::AREAS);
    let mut cells = vec![
        ("APP_NO", paper(random, "YK", now_ms)),
        ("BUSI_TYPE", kind_zh.to_owned()),
        ("CUST_NAME", names::person(random)),
        ("CONTACT_PHONE", names::phone(customer)),
        (
            "APP_REASON",
            random.pick(texts::of_kind(kind)).content.to_owned(),
        ),
        ("HANDLE_TIME", format_minute(now_ms)),
    ];
    if kind == OrderKind::NewConnection {
        // Nobody's account yet: the place tells whose work it is.
        let village = names::village(area / names::TOWNS.len());
        let town = names::TOWNS[county::town_of(area)];
        cells.push(("ELEC_ADDR", format!("{COUNTY}{town}{village}新建房屋")));
        cells.push(("TG_NO", area_code(area)));
    } else {
        cells.push(("CONS_NO", account_number(customer)));
    }
    ("stg_business", cells)
}

fn hotline(random: &mut Random, now_ms: i64) -> Row {
    let customer = random.index(CUSTOMERS + LATER);
    let wish = random.pick(texts::of_kind(OrderKind::FaultRepair));
    let cells = vec![
        ("APP_NO", paper(random, "ZX", now_ms)),
        ("CUST_NO", account_number(customer)),
        ("CUST_NAME", names::person(random)),
        ("CONTACT_PHONE", names::phone(customer)),
        ("ACCEPT_CONTENT", wish.content.to_owned()),
        ("BUSI_TYPE_CODE", "故障报修".to_owned()),
        ("HANDLE_TIME", format_minute(now_ms)),
    ];
    ("stg_hotline", cells)
}

fn arrears(random: &mut Random, now_ms: i64) -> Row {
    let due_ms = now_ms - random.between(OVERDUE_DAYS.0, OVERDUE_DAYS.1) * DAY_MS;
    let due_day = china_day(due_ms);
    let (_, _, day_of_month) = civil_from_days(due_day);
    let (year, month, _) = civil_from_days(due_day - i64::from(day_of_month));
    let fen = random.mostly_low(1_200, 68_000);
    let cells = vec![
        ("CONS_NO", account_number(random.index(CUSTOMERS))),
        ("RCVBL_YM", format!("{year}{month:02}")),
        ("OWE_AMT", format!("{}.{:02}", fen / 100, fen % 100)),
        ("PAY_BY_DATE", format_day(due_day)),
    ];
    ("stg_arrears", cells)
}

/// A household that is connected: its customer and its meter, together.
fn household(random: &mut Random) -> Vec<Row> {
    let number = CUSTOMERS + random.index(LATER);
    let area = number % county::AREAS;
    let village = names::village(area / names::TOWNS.len());
    let town = names::TOWNS[county::town_of(area)];
    let customer = vec![
        ("CONS_NO", account_number(number)),
        ("CONS_NAME", names::person(random)),
        ("MOBILE", names::phone(number)),
        (
            "ELEC_ADDR",
            format!("{COUNTY}{town}{village}新居{}号", number - CUSTOMERS + 1),
        ),
        ("TG_NO", area_code(area)),
    ];
    let meter = vec![
        ("METER_NO", meter_number(number)),
        ("CONS_NO", account_number(number)),
        ("WIRING_MODE", "单相".to_owned()),
        ("T_FACTOR", "1".to_owned()),
        ("LAST_READING", "0".to_owned()),
    ];
    vec![("stg_customers", customer), ("stg_meters", meter)]
}

/// The staging file of a demo's folder.
pub(super) fn path_in(data: &Path) -> PathBuf {
    data.join("staging.sqlite")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::imports::mapping;
    use crate::intake::record::Incoming;
    use crate::intake::staging_tables::TABLES;

    #[test]
    fn every_row_is_one_its_table_can_read() {
        let mut random = Random::new(4);
        for n in 0..200 {
            for (name, cells) in rows(&mut random, 1_780_000_000_000 + n) {
                let table = TABLES.iter().find(|table| table.name == name).unwrap();
                assert!(
                    cells.iter().all(|(c, _)| table.columns.contains(c)),
                    "{name}"
                );
                let mapping = mapping::find(table.mapping).unwrap();
                // A staging row has all columns of its table.
                let names: Vec<String> = table.columns.iter().map(|c| (*c).to_owned()).collect();
                let text = |column: &&str| {
                    let cell = cells.iter().find(|(name, _)| name == column);
                    cell.map_or(String::new(), |(_, value)| value.clone())
                };
                let values: Vec<String> = table.columns.iter().map(text).collect();
                let incoming = Incoming::read(table.door, mapping, &names, &values);
                assert!(incoming.fields.is_ok(), "{name} {:?}", incoming.fields);
            }
        }
    }

    #[test]
    fn rows_arrive_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut marketing = Marketing::open(&path_in(folder.path()), 1).unwrap();
        for n in 0..40 {
            marketing.write(1_780_000_000_000 + n).unwrap();
        }
        let file = Connection::open(marketing.path()).unwrap();
        let rows: i64 = file
            .query_row("SELECT count(*) FROM stg_business", [], |row| row.get(0))
            .unwrap();
        assert!(rows > 10, "{rows}");
    }
}

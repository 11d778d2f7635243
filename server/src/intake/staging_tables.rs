//! The staging tables: their names, order, mappings and DDL, and `dianma-server staging init`. The
//! same DDL is in `docs/ops/staging-database.md` for the marketing side.

use dianma_schema::intake::RecordKind;
use rusqlite::Connection;
use std::path::Path;

/// A staging table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StagingTable {
    /// Name.
    pub name: &'static str,
    /// What its rows are.
    pub kind: RecordKind,
    /// Mapping that reads them.
    pub mapping: &'static str,
    /// Door under which its records are known.
    pub door: &'static str,
    /// Columns besides `SEQ`, all text.
    pub columns: &'static [&'static str],
}

const fn table(
    name: &'static str,
    kind: RecordKind,
    mapping: &'static str,
    door: &'static str,
    columns: &'static [&'static str],
) -> StagingTable {
    StagingTable {
        name,
        kind,
        mapping,
        door,
        columns,
    }
}

/// The tables, in the order they are read: a customer needs its area, an order its customer.
#[rustfmt::skip]
pub const TABLES: &[StagingTable] = &[
    table("stg_areas", RecordKind::Areas, "areas_generic", "mis",
        &["TG_NO", "TG_NAME", "ORG_NO", "ORG_NAME", "URBAN_RURAL_FLAG", "LINE_NAME", "LATITUDE", "LONGITUDE"]),
    table("stg_customers", RecordKind::Customers, "customers_generic", "mis",
        &["CONS_NO", "CONS_NAME", "MOBILE", "ELEC_ADDR", "ELEC_TYPE", "STATUS_CODE", "TG_NO", "POLE_NO",
          "LATITUDE", "LONGITUDE"]),
    table("stg_meters", RecordKind::Meters, "meters_generic", "mis",
        &["METER_NO", "CONS_NO", "WIRING_MODE", "T_FACTOR", "LAST_READING", "LAST_READ_DATE", "STATUS_CODE"]),
    table("stg_arrears", RecordKind::Arrears, "arrears_generic", "mis",
        &["CONS_NO", "RCVBL_YM", "OWE_AMT", "PAY_BY_DATE", "SETTLE_DATE"]),
    table("stg_business", RecordKind::Business, "business_generic", "mis",
        &["APP_NO", "BUSI_TYPE", "CONS_NO", "CUST_NAME", "CONTACT_PHONE", "ELEC_ADDR", "APP_REASON", "HANDLE_TIME",
          "TG_NO", "ORG_NO", "APPOINTMENT_TIME"]),
    table("stg_hotline", RecordKind::Hotline, "hotline_profile", "hotline_95598",
        &["APP_NO", "CUST_NO", "CUST_NAME", "CONTACT_PHONE", "CALLING_NO", "CONTACT_ADDR", "ACCEPT_CONTENT",
          "BUSI_TYPE_CODE", "URGENCY", "URBAN_RURAL_FLAG", "ORG_NO", "HANDLE_TIME", "SIMILAR_APP_NO"]),
];

/// DDL of all tables for SQLite.
pub fn sqlite_ddl() -> String {
    ddl("SEQ INTEGER PRIMARY KEY AUTOINCREMENT")
}

/// DDL of all tables for PostgreSQL.
pub fn postgres_ddl() -> String {
    ddl("SEQ BIGSERIAL PRIMARY KEY")
}

fn ddl(key: &str) -> String {
    let tables = TABLES.iter().map(|table| {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|c| format!("  {c} TEXT"))
            .collect();
        format!(
            "CREATE TABLE IF NOT EXISTS {} (\n  {key},\n{}\n);\n",
            table.name,
            columns.join(",\n")
        )
    });
    tables.collect()
}

/// Makes a staging file with empty tables; an existing one keeps its rows.
pub fn init(path: &Path) -> Result<(), rusqlite::Error> {
    let connection = Connection::open(path)?;
    // Readers must not block the marketing side's writer, nor the other way round.
    connection.execute_batch("PRAGMA journal_mode = WAL;")?;
    connection.execute_batch(&sqlite_ddl())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::imports::mapping;

    #[test]
    fn every_table_fits_its_mapping() {
        for table in TABLES {
            let mapping = mapping::find(table.mapping).unwrap();
            assert_eq!(mapping.record_kind, table.kind);
            let header: Vec<String> = table.columns.iter().map(|c| (*c).to_owned()).collect();
            let plan = mapping.plan(&header);
            assert!(
                plan.is_ok_and(|plan| plan.unknown.is_empty()),
                "{}",
                table.name
            );
        }
    }

    #[test]
    fn the_operators_page_shows_the_real_tables() {
        let page = include_str!("../../../docs/ops/staging-database.md");
        for table in TABLES {
            assert!(page.contains(table.name), "{}", table.name);
            for column in table.columns {
                assert!(page.contains(column), "{}.{column}", table.name);
            }
        }
    }
}

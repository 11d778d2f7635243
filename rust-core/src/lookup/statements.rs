//! The statements of a search: one per indexed field and one per full-text index. Only names of tables
//! and columns are put together here; what people type is always bound.

use super::plan::{Group, has_index};
use super::query::Field;
use crate::store::search_index::Texts;
use rusqlite::Row;

/// A candidate row.
pub struct Candidate {
    /// Row number.
    pub doc_id: i64,
    /// Key of the index it was found by.
    pub key: String,
    /// Searchable texts.
    pub texts: Texts,
    /// When an order was taken in; 0 for customers.
    pub taken_in_at_ms: i64,
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

/// A row of any of the statements.
pub fn read(row: &Row<'_>) -> rusqlite::Result<Candidate> {
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
pub fn index_sql(group: Group, field: Field, is_exact: bool) -> String {
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
pub fn inside_sql(group: Group, is_trigram: bool) -> String {
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

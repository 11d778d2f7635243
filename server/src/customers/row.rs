//! The `customers` row with its meters' numbers: one column list, one checked conversion.

use super::terms::Texts;
use crate::args;
use crate::store::{MAX_LIST, Row, StoreError, Tx, Value, in_list};
use dianma_schema::customer::CustomerClass;
use dianma_schema::id::{AreaId, CustomerId, StationId};
use dianma_schema::intake::SupplyState;
use std::collections::HashMap;

/// Columns in the order [`CustomerRow::read`] expects.
pub const COLUMNS: &str = "c.id, c.account_number, c.account_name, c.name_initials, c.contact_phone, \
     c.supply_address, c.customer_class, c.supply_state, c.area_id, c.station_id, c.pole_number, \
     c.latitude_e6, c.longitude_e6, c.arrears_fen, c.content_hash, c.import_id, c.version";
/// How many columns that is: what follows in a statement starts here.
pub const WIDTH: usize = 17;

/// A stored customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    /// Id.
    pub id: CustomerId,
    /// 户号.
    pub account_number: String,
    /// 户名.
    pub account_name: String,
    /// Pinyin initials of the name.
    pub name_initials: String,
    /// Digits only.
    pub contact_phone: Option<String>,
    /// Supply address.
    pub supply_address: String,
    /// Class.
    pub customer_class: CustomerClass,
    /// Whether it is supplied.
    pub supply_state: SupplyState,
    /// Transformer area.
    pub area_id: AreaId,
    /// Station.
    pub station_id: StationId,
    /// 杆号.
    pub pole_number: Option<String>,
    /// Latitude, micro-degrees.
    pub latitude_e6: Option<i64>,
    /// Longitude, micro-degrees.
    pub longitude_e6: Option<i64>,
    /// Unpaid, fen.
    pub arrears_fen: i64,
    /// Hash of the imported row.
    pub content_hash: String,
    /// The import run that wrote it last.
    pub import_id: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

impl CustomerRow {
    /// Reads a row selected with [`COLUMNS`].
    pub fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parse(0)?,
            account_number: row.text(1)?,
            account_name: row.text(2)?,
            name_initials: row.text(3)?,
            contact_phone: row.opt_text(4)?,
            supply_address: row.text(5)?,
            customer_class: row.parse(6)?,
            supply_state: row.parse(7)?,
            area_id: row.parse(8)?,
            station_id: row.parse(9)?,
            pole_number: row.opt_text(10)?,
            latitude_e6: row.opt_int(11)?,
            longitude_e6: row.opt_int(12)?,
            arrears_fen: row.int(13)?,
            content_hash: row.text(14)?,
            import_id: row.opt_text(15)?,
            version: row.int(16)?,
        })
    }

    /// What search compares.
    pub(super) fn texts(&self, meters: Vec<String>) -> Texts {
        Texts {
            account: self.account_number.clone(),
            meters,
            phone: self.contact_phone.clone().unwrap_or_default(),
            initials: self.name_initials.clone(),
            name: self.account_name.clone(),
            address: self.supply_address.clone(),
            pole: self.pole_number.clone().unwrap_or_default(),
        }
    }
}

/// A customer by id.
pub fn load(tx: &mut dyn Tx, id: CustomerId) -> Result<Option<CustomerRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM customers c WHERE c.id = ?1");
    tx.first(&sql, args![id.to_string()], CustomerRow::read)
}

/// Customers whose `column` (a constant of the caller) is one of the values; at most [`MAX_LIST`].
pub(super) fn load_by(
    tx: &mut dyn Tx,
    column: &'static str,
    values: &[Value],
) -> Result<Vec<CustomerRow>, StoreError> {
    let mut rows = Vec::new();
    for part in values.chunks(MAX_LIST) {
        if let Some((list, padded)) = in_list(part) {
            let sql = format!("SELECT {COLUMNS} FROM customers c WHERE c.{column} IN {list}");
            rows.extend(tx.all(&sql, &padded, CustomerRow::read)?);
        }
    }
    Ok(rows)
}

/// Numbers of the installed meters of the customers, sorted.
pub(super) fn meter_numbers(
    tx: &mut dyn Tx,
    ids: &[CustomerId],
) -> Result<HashMap<CustomerId, Vec<String>>, StoreError> {
    let mut found: HashMap<CustomerId, Vec<String>> = HashMap::new();
    let values: Vec<Value> = ids.iter().map(|id| id.to_string().into()).collect();
    for part in values.chunks(MAX_LIST) {
        let Some((list, padded)) = in_list(part) else {
            continue;
        };
        let sql = format!(
            "SELECT customer_id, meter_number FROM meters WHERE state = 'installed' \
             AND customer_id IN {list} ORDER BY meter_number"
        );
        for (id, number) in tx.all(&sql, &padded, |row| Ok((row.parse(0)?, row.text(1)?)))? {
            found.entry(id).or_default().push(number);
        }
    }
    Ok(found)
}

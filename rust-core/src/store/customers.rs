//! The mirror of the station's customers with their meters and label ids: what makes lookup work
//! without a network.

use super::orders::Live;
use super::search_index::{self, Texts};
use crate::error::CoreError;
use crate::pinyin_initials::initials;
use dianma_schema::geo::Place;
use dianma_schema::id::{CustomerId, LabelId, half_width};
use dianma_schema::wire::record::{CustomerRecord, MeterRecord};
use rusqlite::{Connection, OptionalExtension as _, Row};
use uuid::Uuid;

const COLUMNS: &str =
    "id, version, account_number, account_name, contact_phone, address, area_name,
    pole_number, customer_class, latitude_e6, longitude_e6, arrears_fen, label_id, doc_id";

fn optional(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn read(row: &Row<'_>) -> rusqlite::Result<(CustomerRecord, i64)> {
    let latitude: Option<i64> = row.get(9)?;
    let longitude: Option<i64> = row.get(10)?;
    let record = CustomerRecord {
        id: CustomerId(Uuid::from_bytes(row.get(0)?)),
        version: row.get::<_, i64>(1)?.cast_unsigned(),
        account_number: row.get(2)?,
        account_name: row.get(3)?,
        contact_phone: optional(row.get(4)?),
        address: row.get(5)?,
        area_name: row.get(6)?,
        pole_number: optional(row.get(7)?),
        customer_class: row.get(8)?,
        place: latitude
            .zip(longitude)
            .and_then(|(lat, lon)| Place::new(lat, lon)),
        arrears_fen: row.get(11)?,
        meters: Vec::new(),
        label_id: row.get::<_, Option<[u8; 16]>>(12)?.map(label),
    };
    Ok((record, row.get(13)?))
}

fn label(bytes: [u8; 16]) -> LabelId {
    LabelId(Uuid::from_bytes(bytes))
}

fn with_meters(
    db: &Connection,
    found: Option<(CustomerRecord, i64)>,
) -> Result<Option<CustomerRecord>, CoreError> {
    let Some((mut record, doc_id)) = found else {
        return Ok(None);
    };
    let mut statement = db.prepare_cached(
        "SELECT meter_number, phases, multiplier, last_reading_wh, label_id FROM meters
         WHERE customer_doc_id = ?1",
    )?;
    let meters = statement.query_map([doc_id], |row| {
        Ok(MeterRecord {
            meter_number: row.get(0)?,
            phases: row.get(1)?,
            multiplier: row.get(2)?,
            last_reading_wh: row.get(3)?,
            label_id: row.get::<_, Option<[u8; 16]>>(4)?.map(label),
        })
    })?;
    record.meters = meters.collect::<Result<_, _>>()?;
    Ok(Some(record))
}

fn find_where(
    db: &Connection,
    condition: &str,
    value: impl rusqlite::ToSql,
) -> Result<Option<CustomerRecord>, CoreError> {
    let sql = format!("SELECT {COLUMNS} FROM mirror_customers WHERE {condition} LIMIT 1");
    let found = db
        .prepare_cached(&sql)?
        .query_row([value], read)
        .optional()?;
    with_meters(db, found)
}

/// The customer of an id.
pub fn find(db: &Connection, id: &CustomerId) -> Result<Option<CustomerRecord>, CoreError> {
    find_where(db, "id = ?1", id.0.as_bytes())
}

/// The customer of a search document.
pub fn find_document(db: &Connection, doc_id: i64) -> Result<Option<CustomerRecord>, CoreError> {
    find_where(db, "doc_id = ?1", doc_id)
}

/// The customer of a 户号.
pub fn find_account(db: &Connection, number: &str) -> Result<Option<CustomerRecord>, CoreError> {
    find_where(db, "account_number = ?1", number)
}

/// The customer with a 表号.
pub fn find_meter(db: &Connection, number: &str) -> Result<Option<CustomerRecord>, CoreError> {
    find_where(
        db,
        "doc_id = (SELECT customer_doc_id FROM meters WHERE meter_number = ?1 LIMIT 1)",
        number,
    )
}

/// The customer whose own code or whose meter's code this is.
pub fn find_label(db: &Connection, id: &LabelId) -> Result<Option<CustomerRecord>, CoreError> {
    let own = find_where(db, "label_id = ?1", id.0.as_bytes())?;
    if own.is_some() {
        return Ok(own);
    }
    find_where(
        db,
        "doc_id = (SELECT customer_doc_id FROM meters WHERE label_id = ?1 LIMIT 1)",
        id.0.as_bytes(),
    )
}

/// Searchable texts of a record, folded to half width: what people type is folded too.
pub fn texts(record: &CustomerRecord) -> Texts {
    let meters: Vec<&str> = record
        .meters
        .iter()
        .map(|m| m.meter_number.as_str())
        .collect();
    Texts {
        order_number: String::new(),
        account_number: half_width(&record.account_number),
        account_name: half_width(&record.account_name),
        pinyin_initials: initials(&record.account_name),
        meter_numbers: half_width(&meters.join(" ")),
        contact_phone: half_width(record.contact_phone.as_deref().unwrap_or_default()),
        pole_number: half_width(record.pole_number.as_deref().unwrap_or_default()),
        address: half_width(&record.address),
    }
}

/// The stored row number and texts, as the indexes know them.
fn indexed(db: &Connection, id: &CustomerId) -> Result<Option<(i64, Texts, Live)>, CoreError> {
    Ok(db
        .prepare_cached(
            "SELECT doc_id, account_number, account_name, meter_numbers, contact_phone, pole_number,
               address, scope, version FROM mirror_customers WHERE id = ?1",
        )?
        .query_row([id.0.as_bytes()], |row| {
            let texts = Texts {
                account_number: row.get(1)?,
                account_name: row.get(2)?,
                meter_numbers: row.get(3)?,
                contact_phone: row.get(4)?,
                pole_number: row.get(5)?,
                address: row.get(6)?,
                ..Texts::default()
            };
            let live = Live {
                scope: row.get(7)?,
                version: row.get::<_, i64>(8)?.cast_unsigned(),
            };
            Ok((row.get(0)?, texts, live))
        })
        .optional()?)
}

/// Writes a customer with meters and indexes. Returns what the row counted for before.
pub fn put(
    db: &Connection,
    scope: i64,
    mark: i64,
    version: u64,
    record: &CustomerRecord,
) -> Result<Option<Live>, CoreError> {
    let old = indexed(db, &record.id)?;
    if let Some((doc_id, texts, _)) = &old {
        search_index::CUSTOMERS.remove(db, *doc_id, texts)?;
        db.prepare_cached("DELETE FROM meters WHERE customer_doc_id = ?1")?
            .execute([doc_id])?;
    }
    let texts = texts(record);
    let doc_id = upsert(db, (scope, mark, version), record, &texts)?;
    search_index::CUSTOMERS.add(db, doc_id, &texts)?;
    for meter in &record.meters {
        put_meter(db, doc_id, meter)?;
    }
    Ok(old.map(|(_, _, live)| live))
}

fn upsert(
    db: &Connection,
    (scope, mark, version): (i64, i64, u64),
    record: &CustomerRecord,
    texts: &Texts,
) -> Result<i64, CoreError> {
    let mut statement = db.prepare_cached(
        "INSERT INTO mirror_customers (id, scope, version, mark, account_number, account_name,
           pinyin_initials, meter_numbers, contact_phone, pole_number, address, area_name,
           customer_class, latitude_e6, longitude_e6, arrears_fen, label_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
         ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, version = excluded.version,
           mark = excluded.mark, account_number = excluded.account_number,
           account_name = excluded.account_name, pinyin_initials = excluded.pinyin_initials,
           meter_numbers = excluded.meter_numbers, contact_phone = excluded.contact_phone,
           pole_number = excluded.pole_number, address = excluded.address,
           area_name = excluded.area_name, customer_class = excluded.customer_class,
           latitude_e6 = excluded.latitude_e6, longitude_e6 = excluded.longitude_e6,
           arrears_fen = excluded.arrears_fen, label_id = excluded.label_id
         RETURNING doc_id",
    )?;
    let values = rusqlite::params![
        record.id.0.as_bytes(),
        scope,
        version.cast_signed(),
        mark,
        texts.account_number,
        texts.account_name,
        texts.pinyin_initials,
        texts.meter_numbers,
        texts.contact_phone,
        texts.pole_number,
        texts.address,
        record.area_name,
        record.customer_class,
        record.place.map(|p| p.latitude_e6),
        record.place.map(|p| p.longitude_e6),
        record.arrears_fen,
        record.label_id.as_ref().map(|id| id.0.as_bytes()),
    ];
    Ok(statement.query_row(values, |row| row.get(0))?)
}

fn put_meter(db: &Connection, doc_id: i64, meter: &MeterRecord) -> Result<(), CoreError> {
    db.prepare_cached(
        "INSERT INTO meters (customer_doc_id, meter_number, phases, multiplier, last_reading_wh,
           label_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    )?
    .execute((
        doc_id,
        &meter.meter_number,
        meter.phases,
        meter.multiplier,
        meter.last_reading_wh,
        meter.label_id.as_ref().map(|id| id.0.as_bytes()),
    ))?;
    Ok(())
}

/// Removes a customer. Returns what the row counted for.
pub fn leave(db: &Connection, id: &CustomerId) -> Result<Option<Live>, CoreError> {
    let Some((doc_id, texts, live)) = indexed(db, id)? else {
        return Ok(None);
    };
    search_index::CUSTOMERS.remove(db, doc_id, &texts)?;
    db.prepare_cached("DELETE FROM mirror_customers WHERE doc_id = ?1")?
        .execute([doc_id])?;
    Ok(Some(live))
}

/// Ids of rows of a scope with another mark: not seen since the reset began.
pub fn unmarked(db: &Connection, scope: i64, mark: i64) -> Result<Vec<CustomerId>, CoreError> {
    let mut statement =
        db.prepare_cached("SELECT id FROM mirror_customers WHERE scope = ?1 AND mark <> ?2")?;
    let rows = statement.query_map((scope, mark), |row| {
        Ok(CustomerId(Uuid::from_bytes(row.get(0)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

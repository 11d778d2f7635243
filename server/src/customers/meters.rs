//! Batch writes of meters (表计档案). A meter belongs to one customer; an archive row may move it.

use super::row;
use super::write::{LABEL_INSERT, RowOutcome, label_values, touch};
use crate::args;
use crate::feed::Change;
use crate::mint::Mint;
use crate::store::{MAX_LIST, StoreError, Tx, Value, in_list, insert_rows};
use crate::text::sha256_hex;
use dianma_schema::fault;
use dianma_schema::id::{AccountNumber, CustomerId, MeterNumber};
use dianma_schema::label::LabelKind;
use std::collections::{BTreeSet, HashMap};

/// A meter as an archive row gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterInput {
    /// 表号, upper case.
    pub meter_number: MeterNumber,
    /// 户号 of its customer.
    pub account_number: AccountNumber,
    /// 1 or 3.
    pub phases: i64,
    /// Multiplier of current and voltage transformers.
    pub multiplier: i64,
    /// Last register reading, Wh.
    pub last_reading_wh: Option<i64>,
    /// When it was read.
    pub last_read_at_ms: Option<i64>,
    /// On the wall, not in the store.
    pub is_installed: bool,
}

impl MeterInput {
    fn content_hash(&self, customer_id: CustomerId) -> String {
        let text = format!(
            "{:?}",
            (
                customer_id,
                self.phases,
                self.multiplier,
                self.last_reading_wh,
                self.last_read_at_ms,
                self.is_installed,
            )
        );
        sha256_hex(text.as_bytes())
    }
}

struct Known {
    id: String,
    customer_id: CustomerId,
    content_hash: String,
    import_id: Option<String>,
    version: i64,
}

fn known(tx: &mut dyn Tx, numbers: &[Value]) -> Result<HashMap<String, Known>, StoreError> {
    let mut found = HashMap::new();
    for part in numbers.chunks(MAX_LIST) {
        let Some((list, padded)) = in_list(part) else {
            continue;
        };
        let sql = format!(
            "SELECT meter_number, id, customer_id, content_hash, import_id, version FROM meters \
             WHERE meter_number IN {list}"
        );
        found.extend(tx.all(&sql, &padded, |row| {
            let known = Known {
                id: row.text(1)?,
                customer_id: row.parse(2)?,
                content_hash: row.text(3)?,
                import_id: row.opt_text(4)?,
                version: row.int(5)?,
            };
            Ok((row.text(0)?, known))
        })?);
    }
    Ok(found)
}

/// Writes meters; the caller publishes the changes.
pub fn upsert_quietly(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    inputs: &[MeterInput],
    import_id: Option<&str>,
) -> Result<(Vec<RowOutcome>, Vec<Change>), StoreError> {
    let values = |text: &dyn Fn(&MeterInput) -> Value| inputs.iter().map(text).collect::<Vec<_>>();
    let numbers = values(&|input| input.meter_number.as_str().into());
    let accounts = values(&|input| input.account_number.as_str().into());
    let mut meters = known(tx, &numbers)?;
    let customers: HashMap<String, CustomerId> = row::load_by(tx, "account_number", &accounts)?
        .into_iter()
        .map(|row| (row.account_number, row.id))
        .collect();
    let mut outcomes = Vec::with_capacity(inputs.len());
    let mut touched = BTreeSet::new();
    for input in inputs {
        let Some(customer_id) = customers.get(input.account_number.as_str()).copied() else {
            let detail = "表计所属户号不在客户档案中".to_owned();
            outcomes.push(RowOutcome::Failed(fault::V_UNKNOWN_CUSTOMER, detail));
            continue;
        };
        let number = input.meter_number.as_str();
        let content_hash = input.content_hash(customer_id);
        let before = meters.get(number);
        match before {
            Some(before) if before.content_hash == content_hash => {
                outcomes.push(RowOutcome::Unchanged);
                continue;
            }
            Some(before) if import_id.is_some() && before.import_id.as_deref() == import_id => {
                let detail = "同一文件中此表号出现两次，内容不同".to_owned();
                outcomes.push(RowOutcome::Failed(fault::V_CONTENT_CHANGED, detail));
                continue;
            }
            _ => {}
        }
        if let Some(before) = before {
            touched.insert(before.customer_id);
        }
        touched.insert(customer_id);
        let id = before.map_or_else(|| mint.next_id().to_string(), |before| before.id.clone());
        let after = Known {
            id,
            customer_id,
            content_hash,
            import_id: import_id.map(str::to_owned),
            version: before.map_or(1, |before| before.version + 1),
        };
        store(tx, mint, input, &after)?;
        meters.insert(number.to_owned(), after);
        outcomes.push(RowOutcome::Written);
    }
    let touched: Vec<CustomerId> = touched.into_iter().collect();
    let changes = touch(tx, mint.now_ms(), &touched, true)?;
    Ok((outcomes, changes))
}

fn store(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    input: &MeterInput,
    meter: &Known,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO meters (id, meter_number, customer_id, phases, multiplier, last_reading_wh, \
         last_read_at_ms, state, content_hash, import_id, version) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
         ON CONFLICT (meter_number) DO UPDATE SET customer_id = excluded.customer_id, \
         phases = excluded.phases, multiplier = excluded.multiplier, \
         last_reading_wh = COALESCE(excluded.last_reading_wh, meters.last_reading_wh), \
         last_read_at_ms = COALESCE(excluded.last_read_at_ms, meters.last_read_at_ms), \
         state = excluded.state, content_hash = excluded.content_hash, \
         import_id = excluded.import_id, version = excluded.version",
        args![
            &meter.id,
            input.meter_number.as_str(),
            meter.customer_id.to_string(),
            input.phases,
            input.multiplier,
            input.last_reading_wh,
            input.last_read_at_ms,
            if input.is_installed {
                "installed"
            } else {
                "removed"
            },
            &meter.content_hash,
            meter.import_id.as_ref(),
            meter.version
        ],
    )?;
    if meter.version == 1 {
        let id = Some(meter.id.clone());
        let label = label_values(mint, LabelKind::Meter, meter.customer_id, id);
        insert_rows(tx, LABEL_INSERT, 6, &[label], "")?;
    } else {
        tx.execute(
            "UPDATE labels SET customer_id = ?2 WHERE meter_id = ?1 AND customer_id <> ?2",
            args![&meter.id, meter.customer_id.to_string()],
        )?;
    }
    Ok(())
}

/// Meters named in customer rows: new ones are added as single-phase, known ones move to the
/// customer; what the meter archive says about them stays.
pub(super) fn attach(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    meters: &[(CustomerId, MeterNumber)],
) -> Result<Vec<Change>, StoreError> {
    let numbers: Vec<Value> = meters.iter().map(|(_, m)| m.as_str().into()).collect();
    let known = known(tx, &numbers)?;
    let mut rows = Vec::new();
    let mut labels = Vec::new();
    let mut changes = Vec::new();
    for (customer_id, number) in meters {
        if let Some(before) = known.get(number.as_str()) {
            if before.customer_id != *customer_id {
                tx.execute(
                    "UPDATE meters SET customer_id = ?2, version = version + 1 WHERE id = ?1",
                    args![&before.id, customer_id.to_string()],
                )?;
                tx.execute(
                    "UPDATE labels SET customer_id = ?2 WHERE meter_id = ?1",
                    args![&before.id, customer_id.to_string()],
                )?;
                changes.extend(touch(tx, mint.now_ms(), &[before.customer_id], true)?);
            }
            continue;
        }
        let id = mint.next_id().to_string();
        labels.push(label_values(
            mint,
            LabelKind::Meter,
            *customer_id,
            Some(id.clone()),
        ));
        rows.push(
            args![
                id,
                number.as_str(),
                customer_id.to_string(),
                1,
                1,
                "installed",
                "",
                1
            ]
            .to_vec(),
        );
    }
    insert_rows(
        tx,
        "INSERT INTO meters (id, meter_number, customer_id, phases, multiplier, state, \
         content_hash, version)",
        8,
        &rows,
        "ON CONFLICT (meter_number) DO NOTHING",
    )?;
    insert_rows(tx, LABEL_INSERT, 6, &labels, "")?;
    Ok(changes)
}

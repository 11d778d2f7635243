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
use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    let mut batch = Batch {
        meters: known(tx, &numbers)?,
        customers: row::load_by(tx, "account_number", &accounts)?
            .into_iter()
            .map(|row| (row.account_number, row.id))
            .collect(),
        import_id: import_id.map(str::to_owned),
        ..Batch::default()
    };
    let outcomes = inputs.iter().map(|input| batch.take(mint, input)).collect();
    let touched: Vec<CustomerId> = batch.touched.iter().copied().collect();
    batch.store(tx, mint)?;
    let changes = touch(tx, mint.now_ms(), &touched, true)?;
    Ok((outcomes, changes))
}

#[derive(Default)]
struct Batch {
    meters: HashMap<String, Known>,
    customers: HashMap<String, CustomerId>,
    import_id: Option<String>,
    /// The last row of each meter that is written.
    dirty: BTreeMap<String, MeterInput>,
    /// Meters that were not there.
    new: BTreeSet<String>,
    /// Meters whose labels follow them to another customer.
    moved: BTreeSet<String>,
    touched: BTreeSet<CustomerId>,
}

impl Batch {
    fn take(&mut self, mint: &mut Mint, input: &MeterInput) -> RowOutcome {
        let Some(customer_id) = self.customers.get(input.account_number.as_str()).copied() else {
            let detail = "表计所属户号不在客户档案中".to_owned();
            return RowOutcome::Failed(fault::V_UNKNOWN_CUSTOMER, detail);
        };
        let number = input.meter_number.as_str();
        let content_hash = input.content_hash(customer_id);
        let before = self.meters.get(number);
        if let Some(before) = before {
            if before.content_hash == content_hash {
                return RowOutcome::Unchanged;
            }
            if self.import_id.is_some() && before.import_id == self.import_id {
                let detail = "同一文件中此表号出现两次，内容不同".to_owned();
                return RowOutcome::Failed(fault::V_CONTENT_CHANGED, detail);
            }
            self.touched.insert(before.customer_id);
            if before.customer_id != customer_id {
                self.moved.insert(number.to_owned());
            }
        } else {
            self.new.insert(number.to_owned());
        }
        self.touched.insert(customer_id);
        let after = Known {
            id: before.map_or_else(|| mint.next_id().to_string(), |before| before.id.clone()),
            customer_id,
            content_hash,
            import_id: self.import_id.clone(),
            version: before.map_or(1, |before| before.version + 1),
        };
        self.meters.insert(number.to_owned(), after);
        let mut input = input.clone();
        if let Some(earlier) = self.dirty.remove(number) {
            input.last_reading_wh = input.last_reading_wh.or(earlier.last_reading_wh);
            input.last_read_at_ms = input.last_read_at_ms.or(earlier.last_read_at_ms);
        }
        self.dirty.insert(number.to_owned(), input);
        RowOutcome::Written
    }

    fn store(self, tx: &mut dyn Tx, mint: &mut Mint) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(self.dirty.len());
        let mut labels = Vec::new();
        for (number, input) in &self.dirty {
            let Some(meter) = self.meters.get(number) else {
                continue;
            };
            rows.push(row_values(input, meter));
            if self.new.contains(number) {
                let id = Some(meter.id.clone());
                labels.push(label_values(mint, LabelKind::Meter, meter.customer_id, id));
            }
        }
        insert_rows(tx, INSERT, 11, &rows, ON_CONFLICT)?;
        insert_rows(tx, LABEL_INSERT, 6, &labels, "")?;
        for meter in self
            .moved
            .iter()
            .filter_map(|number| self.meters.get(number))
        {
            tx.execute(
                "UPDATE labels SET customer_id = ?2 WHERE meter_id = ?1 AND customer_id <> ?2",
                args![&meter.id, meter.customer_id.to_string()],
            )?;
        }
        Ok(())
    }
}

const INSERT: &str = "INSERT INTO meters (id, meter_number, customer_id, phases, multiplier, \
     last_reading_wh, last_read_at_ms, state, content_hash, import_id, version)";
/// Two nodes may meet a new meter at once: the later one updates. An archive row without a reading
/// says nothing about it.
const ON_CONFLICT: &str = "ON CONFLICT (meter_number) DO UPDATE SET \
     customer_id = excluded.customer_id, phases = excluded.phases, \
     multiplier = excluded.multiplier, \
     last_reading_wh = COALESCE(excluded.last_reading_wh, meters.last_reading_wh), \
     last_read_at_ms = COALESCE(excluded.last_read_at_ms, meters.last_read_at_ms), \
     state = excluded.state, content_hash = excluded.content_hash, \
     import_id = excluded.import_id, version = excluded.version";

fn row_values(input: &MeterInput, meter: &Known) -> Vec<Value> {
    let state = if input.is_installed {
        "installed"
    } else {
        "removed"
    };
    args![
        &meter.id,
        input.meter_number.as_str(),
        meter.customer_id.to_string(),
        input.phases,
        input.multiplier,
        input.last_reading_wh,
        input.last_read_at_ms,
        state,
        &meter.content_hash,
        meter.import_id.as_ref(),
        meter.version
    ]
    .to_vec()
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

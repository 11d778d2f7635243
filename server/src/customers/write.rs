//! Batch writes of customers (客户档案): new rows get a label and search texts, changed rows a new
//! version in the station's feed, unchanged rows cost one comparison and nothing else.

use super::initials::initials;
use super::row::{self, CustomerRow};
use super::{areas, index};
use crate::feed::{self, Change};
use crate::mint::Mint;
use crate::store::{MAX_LIST, StoreError, Tx, Value, in_list, insert_rows};
use crate::text::sha256_hex;
use crate::{args, store};
use dianma_schema::customer::CustomerClass;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::geo::Place;
use dianma_schema::id::{AccountNumber, CustomerId, MeterNumber};
use dianma_schema::intake::SupplyState;
use dianma_schema::label::LabelKind;
use dianma_schema::wire::sync::EntryKind;
use std::collections::{BTreeSet, HashMap};

/// Most rows in one transaction, so that the single writer is never held long.
pub const MAX_BATCH: usize = 500;

/// A customer as an archive row gives it; validated, not yet compared with the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerInput {
    /// 户号.
    pub account_number: AccountNumber,
    /// 户名.
    pub account_name: String,
    /// Digits only.
    pub contact_phone: Option<String>,
    /// Supply address.
    pub supply_address: String,
    /// Class.
    pub customer_class: CustomerClass,
    /// Whether it is supplied.
    pub supply_state: SupplyState,
    /// Code of the transformer area.
    pub area_code: String,
    /// 杆号.
    pub pole_number: Option<String>,
    /// Place.
    pub place: Option<Place>,
    /// The first meter, when the archive names it in the same row.
    pub meter_number: Option<MeterNumber>,
}

impl CustomerInput {
    fn content_hash(&self) -> String {
        let place = self.place.map(|p| (p.latitude_e6, p.longitude_e6));
        let meter = self.meter_number.as_ref().map(MeterNumber::as_str);
        let text = format!(
            "{:?}",
            (
                &self.account_name,
                &self.contact_phone,
                &self.supply_address,
                self.customer_class.as_str(),
                self.supply_state.as_str(),
                &self.area_code,
                &self.pole_number,
                place,
                meter,
            )
        );
        sha256_hex(text.as_bytes())
    }
}

/// What became of one row of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// New or changed.
    Written,
    /// Known with the same content.
    Unchanged,
    /// Not used; the code and a Chinese detail without personal data.
    Failed(FaultCode, String),
}

/// What came of a batch: one outcome per row, and the feed changes for the end of the transaction.
#[derive(Debug, Default)]
pub struct Written {
    /// In the order of the rows.
    pub outcomes: Vec<RowOutcome>,
    /// For `feed::publish`.
    pub changes: Vec<Change>,
}

/// Writes customers and publishes their changes. `import_id` names the run: the same key with other
/// content inside one run is refused, because nobody can know which of the two is right.
pub fn upsert(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    inputs: &[CustomerInput],
    import_id: Option<&str>,
) -> Result<Vec<RowOutcome>, StoreError> {
    let written = upsert_quietly(tx, mint, inputs, import_id)?;
    feed::publish(tx, mint.now_ms(), written.changes)?;
    Ok(written.outcomes)
}

/// [`upsert`] for a caller who publishes himself at the end of his transaction.
pub fn upsert_quietly(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    inputs: &[CustomerInput],
    import_id: Option<&str>,
) -> Result<Written, StoreError> {
    let accounts: Vec<Value> = inputs
        .iter()
        .map(|input| input.account_number.as_str().into())
        .collect();
    let mut batch = Batch {
        areas: areas::by_code(tx, inputs.iter().map(|input| input.area_code.as_str()))?,
        known: row::load_by(tx, "account_number", &accounts)?
            .into_iter()
            .map(|row| (row.account_number.clone(), row))
            .collect(),
        import_id: import_id.map(str::to_owned),
        ..Batch::default()
    };
    for input in inputs {
        let outcome = batch.take(mint, input);
        batch.written.outcomes.push(outcome);
    }
    batch.store(tx, mint)
}

#[derive(Default)]
struct Batch {
    areas: HashMap<String, areas::AreaKey>,
    known: HashMap<String, CustomerRow>,
    import_id: Option<String>,
    written: Written,
    new: Vec<CustomerId>,
    dirty: BTreeSet<String>,
    meters: Vec<(CustomerId, MeterNumber)>,
}

impl Batch {
    fn take(&mut self, mint: &mut Mint, input: &CustomerInput) -> RowOutcome {
        let Some(area) = self.areas.get(&input.area_code).copied() else {
            let detail = format!("台区编号 {} 不在台区档案中", input.area_code);
            return RowOutcome::Failed(fault::V_NOT_THIS_AREA, detail);
        };
        let account = input.account_number.as_str();
        let content_hash = input.content_hash();
        let before = self.known.get(account);
        if let Some(before) = before {
            if before.content_hash == content_hash {
                return RowOutcome::Unchanged;
            }
            if self.import_id.is_some() && before.import_id == self.import_id {
                let detail = "同一文件中此户号出现两次，内容不同".to_owned();
                return RowOutcome::Failed(fault::V_CONTENT_CHANGED, detail);
            }
        }
        let id = before.map_or_else(|| CustomerId(mint.next_id()), |before| before.id);
        let version = before.map_or(1, |before| before.version + 1);
        if let Some(before) = before {
            if before.station_id != area.station_id && !self.new.contains(&id) {
                let scope = feed::station_scope(before.station_id);
                let change = Change::leave(scope, EntryKind::Customer, id.0, version);
                self.written.changes.push(change);
            }
        } else {
            self.new.push(id);
        }
        let scope = feed::station_scope(area.station_id);
        let change = Change::put(scope, EntryKind::Customer, id.0, version);
        self.written.changes.push(change);
        if let Some(meter) = &input.meter_number {
            self.meters.push((id, meter.clone()));
        }
        let row = CustomerRow {
            id,
            account_number: account.to_owned(),
            account_name: input.account_name.clone(),
            name_initials: initials(&input.account_name),
            contact_phone: input.contact_phone.clone(),
            supply_address: input.supply_address.clone(),
            customer_class: input.customer_class,
            supply_state: input.supply_state,
            area_id: area.id,
            station_id: area.station_id,
            pole_number: input.pole_number.clone(),
            latitude_e6: input.place.map(|p| p.latitude_e6),
            longitude_e6: input.place.map(|p| p.longitude_e6),
            arrears_fen: before.map_or(0, |before| before.arrears_fen),
            content_hash,
            import_id: self.import_id.clone(),
            version,
        };
        self.dirty.insert(account.to_owned());
        self.known.insert(account.to_owned(), row);
        RowOutcome::Written
    }

    fn store(mut self, tx: &mut dyn Tx, mint: &mut Mint) -> Result<Written, StoreError> {
        let rows: Vec<&CustomerRow> = self
            .dirty
            .iter()
            .filter_map(|account| self.known.get(account))
            .collect();
        let values: Vec<Vec<Value>> = rows
            .iter()
            .map(|row| row_values(row, mint.now_ms()))
            .collect();
        insert_rows(tx, INSERT, 18, &values, ON_CONFLICT)?;
        let labels: Vec<Vec<Value>> = self
            .new
            .iter()
            .map(|id| label_values(mint, LabelKind::Customer, *id, None))
            .collect();
        insert_rows(tx, LABEL_INSERT, 6, &labels, "")?;
        let moved = super::meters::attach(tx, mint, &self.meters)?;
        // Before our own: of two changes to one customer the later one counts.
        self.written.changes.splice(0..0, moved);
        let ids: Vec<CustomerId> = rows.iter().map(|row| row.id).collect();
        index::refresh(tx, &ids)?;
        Ok(self.written)
    }
}

const INSERT: &str = "INSERT INTO customers (id, account_number, account_name, name_initials, \
     contact_phone, supply_address, customer_class, supply_state, area_id, station_id, pole_number, \
     latitude_e6, longitude_e6, arrears_fen, content_hash, import_id, version, updated_at_ms)";
/// Two nodes may meet a new account at once: the later one updates.
const ON_CONFLICT: &str = "ON CONFLICT (account_number) DO UPDATE SET \
     account_name = excluded.account_name, name_initials = excluded.name_initials, \
     contact_phone = excluded.contact_phone, supply_address = excluded.supply_address, \
     customer_class = excluded.customer_class, supply_state = excluded.supply_state, \
     area_id = excluded.area_id, station_id = excluded.station_id, \
     pole_number = excluded.pole_number, latitude_e6 = excluded.latitude_e6, \
     longitude_e6 = excluded.longitude_e6, content_hash = excluded.content_hash, \
     import_id = excluded.import_id, version = excluded.version, \
     updated_at_ms = excluded.updated_at_ms";
pub(super) const LABEL_INSERT: &str =
    "INSERT INTO labels (id, kind, customer_id, meter_id, state, issued_at_ms)";

fn row_values(row: &CustomerRow, now_ms: i64) -> Vec<Value> {
    args![
        row.id.to_string(),
        &row.account_number,
        &row.account_name,
        &row.name_initials,
        row.contact_phone.as_ref(),
        &row.supply_address,
        row.customer_class.as_str(),
        row.supply_state.as_str(),
        row.area_id.to_string(),
        row.station_id.to_string(),
        row.pole_number.as_ref(),
        row.latitude_e6,
        row.longitude_e6,
        row.arrears_fen,
        &row.content_hash,
        row.import_id.as_ref(),
        row.version,
        now_ms
    ]
    .to_vec()
}

/// A new label, valid at once. Codes of meters also name the customer, who shows them as his own.
pub(super) fn label_values(
    mint: &mut Mint,
    kind: LabelKind,
    customer_id: CustomerId,
    meter_id: Option<String>,
) -> Vec<store::Value> {
    args![
        mint.next_id().to_string(),
        kind.as_str(),
        customer_id.to_string(),
        meter_id,
        "valid",
        mint.now_ms()
    ]
    .to_vec()
}

/// Raises the version of customers whose meters, labels or bills changed, refreshes their search
/// texts when `is_searched` and returns the feed changes.
pub(crate) fn touch(
    tx: &mut dyn Tx,
    now_ms: i64,
    ids: &[CustomerId],
    is_searched: bool,
) -> Result<Vec<Change>, StoreError> {
    let values: Vec<Value> = ids.iter().map(|id| id.to_string().into()).collect();
    let mut changes = Vec::new();
    for part in values.chunks(MAX_LIST) {
        let Some((list, mut padded)) = in_list(part) else {
            continue;
        };
        let sql = format!(
            "UPDATE customers SET version = version + 1, updated_at_ms = ?{} WHERE id IN {list} \
             RETURNING id, station_id, version",
            padded.len() + 1
        );
        padded.push(now_ms.into());
        let touched = tx.all(&sql, &padded, |row| {
            Ok((row.parse::<CustomerId>(0)?, row.parse(1)?, row.int(2)?))
        })?;
        changes.extend(touched.into_iter().map(|(id, station_id, version)| {
            let scope = feed::station_scope(station_id);
            Change::put(scope, EntryKind::Customer, id.0, version)
        }));
    }
    if is_searched {
        index::refresh(tx, ids)?;
    }
    Ok(changes)
}

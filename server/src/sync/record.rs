//! The field record of an order as stored: a JSON object of names and values, merged field by field.

use super::command::Stop;
use crate::orders::OrderRow;
use crate::store::StoreError;
use dianma_schema::fault;
use dianma_schema::order::record::{LONGEST_VALUE, RecordValues};
use dianma_schema::wire::command::{FieldValue, HazardsAcknowledged};

/// Longest field name taken, in characters.
const LONGEST_NAME: usize = 60;
/// Most fields a record can hold: the longest form has a quarter of that.
const MAX_FIELDS: usize = 200;

/// The values of an order.
pub(super) fn read(order: &OrderRow) -> Result<RecordValues, StoreError> {
    serde_json::from_str(&order.record_values).map_err(|error| StoreError::Inconsistent {
        column: 53,
        expected: "a JSON object of the field record",
        found: error.to_string(),
    })
}

/// Writes later values over earlier ones; an empty value takes a field back.
pub(super) fn merge(values: &mut RecordValues, later: &[FieldValue]) -> Result<(), Stop> {
    for field in later {
        let fits = (1..=LONGEST_NAME).contains(&field.name.chars().count())
            && field.value.chars().count() <= LONGEST_VALUE;
        if !fits {
            return Err(Stop::Quarantine(fault::V_FIELD));
        }
        if field.value.trim().is_empty() {
            values.remove(&field.name);
        } else {
            values.insert(field.name.clone(), field.value.clone());
        }
    }
    if values.len() > MAX_FIELDS {
        return Err(Stop::Quarantine(fault::V_FIELD));
    }
    Ok(())
}

/// The hazards acknowledged must be named with their card.
pub(super) fn check_hazards(
    _order: &OrderRow,
    acknowledged: &HazardsAcknowledged,
) -> Result<String, Stop> {
    if acknowledged.card_id.trim().is_empty() || acknowledged.hazards.is_empty() {
        return Err(Stop::refuse(fault::S_HAZARDS, None));
    }
    Ok(format!(
        "{}@{}",
        acknowledged.card_id, acknowledged.card_version
    ))
}

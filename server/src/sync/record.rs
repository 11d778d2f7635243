//! The field record of an order as stored: a JSON object of names and values, merged field by field.

use super::command::Stop;
use crate::error::Detail;
use crate::orders::OrderRow;
use crate::store::StoreError;
use dianma_schema::card;
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

/// Every hazard of a card for this kind must be acknowledged. A phone with an older card than the
/// server's has shown what that one held: its numbers are taken as they are.
pub(super) fn check_hazards(
    order: &OrderRow,
    acknowledged: &HazardsAcknowledged,
) -> Result<String, Stop> {
    let refuse = |zh: String, en: String| Stop::refuse(fault::S_HAZARDS, Some(Detail::new(zh, en)));
    let card = card::by_id(&acknowledged.card_id)
        .filter(|card| card.kind == order.kind)
        .ok_or_else(|| {
            refuse(
                "作业卡与工单类型不符".to_owned(),
                "the card is for another kind of order".to_owned(),
            )
        })?;
    let has = |number: usize| {
        let number = u16::try_from(number).unwrap_or(u16::MAX);
        acknowledged.hazards.contains(&number)
    };
    let missing = (0..card.hazards.len())
        .filter(|number| !has(*number))
        .count();
    let is_older = acknowledged.card_version < card.version && !acknowledged.hazards.is_empty();
    if missing > 0 && !is_older {
        return Err(refuse(
            format!("还有 {missing} 条危险点未确认"),
            format!("{missing} hazards not acknowledged"),
        ));
    }
    Ok(format!("{}@{}", card.id, acknowledged.card_version))
}

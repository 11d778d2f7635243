//! Names of stations, areas and people for the bars of a chart.

use crate::args;
use crate::store::{StoreError, Tx};
use std::collections::BTreeMap;

/// Most names read; a county has a few thousand areas.
const MAX_NAMES: i64 = 20_000;

/// Where names come from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named {
    Stations,
    Areas,
    Staff,
}

/// Id to name.
pub(super) fn names(tx: &mut dyn Tx, named: Named) -> Result<BTreeMap<String, String>, StoreError> {
    let sql = match named {
        Named::Stations => "SELECT id, name FROM stations ORDER BY id LIMIT ?1",
        Named::Areas => "SELECT id, name FROM transformer_areas ORDER BY id LIMIT ?1",
        Named::Staff => "SELECT id, display_name FROM staff ORDER BY id LIMIT ?1",
    };
    let rows = tx.all(sql, args![MAX_NAMES], |row| {
        Ok((row.text(0)?, row.text(1)?))
    })?;
    Ok(rows.into_iter().collect())
}

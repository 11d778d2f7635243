//! A number opened: which orders are behind it, and how each one counts.

use super::scope::Scope;
use super::unit::{Unit, each_unit};
use crate::error::ApiError;
use crate::page::{self, Meta};
use crate::store::Tx;
use dianma_schema::kpi::Kpi;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Which orders of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountedIn {
    /// Above the line.
    Numerator,
    /// Below the line.
    #[default]
    Denominator,
    /// Below the line only.
    Missed,
}

impl CountedIn {
    fn takes(self, unit: &Unit) -> bool {
        match self {
            Self::Numerator => unit.counts_in_numerator,
            Self::Denominator => unit.counts_in_denominator,
            Self::Missed => unit.counts_in_denominator && !unit.counts_in_numerator,
        }
    }
}

/// How an order counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountedOrder {
    /// The order.
    #[serde(skip)]
    pub order_id: String,
    /// When it was taken in.
    #[serde(skip)]
    pub taken_in_at_ms: i64,
    /// `numerator` or `missed`.
    pub counted_in: CountedIn,
    /// What it adds above the line: 1, visits, milliseconds or fen.
    pub adds: i64,
    /// The reason, Chinese.
    pub why: String,
    /// The reason, English.
    pub why_en: String,
}

impl CountedOrder {
    fn new(order_id: String, unit: &Unit) -> Self {
        Self {
            order_id,
            taken_in_at_ms: unit.taken_in_at_ms,
            counted_in: if unit.counts_in_numerator {
                CountedIn::Numerator
            } else {
                CountedIn::Missed
            },
            adds: 0,
            why: unit.why_zh.to_owned(),
            why_en: unit.why_en.to_owned(),
        }
    }
}

/// Newest first.
type Key = (Reverse<i64>, Reverse<String>);

/// A page of the orders behind a number, newest first, with how many there are in all. One pass,
/// holding one page at a time.
pub fn open(
    tx: &mut dyn Tx,
    kpi: Kpi,
    counted: CountedIn,
    scope: &Scope,
    limit: i64,
    cursor: Option<&str>,
) -> Result<(Vec<CountedOrder>, Meta), ApiError> {
    if kpi == Kpi::OnlineRate {
        return Err(ApiError::field(
            "kpi",
            "此指标按人员在岗时段统计，没有工单；请按人员分组查看",
            "This number is made of duty time, not of orders: group it by person",
        ));
    }
    let after = start(cursor)?;
    let keep = usize::try_from(limit).unwrap_or(0) + 1;
    let mut page: BTreeMap<Key, CountedOrder> = BTreeMap::new();
    let mut total = 0;
    // Units of one order come together, so the last id is all that counting orders needs.
    let mut last = String::new();
    each_unit(tx, &[kpi], scope, &mut |_, unit| {
        let Some(order_id) = unit.order_id.as_ref().filter(|_| counted.takes(unit)) else {
            return;
        };
        total += i64::from(*order_id != last);
        last.clone_from(order_id);
        let key = (Reverse(unit.taken_in_at_ms), Reverse(order_id.clone()));
        if after.as_ref().is_some_and(|after| key <= *after) {
            return;
        }
        page.entry(key)
            .or_insert_with(|| CountedOrder::new(order_id.clone(), unit))
            .adds += unit.above;
        if page.len() > keep {
            page.pop_last();
        }
    })?;
    let mut orders: Vec<CountedOrder> = page.into_values().collect();
    let mut meta = page::finish(&mut orders, limit, |order| {
        page::cursor(&[&order.taken_in_at_ms.to_string(), &order.order_id])
    });
    meta.total = Some(total);
    Ok((orders, meta))
}

fn start(cursor: Option<&str>) -> Result<Option<Key>, ApiError> {
    let Some([at_ms, id]) = page::read_cursor(cursor)? else {
        return Ok(None);
    };
    let at_ms = at_ms.parse().map_err(|_| page::bad_cursor())?;
    Ok(Some((Reverse(at_ms), Reverse(id))))
}

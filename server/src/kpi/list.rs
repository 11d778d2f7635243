//! `GET /v1/kpis`: every number of a period beside that of the period before.

use super::scope::{KpiFilter, Scope};
use super::unit::each_unit;
use crate::app::App;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Query;
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::kpi::{FORMULA_VERSION, Kpi, KpiUnit, Tally};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct KpiView {
    /// Which.
    pub kpi: Kpi,
    /// Chinese name.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
    /// What the value is counted in.
    pub unit: KpiUnit,
    /// Above the line.
    pub numerator: i64,
    /// Below the line.
    pub denominator: i64,
    /// The value; `null` when nothing is below the line.
    pub value: Option<i64>,
    /// The value of the period before.
    pub previous_value: Option<i64>,
    /// Whether more is better; `null` when neither.
    pub higher_is_better: Option<bool>,
    /// The formula, Chinese.
    pub formula_zh: &'static str,
    /// The formula, English.
    pub formula_en: &'static str,
    /// Version of the formulas.
    pub formula_version: i64,
}

/// The period of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PeriodView {
    /// First instant.
    pub from_ms: i64,
    /// First instant after it.
    pub to_ms: i64,
    /// Looked at then.
    pub as_of_ms: i64,
}

/// All numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KpisBody {
    /// The numbers.
    pub kpis: Vec<KpiView>,
    /// The period.
    pub period: PeriodView,
}

/// Sums of every number over the scope.
pub fn tallies(tx: &mut dyn Tx, scope: &Scope) -> Result<BTreeMap<Kpi, Tally>, StoreError> {
    let mut sums: BTreeMap<Kpi, Tally> = Kpi::ALL.iter().map(|k| (*k, Tally::default())).collect();
    each_unit(tx, Kpi::ALL, scope, &mut |kpi, unit| {
        unit.add_to(sums.entry(kpi).or_default());
    })?;
    Ok(sums)
}

/// Every number of the scope.
pub fn list(tx: &mut dyn Tx, scope: &Scope) -> Result<KpisBody, StoreError> {
    let sums = tallies(tx, scope)?;
    let before = tallies(tx, &scope.before())?;
    let kpis = sums
        .iter()
        .map(|(kpi, tally)| KpiView {
            kpi: *kpi,
            zh: kpi.zh(),
            en: kpi.en(),
            unit: kpi.unit(),
            numerator: tally.numerator,
            denominator: tally.denominator,
            value: tally.value(*kpi),
            previous_value: before.get(kpi).and_then(|tally| tally.value(*kpi)),
            higher_is_better: kpi.higher_is_better(),
            formula_zh: kpi.formula_zh(),
            formula_en: kpi.formula_en(),
            formula_version: FORMULA_VERSION,
        })
        .collect();
    let period = PeriodView {
        from_ms: scope.period.from_ms,
        to_ms: scope.period.to_ms,
        as_of_ms: scope.period.as_of_ms,
    };
    Ok(KpisBody { kpis, period })
}

/// The numbers of a period.
#[utoipa::path(get, path = "/v1/kpis", tag = "numbers", params(KpiFilter), responses(
    (status = 200, body = KpisBody), (status = 422, body = ErrorBody)))]
pub async fn list_kpis(
    State(app): State<App>,
    Query(filter): Query<KpiFilter>,
) -> Result<Json<KpisBody>, ApiError> {
    let scope = Scope::new(&filter, app.clock.now_ms())?;
    let body = app
        .store
        .read(move |tx| list(tx, &scope))
        .await
        .map_err(|error: StoreError| ApiError::from(error))?;
    Ok(Json(body))
}

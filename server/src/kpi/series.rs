//! `GET /v1/kpis/series`: one number cut into days, weeks, months, kinds, stations, areas or people.

use super::names::{Named, names};
use super::scope::{KpiFilter, Scope};
use super::unit::{Unit, each_unit};
use crate::app::App;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Query;
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::id::{AreaId, StaffId, StationId};
use dianma_schema::kpi::{Kpi, Tally};
use dianma_schema::order::OrderKind;
use dianma_schema::time::{china_day, civil_from_days, format_day};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// How a number is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// Chinese civil day.
    Day,
    /// Monday to Sunday.
    Week,
    /// Calendar month.
    Month,
    /// Order kind.
    Kind,
    /// Supply station.
    Station,
    /// Transformer area.
    Area,
    /// Person.
    Staff,
}

/// What to cut, and how; the rest as in `/v1/kpis`.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SeriesFilter {
    /// The number.
    pub kpi: Kpi,
    /// The cut.
    #[param(inline)]
    pub group_by: GroupBy,
    /// First instant, epoch ms.
    pub from_ms: Option<i64>,
    /// First instant after the period.
    pub to_ms: Option<i64>,
    /// Station.
    pub station_id: Option<StationId>,
    /// Transformer area.
    pub area_id: Option<AreaId>,
    /// Order kind.
    pub kind: Option<OrderKind>,
    /// Person.
    pub staff_id: Option<StaffId>,
}

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeriesPoint {
    /// First day, word or id; empty when unknown.
    pub key: String,
    /// What to write under it, Chinese.
    pub label: String,
    /// Above the line.
    pub numerator: i64,
    /// Below the line.
    pub denominator: i64,
    /// The value; `null` when nothing is below the line.
    pub value: Option<i64>,
}

/// The bars.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SeriesBody {
    /// In order of time, or of the key.
    pub series: Vec<SeriesPoint>,
}

/// The number cut as asked. Days, weeks and months without anything are there too.
pub fn series(
    tx: &mut dyn Tx,
    kpi: Kpi,
    group_by: GroupBy,
    scope: &Scope,
) -> Result<Vec<SeriesPoint>, StoreError> {
    let mut sums: BTreeMap<String, Tally> = BTreeMap::new();
    let last_ms = scope.period.to_ms.min(scope.period.as_of_ms) - 1;
    for day in china_day(scope.period.from_ms)..=china_day(last_ms) {
        if let Some(key) = day_group(group_by, day) {
            sums.entry(key).or_default();
        }
    }
    each_unit(tx, &[kpi], scope, &mut |_, unit| {
        unit.add_to(sums.entry(key_of(group_by, unit)).or_default());
    })?;
    let names = match group_by {
        GroupBy::Station => names(tx, Named::Stations)?,
        GroupBy::Area => names(tx, Named::Areas)?,
        GroupBy::Staff => names(tx, Named::Staff)?,
        _ => BTreeMap::new(),
    };
    let point = |(key, tally): (String, Tally)| SeriesPoint {
        label: label(group_by, &key, &names),
        key,
        numerator: tally.numerator,
        denominator: tally.denominator,
        value: tally.value(kpi),
    };
    Ok(sums.into_iter().map(point).collect())
}

/// The key of a day, its week's Monday, or its month; `None` for cuts that are not of time.
fn day_group(group_by: GroupBy, day: i64) -> Option<String> {
    match group_by {
        GroupBy::Day => Some(format_day(day)),
        // 1970-01-01 was a Thursday: three days after a Monday.
        GroupBy::Week => Some(format_day(day - (day + 3).rem_euclid(7))),
        GroupBy::Month => {
            let (year, month, _) = civil_from_days(day);
            Some(format!("{year:04}-{month:02}"))
        }
        _ => None,
    }
}

fn key_of(group_by: GroupBy, unit: &Unit) -> String {
    match group_by {
        GroupBy::Kind => unit.kind.map(|kind| kind.as_str().to_owned()),
        GroupBy::Station => unit.station_id.clone(),
        GroupBy::Area => unit.area_id.clone(),
        GroupBy::Staff => unit.staff_id.clone(),
        GroupBy::Day | GroupBy::Week | GroupBy::Month => day_group(group_by, china_day(unit.at_ms)),
    }
    .unwrap_or_default()
}

fn label(group_by: GroupBy, key: &str, names: &BTreeMap<String, String>) -> String {
    if key.is_empty() {
        return "未归属".to_owned();
    }
    match group_by {
        GroupBy::Kind => key
            .parse::<OrderKind>()
            .map_or_else(|_| key.to_owned(), |kind| kind.zh().to_owned()),
        GroupBy::Week => format!("{key} 起一周"),
        GroupBy::Day | GroupBy::Month => key.to_owned(),
        _ => names.get(key).cloned().unwrap_or_else(|| key.to_owned()),
    }
}

/// One number as a series.
#[utoipa::path(get, path = "/v1/kpis/series", tag = "numbers", params(SeriesFilter), responses(
    (status = 200, body = SeriesBody), (status = 422, body = ErrorBody)))]
pub async fn kpi_series(
    State(app): State<App>,
    Query(asked): Query<SeriesFilter>,
) -> Result<Json<SeriesBody>, ApiError> {
    let filter = KpiFilter {
        from_ms: asked.from_ms,
        to_ms: asked.to_ms,
        station_id: asked.station_id,
        area_id: asked.area_id,
        kind: asked.kind,
        staff_id: asked.staff_id,
    };
    let scope = Scope::new(&filter, app.clock.now_ms())?;
    let (kpi, group_by) = (asked.kpi, asked.group_by);
    let series = app
        .store
        .read(move |tx| series(tx, kpi, group_by, &scope))
        .await
        .map_err(|error: StoreError| ApiError::from(error))?;
    Ok(Json(SeriesBody { series }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dianma_schema::time::days_from_civil;

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        // 2026-11-21 is a Saturday.
        let day = days_from_civil(2026, 11, 21);
        assert_eq!(day_group(GroupBy::Week, day).unwrap(), "2026-11-16");
        assert_eq!(day_group(GroupBy::Week, day + 1).unwrap(), "2026-11-16");
        assert_eq!(day_group(GroupBy::Week, day + 2).unwrap(), "2026-11-23");
        assert_eq!(day_group(GroupBy::Month, day).unwrap(), "2026-11");
        assert_eq!(day_group(GroupBy::Kind, day), None);
    }
}

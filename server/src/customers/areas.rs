//! Stations (供电所) and transformer areas (台区): batch writes from the archive and the console's
//! lists. Their number is small: a county has some dozens of stations and some thousands of areas.

use super::write::RowOutcome;
use crate::app::App;
use crate::args;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Query;
use crate::mint::Mint;
use crate::store::{MAX_LIST, StoreError, Tx, Value, in_list};
use axum::Json;
use axum::extract::State;
use dianma_schema::customer::AreaClass;
use dianma_schema::geo::Place;
use dianma_schema::id::{AreaId, StationId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use utoipa::{IntoParams, ToSchema};

/// Most rows of a list.
const MAX_ROWS: i64 = 5_000;

/// An archive row of a transformer area, with its station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaInput {
    /// 台区编号.
    pub area_code: String,
    /// 台区名称.
    pub area_name: String,
    /// 供电所编号.
    pub station_code: String,
    /// 供电所名称; empty keeps the known name.
    pub station_name: String,
    /// Urban, rural, remote.
    pub area_class: AreaClass,
    /// 10 kV line.
    pub feeder_name: String,
    /// Where the transformer stands.
    pub place: Option<Place>,
}

/// What a customer row needs of its area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaKey {
    /// Area.
    pub id: AreaId,
    /// Station it belongs to.
    pub station_id: StationId,
    /// Class, for deadlines.
    pub class: AreaClass,
}

/// Areas by code.
pub fn by_code<'a>(
    tx: &mut dyn Tx,
    codes: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, AreaKey>, StoreError> {
    let codes: BTreeSet<&str> = codes.collect();
    let codes: Vec<Value> = codes.into_iter().map(Value::from).collect();
    let mut found = HashMap::new();
    for part in codes.chunks(MAX_LIST) {
        let Some((list, padded)) = in_list(part) else {
            continue;
        };
        let sql = format!(
            "SELECT code, id, station_id, area_class FROM transformer_areas WHERE code IN {list}"
        );
        found.extend(tx.all(&sql, &padded, |row| {
            let key = AreaKey {
                id: row.parse(1)?,
                station_id: row.parse(2)?,
                class: row.parse(3)?,
            };
            Ok((row.text(0)?, key))
        })?);
    }
    Ok(found)
}

/// Writes areas and the stations they name.
pub fn upsert(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    inputs: &[AreaInput],
) -> Result<Vec<RowOutcome>, StoreError> {
    inputs
        .iter()
        .map(|input| upsert_one(tx, mint, input))
        .collect()
}

fn upsert_one(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    input: &AreaInput,
) -> Result<RowOutcome, StoreError> {
    let station = station(tx, mint, &input.station_code, &input.station_name)?;
    let place = input.place.map(|p| (p.latitude_e6, p.longitude_e6));
    let changed = tx.execute(
        "INSERT INTO transformer_areas (id, code, name, station_id, area_class, feeder_name, \
         latitude_e6, longitude_e6) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
         ON CONFLICT (code) DO UPDATE SET name = excluded.name, station_id = excluded.station_id, \
         area_class = excluded.area_class, feeder_name = excluded.feeder_name, \
         latitude_e6 = excluded.latitude_e6, longitude_e6 = excluded.longitude_e6 \
         WHERE transformer_areas.name <> excluded.name \
         OR transformer_areas.station_id <> excluded.station_id \
         OR transformer_areas.area_class <> excluded.area_class \
         OR transformer_areas.feeder_name <> excluded.feeder_name \
         OR COALESCE(transformer_areas.latitude_e6, 0) <> COALESCE(excluded.latitude_e6, 0) \
         OR COALESCE(transformer_areas.longitude_e6, 0) <> COALESCE(excluded.longitude_e6, 0)",
        args![
            mint.next_id().to_string(),
            &input.area_code,
            &input.area_name,
            station.to_string(),
            input.area_class.as_str(),
            &input.feeder_name,
            place.map(|p| p.0),
            place.map(|p| p.1)
        ],
    )?;
    Ok(if changed > 0 {
        RowOutcome::Written
    } else {
        RowOutcome::Unchanged
    })
}

/// The station of a code, made when new.
pub fn station(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    code: &str,
    name: &str,
) -> Result<StationId, StoreError> {
    let shown = if name.is_empty() { code } else { name };
    tx.execute(
        "INSERT INTO stations (id, code, name) VALUES (?1, ?2, ?3) \
         ON CONFLICT (code) DO UPDATE SET name = excluded.name \
         WHERE stations.name <> excluded.name AND excluded.name <> excluded.code",
        args![mint.next_id().to_string(), code, shown],
    )?;
    station_by_code(tx, code)?
        .ok_or_else(|| StoreError::Engine("a station was written and is not there".to_owned()))
}

/// A station by its code.
pub fn station_by_code(tx: &mut dyn Tx, code: &str) -> Result<Option<StationId>, StoreError> {
    tx.first(
        "SELECT id FROM stations WHERE code = ?1",
        args![code],
        |row| row.parse(0),
    )
}

/// Names of areas and stations, for lists.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Area names.
    pub areas: HashMap<AreaId, String>,
    /// Station names.
    pub stations: HashMap<StationId, String>,
}

/// Names of the given areas and of all stations.
pub fn names(tx: &mut dyn Tx, areas: &[AreaId]) -> Result<Names, StoreError> {
    let mut names = Names::default();
    let ids: BTreeSet<String> = areas.iter().map(ToString::to_string).collect();
    let ids: Vec<Value> = ids.into_iter().map(Value::from).collect();
    for part in ids.chunks(MAX_LIST) {
        if let Some((list, padded)) = in_list(part) {
            let sql = format!("SELECT id, name FROM transformer_areas WHERE id IN {list}");
            names
                .areas
                .extend(tx.all(&sql, &padded, |row| Ok((row.parse(0)?, row.text(1)?)))?);
        }
    }
    let stations = tx.all(
        "SELECT id, name FROM stations LIMIT ?1",
        args![MAX_ROWS],
        |row| Ok((row.parse(0)?, row.text(1)?)),
    )?;
    names.stations.extend(stations);
    Ok(names)
}

/// A supply station.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StationView {
    /// Id.
    pub id: StationId,
    /// 供电所编号.
    pub code: String,
    /// 供电所名称.
    pub name: String,
    /// Where it is.
    pub place: Option<Place>,
}

/// Envelope of stations.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StationsBody {
    /// By code.
    pub stations: Vec<StationView>,
}

/// All stations.
#[utoipa::path(get, path = "/v1/stations", tag = "customers", responses(
    (status = 200, body = StationsBody), (status = 401, body = ErrorBody)))]
pub async fn stations(State(app): State<App>) -> Result<Json<StationsBody>, ApiError> {
    let stations = app.store.read(read_stations).await?;
    Ok(Json(StationsBody { stations }))
}

fn read_stations(tx: &mut dyn Tx) -> Result<Vec<StationView>, StoreError> {
    tx.all(
        "SELECT id, code, name, latitude_e6, longitude_e6 FROM stations ORDER BY code LIMIT ?1",
        args![MAX_ROWS],
        |row| {
            Ok(StationView {
                id: row.parse(0)?,
                code: row.text(1)?,
                name: row.text(2)?,
                place: place(row.opt_int(3)?, row.opt_int(4)?),
            })
        },
    )
}

fn place(latitude_e6: Option<i64>, longitude_e6: Option<i64>) -> Option<Place> {
    Place::new(latitude_e6?, longitude_e6?)
}

/// A transformer area.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AreaView {
    /// Id.
    pub id: AreaId,
    /// 台区编号.
    pub code: String,
    /// 台区名称.
    pub name: String,
    /// Its station.
    pub station_id: StationId,
    /// Its station's name.
    pub station_name: String,
    /// Urban, rural, remote.
    pub area_class: AreaClass,
    /// 10 kV line.
    pub feeder_name: String,
    /// Where the transformer stands.
    pub place: Option<Place>,
    /// Customers supplied.
    pub customers: i64,
}

/// Envelope of areas.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AreasBody {
    /// By code.
    pub transformer_areas: Vec<AreaView>,
}

/// Filter of areas.
#[derive(Clone, Debug, Deserialize, IntoParams)]
pub struct AreasQuery {
    /// Only of this station.
    pub station_id: Option<StationId>,
}

/// Transformer areas, all or of one station.
#[utoipa::path(get, path = "/v1/transformer_areas", tag = "customers", params(AreasQuery), responses(
    (status = 200, body = AreasBody), (status = 401, body = ErrorBody)))]
pub async fn transformer_areas(
    State(app): State<App>,
    Query(query): Query<AreasQuery>,
) -> Result<Json<AreasBody>, ApiError> {
    let station = query
        .station_id
        .map(|id| id.to_string())
        .unwrap_or_default();
    let transformer_areas = app.store.read(move |tx| read_areas(tx, &station)).await?;
    Ok(Json(AreasBody { transformer_areas }))
}

fn read_areas(tx: &mut dyn Tx, station: &str) -> Result<Vec<AreaView>, StoreError> {
    tx.all(
        "SELECT a.id, a.code, a.name, a.station_id, s.name, a.area_class, a.feeder_name, \
         a.latitude_e6, a.longitude_e6, \
         (SELECT count(*) FROM customers c WHERE c.area_id = a.id) \
         FROM transformer_areas a JOIN stations s ON s.id = a.station_id \
         WHERE (?1 = '' OR a.station_id = ?1) ORDER BY a.code LIMIT ?2",
        args![station, MAX_ROWS],
        |row| {
            Ok(AreaView {
                id: row.parse(0)?,
                code: row.text(1)?,
                name: row.text(2)?,
                station_id: row.parse(3)?,
                station_name: row.text(4)?,
                area_class: row.parse(5)?,
                feeder_name: row.text(6)?,
                place: place(row.opt_int(7)?, row.opt_int(8)?),
                customers: row.int(9)?,
            })
        },
    )
}

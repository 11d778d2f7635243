//! Labelled places (现场设施): meter boxes, poles, transformer areas. A new one gets its label at once
//! and goes to the phones of its station.

use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::clock::random;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Json as Body;
use crate::feed::{self, Change};
use crate::mint::Mint;
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::id::{LabelId, PlaceId, PoleNumber, half_width};
use dianma_schema::label::LabelKind;
use dianma_schema::wire::sync::EntryKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most meters in a box.
const MAX_METERS: usize = 200;

/// A new place.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewPlace {
    /// `meter_box`, `pole` or `transformer_area`.
    pub kind: LabelKind,
    /// Box number, 杆号; for an area its code.
    pub number: String,
    /// Code of the transformer area it is in.
    pub area_code: String,
    /// 表号 of the meters in a box.
    #[serde(default)]
    pub meter_numbers: Vec<String>,
    /// Where, when known.
    pub place: Option<Place>,
}

/// A place with its label.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelledPlace {
    /// Id.
    pub id: PlaceId,
    /// What it is.
    pub kind: LabelKind,
    /// Its number.
    pub number: String,
    /// Its label.
    pub label_id: LabelId,
}

/// Envelope of [`LabelledPlace`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelledPlaceBody {
    /// The place.
    pub place: LabelledPlace,
}

/// Give a meter box, pole or transformer area a label.
#[utoipa::path(post, path = "/v1/label_places", tag = "labels", request_body = NewPlace, responses(
    (status = 201, body = LabelledPlaceBody), (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn create_place(
    State(app): State<App>,
    _: Actor,
    Body(body): Body<NewPlace>,
) -> Result<(StatusCode, Json<LabelledPlaceBody>), ApiError> {
    let mint = Mint::new(app.clock.now_ms(), random()?);
    let place = app
        .store
        .write(move |tx| create(tx, &mut mint.clone(), &body))
        .await?;
    Ok((StatusCode::CREATED, Json(LabelledPlaceBody { place })))
}

/// The use case of [`create_place`].
pub fn create(tx: &mut dyn Tx, mint: &mut Mint, new: &NewPlace) -> Result<LabelledPlace, ApiError> {
    let number = checked(new)?;
    let area = tx
        .first(
            "SELECT id, station_id FROM transformer_areas WHERE code = ?1",
            args![new.area_code.trim()],
            |row| Ok((row.text(0)?, row.text(1)?)),
        )?
        .ok_or_else(|| ApiError::field("area_code", "没有这个台区", "No such area"))?;
    let (id, label_id) = (PlaceId(mint.next_id()), LabelId(mint.next_id()));
    let written = tx.execute(
        "INSERT INTO label_places (id, kind, number, area_id, station_id, latitude_e6, longitude_e6, \
         version, updated_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8) \
         ON CONFLICT (area_id, kind, number) DO NOTHING",
        args![
            id.to_string(),
            new.kind.as_str(),
            &number,
            &area.0,
            &area.1,
            new.place.map(|place| place.latitude_e6),
            new.place.map(|place| place.longitude_e6),
            mint.now_ms()
        ],
    )?;
    if written == 0 {
        return Err(ApiError::conflict(fault::V_DUPLICATE)
            .with_detail("这个设施已有标签", "this facility has a label already"));
    }
    add_meters(tx, id, &new.meter_numbers)?;
    tx.execute(
        "INSERT INTO labels (id, kind, place_id, state, issued_at_ms, revision) \
         VALUES (?1, ?2, ?3, 'valid', ?4, 1)",
        args![
            label_id.to_string(),
            new.kind.as_str(),
            id.to_string(),
            mint.now_ms()
        ],
    )?;
    let changes = touch(tx, mint.now_ms(), id)?;
    feed::publish(tx, mint.now_ms(), changes)?;
    Ok(LabelledPlace {
        id,
        kind: new.kind,
        number,
        label_id,
    })
}

fn checked(new: &NewPlace) -> Result<String, ApiError> {
    let is_place = matches!(
        new.kind,
        LabelKind::MeterBox | LabelKind::Pole | LabelKind::TransformerArea
    );
    if !is_place {
        let zh = "只能是表箱、杆塔或台区";
        return Err(ApiError::field(
            "kind",
            zh,
            "A meter box, a pole or an area",
        ));
    }
    if new.meter_numbers.len() > MAX_METERS {
        let zh = "一个表箱最多 200 块表";
        return Err(ApiError::field(
            "meter_numbers",
            zh,
            "At most 200 meters in a box",
        ));
    }
    let number = PoleNumber::parse(&new.number).map_err(|_| {
        let zh = "编号须为 1 到 40 个字符";
        ApiError::field("number", zh, "A number has 1 to 40 characters")
    })?;
    Ok(number.as_str().to_owned())
}

fn add_meters(tx: &mut dyn Tx, id: PlaceId, numbers: &[String]) -> Result<(), ApiError> {
    for number in numbers {
        let number = half_width(number.trim());
        let meter = tx
            .first(
                "SELECT id FROM meters WHERE meter_number = ?1",
                args![&number],
                |row| row.text(0),
            )?
            .ok_or_else(|| {
                let zh = format!("表号 {number} 不在档案中");
                ApiError::field("meter_numbers", &zh, "A meter is not in the archive")
            })?;
        tx.execute(
            "INSERT INTO label_place_meters (place_id, meter_id) VALUES (?1, ?2) \
             ON CONFLICT (place_id, meter_id) DO NOTHING",
            args![id.to_string(), meter],
        )?;
    }
    Ok(())
}

/// Raises the version and returns the feed change.
pub fn touch(tx: &mut dyn Tx, now_ms: i64, id: PlaceId) -> Result<Vec<Change>, StoreError> {
    let found = tx.first(
        "UPDATE label_places SET version = version + 1, updated_at_ms = ?2 WHERE id = ?1 \
         RETURNING station_id, version",
        args![id.to_string(), now_ms],
        |row| Ok((row.parse(0)?, row.int(1)?)),
    )?;
    let change = found.map(|(station_id, version)| {
        let scope = feed::places_scope(station_id);
        Change::put(scope, EntryKind::Place, id.0, version)
    });
    Ok(change.into_iter().collect())
}

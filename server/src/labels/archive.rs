//! The archive of codes (标签档案): lists and single labels with their history. What a symbol says is
//! signed when it is shown; numbers beside a label are keys of the trade, nothing personal is here.

use crate::app::App;
use crate::args;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{PathId, Query};
use crate::keys::{Keyring, sign};
use crate::page::{self, Meta};
use crate::store::{Row, StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::id::LabelId;
use dianma_schema::label::LabelKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Most events shown of one label.
const MAX_EVENTS: i64 = 200;

/// A label as lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelRow {
    /// Id.
    pub id: LabelId,
    /// What it is stuck on.
    pub kind: LabelKind,
    /// Account, meter, box or pole number, or area code.
    pub number: String,
    /// Edition.
    pub revision: i64,
    /// `valid` or `revoked`.
    pub state: String,
    /// Station.
    pub station_name: Option<String>,
    /// 台区.
    pub area_name: Option<String>,
    /// First issue, epoch ms.
    pub issued_at_ms: i64,
    /// Last print, epoch ms.
    pub printed_at_ms: Option<i64>,
    /// Letter of the last scan that gave one.
    pub grade: Option<String>,
    /// When that was, epoch ms.
    pub graded_at_ms: Option<i64>,
    /// The label that took its place.
    pub replaced_by: Option<LabelId>,
}

/// Something that happened to a label.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelEvent {
    /// `printed`, `reissued`, `revoked`, `replaced`, `reprint_ordered`.
    pub event: String,
    /// Edition then.
    pub revision: i64,
    /// When, epoch ms.
    pub at_ms: i64,
    /// Who.
    pub actor_name: Option<String>,
    /// Short name of the key that signed what was printed.
    pub key_id: Option<String>,
    /// Reason, sheet and the like.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// One label.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelPage {
    /// The row of the list.
    #[serde(flatten)]
    pub label: LabelRow,
    /// What its symbol says; none for a revoked one.
    pub text: Option<String>,
    /// Signed, or of the unsigned first version.
    pub is_signed: bool,
    /// History, newest first.
    pub events: Vec<LabelEvent>,
}

/// Envelope of [`LabelPage`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelBody {
    /// The label.
    pub label: LabelPage,
}

/// Envelope of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelsBody {
    /// Labels, newest first.
    pub labels: Vec<LabelRow>,
    /// Where the list goes on.
    pub meta: Meta,
}

/// What to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct LabelFilter {
    /// Only this kind.
    pub kind: Option<LabelKind>,
    /// `valid` or `revoked`.
    pub state: Option<String>,
    /// Only labels whose last scan had this letter or a worse one.
    pub grade: Option<String>,
    /// Account, meter, box or pole number or area code, whole; an account finds its meters' labels too.
    pub number: Option<String>,
    /// Only of this station.
    pub station_id: Option<String>,
    /// Only of this transformer area.
    pub area_id: Option<String>,
    /// Only labels never printed.
    pub is_unprinted: Option<bool>,
    /// Page size, up to 200.
    pub limit: Option<i64>,
    /// From `meta.next_cursor`.
    pub cursor: Option<String>,
}

/// Labels, newest first.
#[utoipa::path(get, path = "/v1/labels", tag = "labels", params(LabelFilter), responses(
    (status = 200, body = LabelsBody), (status = 403, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn labels(
    State(app): State<App>,
    Query(filter): Query<LabelFilter>,
) -> Result<Json<LabelsBody>, ApiError> {
    let body = app.store.read(move |tx| list(tx, &filter)).await?;
    Ok(Json(body))
}

/// One label with its history.
#[utoipa::path(get, path = "/v1/labels/{id}", tag = "labels", params(("id" = String, Path)), responses(
    (status = 200, body = LabelBody), (status = 404, body = ErrorBody)))]
pub async fn label(
    State(app): State<App>,
    PathId(id): PathId<LabelId>,
) -> Result<Json<LabelBody>, ApiError> {
    let (keys, now_ms) = (app.keys.clone(), app.clock.now_ms());
    let label = app.store.read(move |tx| one(tx, &keys, now_ms, id)).await?;
    Ok(Json(LabelBody { label }))
}

const COLUMNS: &str = "l.id, l.kind, COALESCE(p.number, m.meter_number, c.account_number, ''), \
     l.revision, l.state, s.name, a.name, l.issued_at_ms, l.printed_at_ms, l.grade, l.graded_at_ms, \
     l.replaced_by";
const JOINS: &str = "LEFT JOIN meters m ON m.id = l.meter_id \
     LEFT JOIN customers c ON c.id = COALESCE(l.customer_id, m.customer_id) \
     LEFT JOIN label_places p ON p.id = l.place_id \
     LEFT JOIN stations s ON s.id = COALESCE(p.station_id, c.station_id) \
     LEFT JOIN transformer_areas a ON a.id = COALESCE(p.area_id, c.area_id)";

/// Every number has an index: each part finds its few labels, whatever the archive's size.
const OF_NUMBER: &str = "l.id IN (\
     SELECT x.id FROM labels x JOIN customers xc ON xc.id = x.customer_id WHERE xc.account_number = ? \
     UNION ALL SELECT x.id FROM labels x JOIN meters xm ON xm.id = x.meter_id WHERE xm.meter_number = ? \
     UNION ALL SELECT x.id FROM labels x JOIN label_places xp ON xp.id = x.place_id WHERE xp.number = ?)";

fn read(row: &Row<'_>) -> Result<LabelRow, StoreError> {
    Ok(LabelRow {
        id: row.parse(0)?,
        kind: row.parse(1)?,
        number: row.text(2)?,
        revision: row.int(3)?,
        state: row.text(4)?,
        station_name: row.opt_text(5)?,
        area_name: row.opt_text(6)?,
        issued_at_ms: row.int(7)?,
        printed_at_ms: row.opt_int(8)?,
        grade: row.opt_text(9)?,
        graded_at_ms: row.opt_int(10)?,
        replaced_by: row.opt_parse(11)?,
    })
}

/// A page of the archive. Ids rise with time, so they are the key of the list.
pub fn list(tx: &mut dyn Tx, filter: &LabelFilter) -> Result<LabelsBody, ApiError> {
    let limit = page::limit(filter.limit)?;
    let after = page::read_cursor::<1>(filter.cursor.as_deref())?;
    let is_first = after.is_none();
    let mut clauses = crate::clauses::Clauses::new();
    if let Some(kind) = filter.kind {
        clauses.add("l.kind = ?", kind.as_str());
    }
    if let Some(state) = &filter.state {
        clauses.add("l.state = ?", state.as_str());
    }
    if let Some(grade) = &filter.grade {
        clauses.add("l.grade >= ?", grade.as_str());
    }
    if let Some(station) = &filter.station_id {
        clauses.add("s.id = ?", station.as_str());
    }
    if let Some(area) = &filter.area_id {
        clauses.add("a.id = ?", area.as_str());
    }
    if filter.is_unprinted == Some(true) {
        clauses.add_fixed("l.printed_at_ms IS NULL");
    }
    if let Some([id]) = after {
        clauses.add("l.id < ?", id);
    }
    let number = filter.number.as_deref().map(str::trim).unwrap_or_default();
    if !number.is_empty() {
        clauses.add(OF_NUMBER, dianma_schema::id::half_width(number));
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM labels l {JOINS} {} ORDER BY l.id DESC LIMIT {}",
        clauses.sql(),
        limit + 1
    );
    let mut labels = tx.all(&sql, clauses.args(), read)?;
    let mut meta = page::finish(&mut labels, limit, |row: &LabelRow| {
        page::cursor(&[&row.id.to_string()])
    });
    // Counting a whole archive is dear; the few badly graded ones stand in an index of their own.
    if filter.grade.is_some() && is_first {
        let sql = format!("SELECT count(*) FROM labels l {JOINS} {}", clauses.sql());
        meta.total = tx.first(&sql, clauses.args(), |row| row.int(0))?;
    }
    Ok(LabelsBody { labels, meta })
}

/// One label with text and history.
pub fn one(
    tx: &mut dyn Tx,
    keys: &Keyring,
    now_ms: i64,
    id: LabelId,
) -> Result<LabelPage, ApiError> {
    let sql = format!("SELECT {COLUMNS} FROM labels l {JOINS} WHERE l.id = ?1");
    let label = tx
        .first(&sql, args![id.to_string()], read)?
        .ok_or_else(ApiError::not_found)?;
    let signed = match source(tx, id)? {
        Some(source) if label.state == "valid" => Some(sign::text(tx, keys, now_ms, &source)?),
        _ => None,
    };
    let is_signed = signed.as_ref().is_some_and(|text| text.key_id.is_some());
    Ok(LabelPage {
        label,
        text: signed.map(|signed| signed.text),
        is_signed,
        events: events(tx, id)?,
    })
}

/// What is needed to sign a label.
pub fn source(tx: &mut dyn Tx, id: LabelId) -> Result<Option<sign::LabelSource>, StoreError> {
    let sql = format!(
        "SELECT {} FROM labels l {} WHERE l.id = ?1",
        sign::SOURCE_COLUMNS,
        sign::SOURCE_JOINS
    );
    tx.first(&sql, args![id.to_string()], sign::source)
}

fn events(tx: &mut dyn Tx, id: LabelId) -> Result<Vec<LabelEvent>, StoreError> {
    tx.all(
        "SELECT e.event, e.revision, e.at_ms, p.display_name, e.key_id, e.detail \
         FROM label_events e LEFT JOIN staff p ON p.id = e.actor_id WHERE e.label_id = ?1 \
         ORDER BY e.at_ms DESC, e.id DESC LIMIT ?2",
        args![id.to_string(), MAX_EVENTS],
        |row| {
            let detail = row.text(5)?;
            Ok(LabelEvent {
                event: row.text(0)?,
                revision: row.int(1)?,
                at_ms: row.int(2)?,
                actor_name: row.opt_text(3)?,
                key_id: row.opt_text(4)?,
                detail: serde_json::from_str(&detail).unwrap_or_default(),
            })
        },
    )
}

/// An event to write down.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    /// The label.
    pub label_id: LabelId,
    /// Its edition.
    pub revision: i64,
    /// What happened.
    pub event: &'a str,
    /// Who.
    pub actor_id: &'a str,
    /// The key that signed.
    pub key_id: Option<&'a str>,
    /// More; no personal data.
    pub detail: serde_json::Value,
}

/// Writes events down.
pub fn note(
    tx: &mut dyn Tx,
    mint: &mut crate::mint::Mint,
    events: &[NewEvent<'_>],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<crate::store::Value>> = events
        .iter()
        .map(|event| {
            args![
                mint.next_id().to_string(),
                event.label_id.to_string(),
                event.revision,
                event.event,
                mint.now_ms(),
                event.actor_id,
                event.key_id,
                event.detail.to_string()
            ]
            .to_vec()
        })
        .collect();
    crate::store::insert_rows(
        tx,
        "INSERT INTO label_events (id, label_id, revision, event, at_ms, actor_id, key_id, detail)",
        8,
        &rows,
        "",
    )?;
    Ok(())
}

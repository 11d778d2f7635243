//! Printing labels (编制发行): chosen by id or by filter, signed, written into their history, drawn as a
//! PDF; and single symbols as SVG or PNG. A reprint is the same with another word in the history.

use super::archive::{self, LabelFilter, NewEvent};
use super::font::LabelFont;
use super::pdf::{self, Printable};
use super::sheet::{Layout, RESOLUTIONS, SHEETS, Sheet, USUAL_SIZE};
use super::symbol::Symbol;
use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::clock::random;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Json as Body, PathId, Query};
use crate::keys::{Keyring, sign};
use crate::mint::Mint;
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use dianma_schema::fault;
use dianma_schema::id::LabelId;
use dianma_schema::label::LabelKind;
use dianma_schema::time::format_minute;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

/// Most labels of one PDF.
pub const MAX_LABELS: usize = 2_000;

/// A sheet or roll on offer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SheetView {
    /// Word used in requests.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Labels on a page.
    pub per_page: u32,
    /// Cards to hand out: for codes of customers only.
    pub is_card: bool,
    /// Resolutions it can be printed at.
    pub resolutions: Vec<u32>,
}

/// Envelope of the sheets.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SheetsBody {
    /// The sheets.
    pub label_sheets: Vec<SheetView>,
}

/// What to print.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct PrintBody {
    /// These labels; or, when empty, those the filter finds.
    #[serde(default)]
    pub label_ids: Vec<LabelId>,
    /// Which labels, newest first; its limit counts up to 2,000 here.
    pub filter: Option<LabelFilter>,
    /// Sheet or roll.
    pub sheet: String,
    /// 203, 300 or 600.
    pub dpi: u32,
    /// A label in place of a bad one: clears its grade.
    #[serde(default)]
    pub is_reprint: bool,
}

/// How a single symbol is drawn.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SymbolQuery {
    /// `svg` (the default) or `png`.
    pub format: Option<String>,
    /// 203, 300 or 600; 300 when left out.
    pub dpi: Option<u32>,
}

/// Sheets and rolls labels can be printed on.
#[utoipa::path(get, path = "/v1/label_sheets", tag = "labels", responses((status = 200, body = SheetsBody)))]
pub async fn sheets() -> Json<SheetsBody> {
    let views = SHEETS.iter().map(|sheet| SheetView {
        id: sheet.id.clone(),
        zh: sheet.zh.clone(),
        en: sheet.en.clone(),
        per_page: sheet.per_page(),
        is_card: sheet.layout == Layout::Card,
        resolutions: RESOLUTIONS
            .into_iter()
            .filter(|dpi| sheet.plan(USUAL_SIZE, *dpi).is_ok())
            .collect(),
    });
    Json(SheetsBody {
        label_sheets: views.collect(),
    })
}

/// The symbol of one label.
#[utoipa::path(get, path = "/v1/labels/{id}/symbol", tag = "labels",
    params(("id" = String, Path), SymbolQuery), responses(
    (status = 200, content_type = "image/svg+xml", body = Vec<u8>), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 423, body = ErrorBody)))]
pub async fn symbol(
    State(app): State<App>,
    PathId(id): PathId<LabelId>,
    Query(query): Query<SymbolQuery>,
) -> Result<Response, ApiError> {
    let (keys, now_ms) = (app.keys.clone(), app.clock.now_ms());
    let page = app
        .store
        .read(move |tx| archive::one(tx, &keys, now_ms, id))
        .await?;
    let text = page.text.ok_or_else(|| {
        ApiError::conflict(fault::S_STATE).with_detail("标签已吊销", "the label is revoked")
    })?;
    let symbol = Symbol::encode(&text)?;
    let dpi = query.dpi.unwrap_or(300);
    if !RESOLUTIONS.contains(&dpi) {
        let zh = "分辨率须为 203、300 或 600";
        return Err(ApiError::field("dpi", zh, "203, 300 or 600 dpi"));
    }
    // About half a millimetre a module, in whole dots.
    let dots = (dpi / 50).max(4);
    if query.format.as_deref() == Some("png") {
        let bytes = symbol.png(dots, dpi)?;
        return Ok(([(header::CONTENT_TYPE, "image/png")], bytes).into_response());
    }
    let svg = symbol.svg(dots * 25_400 / dpi);
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}

/// Sign and print labels as a PDF.
#[utoipa::path(post, path = "/v1/labels/print", tag = "labels", request_body = PrintBody, responses(
    (status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 403, body = ErrorBody),
    (status = 422, body = ErrorBody), (status = 423, body = ErrorBody), (status = 424, body = ErrorBody)))]
pub async fn print(
    State(app): State<App>,
    actor: Actor,
    Body(body): Body<PrintBody>,
) -> Result<Response, ApiError> {
    let sheet = Sheet::find(&body.sheet)?;
    sheet.plan(USUAL_SIZE, body.dpi)?;
    let font = LabelFont::find(app.label_font.as_deref())?;
    let (keys, mint) = (app.keys.clone(), Mint::new(app.clock.now_ms(), random()?));
    let (actor_id, dpi) = (actor.staff_id.to_string(), body.dpi);
    let printables = app
        .store
        .write(move |tx| issue(tx, &keys, &mut mint.clone(), &actor_id, &body))
        .await?;
    let drawn = tokio::task::spawn_blocking(move || pdf::draw(&printables, sheet, dpi, &font));
    let bytes = drawn.await.map_err(|_| ApiError::internal())??;
    let name = "attachment; filename=\"labels.pdf\"";
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

struct Chosen {
    source: sign::LabelSource,
    place: String,
}

/// Signs the labels asked for and writes the print into their history.
pub fn issue(
    tx: &mut dyn Tx,
    keys: &Keyring,
    mint: &mut Mint,
    actor_id: &str,
    body: &PrintBody,
) -> Result<Vec<Printable>, ApiError> {
    let chosen = choose(tx, body)?;
    let now_ms = mint.now_ms();
    let day = format_minute(now_ms);
    let day = day.split(' ').next().unwrap_or_default();
    let detail = json!({ "sheet": body.sheet, "dpi": body.dpi });
    let event = if body.is_reprint {
        "reprinted"
    } else {
        "printed"
    };
    let mut printables = Vec::with_capacity(chosen.len());
    let mut signed_by = Vec::with_capacity(chosen.len());
    for label in &chosen {
        let signed = sign::sign(tx, keys, now_ms, &label.source)?;
        tx.execute(
            "UPDATE labels SET printed_at_ms = ?2, grade = NULL, graded_at_ms = NULL WHERE id = ?1",
            args![label.source.id.to_string(), now_ms],
        )?;
        printables.push(Printable {
            text: signed.text,
            kind: label.source.kind,
            number: label.source.number.clone(),
            place: label.place.clone(),
            edition: format!("第{}版 {day}", label.source.revision),
        });
        signed_by.push(signed.key_id);
    }
    let events: Vec<NewEvent<'_>> = chosen
        .iter()
        .zip(&signed_by)
        .map(|(label, key_id)| NewEvent {
            label_id: label.source.id,
            revision: i64::from(label.source.revision),
            event,
            actor_id,
            key_id: key_id.as_deref(),
            detail: detail.clone(),
        })
        .collect();
    archive::note(tx, mint, &events)?;
    Ok(printables)
}

fn choose(tx: &mut dyn Tx, body: &PrintBody) -> Result<Vec<Chosen>, ApiError> {
    let is_card = Sheet::find(&body.sheet)?.layout == Layout::Card;
    let is_found = body.label_ids.is_empty();
    let mut ids = body.label_ids.clone();
    if is_found {
        let mut filter = body.filter.clone().unwrap_or_default();
        if is_card {
            filter.kind = Some(LabelKind::Customer);
        }
        ids = filtered(tx, filter)?;
    }
    ids.truncate(MAX_LABELS);
    let mut chosen = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(label) = one(tx, id)? {
            chosen.push(label);
        }
    }
    if chosen.is_empty() {
        let zh = "没有符合条件的有效标签";
        return Err(ApiError::field("label_ids", zh, "No valid label fits"));
    }
    if is_card && (chosen.iter()).any(|label| label.source.kind != LabelKind::Customer) {
        let zh = "客户卡只能印客户的码，请换标签纸";
        let en = "Customer cards are for codes of customers only: choose another sheet";
        return Err(ApiError::field("sheet", zh, en));
    }
    if is_found {
        // Whoever sticks them on goes through one area after the other, along its numbers.
        chosen.sort_by_cached_key(|label| (label.place.clone(), in_order(&label.source.number)));
    }
    Ok(chosen)
}

/// A number as people count: 2号杆 before 12号杆. Every run of digits is filled up to one length.
fn in_order(number: &str) -> String {
    let (mut key, mut digits) = (String::new(), String::new());
    for c in number.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            key.push_str(&format!("{digits:0>24}"));
            digits.clear();
        }
        key.push(c);
    }
    key
}

/// Ids of valid labels a filter finds, page by page.
fn filtered(tx: &mut dyn Tx, mut filter: LabelFilter) -> Result<Vec<LabelId>, ApiError> {
    let asked = filter.limit.unwrap_or(crate::page::MAX_LIMIT);
    let wanted = usize::try_from(asked).unwrap_or(0).min(MAX_LABELS);
    filter.state = Some("valid".to_owned());
    let mut ids = Vec::new();
    while ids.len() < wanted {
        let left = i64::try_from(wanted - ids.len()).unwrap_or(1);
        filter.limit = Some(left.clamp(1, crate::page::MAX_LIMIT));
        let page = archive::list(tx, &filter)?;
        ids.extend(page.labels.iter().map(|label| label.id));
        filter.cursor = page.meta.next_cursor;
        if filter.cursor.is_none() {
            break;
        }
    }
    Ok(ids)
}

fn one(tx: &mut dyn Tx, id: LabelId) -> Result<Option<Chosen>, StoreError> {
    let sql = format!(
        "SELECT {}, COALESCE(s.name, ''), COALESCE(a.name, '') FROM labels l {} \
         LEFT JOIN transformer_areas a ON a.id = COALESCE(p.area_id, c.area_id) \
         WHERE l.id = ?1 AND l.state = 'valid'",
        sign::SOURCE_COLUMNS,
        sign::SOURCE_JOINS
    );
    tx.first(&sql, args![id.to_string()], |row| {
        let place = format!("{} {}", row.text(5)?, row.text(6)?);
        Ok(Chosen {
            source: sign::source(row)?,
            place: place.trim().to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn numbers_are_sorted_as_people_count() {
        let mut numbers = [
            "青山线12号杆",
            "青山线2号杆",
            "青山线2号杆支1",
            "A1",
            "9900000010",
            "990000002",
        ];
        numbers.sort_by_cached_key(|number| in_order(number));
        let wanted = [
            "990000002",
            "9900000010",
            "A1",
            "青山线2号杆",
            "青山线2号杆支1",
            "青山线12号杆",
        ];
        assert_eq!(numbers, wanted);
    }
}

//! `GET /v1/imports`, `GET /v1/imports/{id}`, `GET /v1/import_mappings`.

use super::mapping;
use super::report::{COLUMNS, ImportView, read};
use crate::app::App;
use crate::args;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{PathId, Query};
use crate::page::{self, Meta};
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::fault;
use dianma_schema::id::ImportId;
use dianma_schema::intake::{ImportState, RecordKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Envelope of one run.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportBody {
    /// The run.
    pub import: ImportView,
}

/// A page of runs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportsBody {
    /// Newest first.
    pub imports: Vec<ImportView>,
    /// Paging.
    pub meta: Meta,
}

/// Paging of runs.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportsQuery {
    /// 1 to 200.
    pub limit: Option<i64>,
    /// From the page before.
    pub cursor: Option<String>,
}

/// List import runs.
#[utoipa::path(get, path = "/v1/imports", tag = "imports", params(ImportsQuery), responses(
    (status = 200, body = ImportsBody), (status = 403, body = ErrorBody)))]
pub async fn imports(
    State(app): State<App>,
    Query(query): Query<ImportsQuery>,
) -> Result<Json<ImportsBody>, ApiError> {
    let body = app.store.read(move |tx| read_page(tx, &query)).await?;
    Ok(Json(body))
}

fn read_page(tx: &mut dyn Tx, query: &ImportsQuery) -> Result<ImportsBody, ApiError> {
    let limit = page::limit(query.limit)?;
    // Ids rise with time.
    let cursor = page::read_cursor::<1>(query.cursor.as_deref())?;
    let [before] = cursor.unwrap_or_else(|| ["~".to_owned()]);
    let sql = format!("SELECT {COLUMNS} FROM imports WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
    let mut imports = tx.all(&sql, args![before, limit + 1], read)?;
    let meta = page::finish(&mut imports, limit, |run| page::cursor(&[&run.id]));
    Ok(ImportsBody { imports, meta })
}

/// One import run.
#[utoipa::path(get, path = "/v1/imports/{id}", tag = "imports", params(("id" = String, Path)), responses(
    (status = 200, body = ImportBody), (status = 404, body = ErrorBody)))]
pub async fn import(
    State(app): State<App>,
    PathId(id): PathId<ImportId>,
) -> Result<Json<ImportBody>, ApiError> {
    let sql = format!("SELECT {COLUMNS} FROM imports WHERE id = ?1");
    let found = app
        .store
        .read(move |tx| tx.first(&sql, args![id.to_string()], read))
        .await
        .map_err(|error: StoreError| ApiError::from(error))?;
    let import = found.ok_or_else(ApiError::not_found)?;
    Ok(Json(ImportBody { import }))
}

/// A column of a mapping.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MappingColumn {
    /// Our field.
    pub field: String,
    /// Column names it may have.
    pub names: Vec<String>,
    /// Must be in the file.
    pub is_required: bool,
}

/// A mapping as people choose it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MappingView {
    /// Name.
    pub name: String,
    /// What the records are.
    pub record_kind: RecordKind,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Columns.
    pub columns: Vec<MappingColumn>,
}

/// Envelope of mappings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MappingsBody {
    /// All shipped mappings.
    pub import_mappings: Vec<MappingView>,
}

/// List the column mappings.
#[utoipa::path(get, path = "/v1/import_mappings", tag = "imports", responses(
    (status = 200, body = MappingsBody)))]
pub async fn mappings() -> Json<MappingsBody> {
    let views = mapping::shipped().iter().map(|mapping| MappingView {
        name: mapping.name.clone(),
        record_kind: mapping.record_kind,
        zh: mapping.zh.clone(),
        en: mapping.en.clone(),
        columns: mapping
            .columns
            .iter()
            .map(|column| MappingColumn {
                field: column.field.clone(),
                names: column.names.clone(),
                is_required: column.required,
            })
            .collect(),
    });
    Json(MappingsBody {
        import_mappings: views.collect(),
    })
}

/// Runs that a stop of this server cut off: told so, to be run again. Only for a database that one
/// server alone uses.
pub fn mark_interrupted(tx: &mut dyn Tx, now_ms: i64) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE imports SET state = ?1, fault_code = ?2, message = ?3, finished_at_ms = ?4 \
         WHERE state = ?5",
        args![
            ImportState::Failed.as_str(),
            fault::X_BUSY.as_str(),
            "服务器重启，导入中断：请重新导入，已写入的不会重复",
            now_ms,
            ImportState::Running.as_str()
        ],
    )
}

//! `POST /v1/imports`: the file is streamed to disk, then a background run reads it. The answer comes
//! as soon as the bytes are here; progress is in the list and in live notices.

use super::command::default_mapping;
use super::list::ImportBody;
use super::mapping::{self, Mapping};
use super::report::{ImportView, store as store_run};
use super::run::{Target, new_run, run};
use crate::app::App;
use crate::auth::Actor;
use crate::clock::random;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Query;
use crate::mint::Mint;
use crate::orders::By;
use crate::store::StoreError;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use dianma_schema::fault;
use dianma_schema::intake::RecordKind;
use http_body_util::BodyExt;
use serde::Deserialize;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use utoipa::IntoParams;

/// Largest file, bytes.
const MAX_FILE: u64 = 4 * 1024 * 1024 * 1024;

/// What the file is.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UploadQuery {
    /// What it holds.
    pub record_kind: RecordKind,
    /// Column mapping; without it the generic one of the kind.
    pub mapping: Option<String>,
    /// Only check and count.
    #[serde(default)]
    pub dry_run: bool,
    /// Name shown in the list.
    pub file_name: Option<String>,
}

/// Import a file: the raw bytes are the body.
#[utoipa::path(post, path = "/v1/imports", tag = "imports", params(UploadQuery),
    request_body(content = String, content_type = "text/csv"), responses(
    (status = 202, body = ImportBody), (status = 413, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn upload(
    State(app): State<App>,
    actor: Actor,
    Query(query): Query<UploadQuery>,
    body: Body,
) -> Result<(StatusCode, Json<ImportBody>), ApiError> {
    let name = query
        .mapping
        .as_deref()
        .unwrap_or_else(|| default_mapping(query.record_kind));
    let mapping = mapping::find(name)
        .filter(|mapping| mapping.record_kind == query.record_kind)
        .ok_or_else(|| {
            ApiError::field("mapping", "没有这个映射", "No such mapping for this kind")
        })?;
    let mut mint = Mint::new(app.clock.now_ms(), random()?);
    let folder = app.settings.data.join("imports");
    let path = folder.join(format!("{}.part", mint.next_id()));
    let bytes = receive(&folder, &path, body).await?;
    let file_name = query.file_name.as_deref().unwrap_or("upload.csv");
    let by = By::from(&actor);
    let view = new_run(mapping, file_name, bytes, query.dry_run, &by.id, &mut mint);
    let stored = view.clone();
    app.store
        .write(move |tx| store_run(tx, &stored))
        .await
        .map_err(|error: StoreError| ApiError::from(error))?;
    let import = view.clone();
    let target = Target {
        store: app.store.clone(),
        clock: app.clock.clone(),
    };
    tokio::task::spawn_blocking(move || work(&target, mapping, &by, view, &path));
    Ok((StatusCode::ACCEPTED, Json(ImportBody { import })))
}

/// Streams the body to disk; what is cut off or too large leaves nothing behind.
async fn receive(folder: &Path, path: &PathBuf, mut body: Body) -> Result<u64, ApiError> {
    let failed = |error: std::io::Error| {
        tracing::error!(error = %error, "an uploaded file cannot be written");
        ApiError::internal()
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = std::fs::File::create(path).map_err(failed)?;
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        let outcome = match frame.map(|frame| frame.into_data().ok()) {
            Err(_) => Err(ApiError::new(StatusCode::BAD_REQUEST, fault::V_BODY)),
            Ok(None) => Ok(()),
            Ok(Some(data)) => {
                bytes += data.len() as u64;
                if bytes > MAX_FILE {
                    Err(ApiError::new(
                        StatusCode::PAYLOAD_TOO_LARGE,
                        fault::V_TOO_LARGE,
                    ))
                } else {
                    file.write_all(&data).map_err(failed)
                }
            }
        };
        if let Err(refusal) = outcome {
            drop(file);
            let _ = std::fs::remove_file(path);
            return Err(refusal);
        }
    }
    Ok(bytes)
}

fn work(target: &Target, mapping: &Mapping, by: &By, view: ImportView, path: &PathBuf) {
    let outcome = std::fs::File::open(path)
        .map_err(super::run::ImportError::from)
        .and_then(|file| {
            let input = BufReader::with_capacity(256 * 1024, file);
            run(target, mapping, by, view, input, &mut |_| {})
        });
    match outcome {
        Ok(view) => tracing::info!(rows = view.rows_read, state = %view.state, "an import ended"),
        Err(error) => tracing::error!(error = %error, "an import stopped"),
    }
    let _ = std::fs::remove_file(path);
}

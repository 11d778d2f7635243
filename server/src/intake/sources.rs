//! `GET /v1/sources`: staging databases with how far each table was read, since when, and what is
//! wrong.

use super::staging_tables::TABLES;
use crate::app::App;
use crate::args;
use crate::error::{ApiError, ErrorBody};
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::fault::FaultCode;
use dianma_schema::intake::RecordKind;
use serde::Serialize;
use utoipa::ToSchema;

/// One table of a staging database.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceView {
    /// Name of the staging database.
    pub source: String,
    /// Table.
    pub table_name: String,
    /// What its rows are.
    pub record_kind: Option<RecordKind>,
    /// Key of the last row taken in.
    pub last_key: String,
    /// Last good poll.
    pub polled_at_ms: i64,
    /// How long ago that is, ms.
    pub lag_ms: i64,
    /// What is wrong.
    pub fault_code: Option<FaultCode>,
    /// Chinese sentence of it.
    pub advice: Option<String>,
}

/// Envelope of sources.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourcesBody {
    /// By source and table.
    pub sources: Vec<SourceView>,
}

/// List staging databases.
#[utoipa::path(get, path = "/v1/sources", tag = "intake", responses(
    (status = 200, body = SourcesBody), (status = 403, body = ErrorBody)))]
pub async fn sources(State(app): State<App>) -> Result<Json<SourcesBody>, ApiError> {
    let now_ms = app.clock.now_ms();
    let sources = app
        .store
        .read(move |tx| read(tx, now_ms))
        .await
        .map_err(|error: StoreError| ApiError::from(error))?;
    Ok(Json(SourcesBody { sources }))
}

fn read(tx: &mut dyn Tx, now_ms: i64) -> Result<Vec<SourceView>, StoreError> {
    tx.all(
        "SELECT source, table_name, last_key, polled_at_ms, fault_code FROM intake_cursors \
         ORDER BY source, table_name LIMIT 200",
        args![],
        |row| {
            let table_name = row.text(1)?;
            let last_key = row.text(2)?;
            let polled_at_ms = row.int(3)?;
            let code = row.opt_text(4)?.and_then(|code| FaultCode::find(&code));
            let table = TABLES.iter().find(|table| table.name == table_name);
            Ok(SourceView {
                source: row.text(0)?,
                table_name,
                record_kind: table.map(|table| table.kind),
                last_key: last_key.split('/').next().unwrap_or_default().to_owned(),
                polled_at_ms,
                lag_ms: (now_ms - polled_at_ms).max(0),
                fault_code: code,
                advice: code.map(|code| code.zh().to_owned()),
            })
        },
    )
}

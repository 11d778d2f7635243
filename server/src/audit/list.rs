//! `GET /v1/audit`: the audit log of a subject or of everything, newest first; `GET /v1/audit/verify`.

use super::{Verdict, verify};
use crate::app::App;
use crate::clauses::Clauses;
use crate::error::{ApiError, ErrorBody};
use crate::extract::Query;
use crate::page::{self, Meta};
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Filters of the log.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// `work_order`, `staff`, `device`, `customer`, …
    pub subject_kind: Option<String>,
    /// Id of the subject.
    pub subject_id: Option<String>,
    /// Who did it.
    pub actor_id: Option<String>,
    /// Rows of a page, 1 to 200.
    pub limit: Option<i64>,
    /// From the page before.
    pub cursor: Option<String>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditView {
    /// Place in the chain.
    pub seq: i64,
    /// When.
    pub at_ms: i64,
    /// Staff id, `system`, or `device:<id>`.
    pub actor_id: String,
    /// Name of the person, when it is one.
    pub actor_name: Option<String>,
    /// What was done.
    pub action: String,
    /// Kind of the subject.
    pub subject_kind: String,
    /// Its id.
    pub subject_id: String,
    /// What else matters.
    pub detail: serde_json::Value,
    /// Hash of the entry and of all before it.
    pub hash: String,
}

/// A page of the log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditPage {
    /// The entries, newest first.
    pub audit: Vec<AuditView>,
    /// Paging.
    pub meta: Meta,
}

/// The entries that fit, newest first.
pub fn list(tx: &mut dyn Tx, filter: &AuditFilter) -> Result<AuditPage, ApiError> {
    let limit = page::limit(filter.limit)?;
    let mut clauses = Clauses::new();
    clauses.add_some("a.subject_kind = ?", filter.subject_kind.as_deref());
    clauses.add_some("a.subject_id = ?", filter.subject_id.as_deref());
    clauses.add_some("a.actor_id = ?", filter.actor_id.as_deref());
    if let Some([seq]) = page::read_cursor(filter.cursor.as_deref())? {
        let seq: i64 = seq.parse().map_err(|_| page::bad_cursor())?;
        clauses.add("a.seq < ?", seq);
    }
    let conditions = clauses.sql();
    let sql = format!(
        "SELECT a.seq, a.at_ms, a.actor_id, p.display_name, a.action, a.subject_kind, a.subject_id, \
         a.detail, a.hash FROM audit a LEFT JOIN staff p ON p.id = a.actor_id{conditions} \
         ORDER BY a.seq DESC LIMIT {}",
        clauses.bind(limit + 1)
    );
    let mut audit = tx.all(&sql, clauses.args(), |row| {
        Ok(AuditView {
            seq: row.int(0)?,
            at_ms: row.int(1)?,
            actor_id: row.text(2)?,
            actor_name: row.opt_text(3)?,
            action: row.text(4)?,
            subject_kind: row.text(5)?,
            subject_id: row.text(6)?,
            detail: serde_json::from_str(&row.text(7)?).unwrap_or_default(),
            hash: row.text(8)?,
        })
    })?;
    let meta = page::finish(&mut audit, limit, |entry| {
        page::cursor(&[&entry.seq.to_string()])
    });
    Ok(AuditPage { audit, meta })
}

/// The audit log, newest first.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", params(AuditFilter), responses(
    (status = 200, body = AuditPage), (status = 422, body = ErrorBody)))]
pub async fn list_audit(
    State(app): State<App>,
    Query(filter): Query<AuditFilter>,
) -> Result<Json<AuditPage>, ApiError> {
    Ok(Json(app.store.read(move |tx| list(tx, &filter)).await?))
}

/// Envelope of [`Verdict`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerdictBody {
    /// How the check ended.
    pub verdict: Verdict,
}

/// Walks the whole chain: was anything changed or removed?
#[utoipa::path(get, path = "/v1/audit/verify", tag = "audit", responses((status = 200, body = VerdictBody)))]
pub async fn verify_audit(State(app): State<App>) -> Result<Json<VerdictBody>, ApiError> {
    let verdict = app.store.read(verify).await?;
    Ok(Json(VerdictBody { verdict }))
}

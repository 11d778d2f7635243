//! `GET /v1/staff`: people by login name, filtered.

use super::StaffView;
use super::view::{SELECT, add_areas, read};
use crate::app::App;
use crate::clauses::{Clauses, contains_pattern};
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Query, Search};
use crate::page::{self, Meta};
use crate::store::Tx;
use axum::Json;
use axum::extract::State;
use dianma_schema::id::StationId;
use dianma_schema::permission::Role;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Filters of the list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StaffFilter {
    /// Part of a login name or a name; never in the address, see [`Search`].
    #[serde(skip)]
    #[param(ignore)]
    pub q: Option<String>,
    /// Home station.
    pub station_id: Option<StationId>,
    /// Role.
    pub role: Option<Role>,
    /// Only people who may (or may not) sign in.
    pub is_active: Option<bool>,
    /// Only people on (or off) duty.
    pub is_on_duty: Option<bool>,
    /// Rows of a page, 1 to 200.
    pub limit: Option<i64>,
    /// From the page before.
    pub cursor: Option<String>,
}

/// A page of people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StaffPage {
    /// The people.
    pub staff: Vec<StaffView>,
    /// Paging.
    pub meta: Meta,
}

/// The people that fit, by login name.
pub fn list(tx: &mut dyn Tx, filter: &StaffFilter) -> Result<StaffPage, ApiError> {
    let limit = page::limit(filter.limit)?;
    let mut clauses = Clauses::new();
    if let Some(q) = filter.q.as_deref().filter(|q| !q.trim().is_empty()) {
        clauses.add(
            "(p.login_name LIKE ? ESCAPE '!' OR lower(p.display_name) LIKE ? ESCAPE '!')",
            contains_pattern(q),
        );
    }
    clauses.add_some(
        "p.station_id = ?",
        filter.station_id.map(|id| id.to_string()),
    );
    clauses.add_some("p.role = ?", filter.role.map(Role::as_str));
    clauses.add_some("p.is_active = ?", filter.is_active);
    clauses.add_some("p.is_on_duty = ?", filter.is_on_duty);
    if let Some([after]) = page::read_cursor(filter.cursor.as_deref())? {
        clauses.add("p.login_name > ?", after);
    }
    let conditions = clauses.sql();
    let sql = format!(
        "{SELECT}{conditions} ORDER BY p.login_name LIMIT {}",
        clauses.bind(limit + 1)
    );
    let mut staff = tx.all(&sql, clauses.args(), read)?;
    let meta = page::finish(&mut staff, limit, |person| {
        page::cursor(&[&person.login_name])
    });
    add_areas(tx, &mut staff)?;
    Ok(StaffPage { staff, meta })
}

/// People: accounts, roles, skills, stations, areas.
#[utoipa::path(get, path = "/v1/staff", tag = "staff", params(
    StaffFilter,
    ("x-dianma-search" = Option<String>, Header, description = "Part of a login name or a name; percent-encoded UTF-8")
), responses(
    (status = 200, body = StaffPage), (status = 422, body = ErrorBody)))]
pub async fn list_staff(
    State(app): State<App>,
    Query(mut filter): Query<StaffFilter>,
    Search(text): Search,
) -> Result<Json<StaffPage>, ApiError> {
    filter.q = text;
    Ok(Json(app.store.read(move |tx| list(tx, &filter)).await?))
}

//! Named views of lists (视图): everybody keeps his own. A view is the query of a page's address; what was
//! typed into a search box never is part of it, so nothing personal is stored here.

use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::clock::random;
use crate::error::{ApiError, ErrorBody, FieldProblem};
use crate::extract::{Json as Body, PathId, Query};
use crate::mint::Mint;
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use dianma_schema::id::{SavedViewId, StaffId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Pages that keep views.
const LISTS: [&str; 1] = ["orders"];
/// Most views of one person and page.
const MOST_VIEWS: i64 = 20;
/// Longest name, characters.
const LONGEST_NAME: usize = 30;
/// Longest query, characters.
const LONGEST_QUERY: usize = 1_000;

/// A view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SavedView {
    /// Id.
    pub id: SavedViewId,
    /// Name given by the person.
    pub name: String,
    /// Query part of the page's address, without `?`.
    pub query: String,
}

/// Envelope of [`SavedView`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedViewBody {
    /// The view.
    pub saved_view: SavedView,
}

/// Envelope of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedViewsBody {
    /// The person's views of the page, oldest first.
    pub saved_views: Vec<SavedView>,
}

/// Whose views.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SavedViewsQuery {
    /// The page: `orders`.
    pub list: String,
}

/// A view to keep; one of the same name is replaced.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    /// The page: `orders`.
    pub list: String,
    /// 1 to 30 characters.
    pub name: String,
    /// Query part of the page's address, without `?`.
    pub query: String,
}

/// My views of a page.
#[utoipa::path(get, path = "/v1/saved_views", tag = "views", params(SavedViewsQuery), responses(
    (status = 200, body = SavedViewsBody), (status = 401, body = ErrorBody)))]
pub async fn list_views(
    State(app): State<App>,
    actor: Actor,
    Query(query): Query<SavedViewsQuery>,
) -> Result<Json<SavedViewsBody>, ApiError> {
    let saved_views = app
        .store
        .read(move |tx| list(tx, actor.staff_id, &query.list))
        .await?;
    Ok(Json(SavedViewsBody { saved_views }))
}

/// Keep a view.
#[utoipa::path(post, path = "/v1/saved_views", tag = "views", request_body = NewView, responses(
    (status = 200, body = SavedViewBody), (status = 401, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn save_view(
    State(app): State<App>,
    actor: Actor,
    Body(body): Body<NewView>,
) -> Result<Json<SavedViewBody>, ApiError> {
    let mint = Mint::new(app.clock.now_ms(), random()?);
    let saved_view = app
        .store
        .write(move |tx| save(tx, &mut mint.clone(), actor.staff_id, &body))
        .await?;
    Ok(Json(SavedViewBody { saved_view }))
}

/// Remove one of my views.
#[utoipa::path(delete, path = "/v1/saved_views/{id}", tag = "views", params(("id" = SavedViewId, Path)),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub async fn remove_view(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<SavedViewId>,
) -> Result<StatusCode, ApiError> {
    app.store
        .write(move |tx| remove(tx, actor.staff_id, id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The views of a person, oldest first: ids rise with time.
pub fn list(
    tx: &mut dyn Tx,
    staff_id: StaffId,
    list_name: &str,
) -> Result<Vec<SavedView>, StoreError> {
    tx.all(
        "SELECT id, name, query FROM saved_views WHERE staff_id = ?1 AND list_name = ?2 \
         ORDER BY id LIMIT ?3",
        args![staff_id.to_string(), list_name, MOST_VIEWS],
        |row| {
            Ok(SavedView {
                id: row.parse(0)?,
                name: row.text(1)?,
                query: row.text(2)?,
            })
        },
    )
}

/// Keeps a view; one of the same name keeps its place.
pub fn save(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    staff_id: StaffId,
    new: &NewView,
) -> Result<SavedView, ApiError> {
    let (name, query) = checked(new)?;
    let kept = list(tx, staff_id, &new.list)?;
    let old = kept.iter().find(|view| view.name == name);
    if old.is_none() && i64::try_from(kept.len()).unwrap_or(i64::MAX) >= MOST_VIEWS {
        let zh = format!("最多保存 {MOST_VIEWS} 个视图，请先删掉不用的");
        let en = format!("At most {MOST_VIEWS} views: remove one first");
        return Err(ApiError::field("name", &zh, &en));
    }
    let id = old.map_or_else(|| SavedViewId(mint.next_id()), |view| view.id);
    tx.execute(
        "INSERT INTO saved_views (id, staff_id, list_name, name, query, changed_at_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (staff_id, list_name, name) DO UPDATE SET query = excluded.query, \
         changed_at_ms = excluded.changed_at_ms",
        args![
            id.to_string(),
            staff_id.to_string(),
            &new.list,
            &name,
            &query,
            mint.now_ms()
        ],
    )?;
    Ok(SavedView { id, name, query })
}

/// Removes a view of this person; another's is not found.
pub fn remove(tx: &mut dyn Tx, staff_id: StaffId, id: SavedViewId) -> Result<(), ApiError> {
    let removed = tx.execute(
        "DELETE FROM saved_views WHERE id = ?1 AND staff_id = ?2",
        args![id.to_string(), staff_id.to_string()],
    )?;
    if removed == 0 {
        return Err(ApiError::not_found());
    }
    Ok(())
}

fn checked(new: &NewView) -> Result<(String, String), ApiError> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, zh: &str, en: &str| {
        problems.push(FieldProblem {
            field: field.to_owned(),
            message: zh.to_owned(),
            message_en: en.to_owned(),
        });
    };
    let name = new.name.trim();
    let length = name.chars().count();
    if length == 0 || length > LONGEST_NAME || name.chars().any(char::is_control) {
        wrong(
            "name",
            "名称须为 1 到 30 个字符",
            "A name has 1 to 30 characters",
        );
    }
    if !LISTS.contains(&new.list.as_str()) {
        wrong("list", "没有这个页面的视图", "This page has no views");
    }
    let query = new.query.trim_start_matches('?');
    if query.chars().count() > LONGEST_QUERY || query.chars().any(char::is_control) {
        wrong("query", "条件过长", "The query is too long");
    }
    if problems.is_empty() {
        Ok((name.to_owned(), query.to_owned()))
    } else {
        Err(ApiError::fields(problems))
    }
}

//! Whether the server is up and what it runs on.

use crate::app::App;
use crate::store::Engine;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// State of the server.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok` when it answers.
    pub status: &'static str,
    /// Version of the server.
    pub version: &'static str,
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// Server clock, epoch ms.
    pub server_ms: i64,
}

/// Is it up?
#[utoipa::path(get, path = "/v1/health", tag = "system", responses((status = 200, body = Health)))]
pub async fn health(State(app): State<App>) -> Json<Health> {
    let engine = match app.store.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        engine,
        server_ms: app.clock.now_ms(),
    })
}

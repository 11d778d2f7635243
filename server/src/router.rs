//! The whole route table. Each handler carries its own OpenAPI text; each route has a row in
//! `access.rs`.

use crate::app::App;
use crate::error::ApiError;
use crate::{
    access, audit, auth, catalogues, console, customers, devices, dispatch, evidence, health,
    intake, kpi, labels, live, lookup, orders, overview, releases, review, secrets, staff, sync,
    views, wake,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Largest JSON body; imports and evidence have their own limits.
const MAX_JSON_BYTES: usize = 1024 * 1024;

#[derive(OpenApi)]
#[openapi(info(
    title = "Dianma 电码",
    description = "Low-voltage power-service work: from a record to an archived order."
))]
struct Document;

#[expect(clippy::too_many_lines, reason = "the whole route table in one place")]
fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(health::health))
        // auth
        .routes(routes!(auth::setup::state, auth::setup::create))
        .routes(routes!(auth::sign_in::sign_in))
        .routes(routes!(auth::sign_in::current, auth::sign_in::sign_out))
        .routes(routes!(auth::sign_in::change_password))
        // staff and audit
        .routes(routes!(
            staff::list::list_staff,
            staff::create::create_staff
        ))
        .routes(routes!(staff::update::update_staff))
        .routes(routes!(staff::reset_password::reset_password))
        .routes(routes!(audit::list::list_audit))
        .routes(routes!(audit::list::verify_audit))
        // orders
        .routes(routes!(orders::list::list))
        .routes(routes!(orders::counts::counts))
        .routes(routes!(orders::page::page, orders::edit::edit))
        .routes(routes!(orders::unmask::unmask))
        // dispatch
        .routes(routes!(dispatch::candidates::candidates))
        .routes(routes!(dispatch::assign::dispatch))
        .routes(routes!(dispatch::recall::recall))
        .routes(routes!(dispatch::reassign::reassign))
        .routes(routes!(dispatch::cancel::cancel))
        .routes(routes!(dispatch::restore::restore))
        .routes(routes!(dispatch::urge::urge))
        .routes(routes!(
            dispatch::policy::dispatch_policy,
            dispatch::policy::change_dispatch_policy
        ))
        // review
        .routes(routes!(review::queue::reviews))
        .routes(routes!(review::callbacks_due::callbacks_due))
        .routes(routes!(review::approve::approve))
        .routes(routes!(review::reject::reject))
        .routes(routes!(review::waive_evidence::waive_evidence))
        .routes(routes!(review::archive::archive))
        .routes(routes!(review::call_back::call_back))
        // catalogues and views
        .routes(routes!(catalogues::catalogue))
        .routes(routes!(views::list_views, views::save_view))
        .routes(routes!(views::remove_view))
        // numbers
        .routes(routes!(overview::overview))
        .routes(routes!(kpi::list::list_kpis))
        .routes(routes!(kpi::series::kpi_series))
        .routes(routes!(kpi::orders::kpi_orders))
        // intake
        .routes(routes!(intake::check::check))
        .routes(routes!(intake::check::try_templates))
        .routes(routes!(intake::requests::create_request))
        .routes(routes!(intake::hotline::push))
        .routes(routes!(intake::exceptions::list))
        .routes(routes!(intake::exceptions::retry))
        .routes(routes!(intake::exceptions::assign))
        .routes(routes!(intake::exceptions::ignore))
        .routes(routes!(intake::unmask::unmask_record))
        .routes(routes!(intake::sources::sources))
        // imports
        .routes(routes!(
            intake::imports::list::imports,
            intake::imports::upload::upload
        ))
        .routes(routes!(intake::imports::list::import))
        .routes(routes!(intake::imports::list::mappings))
        // customers
        .routes(routes!(customers::list::customers))
        .routes(routes!(customers::page::customer))
        .routes(routes!(customers::unmask::unmask_customer))
        .routes(routes!(customers::areas::stations))
        .routes(routes!(customers::areas::transformer_areas))
        // labels
        .routes(routes!(labels::archive::labels))
        .routes(routes!(labels::archive::label))
        .routes(routes!(labels::change::reissue))
        .routes(routes!(labels::change::revoke))
        .routes(routes!(labels::places::create_place))
        .routes(routes!(labels::print::sheets))
        .routes(routes!(labels::print::symbol))
        .routes(routes!(labels::print::print))
        .routes(routes!(labels::send::send_consent_code))
        .routes(routes!(labels::send::consent_page))
        // live
        .routes(routes!(live::events::events))
        // phones
        .routes(routes!(devices::enrol::enrol))
        .routes(routes!(devices::enrol_code::enrol_by_code))
        .routes(routes!(devices::enrol_code::issue_enrol_code))
        .routes(routes!(devices::list::list))
        .routes(routes!(devices::retire::retire))
        .routes(routes!(sync::handler::sync))
        .routes(routes!(evidence::upload::offset, evidence::upload::append))
        .routes(routes!(lookup::lookup))
        .routes(routes!(wake::wake))
        .routes(routes!(releases::offer::newest_release))
        .routes(routes!(releases::offer::release_package))
        .routes(routes!(sync::quarantine::list_quarantine))
        .routes(routes!(sync::quarantine::resolve_quarantine))
        .routes(routes!(sync::retry::retry_quarantine))
        // evidence
        .routes(routes!(evidence::view::view))
}

/// The OpenAPI document, as checked in at `shared-schema/openapi.json`.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) = routes().split_for_parts();
    "1".clone_into(&mut document.info.version);
    secrets::describe(&mut document);
    document
}

/// The router with its layers.
pub fn router(app: App) -> Router {
    let (api, _) = routes().split_for_parts();
    let api = api
        .route_layer(from_fn_with_state(app.clone(), access::authorise))
        .layer(DefaultBodyLimit::max(MAX_JSON_BYTES))
        .merge(console::router());
    let panicked = |_: Box<dyn std::any::Any + Send>| {
        tracing::error!("a handler panicked");
        ApiError::internal().into_response()
    };
    api.layer(CatchPanicLayer::custom(panicked))
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "no-referrer"))
        .layer(secrets::mark())
        .with_state(app)
}

fn header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every documented route has a permission row and every row a route.
    #[test]
    fn every_route_has_a_permission_row() {
        let document = serde_json::to_value(document()).unwrap();
        let mut routes: Vec<String> = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                routes.push(format!("{} {path}", method.to_uppercase()));
            }
        }
        let mut rows: Vec<String> = access::ACCESS
            .iter()
            .map(|(method, path, _)| format!("{method} {path}"))
            .collect();
        routes.sort();
        rows.sort();
        assert_eq!(routes, rows);
    }

    /// A type used only as a query parameter needs `#[param(inline)]`, or clients cannot be generated.
    #[test]
    fn every_reference_of_the_document_resolves() {
        fn collect<'a>(value: &'a serde_json::Value, found: &mut Vec<&'a str>) {
            match value {
                serde_json::Value::Object(map) => {
                    found.extend(map.get("$ref").and_then(serde_json::Value::as_str));
                    map.values().for_each(|inner| collect(inner, found));
                }
                serde_json::Value::Array(all) => {
                    for inner in all {
                        collect(inner, found);
                    }
                }
                _ => {}
            }
        }
        let document = serde_json::to_value(document()).unwrap();
        let mut references = Vec::new();
        collect(&document, &mut references);
        for reference in references {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }
}

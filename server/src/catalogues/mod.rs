//! The shipped catalogues (目录) for the console and for integrators: read from the schema crate, so
//! that everybody sees the very data the server decides by. Owns no data.

use crate::app::App;
use crate::error::{ApiError, ErrorBody};
use axum::Json;
use axum::extract::{Path, State};
use dianma_schema::cost::PriceBook;
use dianma_schema::order::lifecycle::{Next, TABLE, Transition};
use dianma_schema::order::{OrderKind, deadline, evidence, record, sla_rule};
use dianma_schema::permission::{Role, permissions};
use dianma_schema::{card, fault};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One catalogue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Catalogue {
    /// Its name.
    pub name: String,
    /// Its entries, as the schema crate has them.
    #[schema(value_type = Object)]
    pub entries: Value,
}

/// Envelope of [`Catalogue`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CatalogueBody {
    /// The catalogue.
    pub catalogue: Catalogue,
}

/// Read a catalogue: `order_kinds`, `lifecycle`, `fault_codes`, `record_forms`,
/// `evidence_requirements`, `operation_cards`, `price_list`, `service_limits`, `permissions`.
#[utoipa::path(get, path = "/v1/catalogues/{name}", tag = "catalogues",
    params(("name" = String, Path)), responses(
    (status = 200, body = CatalogueBody), (status = 404, body = ErrorBody)))]
pub async fn catalogue(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Json<CatalogueBody>, ApiError> {
    let entries = entries(&name, app.clock.now_ms()).ok_or_else(ApiError::not_found)?;
    Ok(Json(CatalogueBody {
        catalogue: Catalogue { name, entries },
    }))
}

/// The entries of a catalogue; `None` when there is none of that name.
pub fn entries(name: &str, now_ms: i64) -> Option<Value> {
    Some(match name {
        "order_kinds" => words(OrderKind::ALL.iter().map(|k| (k.as_str(), k.zh(), k.en()))),
        "lifecycle" => TABLE.iter().map(transition).collect(),
        "fault_codes" => json!(*fault::CATALOGUE),
        "record_forms" => by_kind(record::form),
        "evidence_requirements" => by_kind(evidence::required),
        "operation_cards" => json!(card::all()),
        "price_list" => price_list(now_ms),
        "service_limits" => service_limits(),
        "permissions" => Role::ALL.iter().map(|role| role_entry(*role)).collect(),
        _ => return None,
    })
}

fn words<'a>(words: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> Value {
    words
        .map(|(code, zh, en)| json!({ "code": code, "zh": zh, "en": en }))
        .collect()
}

fn by_kind<T: Serialize>(of: impl Fn(OrderKind) -> T) -> Value {
    let all: BTreeMap<&str, T> = OrderKind::ALL
        .iter()
        .map(|kind| (kind.as_str(), of(*kind)))
        .collect();
    json!(all)
}

fn transition(row: &Transition) -> Value {
    let next = match row.next {
        Next::Same => None,
        Next::To(state) => Some(state),
    };
    json!({
        "command": row.command,
        "zh": row.command.zh(),
        "en": row.command.en(),
        "from": row.from,
        "next": next,
        "roles": row.roles,
        "needs": words(row.needs.iter().map(|need| (need.as_str(), need.zh(), need.en()))),
    })
}

fn price_list(now_ms: i64) -> Value {
    let book = PriceBook::shipped();
    json!({
        "lists": book.lists(),
        "items": book.priced_items(now_ms),
        "forbidden": book.forbidden_items(),
    })
}

/// Every rule with the sentence that people read.
fn service_limits() -> Value {
    let with_sentence = |rule: &deadline::SlaRule| {
        let mut entry = json!(rule);
        entry["zh"] = json!(rule.sentence_zh());
        entry["en"] = json!(rule.sentence_en());
        entry
    };
    sla_rule::RULES.iter().map(with_sentence).collect()
}

fn role_entry(role: Role) -> Value {
    json!({
        "role": role,
        "zh": role.zh(),
        "en": role.en(),
        "permissions": words(permissions(role).iter().map(|p| (p.as_str(), p.zh(), p.en()))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 9] = [
        "order_kinds",
        "lifecycle",
        "fault_codes",
        "record_forms",
        "evidence_requirements",
        "operation_cards",
        "price_list",
        "service_limits",
        "permissions",
    ];

    #[test]
    fn every_catalogue_has_entries_and_no_other_name_has() {
        for name in NAMES {
            let entries = entries(name, 1_777_858_200_000).unwrap();
            let size = match &entries {
                Value::Array(rows) => rows.len(),
                Value::Object(map) => map.len(),
                _ => 0,
            };
            assert!(size >= 3, "{name}");
        }
        assert_eq!(entries("secrets", 0), None);
    }

    #[test]
    fn kinds_and_limits_carry_their_words() {
        let kinds = entries("order_kinds", 0).unwrap();
        assert_eq!(kinds[0]["zh"], "抢修");
        let limits = entries("service_limits", 0).unwrap();
        let texts = limits.as_array().unwrap().iter().map(|rule| &rule["zh"]);
        assert!(texts.into_iter().any(|zh| zh == "抢修 · 农村 90 分钟到场"));
    }
}

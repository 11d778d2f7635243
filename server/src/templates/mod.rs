//! Order templates (工单模板) at the console: try a text and see what the engine decides and why. The
//! rules and the engine are the schema crate's.

use crate::error::{ApiError, ErrorBody};
use crate::extract::Json as Body;
use axum::Json;
use dianma_schema::template::{Decision, engine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest text tried, characters; as long as the content of an order.
const MAX_TEXT: usize = 2_000;

/// A caller's words.
#[derive(Clone, Deserialize, ToSchema)]
pub struct TryBody {
    /// 1 to 2,000 characters.
    pub text: String,
}

impl std::fmt::Debug for TryBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TryBody(…)")
    }
}

/// Envelope of the decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DecisionBody {
    /// What the engine decides.
    pub decision: Decision,
}

/// Try a text on the order templates; nothing is stored.
#[utoipa::path(post, path = "/v1/templates/try", tag = "templates", request_body = TryBody, responses(
    (status = 200, body = DecisionBody), (status = 422, body = ErrorBody)))]
pub async fn try_text(Body(body): Body<TryBody>) -> Result<Json<DecisionBody>, ApiError> {
    let text = body.text.trim();
    if !(1..=MAX_TEXT).contains(&text.chars().count()) {
        return Err(ApiError::field(
            "text",
            "请填写 1 到 2000 字",
            "1 to 2000 characters",
        ));
    }
    let decision = engine().decide(text);
    Ok(Json(DecisionBody { decision }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dianma_schema::order::OrderKind;

    async fn decide(text: &str) -> Result<Decision, ApiError> {
        let text = text.to_owned();
        let answer = try_text(Body(TryBody { text })).await?;
        Ok(answer.0.decision)
    }

    #[tokio::test]
    async fn a_text_is_decided_and_an_empty_one_refused() {
        let decision = decide("家里突然停电了，邻居家有电").await.unwrap();
        assert_eq!(decision.kind, Some(OrderKind::FaultRepair));
        assert!(!decision.words.is_empty());
        assert_eq!(decide("  ").await.unwrap_err().fields[0].field, "text");
        let long = "电".repeat(MAX_TEXT + 1);
        assert!(decide(&long).await.is_err());
    }
}

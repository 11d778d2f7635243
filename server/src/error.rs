//! What a refused request gets: a status, a stable fault code, sentences in both languages, and the
//! fields that are wrong. Internal causes are logged here, once, and never sent.

use crate::store::StoreError;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::order::lifecycle::Refusal;
use serde::Serialize;
use utoipa::ToSchema;

/// A field that is not valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Name of the field as sent.
    pub field: String,
    /// Chinese.
    pub message: String,
    /// English.
    pub message_en: String,
}

/// The body of every refusal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// Code, texts, fields.
    pub error: ErrorContent,
}

/// See [`ErrorBody`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErrorContent {
    /// Stable fault code.
    pub code: FaultCode,
    /// Chinese: what happened and what to do.
    pub message: String,
    /// English.
    pub message_en: String,
    /// What exactly, when it helps; Chinese.
    pub detail: Option<String>,
    /// English.
    pub detail_en: Option<String>,
    /// Fields that are not valid.
    pub fields: Vec<FieldProblem>,
    /// Whether the same request can succeed later.
    pub retryable: bool,
}

/// What exactly went wrong, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Detail {
    /// Both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// A refusal on its way to the client.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{code}: {}", self.words())]
pub struct ApiError {
    /// HTTP status.
    pub status: StatusCode,
    /// Fault code.
    pub code: FaultCode,
    /// What exactly.
    pub detail: Option<Detail>,
    /// Fields that are not valid.
    pub fields: Vec<FieldProblem>,
}

impl ApiError {
    /// A refusal with a status and a code.
    pub fn new(status: StatusCode, code: FaultCode) -> Self {
        Self {
            status,
            code,
            detail: None,
            fields: Vec::new(),
        }
    }

    /// Adds what exactly went wrong, without personal data.
    #[must_use]
    pub fn with_detail(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some(Detail::new(zh, en));
        self
    }

    /// The same for words that have one language only: those of a library, or kept from before.
    #[must_use]
    pub fn with_words(self, words: impl Into<String>) -> Self {
        let words = words.into();
        self.with_detail(words.clone(), words)
    }

    /// What a terminal or a log says: Chinese, English in brackets.
    fn words(&self) -> String {
        let (zh, en) = match &self.detail {
            Some(detail) => (detail.zh.as_str(), detail.en.as_str()),
            None => (self.code.zh(), self.code.en()),
        };
        if zh == en {
            zh.to_owned()
        } else {
            format!("{zh} ({en})")
        }
    }

    /// 404 `V-404-NONE`.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, fault::V_NOT_FOUND)
    }

    /// 422 for one wrong field.
    pub fn field(name: &str, zh: &str, en: &str) -> Self {
        Self::fields(vec![FieldProblem {
            field: name.to_owned(),
            message: zh.to_owned(),
            message_en: en.to_owned(),
        }])
    }

    /// 422 for several wrong fields.
    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        Self {
            fields,
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, fault::V_FIELD)
        }
    }

    /// 422 with another code than `V-422-FIELD`.
    pub fn unprocessable(code: FaultCode) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code)
    }

    /// 409 with a code.
    pub fn conflict(code: FaultCode) -> Self {
        Self::new(StatusCode::CONFLICT, code)
    }

    /// 403 with a code.
    pub fn forbidden(code: FaultCode) -> Self {
        Self::new(StatusCode::FORBIDDEN, code)
    }

    /// 401: sign in first.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, fault::A_SIGN_IN)
    }

    /// 500; the cause is logged by the caller, never sent.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, fault::X_INTERNAL)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if let StoreError::Busy = error {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, fault::X_BUSY);
        }
        tracing::error!(error = %error, "a request failed in the store");
        Self::internal()
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::State { command, state } => Self::conflict(fault::S_STATE).with_detail(
                format!("{}状态下不能{}", state.zh(), command.zh()),
                format!("{} is not possible: {}", command.en(), state.en()),
            ),
            Refusal::Role { .. } => Self::forbidden(fault::A_ROLE),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let retryable = self.code.entry().is_some_and(|entry| entry.retryable);
        let (detail, detail_en) = self.detail.map(|detail| (detail.zh, detail.en)).unzip();
        let body = ErrorBody {
            error: ErrorContent {
                code: self.code,
                message: self.code.zh().to_owned(),
                message_en: self.code.en().to_owned(),
                detail,
                detail_en,
                fields: self.fields,
                retryable,
            },
        };
        let mut response = (self.status, Json(body)).into_response();
        if matches!(
            self.status,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
        ) {
            response.headers_mut().insert(
                axum::http::header::RETRY_AFTER,
                axum::http::HeaderValue::from_static("2"),
            );
        }
        response
    }
}

//! JSON bodies, queries and path ids of requests, with refusals in our own error body: a handler
//! never answers a bad request with a framework's plain text.

use crate::error::ApiError;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use dianma_schema::fault;
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// A JSON body; refused as `V-400-BODY`, or `V-413-LARGE` over the limit.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

fn refusal(rejection: &JsonRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, fault::V_TOO_LARGE);
    }
    let status = match rejection {
        JsonRejection::JsonDataError(_) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::BAD_REQUEST,
    };
    ApiError::new(status, fault::V_BODY).with_words(rejection.body_text())
}

/// The query string; refused as `V-400-BODY`.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(ApiError::new(StatusCode::BAD_REQUEST, fault::V_BODY)
                .with_words(rejection.body_text())),
        }
    }
}

/// Header that carries what a person typed into a search box, percent-encoded UTF-8. A query string ends up
/// in the logs of every proxy on the way, and what is typed here is a name or a telephone number.
pub const SEARCH_HEADER: &str = "x-dianma-search";

/// The text of [`SEARCH_HEADER`]; refused as `V-400-BODY` when it is not percent-encoded UTF-8.
#[derive(Clone, Debug)]
pub struct Search(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Search {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(SEARCH_HEADER) else {
            return Ok(Self(None));
        };
        let text = percent_decoded(value.as_bytes()).ok_or_else(|| {
            ApiError::new(StatusCode::BAD_REQUEST, fault::V_BODY)
                .with_words(format!("{SEARCH_HEADER}: not percent-encoded UTF-8"))
        })?;
        Ok(Self(Some(text)))
    }
}

fn percent_decoded(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        if *byte == b'%' {
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            let value = digit(rest.next()?)? * 16 + digit(rest.next()?)?;
            bytes.push(u8::try_from(value).ok()?);
        } else {
            bytes.push(*byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The one id in the path; what is no id is not found.
#[derive(Clone, Copy, Debug)]
pub struct PathId<T>(pub T);

impl<S: Send + Sync, T: FromStr + Send> FromRequestParts<S> for PathId<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        axum::extract::Path::<String>::from_request_parts(parts, state)
            .await
            .ok()
            .and_then(|axum::extract::Path(text)| text.parse().ok())
            .map(Self)
            .ok_or_else(ApiError::not_found)
    }
}

#[cfg(test)]
mod tests {
    use super::percent_decoded;

    #[test]
    fn a_search_text_is_decoded_or_refused() {
        let decoded = |text: &str| percent_decoded(text.as_bytes());
        assert_eq!(decoded("%E7%8E%8B%20%E4%BA%8C").as_deref(), Some("王 二"));
        assert_eq!(decoded("9900000001").as_deref(), Some("9900000001"));
        assert_eq!(decoded("100%25").as_deref(), Some("100%"));
        for broken in ["%", "%4", "%zz", "%ff"] {
            assert_eq!(decoded(broken), None, "{broken}");
        }
    }
}

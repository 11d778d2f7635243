//! The reasons of a ranking, as people read them: what gave or cost how many points, and what rules
//! a person out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A part of a score. The parts of a candidate sum to the score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// Stable word.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Points given or taken.
    pub points: i64,
}

impl Reason {
    pub(super) fn new(code: &str, points: i64, zh: String, en: String) -> Self {
        Self {
            code: code.to_owned(),
            zh,
            en,
            points,
        }
    }
}

/// Why a person is not proposed. A dispatcher may still choose them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Blocker {
    /// Stable word.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Blocker {
    pub(super) fn new(code: &str, zh: String, en: String) -> Self {
        Self {
            code: code.to_owned(),
            zh,
            en,
        }
    }
}

//! What is wrong with a rule set (规则问题), so that a person can put it right before it goes live.

use serde::Serialize;

/// One reason why a rule set cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{place}: {what}")]
pub struct RuleProblem {
    /// The file, group, template or test text it is about.
    pub place: String,
    /// What is wrong, in Chinese, with what to do.
    pub what: String,
}

impl RuleProblem {
    pub(crate) fn at(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
        }
    }
}

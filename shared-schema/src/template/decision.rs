//! What the template engine answers (匹配结果): the kind or none, and every reason for it.

use crate::order::kind::OrderKind;
use crate::text_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

text_enum! {
    /// Why the engine decided as it did.
    pub enum Why {
        0 Rules = "rules", "关键词规则判定", "Decided by the keyword rules";
        1 SecondOpinion = "second_opinion", "规则不足，字词模型判定", "Decided by the n-gram model, the rules were thin";
        2 NoVisit = "no_visit", "不需要派人", "No visit should be made";
        3 Unclear = "unclear", "依据不足，转人工", "Too little to go by, a person decides";
        4 Tie = "tie", "两种工单得分接近，转人工", "Two kinds score alike, a person decides";
        5 Disagreement = "disagreement", "规则与字词模型不一致，转人工", "Rules and model disagree, a person decides";
    }
}

/// A word of the text that counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatchedWord {
    /// The word as it stands in the caller's text.
    pub word: String,
    /// Where it starts, in characters of the caller's text.
    pub start_char: u32,
    /// What it added; negative when it spoke against.
    pub weight: i32,
    /// Where the weight comes from: `rule`, `topic` or `model`.
    pub source: WordSource,
}

text_enum! {
    /// Which part of the engine gave a word its weight.
    pub enum WordSource {
        0 Rule = "rule", "规则", "Rule";
        1 Topic = "topic", "主题", "Topic in 【】";
        2 Model = "model", "字词模型", "N-gram model";
    }
}

/// The best template of another kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunnerUp {
    /// Its template id.
    pub template: String,
    /// Its score.
    pub score: i32,
}

/// The engine's answer for one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decision {
    /// The kind of work order; `None` sends the text to the human queue.
    pub kind: Option<OrderKind>,
    /// The template, `<kind>.<subtype>`; for `None` the reason template if there is one.
    pub template: Option<String>,
    /// Score of the chosen template.
    pub score: i32,
    /// The words that counted for it, in text order.
    pub words: Vec<MatchedWord>,
    /// The best template of another kind.
    pub runner_up: Option<RunnerUp>,
    /// Danger to life or property, or somebody's life depends on the supply.
    pub urgent: bool,
    /// The words that made it urgent.
    pub hazard_words: Vec<MatchedWord>,
    /// What the text says about itself: account number, phone, meter, pole, load.
    pub fields: BTreeMap<String, String>,
    /// Why it was decided so.
    pub why: Why,
    /// The reason as one Chinese sentence for the person who edits the draft.
    pub sentence: String,
}

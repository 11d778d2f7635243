//! The sentence of a service limit, as shown beside the count-down: kind, for whom, by when.

use super::sla_rule::{LimitUnit, RULES, SlaRule, Stage};
use crate::customer::{AreaClass, CustomerClass};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The English of every shipped sentence, by its Chinese.
static ENGLISH: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    RULES
        .iter()
        .map(|rule| (rule.sentence_zh(), rule.sentence_en()))
        .collect()
});

/// The English of a sentence that was stored with an order; `None` when no shipped rule says it any more.
pub fn english(sentence_zh: &str) -> Option<&'static str> {
    ENGLISH.get(sentence_zh).map(String::as_str)
}

impl SlaRule {
    /// `抢修 · 农村 90 分钟到场`.
    pub fn sentence_zh(&self) -> String {
        let unit = self.limit_unit.zh();
        let limit = if self.limit_unit == LimitUnit::Agreed {
            unit.to_owned()
        } else {
            format!("{} {unit}", self.limit_value)
        };
        let promise = match self.stage {
            Stage::TakenInToArrived => format!("{limit}到场"),
            Stage::ArrivedToRestored => format!("到场后 {limit}复电"),
            Stage::TakenInToConnected => format!("{limit}接电"),
            Stage::PaidUpToRestored => format!("付清后 {limit}复电"),
            Stage::TakenInToContacted => format!("{limit}联系客户"),
            Stage::TakenInToReplied => format!("{limit}答复"),
            Stage::ArrivedToReplied => format!("到场后 {limit}答复"),
            Stage::TakenInToFinished => format!("{limit}办结"),
            Stage::TakenInToPlanReplied => format!("{limit}答复供电方案"),
        };
        let narrowed = [
            Some(self.topic_zh.as_str()).filter(|topic| !topic.is_empty()),
            self.customer_class.map(CustomerClass::zh),
            self.area_class.map(AreaClass::zh),
        ];
        let mut narrowed: Vec<&str> = narrowed.into_iter().flatten().collect();
        narrowed.push(&promise);
        let narrowed = narrowed.join(" ");
        format!("{} · {narrowed}", self.kind.zh())
    }

    /// `Fault repair · Rural: on site within 90 min`.
    pub fn sentence_en(&self) -> String {
        let unit = self.limit_unit.en();
        let unit = if self.limit_value == 1 {
            unit.trim_end_matches('s')
        } else {
            unit
        };
        let limit = if self.limit_unit == LimitUnit::Agreed {
            unit.to_owned()
        } else {
            format!("within {} {unit}", self.limit_value)
        };
        let promise = match self.stage {
            Stage::TakenInToArrived => format!("on site {limit}"),
            Stage::ArrivedToRestored => format!("power back {limit} of arrival"),
            Stage::TakenInToConnected => format!("connected {limit}"),
            Stage::PaidUpToRestored => format!("power back {limit} of payment"),
            Stage::TakenInToContacted => format!("customer contacted {limit}"),
            Stage::TakenInToReplied => format!("replied {limit}"),
            Stage::ArrivedToReplied => format!("replied {limit} of arrival"),
            Stage::TakenInToFinished => format!("finished {limit}"),
            Stage::TakenInToPlanReplied => format!("supply plan replied {limit}"),
        };
        let narrowed = [
            Some(self.topic_en.as_str()).filter(|topic| !topic.is_empty()),
            self.customer_class.map(CustomerClass::en),
            self.area_class.map(AreaClass::en),
        ];
        let narrowed: Vec<&str> = narrowed.into_iter().flatten().collect();
        if narrowed.is_empty() {
            format!("{}: {promise}", self.kind.en())
        } else {
            format!("{} · {}: {promise}", self.kind.en(), narrowed.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agreed_time_is_said_without_a_figure() {
        let agreed = RULES
            .iter()
            .find(|rule| rule.limit_unit == LimitUnit::Agreed)
            .unwrap();
        assert!(
            agreed
                .sentence_zh()
                .ends_with("客户内部故障 与客户约定到场")
        );
        assert!(agreed.sentence_en().ends_with(": on site as agreed"));
    }

    #[test]
    fn every_shipped_sentence_has_its_english() {
        for rule in RULES.iter() {
            let english = english(&rule.sentence_zh()).unwrap();
            assert!(english.is_ascii() || english.contains('·'), "{english}");
        }
        assert_eq!(
            english("抢修 · 农村 90 分钟到场"),
            Some("Fault repair · Rural: on site within 90 min")
        );
        assert_eq!(english("旧规则的一句话"), None);
    }
}

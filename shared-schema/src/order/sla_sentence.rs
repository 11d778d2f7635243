//! The sentence of a service limit, as shown beside the count-down: kind, for whom, by when.

use super::sla_rule::{SlaRule, Stage};
use crate::customer::{AreaClass, CustomerClass};

impl SlaRule {
    /// `抢修 · 农村 90 分钟到场`.
    pub fn sentence_zh(&self) -> String {
        let unit = self.limit_unit.zh();
        let limit = format!("{} {unit}", self.limit_value);
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
        let limit = format!("{} {unit}", self.limit_value);
        let promise = match self.stage {
            Stage::TakenInToArrived => format!("on site within {limit}"),
            Stage::ArrivedToRestored => format!("power back within {limit} of arrival"),
            Stage::TakenInToConnected => format!("connected within {limit}"),
            Stage::PaidUpToRestored => format!("power back within {limit} of payment"),
            Stage::TakenInToContacted => format!("customer contacted within {limit}"),
            Stage::TakenInToReplied => format!("replied within {limit}"),
            Stage::ArrivedToReplied => format!("replied within {limit} of arrival"),
            Stage::TakenInToFinished => format!("finished within {limit}"),
            Stage::TakenInToPlanReplied => format!("supply plan replied within {limit}"),
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

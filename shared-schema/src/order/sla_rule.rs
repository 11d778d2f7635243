//! Service limits (服务时限) as dated data: one rule, how the shipped file
//! `catalogues/service_limits.toml` becomes rules, and what makes a file refused.
//! Choosing a rule and counting with it is [`super::deadline`].

use crate::catalogue::{self, CatalogueError};
use crate::customer::{AreaClass, CustomerClass};
use crate::order::OrderKind;
use crate::text_enum;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

text_enum! {
    /// The pair of events a limit runs between.
    pub enum Stage {
        0 TakenInToArrived = "taken_in_to_arrived", "受理至到场", "Taken in to on site";
        1 ArrivedToRestored = "arrived_to_restored", "到场至复电", "On site to power back";
        2 TakenInToConnected = "taken_in_to_connected", "受理至接电", "Taken in to connected";
        3 PaidUpToRestored = "paid_up_to_restored", "付清至复电", "Paid up to power back";
        4 TakenInToContacted = "taken_in_to_contacted", "受理至联系客户", "Taken in to customer contacted";
        5 TakenInToReplied = "taken_in_to_replied", "受理至答复", "Taken in to replied";
        6 ArrivedToReplied = "arrived_to_replied", "到场至答复", "On site to replied";
        7 TakenInToFinished = "taken_in_to_finished", "受理至办结", "Taken in to finished";
        8 TakenInToPlanReplied = "taken_in_to_plan_replied", "受理至答复供电方案", "Taken in to supply plan replied";
    }
}

impl Stage {
    /// Stages whose end closes the work, so that they can give an order its final deadline.
    pub const COMPLETING: &'static [Self] = &[
        Self::ArrivedToRestored,
        Self::TakenInToConnected,
        Self::PaidUpToRestored,
        Self::TakenInToReplied,
        Self::ArrivedToReplied,
        Self::TakenInToFinished,
    ];

    /// The clock starts on arrival, not when the request was taken in.
    pub const fn starts_on_arrival(self) -> bool {
        matches!(self, Self::ArrivedToRestored | Self::ArrivedToReplied)
    }
}

text_enum! {
    /// Unit and clock of a limit; only working days use the working-day calendar.
    pub enum LimitUnit {
        0 Minute = "min", "分钟", "min";
        1 Hour = "h", "小时", "h";
        2 Day = "day", "天", "days";
        3 WorkingDay = "working_day", "个工作日", "working days";
        4 Agreed = "agreed", "与客户约定", "as agreed";
    }
}

text_enum! {
    /// Whether every order must meet the limit or only their mean.
    pub enum Statistic {
        0 Each = "each", "逐单", "Each order";
        1 Average = "average", "平均", "Average";
    }
}

text_enum! {
    /// Approved reasons that stop the clock.
    pub enum PauseReason {
        0 CustomerRescheduled = "customer_rescheduled", "客户改约", "Customer rescheduled";
        1 CustomerAbsent = "customer_absent", "客户不在", "Customer absent";
        2 OutsideWorks = "outside_works", "等待外部工程", "Waiting for outside works";
        3 BadWeather = "bad_weather", "恶劣天气", "Bad weather";
    }
}

/// Default warning levels, thousandths of the limit (our own design; service rules 1.2).
pub const WARN_AT_PERMILLE: [i64; 4] = [500, 750, 900, 1_000];

/// Longest limit a file may hold, in its unit; keeps every sum far from overflow.
const LONGEST_LIMIT: i64 = 366;

/// One version of one limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaRule {
    /// Stable id; an edit keeps it and raises `version`.
    pub id: String,
    /// Version of this rule.
    pub version: i64,
    /// `*` or an organisation path, most general part first, parts separated by `/`.
    pub region: String,
    /// The order kind it is for.
    pub kind: OrderKind,
    /// Subtype it is for; `None` = any.
    pub subtype: Option<String>,
    /// What the subtype is called, Chinese; empty when there is none.
    pub topic_zh: String,
    /// What the subtype is called, English; empty when there is none.
    pub topic_en: String,
    /// The pair of events.
    pub stage: Stage,
    /// Area class it is for; `None` = any.
    pub area_class: Option<AreaClass>,
    /// Customer class it is for; `None` = any.
    pub customer_class: Option<CustomerClass>,
    /// The limit in `limit_unit`.
    pub limit_value: i64,
    /// Unit and clock.
    pub limit_unit: LimitUnit,
    /// Each order or the mean.
    pub statistic: Statistic,
    /// Four warning levels, thousandths of the limit, rising.
    pub warn_at_permille: [i64; 4],
    /// Approved reasons that stop the clock; empty = it never stops.
    pub pause_reasons: Vec<PauseReason>,
    /// First Chinese civil day (since 1970-01-01) it is valid on.
    pub valid_from_day: i64,
    /// Last day it is valid on; `None` = open.
    pub valid_to_day: Option<i64>,
    /// Document and date the figure comes from.
    pub source: String,
    /// The figure is not confirmed.
    pub sample: bool,
}

impl SlaRule {
    /// Whether the rule was in force on that day.
    pub fn is_valid_on(&self, day: i64) -> bool {
        self.valid_from_day <= day && self.valid_to_day.is_none_or(|last| day <= last)
    }

    /// How exactly the rule names its case: region depth, subtype, customer, area.
    pub fn rank(&self) -> (usize, bool, bool, bool) {
        let depth = match self.region.as_str() {
            "*" => 0,
            path => path.split('/').count(),
        };
        (
            depth,
            self.subtype.is_some(),
            self.customer_class.is_some(),
            self.area_class.is_some(),
        )
    }

    /// Both could be chosen for one case with equal rank.
    fn clashes_with(&self, other: &Self) -> bool {
        let ends_before =
            |a: &Self, b: &Self| a.valid_to_day.is_some_and(|last| last < b.valid_from_day);
        self.kind == other.kind
            && self.stage == other.stage
            && self.region == other.region
            && self.subtype == other.subtype
            && self.customer_class == other.customer_class
            && self.area_class == other.area_class
            && !ends_before(self, other)
            && !ends_before(other, self)
    }
}

/// Two rules of equal rank fit the same case; the catalogue must be mended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("service limits {first} and {second} fit the same case equally well: end one of them")]
pub struct RuleClash {
    /// Id of one rule.
    pub first: String,
    /// Id of the other.
    pub second: String,
}

/// The rules in the binary. Empty only if the embedded file is broken, which a test forbids.
pub static RULES: LazyLock<Vec<SlaRule>> = LazyLock::new(|| {
    load(include_str!("../../catalogues/service_limits.toml")).unwrap_or_default()
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    #[serde(default = "first_version")]
    version: i64,
    kinds: Vec<OrderKind>,
    #[serde(default = "any_region")]
    regions: Vec<String>,
    subtype: Option<String>,
    #[serde(default)]
    topic_zh: String,
    #[serde(default)]
    topic_en: String,
    stage: Stage,
    area_class: Option<AreaClass>,
    #[serde(default)]
    customer_classes: Vec<CustomerClass>,
    limit_value: i64,
    limit_unit: LimitUnit,
    statistic: Statistic,
    warn_at_permille: Option<[i64; 4]>,
    #[serde(default)]
    pause_reasons: Vec<PauseReason>,
    valid_from: String,
    valid_to: Option<String>,
    source: String,
    sample: bool,
}

const fn first_version() -> i64 {
    1
}

fn any_region() -> Vec<String> {
    vec!["*".to_owned()]
}

/// Reads a file of rules, expands its lists, and refuses rows that make no sense or clash.
pub fn load(text: &str) -> Result<Vec<SlaRule>, CatalogueError> {
    let file: File = catalogue::parse(text)?;
    let mut rules: Vec<SlaRule> = Vec::new();
    for row in &file.rule {
        row.check()?;
        for rule in row.expand()? {
            if let Some(other) = rules.iter().find(|other| other.clashes_with(&rule)) {
                let clash = RuleClash {
                    first: other.id.clone(),
                    second: rule.id,
                };
                return Err(CatalogueError(clash.to_string()));
            }
            rules.push(rule);
        }
    }
    Ok(rules)
}

impl Row {
    fn levels(&self) -> [i64; 4] {
        self.warn_at_permille.unwrap_or(WARN_AT_PERMILLE)
    }

    fn check(&self) -> Result<(), CatalogueError> {
        let bad = |why: &str| Err(CatalogueError::at(&self.id, why));
        catalogue::filled("service limit", "id", &self.id)?;
        catalogue::filled(&self.id, "source", &self.source)?;
        let limit_fits = match self.limit_unit {
            LimitUnit::Agreed => self.limit_value == 0,
            _ => (1..=LONGEST_LIMIT).contains(&self.limit_value),
        };
        if !limit_fits {
            return bad("limit_value is outside 1..=366 (agreed: 0)");
        }
        if !self.levels().is_sorted() || self.levels().iter().any(|p| *p < 1) {
            return bad("warn_at_permille must rise from at least 1");
        }
        if self.subtype.is_some() == (self.topic_zh.is_empty() || self.topic_en.is_empty()) {
            return bad("a subtype needs topic_zh and topic_en, and only a subtype has them");
        }
        if self.kinds.is_empty() || self.regions.is_empty() {
            return bad("kinds and regions must not be empty");
        }
        if self.regions.iter().any(|region| !is_region(region)) {
            return bad("a region is * or parts of letters and digits separated by /");
        }
        Ok(())
    }

    fn expand(&self) -> Result<Vec<SlaRule>, CatalogueError> {
        let customers: Vec<Option<CustomerClass>> = match self.customer_classes.as_slice() {
            [] => vec![None],
            some => some.iter().copied().map(Some).collect(),
        };
        let mut rules = Vec::new();
        for kind in &self.kinds {
            for region in &self.regions {
                for customer in &customers {
                    rules.push(self.rule(*kind, region, *customer)?);
                }
            }
        }
        Ok(rules)
    }

    fn rule(
        &self,
        kind: OrderKind,
        region: &str,
        customer_class: Option<CustomerClass>,
    ) -> Result<SlaRule, CatalogueError> {
        let mut id = self.id.clone();
        if self.kinds.len() > 1 {
            id = format!("{id}.{kind}");
        }
        if self.regions.len() > 1 {
            id = format!("{id}.{region}");
        }
        if let (true, Some(class)) = (self.customer_classes.len() > 1, customer_class) {
            id = format!("{id}.{class}");
        }
        Ok(SlaRule {
            id,
            version: self.version,
            region: region.to_owned(),
            kind,
            subtype: self.subtype.clone(),
            topic_zh: self.topic_zh.clone(),
            topic_en: self.topic_en.clone(),
            stage: self.stage,
            area_class: self.area_class,
            customer_class,
            limit_value: self.limit_value,
            limit_unit: self.limit_unit,
            statistic: self.statistic,
            warn_at_permille: self.levels(),
            pause_reasons: self.pause_reasons.clone(),
            valid_from_day: catalogue::day(&self.id, &self.valid_from)?,
            valid_to_day: catalogue::optional_day(&self.id, self.valid_to.as_deref())?,
            source: self.source.clone(),
            sample: self.sample,
        })
    }
}

fn is_region(region: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(char::is_alphanumeric);
    region == "*" || region.split('/').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../catalogues/service_limits.toml");

    #[test]
    fn shipped_file_loads_without_clashes() {
        let rules = load(SHIPPED).unwrap();
        assert!(rules.len() > 50, "{}", rules.len());
        assert_eq!(rules, *RULES);
        let mut ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), rules.len(), "ids are unique");
    }

    #[test]
    fn rules_called_sample_by_their_source_are_marked_so() {
        for rule in RULES.iter() {
            let is_open = rule.source.contains("示例") || rule.source.contains("待确认");
            assert_eq!(is_open, rule.sample, "{}", rule.id);
        }
    }

    #[test]
    fn refuses_two_rules_of_equal_rank_that_overlap() {
        let row = |id: &str, from: &str, to: &str| {
            format!(
                "[[rule]]\nid=\"{id}\"\nkinds=[\"ad_hoc\"]\nstage=\"taken_in_to_replied\"\nlimit_value=5\nlimit_unit=\"day\"\n\
                 statistic=\"each\"\nvalid_from=\"{from}\"\n{to}\nsource=\"x\"\nsample=true\n"
            )
        };
        let first = row("a", "2020-01-01", "valid_to=\"2022-12-31\"");
        let touching = row("b", "2022-12-31", "");
        let after = row("b", "2023-01-01", "");
        let error = load(&format!("{first}{touching}")).unwrap_err();
        assert!(
            error.0.contains('a') && error.0.contains("equally well"),
            "{error}"
        );
        assert_eq!(load(&format!("{first}{after}")).unwrap().len(), 2);
    }

    #[test]
    fn refuses_rows_that_make_no_sense() {
        for (good, bad) in [
            ("limit_value = 45", "limit_value = 0"),
            ("limit_value = 45", "limit_value = 367"),
            ("limit_unit = \"min\"", "limit_unit = \"fortnight\""),
            ("valid_from = \"2011-10-13\"", "valid_from = \"2011-02-30\""),
            ("kinds = [\"fault_repair\"]", "kinds = []"),
            (
                "area_class = \"urban\"",
                "area_class = \"urban\"\nsubtype = \"nameless\"",
            ),
            (
                "area_class = \"urban\"",
                "area_class = \"urban\"\nregions = [\"a//b\"]",
            ),
            (
                "area_class = \"urban\"",
                "area_class = \"urban\"\nwarn_at_permille = [900, 750, 500, 1000]",
            ),
            ("sample = false", "sample = false\nsurprise = 1"),
        ] {
            assert!(load(&SHIPPED.replacen(good, bad, 1)).is_err(), "{bad}");
        }
    }
}

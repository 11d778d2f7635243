//! What a request asks for: the kind of order by the source's own class, by a person's choice or by
//! the order templates; or an urge of an open order; or nothing to be done on site.

use dianma_schema::order::OrderKind;
use dianma_schema::template::{self, Decision, Why};
use serde_json::{Value, json};

/// The 95598 class of a request (业务类型, service rules 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// 故障报修.
    Fault,
    /// 业务咨询 and 信息查询: the agent answers.
    Answered,
    /// 投诉.
    Complaint,
    /// 举报.
    Report,
    /// 建议.
    Suggestion,
    /// 意见.
    Opinion,
    /// 表扬.
    Praise,
    /// 催办: attaches to the open order.
    Urge,
    /// 服务申请: the text says which.
    Service,
}

impl Category {
    /// From the word the mappings give.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "fault" => Self::Fault,
            "consultation" | "query" => Self::Answered,
            "complaint" => Self::Complaint,
            "report" => Self::Report,
            "suggestion" => Self::Suggestion,
            "opinion" => Self::Opinion,
            "praise" => Self::Praise,
            "urge" => Self::Urge,
            "service" => Self::Service,
            _ => return None,
        })
    }

    /// Kind and subtype where the class alone decides.
    const fn work(self) -> Option<(OrderKind, &'static str)> {
        Some(match self {
            Self::Fault => (OrderKind::FaultRepair, ""),
            Self::Complaint => (OrderKind::AdHoc, "complaint"),
            Self::Report => (OrderKind::AdHoc, "report"),
            Self::Suggestion => (OrderKind::AdHoc, "suggestion"),
            Self::Opinion => (OrderKind::AdHoc, "opinion"),
            Self::Answered | Self::Praise | Self::Urge | Self::Service => return None,
        })
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Draft an order.
    Draft {
        /// Kind.
        kind: OrderKind,
        /// Subtype; empty when none.
        subtype: String,
    },
    /// Urge the open order.
    Urge,
    /// Note it; nobody has to go.
    Noted(&'static str),
    /// A person decides; the sentence says why.
    Unclear(String),
}

/// The choice with its reasons.
#[derive(Clone, Debug)]
pub struct Decided {
    /// What is to be done.
    pub choice: Choice,
    /// What the templates say about the text.
    pub decision: Decision,
    /// Who or what decided: `person`, `category`, `business_type`, `template`.
    pub by: &'static str,
}

impl Decided {
    /// The reasons as stored with the order.
    pub fn detail(&self) -> Value {
        let mut detail = serde_json::to_value(&self.decision).unwrap_or_else(|_| json!({}));
        if let Some(object) = detail.as_object_mut() {
            object.insert("decided_by".to_owned(), json!(self.by));
        }
        detail
    }
}

/// Decides. `work` is `kind/subtype` of the marketing system's own business type; `chosen` is a
/// person's choice and wins over everything.
pub fn decide(
    content: &str,
    category: Option<Category>,
    work: Option<&str>,
    chosen: Option<OrderKind>,
) -> Decided {
    let decision = template::engine().decide(content);
    let (choice, by) = if let Some(kind) = chosen {
        (draft(kind, subtype_for(kind, "", &decision)), "person")
    } else if let Some((kind, subtype)) = work.and_then(parse_work) {
        (draft(kind, subtype), "business_type")
    } else if let Some((kind, subtype)) = category.and_then(Category::work) {
        (
            draft(kind, subtype_for(kind, subtype, &decision)),
            "category",
        )
    } else {
        by_rest(category, &decision)
    };
    Decided {
        choice,
        decision,
        by,
    }
}

fn by_rest(category: Option<Category>, decision: &Decision) -> (Choice, &'static str) {
    match category {
        Some(Category::Urge) => return (Choice::Urge, "category"),
        Some(Category::Answered) => return (Choice::Noted("咨询查询，由坐席答复"), "category"),
        Some(Category::Praise) => return (Choice::Noted("表扬，已登记"), "category"),
        _ => {}
    }
    let choice = match decision.kind {
        Some(kind) => draft(kind, subtype_for(kind, "", decision)),
        None if decision.template.as_deref() == Some("none.urge") => Choice::Urge,
        None if decision.why == Why::NoVisit => {
            Choice::Unclear(format!("似乎不需要派人，请人工确认：{}", decision.sentence))
        }
        None => Choice::Unclear(decision.sentence.clone()),
    };
    (choice, "template")
}

fn draft(kind: OrderKind, subtype: String) -> Choice {
    Choice::Draft { kind, subtype }
}

/// `kind/subtype` of a mapping's table.
fn parse_work(work: &str) -> Option<(OrderKind, String)> {
    let (kind, subtype) = work.split_once('/')?;
    Some((kind.parse().ok()?, subtype.to_owned()))
}

/// The given subtype, else that of the template when it is of the same kind.
fn subtype_for(kind: OrderKind, given: &str, decision: &Decision) -> String {
    if !given.is_empty() {
        return given.to_owned();
    }
    let template = decision.template.as_deref().unwrap_or_default();
    match template.split_once('.') {
        Some((of, subtype)) if of == kind.as_str() && subtype != "general" => subtype.to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(choice: &Choice) -> Option<OrderKind> {
        match choice {
            Choice::Draft { kind, .. } => Some(*kind),
            _ => None,
        }
    }

    #[test]
    fn the_class_of_the_source_decides_before_the_text() {
        let decided = decide("请问电费怎么交", Some(Category::Complaint), None, None);
        assert_eq!(
            decided.choice,
            Choice::Draft {
                kind: OrderKind::AdHoc,
                subtype: "complaint".to_owned()
            }
        );
        let urge = decide("怎么还没来", Some(Category::Urge), None, None);
        assert_eq!(urge.choice, Choice::Urge);
        let praise = decide("师傅服务很好", Some(Category::Praise), None, None);
        assert!(matches!(praise.choice, Choice::Noted(_)));
    }

    #[test]
    fn the_business_type_names_kind_and_subtype() {
        let decided = decide(
            "低压居民新装",
            None,
            Some("new_connection/new_supply"),
            None,
        );
        assert_eq!(kind_of(&decided.choice), Some(OrderKind::NewConnection));
        assert_eq!(decided.by, "business_type");
    }

    #[test]
    fn without_a_class_the_text_decides_or_a_person() {
        let decided = decide("我家没电了，空气开关跳闸推不上去", None, None, None);
        assert_eq!(kind_of(&decided.choice), Some(OrderKind::FaultRepair));
        let vague = decide("你好", None, None, None);
        assert!(matches!(vague.choice, Choice::Unclear(_)));
        let person = decide("你好", None, None, Some(OrderKind::SafetyInspection));
        assert_eq!(kind_of(&person.choice), Some(OrderKind::SafetyInspection));
    }
}

//! What a reviewer must look at closely in a submitted order, and the sample of the others: one in
//! ten, drawn by the order's id, so that nobody can choose or avoid it. Pure.

use dianma_schema::id::WorkOrderId;
use dianma_schema::order::{Satisfaction, Urgency};
use serde::Serialize;
use utoipa::ToSchema;

/// One order in this many is looked at closely without another reason.
const SAMPLE_OF: u8 = 10;

/// Why an order wants a close look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// Danger to life or property was reported.
    Hazard,
    /// Finished or arrived after a deadline.
    Late,
    /// Arrival without a scanned code.
    PlaceUnproven,
    /// No signature of the customer.
    ConsentUnproven,
    /// The customer is not satisfied.
    Dissatisfied,
    /// Was sent back before.
    Returned,
    /// Files are not here yet.
    EvidenceMissing,
    /// Something was charged.
    Paid,
    /// Drawn as a sample.
    Sample,
}

impl Attention {
    /// Chinese and English.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Hazard => ("危险工单", "Hazard"),
            Self::Late => ("超过服务时限", "Past its service limit"),
            Self::PlaceUnproven => ("到达未扫码", "Arrival without a scanned code"),
            Self::ConsentUnproven => ("客户未签名", "No signature of the customer"),
            Self::Dissatisfied => ("客户不满意", "The customer is not satisfied"),
            Self::Returned => ("曾被驳回", "Was sent back before"),
            Self::EvidenceMissing => ("凭证未到齐", "Evidence has not arrived"),
            Self::Paid => ("有收费", "Was charged for"),
            Self::Sample => ("抽查", "Spot check"),
        }
    }
}

/// One reason with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttentionView {
    /// Which.
    pub code: Attention,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<Attention> for AttentionView {
    fn from(code: Attention) -> Self {
        let (zh, en) = code.words();
        Self {
            code,
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }
}

/// What of an order decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Id: draws the sample.
    pub id: WorkOrderId,
    /// Urgency.
    pub urgency: Urgency,
    /// Finished or arrived after a deadline.
    pub is_late: bool,
    /// How presence was proven.
    pub place_proof: Option<String>,
    /// How consent was proven.
    pub consent_proof: Option<String>,
    /// What the customer said.
    pub satisfaction: Option<Satisfaction>,
    /// Times sent back.
    pub reject_count: i64,
    /// Files not here yet.
    pub missing_files: i64,
    /// Cost, fen.
    pub total_fen: Option<i64>,
}

/// Everything that wants a close look, most serious first.
pub fn attention(outcome: &Outcome) -> Vec<Attention> {
    let is_proven = |proof: &Option<String>| proof.as_deref().is_some_and(|p| p != "none");
    let is_unhappy = outcome
        .satisfaction
        .is_some_and(|s| s.is_answer() && !s.is_satisfied());
    let rules = [
        (outcome.urgency == Urgency::Hazard, Attention::Hazard),
        (outcome.is_late, Attention::Late),
        (!is_proven(&outcome.place_proof), Attention::PlaceUnproven),
        (
            !is_proven(&outcome.consent_proof),
            Attention::ConsentUnproven,
        ),
        (is_unhappy, Attention::Dissatisfied),
        (outcome.reject_count > 0, Attention::Returned),
        (outcome.missing_files > 0, Attention::EvidenceMissing),
        (
            outcome.total_fen.is_some_and(|fen| fen > 0),
            Attention::Paid,
        ),
        (is_sampled(outcome.id), Attention::Sample),
    ];
    rules
        .into_iter()
        .filter_map(|(applies, code)| applies.then_some(code))
        .collect()
}

/// The last byte of a version 7 UUID is random and was drawn before anybody worked on the order.
pub fn is_sampled(id: WorkOrderId) -> bool {
    id.0.as_bytes()
        .last()
        .is_some_and(|byte| byte % SAMPLE_OF == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Outcome {
        Outcome {
            id: WorkOrderId::new(1, [1; 10]),
            urgency: Urgency::Normal,
            is_late: false,
            place_proof: Some("customer_code".to_owned()),
            consent_proof: Some("signature".to_owned()),
            satisfaction: Some(Satisfaction::Satisfied),
            reject_count: 0,
            missing_files: 0,
            total_fen: Some(0),
        }
    }

    #[test]
    fn a_clean_order_outside_the_sample_wants_nothing() {
        assert_eq!(attention(&good()), []);
    }

    #[test]
    fn each_weakness_is_named() {
        type Spoil = fn(&mut Outcome);
        let cases: [(Attention, Spoil); 9] = [
            (Attention::Hazard, |o| o.urgency = Urgency::Hazard),
            (Attention::Late, |o| o.is_late = true),
            (Attention::PlaceUnproven, |o| o.place_proof = None),
            (Attention::ConsentUnproven, |o| {
                o.consent_proof = Some("none".to_owned());
            }),
            (Attention::Dissatisfied, |o| {
                o.satisfaction = Some(Satisfaction::Fair);
            }),
            (Attention::Returned, |o| o.reject_count = 1),
            (Attention::EvidenceMissing, |o| o.missing_files = 2),
            (Attention::Paid, |o| o.total_fen = Some(1)),
            (Attention::Sample, |o| o.id = WorkOrderId::new(1, [0; 10])),
        ];
        for (code, spoil) in cases {
            let mut outcome = good();
            spoil(&mut outcome);
            assert_eq!(attention(&outcome), [code]);
        }
    }

    #[test]
    fn a_tenth_of_the_ids_is_sampled() {
        let sampled = (0..=255u8)
            .filter(|n| is_sampled(WorkOrderId::new(1, [*n; 10])))
            .count();
        assert_eq!(sampled, 26);
    }
}

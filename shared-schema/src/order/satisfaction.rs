//! What the customer said about the service (客户满意度), on the spot or in the call-back.

use crate::text_enum;

text_enum! {
    /// The customer's verdict. `Refused` is an answer that is not counted.
    pub enum Satisfaction {
        0 VerySatisfied = "very_satisfied", "非常满意", "Very satisfied";
        1 Satisfied = "satisfied", "满意", "Satisfied";
        2 Fair = "fair", "一般", "Fair";
        3 Dissatisfied = "dissatisfied", "不满意", "Dissatisfied";
        4 Refused = "refused", "未评价", "Refused to say";
    }
}

impl Satisfaction {
    /// The customer gave a verdict; only these count in the rate.
    pub const fn is_answer(self) -> bool {
        !matches!(self, Self::Refused)
    }

    /// Counts as satisfied in the rate.
    pub const fn is_satisfied(self) -> bool {
        matches!(self, Self::VerySatisfied | Self::Satisfied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_answers_can_be_satisfied() {
        for verdict in Satisfaction::ALL {
            assert!(verdict.is_answer() || !verdict.is_satisfied(), "{verdict}");
        }
        assert!(Satisfaction::Satisfied.is_satisfied() && !Satisfaction::Fair.is_satisfied());
    }
}

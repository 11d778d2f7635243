//! How presence at the place, or the customer's consent, was proven, and how much that is worth.

use crate::text_enum;

text_enum! {
    /// The means of proof. `None` needs a reason and lowers the grade of the event.
    pub enum Proof {
        0 CustomerCode = "customer_code", "客户码", "Customer code";
        1 MeterCode = "meter_code", "表计码", "Meter code";
        2 PlaceCode = "place_code", "现场码", "Place code";
        3 Signature = "signature", "签名", "Signature";
        4 None = "none", "无", "None";
        5 Typed = "typed", "手工输入", "Typed number";
        6 LegacyCode = "legacy_code", "旧系统码", "Code of an older system";
        7 ConsentCode = "consent_code", "同意码", "Consent code";
        8 ConsentDigits = "consent_digits", "六位同意码", "Six digits";
    }
}

text_enum! {
    /// How much a proof is worth to a reviewer.
    pub enum ProofStrength {
        0 Strong = "strong", "强", "Strong";
        1 Medium = "medium", "中", "Medium";
        2 Weak = "weak", "弱", "Weak";
        3 Nothing = "nothing", "无", "None";
    }
}

impl Proof {
    /// A scanned code shows that somebody stood at the place; a signature does not say where.
    pub const fn proves_place(self) -> bool {
        matches!(self, Self::CustomerCode | Self::MeterCode | Self::PlaceCode)
    }

    /// The customer himself took part: his code, a one-time code sent to him, or his signature.
    pub const fn proves_consent(self) -> bool {
        matches!(
            self,
            Self::CustomerCode | Self::Signature | Self::ConsentCode | Self::ConsentDigits
        )
    }

    /// What the proof is worth, given whether a signature of ours was checked and held. A one-time code
    /// proves that the customer acted now; a sticker proves that it was issued, and can be copied; a
    /// typed number, a code anybody can print and a drawn signature prove little.
    pub const fn strength(self, is_signed: bool) -> ProofStrength {
        match self {
            Self::ConsentCode | Self::ConsentDigits => ProofStrength::Strong,
            Self::CustomerCode | Self::MeterCode | Self::PlaceCode if is_signed => {
                ProofStrength::Medium
            }
            Self::CustomerCode
            | Self::MeterCode
            | Self::PlaceCode
            | Self::Signature
            | Self::Typed
            | Self::LegacyCode => ProofStrength::Weak,
            Self::None => ProofStrength::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_code_proves_the_place_but_not_the_consent() {
        assert!(Proof::MeterCode.proves_place() && !Proof::MeterCode.proves_consent());
        assert!(Proof::Signature.proves_consent() && !Proof::Signature.proves_place());
        assert!(!Proof::None.proves_place() && !Proof::None.proves_consent());
        assert!(!Proof::Typed.proves_place() && !Proof::Typed.proves_consent());
    }

    #[test]
    fn an_unsigned_code_is_worth_no_more_than_a_typed_number() {
        assert_eq!(Proof::MeterCode.strength(true), ProofStrength::Medium);
        assert_eq!(
            Proof::MeterCode.strength(false),
            Proof::Typed.strength(true)
        );
        assert_eq!(Proof::ConsentDigits.strength(false), ProofStrength::Strong);
        assert_eq!(Proof::None.strength(true), ProofStrength::Nothing);
    }
}

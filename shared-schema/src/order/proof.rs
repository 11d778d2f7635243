//! How presence at the place, or the customer's consent, was proven.

use crate::text_enum;

text_enum! {
    /// The means of proof. `None` needs a reason and lowers the grade of the event.
    pub enum Proof {
        0 CustomerCode = "customer_code", "客户码", "Customer code";
        1 MeterCode = "meter_code", "表计码", "Meter code";
        2 PlaceCode = "place_code", "现场码", "Place code";
        3 Signature = "signature", "签名", "Signature";
        4 None = "none", "无", "None";
    }
}

impl Proof {
    /// A scanned code shows that somebody stood at the place; a signature does not say where.
    pub const fn proves_place(self) -> bool {
        matches!(self, Self::CustomerCode | Self::MeterCode | Self::PlaceCode)
    }

    /// The customer himself took part: his code or his signature.
    pub const fn proves_consent(self) -> bool {
        matches!(self, Self::CustomerCode | Self::Signature)
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
    }
}

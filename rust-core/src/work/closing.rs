//! Closing a service (终结服务): which proofs of the customer's consent can be given for an order now.
//! Whether a given proof is good is decided in `needs` and `label::consent`.

use crate::store::facts::OwnEvidence;
use crate::store::orders::StoredOrder;
use dianma_schema::label::consent::{ConsentStep, is_over};
use dianma_schema::order::EvidenceKind;
use dianma_schema::order::evidence::WITHDRAWN;
use dianma_schema::text_enum;
use serde::Serialize;

text_enum! {
    /// How the customer's consent can be proven.
    pub enum ConsentWay {
        0 Scan = "scan", "扫客户码", "Scan the customer's code";
        1 Digits = "digits", "六位同意码", "Six-digit code";
        2 Signature = "signature", "客户手写签名", "Drawn signature";
        3 Nobody = "nobody", "无客户档案，无须签字", "No customer known: nothing to sign";
    }
}

/// What the closing panel offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClosingOffer {
    /// Proofs, the best first.
    pub ways: Vec<ConsentWay>,
    /// The newest signature drawn for the order, with its moment (epoch ms).
    pub signature: Option<(String, i64)>,
    /// Last moment of the six digits that were sent to the customer, epoch ms.
    pub digits_until_ms: Option<i64>,
}

/// What can be offered for an order.
pub fn offer(order: &StoredOrder, own: &[OwnEvidence], now_ms: i64) -> ClosingOffer {
    let checks = order.record.consent.as_deref().unwrap_or(&[]);
    let digits = checks
        .iter()
        .rev()
        .find(|check| check.step == ConsentStep::Closing && !is_over(check.expires_at_ms, now_ms));
    let mut ways = vec![ConsentWay::Scan];
    if digits.is_some() {
        ways.push(ConsentWay::Digits);
    }
    ways.push(ConsentWay::Signature);
    if order.record.customer_id.is_none() {
        ways = vec![ConsentWay::Nobody, ConsentWay::Signature];
    }
    let drawn = own
        .iter()
        .rev()
        .find(|file| file.kind == EvidenceKind::Signature.as_str() && file.slot != WITHDRAWN);
    ClosingOffer {
        ways,
        signature: drawn.map(|file| (file.sha256.clone(), file.taken_at_ms)),
        digits_until_ms: digits.map(|check| check.expires_at_ms),
    }
}

/// A one-time code that was scanned is consent in itself, not a label.
pub fn is_one_time_code(text: &str) -> bool {
    matches!(
        dianma_schema::label::read(text),
        dianma_schema::label::Reading::Consent(_)
    )
}

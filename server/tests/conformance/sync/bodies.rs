//! What generated phones say: encoded commands, cursors, and everything one job needs.

use super::fixture::County;
use dianma_schema::order::OrderKind;
use dianma_schema::wire::command::{
    Body, Closing, CommandEnvelope, EvidenceItem, FieldValue, HazardsAcknowledged, Scan,
};
use dianma_schema::wire::sync::{Cursor, ScopeKind};
use minicbor::bytes::ByteVec;

pub(super) fn encoded(command: &CommandEnvelope) -> Vec<u8> {
    minicbor::to_vec(command).unwrap()
}

pub(super) fn cursor(scope: ScopeKind, epoch: u32, position: u64) -> Cursor {
    Cursor {
        scope,
        epoch,
        position,
    }
}

/// Everything an ad-hoc order needs from acceptance to submission, in order.
pub(super) fn whole_job(county: &County) -> Vec<Body> {
    vec![
        Body::Accept,
        Body::Depart,
        Body::Arrive(scan(&county.customer_code)),
        Body::Begin(hazards()),
        record(&[
            ("contacted", "true"),
            ("contacted_at", "1779999990000"),
            ("on_site_check", "生成的核实情况"),
            ("measures", "生成的处理措施"),
            ("result", "solved"),
        ]),
        evidence(1, "site", "photo"),
        Body::Finish(closing(&county.customer_code)),
        Body::Submit,
    ]
}

pub(super) fn scan(text: &str) -> Scan {
    Scan {
        text: text.to_owned(),
        typed: false,
        ..Scan::default()
    }
}

pub(super) fn hazards() -> HazardsAcknowledged {
    let facts = std::collections::BTreeMap::new();
    let card = dianma_schema::card::find(OrderKind::AdHoc, &facts)
        .unwrap()
        .card;
    HazardsAcknowledged {
        card_id: card.id.clone(),
        card_version: card.version,
        hazards: (0..u16::try_from(card.hazards.len()).unwrap()).collect(),
    }
}

pub(super) fn record(values: &[(&str, &str)]) -> Body {
    let field = |(name, value): &(&str, &str)| FieldValue {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    };
    Body::Record(values.iter().map(field).collect())
}

pub(super) fn evidence(seed: u8, slot: &str, kind: &str) -> Body {
    Body::Evidence(EvidenceItem {
        sha256: ByteVec::from(vec![seed; 32]),
        slot: slot.to_owned(),
        kind: kind.to_owned(),
        mime: "image/jpeg".to_owned(),
        size: 1_000,
        imported: false,
    })
}

pub(super) fn closing(code: &str) -> Closing {
    Closing {
        scan: Some(scan(code)),
        signature_sha256: None,
        satisfaction: "satisfied".to_owned(),
        remark: None,
        consent: None,
    }
}

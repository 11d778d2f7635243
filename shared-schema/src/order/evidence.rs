//! Evidence (凭证): its kinds and what each order kind must carry (`catalogues/evidence_requirements.toml`).
//! What a file really is: [`super::media`]. Storing and uploading it is elsewhere.

pub use super::media::{accepts, sniff};
use crate::catalogue::{self, CatalogueError};
use crate::order::{OrderKind, OrderState};
use crate::text_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

text_enum! {
    /// What a piece of evidence is.
    pub enum EvidenceKind {
        0 Photo = "photo", "照片", "Photo";
        1 Audio = "audio", "录音", "Audio";
        2 Video = "video", "视频", "Video";
        3 Signature = "signature", "签名", "Signature";
    }
}

/// One demand: so many pieces of a kind in a named slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceRequirement {
    /// Word of the slot, unique within the order kind.
    pub slot: String,
    /// What to take, Chinese.
    pub zh: String,
    /// What to take, English.
    pub en: String,
    /// Photo, audio, video or signature.
    pub kind: EvidenceKind,
    /// How many pieces at least.
    pub min_count: usize,
    /// The rule the demand follows.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    requirement: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    order_kind: OrderKind,
    slot: String,
    zh: String,
    en: String,
    kind: EvidenceKind,
    min_count: usize,
    source: String,
}

/// Requirements by order kind.
pub type EvidenceCatalogue = BTreeMap<OrderKind, Vec<EvidenceRequirement>>;

static CATALOGUE: LazyLock<EvidenceCatalogue> = LazyLock::new(|| {
    load(include_str!("../../catalogues/evidence_requirements.toml")).unwrap_or_default()
});

/// Reads a requirements file; refuses empty texts, empty demands and slots named twice.
pub fn load(text: &str) -> Result<EvidenceCatalogue, CatalogueError> {
    let file: File = catalogue::parse(text)?;
    let mut all = EvidenceCatalogue::new();
    for row in file.requirement {
        let name = format!("{}.{}", row.order_kind, row.slot);
        for (field, text) in [
            ("slot", &row.slot),
            ("zh", &row.zh),
            ("en", &row.en),
            ("source", &row.source),
        ] {
            catalogue::filled(&name, field, text)?;
        }
        if !(1..=20).contains(&row.min_count) {
            return Err(CatalogueError::at(&name, "min_count must be 1 to 20"));
        }
        let of_kind = all.entry(row.order_kind).or_default();
        if of_kind.iter().any(|other| other.slot == row.slot) {
            return Err(CatalogueError::at(&name, "the slot is named twice"));
        }
        of_kind.push(EvidenceRequirement {
            slot: row.slot,
            zh: row.zh,
            en: row.en,
            kind: row.kind,
            min_count: row.min_count,
            source: row.source,
        });
    }
    Ok(all)
}

/// Slot of a piece that no demand asks for.
pub const EXTRA: &str = "extra";

/// Slot of a piece that was taken back before the order was submitted: it fulfils nothing and stays
/// on the manifest, bytes and all.
pub const WITHDRAWN: &str = "withdrawn";

/// Whether a piece (its slot and kind) may be taken back: while the order is with the person. Once the
/// service is finished what the customer confirmed stays: the signature, and what a demand needs.
pub fn may_withdraw(
    order: OrderKind,
    state: OrderState,
    is_finished: bool,
    piece: (&str, EvidenceKind),
    have: &[(&str, EvidenceKind)],
) -> bool {
    let is_needed = || {
        let count = have.iter().filter(|one| **one == piece).count();
        let demand = required(order)
            .iter()
            .find(|demand| (demand.slot.as_str(), demand.kind) == piece);
        piece.1 == EvidenceKind::Signature || demand.is_some_and(|demand| count <= demand.min_count)
    };
    state.is_with_electrician() && !(is_finished && is_needed())
}

/// What a slot is called that belongs to no demand.
pub fn own_slot(slot: &str) -> Option<(&'static str, &'static str)> {
    match slot {
        EXTRA => Some(("补充", "Extra")),
        WITHDRAWN => Some(("已撤下", "Taken back")),
        _ => None,
    }
}

/// Every demand, by order kind, for showing the catalogue.
pub fn all() -> &'static EvidenceCatalogue {
    &CATALOGUE
}

/// What an order of this kind must carry, in the order it is asked for.
pub fn required(kind: OrderKind) -> &'static [EvidenceRequirement] {
    CATALOGUE.get(&kind).map_or(&[], Vec::as_slice)
}

/// The demands that `have` (slot and kind of each piece) does not yet fulfil.
pub fn missing(
    kind: OrderKind,
    have: &[(&str, EvidenceKind)],
) -> Vec<&'static EvidenceRequirement> {
    let taken = |demand: &EvidenceRequirement| {
        have.iter()
            .filter(|(slot, kind)| *slot == demand.slot && *kind == demand.kind)
            .count()
    };
    required(kind)
        .iter()
        .filter(|demand| taken(demand) < demand.min_count)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_may_be_taken_back_until_the_customer_confirmed_what_is_needed() {
        use EvidenceKind::{Photo, Signature};
        let demand = &required(OrderKind::AdHoc)[0];
        let piece = (demand.slot.as_str(), demand.kind);
        let enough = vec![piece; demand.min_count];
        let more = vec![piece; demand.min_count + 1];
        let may = |state, is_finished, piece, have: &[_]| {
            may_withdraw(OrderKind::AdHoc, state, is_finished, piece, have)
        };
        assert!(may(OrderState::Working, false, piece, &enough));
        assert!(!may(OrderState::Working, true, piece, &enough));
        assert!(may(OrderState::Working, true, piece, &more), "one too many");
        assert!(may(OrderState::Working, true, (EXTRA, Photo), &enough));
        assert!(!may(OrderState::Working, true, (EXTRA, Signature), &enough));
        assert!(!may(OrderState::Submitted, false, piece, &more));
    }

    #[test]
    fn every_kind_asks_for_one_to_three_pieces() {
        let all = load(include_str!("../../catalogues/evidence_requirements.toml")).unwrap();
        assert_eq!(all, *CATALOGUE);
        for kind in OrderKind::ALL {
            assert!((1..=3).contains(&required(*kind).len()), "{kind}");
        }
    }

    #[test]
    fn refuses_demands_that_make_no_sense() {
        let text = include_str!("../../catalogues/evidence_requirements.toml");
        for (good, bad) in [
            ("min_count = 1", "min_count = 0"),
            ("slot = \"after_repair\"", "slot = \"fault_point\""),
            ("zh = \"故障点照片\"", "zh = \" \""),
            ("kind = \"photo\"", "kind = \"poem\""),
        ] {
            assert!(load(&text.replacen(good, bad, 1)).is_err(), "{bad}");
        }
    }

    #[test]
    fn missing_counts_slot_and_kind_together() {
        let slots = |have: &[(&str, EvidenceKind)]| -> Vec<&str> {
            missing(OrderKind::FaultRepair, have)
                .iter()
                .map(|demand| demand.slot.as_str())
                .collect()
        };
        assert_eq!(slots(&[]), ["fault_point", "after_repair"]);
        assert_eq!(
            slots(&[("fault_point", EvidenceKind::Photo)]),
            ["after_repair"]
        );
        assert_eq!(
            slots(&[("after_repair", EvidenceKind::Audio)]),
            ["fault_point", "after_repair"]
        );
        let both = [
            ("fault_point", EvidenceKind::Photo),
            ("after_repair", EvidenceKind::Photo),
        ];
        assert!(slots(&both).is_empty());
    }
}

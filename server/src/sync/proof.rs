//! What a scanned code or a typed number proves: that somebody stood at the place of the order, or
//! that its customer took part. Codes name opaque labels; the archive knows what they belong to. The
//! phone has judged before; here it is judged again, and what the phone could not know yet is kept as a
//! flag for the reviewer instead of a refusal.

use super::command::Stop;
use super::proven::{Flag, Proven};
use crate::args;
use crate::error::Detail;
use crate::keys::judge::{self, Judged};
use crate::orders::OrderRow;
use crate::store::{StoreError, Tx};
use dianma_schema::fault;
use dianma_schema::geo::Place;
use dianma_schema::id::{LabelId, half_width};
use dianma_schema::label::payload::tag;
use dianma_schema::label::{LabelKind, LabelVerdict, Reading};
use dianma_schema::order::proof::Proof;
use dianma_schema::wire::command::Scan;

/// Farther than this from the archive's place is flagged, metres: fixes between houses are off by a
/// hundred or two.
const FAR_M: i64 = 500;

/// What a label of the archive belongs to.
struct Labelled {
    kind: LabelKind,
    is_valid: bool,
    customer_id: Option<String>,
    area_id: Option<String>,
    place_id: Option<String>,
    number: String,
}

/// The proof of place an arrival gives; refused with S-422-PLACE when it is another place, with
/// S-422-LABEL when the code is no good.
pub(super) fn place(
    tx: &mut dyn Tx,
    now_ms: i64,
    order: &OrderRow,
    scan: &Scan,
    fix: Option<Place>,
) -> Result<Proven, Stop> {
    let is_legacy = scan.checked.as_ref().is_some_and(|c| c.is_legacy);
    let mut proven = if scan.typed || is_legacy {
        let weak = if is_legacy {
            Proof::LegacyCode
        } else {
            Proof::Typed
        };
        typed_place(tx, order, &scan.text, weak)?
            .map(Proven::of)
            .ok_or_else(|| elsewhere(order))?
    } else {
        let judged = judge::check(tx, now_ms, &scan.text)?;
        scanned_place(tx, order, scan, &judged)?
    };
    proven.reason.clone_from(&scan.reason);
    proven.note_scan(scan);
    if let (Some(at), Some(fix)) = (order.place(), fix) {
        let distance_m = at.distance_m(fix);
        proven.distance_m = Some(distance_m);
        if distance_m > FAR_M {
            proven.flags.push(Flag::PlaceFar);
        }
    }
    Ok(proven)
}

fn elsewhere(order: &OrderRow) -> Stop {
    Stop::refuse(fault::S_PLACE_PROOF, Some(expected(order)))
}

/// What should have been scanned.
fn expected(order: &OrderRow) -> Detail {
    match (&order.account_number, &order.meter_number) {
        (Some(account), _) => Detail::new(
            format!("应为户号 {account} 的客户码或表计码"),
            format!("expected: the code of customer {account} or of the meter"),
        ),
        (None, Some(meter)) => Detail::new(
            format!("应为表号 {meter} 的表计码"),
            format!("expected: the code of meter {meter}"),
        ),
        (None, None) => Detail::new("应为本台区的现场码", "expected: a code of this district"),
    }
}

/// A code that is no good is refused, unless it went bad after the phone's lists were made: then it
/// stays, weak and flagged.
fn good_or_flagged(judged: &Judged, scan: &Scan) -> Result<Option<Flag>, Stop> {
    if judged.verdict.is_usable() {
        return Ok(None);
    }
    let knew_until_ms = scan.checked.as_ref().and_then(|c| c.as_of_ms);
    let was_good = scan.checked.as_ref().is_some_and(|c| c.verdict.is_usable());
    let is_later = matches!(
        judged.verdict,
        LabelVerdict::Revoked | LabelVerdict::Outdated
    ) && was_good
        && judged.void_since_ms > Some(knew_until_ms.unwrap_or(i64::MIN));
    if is_later {
        return Ok(Some(Flag::VoidLater));
    }
    Err(Stop::refuse(
        fault::S_LABEL,
        Some(Detail::new(
            judged.verdict.sentence_zh(None),
            judged.verdict.sentence_en(None),
        )),
    ))
}

fn scanned_place(
    tx: &mut dyn Tx,
    order: &OrderRow,
    scan: &Scan,
    judged: &Judged,
) -> Result<Proven, Stop> {
    let Some((_, id, revision)) = judged.label() else {
        let detail = Detail::new("不是本系统的二维码", "not a code of this system");
        return Err(Stop::refuse(fault::S_PLACE_PROOF, Some(detail)));
    };
    let flag = good_or_flagged(judged, scan)?;
    let Some(found) = labelled(tx, id)? else {
        return Err(elsewhere(order));
    };
    let is_signed = matches!(judged.reading, Reading::Label(_));
    if !found.is_valid && flag.is_none() {
        return Err(elsewhere(order));
    }
    if let Reading::Label(label) = &judged.reading
        && label.claims.tag != tag(found.kind, &found.number)
    {
        return Err(elsewhere(order));
    }
    if !fits(tx, order, &found)? {
        return Err(elsewhere(order));
    }
    let proof = match found.kind {
        // Another customer's code at a place without a customer shows the area, not the customer.
        _ if order.customer_id.is_none() => Proof::PlaceCode,
        LabelKind::Customer => Proof::CustomerCode,
        LabelKind::Meter => Proof::MeterCode,
        _ => Proof::PlaceCode,
    };
    let mut proven = Proven::of(proof);
    proven.is_signed = is_signed && flag.is_none();
    proven.verdict = Some(judged.verdict);
    proven.label_id = Some(id);
    proven.revision = revision;
    proven.flags.extend(flag);
    if found.kind == LabelKind::Meter
        && order
            .meter_number
            .as_ref()
            .is_some_and(|n| *n != found.number)
    {
        proven.flags.push(Flag::OtherMeter);
    }
    Ok(proven)
}

fn fits(tx: &mut dyn Tx, order: &OrderRow, found: &Labelled) -> Result<bool, StoreError> {
    let area = order.area_id.map(|id| id.to_string());
    if let Some(place_id) = &found.place_id {
        let has_area = area.is_none() || found.area_id == area;
        return Ok(match (found.kind, order.customer_id) {
            (LabelKind::MeterBox, Some(customer)) => {
                box_serves(tx, place_id, &customer.to_string())?
            }
            (LabelKind::Pole, _) => {
                has_area
                    && order
                        .pole_number
                        .as_ref()
                        .is_none_or(|pole| *pole == found.number)
            }
            _ => has_area,
        });
    }
    Ok(match order.customer_id {
        Some(customer) => found.customer_id == Some(customer.to_string()),
        None => area.is_none() || found.area_id == area,
    })
}

/// A box with no meters noted serves its whole area.
fn box_serves(tx: &mut dyn Tx, place_id: &str, customer_id: &str) -> Result<bool, StoreError> {
    let counted = tx.first(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN m.customer_id = ?2 THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM label_place_meters b JOIN meters m ON m.id = b.meter_id WHERE b.place_id = ?1",
        args![place_id, customer_id],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )?;
    Ok(counted.is_none_or(|(all, own)| all == 0 || own > 0))
}

fn labelled(tx: &mut dyn Tx, id: LabelId) -> Result<Option<Labelled>, StoreError> {
    tx.first(
        "SELECT l.kind, COALESCE(l.customer_id, m.customer_id), COALESCE(p.area_id, c.area_id), \
         l.place_id, COALESCE(p.number, m.meter_number, c.account_number, ''), l.state FROM labels l \
         LEFT JOIN meters m ON m.id = l.meter_id \
         LEFT JOIN customers c ON c.id = COALESCE(l.customer_id, m.customer_id) \
         LEFT JOIN label_places p ON p.id = l.place_id WHERE l.id = ?1",
        args![id.to_string()],
        |row| {
            Ok(Labelled {
                kind: row.parse(0)?,
                customer_id: row.opt_text(1)?,
                area_id: row.opt_text(2)?,
                place_id: row.opt_text(3)?,
                number: row.text(4)?,
                is_valid: row.text(5)? == "valid",
            })
        },
    )
}

fn typed_place(
    tx: &mut dyn Tx,
    order: &OrderRow,
    text: &str,
    weak: Proof,
) -> Result<Option<Proof>, StoreError> {
    let text = half_width(text.trim());
    if text.is_empty() {
        return Ok(None);
    }
    let on_order = [
        order.account_number.as_deref(),
        order.meter_number.as_deref(),
        order.pole_number.as_deref(),
    ];
    if on_order.contains(&Some(text.as_str())) {
        return Ok(Some(weak));
    }
    if let Some(customer) = order.customer_id {
        let meter = tx.first(
            "SELECT 1 FROM meters WHERE meter_number = ?1 AND customer_id = ?2",
            args![&text, customer.to_string()],
            |row| row.int(0),
        )?;
        return Ok(meter.map(|_| weak));
    }
    let Some(area) = order.area_id else {
        // Neither customer nor area is known: there is nothing to compare with, the event says so.
        return Ok(Some(Proof::None));
    };
    let in_area = tx.first(
        "SELECT 1 FROM customers c LEFT JOIN meters m ON m.customer_id = c.id \
         WHERE c.area_id = ?2 AND (c.account_number = ?1 OR m.meter_number = ?1 \
         OR c.pole_number = ?1) LIMIT 1",
        args![&text, area.to_string()],
        |row| row.int(0),
    )?;
    Ok(in_area.map(|_| weak))
}

/// The proof of consent a closing scan gives: only the customer's own code does.
pub(super) fn consent(
    tx: &mut dyn Tx,
    now_ms: i64,
    order: &OrderRow,
    scan: &Scan,
) -> Result<Option<Proven>, Stop> {
    if scan.typed {
        return Ok(None);
    }
    let judged = judge::check(tx, now_ms, &scan.text)?;
    let Some((_, id, revision)) = judged.label() else {
        return Ok(None);
    };
    let flag = good_or_flagged(&judged, scan)?;
    let found = labelled(tx, id)?;
    let is_customers = found.is_some_and(|label| {
        label.kind == LabelKind::Customer
            && (label.is_valid || flag.is_some())
            && label.customer_id.is_some()
            && label.customer_id == order.customer_id.map(|id| id.to_string())
    });
    if !is_customers {
        return Ok(None);
    }
    let mut proven = Proven::of(Proof::CustomerCode);
    proven.is_signed = matches!(judged.reading, Reading::Label(_)) && flag.is_none();
    proven.verdict = Some(judged.verdict);
    proven.label_id = Some(id);
    proven.revision = revision;
    proven.flags.extend(flag);
    proven.note_scan(scan);
    Ok(Some(proven))
}

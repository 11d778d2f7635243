//! The text of a label's symbol: signed when a label key is open, else the unsigned first version.

use super::Keyring;
use crate::args;
use crate::error::ApiError;
use crate::store::{StoreError, Tx};
use dianma_schema::id::LabelId;
use dianma_schema::label::payload::{self, LabelClaims, tag};
use dianma_schema::label::seal::KeyPurpose;
use dianma_schema::label::{LabelCode, LabelKind, encode};
use dianma_schema::time::china_day;

/// What a label needs to be signed.
#[derive(Clone, Debug)]
pub struct LabelSource {
    /// Id.
    pub id: LabelId,
    /// Kind.
    pub kind: LabelKind,
    /// Edition.
    pub revision: u32,
    /// Account, meter, box or pole number, or area code: printed beside the symbol.
    pub number: String,
    /// Code of the station, for its own key.
    pub station_code: String,
}

/// A signed text and the short name of the key.
#[derive(Clone, Debug)]
pub struct SignedText {
    /// What the symbol says.
    pub text: String,
    /// Eight hexadecimal characters; none when unsigned.
    pub key_id: Option<String>,
}

/// Signs; refused as `X-423-KEYS` without an open key.
pub fn sign(
    tx: &mut dyn Tx,
    keys: &Keyring,
    now_ms: i64,
    label: &LabelSource,
) -> Result<SignedText, ApiError> {
    let key = keys.usable(tx, KeyPurpose::Label, &label.station_code)?;
    let claims = LabelClaims {
        kind: label.kind,
        id: label.id,
        tag: tag(label.kind, &label.number),
        issued_on_day: u32::try_from(china_day(now_ms)).unwrap_or(0),
        revision: label.revision,
    };
    Ok(SignedText {
        text: payload::sign(&claims, &key.key),
        key_id: Some(key.id().to_string()),
    })
}

/// Signs when it can; screens show the unsigned text of an installation without keys.
pub fn text(
    tx: &mut dyn Tx,
    keys: &Keyring,
    now_ms: i64,
    label: &LabelSource,
) -> Result<SignedText, ApiError> {
    if keys.is_empty() {
        let (kind, id) = (label.kind, label.id);
        return Ok(SignedText {
            text: encode(LabelCode { kind, id }),
            key_id: None,
        });
    }
    sign(tx, keys, now_ms, label)
}

/// Columns of [`source`]; labels as `l`, joined by [`SOURCE_JOINS`].
pub const SOURCE_COLUMNS: &str = "l.id, l.kind, l.revision, \
     COALESCE(p.number, m.meter_number, c.account_number, ''), COALESCE(s.code, '')";

/// Joins that [`SOURCE_COLUMNS`] needs.
pub const SOURCE_JOINS: &str = "LEFT JOIN meters m ON m.id = l.meter_id \
     LEFT JOIN customers c ON c.id = COALESCE(l.customer_id, m.customer_id) \
     LEFT JOIN label_places p ON p.id = l.place_id \
     LEFT JOIN stations s ON s.id = COALESCE(p.station_id, c.station_id)";

/// Reads [`SOURCE_COLUMNS`] from column 0.
pub fn source(row: &crate::store::Row<'_>) -> Result<LabelSource, StoreError> {
    Ok(LabelSource {
        id: row.parse(0)?,
        kind: row.parse(1)?,
        revision: u32::try_from(row.int(2)?).unwrap_or(1),
        number: row.text(3)?,
        station_code: row.text(4)?,
    })
}

/// The sources of a customer's labels and his meters'.
pub fn of_customer(tx: &mut dyn Tx, customer_id: &str) -> Result<Vec<LabelSource>, StoreError> {
    let sql = format!(
        "SELECT {SOURCE_COLUMNS} FROM labels l {SOURCE_JOINS} WHERE l.customer_id = ?1 \
         ORDER BY l.issued_at_ms DESC, l.id LIMIT 200"
    );
    tx.all(&sql, args![customer_id], source)
}

//! One-time consent codes on the server: made for one step of one order, sent by a delivery adapter,
//! redeemed once. Making one changes the order's feed entry, so that the phone gets what it checks
//! with; wrong tries are counted from the refused commands themselves.

use crate::args;
use crate::error::ApiError;
use crate::feed::Change;
use crate::keys::Keyring;
use crate::orders::change::{EventTimes, touch};
use crate::orders::{By, OrderRow};
use crate::store::{StoreError, Tx};
use crate::text::sha256_hex;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::id::{WorkOrderId, uuid_v7};
use dianma_schema::label::consent::{
    self, ConsentCheck, ConsentClaims, ConsentStep, clean_digits, is_over,
};
use dianma_schema::label::seal::KeyPurpose;
use dianma_schema::time::DAY_MS;
use dianma_schema::wire::command::ConsentGiven;
use serde_json::json;

/// How long a code is good: an appointment may move by a day or two.
const LIFE_MS: i64 = 3 * DAY_MS;
/// Refused commands with wrong digits after which a code is locked.
const MAX_WRONG: i64 = 3;

/// Random bytes a new code needs: digits, nonce, link token, row id.
pub const RANDOM_BYTES: usize = 8 + 8 + 16 + 10;

/// A code as made.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// The step.
    pub step: ConsentStep,
    /// Six digits for the customer.
    pub digits: String,
    /// Token of the customer's link.
    pub link_token: String,
    /// Last moment, epoch ms.
    pub expires_at_ms: i64,
}

/// Makes a code; the one before it for the same step is void. Returns the feed changes too.
pub fn create(
    tx: &mut dyn Tx,
    keys: &Keyring,
    now_ms: i64,
    by: &By,
    order: &mut OrderRow,
    step: ConsentStep,
    random: [u8; RANDOM_BYTES],
) -> Result<(NewCode, Vec<Change>), ApiError> {
    let is_open = match step {
        ConsentStep::Arrival => order.arrived_at_ms.is_none(),
        ConsentStep::Closing => order.finished_at_ms.is_none(),
    };
    if !is_open || !order.state.is_with_electrician() {
        return Err(ApiError::conflict(fault::S_STATE).with_detail(
            format!("工单现为“{}”，此步骤不需要同意码", order.state.zh()),
            format!(
                "the order is {}: this step needs no consent code",
                order.state.en()
            ),
        ));
    }
    let key = keys.usable(tx, KeyPurpose::Consent, "")?;
    let (digits, nonce, token, id) = drawn(&random)?;
    tx.execute(
        "UPDATE consent_codes SET state = 'replaced', digits = '' \
         WHERE order_id = ?1 AND step = ?2 AND state = 'open'",
        args![order.id.to_string(), step.as_str()],
    )?;
    let code = NewCode {
        step,
        digits,
        link_token: token,
        expires_at_ms: now_ms + LIFE_MS,
    };
    tx.execute(
        "INSERT INTO consent_codes (id, order_id, step, nonce, digits, tag, key_id, link_hash, \
         expires_at_ms, created_at_ms, wrong_tries, double_uses, state) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, 0, 'open')",
        args![
            uuid_v7(now_ms, id).to_string(),
            order.id.to_string(),
            step.as_str(),
            nonce.to_vec(),
            &code.digits,
            i64::from(consent::tag(order.id, step, nonce, &code.digits)),
            key.id().to_string(),
            sha256_hex(code.link_token.as_bytes()),
            code.expires_at_ms,
            now_ms
        ],
    )?;
    let before = order.clone();
    let times = EventTimes {
        at_ms: now_ms,
        occurred_at_ms: now_ms,
        uncertainty_ms: 0,
    };
    let detail = json!({ "fact": "consent_code_sent", "step": step });
    let changes = touch(tx, now_ms, &before, order, by, times, &detail)?;
    Ok((code, changes))
}

type Drawn = (String, [u8; 8], String, [u8; 10]);

/// Cuts the random block up. A million divides 2^64 with a bias far below one in 10^12.
fn drawn(random: &[u8; RANDOM_BYTES]) -> Result<Drawn, ApiError> {
    let cut = || ApiError::internal();
    let (number, rest) = random.split_first_chunk::<8>().ok_or_else(cut)?;
    let (nonce, rest) = rest.split_first_chunk::<8>().ok_or_else(cut)?;
    let (token, id) = rest.split_first_chunk::<16>().ok_or_else(cut)?;
    let id: [u8; 10] = id.try_into().map_err(|_| cut())?;
    let digits = format!("{:06}", u64::from_be_bytes(*number) % 1_000_000);
    Ok((digits, *nonce, crate::text::hex(token), id))
}

/// What phones check codes of an order with.
pub fn checks(
    tx: &mut dyn Tx,
    order_id: WorkOrderId,
) -> Result<Option<Vec<ConsentCheck>>, StoreError> {
    let found = tx.all(
        "SELECT step, nonce, tag, expires_at_ms FROM consent_codes \
         WHERE order_id = ?1 AND state = 'open' ORDER BY created_at_ms LIMIT 4",
        args![order_id.to_string()],
        |row| {
            let nonce = row.bytes(1)?.try_into();
            Ok(ConsentCheck {
                step: row.parse(0)?,
                nonce: nonce.map_err(|_| StoreError::Engine("a nonce of another length".into()))?,
                tag: u8::try_from(row.int(2)?).unwrap_or_default(),
                expires_at_ms: row.int(3)?,
            })
        },
    )?;
    Ok((!found.is_empty()).then_some(found))
}

/// A code of an order as stored.
struct Stored {
    id: String,
    nonce: Vec<u8>,
    digits: String,
    expires_at_ms: i64,
    created_at_ms: i64,
    state: String,
}

fn newest(
    tx: &mut dyn Tx,
    order_id: WorkOrderId,
    step: ConsentStep,
) -> Result<Option<Stored>, StoreError> {
    tx.first(
        "SELECT id, nonce, digits, expires_at_ms, created_at_ms, state FROM consent_codes \
         WHERE order_id = ?1 AND step = ?2 AND state <> 'replaced' \
         ORDER BY created_at_ms DESC, id DESC LIMIT 1",
        args![order_id.to_string(), step.as_str()],
        |row| {
            Ok(Stored {
                id: row.text(0)?,
                nonce: row.bytes(1)?,
                digits: row.text(2)?,
                expires_at_ms: row.int(3)?,
                created_at_ms: row.int(4)?,
                state: row.text(5)?,
            })
        },
    )
}

/// What came of a redemption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// It counts; `is_double` when it had counted before.
    Taken {
        /// Used before: a weak proof, for the reviewer.
        is_double: bool,
    },
    /// It does not; why.
    Refused(FaultCode),
}

/// Redeems what the customer gave at `at_ms` (site time) for a step.
pub fn redeem(
    tx: &mut dyn Tx,
    at_ms: i64,
    order_id: WorkOrderId,
    step: ConsentStep,
    given: &ConsentGiven,
    device_id: &str,
) -> Result<Redeemed, StoreError> {
    let Some(stored) = newest(tx, order_id, step)? else {
        return Ok(Redeemed::Refused(fault::S_CONSENT_CODE));
    };
    if given.typed && wrong_tries(tx, order_id, &stored)? >= MAX_WRONG {
        return Ok(Redeemed::Refused(fault::S_CONSENT_TRIES));
    }
    let is_right = if given.typed {
        stored.state == "open" && clean_digits(&given.text).is_some_and(|d| d == stored.digits)
    } else {
        is_signed(tx, at_ms, order_id, step, &stored, &given.text)?
    };
    if !is_right || is_over(stored.expires_at_ms, at_ms) {
        return Ok(Redeemed::Refused(fault::S_CONSENT_CODE));
    }
    let is_double = stored.state == "redeemed";
    tx.execute(
        "UPDATE consent_codes SET state = 'redeemed', digits = '', \
         redeemed_at_ms = COALESCE(redeemed_at_ms, ?2), redeemed_by = COALESCE(redeemed_by, ?3), \
         wrong_tries = ?4, double_uses = double_uses + ?5 WHERE id = ?1",
        args![
            &stored.id,
            at_ms,
            device_id,
            i64::from(given.wrong_before),
            is_double
        ],
    )?;
    Ok(Redeemed::Taken { is_double })
}

fn is_signed(
    tx: &mut dyn Tx,
    at_ms: i64,
    order_id: WorkOrderId,
    step: ConsentStep,
    stored: &Stored,
    text: &str,
) -> Result<bool, StoreError> {
    let Ok(code) = consent::parse(text) else {
        return Ok(false);
    };
    let keys = crate::keys::judge::key_list(tx)?;
    let claims = &code.claims;
    Ok(code.judge(keys.as_ref(), at_ms).is_good()
        && claims.order_id == order_id
        && claims.step == step
        && claims.nonce.as_slice() == stored.nonce)
}

/// Refused commands of the order with wrong digits since the code was made: a refusal leaves nothing
/// else behind.
fn wrong_tries(tx: &mut dyn Tx, order_id: WorkOrderId, stored: &Stored) -> Result<i64, StoreError> {
    let counted = tx.first(
        "SELECT COUNT(*) FROM commands WHERE order_id = ?1 AND code = ?2 AND received_at_ms >= ?3",
        args![
            order_id.to_string(),
            fault::S_CONSENT_CODE.as_str(),
            stored.created_at_ms
        ],
        |row| row.int(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// What the customer's link shows.
#[derive(Clone, Debug)]
pub struct Shown {
    /// 工单号.
    pub order_number: String,
    /// The step.
    pub step: ConsentStep,
    /// Six digits.
    pub digits: String,
    /// Text of the symbol, when the key is open.
    pub symbol: Option<String>,
    /// Last moment, epoch ms.
    pub expires_at_ms: i64,
}

/// The code behind a link; `None` when the link is unknown, over, replaced or used.
pub fn shown(
    tx: &mut dyn Tx,
    keys: &Keyring,
    now_ms: i64,
    token: &str,
) -> Result<Option<Shown>, StoreError> {
    let found = tx.first(
        "SELECT c.order_id, w.order_number, c.step, c.nonce, c.digits, c.expires_at_ms \
         FROM consent_codes c JOIN work_orders w ON w.id = c.order_id \
         WHERE c.link_hash = ?1 AND c.state = 'open' AND c.expires_at_ms > ?2",
        args![sha256_hex(token.as_bytes()), now_ms],
        |row| {
            let nonce = row.bytes(3)?.try_into();
            let claims = ConsentClaims {
                order_id: row.parse(0)?,
                step: row.parse(2)?,
                nonce: nonce.map_err(|_| StoreError::Engine("a nonce of another length".into()))?,
                expires_at_ms: row.int(5)?,
            };
            Ok((row.text(1)?, row.text(4)?, claims))
        },
    )?;
    Ok(found.map(|(order_number, digits, claims)| Shown {
        order_number,
        step: claims.step,
        digits,
        symbol: keys
            .find(KeyPurpose::Consent, "")
            .map(|key| consent::sign(&claims, &key.key)),
        expires_at_ms: claims.expires_at_ms,
    }))
}

//! One-time consent codes on the phone: a signed code is checked whole, six digits as far as one byte
//! allows. What was used or tried is written down, so that neither a second use nor endless guessing
//! goes unseen; the server has the last word on both.

use super::refused;
use crate::error::CoreError;
use crate::store::trust;
use dianma_schema::fault;
use dianma_schema::id::WorkOrderId;
use dianma_schema::label::LabelVerdict;
use dianma_schema::label::consent::{
    self, ConsentCheck, ConsentStep, MAX_TRIES, SignedConsent, clean_digits,
};
use dianma_schema::wire::command::ConsentGiven;
use dianma_schema::wire::record::OrderRecord;
use rusqlite::{Connection, OptionalExtension as _};

/// A code as a person gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsentInput {
    /// Text of the symbol on the customer's phone, or six digits.
    pub text: String,
    /// Typed, not scanned.
    pub is_typed: bool,
}

/// Checks a code for a step of an order; the answer goes out with the command.
pub fn check(
    db: &Connection,
    now_ms: i64,
    order: &OrderRecord,
    step: ConsentStep,
    input: &ConsentInput,
) -> Result<ConsentGiven, CoreError> {
    let known = newest(order, step);
    let text = if input.is_typed {
        digits(db, now_ms, order.id, known, &input.text)?
    } else {
        signed(db, now_ms, order.id, step, known, &input.text)?
    };
    Ok(ConsentGiven {
        text,
        typed: input.is_typed,
        wrong_before: known.map_or(Ok(0), |known| wrong(db, order.id, known))?,
    })
}

fn newest(order: &OrderRecord, step: ConsentStep) -> Option<&ConsentCheck> {
    let checks = order.consent.as_deref().unwrap_or(&[]);
    checks.iter().rev().find(|check| check.step == step)
}

fn bad((zh, en): (&str, &str)) -> CoreError {
    CoreError::of(fault::S_CONSENT_CODE).because_of(zh, en)
}

fn digits(
    db: &Connection,
    now_ms: i64,
    order_id: WorkOrderId,
    known: Option<&ConsentCheck>,
    text: &str,
) -> Result<String, CoreError> {
    let digits = clean_digits(text)
        .ok_or_else(|| bad(("同意码是六位数字", "a consent code has six digits")))?;
    let known = known.ok_or_else(|| {
        bad((
            "本工单此步骤还没有发出同意码",
            "no consent code was sent for this step yet",
        ))
    })?;
    if wrong(db, order_id, known)? >= MAX_TRIES {
        return Err(CoreError::of(fault::S_CONSENT_TRIES));
    }
    if consent::is_over(known.expires_at_ms, now_ms) {
        return Err(refused(LabelVerdict::Expired, None));
    }
    if known.may_be(order_id, &digits) {
        Ok(digits)
    } else {
        Err(bad(("六位数字不符", "the six digits do not fit")))
    }
}

fn signed(
    db: &Connection,
    now_ms: i64,
    order_id: WorkOrderId,
    step: ConsentStep,
    known: Option<&ConsentCheck>,
    text: &str,
) -> Result<String, CoreError> {
    let code = consent::parse(text).map_err(|error| bad(super::damage(error)))?;
    let keys = trust::keys(db)?;
    let verdict = code.judge(keys.as_ref(), now_ms);
    if !verdict.is_good() {
        return Err(refused(verdict, trust::as_of_ms(db)?));
    }
    if code.claims.order_id != order_id {
        return Err(bad((
            "这是另一张工单的同意码",
            "the consent code of another order",
        )));
    }
    if code.claims.step != step {
        let zh = format!("这是“{}”步骤的同意码", code.claims.step.zh());
        let en = format!("the consent code of the step {}", code.claims.step.en());
        return Err(bad((&zh, &en)));
    }
    if known.is_some_and(|known| known.nonce != code.claims.nonce) {
        return Err(bad((
            "同意码已重发，请客户打开最新的一个",
            "a newer consent code was sent: ask the customer to open it",
        )));
    }
    if is_used(db, &code)? {
        return Err(bad((
            "这个同意码已经用过",
            "this consent code was used before",
        )));
    }
    Ok(text.trim().to_owned())
}

fn is_used(db: &Connection, code: &SignedConsent) -> Result<bool, CoreError> {
    let found: Option<i64> = db
        .prepare_cached("SELECT step FROM consent_uses WHERE nonce = ?1")?
        .query_row([code.claims.nonce], |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}

/// Marks the code of a step as used, in the transaction that queues the step.
pub fn note_use(
    db: &Connection,
    order: &OrderRecord,
    step: ConsentStep,
    given: &ConsentGiven,
) -> Result<(), CoreError> {
    let nonce = match consent::parse(&given.text) {
        Ok(code) => Some(code.claims.nonce),
        Err(_) => newest(order, step).map(|known| known.nonce),
    };
    if let Some(nonce) = nonce {
        db.prepare_cached(
            "INSERT INTO consent_uses (nonce, order_id, step) VALUES (?1, ?2, ?3)
             ON CONFLICT DO NOTHING",
        )?
        .execute((nonce, order.id.0.as_bytes(), step as i64))?;
    }
    Ok(())
}

fn wrong(db: &Connection, order_id: WorkOrderId, known: &ConsentCheck) -> Result<u32, CoreError> {
    let found: Option<u32> = db
        .prepare_cached(
            "SELECT wrong FROM consent_tries WHERE order_id = ?1 AND step = ?2 AND nonce = ?3",
        )?
        .query_row(
            (order_id.0.as_bytes(), known.step as i64, known.nonce),
            |row| row.get(0),
        )
        .optional()?;
    Ok(found.unwrap_or(0))
}

/// Counts wrong digits; the refused step itself left nothing behind.
pub fn note_wrong(
    db: &Connection,
    order: &OrderRecord,
    step: ConsentStep,
) -> Result<(), CoreError> {
    let Some(known) = newest(order, step) else {
        return Ok(());
    };
    db.prepare_cached(
        "INSERT INTO consent_tries (order_id, step, nonce, wrong) VALUES (?1, ?2, ?3, 1)
         ON CONFLICT (order_id, step, nonce) DO UPDATE SET wrong = wrong + 1",
    )?
    .execute((order.id.0.as_bytes(), step as i64, known.nonce))?;
    Ok(())
}

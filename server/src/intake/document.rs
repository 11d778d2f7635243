//! Records that are documents: low-voltage business, hotline orders, manual requests. Each runs in
//! its own savepoint, so that one bad record undoes nothing of the others.

use super::decide::Category;
use super::order::{Request, Taken, take_in};
use super::record::{self, Incoming, Received, Standing};
use crate::args;
use crate::customers::find;
use crate::customers::row::CustomerRow;
use crate::feed::Change;
use crate::intake::imports::inputs::Problem;
use crate::intake::imports::mapping::Fields;
use crate::intake::imports::values;
use crate::mint::Mint;
use crate::orders::By;
use crate::store::{Engine, StoreError, Tx, savepoint};
use dianma_schema::fault;
use dianma_schema::id::IntakeRecordId;
use dianma_schema::intake::{RecordKind, RecordOutcome, RecordState};
use dianma_schema::order::{IntakeSource, OrderKind};

/// Longest content, characters.
pub const MAX_CONTENT: usize = 2_000;

/// Takes documents in; the caller publishes the changes at the end of his transaction.
pub fn receive(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    batch: &[Incoming],
) -> Result<(Vec<Received>, Vec<Change>), StoreError> {
    let mut answers = Vec::with_capacity(batch.len());
    let mut changes = Vec::new();
    for incoming in batch {
        answers.push(receive_one(tx, mint, by, incoming, &mut changes)?);
    }
    Ok((answers, changes))
}

fn receive_one(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    incoming: &Incoming,
    changes: &mut Vec<Change>,
) -> Result<Received, StoreError> {
    let key = incoming.key();
    lock_key(tx, incoming, &key)?;
    let Some(id) = record::insert(tx, mint, incoming, &key)? else {
        let known = record::find(tx, incoming, &key)?;
        let order = known.as_ref().and_then(|known| known.order.clone());
        return Ok(Received {
            source_key: key,
            outcome: RecordOutcome::Unchanged,
            order_id: order.as_ref().map(|(id, _)| *id),
            order_number: order.map(|(_, number)| number),
            code: known.and_then(|known| known.code),
            message: None,
        });
    };
    if record::has_other_content(tx, incoming, &key)? {
        let problem = Problem::new(fault::V_CONTENT_CHANGED, "同一编号此前来过，内容不同");
        return fail(tx, mint.now_ms(), id, key, &problem);
    }
    let person = Person::default();
    apply(tx, mint, by, id, incoming, key, &person, changes)
}

/// Two nodes that get one key at once take it in one after the other.
fn lock_key(tx: &mut dyn Tx, incoming: &Incoming, key: &str) -> Result<(), StoreError> {
    if tx.engine() == Engine::Sqlite {
        return Ok(());
    }
    let name = format!("{}/{}/{key}", incoming.source, incoming.kind);
    tx.query(
        "SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(CAST(?1 AS TEXT), 0))",
        args![name],
        &mut |_| Ok(()),
    )
}

/// What a person adds who decides about an exception.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The right account.
    pub account_number: Option<String>,
    /// The kind of order.
    pub kind: Option<OrderKind>,
}

/// Runs a stored record and settles it.
#[expect(
    clippy::too_many_arguments,
    reason = "the record, its key and what a person adds belong to one step"
)]
pub fn apply(
    tx: &mut dyn Tx,
    mint: &mut Mint,
    by: &By,
    id: IntakeRecordId,
    incoming: &Incoming,
    key: String,
    person: &Person,
    changes: &mut Vec<Change>,
) -> Result<Received, StoreError> {
    let outcome: Result<Taken, Stop> = savepoint(tx, |tx| {
        let request = request(tx, incoming, &key, person)??;
        Ok(take_in(tx, mint, by, &request)??)
    });
    match outcome {
        Ok(mut taken) => {
            changes.append(&mut taken.changes);
            let standing = Standing {
                state: RecordState::Used,
                problem: None,
                message: taken.message.as_deref(),
                order_id: taken.order.as_ref().map(|(id, _)| *id),
                handled_by: Some(&by.id),
            };
            record::settle(tx, mint.now_ms(), id, &standing)?;
            Ok(Received {
                source_key: key,
                outcome: taken.outcome,
                order_id: standing.order_id,
                order_number: taken.order.map(|(_, number)| number),
                code: None,
                message: taken.message,
            })
        }
        Err(Stop::Problem(problem)) => fail(tx, mint.now_ms(), id, key, &problem),
        Err(Stop::Store(error)) => Err(error),
    }
}

/// Ends a savepoint: for a person, or for the whole transaction.
enum Stop {
    Problem(Problem),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

fn fail(
    tx: &mut dyn Tx,
    now_ms: i64,
    id: IntakeRecordId,
    key: String,
    problem: &Problem,
) -> Result<Received, StoreError> {
    let standing = Standing {
        state: RecordState::Exception,
        problem: Some(problem),
        message: None,
        order_id: None,
        handled_by: None,
    };
    record::settle(tx, now_ms, id, &standing)?;
    Ok(Received {
        source_key: key,
        outcome: RecordOutcome::Exception,
        order_id: None,
        order_number: None,
        code: Some(problem.code),
        message: Some(problem.detail.clone()),
    })
}

/// The request of a document.
fn request(
    tx: &mut dyn Tx,
    incoming: &Incoming,
    key: &str,
    person: &Person,
) -> Result<Result<Request, Problem>, StoreError> {
    let fields = match &incoming.fields {
        Ok(fields) => fields,
        Err(problem) => return Ok(Err(problem.clone())),
    };
    let mut request = match read(incoming, fields, key) {
        Ok(request) => request,
        Err(problem) => return Ok(Err(problem)),
    };
    request.kind = person.kind;
    match customer(tx, incoming.kind, fields, &request, person)? {
        Ok(customer) => request.customer = customer,
        Err(problem) => return Ok(Err(problem)),
    }
    Ok(Ok(request))
}

/// The customer a document is about. A number that is given must be right; a caller without a
/// number is found by his telephone, or the place of the fault has to do.
fn customer(
    tx: &mut dyn Tx,
    kind: RecordKind,
    fields: &Fields,
    request: &Request,
    person: &Person,
) -> Result<Result<Option<CustomerRow>, Problem>, StoreError> {
    let given = person.account_number.as_deref();
    if let Some(account) = given.or(fields.get("account_number")) {
        let found = find::check_account(tx, account)?;
        // A new supply has its account number before the archive knows it.
        let is_new = fields
            .get("work")
            .is_some_and(|work| work.starts_with(OrderKind::NewConnection.as_str()));
        if found.is_err() && given.is_none() && is_new {
            return Ok(Ok(None));
        }
        return Ok(found
            .map(Some)
            .map_err(|not_ours| Problem::new(not_ours.code, not_ours.detail)));
    }
    let phones = [
        request.contact_phone.clone(),
        values::phone(fields.get("calling_number")),
    ];
    for phone in phones.iter().flatten() {
        if let Some(customer) = find::by_phone(tx, phone)? {
            return Ok(Ok(Some(customer)));
        }
    }
    let has_place = request.address.is_some()
        || request.station_code.is_some()
        || request.area_code.is_some()
        || request.place.is_some();
    Ok(
        if has_place || kind == RecordKind::Business || person.kind.is_some() {
            Ok(None)
        } else {
            Err(Problem::new(
                fault::V_UNKNOWN_CUSTOMER,
                "没有户号，电话也对不上客户，请人工确认",
            ))
        },
    )
}

/// What the fields of a document say, without the archive.
fn read(incoming: &Incoming, fields: &Fields, key: &str) -> Result<Request, Problem> {
    let by_kind = match incoming.kind {
        RecordKind::Business => IntakeSource::Mis,
        _ => IntakeSource::Hotline95598,
    };
    let content = values::optional(fields, "content", MAX_CONTENT)?;
    // Business rows may say everything in their type.
    let content = match (content, incoming.kind) {
        (Some(content), _) => content,
        (None, RecordKind::Business) => business_type(incoming),
        (None, _) => return Err(Problem::new(fault::V_FIELD, "受理内容为空")),
    };
    Ok(Request {
        source: values::word(fields, "source")?.unwrap_or(by_kind),
        source_key: Some(key.to_owned()),
        customer: None,
        caller_name: values::optional(fields, "caller_name", 100)?,
        contact_phone: values::phone(fields.get("contact_phone")),
        address: values::optional(fields, "address", 200)?,
        content,
        kind: None,
        work: fields.get("work").map(str::to_owned),
        category: fields.get("category").and_then(Category::parse),
        urgency: values::word(fields, "urgency")?,
        area_class: values::word(fields, "area_class")?,
        area_code: values::optional(fields, "area_code", 40)?,
        station_code: values::optional(fields, "station_code", 40)?,
        taken_in_at_ms: values::time(fields, "taken_in_at")?,
        appointment_at_ms: values::time(fields, "appointment_at")?,
        similar_order: values::optional(fields, "similar_order", 40)?,
        place: values::place(fields)?,
    })
}

/// The type of a business row in the source's own words.
fn business_type(incoming: &Incoming) -> String {
    let raw: serde_json::Value = serde_json::from_str(&incoming.raw).unwrap_or_default();
    ["业务类型", "BUSI_TYPE", "BUSI_TYPE_CODE"]
        .iter()
        .find_map(|name| raw.get(name)?.as_str())
        .unwrap_or("低压业务")
        .to_owned()
}

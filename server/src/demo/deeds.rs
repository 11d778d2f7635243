//! Does what the plan says, through the same functions as the console and the phones: drafts, dispatch,
//! the sync batch with real commands, review. Nothing here writes an order's row itself.

use super::crew::Crew;
use super::evidence::{self, Pool};
use super::phone;
use super::plan::{Deed, Job, Plan, Step};
use super::random::Random;
use super::record::{self, OnSite};
use crate::args;
use crate::dispatch::assign::{DispatchBody, assign};
use crate::dispatch::cancel;
use crate::dispatch::rank::Mode;
use crate::dispatch::reassign::{ReassignBody, hand_over};
use crate::error::ApiError;
use crate::feed::{self, Change};
use crate::keys::{Keyring, sign};
use crate::labels::archive;
use crate::orders::act::Office;
use crate::orders::change::create;
use crate::orders::draft::{self, Request};
use crate::orders::{OrderRow, row};
use crate::review::call_back::CallBackBody;
use crate::review::{approve, call_back, reject};
use crate::store::Tx;
use dianma_schema::cost::{self, CostInput};
use dianma_schema::fault;
use dianma_schema::id::{CustomerId, LabelId};
use dianma_schema::label::LabelVerdict;
use dianma_schema::order::evidence::required;
use dianma_schema::order::{OrderState, Satisfaction};
use dianma_schema::permission::Role;
use dianma_schema::time::{DAY_MS, MINUTE_MS};
use dianma_schema::wire::command::{
    Body, Checked, Closing, CostLine, CostLines, EvidenceItem, FieldValue, HazardsAcknowledged,
    Scan,
};
use serde_json::json;
use std::sync::Arc;

/// Everything the plan is about.
#[derive(Debug)]
pub(super) struct World {
    pub(super) plan: Plan,
    pub(super) crew: Crew,
    pub(super) customers: Vec<CustomerId>,
    pub(super) pool: Pool,
    /// What the labels on the walls were signed with.
    pub(super) keys: Arc<Keyring>,
}

/// Does one step; steps that the order's real state no longer allows are left out.
pub(super) fn perform(tx: &mut dyn Tx, world: &World, step: Step) -> Result<(), ApiError> {
    let Some(job) = world.plan.jobs.get(step.job) else {
        return Ok(());
    };
    if step.deed == Deed::TakeIn {
        return take_in(tx, world, job);
    }
    let Some(mut order) = row::load_for_update(tx, job.id)? else {
        return Ok(());
    };
    let now_ms = step.at_ms + step.late_ms;
    let office = |role| Office {
        now_ms,
        by: world.crew.office(role),
        version: None,
    };
    let changes = match step.deed {
        Deed::TakeIn => Vec::new(),
        Deed::Dispatch { is_by_hand } => {
            if order.state != OrderState::Draft {
                return Ok(());
            }
            give(
                tx,
                &office(Role::Dispatcher),
                &mut order,
                world,
                job,
                is_by_hand,
            )?
        }
        Deed::Reassign => pass_on(tx, &office(Role::Dispatcher), &mut order, world, job)?,
        Deed::Cancel => {
            if order.state.is_final() {
                return Ok(());
            }
            cancel::void(
                tx,
                &office(Role::Dispatcher),
                &mut order,
                "客户来电取消（生成数据）",
            )?
        }
        Deed::SendBack => {
            let why = "照片不清晰，请补拍并重新提交（生成数据）";
            reject::send_back(tx, &office(Role::Reviewer), &mut order, why)?
        }
        Deed::Approve => approve::pass(tx, &office(Role::Reviewer), &mut order)?,
        Deed::CallBack { verdict } => {
            let body = CallBackBody {
                version: order.version,
                is_reached: verdict.is_some(),
                satisfaction: verdict,
                note: None,
            };
            call_back::record(tx, &office(Role::Agent), &mut order, &body)?
        }
        Deed::SetOut | Deed::Begin { .. } | Deed::HandIn { .. } | Deed::HandInAgain { .. } => {
            return on_phone(tx, world, job, step, &order);
        }
    };
    Ok(feed::publish(tx, now_ms, changes)?)
}

fn take_in(tx: &mut dyn Tx, world: &World, job: &Job) -> Result<(), ApiError> {
    let at_ms = job.taken_in_at_ms;
    let by = world.crew.office(Role::Agent);
    let mut request = Request::new(
        job.id,
        job.kind,
        job.source,
        job.wish.content.to_owned(),
        at_ms,
    );
    job.wish.subtype.clone_into(&mut request.subtype);
    request.urgency = job.wish.urgency;
    request.customer_id = world.customers.get(job.customer).copied();
    request.created_by.clone_from(&by.id);
    let mut order = draft::build(tx, request)?;
    create(tx, at_ms, &mut order, &by, &json!({ "generated": true }))?;
    Ok(())
}

fn give(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
    world: &World,
    job: &Job,
    is_by_hand: bool,
) -> Result<Vec<Change>, ApiError> {
    let named = world.crew.electrician(job.electrician).staff_id;
    let mut body = DispatchBody {
        version: order.version,
        staff_id: is_by_hand.then_some(named),
        mode: Mode::Jurisdiction,
        note: None,
    };
    match assign(tx, office, order, &body) {
        // Nobody is free by the rules: the dispatcher names somebody.
        Err(error) if error.code == fault::S_PERSON && !is_by_hand => {
            body.staff_id = Some(named);
            assign(tx, office, order, &body)
        }
        outcome => outcome,
    }
}

fn pass_on(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
    world: &World,
    job: &Job,
) -> Result<Vec<Change>, ApiError> {
    let colleague = world.crew.colleague(job.electrician);
    if order.assignee_id == Some(colleague) {
        return Ok(Vec::new());
    }
    let body = ReassignBody {
        version: order.version,
        staff_id: colleague,
        reason: "原接单人员在处理其他工单（生成数据）".to_owned(),
    };
    hand_over(tx, office, order, &body)
}

/// What the electrician's phone sends.
fn on_phone(
    tx: &mut dyn Tx,
    world: &World,
    job: &Job,
    step: Step,
    order: &OrderRow,
) -> Result<(), ApiError> {
    let Some(electrician) = order.assignee_id.and_then(|id| world.crew.by_id(id)) else {
        return Ok(());
    };
    let at_ms = step.at_ms;
    let code = code_of(tx, world, order)?;
    let bodies = match step.deed {
        Deed::SetOut => vec![(at_ms, Body::Accept), (at_ms + MINUTE_MS, Body::Depart)],
        Deed::Begin { is_typed } => {
            let typed = order.account_number.clone().filter(|_| is_typed);
            let scan = typed.map_or_else(
                || scan(&code, job.seed),
                |text| Scan {
                    text,
                    typed: true,
                    ..Scan::default()
                },
            );
            vec![
                (at_ms, Body::Arrive(scan)),
                (at_ms + 1_000, Body::Begin(acknowledged(order))),
            ]
        }
        Deed::HandIn { is_paid, verdict } => {
            let mut bodies = written_down(world, job, order, at_ms);
            bodies.extend(is_paid.then(|| costs(job.seed, at_ms)).flatten());
            bodies.push(Body::Finish(closing(&code, job.seed, verdict)));
            bodies.push(Body::Submit);
            bodies.into_iter().map(|body| (at_ms, body)).collect()
        }
        Deed::HandInAgain { verdict } => {
            let again = [
                Body::Redo,
                Body::Finish(closing(&code, job.seed, verdict)),
                Body::Submit,
            ];
            again.into_iter().map(|body| (at_ms, body)).collect()
        }
        _ => Vec::new(),
    };
    Ok(phone::push(
        tx,
        at_ms + step.late_ms + 2 * MINUTE_MS,
        electrician,
        job.id,
        &bodies,
    )?)
}

/// The text of the customer's own code, printed in the week before the order came in.
fn code_of(tx: &mut dyn Tx, world: &World, order: &OrderRow) -> Result<String, ApiError> {
    let Some(customer) = order.customer_id else {
        return Ok(String::new());
    };
    let id = tx.first(
        "SELECT id FROM labels WHERE customer_id = ?1 AND kind = 'customer' AND state = 'valid' LIMIT 1",
        args![customer.to_string()],
        |row| row.parse::<LabelId>(0),
    )?;
    let label = match id {
        Some(id) => archive::source(tx, id)?,
        None => None,
    };
    let printed_ms = order.taken_in_at_ms - 7 * DAY_MS;
    label.map_or_else(
        || Ok(String::new()),
        |label| sign::text(tx, &world.keys, printed_ms, &label).map(|signed| signed.text),
    )
}

/// Letters the decoder gives labels that hang outdoors for years, and how often, per mille.
const GRADES: [(&str, i64); 5] = [("A", 420), ("B", 300), ("C", 180), ("D", 70), ("F", 30)];

fn scan(text: &str, seed: u64) -> Scan {
    Scan {
        text: text.to_owned(),
        typed: false,
        checked: Some(Checked {
            verdict: LabelVerdict::Valid,
            as_of_ms: None,
            is_legacy: false,
            grade: Some(Random::of(seed, 12).weighted(&GRADES).to_owned()),
        }),
        ..Scan::default()
    }
}

/// All hazards of the card that fits.
fn acknowledged(order: &OrderRow) -> HazardsAcknowledged {
    let facts = [("subtype".to_owned(), order.subtype.clone())].into();
    dianma_schema::card::find(order.kind, &facts).map_or_else(
        || HazardsAcknowledged {
            card_id: order.kind.as_str().to_owned(),
            card_version: 1,
            hazards: vec![0],
        },
        |found| HazardsAcknowledged {
            card_id: found.card.id.clone(),
            card_version: found.card.version,
            hazards: (0..u16::try_from(found.card.hazards.len()).unwrap_or(1)).collect(),
        },
    )
}

fn closing(code: &str, seed: u64, verdict: Satisfaction) -> Closing {
    Closing {
        scan: Some(scan(code, seed)),
        signature_sha256: None,
        satisfaction: verdict.as_str().to_owned(),
        remark: None,
        consent: None,
    }
}

/// Record and evidence.
fn written_down(world: &World, job: &Job, order: &OrderRow, at_ms: i64) -> Vec<Body> {
    let mut random = Random::new(job.seed);
    let times = OnSite {
        taken_in_at_ms: order.taken_in_at_ms,
        arrived_at_ms: order.arrived_at_ms.unwrap_or(order.taken_in_at_ms),
        done_at_ms: at_ms - MINUTE_MS,
    };
    let values = record::generate(&mut random, order.kind, times);
    let fields = values
        .into_iter()
        .map(|(name, value)| FieldValue { name, value })
        .collect();
    let mut bodies = vec![Body::Record(fields)];
    let mut number = random.index(world.pool.len());
    for demand in required(order.kind) {
        for _ in 0..demand.min_count {
            number += 1;
            let file = world.pool.file(number);
            bodies.push(Body::Evidence(EvidenceItem {
                sha256: file.sha256.to_vec().into(),
                slot: demand.slot.clone(),
                kind: demand.kind.as_str().to_owned(),
                mime: evidence::MIME.to_owned(),
                size: file.bytes.len() as u64,
                imported: false,
            }));
        }
    }
    bodies
}

/// A small job the customer pays for.
fn costs(seed: u64, at_ms: i64) -> Option<Body> {
    let mut random = Random::of(seed, 9);
    let lines = [
        ("labour-replace-socket", random.between(1, 2) * 1_000),
        ("wire-bv-4", random.between(2, 9) * 1_000),
    ];
    let lines: Vec<CostInput> = lines
        .into_iter()
        .map(|(code, quantity_milli)| CostInput {
            code: code.to_owned(),
            quantity_milli,
        })
        .collect();
    let sheet = cost::price(&lines, at_ms).ok()?;
    Some(Body::Cost(CostLines {
        price_list_version: sheet.price_list_version,
        lines: lines
            .into_iter()
            .map(|line| CostLine {
                code: line.code,
                quantity_milli: line.quantity_milli,
            })
            .collect(),
        total_fen: sheet.total_fen,
    }))
}

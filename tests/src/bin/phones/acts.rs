//! Doing one act on the phone, as a person would: through the core's public methods only. What is
//! scanned on site is the code of the customer's own record.

use crate::picture;
use crate::plan::{Act, Chance, appointment_ms};
use crate::stickers::Stickers;
use dianma_core::store::customers;
use dianma_core::work::{
    ClosingInput, EvidenceInput, KeyFacts, OrderDetail, Orders, ScanInput, SuspensionInput,
};
use dianma_core::{CoreError, Phone};
use dianma_schema::cost::CostInput;
use dianma_schema::geo::Place;
use dianma_schema::label::LabelKind;
use dianma_schema::order::record::check;
use dianma_schema::order::record_form::FieldKind;
use dianma_schema::order::{EvidenceKind, RecordValues};
use dianma_schema::wire::record::CustomerRecord;
use dianma_tests::fill;
use std::path::Path;

/// Everything an act may look at.
pub struct Site<'a> {
    /// The phone.
    pub phone: &'a Phone,
    /// What hangs on walls and is printed on cards.
    pub stickers: &'a Stickers,
    /// The order as the phone shows it.
    pub order: &'a OrderDetail,
    /// Decisions of this person.
    pub chance: &'a Chance,
    /// Phone time, epoch ms.
    pub now_ms: i64,
    /// How much faster than people, for appointments.
    pub pace: u32,
    /// Folder for captured files before the store takes them.
    pub camera: &'a Path,
}

/// A shorter word for what every act returns.
type Done = Result<(), CoreError>;

impl Site<'_> {
    /// Does it.
    pub fn perform(&self, act: Act) -> Done {
        let (orders, id) = (self.phone.orders(), self.id());
        let place = self.order.place;
        match act {
            Act::Accept => orders.accept(&id, None).map(drop),
            Act::AskReassignment => {
                let reason = "手上工单较多，请改派（模拟）";
                orders.request_reassignment(&id, reason, None).map(drop)
            }
            Act::Depart => orders.depart(&id, None).map(drop),
            Act::Arrive => orders.arrive(&id, self.place_scan()?, place).map(drop),
            Act::Suspend => self.suspend(&orders),
            Act::Resume => orders.resume(&id, None).map(drop),
            Act::Begin => self.begin(&orders),
            Act::Record => self.record(&orders),
            Act::Evidence(at) => self.evidence(&orders, at),
            Act::Cost => self.cost(&orders),
            Act::Finish => self.finish(&orders),
            Act::Submit => orders.submit(&id, place).map(drop),
            Act::Redo => orders.redo(&id, place).map(drop),
            Act::Supplement => self.supplement(&orders),
        }
    }

    fn id(&self) -> String {
        self.order.summary.id.to_string()
    }

    fn number(&self) -> &str {
        &self.order.summary.order_number
    }

    fn place(&self) -> Option<Place> {
        self.order.place
    }

    fn draw(&self, bound: u64, question: &str) -> u64 {
        self.chance.below(bound, self.number(), question)
    }

    fn customer(&self) -> Result<Option<CustomerRecord>, CoreError> {
        match &self.order.summary.account_number {
            Some(number) => self.phone.inspect(|db| customers::find_account(db, number)),
            None => Ok(None),
        }
    }

    /// The code on the customer's card or, one time in four, on the meter; a typed number where
    /// there is no code.
    fn place_scan(&self) -> Result<ScanInput, CoreError> {
        let customer = self.customer()?;
        let meter = customer
            .as_ref()
            .and_then(|customer| customer.meters.first());
        let on_meter = meter
            .and_then(|meter| meter.label_id)
            .filter(|_| self.draw(4, "scans_meter") == 0)
            .map(|id| (LabelKind::Meter, id));
        let on_card = customer
            .as_ref()
            .and_then(|customer| customer.label_id)
            .map(|id| (LabelKind::Customer, id));
        if let Some((kind, id)) = on_meter.or(on_card) {
            return Ok(ScanInput {
                text: self.stickers.text(kind, id),
                is_typed: false,
                ..ScanInput::default()
            });
        }
        let order = self.order;
        let typed = order
            .meter_number
            .clone()
            .or_else(|| order.pole_number.clone())
            .or_else(|| order.summary.account_number.clone());
        Ok(ScanInput {
            text: typed.unwrap_or_else(|| self.number().to_owned()),
            is_typed: true,
            ..ScanInput::default()
        })
    }

    fn suspend(&self, orders: &Orders) -> Done {
        let suspension = SuspensionInput {
            reason: "客户不在家，电话改约（模拟）".to_owned(),
            appointment_at_ms: appointment_ms(self.now_ms, self.pace),
        };
        orders
            .suspend(&self.id(), suspension, self.place())
            .map(drop)
    }

    /// Reads the card and acknowledges every hazard on it.
    fn begin(&self, orders: &Orders) -> Done {
        let id = self.id();
        let card = self.phone.costing().card_of_order(&id, &KeyFacts::new())?;
        let count = card.matched.card.hazards.len();
        let hazards: Vec<u16> = (0..count).filter_map(|n| u16::try_from(n).ok()).collect();
        orders
            .begin(&id, Some(&card.matched.card.id), &hazards, self.place())
            .map(drop)
    }

    fn record(&self, orders: &Orders) -> Done {
        let kind = self.order.summary.kind;
        let mut values = fill::record(kind, self.now_ms);
        for field in &self.order.form.fields {
            let FieldKind::Choice = field.kind else {
                continue;
            };
            let bound = field.choices.len() as u64;
            let at = usize::try_from(self.draw(bound, &field.name)).unwrap_or(0);
            if let Some(choice) = field.choices.get(at) {
                try_value(&mut values, &field.name, &choice.value, |v| {
                    check(kind, v).is_empty()
                });
            }
        }
        let values: Vec<(String, String)> = values.into_iter().collect();
        orders.record(&self.id(), &values, self.place()).map(drop)
    }

    fn evidence(&self, orders: &Orders, at: usize) -> Done {
        let Some(demand) = self.order.evidence_demands.get(at) else {
            return Ok(());
        };
        let kind = demand.kind.parse().unwrap_or(EvidenceKind::Photo);
        let question = format!("{}-{}", demand.slot, demand.count);
        self.capture(orders, kind, &demand.slot, &question)
    }

    /// Takes a picture or a recording; the store copies it, the captured file goes.
    fn capture(&self, orders: &Orders, kind: EvidenceKind, slot: &str, question: &str) -> Done {
        let seed = self.draw(u64::MAX, question);
        let bytes = match kind {
            EvidenceKind::Photo => picture::scene(seed),
            EvidenceKind::Signature => picture::signature(seed),
            EvidenceKind::Audio | EvidenceKind::Video => fill::media(kind, 30_000, seed),
        };
        let path = self.camera.join(format!("{}-{question}", self.number()));
        std::fs::write(&path, bytes)?;
        let input = EvidenceInput {
            path: path.clone(),
            slot: slot.to_owned(),
            kind: Some(kind),
            is_imported: false,
        };
        let saved = orders.add_evidence(&self.id(), &input, self.place());
        std::fs::remove_file(&path)?;
        saved.map(drop)
    }

    /// The materials of the card that have a price, and nothing when there are none.
    fn cost(&self, orders: &Orders) -> Done {
        let card = self
            .phone
            .costing()
            .card_of_order(&self.id(), &KeyFacts::new())?;
        let priced = card
            .material_lines
            .iter()
            .filter(|line| line.unit_price_fen.is_some());
        let lines: Vec<CostInput> = priced
            .take(3)
            .map(|line| CostInput {
                code: line.code.clone(),
                quantity_milli: line.quantity_milli,
            })
            .collect();
        orders.set_cost(&self.id(), &lines, self.place()).map(drop)
    }

    /// The customer's card again; without one, or one time in five, a signature on glass.
    fn finish(&self, orders: &Orders) -> Done {
        let label = self.customer()?.and_then(|customer| customer.label_id);
        let scan = label
            .filter(|_| self.draw(5, "signs") > 0)
            .map(|id| ScanInput {
                text: self.stickers.text(LabelKind::Customer, id),
                is_typed: false,
                ..ScanInput::default()
            });
        let signature_sha256 = match scan {
            Some(_) => None,
            None => Some(self.signature(orders)?),
        };
        let satisfaction = match self.draw(100, "satisfaction") {
            0..55 => "very_satisfied",
            55..85 => "satisfied",
            85..92 => "fair",
            92..95 => "dissatisfied",
            _ => "refused",
        };
        let closing = ClosingInput {
            scan,
            signature_sha256,
            satisfaction: satisfaction.to_owned(),
            remark: None,
            consent: None,
        };
        orders.finish(&self.id(), closing, self.place()).map(drop)
    }

    fn signature(&self, orders: &Orders) -> Result<String, CoreError> {
        let known = |order: &OrderDetail| {
            let kind = EvidenceKind::Signature.as_str();
            let found = order.evidence.iter().find(|item| item.kind == kind);
            found.map(|item| item.sha256.clone())
        };
        if let Some(sha256) = known(self.order) {
            return Ok(sha256);
        }
        self.capture(
            orders,
            EvidenceKind::Signature,
            "customer_signature",
            "signature",
        )?;
        Ok(known(&orders.show(&self.id())?).unwrap_or_default())
    }

    fn supplement(&self, orders: &Orders) -> Done {
        let question = format!("supplement-{}", self.order.summary.version);
        self.capture(orders, EvidenceKind::Photo, "extra", &question)?;
        let words = "已按驳回意见补拍并核对（模拟）";
        orders.note(&self.id(), words, self.place()).map(drop)
    }
}

/// Puts a value when the record stays complete with it.
fn try_value(
    values: &mut RecordValues,
    name: &str,
    value: &str,
    is_good: impl Fn(&RecordValues) -> bool,
) {
    let before = values.insert(name.to_owned(), value.to_owned());
    if is_good(values) {
        return;
    }
    match before {
        Some(before) => values.insert(name.to_owned(), before),
        None => values.remove(name),
    };
}

//! The summary of an order, as every list shows it: its SQL, its row, what of it is masked, and what
//! the reader may do. Filters and paging are in `list.rs`.

use super::commands::{self, Standing};
use super::warning::Times;
use crate::auth::Actor;
use crate::store::{Row, StoreError};
use dianma_schema::id::{AreaId, StaffId, StationId, WorkOrderId};
use dianma_schema::masking::{mask_address, mask_name};
use dianma_schema::order::sla_sentence;
use dianma_schema::order::{Command, IntakeSource, OrderKind, OrderState, Satisfaction, Urgency};
use dianma_schema::permission::{Permission, Role};
use serde::Serialize;
use utoipa::ToSchema;

/// Who reads, and when: decides masking, commands and warning levels.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    /// Role.
    pub role: Role,
    /// Epoch ms.
    pub now_ms: i64,
}

impl Viewer {
    /// The person behind a request.
    pub fn new(actor: &Actor, now_ms: i64) -> Self {
        Self {
            role: actor.role,
            now_ms,
        }
    }

    /// Sees names and addresses in full. Telephone numbers are shown by `unmask` only.
    pub fn sees_names(&self) -> bool {
        dianma_schema::permission::may(self.role, Permission::UnmaskCustomers)
    }
}

/// One order of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrderSummary {
    /// Id.
    pub id: WorkOrderId,
    /// 工单号.
    pub order_number: String,
    /// Kind.
    pub kind: OrderKind,
    /// Subtype; empty when none.
    pub subtype: String,
    /// State.
    pub state: OrderState,
    /// Urgency.
    pub urgency: Urgency,
    /// Danger to life or property.
    pub is_hazard: bool,
    /// What was asked for.
    pub content: String,
    /// 户号.
    pub account_number: Option<String>,
    /// 户名, masked without the right to see it.
    pub account_name: Option<String>,
    /// Address, masked without the right to see it.
    pub address: Option<String>,
    /// Transformer area.
    pub area_id: Option<AreaId>,
    /// Its name.
    pub area_name: Option<String>,
    /// Supply station.
    pub station_id: Option<StationId>,
    /// Its name.
    pub station_name: Option<String>,
    /// Who has it.
    pub assignee_id: Option<StaffId>,
    /// Their name.
    pub assignee_name: Option<String>,
    /// Taken in, epoch ms.
    pub taken_in_at_ms: i64,
    /// Be on site by.
    pub arrive_due_at_ms: Option<i64>,
    /// Be done by.
    pub due_at_ms: Option<i64>,
    /// The promise behind the earlier deadline.
    pub promise: Option<String>,
    /// The same in English; the Chinese one when its rule is no longer shipped.
    pub promise_en: Option<String>,
    /// 0 calm to 4 past due.
    #[schema(minimum = 0, maximum = 4)]
    pub warn_level: u8,
    /// The door it came in by.
    pub source: IntakeSource,
    /// Handed in, epoch ms.
    pub submitted_at_ms: Option<i64>,
    /// Files the manifest names.
    pub evidence_expected: i64,
    /// Files that are here.
    pub evidence_arrived: i64,
    /// Cost, fen.
    pub total_fen: Option<i64>,
    /// What the customer said on site.
    pub satisfaction: Option<Satisfaction>,
    /// Sent back with a change, so that nobody overwrites unseen.
    pub version: i64,
    /// Commands the reader may give now.
    pub allowed: Vec<Command>,
}

/// `SELECT … FROM …` of a summary; the order is `w`. Extra columns start at [`WIDTH`].
pub const COLUMNS: &str = "w.id, w.order_number, w.kind, w.subtype, w.state, w.urgency, w.content, \
     w.account_number, w.account_name, w.address, w.area_id, a.name, w.station_id, s.name, \
     w.assignee_id, p.display_name, w.taken_in_at_ms, w.arrive_due_at_ms, w.due_at_ms, w.promise, \
     w.source, w.submitted_at_ms, w.evidence_expected, w.evidence_arrived, w.total_fen, \
     w.satisfaction, w.version, w.arrived_at_ms, w.finished_at_ms, w.approved_at_ms, \
     w.evidence_waived_reason";

/// Number of [`COLUMNS`].
pub const WIDTH: usize = 31;

/// The tables of [`COLUMNS`].
pub const TABLES: &str = "work_orders w \
     LEFT JOIN transformer_areas a ON a.id = w.area_id \
     LEFT JOIN stations s ON s.id = w.station_id \
     LEFT JOIN staff p ON p.id = w.assignee_id";

impl OrderSummary {
    /// Reads a row selected with [`COLUMNS`].
    pub fn read(row: &Row<'_>, viewer: Viewer) -> Result<Self, StoreError> {
        let state: OrderState = row.parse(4)?;
        let (evidence_expected, evidence_arrived) = (row.int(22)?, row.int(23)?);
        let times = Times {
            state,
            taken_in_at_ms: row.int(16)?,
            arrive_due_at_ms: row.opt_int(17)?,
            due_at_ms: row.opt_int(18)?,
            arrived_at_ms: row.opt_int(27)?,
            finished_at_ms: row.opt_int(28)?,
        };
        let standing = Standing {
            state,
            is_approved: row.opt_int(29)?.is_some(),
            has_all_evidence: evidence_arrived >= evidence_expected,
            is_waived: row.opt_text(30)?.is_some(),
        };
        let urgency: Urgency = row.parse(5)?;
        let promise = row.opt_text(19)?;
        Ok(Self {
            id: row.parse(0)?,
            order_number: row.text(1)?,
            kind: row.parse(2)?,
            subtype: row.text(3)?,
            state,
            urgency,
            is_hazard: urgency == Urgency::Hazard,
            content: row.text(6)?,
            account_number: row.opt_text(7)?,
            account_name: shown(row.opt_text(8)?, viewer, mask_name),
            address: shown(row.opt_text(9)?, viewer, mask_address),
            area_id: row.opt_parse(10)?,
            area_name: row.opt_text(11)?,
            station_id: row.opt_parse(12)?,
            station_name: row.opt_text(13)?,
            assignee_id: row.opt_parse(14)?,
            assignee_name: row.opt_text(15)?,
            taken_in_at_ms: times.taken_in_at_ms,
            arrive_due_at_ms: times.arrive_due_at_ms,
            due_at_ms: times.due_at_ms,
            promise_en: promise.as_deref().map(promise_en),
            promise,
            warn_level: times.level(viewer.now_ms),
            source: row.parse(20)?,
            submitted_at_ms: row.opt_int(21)?,
            evidence_expected,
            evidence_arrived,
            total_fen: row.opt_int(24)?,
            satisfaction: row.opt_parse(25)?,
            version: row.int(26)?,
            allowed: commands::allowed(standing, viewer.role),
        })
    }
}

fn promise_en(promise: &str) -> String {
    sla_sentence::english(promise).unwrap_or(promise).to_owned()
}

fn shown(text: Option<String>, viewer: Viewer, mask: fn(&str) -> String) -> Option<String> {
    if viewer.sees_names() {
        text
    } else {
        text.as_deref().map(mask)
    }
}

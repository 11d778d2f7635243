//! The one lifecycle table (工单状态表): which command leads from which states to which, who may
//! give it, and what it needs. Server, phone and console ask this table; nobody repeats it.
//!
//! A command that keeps the state (`Next::Same`) still becomes an event of the order. Facts (records,
//! evidence, scans) are not commands: they are always stored, whatever the state.

use crate::permission::Role;
use crate::text_enum;

text_enum! {
    /// States keep the field's words. 回访 is an event, not a state.
    pub enum OrderState {
        0 Draft = "draft", "待派", "Draft";
        1 Dispatched = "dispatched", "已派", "Dispatched";
        2 Accepted = "accepted", "已接", "Accepted";
        3 Arrived = "arrived", "到达", "Arrived";
        4 Working = "working", "处理中", "Working";
        5 Submitted = "submitted", "已完成", "Submitted";
        6 Rejected = "rejected", "驳回", "Rejected";
        7 Archived = "archived", "归档", "Archived";
        8 Suspended = "suspended", "挂起", "Suspended";
        9 Reassigned = "reassigned", "转派", "Reassigned";
        10 Cancelled = "cancelled", "作废", "Cancelled";
    }
}

impl OrderState {
    /// Nothing more happens to the order, except that a cancelled one can be restored.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Archived | Self::Cancelled)
    }

    /// The order is on somebody's phone and counts as his open work.
    pub const fn is_with_electrician(self) -> bool {
        matches!(
            self,
            Self::Dispatched
                | Self::Reassigned
                | Self::Accepted
                | Self::Arrived
                | Self::Working
                | Self::Rejected
                | Self::Suspended
        )
    }
}

text_enum! {
    /// Everything that can be done to an order. Numbers 0-9 office, 10-29 phone, 30-39 review.
    pub enum Command {
        0 Edit = "edit", "修改", "Edit";
        1 Dispatch = "dispatch", "派发", "Dispatch";
        2 Recall = "recall", "收回", "Recall";
        3 Reassign = "reassign", "转派", "Reassign";
        4 Cancel = "cancel", "作废", "Cancel";
        5 Restore = "restore", "恢复", "Restore";
        6 Urge = "urge", "催办", "Urge";
        10 Accept = "accept", "接单", "Accept";
        11 Depart = "depart", "出发", "Depart";
        12 Arrive = "arrive", "到达", "Arrive";
        13 Begin = "begin", "开始处理", "Begin work";
        14 Finish = "finish", "终结服务", "Finish";
        15 Submit = "submit", "提交", "Submit";
        16 Suspend = "suspend", "挂起", "Suspend";
        17 Resume = "resume", "恢复处理", "Resume";
        18 Redo = "redo", "重做", "Redo";
        19 RequestReassignment = "request_reassignment", "申请转派", "Request reassignment";
        30 Approve = "approve", "审核通过", "Approve";
        31 Reject = "reject", "驳回", "Reject";
        32 WaiveEvidence = "waive_evidence", "免凭证", "Waive evidence";
        33 Archive = "archive", "归档", "Archive";
        34 CallBack = "call_back", "回访", "Call back";
    }
}

text_enum! {
    /// What must be true or given besides the state. Each missing one has its own fault code.
    pub enum Need {
        0 Assignee = "assignee", "须由被派人员操作", "Must be the assignee";
        1 Person = "person", "须指定人员", "A person must be named";
        2 Reason = "reason", "须填写原因", "A reason must be given";
        3 NewAppointment = "new_appointment", "须填写改约时间", "A new appointment must be given";
        4 PlaceProof = "place_proof", "须扫描现场码", "The place code must be scanned";
        5 HazardsAcknowledged = "hazards_acknowledged", "须确认危险点", "Hazards must be acknowledged";
        6 ConsentProof = "consent_proof", "须客户签名确认", "The customer must sign";
        7 Satisfaction = "satisfaction", "须填写满意度", "Satisfaction must be given";
        8 RecordComplete = "record_complete", "须填完现场记录", "The field record must be complete";
        9 EvidenceManifest = "evidence_manifest", "须拍齐凭证", "Required evidence must be taken";
        10 Finished = "finished", "须先终结服务", "Service must be finished first";
        11 Approved = "approved", "须审核通过", "Must be approved";
        12 EvidenceArrived = "evidence_arrived", "凭证须到齐或免除", "Evidence must have arrived or be waived";
        13 NotFinished = "not_finished", "服务已终结", "Service is finished already";
    }
}

/// Where a command leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The state stays, the event is recorded.
    Same,
    /// The order goes to this state.
    To(OrderState),
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// The command.
    pub command: Command,
    /// States it is legal in.
    pub from: &'static [OrderState],
    /// Where it leads.
    pub next: Next,
    /// Roles that may give it. An electrician's commands also need [`Need::Assignee`].
    pub roles: &'static [Role],
    /// What else must be true or given.
    pub needs: &'static [Need],
}

use Command as C;
use OrderState as S;
use Role::{Administrator, Agent, Dispatcher, Electrician, Reviewer, System};

const OFFICE: &[Role] = &[Dispatcher, Administrator];
const FIELD: &[Role] = &[Electrician];
const REVIEW: &[Role] = &[Reviewer, Administrator];

const fn row(
    command: Command,
    from: &'static [OrderState],
    next: Next,
    roles: &'static [Role],
    needs: &'static [Need],
) -> Transition {
    Transition {
        command,
        from,
        next,
        roles,
        needs,
    }
}

/// The table. A command has exactly one row.
#[rustfmt::skip]
pub const TABLE: &[Transition] = &[
    row(C::Edit, &[S::Draft, S::Dispatched, S::Accepted], Next::Same, &[Agent, Dispatcher, Administrator], &[]),
    row(C::Dispatch, &[S::Draft], Next::To(S::Dispatched), &[Dispatcher, Administrator, System], &[Need::Person]),
    row(C::Recall, &[S::Dispatched, S::Reassigned], Next::To(S::Draft), OFFICE, &[]),
    row(C::Reassign, &[S::Dispatched, S::Reassigned, S::Accepted, S::Arrived, S::Working, S::Suspended, S::Rejected],
        Next::To(S::Reassigned), OFFICE, &[Need::Person, Need::Reason]),
    row(C::Cancel, &[S::Draft, S::Dispatched, S::Reassigned, S::Accepted, S::Arrived, S::Working, S::Suspended, S::Rejected],
        Next::To(S::Cancelled), OFFICE, &[Need::Reason]),
    row(C::Restore, &[S::Cancelled], Next::To(S::Draft), OFFICE, &[]),
    row(C::Urge, &[S::Draft, S::Dispatched, S::Reassigned, S::Accepted, S::Arrived, S::Working, S::Suspended, S::Rejected],
        Next::Same, &[Agent, Dispatcher, Administrator, System], &[]),
    row(C::Accept, &[S::Dispatched, S::Reassigned], Next::To(S::Accepted), FIELD, &[Need::Assignee]),
    row(C::Depart, &[S::Accepted], Next::Same, FIELD, &[Need::Assignee]),
    row(C::Arrive, &[S::Accepted], Next::To(S::Arrived), FIELD, &[Need::Assignee, Need::PlaceProof]),
    row(C::Begin, &[S::Arrived], Next::To(S::Working), FIELD, &[Need::Assignee, Need::HazardsAcknowledged]),
    row(C::Finish, &[S::Working], Next::Same, FIELD,
        &[Need::Assignee, Need::NotFinished, Need::RecordComplete, Need::EvidenceManifest, Need::ConsentProof, Need::Satisfaction]),
    row(C::Submit, &[S::Working], Next::To(S::Submitted), FIELD, &[Need::Assignee, Need::Finished]),
    row(C::Suspend, &[S::Accepted, S::Arrived, S::Working], Next::To(S::Suspended), FIELD,
        &[Need::Assignee, Need::NotFinished, Need::Reason, Need::NewAppointment]),
    row(C::Resume, &[S::Suspended], Next::To(S::Accepted), FIELD, &[Need::Assignee]),
    row(C::Redo, &[S::Rejected], Next::To(S::Working), FIELD, &[Need::Assignee]),
    row(C::RequestReassignment, &[S::Dispatched, S::Reassigned, S::Accepted, S::Arrived, S::Working, S::Suspended, S::Rejected],
        Next::Same, FIELD, &[Need::Assignee, Need::Reason]),
    row(C::Approve, &[S::Submitted], Next::Same, REVIEW, &[]),
    row(C::Reject, &[S::Submitted], Next::To(S::Rejected), REVIEW, &[Need::Reason]),
    row(C::WaiveEvidence, &[S::Submitted], Next::Same, REVIEW, &[Need::Reason]),
    row(C::Archive, &[S::Submitted], Next::To(S::Archived), &[Reviewer, Administrator, System],
        &[Need::Approved, Need::EvidenceArrived]),
    row(C::CallBack, &[S::Submitted, S::Archived], Next::Same, &[Agent, Reviewer, Administrator], &[]),
];

/// The row of a command.
pub fn transition(command: Command) -> Option<&'static Transition> {
    TABLE.iter().find(|row| row.command == command)
}

/// Why a command is refused, before its needs are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The order's state does not allow the command (S-409-STATE).
    #[error("{command} is not allowed in state {state}")]
    State {
        /// What was tried.
        command: Command,
        /// Where the order is.
        state: OrderState,
    },
    /// The role may not give the command (A-403-ROLE).
    #[error("role {role} may not {command}")]
    Role {
        /// What was tried.
        command: Command,
        /// Who tried.
        role: Role,
    },
}

/// The state after `command`, when `role` may give it in `state`. Needs are checked by the caller,
/// who knows the order: see [`Transition::needs`].
pub fn apply(state: OrderState, command: Command, role: Role) -> Result<OrderState, Refusal> {
    let Some(row) = transition(command) else {
        return Err(Refusal::State { command, state });
    };
    if !row.roles.contains(&role) {
        return Err(Refusal::Role { command, role });
    }
    if !row.from.contains(&state) {
        return Err(Refusal::State { command, state });
    }
    Ok(match row.next {
        Next::Same => state,
        Next::To(next) => next,
    })
}

/// Commands that `role` may give in `state`, in the order of the table.
pub fn allowed(state: OrderState, role: Role) -> impl Iterator<Item = &'static Transition> {
    TABLE
        .iter()
        .filter(move |row| row.roles.contains(&role) && row.from.contains(&state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_command_has_exactly_one_row() {
        for command in Command::ALL {
            let rows = TABLE.iter().filter(|row| row.command == *command).count();
            assert_eq!(rows, 1, "{command}");
        }
    }

    #[test]
    fn every_state_is_reached_and_left_as_the_picture_says() {
        for state in OrderState::ALL {
            let entered =
                *state == OrderState::Draft || TABLE.iter().any(|row| row.next == Next::To(*state));
            let left = TABLE
                .iter()
                .any(|r| r.from.contains(state) && r.next != Next::Same);
            assert!(entered, "{state} cannot be reached");
            assert_eq!(left, *state != OrderState::Archived, "{state}");
        }
    }

    #[test]
    fn electrician_commands_always_need_the_assignee() {
        for row in TABLE
            .iter()
            .filter(|row| row.roles.contains(&Role::Electrician))
        {
            assert!(row.needs.contains(&Need::Assignee), "{}", row.command);
        }
    }

    #[test]
    fn refuses_archive_of_a_working_order() {
        assert_eq!(
            apply(OrderState::Working, Command::Archive, Role::Reviewer),
            Err(Refusal::State {
                command: Command::Archive,
                state: OrderState::Working
            })
        );
    }

    #[test]
    fn refuses_dispatch_by_an_electrician() {
        assert_eq!(
            apply(OrderState::Draft, Command::Dispatch, Role::Electrician),
            Err(Refusal::Role {
                command: Command::Dispatch,
                role: Role::Electrician
            })
        );
    }

    proptest! {
        /// Whatever is tried by whomever in whatever order, an archived order never changes again
        /// and a submitted one was worked on.
        #[test]
        fn random_sequences_never_reach_an_illegal_state(
            steps in prop::collection::vec((0..Command::ALL.len(), 0..Role::ALL.len()), 0..80),
        ) {
            let mut state = OrderState::Draft;
            let mut worked = false;
            for (command, role) in steps {
                let before = state;
                if let Ok(next) = apply(state, Command::ALL[command], Role::ALL[role]) {
                    state = next;
                }
                prop_assert!(before != OrderState::Archived || state == OrderState::Archived);
                worked |= state == OrderState::Working;
                if matches!(state, OrderState::Submitted | OrderState::Archived) {
                    prop_assert!(worked);
                }
            }
        }
    }
}

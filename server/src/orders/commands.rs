//! What the person at the console may do to an order now, and why not the rest. Asks the lifecycle
//! table; adds only what a look at the order itself decides (approved, evidence there).

use super::row::OrderRow;
use dianma_schema::order::lifecycle::{Need, TABLE, Transition};
use dianma_schema::order::{Command, OrderState};
use dianma_schema::permission::Role;
use serde::Serialize;
use utoipa::ToSchema;

/// What of an order decides which commands are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// State.
    pub state: OrderState,
    /// A reviewer has approved it since it was last handed in.
    pub is_approved: bool,
    /// Every file of the manifest has arrived.
    pub has_all_evidence: bool,
    /// A reviewer waived what is missing.
    pub is_waived: bool,
}

impl Standing {
    /// Of a stored order.
    pub fn of(order: &OrderRow) -> Self {
        Self {
            state: order.state,
            is_approved: order.approved_at_ms.is_some(),
            has_all_evidence: order.evidence_arrived >= order.evidence_expected,
            is_waived: order.evidence_waived_reason.is_some(),
        }
    }

    /// Nothing more of the evidence is waited for.
    pub fn is_evidence_settled(self) -> bool {
        self.has_all_evidence || self.is_waived
    }
}

/// One command as the console shows it: a button, enabled or with the reason why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CommandView {
    /// The command.
    pub command: Command,
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// Whether it can be given now.
    pub is_allowed: bool,
    /// Chinese: why it cannot.
    pub why_not: Option<String>,
    /// English: why it cannot.
    pub why_not_en: Option<String>,
    /// What has to be given with it.
    pub needs: Vec<Need>,
}

/// Commands that `role` may give now, in the order of the table.
pub fn allowed(standing: Standing, role: Role) -> Vec<Command> {
    of_role(role)
        .filter(|row| why_not(standing, row).is_none())
        .map(|row| row.command)
        .collect()
}

/// Every command `role` may ever give, each with its answer for this order.
pub fn views(standing: Standing, role: Role) -> Vec<CommandView> {
    of_role(role)
        .map(|row| {
            let (why_not, why_not_en) = why_not(standing, row).unzip();
            CommandView {
                command: row.command,
                zh: row.command.zh().to_owned(),
                en: row.command.en().to_owned(),
                is_allowed: why_not.is_none(),
                why_not,
                why_not_en,
                needs: row.needs.to_vec(),
            }
        })
        .collect()
}

fn of_role(role: Role) -> impl Iterator<Item = &'static Transition> {
    TABLE.iter().filter(move |row| row.roles.contains(&role))
}

/// The reason in Chinese and in English.
fn why_not(standing: Standing, row: &Transition) -> Option<(String, String)> {
    let told = |zh: &str, en: &str| Some((zh.to_owned(), en.to_owned()));
    if !row.from.contains(&standing.state) {
        let (state, command) = (standing.state, row.command);
        return Some((
            format!("{}状态下不能{}", state.zh(), command.zh()),
            format!("Not possible in the state \u{201c}{}\u{201d}", state.en()),
        ));
    }
    match row.command {
        Command::Approve if standing.is_approved => told("已审核通过", "Already approved"),
        Command::WaiveEvidence if standing.is_waived => told("已免除凭证", "Already waived"),
        Command::WaiveEvidence if standing.has_all_evidence => {
            told("凭证已到齐", "All evidence has arrived")
        }
        _ if row.needs.contains(&Need::Approved) && !standing.is_approved => {
            told(Need::Approved.zh(), Need::Approved.en())
        }
        _ if row.needs.contains(&Need::EvidenceArrived) && !standing.is_evidence_settled() => {
            told(Need::EvidenceArrived.zh(), Need::EvidenceArrived.en())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBMITTED: Standing = Standing {
        state: OrderState::Submitted,
        is_approved: false,
        has_all_evidence: false,
        is_waived: false,
    };

    #[test]
    fn archive_opens_when_approved_and_the_evidence_is_there_or_waived() {
        let open = |standing| allowed(standing, Role::Reviewer).contains(&Command::Archive);
        let approved = Standing {
            is_approved: true,
            ..SUBMITTED
        };
        assert!(!open(SUBMITTED) && !open(approved));
        assert!(open(Standing {
            has_all_evidence: true,
            ..approved
        }));
        assert!(open(Standing {
            is_waived: true,
            ..approved
        }));
    }

    #[test]
    fn every_closed_command_says_why_and_every_open_one_does_not() {
        for state in OrderState::ALL {
            for role in Role::ALL {
                let standing = Standing {
                    state: *state,
                    ..SUBMITTED
                };
                let open = allowed(standing, *role);
                for view in views(standing, *role) {
                    assert_eq!(view.is_allowed, open.contains(&view.command));
                    assert_eq!(view.is_allowed, view.why_not.is_none());
                    assert_eq!(view.is_allowed, view.why_not_en.is_none());
                }
            }
        }
    }

    #[test]
    fn a_manager_is_offered_nothing() {
        assert!(views(SUBMITTED, Role::Manager).is_empty());
    }
}

//! View = fold(server's record, commands it does not contain yet), by the lifecycle table. A command
//! that is illegal in the state reached is passed over: the server will refuse it and say why.

use crate::store::outbox_rows::{OutboxRow, Status};
use dianma_schema::order::OrderState;
use dianma_schema::order::lifecycle::{self, Command};
use dianma_schema::permission::Role;
use dianma_schema::wire::record::OrderRecord;

/// What the person sees of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    /// State.
    pub state: OrderState,
    /// Service was finished.
    pub is_finished: bool,
    /// Commands without an answer.
    pub pending: u32,
    /// Refused commands nobody has decided on.
    pub refused: u32,
}

/// Folds the outbox rows of the order, oldest first.
pub fn fold(record: &OrderRecord, record_version: u64, rows: &[OutboxRow]) -> Folded {
    let mut folded = Folded {
        state: record.state,
        is_finished: record.is_finished,
        pending: 0,
        refused: 0,
    };
    for row in rows {
        folded.count(row);
        if is_on_top(row, record_version)
            && let Some(command) = row.envelope.body.command()
        {
            folded.step(command);
        }
    }
    folded
}

/// Not answered yet, or accepted with a version the record does not show yet.
fn is_on_top(row: &OutboxRow, record_version: u64) -> bool {
    match row.status {
        Status::Pending => true,
        Status::Accepted => row.result_version.is_some_and(|v| v > record_version),
        Status::Rejected | Status::Quarantined => false,
    }
}

impl Folded {
    fn count(&mut self, row: &OutboxRow) {
        match row.status {
            Status::Pending => self.pending += 1,
            Status::Rejected | Status::Quarantined if row.handled.is_none() => self.refused += 1,
            _ => {}
        }
    }

    fn step(&mut self, command: Command) {
        let Ok(next) = lifecycle::apply(self.state, command, Role::Electrician) else {
            return;
        };
        self.state = next;
        match command {
            Command::Finish => self.is_finished = true,
            Command::Redo => self.is_finished = false,
            _ => {}
        }
    }
}

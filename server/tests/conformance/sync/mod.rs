//! The sync room through its use cases, on a real store: the outbox protocol row by row, what
//! transitions need, facts that are never lost, pages that add up.

mod bodies;
mod chain;
mod facts;
mod fixture;
mod keeping;
mod own;
mod protocol;
mod pulling;
mod quarantined;
mod random;
mod signing_in;
mod transitions;

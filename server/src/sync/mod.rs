//! The sync room: `POST /v1/sync` takes a phone's outbox and gives it its feed in one round trip.
//! Commands may be refused, always with a code; facts never are. The messages are in
//! `dianma_schema::wire`; the lifecycle table decides, this room only asks it.

mod batch;
mod command;
mod cost;
pub mod dictionary;
pub(crate) mod entries;
mod fact;
pub mod handler;
mod incoming;
mod need;
mod occurred;
mod own;
mod proof;
mod proven;
pub mod pull;
pub mod quarantine;
mod record;
pub mod retry;
mod stored;
mod transition;

pub use batch::{Reply, apply as push};
pub use own::Own;
pub use pull::Pulled;

//! Sync: a sans-IO engine ([`engine`]) decides, [`apply`] writes what came, [`driver`] carries the
//! engine's effects to the store and a [`transport::Transport`]. The same engine runs on a phone and
//! in a simulator.

pub mod apply;
pub mod asked;
pub mod backoff;
pub mod driver;
pub mod engine;
pub mod message;
pub mod pages;
pub mod policy;
pub mod transport;

pub use driver::SyncReport;
pub use engine::Engine;
pub use message::{Effect, Event, Notice};

//! Tests of the phone core through its public API, on real SQLite files, against a small reference
//! server that lives in the process. The real server is tested in the workspace's `tests` crate.

#![expect(
    clippy::unwrap_used,
    clippy::needless_for_each,
    clippy::assigning_clones,
    reason = "a case reads from top to bottom and fails where it stands"
)]

mod rules;
mod searching;
mod sessions;
mod storage;
mod support;
mod syncing;
mod uploads;
mod working;

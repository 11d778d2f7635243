//! Tests of the phone core through its public API, on real database files, against a small reference
//! server that lives in the process. The real server is tested in the workspace's `tests` crate.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod alerts;
mod brute;
mod capturing;
mod drafting;
mod entry;
mod finding;
mod labels;
mod pulling;
mod query_plans;
mod recording;
mod releases;
mod rules;
mod sealing;
mod searching;
mod sessions;
mod storage;
mod support;
mod syncing;
mod uploads;
mod wire_sizes;
mod working;

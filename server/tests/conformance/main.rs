//! The conformance suite: every use case on SQLite and on PostgreSQL. One file per room; each case
//! is `fn case(store: &Store)` and is listed in the file's `conformance!` row.

#![expect(
    clippy::assigning_clones,
    clippy::cloned_ref_to_slice_refs,
    clippy::unwrap_used,
    clippy::cast_possible_wrap,
    reason = "a case fails where it stands"
)]

mod customers;
mod demo;
mod dispatch;
mod enrol_codes;
mod evidence;
mod feed;
mod feed_gap;
mod harness;
mod imports;
mod intake;
mod intake_dispatch;
mod intake_second_try;
mod kpi;
mod labels;
mod orders;
mod overview;
mod query_plans;
mod random_orders;
mod releases;
mod review;
mod small_county;
mod staff;
mod staging;
mod store;
mod sync;
mod views;

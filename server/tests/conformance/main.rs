//! The conformance suite: every use case on SQLite and on PostgreSQL. One file per room; each case
//! is `fn case(store: &Store)` and is listed in the file's `conformance!` row.

mod feed;
mod harness;
mod kpi;
mod overview;
mod random_orders;
mod staff;
mod store;

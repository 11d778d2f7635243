//! The doors by which work comes in (受理): manual requests, pushed hotline orders, staging databases
//! and files. Every door ends in `record`: the raw record is kept, doubles are known by key and
//! content, archives are updated, orders are drafted, and what cannot be used waits for a person.

pub mod archive;
pub mod batch;
pub mod check;
pub mod collection;
pub mod decide;
pub mod document;
pub mod exceptions;
pub mod hotline;
pub mod imports;
pub mod lease;
pub mod order;
pub mod record;
pub mod requests;
pub mod second_try;
pub mod solve;
pub mod sources;
pub mod staging;
pub mod staging_source;
pub mod staging_tables;
pub mod unmask;
mod urging;

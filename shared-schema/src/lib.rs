//! What phone, server and console must agree on: types and pure rules.
//! No I/O, no async, no clock, no randomness of its own.

#![warn(missing_docs)]

pub mod arrears;
pub mod card;
pub mod catalogue;
pub mod cost;
pub mod customer;
pub mod enrol_code;
pub mod fault;
pub mod geo;
pub mod id;
pub mod intake;
pub mod kpi;
pub mod label;
pub mod masking;
pub mod money;
pub mod order;
pub mod permission;
pub mod quantity;
pub mod release;
pub mod retention;
pub mod surname;
pub mod template;
pub mod time;
pub mod wire;
pub mod words;

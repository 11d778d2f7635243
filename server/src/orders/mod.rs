//! Work orders: the row, the one way to change it, lists and pages for the console.

pub mod act;
pub mod card_view;
pub mod change;
pub mod commands;
pub mod counts;
pub mod draft;
pub mod edit;
pub mod frozen;
pub mod list;
pub mod page;
mod parts;
pub mod proofs;
pub mod record_view;
pub mod row;
pub mod summary;
pub mod unmask;
pub mod warning;

pub use change::{By, Step, change, create};
pub use row::OrderRow;

//! Work orders: the row, the one way to change it, lists and pages for the console.

pub mod change;
pub mod row;

pub use change::{By, Step, change, create};
pub use row::OrderRow;

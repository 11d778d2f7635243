//! Order templates at the command line: trying texts, measuring the engine, training its second
//! opinion. The engine itself is in the schema crate.

pub mod commands;
pub mod evaluate;
pub mod train;
pub mod try_lines;
